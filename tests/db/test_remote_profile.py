"""A central server is spoken to in TLS with its certificate verified, or not at all; of several hosts the first that answers serves."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cms_desktop.core.errors import ServerUnreachable
from cms_desktop.db.local_server import ServerAddress
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import ConnectionProfile
from tests.cluster import test_cluster

NOW = datetime.datetime.now(datetime.UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject: str, issuer: str, key: Any, signer: Any, *names: x509.GeneralName, is_authority: bool = False) -> bytes:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=1))
        .not_valid_after(NOW + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class TlsDoor(threading.Thread):
    """Speaks TLS for a server that cannot, as a load balancer would, or somebody in the middle: the bundled PostgreSQL has no TLS."""

    def __init__(self, behind: ServerAddress, certificate: Path, key: Path) -> None:
        super().__init__(daemon=True)
        self._behind = (behind.host, behind.port)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            client.recv(8)  # SSLRequest
            client.sendall(b"S")
            inner = self._context.wrap_socket(client, server_side=True)
            server = socket.create_connection(self._behind)
            threading.Thread(target=_pour, args=(server, inner), daemon=True).start()
            _pour(inner, server)

    def close(self) -> None:
        self._listening.close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
        target.close()


@dataclass
class Central:
    """A server behind a door with a certificate for `localhost` only."""

    address: ServerAddress
    port: int
    authority: Path
    stranger: Path

    def connect(self, host: str, certificate: Path | None = None, **other: str) -> psycopg.Connection[Any]:
        profile = ConnectionProfile("centrale", f"{host}:{self.port}", "postgres", str(certificate or self.authority))
        words = profile.connection_words() | {"user": self.address.superuser, "password": self.address.password} | other
        return psycopg.connect(**words)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Central]:
    papers = tmp_path_factory.mktemp("papers")
    authority_key, server_key, stranger_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    files = {
        "server.key": server_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        "server.crt": _certificate("localhost", "CA", server_key, authority_key, x509.DNSName("localhost")),
        "ca.pem": _certificate("CA", "CA", authority_key, authority_key, is_authority=True),
        "stranger.pem": _certificate("CA", "CA", stranger_key, stranger_key, is_authority=True),
    }
    for name, content in files.items():
        (papers / name).write_bytes(content)
    door = TlsDoor(test_cluster(), papers / "server.crt", papers / "server.key")
    door.start()
    yield Central(test_cluster(), door.port, papers / "ca.pem", papers / "stranger.pem")
    door.close()


def test_a_verified_certificate_opens_the_encrypted_way(central: Central) -> None:
    with central.connect("localhost", channel_binding="disable") as connection:
        assert connection.pgconn.ssl_in_use and connection.execute("select 1").fetchone() == (1,)


def test_somebody_in_the_middle_is_found_out_even_with_a_good_certificate(central: Central) -> None:
    with pytest.raises(psycopg.OperationalError, match="channel binding"):
        central.connect("localhost")


def test_a_server_that_is_not_the_one_named_is_refused(central: Central) -> None:
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        central.connect("127.0.0.1")


def test_a_certificate_of_another_authority_is_refused(central: Central) -> None:
    with pytest.raises(psycopg.OperationalError, match="SSL error"):
        central.connect("localhost", central.stranger)


def test_the_login_says_that_the_certificate_is_wrong(central: Central) -> None:
    profile = ConnectionProfile("centrale", f"localhost:{central.port}", "postgres", str(central.stranger))
    with pytest.raises(ServerUnreachable, match="certificato"):
        log_in(profile, "marta.bellini", "non importa quale")


def test_a_server_without_encryption_is_refused_rather_than_spoken_to_in_clear() -> None:
    address = test_cluster()
    profile = ConnectionProfile("centrale", f"localhost:{address.port}", "postgres")
    words = profile.connection_words() | {"user": address.superuser, "password": address.password}
    with pytest.raises(psycopg.OperationalError, match="SSL"):
        psycopg.connect(**words)  # type: ignore[arg-type]


def test_of_several_hosts_the_first_that_answers_serves() -> None:
    address = test_cluster()
    profile = ConnectionProfile("due", f"127.0.0.1:1,{address.host}:{address.port}", "postgres", is_local=True)
    words = profile.connection_words() | {"user": address.superuser, "password": address.password}
    with psycopg.connect(**words) as connection:  # type: ignore[arg-type]
        assert connection.info.port == address.port
