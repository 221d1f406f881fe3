"""Handing a message over to the server of a mail provider (SMTP over TLS, never without)."""

from __future__ import annotations

import datetime
import email.utils
import re
import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_FORM

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base.mail.records import Handed, MailAccount, Parcel

TIMEOUT = 60.0  # seconds that a silent server is waited for
_LOST = (smtplib.SMTPServerDisconnected, OSError)


def written(parcel: Parcel, account: MailAccount) -> bytes:
    """The message as it travels, lines ended by CR LF."""
    message = EmailMessage(policy=MAIL_FORM)
    message["From"] = _address(account.from_name, account.from_address)
    message["To"] = _address(parcel.recipient_name, parcel.recipient)
    message["Subject"] = parcel.subject
    message["Date"] = email.utils.format_datetime(datetime.datetime.now().astimezone())
    message["Message-ID"] = parcel.header_id
    message["Content-Language"] = parcel.language
    message.set_content(parcel.body, charset="utf-8", cte="quoted-printable")
    for file in parcel.attachments:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message.as_bytes()


def _address(name: str, address: str) -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError) as error:
        raise InvalidInput("«{address}» non è un indirizzo di posta.", address=address) from error


class Courier:
    """A connection to the server of an account, opened once for many messages. Use as a context manager."""

    def __init__(self, account: MailAccount, password: str, context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
        self.account = account
        self._password, self._timeout = password, timeout
        self._context = context or ssl.create_default_context()
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Courier:
        self._open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _open(self) -> smtplib.SMTP:
        """Connect, with TLS, and log in. Raises InvalidInput with a sentence that says what to look at."""
        server: smtplib.SMTP | None = None
        account, where = self.account, {"host": self.account.smtp_host, "port": str(self.account.smtp_port)}
        try:
            if account.smtp_security == "tls":
                server = smtplib.SMTP_SSL(account.smtp_host, account.smtp_port, timeout=self._timeout, context=self._context)
            else:
                server = smtplib.SMTP(account.smtp_host, account.smtp_port, timeout=self._timeout)
                server.starttls(context=self._context)
            server.ehlo_or_helo_if_needed()
            if account.user_name:
                server.login(account.user_name, self._password)
            self._server = server
        except smtplib.SMTPAuthenticationError as error:
            raise InvalidInput(
                "{host} non accetta utente e password: scrivi di nuovo la password dell'account. Il server dice: {why}",
                key="mail_login", host=account.smtp_host, why=_said(error.smtp_code, error.smtp_error),
            ) from error  # fmt: skip
        except ssl.SSLError as error:
            raise InvalidInput(
                "Il certificato o la cifratura di {host}:{port} non va bene ({why}): controlla server, porta e tipo di TLS.",
                key="mail_tls", why=error.reason or str(error), **where,
            ) from error  # fmt: skip
        except (smtplib.SMTPException, *_LOST) as error:
            raise InvalidInput(
                "Non riesco a collegarmi a {host}:{port} ({why}): controlla l'account e la rete.",
                key="mail_connect",
                why=str(error),
                **where,
            ) from error
        finally:
            if self._server is None and server is not None:
                server.close()
        return server

    def close(self) -> None:
        """Say good-bye when the server still listens."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, *_LOST):
                server.close()

    def send(self, parcel: Parcel, before_text: Callable[[], None]) -> Handed:
        """Hand one message over. `before_text` is called when the server is ready for the text: after it a lost connection is uncertain."""
        if not parcel.recipient.isascii():
            return Handed("refused", "Indirizzo con lettere accentate: il server non lo accetta.")
        try:
            text = written(parcel, self.account)
        except (InvalidInput, ValueError) as error:
            return Handed("refused", str(error))
        for is_last in (False, True):
            try:
                answer = self._announced(parcel)
            except _LOST as error:  # an idle connection that the server closed: nothing was said yet
                self._drop()
                if is_last:
                    return Handed("later", str(error))
                continue
            if answer is not None:
                return answer
            break
        return self._transferred(text, before_text)

    def _announced(self, parcel: Parcel) -> Handed | None:
        """Sender, recipient, DATA; None when the server now waits for the text."""
        server = self._server or self._open()
        steps = ((250,), lambda: server.mail(self.account.from_address)), ((250, 251), lambda: server.rcpt(parcel.recipient))
        for good, step in (*steps, ((354,), lambda: server.docmd("DATA"))):
            code, said = step()
            if code not in good:
                self._forget_message()
                return Handed("refused" if code >= 500 else "later", _said(code, said))
        return None

    def _transferred(self, text: bytes, before_text: Callable[[], None]) -> Handed:
        server = self._server
        assert server is not None
        try:
            before_text()
        except BaseException:
            self._drop()  # the text was not sent: without its final dot the server keeps nothing
            raise
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", text) + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = server.getreply()
        except _LOST as error:
            self._drop()
            return Handed("uncertain", str(error) or type(error).__name__)
        if code == 250:
            return Handed("sent", _said(code, said))
        self._forget_message()
        return Handed("later" if code < 500 else "refused", _said(code, said))

    def _forget_message(self) -> None:
        server = self._server
        if server is not None:
            try:
                server.rset()
            except (smtplib.SMTPException, *_LOST):
                self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"
