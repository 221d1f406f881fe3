"""What billing and the books show about a customer: invoices, open items by age, payments."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.listing import Filter, ListQuery, Sort, Totals
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.columns.words import document_types, file_states, methods
from cms_desktop.modules.billing.records import InvoiceRow
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.modules.ledger.records import AgeingBand, OpenItemRow, PaymentRow
from cms_desktop.ui.overview import Band, Fact, Figure, OverviewSection, Place, SectionContent
from cms_desktop.ui.translation import translator

tr = translator("billing")
MOST = 5  # lines of a section
YEAR = datetime.timedelta(days=365)


def of_customer(customer_id: int, *more: Filter, sort: Sort | None = None) -> ListQuery:
    """The rows of a customer in any list of this module."""
    return ListQuery((Filter("customer_id", "=", (customer_id,)), *more), sort)


# ---- invoices --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerInvoices:
    customer_id: int
    rows: Sequence[InvoiceRow]
    all: Totals
    last_year: Totals
    since: datetime.date


def load_invoices(unit: Any, customer_id: int) -> CustomerInvoices:
    since = local_today() - YEAR
    return CustomerInvoices(
        customer_id, queries.list_invoices(unit, of_customer(customer_id), limit=MOST).rows,
        queries.sum_invoices(unit, of_customer(customer_id)), queries.sum_invoices(unit, _year(customer_id, since)), since,
    )  # fmt: skip


def _year(customer_id: int, since: datetime.date) -> ListQuery:
    return of_customer(customer_id, Filter("document_on", ">", (since,)))


def show_invoices(found: CustomerInvoices) -> SectionContent:
    kinds, states = document_types(), file_states()
    count = found.all.count
    return SectionContent(
        [
            Fact(
                formats.date(row.document_on), row.number, kinds.get(row.document_type, row.document_type), formats.money(row.total_amount),
                states[row.file_state], Place("billing", "invoices", {"record": row.invoice_id}),
            )
            for row in found.rows
        ],
        [
            Figure(
                tr("Ultimi 12 mesi"), formats.money(found.last_year.sums["net_amount"]),
                tr("1 fattura, netto") if found.last_year.count == 1 else tr("{n} fatture, netto", n=formats.number(found.last_year.count)),
                place=Place("billing", "invoices", {"query": _year(found.customer_id, found.since)}),
            )
        ],
        place=Place("billing", "invoices", {"query": of_customer(found.customer_id)}) if count else None,
        place_text=tr("1 fattura") if count == 1 else tr("Tutte le {n}", n=formats.number(count)),
        empty=tr("Ancora nessuna fattura."),
    )  # fmt: skip


# ---- open items by age ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerItems:
    customer_id: int
    bands: Sequence[AgeingBand]
    rows: Sequence[OpenItemRow]


def load_items(unit: Any, customer_id: int) -> CustomerItems:
    bands = ledger.sum_ageing(unit, local_today(), customer_id)
    return CustomerItems(customer_id, bands, ledger.list_open_items(unit, of_customer(customer_id), limit=MOST).rows)


def band_query(customer_id: int, band: AgeingBand) -> ListQuery:
    """Exactly the items of a band of this customer."""
    return of_customer(customer_id, *ledger.band_query(band.first, band.last).filters)


def show_items(found: CustomerItems) -> SectionContent:
    names = (tr("Non scadute"), tr("1–30 giorni"), tr("31–60"), tr("61–90"), tr("oltre 90"))
    number, ways = found.customer_id, methods()
    total = sum((band.amount for band in found.bands), Decimal(0))
    late = sum((band.amount for band in found.bands[1:]), Decimal(0))
    count, late_count = sum(band.count for band in found.bands), sum(band.count for band in found.bands[1:])
    yesterday = local_today() - datetime.timedelta(days=1)
    overdue = Place("billing", "open_items", {"query": of_customer(number, Filter("due_on", "<=", (yesterday,)))})
    every = Place("billing", "open_items", {"query": of_customer(number)})
    return SectionContent(
        [
            Fact(
                formats.date(row.due_on), row.document, ways.get(row.method, row.method), formats.money(row.open_amount), _age(row.days_late),
                Place("billing", "open_items", {"record": row.open_item_id}),
            )
            for row in found.rows
        ],
        [
            Figure(tr("Saldo aperto"), formats.money(total) if count else "–", _items(count), place=every),
            Figure(
                tr("Scaduto"), formats.money(late) if late_count else "–", _items(late_count),
                "negative" if late > 0 else "", overdue,
            ),
        ],
        [
            Band(name, float(band.amount), formats.money(band.amount), Place("billing", "open_items", {"query": band_query(number, band)}))
            for name, band in zip(names, found.bands, strict=True)
        ] if count else (),
        place=every if count else None,
        place_text=tr("1 scadenza") if count == 1 else tr("Tutte le {n}", n=formats.number(count)),
        empty=tr("Niente da incassare."),
    )  # fmt: skip


def _items(count: int) -> str:
    return tr("1 scadenza") if count == 1 else tr("{n} scadenze", n=formats.number(count)) if count else tr("nessuna scadenza")


def _age(days_late: int) -> tuple[str, str] | None:
    if days_late <= 0:
        return None
    return (
        tr("da 1 giorno") if days_late == 1 else tr("da {n} giorni", n=formats.number(days_late))
    ), "negative" if days_late > 60 else "warning"


# ---- payments -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerPayments:
    customer_id: int
    rows: Sequence[PaymentRow]
    count: int


def load_payments(unit: Any, customer_id: int) -> CustomerPayments:
    query = of_customer(customer_id)
    return CustomerPayments(customer_id, ledger.list_payments(unit, query, limit=MOST).rows, ledger.sum_payments(unit, query).count)


def show_payments(found: CustomerPayments) -> SectionContent:
    ways = methods()
    every = Place("billing", "payments", {"query": of_customer(found.customer_id)})
    return SectionContent(
        [
            Fact(formats.date(row.on_date), ways.get(row.method, row.method), row.description, formats.money(row.amount), place=every)
            for row in found.rows
        ],
        place=every if found.count else None,
        place_text=tr("1 incasso") if found.count == 1 else tr("Tutti i {n}", n=formats.number(found.count)),
        empty=tr("Ancora nessun incasso."),
    )


def ledger_sections() -> list[OverviewSection]:
    return [
        OverviewSection("open_items", tr("Scadenze aperte per età"), "hourglass", load_items, show_items),
        OverviewSection("payments", tr("Ultimi incassi"), "hand-coins", load_payments, show_payments),
    ]


def sections() -> list[OverviewSection]:
    return [OverviewSection("invoices", tr("Fatture"), "receipt-euro", load_invoices, show_invoices)]
