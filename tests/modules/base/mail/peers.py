"""Mail servers to talk to: a real SMTP server (aiosmtpd) that can misbehave, certificates made for the test."""

from __future__ import annotations

import datetime
import email
import ipaddress
import pathlib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "posta@aurora.example.it", "segreto di prova"


@dataclass(frozen=True)
class Certificates:
    """A certificate of 127.0.0.1, and who trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificates(place: pathlib.Path) -> Certificates:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = place / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return Certificates(server, ssl.create_default_context(cafile=file))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class PostOffice:
    """An SMTP server. `refuse`: recipient → answer; `on_text`: what it does when a text is there: keep, drop (keeps it, but hangs up
    without an answer), lose (hangs up, keeps nothing), busy (450), reject (554)."""

    certificates: Certificates
    starttls: bool = False
    refuse: dict[str, str] = field(default_factory=dict)
    on_text: str = "keep"
    delay: float = 0.0
    received: list[Message] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    def __enter__(self) -> PostOffice:
        options: dict[str, Any] = {"authenticator": self._authenticate, "auth_required": True}
        if self.starttls:
            options |= {"tls_context": self.certificates.server, "require_starttls": True}
        else:
            options |= {"ssl_context": self.certificates.server, "auth_require_tls": False}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=20, **options)
        self.controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.controller.stop()

    @property
    def port(self) -> int:
        return int(self.controller.server.sockets[0].getsockname()[1])

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        login, secret = data.login.decode(), data.password.decode()
        self.logins.append(login)
        return AuthResult(success=(login, secret) == (USER, PASSWORD), handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        import asyncio

        if self.delay:
            await asyncio.sleep(self.delay)
        if self.on_text == "busy":
            return "450 4.3.2 Riprovare piu tardi"
        if self.on_text == "reject":
            return "554 5.7.1 Messaggio rifiutato"
        if self.on_text in ("keep", "drop"):
            self.received.append(email.message_from_bytes(envelope.content))
            self.recipients += envelope.rcpt_tos
        if self.on_text in ("drop", "lose"):
            server.transport.abort()
        return "250 2.0.0 Preso in carico"
