"""Pages of the dock that are a list with the chosen record beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.modules.billing.charging.importing import ITEMS
from cms_desktop.ui.basics import boxed, column, row
from cms_desktop.ui.import_wizard import ImportWizard
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.workplace import Workplace

from .items import ItemDetail


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


class ItemsPage(QStackedWidget):
    """Items charged by use, or the import of a list of them."""

    tables = frozenset({"billing.chargeable_item"})
    loaded = Signal()

    def __init__(self, page: ListPage, detail: ItemDetail, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.list, self.detail = ListWithDetail(page, detail), detail
        self.importing: ImportWizard | None = None
        self.addWidget(self.list)
        self.list.loaded.connect(self.loaded)
        page.table.checked_changed.connect(lambda _ticks: self._on_ticked())

    @property
    def page(self) -> ListPage:
        return self.list.page

    def _on_ticked(self) -> None:
        table = self.page.table
        self.detail.chosen = [one for one in table.rows() if table.ticks().holds(one.item_id)]

    def reload(self) -> None:
        self.list.reload()

    def show_list(self) -> None:
        self.setCurrentWidget(self.list)
        self.list.reload()

    def start_import(self) -> None:
        """The wizard, made when first wanted."""
        if self.importing is None:
            self.importing = ImportWizard(self._workplace, (ITEMS,))
            self.importing.show_records_wanted.connect(lambda _target: self.show_list())
            self.addWidget(self.importing)
        self.setCurrentWidget(self.importing)
        self.importing.choose_file()
