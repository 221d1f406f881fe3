"""The list of invoices with the chosen one beside it, or the document that is being written over it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing.editor.document_page import DocumentPage
from cms_desktop.modules.billing.records import InvoiceRow
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
DRAFT_STAGES = ("draft", "pro_forma")


class InvoicesPage(QStackedWidget):
    """`holder` is the list with its detail; the document page is made when first wanted."""

    tables = frozenset({"billing.invoice", "billing.transmission"})
    loaded = Signal()

    def __init__(self, holder: Any, workplace: Workplace) -> None:
        super().__init__()
        self.list, self._workplace = holder, workplace
        self._document: DocumentPage | None = None
        self.addWidget(holder)
        holder.loaded.connect(self.loaded)
        holder.page.row_opened.connect(self.open_row)
        self.setFocusProxy(holder)

    # -- what the dock asks of a list
    @property
    def page(self) -> ListPage:
        page: ListPage = self.list.page
        return page

    @property
    def detail(self) -> Any:
        return self.list.detail

    def show_record(self, record: int) -> None:
        self.show_list()
        self.list.show_record(record)

    def reload(self) -> None:
        if not self.is_in_document():
            self.list.reload()

    # -- the document
    @property
    def document(self) -> DocumentPage:
        if self._document is None:
            self._document = DocumentPage(self._workplace)
            self._document.left.connect(self.show_list)
            self._document.issued.connect(self._on_issued)
            self.addWidget(self._document)
        return self._document

    def is_in_document(self) -> bool:
        return self._document is not None and self.currentWidget() is self._document

    def _enter(self) -> DocumentPage:
        page = self.document
        self.setCurrentWidget(page)
        self.setFocusProxy(page)
        return page

    def new_document(self) -> None:
        self._enter().new_document()

    def open_row(self, row: InvoiceRow) -> None:
        """A draft opens for writing; an issued document stands beside the list already."""
        if row.stage in DRAFT_STAGES:
            self._enter().open_draft(row.invoice_id)

    def open_draft(self, invoice_id: int) -> None:
        self._enter().open_draft(invoice_id)

    def chosen(self) -> InvoiceRow | None:
        """The invoice in view, if one is chosen in the list."""
        rows = self.page.table.selected() if not self.is_in_document() else []
        return rows[0] if len(rows) == 1 else None

    def may_credit(self) -> bool:
        row = self.chosen()
        return row is not None and row.stage == "issued" and row.document_type != "TD04"

    def credit(self) -> None:
        row = self.chosen()
        if row is not None and self.may_credit():
            self._enter().credit(row.invoice_id)

    def copy(self) -> None:
        row = self.chosen()
        if row is not None:
            self._enter().copy(row.invoice_id)

    def show_list(self) -> None:
        self.setCurrentWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.reload()
        self.page.setFocus()

    def _on_issued(self, invoice_id: int) -> None:
        """Back in the list, on what was just issued."""
        self.setCurrentWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.show_record(invoice_id)
        self.page.set_query(ListQuery((Filter("invoice_id", "=", (invoice_id,)), Filter("stage", "in", ("issued", "self")))))
        self.page.setFocus()
