"""The login window: two steps in one small window. It starts the local server when the profile is local, and logs in on a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.db import login as logins
from cms_desktop.db.login import CompanyChoice, LoginSession
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.db.reach import answer_time
from cms_desktop.ui import theme
from cms_desktop.ui.background import Background, no_unit
from cms_desktop.ui.basics import boxed, row
from cms_desktop.ui.login.empty_page import EmptyServerPage
from cms_desktop.ui.login.founding_page import FoundingPage
from cms_desktop.ui.login.pages import CompanyPage, CredentialsPage, LoginPage, NewPasswordPage
from cms_desktop.ui.login.passwords import RememberedPasswords
from cms_desktop.ui.login.profile_page import ProfilePage
from cms_desktop.ui.login.side_panel import SidePanel
from cms_desktop.ui.translation import one_or_many, translator

tr = translator("ui")
Reach = Callable[[ConnectionProfile], ConnectionProfile]
SIZE = (880, 600)


class FirstStart(Protocol):
    """A local server without companies; `load_demo` and `found_company` return a login and its password."""

    def load_demo(self, progress: Callable[[str], None]) -> tuple[str, str]: ...

    def fiscal_regimes(self) -> Sequence[tuple[str, str]]: ...

    def found_company(self, values: Mapping[str, Any]) -> tuple[str, str]: ...


class LoginWindow(QWidget):
    """`entered(session, company)` when a company was chosen. `reach` makes a profile reachable (starts the local server).

    After `entered` the program calls `finish` (the company is open) or `show_refusal`.
    """

    entered = Signal(object, object)
    closed = Signal()

    def __init__(
        self, store: ProfileStore, reach: Reach, remembered_company: Callable[[str], int], *, keep_company: Callable[[str, int], None]
    ) -> None:
        super().__init__()
        self.setWindowTitle("CMS Desktop")
        self._store, self._reach, self._remembered_company, self._keep_company = store, reach, remembered_company, keep_company
        self._passwords = RememberedPasswords()
        self._work = Background(no_unit, self, threads=3)
        self.first_start: Callable[[ConnectionProfile], FirstStart | None] | None = None
        self._session: LoginSession | None = None
        self._password = ""
        self._is_done = False
        self._tries: dict[str, list[float]] = {}  # what was refused here, by the name that was typed
        self.side, self.stack = SidePanel(), QStackedWidget()
        self.credentials = CredentialsPage(store.load())
        self.credentials.profile_chosen.connect(self._on_profile)
        self.credentials.entered.connect(self._on_entered)
        self.credentials.new_profile_wanted.connect(lambda: self._edit_profile(None))
        self.credentials.profile_edit_wanted.connect(self._edit_profile)
        self.credentials.left.connect(self.close)
        self.stack.addWidget(self.credentials)
        self.setLayout(row(boxed(row(self.side, self.stack, spacing=0), panel="true"), spacing=0))
        self.setFixedSize(*SIZE)
        theme.dress(self)
        self._work.run(self, lambda _unit: self._passwords.are_possible(), then=self.credentials.set_keep_possible)
        self._on_profile(self.credentials.current_profile())

    # -- server
    def _on_profile(self, profile: ConnectionProfile) -> None:
        """Look for the remembered password and for the server, each on a thread."""
        read = lambda _unit: self._passwords.read(profile, profile.last_login)
        self._work.run(self, read, then=self.credentials.offer_password, failed=lambda _error: None, key="password")
        if profile.is_local:
            self.side.set_server(tr("Questa postazione"), "PostgreSQL 18", tr("Avvio del server locale…"), False)
        else:
            self.side.set_server(profile.hosts, tr("Solo TLS con certificato controllato"), tr("Cerco il server…"), False)

        def find(_unit: object) -> tuple[ConnectionProfile, float]:
            reached = self._reach(profile)
            return reached, answer_time(reached)

        self._work.run(self, find, then=self._on_reached, failed=self._on_unreachable, key="reach")

    def _on_reached(self, found: tuple[ConnectionProfile, float]) -> None:
        profile, seconds = found
        host = tr("Questa postazione") if profile.is_local else profile.hosts
        detail = f"PostgreSQL 18 · {profile.hosts}" if profile.is_local else tr("Solo TLS con certificato controllato")
        self.side.set_server(host, detail, tr("Raggiungibile, risposta in {n} ms", n=max(1, round(seconds * 1000))), True)

        look = self.first_start
        if profile.is_local and look is not None and self._session is None:
            self._work.run(self, lambda _unit: look(profile), then=self._on_looked, failed=lambda _error: None, key="first")

    def _on_looked(self, first: FirstStart | None) -> None:
        if first is None:
            return
        page = EmptyServerPage()
        page.left.connect(lambda: self._show(self.credentials))
        page.demo_wanted.connect(lambda: self._load_demo(page, first))
        page.own_wanted.connect(lambda: self._ask_company(page, first))
        self._show(page)

    def _ask_company(self, before: EmptyServerPage, first: FirstStart) -> None:
        """One's own company: its data, then its first administrator comes in with what they chose."""
        page = FoundingPage(first.fiscal_regimes())
        page.left.connect(lambda: self._show(before))
        self._show(page)

        def done(access: tuple[str, str]) -> None:
            self._show(self.credentials)
            self.credentials.login.setText(access[0])
            self.credentials.password.setText(access[1])
            self.credentials.show_note(tr("La tua azienda è pronta: premi Invio per entrare."))
            self.credentials.password.setFocus()

        def failed(error: AppError) -> None:
            page.set_busy(False)
            page.show_error(error)

        def found(values: Mapping[str, Any]) -> None:
            page.set_busy(True)
            self._work.run(self, lambda _unit: first.found_company(values), then=done, failed=failed, key="found")

        page.found_wanted.connect(found)

    def _load_demo(self, page: EmptyServerPage, first: FirstStart) -> None:
        page.show_progress(tr("Carico le aziende dimostrative: ci vogliono pochi secondi."))

        def done(access: tuple[str, str]) -> None:
            self._show(self.credentials)
            self.credentials.login.setText(access[0])
            self.credentials.password.setText(access[1])
            self.credentials.show_note(tr("Pronto: premi Invio per entrare. La password è «{password}».", password=access[1]))
            self.credentials.password.setFocus()

        def failed(error: AppError) -> None:
            page.load.setEnabled(True)
            page.later.setEnabled(True)
            page.show_error(error)

        work = lambda unit: first.load_demo(lambda text: unit.on_progress(0, 0, text))
        self._work.run(self, work, then=done, failed=failed, progress=lambda _done, _total, text: page.show_progress(text), key="demo")

    def _on_unreachable(self, error: AppError) -> None:
        profile = self.credentials.current_profile()
        host = tr("Questa postazione") if profile.is_local else profile.hosts
        self.side.set_server(host, "", tr("Non raggiungibile"), False)
        self.credentials.show_error(error)

    def _edit_profile(self, profile: ConnectionProfile | None) -> None:
        page = ProfilePage(profile, self._store.load())
        page.saved.connect(self._on_profile_saved)
        page.removed.connect(self._on_profile_removed)
        page.left.connect(lambda: self._show(self.credentials))
        self._show(page)

    def _on_profile_saved(self, old_name: str, profile: ConnectionProfile) -> None:
        self._store.save([profile, *(other for other in self._store.load() if other.name not in (old_name, profile.name))])
        self._show_profiles()

    def _on_profile_removed(self, name: str) -> None:
        self._store.save([other for other in self._store.load() if other.name != name])
        self._show_profiles()

    def _show_profiles(self) -> None:
        self.credentials.clear_message()
        self._show(self.credentials)
        self.credentials.set_profiles(self._store.load())

    # -- credentials
    def _on_entered(self, profile: ConnectionProfile, login: str, password: str) -> None:
        self.credentials.set_busy(True)
        self._password = password
        work = lambda _unit: logins.log_in(self._reach(profile), login, password)
        self._work.run(self, work, then=self._on_logged_in, failed=self._on_refused, key="login")

    def _on_refused(self, error: AppError) -> None:
        self.credentials.set_busy(False)
        self.credentials.show_error(error)
        if error.key == "wrong_password":
            self._tell_attempts()
        self.credentials.focus_after(error)

    def _tell_attempts(self) -> None:
        """How many attempts remain, counted here and alike for every name: whether it exists is not told. The rules are those of the installation by
        default; the server counts by its own.
        """
        name, now = self.credentials.login.text().strip().lower(), time.monotonic()
        rules = logins.SecurityRules()
        tries = self._tries[name] = [*(one for one in self._tries.get(name, []) if now - one < rules.window_minutes * 60), now]
        left = rules.attempts - len(tries)
        if left > 0:
            self.credentials.add_note(
                one_or_many(
                    left, tr("Ancora un tentativo da questa postazione, poi l'accesso si blocca per qualche minuto."),
                    tr("Ancora {n} tentativi da questa postazione, poi l'accesso si blocca per qualche minuto.", n=left),
                )
            )  # fmt: skip
        else:
            self.credentials.add_note(tr("Troppi tentativi: l'accesso da questa postazione può restare bloccato per qualche minuto."))
            self.credentials.rest(min(30, 2 ** (1 - left)))

    def _on_logged_in(self, session: LoginSession) -> None:
        self.credentials.set_busy(False)
        if self._is_done or not self.isVisible():
            session.close()
            return
        self._session = session
        self._remember(session)
        if session.person.must_change_password:
            page = NewPasswordPage(shortest=session.rules.password_length)
            page.entered.connect(lambda _old, new: self._on_new_password(page, new))
            page.left.connect(self._back)
            self._show(page)
        else:
            self._choose_company()

    def _remember(self, session: LoginSession) -> None:
        login, password = session.person.login, self._password
        stored = replace(self.credentials.current_profile(), last_login=login)
        self._store.remember(stored)
        if self.credentials.keep.isChecked():
            work = lambda _unit: self._passwords.keep(stored, login, password)
        else:
            work = lambda _unit: self._passwords.forget(stored, login)
        self._work.run(self, work, failed=lambda _error: None, key="keyring")

    def _on_new_password(self, page: NewPasswordPage, new: str) -> None:
        session = self._session
        assert session is not None
        page.confirm.setEnabled(False)

        def failed(error: AppError) -> None:
            page.confirm.setEnabled(True)
            page.show_error(error)
            page.first.setFocus()
            page.first.selectAll()

        def done(fresh: LoginSession) -> None:
            self._password = new
            self._on_logged_in(fresh)

        self._work.run(self, lambda _unit: logins.change_password(session, new), then=done, failed=failed, key="new password")

    # -- company
    def _choose_company(self) -> None:
        session = self._session
        assert session is not None
        if not session.companies:
            self._back()
            self._on_refused(AppError("Non hai diritti in nessuna azienda: rivolgiti all'amministratore.", key="no_company"))
            return
        remembered = self._remembered_company(session.person.login)
        known = {company.company_id: company for company in session.companies}
        if len(known) == 1 or remembered in known:
            self._enter(known.get(remembered, session.companies[0]), False)
            return
        page = CompanyPage(session)
        page.chosen.connect(self._enter)
        page.left.connect(self._back)
        self._show(page)

    def _enter(self, company: CompanyChoice, keep: bool) -> None:
        session = self._session
        if session is None:
            return
        if keep:
            self._keep_company(session.person.login, company.company_id)
        self._session = None  # the program has it now
        page = self.stack.currentWidget()
        if isinstance(page, CredentialsPage):
            page.set_busy(True)
        elif page is not None:
            page.setEnabled(False)
        self.entered.emit(session, company)

    def _back(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        self._show(self.credentials)

    def show_refusal(self, error: AppError) -> None:
        """The company could not be opened; the session is closed."""
        self._show(self.credentials)
        self._on_refused(error)

    def finish(self) -> None:
        """The company is open: the window has done its work."""
        self._is_done = True
        self.close()
        self.deleteLater()

    # -- window
    def _show(self, page: LoginPage) -> None:
        for index in reversed(range(self.stack.count())):
            widget = self.stack.widget(index)
            if widget is not None and widget not in (self.credentials, page):
                self.stack.removeWidget(widget)
                widget.deleteLater()
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        page.setEnabled(True)
        self.stack.setCurrentWidget(page)
        page.focus_first()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.credentials.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self.stack.currentWidget()
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif page is self.credentials:
            self.close()
        elif isinstance(page, NewPasswordPage | CompanyPage | ProfilePage | EmptyServerPage):
            page.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        threading.Thread(target=self._work.close, name="leave login", daemon=True).start()
        if not self._is_done:
            self._is_done = True
            self._back_quietly()
            self.closed.emit()

    def _back_quietly(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
