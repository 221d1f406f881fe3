"""Certified mails as providers deliver them, made for tests."""

from __future__ import annotations

from email.message import EmailMessage


def envelope(inner: EmailMessage, sender: str, **headers: str) -> bytes:
    """The envelope of transport: text, daticert.xml, the message itself as postacert.eml."""
    outer = EmailMessage()
    outer["From"] = f'"Per conto di: {sender}" <posta-certificata@pec.example.it>'
    outer["To"] = "aurora@pec.example.it"
    outer["Subject"] = f"POSTA CERTIFICATA: {inner['Subject']}"
    outer["X-Trasporto"] = headers.get("trasporto", "posta-certificata")
    outer.set_content("Messaggio di posta certificata")
    outer.add_attachment(b"<postacert tipo='posta-certificata'/>", maintype="application", subtype="xml", filename="daticert.xml")
    outer.add_attachment(inner, filename="postacert.eml")
    return outer.as_bytes()


def answer(file_name: str, content: bytes, sender: str = "sdi07@pec.fatturapa.it", **headers: str) -> bytes:
    """An answer of the exchange system with a receipt."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = sender, "Ricevuta"
    inner.set_content("In allegato la ricevuta.")
    inner.add_attachment(content, maintype="application", subtype="octet-stream", filename=file_name)
    return envelope(inner, sender, **headers)


def notice(kind: str, header_id: str, sent: bytes = b"", why: str = "") -> bytes:
    """A notice of our provider about a message of ours; a delivery brings the whole message back."""
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "posta-certificata@pec.example.it", f"{kind.upper()}: Invio"
    outer["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    outer["X-Ricevuta"], outer["X-Riferimento-Message-ID"] = kind, header_id
    outer.set_content("Ricevuta del gestore")
    certificate = f"<postacert tipo='{kind}' errore='no-dest'><dati><errore-esteso>{why}</errore-esteso></dati></postacert>"
    outer.add_attachment(certificate.encode(), maintype="application", subtype="xml", filename="daticert.xml")
    if sent:
        outer.add_attachment(sent, maintype="application", subtype="octet-stream", filename="postacert.eml")
    return outer.as_bytes()


def ordinary(subject: str = "Offerta", attachment: tuple[str, bytes] | None = None, sender: str = "sdi07@pec.fatturapa.it") -> bytes:
    """Mail that nobody certified, whatever it says about itself."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    mail.set_content("Buongiorno")
    if attachment is not None:
        mail.add_attachment(attachment[1], maintype="application", subtype="xml", filename=attachment[0])
    return mail.as_bytes()
