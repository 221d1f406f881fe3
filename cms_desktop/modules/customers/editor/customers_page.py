"""The page of customers: the list at the left, the customer at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.modules.customers import columns, queries
from cms_desktop.modules.customers.editor import mass_fields
from cms_desktop.modules.customers.editor.customer_pane import CustomerPane
from cms_desktop.modules.customers.editor.record_spec import Path
from cms_desktop.modules.customers.records import CustomerRow
from cms_desktop.modules.registry.queries import list_classes
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.basics import button, column
from cms_desktop.ui.feedback import EmptyState, ask
from cms_desktop.ui.later import BuiltLater, Pieces
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage, change_list
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
FORM_WIDTH = 684
NARROW = 1060  # below this the form covers the list


class CustomersPage(QWidget):
    """The list at the left, the customer at the right; in a narrow dock one covers the other."""

    tables = columns.PAGE_TABLES
    loaded = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._wanted: int | None = None
        self._views = columns.customer_views()
        self._counted = {id(view.query): view.query for view in self._views}
        self._classes: tuple[ClassField, ...] = ()
        self.list = self._make_list()
        self._pane_place = BuiltLater(self._make_pane)
        self._pane_place.built.connect(lambda _pane: self._on_selection_changed(self.list.table.selected()))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(self._pane_place)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes([10_000, FORM_WIDTH])
        self._pane_place.setMinimumWidth(FORM_WIDTH)
        self.setLayout(column(self.split, spacing=0))
        self.setFocusProxy(self.list)
        self._fit()

    def _make_list(self) -> ListPage:
        workplace, text = self._workplace, tr("Crea il primo con F2, oppure porta dentro un elenco da Excel dalla pagina Importa.")
        page = ListPage(
            workplace.background, columns.customer_columns(self._classes), queries.list_customers, self._totals, name="customers.customer",
            record_key=lambda row: row.customer_id, noun=Noun("cliente", "clienti"),
            empty=lambda: EmptyState("building-2", tr("Nessun cliente"), text, first_button(workplace, self.new_customer)),
            settings=workplace.settings, views=self._views, filter_names=columns.customer_filter_names(),
            tables=columns.CUSTOMER_TABLES, search=True,
        )  # fmt: skip
        ListExport(page, workplace)
        self.mass_change = mass_fields.attach(page, workplace, lambda: self.pane.choices)
        page.loaded.connect(self._on_loaded)
        page.selection_changed.connect(self._on_selection_changed)
        page.row_opened.connect(self._on_row_opened)
        return page

    def _show_classes(self, fields: Sequence[ClassField]) -> None:
        """The company's own fields of classification as columns: the list is made anew when they changed."""
        if self._classes == tuple(fields):
            return
        self._classes = tuple(fields)
        self.list = change_list(self.split, self.list, self._make_list())
        self.setFocusProxy(self.list)
        self._fit()

    def _totals(self, unit: Any, query: ListQuery) -> Totals:
        """Sums for the list; for the chips of the views, whose own queries are asked, only the counts."""
        if self._counted.get(id(query)) is query:
            return Totals(queries.count_customers(unit, query))
        return queries.sum_customers(unit, query)

    def _make_pane(self) -> Pieces:
        yield  # the list first
        pane = CustomerPane(self._workplace)
        pane.saved.connect(self._on_saved)
        pane.left.connect(self._on_left)
        pane.wide_wanted.connect(self.toggle_wide)
        pane.tab_chosen.connect(lambda: self._show_form(True))
        pane.bind_keys(self)
        pane.previous_wanted.connect(lambda: self._step(-1))
        pane.next_wanted.connect(lambda: self._step(1))
        pane.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(pane.is_dirty()))
        pane.back_button.setVisible(self._is_narrow())
        return pane

    @property
    def pane(self) -> CustomerPane:
        """The customer at the right, made when first shown or asked for."""
        return cast(CustomerPane, self._pane_place.widget())

    def _made_pane(self) -> CustomerPane | None:
        return cast(CustomerPane | None, self._pane_place.found())

    def reload(self) -> None:
        self._workplace.background.run(self, list_classes, then=self._show_classes, failed=lambda _error: None, key="classes")
        self.list.reload()
        pane = self._made_pane()
        if pane is not None:
            pane.refresh()

    def export(self) -> None:
        self.list.export()

    # which customer -----------------------------------------------------------------------------------------------------
    def new_customer(self) -> None:
        if self._may_leave():
            self.list.table.view.clearSelection()
            self.pane.show_new()
            self._show_form(True)

    def open_customer(
        self, customer_id: int, *, contract_id: int | None = None, site_id: int | None = None, tab: str = "", path: Path = ()
    ) -> None:
        """Show a customer; `contract_id`, `site_id`, `tab` and `path` say where to begin."""
        if self._may_leave():
            self.list.select(customer_id)
            self.pane.show_customer(customer_id, contract_id=contract_id, site_id=site_id, tab=tab, path=path)
            self._show_form(True)

    def _may_leave(self) -> bool:
        pane = self._made_pane()
        return (
            pane is None
            or not pane.is_dirty()
            or ask(
                self,
                tr("Lasciare il cliente senza salvare?"),
                tr("Ci sono modifiche non salvate: aprendo un altro cliente si perdono."),
                tr("Perdi le modifiche"),
                "negative",
                cancel=tr("Torna alle modifiche"),
            )
        )

    def _on_selection_changed(self, rows: list[CustomerRow]) -> None:
        pane = self._made_pane()  # while it is being made nobody waits: it asks when it is there
        if pane is None or self._is_narrow() or len(rows) != 1 or rows[0].customer_id == pane.customer_id():
            return
        if not pane.is_dirty():  # typed text stays; Enter on the row asks
            pane.show_customer(rows[0].customer_id)

    def _on_row_opened(self, row: CustomerRow) -> None:
        if row.customer_id != self.pane.customer_id():
            self.open_customer(row.customer_id)
        self._show_form(True)
        self.pane.focus_tab()

    def _step(self, by: int) -> None:
        rows = self.list.table.rows()
        place = next((n for n, row in enumerate(rows) if row.customer_id == self.pane.customer_id()), None)
        if place is not None and 0 <= place + by < len(rows):
            self.open_customer(rows[place + by].customer_id)

    def _on_saved(self, customer_id: int) -> None:
        self._wanted = customer_id
        self.list.reload()

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.list.select(self._wanted)
            self._wanted = None
        self.loaded.emit()

    def _on_left(self) -> None:
        self._is_wide = False
        self._show_form(False)
        self.list.table.setFocus()

    def toggle_wide(self) -> None:
        """The customer over the whole page, or beside the list again."""
        self._is_wide = not self._is_wide
        self._show_form(True)
        self.pane.focus_tab()

    _is_wide = False

    # narrow docks -------------------------------------------------------------------------------------------------------
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _show_form(self, wanted: bool) -> None:
        self._form_wanted = wanted
        self._fit()

    _form_wanted = False

    def _fit(self) -> None:
        narrow = self._is_narrow()
        alone = (narrow or self._is_wide) and self._form_wanted
        self.list.setVisible(not alone)
        self._pane_place.setVisible(not narrow or self._form_wanted)
        pane = self._made_pane()
        if pane is not None:
            pane.back_button.setVisible(alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def first_button(workplace: Workplace, run: Callable[[], None]) -> QWidget:
    """The button of the empty state, made anew each time it is shown."""
    result = button(tr("Nuovo cliente"), "primary", "plus", tip=tr("Nuovo cliente (F2)"))
    result.setEnabled(workplace.may("customers.write"))
    result.clicked.connect(run)
    return result
