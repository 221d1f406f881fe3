"""The dock of base: layout and wiring."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from PySide6.QtWidgets import QWidget

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.base import queries
from cms_desktop.modules.base.columns import session_columns
from cms_desktop.modules.base.dashboard import Dashboard
from cms_desktop.modules.base.editor import (
    AuditPage,
    CompanyPage,
    IntegrityPage,
    OpenSessionPage,
    PersonPage,
    RightsPage,
    SecurityPage,
    TablesPage,
)
from cms_desktop.modules.base.importing import TARGETS
from cms_desktop.ui.basics import button
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.import_wizard import ImportWizard
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
Page = TypeVar("Page", CompanyPage, PersonPage, RightsPage, SecurityPage, TablesPage)
TABLES_OF_IMPORTS = frozenset().union(*(target.tables for target in TARGETS))


def _session_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutti"), ListQuery()),
        SavedView(tr("Rifiutati"), queries.refused_ever()),
    ]


class BaseDock(ModuleDock):
    def __init__(self, workplace: Workplace) -> None:
        super().__init__("base", tr("Modulo Base"))
        self._workplace = workplace
        new = button(tr("Nuova persona"), "primary", "user-plus", tip=tr("Nuova persona (F2)"))
        new.clicked.connect(self.new_person)
        self.add_page("dashboard", tr("Cruscotto"), self._make_dashboard)
        self.add_page("company", tr("Azienda"), lambda: self._watched(CompanyPage(workplace)))
        if workplace.may("base.administer"):
            self.add_page("persons", tr("Persone"), self._make_persons, primary=new, actions=lambda persons: [persons.admit_button])
            self.add_page("rights", tr("Diritti"), lambda: self._watched(RightsPage(workplace)))
        self.add_page("tables", tr("Tabelle"), lambda: self._watched(TablesPage(workplace)))
        if workplace.may("base.administer"):
            self.add_page("import", tr("Importa"), self._make_import)
            self.add_page("open", tr("Sessioni aperte"), lambda: OpenSessionPage(workplace))
            self.add_page("sessions", tr("Accessi"), self._make_sessions)
            self.add_page("security", tr("Sicurezza"), lambda: self._watched(SecurityPage(workplace)))
        if workplace.may("base.audit"):
            self.add_page("audit", tr("Registro modifiche"), lambda: AuditPage(workplace))
        if workplace.may("base.check"):
            self.add_page("integrity", tr("Controlli"), lambda: IntegrityPage(workplace), actions=lambda page: page.head_buttons())

    def _make_import(self) -> ImportWizard:
        page = ImportWizard(self._workplace, TARGETS)
        page.imported.connect(lambda _target: self.mark_changed(TABLES_OF_IMPORTS))
        page.show_records_wanted.connect(lambda _target: self.show_page("tables"))
        return page

    def _make_dashboard(self) -> Dashboard:
        dashboard = Dashboard(self._workplace)
        dashboard.opened.connect(lambda page, what: self.show_page_for(page, **what))
        return dashboard

    def _make_persons(self) -> PersonPage:
        persons = self._watched(PersonPage(self._workplace))
        persons.rights_wanted.connect(lambda person_id: self.show_page_for("rights", record=person_id))
        return persons

    def _watched(self, page: Page) -> Page:
        """A page with forms: what is typed there makes the dock dirty."""
        page.dirty_changed.connect(self._on_dirty)
        return page

    # -- pages, made when first asked for
    @property
    def dashboard(self) -> Dashboard:
        return cast(Dashboard, self.page("dashboard"))

    @property
    def company(self) -> CompanyPage:
        return cast(CompanyPage, self.page("company"))

    @property
    def persons(self) -> PersonPage:
        return cast(PersonPage, self.page("persons"))

    @property
    def rights(self) -> RightsPage:
        return cast(RightsPage, self.page("rights"))

    @property
    def tables_page(self) -> TablesPage:
        return cast(TablesPage, self.page("tables"))

    @property
    def sessions(self) -> ListPage:
        return cast(ListPage, self.page("sessions"))

    @property
    def integrity(self) -> IntegrityPage:
        return cast(IntegrityPage, self.page("integrity"))

    @property
    def open_sessions(self) -> OpenSessionPage:
        return cast(OpenSessionPage, self.page("open"))

    @property
    def security(self) -> SecurityPage:
        return cast(SecurityPage, self.page("security"))

    @property
    def audit(self) -> AuditPage:
        return cast(AuditPage, self.page("audit"))

    def _make_sessions(self) -> ListPage:
        page = ListPage(
            self._workplace.background, session_columns(), queries.list_sessions, queries.sum_sessions, name="base.session",
            record_key=lambda record: record.session_id, tables=frozenset({"base.session", "base.login_refusal"}),
            noun=Noun(tr("accesso"), tr("accessi")), empty=self._no_sessions,
            settings=self._workplace.settings, search=True, filter_names={"opened_at": tr("Quando")}, views=_session_views(),
        )  # fmt: skip
        ListExport(page, self._workplace)
        return page

    def _no_sessions(self) -> QWidget:
        return EmptyState("log-in", tr("Nessun accesso"), tr("Qui appare ogni accesso delle persone dell'azienda."))

    def _on_dirty(self, _dirty: bool) -> None:
        made = (self.made_page(key) for key in ("company", "persons", "rights", "tables", "security"))
        self.set_dirty(any(page.is_dirty() for page in made if page is not None))

    # -- ways in
    def show_page_for(self, page: str, **what: Any) -> None:
        """query=ListQuery for persons, sessions and audit; record=person id for rights; tab= for the fiscal tables, with record= the one to
        open (0: a new one)."""
        if page not in self.page_keys():
            return
        self.show_page(page)
        if "query" in what and page in ("persons", "audit", "open"):
            self.page(page).list.set_query(what["query"])
        elif "query" in what and page == "sessions":
            self.sessions.set_query(what["query"])
        elif page == "rights" and "record" in what:
            self.rights.show_person(what["record"], what.get("function", ""))
        elif page == "tables" and "tab" in what:
            if "record" in what:
                self.tables_page.open_record(what["tab"], what["record"])
            else:
                self.tables_page.show_tab(what["tab"])
        elif page == "persons" and "record" in what:
            self.persons.open_person(what["record"])
        elif page == "persons" and "new" in what:
            self.persons.start_new()

    def start_new(self) -> None:
        """F2: a new record of the page in view; a person anywhere else."""
        if self.current_page() == "tables":
            self.tables_page.start_new()
        else:
            self.new_person()

    def new_person(self) -> None:
        self.show_page("persons")
        self.persons.start_new()

    def reset_password(self) -> None:
        if self.current_page() == "persons":
            self.persons.reset_password()

    def admit_person(self) -> None:
        self.show_page("persons")
        self.persons.admit_button.open_list()

    def dismiss_person(self) -> None:
        if self.current_page() == "persons":
            self.persons.dismiss()

    def release_person(self) -> None:
        if self.current_page() == "persons":
            self.persons.release()

    def require_change(self) -> None:
        if self.current_page() == "persons":
            self.persons.require_change()

    def close_session(self) -> None:
        """On the page of the open sessions: the chosen one; elsewhere the page is shown first."""
        if self.current_page() == "open":
            self.open_sessions.close_session()
        else:
            self.show_page("open")

    def show_rights(self) -> None:
        person = self.persons.person if self.current_page() == "persons" else None
        self.show_page_for("rights", **({"record": person.person_id} if person else {}))
        self.rights.grid.setFocus()

    def show_history(self) -> None:
        """Storico of the record in view."""
        page, workplace = self.current_page(), self._workplace
        if page == "company":
            workplace.show_history("base.company", workplace.company.company_id, workplace.company.name)
        elif page == "persons" and self.persons.person is not None:
            workplace.show_history("base.person", self.persons.person.person_id, self.persons.person.display_name)
        elif page == "tables":
            table_name, record = self.tables_page.record_in_view()
            if record:
                workplace.show_history(table_name, record)

    def check_books(self) -> None:
        """Go to the checks and begin one."""
        self.show_page("integrity")
        self.integrity.check_now()

    def show_audit(self) -> None:
        self.show_page_for("audit")
