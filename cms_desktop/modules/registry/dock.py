"""The dock of Anagrafica e Rubrica: Cruscotto, Anagrafiche, Rubrica, Doppioni, Classificazione."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtWidgets import QWidget

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.registry.dashboard import RegistryDashboard
from cms_desktop.modules.registry.editor.classes_page import ClassesPage
from cms_desktop.modules.registry.editor.contacts import ContactEditor
from cms_desktop.modules.registry.editor.contacts_page import ContactsPage
from cms_desktop.modules.registry.editor.parties_page import PartiesPage
from cms_desktop.modules.registry.editor.twins_page import TwinsPage
from cms_desktop.modules.registry.notes.queries import given_tasks, my_tasks
from cms_desktop.modules.registry.tasks.page import TasksPage
from cms_desktop.ui.basics import button
from cms_desktop.ui.later import Pieces
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")


class RegistryDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("registry", tr("Anagrafica e Rubrica"))
        self.workplace = workplace
        self._dirty: set[str] = set()
        self.new_button = button(tr("Nuova anagrafica"), "primary", "plus", tip=tr("Nuova anagrafica (F2)"))
        self.new_button.clicked.connect(self.new_party)
        self.new_button.setEnabled(workplace.may("registry.write"))
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard)
        self.add_page("parties", tr("Anagrafiche"), self._make_parties, primary=self.new_button)
        self.add_page("contacts", tr("Rubrica"), self._make_contacts)
        self.add_page("tasks", tr("Attività"), self._make_tasks)
        self.add_page("twins", tr("Doppioni"), lambda: TwinsPage(workplace))
        self.add_page("classes", tr("Classificazione"), self._make_classes)
        if workplace.may("registry.costs"):
            self.add_page("costs", tr("Costi orari"), self._make_costs)

    # -- pages, made when first asked for
    def _make_dashboard(self) -> RegistryDashboard:
        dashboard = RegistryDashboard(self.workplace)
        dashboard.drill_down.connect(lambda page, query: self.show_page_for(page, query=query))
        return dashboard

    def _make_parties(self) -> PartiesPage:
        page = PartiesPage(self.workplace)
        page.dirty_changed.connect(lambda dirty: self._on_dirty("parties", dirty))
        return page

    def _make_contacts(self) -> Pieces:
        editor = ContactEditor(self.workplace)
        yield
        page = ContactsPage(self.workplace, editor)
        page.dirty_changed.connect(lambda dirty: self._on_dirty("contacts", dirty))
        page.party_wanted.connect(lambda party_id: self.show_page_for("parties", record=party_id))
        return page

    def _make_tasks(self) -> TasksPage:
        page = TasksPage(self.workplace)
        page.record_wanted.connect(self._open_record_of_task)
        return page

    def _open_record_of_task(self, table: str, record: int) -> None:
        """The form that shows it: of the customer, else of the party."""
        if table == "customers.customer" and self.workplace.may("customers.read"):
            self.workplace.go_to("customers", "customers", record=record)
        elif table in ("registry.party", "customers.customer"):
            self.show_page_for("parties", record=record)

    def _make_classes(self) -> ClassesPage:
        page = ClassesPage(self.workplace)
        page.dirty_changed.connect(lambda dirty: self._on_dirty("classes", dirty))
        return page

    def _make_costs(self) -> QWidget:
        from cms_desktop.modules.registry.editor.costs_page import CostsPage

        page = CostsPage(self.workplace)
        page.dirty_changed.connect(lambda dirty: self._on_dirty("costs", dirty))
        return page

    def _on_dirty(self, page: str, dirty: bool) -> None:
        (self._dirty.add if dirty else self._dirty.discard)(page)
        self.set_dirty(bool(self._dirty))

    @property
    def dashboard(self) -> RegistryDashboard:
        return cast(RegistryDashboard, self.page("dashboard"))

    @property
    def parties(self) -> PartiesPage:
        return cast(PartiesPage, self.page("parties"))

    @property
    def contacts(self) -> ContactsPage:
        return cast(ContactsPage, self.page("contacts"))

    @property
    def twins(self) -> TwinsPage:
        return cast(TwinsPage, self.page("twins"))

    @property
    def classes(self) -> ClassesPage:
        return cast(ClassesPage, self.page("classes"))

    # -- commands
    def show_page_for(self, page: str, **what: Any) -> None:
        """Open a page on what a dashboard or the palette asks for: query=ListQuery, record=its id, contact= one of a party's people, new."""
        self.show_page(page)
        query, record = what.get("query"), what.get("record")
        if isinstance(query, ListQuery) and page in ("parties", "contacts", "twins"):
            lists = {"parties": lambda: self.parties.list, "contacts": lambda: self.contacts.list, "twins": lambda: self.twins.list}
            lists[page]().set_query(query)
        if page == "tasks" and isinstance(query, ListQuery):
            self.page("tasks").show_query(query)
        if record is not None and page == "parties":
            self.parties.open_party(record, contact_id=what.get("contact"))
        elif what.get("new") and page == "parties":
            self.parties.new_party()
        if record is not None and page == "contacts":
            self.contacts.open_contact(record)
        if record is not None and page == "tasks":
            self.page("tasks").show_task(record)

    def new_party(self) -> None:
        """F2: a cost on the page of costs, a party anywhere else."""
        if self.current_page() == "costs":
            self.page("costs").start_new()
            return
        self.show_page("parties")
        self.parties.new_party()

    def new_contact(self) -> None:
        """A person for the party in view."""
        self.show_page("parties")
        if self.parties.pane.party_id() is not None:
            self.parties.pane.show_tab("people")
            self.parties.pane.people.new_contact()

    def show_tab(self, tab: str) -> None:
        """Notes, documents … of the party in view."""
        self.show_page("parties")
        self.parties.pane.show_tab(tab)

    def new_note(self) -> None:
        """About the party in view; with an executor it is a task."""
        self.show_tab("notes")
        if self.parties.pane.party_id() is not None:
            self.parties.pane.notes.new_note()

    def attach(self) -> None:
        """Documents to the party in view."""
        self.show_tab("documents")
        if self.parties.pane.party_id() is not None:
            self.parties.pane.documents.choose_files()

    def show_my_tasks(self, *, given: bool = False) -> None:
        """What I have to do, or what I gave to others."""
        me = self.workplace.person.person_id
        self.show_page_for("tasks", query=given_tasks(me) if given else my_tasks(me))

    def merge(self) -> None:
        if self.current_page() == "twins":
            self.twins.merge()
        else:
            self.show_page("parties")
            self.parties.merge_first_twin()

    def look_for_twins(self) -> None:
        self.show_page("twins")
        self.twins.look()

    def extract(self) -> None:
        self.show_page("parties")
        self.parties.extract()

    def export(self) -> None:
        (self.contacts if self.current_page() == "contacts" else self.parties).export()
