"""The dock of Gestione Clienti: Cruscotto, Clienti (list and form), Contratti, Scadenze, Prezzi, Incoerenze, Importa."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.modules.customers import columns, queries
from cms_desktop.modules.customers.dashboard import CustomersDashboard
from cms_desktop.modules.customers.editor.customer_pane import CustomerPane
from cms_desktop.modules.customers.editor.deadlines import DeadlinesPage
from cms_desktop.modules.customers.editor.inconsistencies import InconsistenciesPage
from cms_desktop.modules.customers.editor.prices import PricesPage
from cms_desktop.modules.customers.editor.site_lists import plants_page, sites_page
from cms_desktop.modules.customers.importing import TARGETS
from cms_desktop.modules.customers.records import ContractRow, CustomerRow
from cms_desktop.ui.basics import button, column
from cms_desktop.ui.feedback import EmptyState, ask
from cms_desktop.ui.import_wizard import ImportWizard
from cms_desktop.ui.later import BuiltLater, Pieces
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.module_dock import ModuleDock
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
        views = columns.customer_views()
        self._counted = {id(view.query): view.query for view in views}
        text = tr("Crea il primo con F2, oppure porta dentro un elenco da Excel dalla pagina Importa.")
        self.list = ListPage(
            workplace.background, columns.customer_columns(), queries.list_customers, self._totals, name="customers.customer",
            record_key=lambda row: row.customer_id, noun=Noun("cliente", "clienti"),
            empty=lambda: EmptyState("building-2", tr("Nessun cliente"), text, _first_button(workplace, self.new_customer)),
            settings=workplace.settings, views=views, filter_names=columns.customer_filter_names(),
            tables=columns.CUSTOMER_TABLES, search=True,
        )  # fmt: skip
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
        ListExport(self.list, workplace)
        self._connect()
        self._fit()

    def _totals(self, unit: Any, query: ListQuery) -> Totals:
        """Sums for the list; for the chips of the views, whose own queries are asked, only the counts."""
        if self._counted.get(id(query)) is query:
            return Totals(queries.count_customers(unit, query))
        return queries.sum_customers(unit, query)

    def _connect(self) -> None:
        self.list.loaded.connect(self._on_loaded)
        self.list.selection_changed.connect(self._on_selection_changed)
        self.list.row_opened.connect(self._on_row_opened)

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
        self.list.reload()
        pane = self._made_pane()
        if pane is not None:
            pane.refresh()

    def export(self) -> None:
        self.list.export()

    # which customer -----------------------------------------------------------------------------------------------------
    def new_customer(self, *, resume: bool = False) -> None:
        if self._may_leave():
            self.list.table.view.clearSelection()
            self.pane.show_new(resume=resume)
            self._show_form(True)

    def open_customer(
        self, customer_id: int, *, contract_id: int | None = None, site_id: int | None = None, tab: str = "", resume: bool = False
    ) -> None:
        """Show a customer; `contract_id`, `site_id` and `tab` say where to begin, `resume` puts unsaved text back."""
        if self._may_leave():
            self.list.select(customer_id)
            self.pane.show_customer(customer_id, contract_id=contract_id, site_id=site_id, tab=tab, resume=resume)
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


TABLES_OF_IMPORTS = frozenset().union(*(target.tables for target in TARGETS))


class CustomersDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("customers", tr("Gestione Clienti"))
        self.workplace = workplace
        self.new_button = button(tr("Nuovo cliente"), "primary", "plus", tip=tr("Nuovo cliente (F2)"))
        self.new_button.clicked.connect(self.new_customer)
        self.new_button.setEnabled(workplace.may("customers.write"))
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard)
        self.add_page("customers", tr("Clienti"), self._make_customers, primary=self.new_button)
        self.add_page("contracts", tr("Contratti"), self._make_contracts)
        self.add_page("sites", tr("Sedi"), self._make_sites)
        self.add_page("plants", tr("Impianti"), self._make_plants)
        self.add_page("deadlines", tr("Scadenze contratti"), self._make_deadlines)
        self.add_page("prices", tr("Prezzi"), self._make_prices)
        self.add_page("checks", tr("Incoerenze"), self._make_checks)
        if workplace.may("customers.import"):
            self.add_page("import", tr("Importa"), self._make_import)

    def _make_dashboard(self) -> CustomersDashboard:
        dashboard = CustomersDashboard(self.workplace)
        dashboard.drill_down.connect(lambda page, query: self.show_page_for(page, query=query))
        return dashboard

    def _make_customers(self) -> CustomersPage:
        customers = CustomersPage(self.workplace)
        customers.dirty_changed.connect(self.set_dirty)
        return customers

    def _make_deadlines(self) -> DeadlinesPage:
        page = DeadlinesPage(self.workplace)
        page.contract_wanted.connect(self.open_contract)
        return page

    def _make_prices(self) -> PricesPage:
        page = PricesPage(self.workplace)
        page.contract_wanted.connect(self.open_contract)
        return page

    def _make_checks(self) -> InconsistenciesPage:
        page = InconsistenciesPage(self.workplace)
        page.contract_wanted.connect(self.open_contract)
        return page

    def _make_import(self) -> ImportWizard:
        importing = ImportWizard(self.workplace, TARGETS)
        importing.imported.connect(lambda _target: self.mark_changed(TABLES_OF_IMPORTS))
        importing.show_records_wanted.connect(lambda target: self.show_page(target if target in self.page_keys() else "customers"))
        return importing

    # -- pages, made when first asked for
    @property
    def dashboard(self) -> CustomersDashboard:
        return cast(CustomersDashboard, self.page("dashboard"))

    @property
    def customers(self) -> CustomersPage:
        return cast(CustomersPage, self.page("customers"))

    @property
    def contracts(self) -> ListPage:
        return cast(ListPage, self.page("contracts"))

    @property
    def deadlines(self) -> DeadlinesPage:
        return cast(DeadlinesPage, self.page("deadlines"))

    @property
    def prices(self) -> PricesPage:
        return cast(PricesPage, self.page("prices"))

    @property
    def checks(self) -> InconsistenciesPage:
        return cast(InconsistenciesPage, self.page("checks"))

    @property
    def importing(self) -> ImportWizard:
        return cast(ImportWizard, self.page("import"))

    def _make_contracts(self) -> ListPage:
        workplace = self.workplace
        text = tr("I contratti nascono nella scheda del cliente, alla voce Contratti.")
        page = ListPage(
            workplace.background, columns.contract_columns(), queries.list_contracts, queries.sum_contracts, name="customers.contract",
            record_key=lambda row: row.contract_id, noun=Noun("contratto", "contratti"),
            empty=lambda: EmptyState("file-text", tr("Nessun contratto"), text), settings=workplace.settings,
            views=columns.contract_views(), filter_names=columns.contract_filter_names(), tables=columns.CONTRACT_TABLES, search=True,
        )  # fmt: skip
        page.row_opened.connect(self._on_contract_opened)
        ListExport(page, workplace)
        return page

    def _make_sites(self) -> ListPage:
        page = sites_page(self.workplace)
        page.row_opened.connect(lambda row: self.show_page_for("customers", record=row.customer_id, site=row.site_id))
        return page

    def _make_plants(self) -> ListPage:
        page = plants_page(self.workplace)
        page.row_opened.connect(lambda row: self.show_page_for("customers", record=row.customer_id, site=row.site_id))
        return page

    @property
    def sites(self) -> ListPage:
        return cast(ListPage, self.page("sites"))

    @property
    def plants(self) -> ListPage:
        return cast(ListPage, self.page("plants"))

    def show_page_for(self, page: str, **what: Any) -> None:
        """Open a page on what a dashboard or the palette asks for: query=ListQuery, record=customer id, contract=, site= their ids, tab=."""
        self.show_page(page)
        query, record = what.get("query"), what.get("record")
        if isinstance(query, ListQuery) and page in ("customers", "contracts", "sites", "plants"):
            (self.customers.list if page == "customers" else self.page(page)).set_query(query)
        if record is not None and page == "customers":
            place = {"contract_id": what.get("contract"), "site_id": what.get("site"), "tab": what.get("tab", "")}
            self.customers.open_customer(record, **place, resume=bool(what.get("resume")))
        elif what.get("resume") and page == "customers":
            self.customers.new_customer(resume=True)

    def new_customer(self) -> None:
        self.show_page("customers")
        self.customers.new_customer()

    def new_contract(self) -> None:
        """A contract for the customer in view."""
        if self.customers.pane.customer_id() is not None:
            self.show_page("customers")
            self.customers.pane.show_tab("contracts")
            self.customers.pane.contracts.new_contract()

    def open_contract(self, customer_id: int, contract_id: int | None) -> None:
        """A contract in its customer's form (a site: the customer)."""
        self.show_page_for("customers", record=customer_id, contract=contract_id)

    def new_price_run(self, kind: str = "tariff") -> None:
        self.show_page("prices")
        self.prices.new_run(kind)

    def show_prices(self, tab: str) -> None:
        self.show_page("prices")
        self.prices.show_tab(tab)

    def confirm(self) -> None:
        """Ctrl+Enter, where a run is in view."""
        if self.current_page() == "prices":
            self.prices.confirm()

    def go_back(self) -> None:
        """Alt+Left, where a run is in view."""
        if self.current_page() == "prices":
            self.prices.go_back()

    def new_record(self, tab: str) -> None:
        """A site, a mandate … for the customer in view."""
        if self.customers.pane.customer_id() is not None:
            self.show_page("customers")
            self.customers.pane.new_record(tab)

    def show_tab(self, tab: str) -> None:
        """A tab of the customer in view."""
        self.show_page("customers")
        self.customers.pane.go_to_tab(tab)

    def start_import(self) -> None:
        self.show_page("import")
        self.importing.choose_file()

    def export(self) -> None:
        page = self.current_page()
        (self.page(page) if page in ("contracts", "sites", "plants") else self.customers.list).export()

    def _on_contract_opened(self, row: ContractRow) -> None:
        self.show_page_for("customers", record=row.customer_id, contract=row.contract_id)


def _first_button(workplace: Workplace, run: Callable[[], None]) -> QWidget:
    """The button of the empty state, made anew each time it is shown."""
    result = button(tr("Nuovo cliente"), "primary", "plus", tip=tr("Nuovo cliente (F2)"))
    result.setEnabled(workplace.may("customers.write"))
    result.clicked.connect(run)
    return result
