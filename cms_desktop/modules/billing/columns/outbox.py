"""Columns of the outbox and of the check before sending."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.modules.base.mail.records import OutboxRow
from cms_desktop.modules.billing.delivery.records import CheckedDocument
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

from .words import check_states, outbox_kinds, outbox_states

tr, errors = translator("billing"), translator("errors")


def outbox_columns() -> list[Column]:
    states, kinds = outbox_states(), outbox_kinds()

    def to(row: OutboxRow) -> str:
        return row.recipient_name or row.recipient

    return [
        Column("created_at", tr("In coda dal"), kind="datetime", width=160, filter="date"),
        Column("state", tr("Stato"), lambda row: states[row.state], kind="chip", width=128, filter="choice",
               choices=[(key, words) for key, (words, _) in states.items()]),
        Column("kind", tr("Che cosa"), lambda row: kinds.get(row.kind, row.kind), width=140, filter="choice", choices=list(kinds.items())),
        Column("recipient_name", tr("A chi"), to, kind="strong", width=190, stretch=True),
        Column("recipient", tr("Indirizzo"), width=220, gives_way=1),
        Column("subject", tr("Oggetto"), width=260, gives_way=2),
        Column("reply", tr("Risposta del server"), width=220, gives_way=3),
        Column("attempts", tr("Tentativi"), kind="int", width=84, gives_way=4, filter="number"),
        Column("sent_at", tr("Inviato il"), kind="datetime", width=160, filter="date", gives_way=2),
        Column("delivered_at", tr("Consegnato il"), kind="datetime", width=160, filter="date", hidden=True),
    ]  # fmt: skip


def problem_text(problem: Any) -> str:
    """A refusal of the exchange system as a sentence that says what to do."""
    values = {name: formats.number(value, 2) if isinstance(value, Decimal) else value for name, value in problem.values.items()}
    return errors(problem.text, **values)


def check_columns() -> list[Column]:
    states = check_states()

    def words(row: CheckedDocument) -> str:
        if row.problems:
            more = tr(" (e altri {n})", n=len(row.problems) - 1) if len(row.problems) > 1 else ""
            return problem_text(row.problems[0]) + more
        return tr("Il file va creato") if row.transmission_id is None else tr("Nessun rilievo")

    return [
        Column("state", tr("Esito"), lambda row: states[row.state], kind="chip", width=130),
        Column("number", tr("Numero"), kind="code", width=120),
        Column("document_on", tr("Data"), kind="date", width=100),
        Column("customer", tr("Cliente"), kind="strong", width=200, stretch=True),
        Column("total_amount", tr("Totale €"), kind="money", width=110),
        Column("recipient_code", tr("Destinatario"), kind="code", width=100, gives_way=3),
        Column("file_name", tr("File"), kind="code", width=200, gives_way=4),
        Column("codes", tr("Codice SdI"), lambda row: ", ".join(dict.fromkeys(one.code for one in row.problems if one.code)), kind="code",
               width=110, gives_way=1),
        Column("words", tr("Che cosa fare"), words, width=380, gives_way=2),
    ]  # fmt: skip
