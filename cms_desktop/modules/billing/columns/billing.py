"""Columns of the lists of billing."""

from __future__ import annotations

from cms_desktop.modules.billing.records import InvoiceRow, Run, RunDocument
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

from .words import document_stages, document_types, file_states, reason_text, run_states

tr = translator("billing")


def run_columns(*, brief: bool = False) -> list[Column]:
    """`brief` is for the dashboard."""
    states = run_states()
    choices = [(key, words) for key, (words, _) in states.items()]

    def state(run: Run) -> tuple[str, str]:
        return states[run.state]

    columns = [
        Column("number", tr("Lancio"), kind="code", width=112, filter_hint="L-2026"),
        Column("title", tr("Titolo"), kind="strong", width=220, stretch=True),
        Column("document_on", tr("Data fatture"), kind="date", width=110, filter="date"),
        Column("period_start", tr("Periodo dal"), kind="date", width=108, filter="date", hidden=brief),
        Column("period_end", tr("al"), kind="date", width=108, filter="date", hidden=brief),
        Column("invoice_count", tr("Fatture"), kind="int", width=84, filter="number", total=True),
        Column("net_amount", tr("Imponibile €"), kind="money", width=124, filter="number", total=True),
        Column("vat_amount", tr("IVA €"), kind="money", width=112, filter="number", total=True, hidden=True),
        Column("total_amount", tr("Totale €"), kind="money", width=124, filter="number", total=True, hidden=brief),
        Column("state", tr("Stato"), state, kind="chip", width=124, filter="choice", choices=choices),
        Column("created_by", tr("Preparato da"), width=140, hidden=True, filter="none", sortable=False),
    ]
    return [column for column in columns if not (brief and column.hidden)]


def document_columns() -> list[Column]:
    """The preview of a run, beside the period before."""

    def flags(row: RunDocument) -> list[tuple[str, str, str]]:
        found = []
        if row.is_blocked:
            found.append((tr("Bloccato"), "negative", "ban"))
        elif row.is_excluded:
            found.append((tr("Escluso"), "neutral", "minus"))
        if row.reason:
            found.append((reason_text(row.reason), "neutral", ""))
        if row.is_beyond:
            found.append((tr("Fuori soglia"), "warning", "triangle-alert"))
        marks = (
            (row.is_first, tr("Mai fatturato"), "positive"),
            (row.is_new and not row.is_first, tr("Nuovo"), "positive"),
            (row.is_caught_up, tr("Recupero"), "warning"),
            (row.is_ended, tr("Cessato"), "neutral"),
            (row.is_price_changed, tr("Prezzo"), "info"),
        )
        return found + [(words, tone, "") for is_set, words, tone in marks if is_set]

    def tone(row: RunDocument) -> str:
        return "warning" if row.is_beyond else ""

    second = lambda _row: "second"
    return [
        Column("customer", tr("Cliente"), kind="strong", width=240, stretch=True, filter_hint=tr("contiene…")),
        Column("contract", tr("Contratto o sede"), kind="code", width=136),
        Column("line_count", tr("Righe"), kind="int", width=70, filter="number"),
        Column("before_amount", tr("Prima €"), kind="money", width=116, filter="number", total=True, tone=second),
        Column("net_amount", tr("Ora €"), kind="money", width=116, filter="number", total=True),
        Column("difference", tr("Differenza €"), kind="delta", width=120, filter="number", total=True, tone=tone),
        Column("percent", tr("%"), kind="percent", width=84, filter="number", tone=tone),
        Column("flags", tr("Segnalazioni"), flags, kind="flags", width=300, filter="none", sortable=False),
    ]


def invoice_columns() -> list[Column]:
    states, types, stages = file_states(), document_types(), document_stages()

    def file_state(row: InvoiceRow) -> tuple[str, str]:
        return states[row.file_state]

    return [
        Column("number", tr("Numero"), kind="code", width=124),
        Column("document_on", tr("Data"), kind="date", width=104, filter="date"),
        Column("customer", tr("Cliente"), kind="strong", width=230, stretch=True),
        Column(
            "document_type", tr("Tipo"), lambda row: types.get(row.document_type, row.document_type), width=110, filter="choice",
            choices=list(types.items()), hidden=True,
        ),
        Column(
            "stage", tr("Stato"), lambda row: stages[row.stage], kind="chip", width=110, filter="choice",
            choices=[(key, words) for key, (words, _) in stages.items()], hidden=True,
        ),
        Column("net_amount", tr("Imponibile €"), kind="money", width=118, filter="number", total=True, gives_way=1),
        Column("vat_amount", tr("IVA €"), kind="money", width=108, filter="number", total=True, hidden=True),
        Column("total_amount", tr("Totale €"), kind="money", width=118, filter="number", total=True),
        Column("payable_amount", tr("A pagare €"), kind="money", width=118, filter="number", total=True, hidden=True),
        Column("run", tr("Lancio"), kind="code", width=112, hidden=True),
        Column(
            "file_state", tr("File SdI"), file_state, kind="chip", width=130, filter="choice",
            choices=[(key, words) for key, (words, _) in states.items()],
        ),
    ]  # fmt: skip


def line_columns() -> list[Column]:
    return [
        Column("number", tr("Numero"), kind="code", width=124),
        Column("document_on", tr("Data"), kind="date", width=104, filter="date"),
        Column("customer", tr("Cliente"), kind="strong", width=230, stretch=True),
        Column("type_name", tr("Tipo di servizio"), width=170),
        Column("description", tr("Descrizione"), width=280, gives_way=1),
        Column("net_amount", tr("Imponibile €"), kind="money", width=124, filter="number", total=True),
    ]


def due_columns() -> list[Column]:
    return [
        Column("customer", tr("Cliente"), kind="strong", width=260, stretch=True),
        Column("contract", tr("Contratto"), kind="code", width=130),
        Column("description", tr("Servizio"), width=260),
        Column("period_start", tr("Periodo dal"), kind="date", width=112, filter="date"),
        Column("period_end", tr("al"), kind="date", width=112, filter="date"),
        Column("amount", tr("Importo €"), kind="money", width=124, filter="number", total=True),
    ]
