"""Columns of the receipts of the exchange system."""

from __future__ import annotations

from cms_desktop.modules.billing.sdi.records import ReceiptRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

from .words import file_states, message_kinds

tr = translator("billing")


def receipt_columns() -> list[Column]:
    kinds, states = message_kinds(), file_states()

    def kind(row: ReceiptRow) -> tuple[str, str]:
        return states[row.state] if row.kind == "NE" else kinds[row.kind]

    def now(row: ReceiptRow) -> tuple[str, str]:
        return states[row.file_state] if row.file_state else (tr("Nessun file nostro"), "warning")

    return [
        Column("created_at", tr("Letta il"), kind="datetime", width=150, filter="date"),
        Column(
            "kind",
            tr("Ricevuta"),
            kind,
            kind="chip",
            width=150,
            filter="choice",
            choices=[(key, words) for key, (words, _) in kinds.items()],
        ),
        Column("number", tr("Fattura"), kind="code", width=124),
        Column("customer", tr("Cliente"), kind="strong", width=220, stretch=True),
        Column("words", tr("Che cosa dice"), width=280, gives_way=1),
        Column("about_file", tr("File"), kind="code", width=210, gives_way=3),
        Column("sdi_identifier", tr("Identificativo SdI"), kind="code", width=130, hidden=True),
        Column("received_at", tr("Ricevuta dallo SdI"), kind="datetime", width=132, filter="date", hidden=True),
        Column("file_state", tr("Ora il file è"), now, kind="chip", width=176, filter="none", sortable=False, gives_way=2),
    ]
