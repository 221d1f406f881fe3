"""Columns of the lists of the books: open items, payments, journal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from cms_desktop.modules.ledger.records import OpenItemRow, PaymentRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

from .words import methods, payment_kinds, sources

tr = translator("billing")
VERY_LATE = 60  # days; older debts are red


def open_item_columns() -> list[Column]:
    words = methods()

    def tone(row: OpenItemRow) -> str:
        return "negative" if row.days_late > VERY_LATE else ""

    def late(row: OpenItemRow) -> int | None:
        return row.days_late if row.days_late > 0 else None

    return [
        Column("due_on", tr("Scadenza"), kind="date", width=108, filter="date"),
        Column("customer", tr("Cliente"), kind="strong", width=260, stretch=True),
        Column("document", tr("Documento"), kind="code", width=130),
        Column("document_on", tr("Data doc."), kind="date", width=108, filter="date"),
        Column(
            "method",
            tr("Pagamento"),
            lambda row: words.get(row.method, row.method),
            width=110,
            filter="choice",
            choices=list(words.items()),
        ),
        Column("days_late", tr("Giorni"), late, kind="int", width=84, filter="number", tone=tone),
        Column("amount", tr("Importo €"), kind="money", width=120, filter="number", total=True),
        Column("open_amount", tr("Da incassare €"), kind="money", width=132, filter="number", total=True, tone=tone),
    ]


def payment_columns() -> list[Column]:
    words, kinds = methods(), payment_kinds()

    def state(row: PaymentRow) -> tuple[str, str]:
        if row.bounced_on is not None:
            return tr("Stornato"), "negative"
        if row.kind != "receipt":
            return kinds[row.kind], "neutral"
        return (tr("Acconto"), "info") if row.free_amount else (tr("Abbinato"), "calm")

    return [
        Column("on_date", tr("Data"), kind="date", width=108, filter="date"),
        Column("customer", tr("Cliente"), kind="strong", width=240, stretch=True),
        Column(
            "method",
            tr("Pagamento"),
            lambda row: words.get(row.method, row.method),
            width=120,
            filter="choice",
            choices=list(words.items()),
            gives_way=1,
        ),
        Column("description", tr("Descrizione"), width=240, gives_way=3),
        Column("reference", tr("Riferimento"), width=150, gives_way=2),
        Column("kind", tr("Stato"), state, kind="chip", width=116, filter="choice", choices=list(kinds.items())),
        Column("amount", tr("Importo €"), kind="money", width=124, filter="number", total=True),
        Column("free_amount", tr("Da abbinare €"), kind="money", width=124, filter="number", total=True, gives_way=4),
    ]


def debt_columns(part_of: Callable[[OpenItemRow], Decimal | None]) -> list[Column]:
    """What a customer owes, and how much of it the payment settles."""
    return [
        Column("due_on", tr("Scadenza"), kind="date", width=100, tone=lambda row: "negative" if row.days_late > 0 else ""),
        Column("document", tr("Documento"), kind="code", width=130, stretch=True),
        Column("open_amount", tr("Aperto €"), kind="money", width=112, total=True),
        Column("part", tr("Si salda €"), part_of, kind="money", width=112, sortable=False, tone=lambda _row: "accent"),
    ]


def allocation_columns() -> list[Column]:
    return [
        Column("on_date", tr("Dal"), kind="date", width=112),
        Column("document", tr("Documento"), kind="code", width=130, stretch=True),
        Column("due_on", tr("Scadenza"), kind="date", width=100),
        Column("amount", tr("Importo €"), kind="money", width=112, tone=lambda row: "negative" if row.amount < 0 else ""),
    ]


def entry_columns() -> list[Column]:
    words = sources()
    return [
        Column("on_date", tr("Data"), kind="date", width=108, filter="date"),
        Column("entry_id", tr("N."), kind="code", width=84, filter="number"),
        Column("description", tr("Descrizione"), kind="strong", width=320, stretch=True),
        Column(
            "source", tr("Origine"), lambda row: words.get(row.source, row.source), width=130, filter="choice", choices=list(words.items())
        ),
        Column("amount", tr("Importo €"), kind="money", width=124, filter="number", total=True),
    ]


def entry_line_columns() -> list[Column]:
    return [
        Column("account_code", tr("Conto"), kind="code", width=74, sortable=False),
        Column("account_name", tr("Nome"), width=150, stretch=True, sortable=False),
        Column("debit_amount", tr("Dare €"), kind="money", width=100, sortable=False),
        Column("credit_amount", tr("Avere €"), kind="money", width=100, sortable=False),
    ]
