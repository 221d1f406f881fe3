"""The dock of general invoicing: dashboard, runs, invoices, what is due, and the pages of the books."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtWidgets import QWidget

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing.commands import commands
from cms_desktop.modules.billing.dashboard import BillingDashboard
from cms_desktop.modules.billing.editor import InvoiceDetail, RunPage, lists
from cms_desktop.modules.billing.editor.books.entries_page import BookEntryDetail, EntriesPage
from cms_desktop.modules.billing.editor.delivery_work import DeliveryWork
from cms_desktop.modules.billing.editor.invoices_page import InvoicesPage
from cms_desktop.modules.billing.editor.items import ItemDetail, items_page
from cms_desktop.modules.billing.editor.list_pages import ItemsPage, ListWithDetail
from cms_desktop.modules.billing.editor.outbox_page import OutboxDetail, OutboxPage, outbox_list
from cms_desktop.modules.billing.editor.payments import PaymentsPage
from cms_desktop.modules.billing.editor.receipts import ReceiptDetail, ReceiptWork, receipts_list
from cms_desktop.modules.billing.editor.runs_page import RunsPage
from cms_desktop.modules.billing.editor.send_check_page import SendCheckPage
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.later import Pieces
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")


class BillingDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("billing", tr("Fatturazione Generale"))
        self.workplace = workplace
        workplace.commands.register(*commands(self))
        new = workplace.commands.button
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard, primary=new("billing.new_run", "primary"))
        self.add_page("runs", tr("Lanci"), self._make_runs, primary=new("billing.new_run", "primary"))
        by_hand = [new("billing.credit", ""), new("billing.copy_document", "")] if workplace.may("billing.prepare") else []
        self.add_page("invoices", tr("Fatture"), self._make_invoices, primary=new("billing.new_document", "primary"), actions=by_hand)
        self.add_page("lines", tr("Righe"), lambda: ListWithDetail(lists.lines_page(workplace)))
        self.add_page(
            "due", tr("Da fatturare"), lambda: ListWithDetail(lists.due_page(workplace)), primary=new("billing.new_run", "primary")
        )
        item = [new("billing.new_item", "primary")] if workplace.may("billing.charge") else []
        lists_of_items = [new("billing.import_items", "")] if item else []
        self.add_page("items", tr("Prestazioni"), self._make_items, primary=item[0] if item else None, actions=lists_of_items)
        self.add_page("to_send", tr("Da inviare"), self._make_to_send, actions=[new("billing.check_sending", "")])
        if workplace.may("base.outbox"):
            self.add_page(
                "outbox",
                tr("Invii"),
                self._make_outbox,
                primary=new("billing.send_now", "primary"),
                actions=[new("billing.queue_copies", "")],
            )
        self.add_page(
            "receipts", tr("Ricevute SdI"), self._make_receipts, actions=[new("billing.read_receipts", ""), new("billing.read_mailbox", "")]
        )
        if workplace.may("ledger.read"):
            self.add_page("open_items", tr("Scadenzario"), lambda: ListWithDetail(lists.open_items_page(workplace)))
            pay = [new("ledger.new_payment", "primary")] if workplace.may("ledger.collect") else []
            bank = [new("ledger.read_statement", "")] if pay else []
            self.add_page("payments", tr("Incassi"), self._make_payments, primary=pay[0] if pay else None, actions=bank)
            write = new("ledger.new_entry", "primary") if workplace.may("ledger.post") else None
            self.add_page("entries", tr("Prima nota"), self._make_entries, primary=write)
            self.add_page("books", tr("Conti"), self._make_books)
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

    def _make_invoices(self) -> Pieces:
        page = lists.invoices_page(self.workplace)
        yield
        holder = ListWithDetail(page, InvoiceDetail(self.workplace))
        yield
        return InvoicesPage(holder, self.workplace)

    def _make_items(self) -> Pieces:
        page = items_page(self.workplace, lambda: self.workplace.commands.button("billing.new_item", "primary"))
        yield
        detail = ItemDetail(self.workplace)
        detail.invoice_wanted.connect(lambda invoice: self.show_page_for("invoices", record=invoice))
        detail.saved.connect(lambda: self.mark_changed({"billing.chargeable_item"}))
        yield
        return ItemsPage(page, detail, self.workplace)

    def _make_to_send(self) -> SendCheckPage:
        page = SendCheckPage(self.workplace)
        page.invoice_wanted.connect(lambda invoice: self.show_page_for("invoices", record=invoice))
        return page

    def _make_outbox(self) -> Pieces:
        page = outbox_list(self.workplace, self.send_now)
        yield
        made = OutboxPage(self.workplace, page, OutboxDetail(self.workplace))
        made.detail.invoice_wanted.connect(lambda invoice: self.show_page_for("invoices", record=invoice))
        yield
        return made

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

    def _make_entries(self) -> Pieces:
        page = lists.entries_page(self.workplace)
        yield
        holder = ListWithDetail(page, BookEntryDetail(self.workplace))
        yield
        return EntriesPage(self.workplace, holder)

    def _make_books(self) -> Pieces:
        from cms_desktop.modules.billing.editor.books.page import BooksPage

        yield
        made = BooksPage(self.workplace)
        made.entry_wanted.connect(lambda entry: self.show_page_for("entries", record=entry))
        return made

    # -- pages, made when first asked for
    @property
    def dashboard(self) -> BillingDashboard:
        return cast(BillingDashboard, self.page("dashboard"))

    @property
    def runs(self) -> RunsPage:
        return cast(RunsPage, self.page("runs"))

    @property
    def invoices(self) -> InvoicesPage:
        return cast(InvoicesPage, self.page("invoices"))

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
    def items(self) -> ItemsPage:
        return cast(ItemsPage, self.page("items"))

    def new_item(self) -> None:
        self.show_page("items")
        self.items.show_list()
        self.items.detail.start_new()

    def import_items(self) -> None:
        self.show_page("items")
        self.items.start_import()

    @property
    def receipts(self) -> ListWithDetail:
        return cast(ListWithDetail, self.page("receipts"))

    @property
    def entries(self) -> EntriesPage:
        return cast(EntriesPage, self.page("entries"))

    @property
    def books(self) -> Any:
        """Conti; its tabs are imported when it is first shown."""
        return self.page("books")

    @property
    def vat(self) -> Any:
        return self.page("vat")

    def show_vat(self, place: int) -> None:
        """Registers, settlement or stamp duty."""
        self.show_page("vat")
        self.vat.show_tab(place)

    def _empty_runs(self) -> QWidget:
        start = self.workplace.commands.button("billing.new_run", "primary")
        return EmptyState("receipt-euro", tr("Nessun lancio"), tr("Un lancio fattura tutti i servizi che scadono in un periodo."), start)

    # -- ways in
    def show_page_for(self, page: str, query: ListQuery | None = None, record: int | None = None, **more: Any) -> None:
        """Open a page with the rows (`query`) or the record that somebody asked for; new= a new payment or document, draft= one begun."""
        if page not in self.page_keys():
            return
        if page == "payments" and more.get("new"):
            self.show_page(page)
            self.page(page).new_payment()
            return
        if page == "invoices" and (more.get("new") or more.get("draft")):
            self.show_page(page)
            self.new_document() if more.get("new") else self.invoices.open_draft(more["draft"])
            return
        if page == "runs" and record is not None:
            self.runs.open_run(record, query)
        elif page == "runs":
            self.runs.show_list(query or ListQuery())
        elif page == "books":
            self.books.show_tab(str(more.get("tab") or self.books.tabs.active()))
        elif page not in ("dashboard", "vat", "to_send"):
            holder: Any = self.page(page)
            if page == "invoices" and self.invoices.is_in_document():
                self.invoices.show_list()
            if record is not None:
                key = {
                    "invoices": "invoice_id",
                    "open_items": "open_item_id",
                    "entries": "entry_id",
                    "payments": "payment_id",
                    "receipts": "message_id",
                    "outbox": "message_id",
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

    # -- what leaves
    def check_sending(self) -> None:
        """All that could leave, checked anew."""
        self.show_page("to_send")
        cast(SendCheckPage, self.page("to_send")).check()

    def send_now(self) -> None:
        self.show_page("outbox")
        self._delivery("outbox").send()

    def read_mailbox(self) -> None:
        self.show_page("receipts")
        self._delivery("receipts").read_mailbox()

    def queue_copies(self) -> None:
        """Courtesy copies: of the chosen invoices, of the run in view, or of the last sixty days."""
        if self.current_page() == "invoices":
            chosen = [one.invoice_id for one in self.invoices.page.table.selected()]
            self._delivery("invoices").queue_copies(invoice_ids=chosen or None)
        elif self.is_in_run():
            self._delivery("runs").queue_copies(run_id=self.runs.run.run_id)
        else:
            self._delivery(self.current_page()).queue_copies()

    def _delivery(self, page: str) -> DeliveryWork:
        place = self.page(page)
        self.delivery = DeliveryWork(place, self.workplace, getattr(place, "reload", lambda: None))
        return self.delivery

    # -- commands
    def read_receipts(self) -> None:
        """Ask for the folder of the exchange and read it."""
        self.show_page("receipts")
        assert self.receipts is not None
        self.receipt_work.read()

    def start_new(self) -> None:
        """F2: a payment on the pages of money, a document among the invoices, a run anywhere else."""
        if self.current_page() in ("payments", "open_items") and self.workplace.may("ledger.collect"):
            self.new_payment()
        elif self.current_page() == "invoices" and self.workplace.may("billing.prepare"):
            self.new_document()
        elif self.current_page() == "items" and self.workplace.may("billing.charge"):
            self.new_item()
        elif self.current_page() == "entries" and self.workplace.may("ledger.post"):
            self.new_entry()
        elif self.current_page() == "books":
            self.books.start_new()
        else:
            self.new_run()

    def new_document(self) -> None:
        """An invoice (or another document) made by hand."""
        self.show_page("invoices")
        self.invoices.new_document()

    def credit_invoice(self) -> None:
        """A credit note of the invoice in view."""
        self.invoices.credit()

    def copy_document(self) -> None:
        self.invoices.copy()

    def is_in_document(self) -> bool:
        page = self.made_page("invoices")
        return self.current_page() == "invoices" and page is not None and bool(page.is_in_document())

    def may_credit(self) -> bool:
        page = self.made_page("invoices")
        return self.current_page() == "invoices" and page is not None and bool(page.may_credit())

    def may_copy(self) -> bool:
        page = self.made_page("invoices")
        return self.current_page() == "invoices" and page is not None and page.chosen() is not None

    def new_entry(self) -> None:
        self.show_page("entries")
        self.entries.new_entry()

    def is_in_entry(self) -> bool:
        page = self.made_page("entries")
        return self.current_page() == "entries" and page is not None and bool(page.is_in_form())

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
        elif self.is_in_document():
            self.invoices.document.issue()
        elif self.current_page() == "items":
            self.items.detail.save()
        elif self.is_in_entry():
            self.entries.form.save()

    def go_back(self) -> bool:
        was_within = self.is_in_run() or self.is_in_document()
        self.leave_run()
        return was_within

    def leave_run(self) -> None:
        if self.is_in_run():
            self.runs.show_list()
        elif self.is_in_document():
            self.invoices.show_list()

    def print_documents(self) -> None:
        """F9: the chosen invoice, or all of the run."""
        if self.is_in_run() and self.runs.run.run is not None and self.runs.run.run.state == "issued":
            self.runs.run.work.save_pdfs()
        elif self.is_in_document():
            self.invoices.document.preview()
        elif self.current_page() == "invoices":
            self.invoice_detail.open_pdf()
