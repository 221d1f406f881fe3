"""Mail servers to talk to: a real SMTP server (aiosmtpd) that can misbehave, certificates made for the test."""

from __future__ import annotations

import datetime
import email
import ipaddress
import pathlib
import socket
import socketserver
import ssl
import threading
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
    file: pathlib.Path


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
    return Certificates(server, ssl.create_default_context(cafile=file), file)


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


class MailShop(socketserver.ThreadingTCPServer):
    """An IMAP server over TLS with one mailbox: what a reader of mail asks, answered as RFC 3501 says."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, trust: Certificates) -> None:
        super().__init__(("127.0.0.1", 0), _MailShopTalk)
        self.trust, self.validity = trust, 77
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.commands: list[str] = []

    def put(self, content: bytes) -> int:
        number = max(self.mails, default=0) + 1
        self.mails[number] = content
        return number

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> MailShop:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class _MailShopTalk(socketserver.BaseRequestHandler):
    server: MailShop

    def handle(self) -> None:
        try:
            with self.server.trust.server.wrap_socket(self.request, server_side=True) as line, line.makefile("rb") as lines:
                self.line = line
                self._say("* OK [CAPABILITY IMAP4rev1] pronto")
                while words := lines.readline().decode().strip():
                    tag, _, order = words.partition(" ")
                    self.server.commands.append(order)
                    if not self._obey(tag, order):
                        return
        except OSError:
            return

    def _say(self, text: str, literal: bytes | None = None) -> None:
        self.line.sendall(text.encode() + (b"" if literal is None else b"\r\n" + literal + b")") + b"\r\n")

    def _obey(self, tag: str, order: str) -> bool:
        shop, word = self.server, order.split(" ")[0].upper()
        if word == "LOGIN":
            good = USER in order and PASSWORD in order
            self._say(f"{tag} OK entrato" if good else f"{tag} NO [AUTHENTICATIONFAILED] credenziali errate")
            return True
        if word == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif word == "SELECT":
            if "INBOX" not in order:
                self._say(f"{tag} NO cartella sconosciuta")
                return True
            self._say(f"* {len(shop.mails)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {shop.validity}] numeri")
        elif word == "LOGOUT":
            self._say("* BYE ciao")
            self._say(f"{tag} OK ciao")
            return False
        elif word == "UID":
            self._uid(order)
        self._say(f"{tag} OK fatto")
        return True

    def _uid(self, order: str) -> None:
        shop, words = self.server, order.split(" ")
        if words[1].upper() == "SEARCH":
            first = int(words[3].split(":")[0])
            last = max(shop.mails, default=0)
            found = [number for number in sorted(shop.mails) if number >= first or number == last]  # n:* holds the last one always
            self._say("* SEARCH " + " ".join(map(str, found)))
            return
        for number in map(int, words[2].split(",")):
            content = shop.mails[number]
            if "RFC822.SIZE" in order:
                self._say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(content)})")
            elif "BODY.PEEK[]" in order:
                self._say(f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}", content)
            elif words[1].upper() == "STORE":
                shop.seen.add(number)
