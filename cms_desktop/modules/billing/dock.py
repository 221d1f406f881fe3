"""The dock of general invoicing: dashboard, runs, invoices, what is due, and the pages of the books."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing.commands import commands
from cms_desktop.modules.billing.dashboard import BillingDashboard
from cms_desktop.modules.billing.editor import EntryDetail, InvoiceDetail, RunPage, lists
from cms_desktop.modules.billing.editor.payments import PaymentsPage
from cms_desktop.modules.billing.editor.receipts import ReceiptDetail, ReceiptWork, receipts_list
from cms_desktop.ui.basics import boxed, column, row
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.later import Pieces
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")


class ListWithDetail(QWidget):
    """A list and, beside it, the chosen record."""

    loaded = Signal()

    def __init__(self, page: ListPage, detail: Any = None) -> None:
        super().__init__()
        self.page, self.detail, self.tables = page, detail, page.tables
        self._wanted: int | None = None
        card = boxed(column(page, margins=(1, 1, 1, 1)), card="true")
        layout = row(card, *([detail] if detail is not None else []), spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(card, 1)
        self.setLayout(layout)
        self.setFocusProxy(page)
        page.loaded.connect(self._on_loaded)
        if detail is not None:
            page.selection_changed.connect(lambda chosen: detail.show_row(chosen[0] if len(chosen) == 1 else None))

    def reload(self) -> None:
        self.page.reload()

    def show_record(self, record: int) -> None:
        """Choose a record once the rows are there."""
        self._wanted = record

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.page.select(self._wanted)
            self._wanted = None
        self.loaded.emit()


class RunsPage(QStackedWidget):
    """The list of runs, or one of them."""

    tables = frozenset({"billing.billing_run", "billing.invoice", "billing.transmission"})
    loaded = Signal()

    def __init__(self, page: ListPage, run: RunPage) -> None:
        super().__init__()
        self.list, self.run = ListWithDetail(page), run
        self.addWidget(self.list)
        self.addWidget(run)
        self.list.loaded.connect(self.loaded)
        run.loaded.connect(self.loaded)
        page.row_opened.connect(lambda one: self.open_run(one.run_id))
        run.left.connect(self.show_list)

    def reload(self) -> None:
        if self.is_in_run():
            self.run.reload()
        else:
            self.list.reload()

    def is_in_run(self) -> bool:
        return self.currentWidget() is self.run

    def show_list(self, query: ListQuery | None = None) -> None:
        self.setCurrentWidget(self.list)
        if query is not None:
            self.list.page.set_query(query)
        else:
            self.list.reload()
        self.list.page.setFocus()

    def open_run(self, run_id: int, query: ListQuery | None = None) -> None:
        self.setCurrentWidget(self.run)
        self.run.show_run(run_id, query)
        self.run.rows.setFocus()

    def new_run(self) -> None:
        self.setCurrentWidget(self.run)
        self.run.new_run()


class BillingDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("billing", tr("Fatturazione Generale"))
        self.workplace = workplace
        workplace.commands.register(*commands(self))
        new = workplace.commands.button
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard, primary=new("billing.new_run", "primary"))
        self.add_page("runs", tr("Lanci"), self._make_runs, primary=new("billing.new_run", "primary"))
        self.add_page("invoices", tr("Fatture"), lambda: ListWithDetail(lists.invoices_page(workplace), InvoiceDetail(workplace)))
        self.add_page("lines", tr("Righe"), lambda: ListWithDetail(lists.lines_page(workplace)))
        self.add_page(
            "due", tr("Da fatturare"), lambda: ListWithDetail(lists.due_page(workplace)), primary=new("billing.new_run", "primary")
        )
        self.add_page("receipts", tr("Ricevute SdI"), self._make_receipts, actions=[new("billing.read_receipts", "")])
        if workplace.may("ledger.read"):
            self.add_page("open_items", tr("Scadenzario"), lambda: ListWithDetail(lists.open_items_page(workplace)))
            pay = [new("ledger.new_payment", "primary")] if workplace.may("ledger.collect") else []
            bank = [new("ledger.read_statement", "")] if pay else []
            self.add_page("payments", tr("Incassi"), self._make_payments, primary=pay[0] if pay else None, actions=bank)
            self.add_page("entries", tr("Prima nota"), lambda: ListWithDetail(lists.entries_page(workplace), EntryDetail(workplace)))
            self.add_page("vat", tr("IVA"), self._make_vat)

    def _make_dashboard(self) -> BillingDashboard:
        dashboard = BillingDashboard(self.workplace)
        dashboard.opened.connect(self._on_opened)
        dashboard.loaded.connect(self._show_counts)
        return dashboard

    def _make_runs(self) -> Pieces:
        rows = lists.runs_page(self.workplace, self._empty_runs)
        yield
        run = RunPage(self.workplace)
        run.invoices_wanted.connect(lambda query: self.show_page_for("invoices", query=query))
        run.invoice_wanted.connect(lambda invoice: self.show_page_for("invoices", record=invoice))
        yield
        return RunsPage(rows, run)

    def _make_receipts(self) -> Pieces:
        page = receipts_list(self.workplace, self.read_receipts)
        yield
        detail = ReceiptDetail(self.workplace)
        made = ListWithDetail(page, detail)
        self.receipt_work = ReceiptWork(made, self.workplace, page.reload)
        detail.invoice_wanted.connect(lambda invoice: self.show_page_for("invoices", record=invoice))
        detail.mend_wanted.connect(self.receipt_work.mend)
        yield
        return made

    def _make_vat(self) -> Pieces:
        from cms_desktop.modules.billing.editor.vat import VatPage  # only who opens it waits for it

        yield
        page = VatPage(self.workplace)
        page.opened.connect(self._on_opened)
        yield
        return page

    def _make_payments(self) -> Pieces:
        page = lists.payments_page(self.workplace)
        yield
        made = PaymentsPage(self.workplace, page)
        yield
        return made

    # -- pages, made when first asked for
    @property
    def dashboard(self) -> BillingDashboard:
        return cast(BillingDashboard, self.page("dashboard"))

    @property
    def runs(self) -> RunsPage:
        return cast(RunsPage, self.page("runs"))

    @property
    def invoices(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("invoices"))

    @property
    def invoice_detail(self) -> InvoiceDetail:
        return cast(InvoiceDetail, self.invoices.detail)

    @property
    def due(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("due"))

    @property
    def open_items(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("open_items"))

    @property
    def payments(self) -> PaymentsPage:
        return cast(PaymentsPage, self.page("payments"))

    @property
    def receipts(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("receipts"))

    @property
    def vat(self) -> Any:
        return self.page("vat")

    def show_vat(self, place: int) -> None:
        """Registers, settlement or stamp duty."""
        self.show_page("vat")
        self.vat.show_tab(place)

    @property
    def entries(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("entries"))

    def _empty_runs(self) -> QWidget:
        start = self.workplace.commands.button("billing.new_run", "primary")
        return EmptyState("receipt-euro", tr("Nessun lancio"), tr("Un lancio fattura tutti i servizi che scadono in un periodo."), start)

    # -- ways in
    def show_page_for(self, page: str, query: ListQuery | None = None, record: int | None = None, **more: Any) -> None:
        """Open a page with the rows (`query`) or the record that somebody asked for; new= the form of a new payment."""
        if page not in self.page_keys():
            return
        if page == "payments" and more.get("new"):
            self.show_page(page)
            self.page(page).new_payment()
            return
        if page == "runs" and record is not None:
            self.runs.open_run(record, query)
        elif page == "runs":
            self.runs.show_list(query or ListQuery())
        elif page not in ("dashboard", "vat"):
            holder: ListWithDetail = self.page(page)
            if record is not None:
                key = {
                    "invoices": "invoice_id",
                    "open_items": "open_item_id",
                    "entries": "entry_id",
                    "payments": "payment_id",
                    "receipts": "message_id",
                }.get(page, "")
                query = query or (ListQuery((Filter(key, "=", (record,)),)) if key else None)
                holder.show_record(record)
            if query is not None:
                holder.page.set_query(query)
        self.show_page(page)

    def _on_opened(self, page: str, query: ListQuery | None, record: int | None) -> None:
        self.show_page_for(page, query=query, record=record)

    def _show_counts(self) -> None:
        figures = self.dashboard.figures
        if figures is not None:
            self.set_count("runs", sum(1 for one in figures.billing.to_check if one.kind == "preview"))

    # -- commands
    def read_receipts(self) -> None:
        """Ask for the folder of the exchange and read it."""
        self.show_page("receipts")
        assert self.receipts is not None
        self.receipt_work.read()

    def start_new(self) -> None:
        """F2: a payment on the pages of money, a run anywhere else."""
        if self.current_page() in ("payments", "open_items") and self.workplace.may("ledger.collect"):
            self.new_payment()
        else:
            self.new_run()

    def new_payment(self) -> None:
        """For the open item in view, if there is one."""
        chosen = self.open_items.page.table.selected() if self.current_page() == "open_items" else []
        self.show_page("payments")
        self.payments.new_payment(chosen[0] if len(chosen) == 1 else None)

    def read_statement(self) -> None:
        self.show_page("payments")
        self.payments.read_statement()

    def is_in_payment(self) -> bool:
        page = self.made_page("payments")
        return self.current_page() == "payments" and page is not None and bool(page.is_in_form() or page.is_in_statement())

    def new_run(self) -> None:
        self.runs.new_run()
        self.show_page("runs")

    def is_in_run(self) -> bool:
        runs = self.made_page("runs")
        return self.current_page() == "runs" and runs is not None and bool(runs.is_in_run())

    def confirm(self) -> None:
        if self.is_in_run():
            self.runs.run.confirm()
        elif self.is_in_payment():
            self.payments.confirm()

    def go_back(self) -> bool:
        was_in_run = self.is_in_run()
        self.leave_run()
        return was_in_run

    def leave_run(self) -> None:
        if self.is_in_run():
            self.runs.show_list()

    def print_documents(self) -> None:
        """F9: the chosen invoice, or all of the run."""
        if self.is_in_run() and self.runs.run.run is not None and self.runs.run.run.state == "issued":
            self.runs.run.work.save_pdfs()
        elif self.current_page() == "invoices":
            self.invoice_detail.open_pdf()
