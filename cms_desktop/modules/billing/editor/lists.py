"""The list pages of the dock, and their export to a spreadsheet."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.listing import Filter, ListQuery, Page
from cms_desktop.documents.spreadsheet import CellKind
from cms_desktop.modules.billing import columns, queries
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
Load = Callable[[Any, ListQuery, tuple[object, ...] | None], Page[Any]]
CELLS: dict[str, CellKind] = {"money": "amount", "delta": "amount", "int": "number", "percent": "percent", "date": "date"}


def runs_page(workplace: Workplace, empty: Callable[[], QWidget]) -> ListPage:
    return list_page(
        workplace, columns.run_columns(), queries.list_runs, queries.sum_runs, "runs", lambda run: run.run_id,
        Noun(tr("lancio"), tr("lanci")), empty,
        views=[SavedView(tr("Tutti")), SavedView(tr("In anteprima"), queries.PREVIEWS), SavedView(tr("Emessi"), _is("state", "issued"))],
        tables={"billing.billing_run"},
    )  # fmt: skip


def invoices_page(workplace: Workplace, actions: Sequence[QWidget] = ()) -> ListPage:
    today = local_today()
    return list_page(
        workplace, columns.invoice_columns(), queries.list_invoices, queries.sum_invoices, "invoices", lambda row: row.invoice_id,
        Noun(tr("fattura"), tr("fatture"), feminine=True),
        lambda: EmptyState("receipt-euro", tr("Nessuna fattura"), tr("Le fatture nascono da un lancio, o a mano con F2.")),
        views=[
            SavedView(tr("Tutte")), SavedView(tr("Del mese"), queries.month_query(today)), SavedView(tr("Senza file"), queries.NO_FILE),
            SavedView(tr("Da inviare"), queries.READY_FILES), SavedView(tr("Bozze"), queries.DRAFTS),
            SavedView(tr("Autofatture"), queries.SELF_INVOICES),
        ],
        tables={"billing.invoice", "billing.transmission"}, search=True, filter_names={"run_id": tr("Lancio"), "customer_id": tr("Cliente")},
        actions=actions,
    )  # fmt: skip


def lines_page(workplace: Workplace) -> ListPage:
    """Lines of issued documents: what figures by type of service are the sums of."""
    return list_page(
        workplace, columns.line_columns(), queries.list_lines, queries.sum_lines, "lines", lambda row: row.row_id,
        Noun(tr("riga"), tr("righe"), feminine=True),
        lambda: EmptyState("list", tr("Nessuna riga"), tr("Le righe delle fatture emesse compaiono qui, con il loro tipo di servizio.")),
        views=[SavedView(tr("Tutte")), SavedView(tr("Del mese"), queries.month_query(local_today()))],
        tables={"billing.invoice", "billing.invoice_line"}, filter_names={"type_id": tr("Tipo di servizio")},
    )  # fmt: skip


def due_page(workplace: Workplace) -> ListPage:
    """What falls due in the present month and is billed nowhere."""

    def load(unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        return queries.list_due_services(unit, *queries.month_days(local_today()), query, after)

    return list_page(
        workplace, columns.due_columns(), load,
        lambda unit, query: queries.sum_due_services(unit, *queries.month_days(local_today()), query), "due",
        lambda row: row.row_id, Noun(tr("servizio"), tr("servizi")),
        lambda: EmptyState("circle-check", tr("Tutto fatturato"), tr("Nel mese non resta nessun servizio da fatturare.")),
        tables={"billing.invoice", "billing.invoice_line", "customers.service", "customers.contract", "customers.customer"},
    )  # fmt: skip


def open_items_page(workplace: Workplace) -> ListPage:
    names = (tr("A scadere"), tr("1–30 giorni"), tr("31–60"), tr("61–90"), tr("Oltre 90"))
    bands = [SavedView(name, ledger.band_query(*days)) for name, days in zip(names, ledger.band_days(local_today()), strict=True)]
    return list_page(
        workplace, columns.open_item_columns(), ledger.list_open_items, ledger.sum_open_items, "open_items", lambda row: row.open_item_id,
        Noun(tr("scadenza"), tr("scadenze"), feminine=True),
        lambda: EmptyState("circle-check", tr("Nessuna scadenza aperta"), tr("Tutti i documenti sono incassati.")),
        views=[SavedView(tr("Tutte")), SavedView(tr("Scadute"), overdue_query(local_today())), *bands], tables={"ledger.open_item"},
        search=True, filter_names={"customer_id": tr("Cliente")},
    )  # fmt: skip


def payments_page(workplace: Workplace) -> ListPage:
    return list_page(
        workplace, columns.payment_columns(), ledger.list_payments, ledger.sum_payments, "payments", lambda row: row.payment_id,
        Noun(tr("incasso"), tr("incassi")), lambda: EmptyState("hand-coins", tr("Nessun incasso"), tr("Gli incassi registrati compaiono qui.")),
        views=[SavedView(tr("Tutti")), SavedView(tr("Del mese"), queries.month_query(local_today(), "on_date"))], tables={"ledger.payment"},
        filter_names={"customer_id": tr("Cliente")},
    )  # fmt: skip


def entries_page(workplace: Workplace) -> ListPage:
    return list_page(
        workplace, columns.entry_columns(), ledger.list_entries, ledger.sum_entries, "entries", lambda row: row.entry_id,
        Noun(tr("registrazione"), tr("registrazioni"), feminine=True),
        lambda: EmptyState("book-open", tr("Prima nota vuota"), tr("Ogni fattura emessa si registra da sé.")),
        tables={"ledger.journal_entry", "ledger.journal_line"}, search=True,
    )  # fmt: skip


def overdue_query(today: datetime.date) -> ListQuery:
    """Open items due before a day."""
    return ListQuery((Filter("due_on", "<", (today,)),))


def _is(key: str, value: str) -> ListQuery:
    return ListQuery((Filter(key, "=", (value,)),))


def list_page(
    workplace: Workplace, shown: list[Column], load: Load, totals: Any, name: str, key: Callable[[Any], Any], noun: Noun,
    empty: Callable[[], QWidget], *, views: Sequence[SavedView] = (), tables: set[str], **more: Any,
) -> ListPage:  # fmt: skip
    page = ListPage(
        workplace.background, shown, load, totals, name=f"billing.{name}", record_key=key, noun=noun, empty=empty,
        settings=workplace.settings, views=views, tables=frozenset(tables), **more,
    )  # fmt: skip
    ListExport(page, workplace)
    return page
