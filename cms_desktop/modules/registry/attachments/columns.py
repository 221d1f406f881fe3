"""Columns of the list of attachments."""

from __future__ import annotations

from cms_desktop.modules.registry.attachments import rules
from cms_desktop.modules.registry.attachments.records import Attachment
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

tr = translator("notes")
ATTACHMENT_TABLES = frozenset({"registry.attachment"})


def attachment_icon(attachment: Attachment) -> tuple[str, str, str]:
    """(icon, tone, spoken) by the kind of the document."""
    suffix = attachment.suffix
    if suffix in rules.PDF:
        return "file-text", "negative", tr("PDF")
    if suffix in rules.IMAGES:
        return "image", "accent", tr("immagine")
    if suffix in (".xls", ".xlsx", ".ods", ".csv"):
        return "file-spreadsheet", "positive", tr("foglio di calcolo")
    if suffix in (".eml", ".msg", ".p7m"):
        return "mail", "second", tr("messaggio")
    return "file", "second", tr("documento")


def subject_words(attachment: Attachment) -> str:
    """On what it hangs, for a list that shows the documents of several records."""
    names = {
        "registry.party": tr("Anagrafica"), "customers.customer": tr("Cliente"), "customers.contract": tr("Contratto"),
        "customers.service": tr("Servizio"), "registry.note": tr("Nota"), "billing.invoice": tr("Fattura"), "ledger.payment": tr("Incasso"),
        "customers.site": tr("Sede"), "customers.plant": tr("Impianto"), "customers.held_key": tr("Chiavi"), "customers.mandate": tr("Mandato"),
        "customers.intent_letter": tr("Dichiarazione d'intento"), "ledger.journal_entry": tr("Registrazione"),
        "bank_effects.effect_batch": tr("Distinta"), "bank_effects.effect": tr("Effetto"),
    }  # fmt: skip
    return names.get(attachment.subject_table, tr("Altro"))


def attachment_columns() -> list[Column]:
    return [
        Column("kind", "", attachment_icon, kind="icon", width=40, filter="none", sortable=False, locked=True),
        Column("name", tr("Documento"), kind="strong", width=220, stretch=True, sortable=False, locked=True),
        Column("version", tr("Vers."), kind="int", width=60, sortable=False),
        Column("size", tr("Misura"), lambda one: rules.size_text(one.byte_count), width=84, sortable=False, tone=lambda _one: "second"),
        Column("subject", tr("Di"), subject_words, width=96, sortable=False, tone=lambda _one: "second", gives_way=2),
        Column("created_at", tr("Allegato il"), lambda one: one.created_at.astimezone(), kind="datetime", width=150, sortable=False, gives_way=1),
        Column("author", tr("Da"), width=120, sortable=False, tone=lambda _one: "second", gives_way=3),
    ]  # fmt: skip
