"""What a certified mail is to us: an answer of the exchange system, a notice of the provider about a message of ours, or none of our business."""

from __future__ import annotations

import datetime
import email
import email.policy
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base.mail.records import Notice
from cms_desktop.modules.billing.sdi.envelope import signed_content, unpacked
from cms_desktop.modules.billing.sdi.messages import read_message
from cms_desktop.modules.billing.sdi.records import IncomingFile

SDI_DOMAIN = "pec.fatturapa.it"
NOTICES = ("accettazione", "non-accettazione", "avvenuta-consegna", "errore-consegna")  # rule of the certified mail, DM 2/11/2005
READ_SUFFIXES = (".xml", ".p7m", ".zip")
NOT_DOCUMENTS = ("daticert.xml", "smime.p7s", "smime.p7m")
DEEPEST = 6  # envelopes inside envelopes


@dataclass(frozen=True)
class CertifiedMail:
    """`receipts`: files of the exchange system; `address`: where it answered from; `notice`: of our provider about a message of ours."""

    receipts: tuple[IncomingFile, ...] = ()
    address: str = ""
    notice: Notice | None = None

    @property
    def is_ours(self) -> bool:
        return bool(self.receipts) or self.notice is not None


def read_mail(content: bytes) -> CertifiedMail:
    """What the mail is. Never raises: what cannot be read is none of our business and stays in the mailbox."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        notice = _notice(message)
        if notice is not None:
            return CertifiedMail(notice=notice)
        if _header(message, "X-Trasporto").lower() != "posta-certificata":
            return CertifiedMail()  # ordinary mail proves nothing about its sender
        for inner in _inner(message, 0):
            address = email.utils.parseaddr(_header(inner, "From"))[1].lower()
            if address.rpartition("@")[2] == SDI_DOMAIN:
                receipts = tuple(_receipts(inner))
                if receipts:
                    return CertifiedMail(receipts, address)
    except (InvalidInput, ValueError, LookupError, etree.LxmlError, RecursionError):
        return CertifiedMail()
    return CertifiedMail()


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, "")).strip()


def _opened(message: EmailMessage) -> EmailMessage:
    """A mail signed in one piece (application/pkcs7-mime) without its signature."""
    if message.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        content = message.get_payload(decode=True)
        if isinstance(content, bytes):
            return email.message_from_bytes(signed_content(content), policy=email.policy.default)
    return message


def _inner(message: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """The mails that travel in the envelope (postacert.eml), whether attached as mails or as files."""
    message = _opened(message)
    if depth > DEEPEST:
        return
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, EmailMessage):
                yield inner
        elif (part.get_filename() or "").lower().endswith(".eml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield email.message_from_bytes(content, policy=email.policy.default)
        elif part.is_multipart() or "pkcs7-mime" in part.get_content_type():
            yield from _inner(part, depth + 1)  # type: ignore[arg-type]


def _receipts(message: EmailMessage) -> Iterator[IncomingFile]:
    """Attachments that are receipts of the exchange system; others are left alone."""
    for part in _opened(message).walk():
        name = part.get_filename() or ""
        if not name.lower().endswith(READ_SUFFIXES) or name.lower() in NOT_DOCUMENTS:
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        file = IncomingFile(name, content)
        try:
            for one in unpacked(file):
                read_message(one.content)
        except InvalidInput:
            continue  # a metadata file, or an invoice of a supplier
        yield file


def _notice(message: EmailMessage) -> Notice | None:
    kind, about = _header(message, "X-Ricevuta").lower(), _header(message, "X-Riferimento-Message-ID")
    if kind not in NOTICES or not about:
        return None
    sent = email.utils.parsedate_to_datetime(_header(message, "Date")) if message.get("Date") else datetime.datetime.now(datetime.UTC)
    if sent.tzinfo is None:
        sent = sent.replace(tzinfo=datetime.UTC)
    return Notice(about, kind, sent, _problem(message) if kind in ("non-accettazione", "errore-consegna") else "")


def _problem(message: EmailMessage) -> str:
    """Why, from the certificate of the notice (daticert.xml), else its subject."""
    for part in _opened(message).walk():
        if (part.get_filename() or "").lower() == "daticert.xml":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
                root = etree.fromstring(content, parser)
                told = root.findtext(".//errore-esteso") or root.get("errore") or ""
                if told.strip():
                    return " ".join(told.split())[:500]
    return _header(message, "Subject")[:500]
