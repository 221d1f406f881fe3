"""The dock of Gestione Clienti: Cruscotto, Clienti (list and form), Contratti, Scadenze, Prezzi, Incoerenze, Importa."""

from __future__ import annotations

from typing import Any, cast

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers import columns, queries
from cms_desktop.modules.customers.dashboard import CustomersDashboard
from cms_desktop.modules.customers.editor import mass_fields
from cms_desktop.modules.customers.editor.customers_page import CustomersPage
from cms_desktop.modules.customers.editor.deadlines import DeadlinesPage
from cms_desktop.modules.customers.editor.inconsistencies import InconsistenciesPage
from cms_desktop.modules.customers.editor.prices import PricesPage
from cms_desktop.modules.customers.editor.site_lists import plants_page, sites_page
from cms_desktop.modules.customers.importing import CONTRACTS, TARGETS
from cms_desktop.modules.customers.records import ContractRow
from cms_desktop.ui.basics import button
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.import_wizard import ImportWizard
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


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
        PasteImport(page, workplace, CONTRACTS)
        self._terms: list[tuple[int, str]] = []
        mass_fields.attach_contracts(page, workplace, lambda: self._terms)
        page.loaded.connect(self._read_terms)
        return page

    def _read_terms(self) -> None:
        """What the mass change of contracts may choose from, read once."""
        if not self._terms:
            take = lambda found: self._terms.extend((one.choice_id, one.text) for one in found.payment_terms)
            self.workplace.background.run(self, queries.load_choices, then=take, failed=lambda _error: None, key="terms")

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
        """Open a page on what a dashboard or the palette asks for: query=ListQuery, record=customer id, contract=, site= their ids, tab=, path=."""
        self.show_page(page)
        query, record = what.get("query"), what.get("record")
        if isinstance(query, ListQuery) and page in ("customers", "contracts", "sites", "plants"):
            (self.customers.list if page == "customers" else self.page(page)).set_query(query)
        if record is not None and page == "customers":
            place = {"contract_id": what.get("contract"), "site_id": what.get("site"), "tab": what.get("tab", "")}
            self.customers.open_customer(record, **place, path=what.get("path", ()))
        elif what.get("new") and page == "customers":
            self.customers.new_customer()
        elif page == "prices" and "tab" in what:
            self.prices.show_tab(what["tab"])

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

    def go_back(self) -> bool:
        """Alt+←: out of a run of prices."""
        return self.current_page() == "prices" and self.prices.go_back()

    def new_record(self, tab: str) -> None:
        """A site, a mandate … for the customer in view."""
        if self.customers.pane.customer_id() is not None:
            self.show_page("customers")
            self.customers.pane.new_record(tab)

    def show_history(self) -> None:
        """Who changed what of the customer in view, from what to what."""
        customer_id = self.customers.pane.customer_id()
        if customer_id is not None:
            self.workplace.show_history("customers.customer", customer_id)

    def show_tab(self, tab: str) -> None:
        """A tab of the customer in view."""
        self.show_page("customers")
        self.customers.pane.go_to_tab(tab)

    def new_note(self) -> None:
        """About the customer in view; with an executor it is a task."""
        if self._part("notes") is not None:
            self._part("notes").new_note()

    def attach(self) -> None:
        """Documents to the customer in view."""
        if self._part("documents") is not None:
            self._part("documents").choose_files()

    def _part(self, tab: str) -> Any:
        """The panel of a tab of the customer in view, shown; None without a customer."""
        if self.customers.pane.customer_id() is None:
            return None
        self.show_tab(tab)
        return self.customers.pane.parts.places[tab].widget()

    def start_import(self) -> None:
        self.show_page("import")
        self.importing.choose_file()

    def export(self) -> None:
        page = self.current_page()
        (self.page(page) if page in ("contracts", "sites", "plants") else self.customers.list).export()

    def _on_contract_opened(self, row: ContractRow) -> None:
        self.show_page_for("customers", record=row.customer_id, contract=row.contract_id)
