"""The login window: two steps in one small window. It starts the local server when the profile is local, and logs in on a thread."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.db import login as logins
from cms_desktop.db.login import CompanyChoice, LoginSession
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.db.secret_store import forget_secret, keep_secret, read_secret
from cms_desktop.ui.background import Background
from cms_desktop.ui.basics import boxed, row
from cms_desktop.ui.login.pages import CompanyPage, CredentialsPage, LoginPage, NewPasswordPage, ProfilePage
from cms_desktop.ui.login.side_panel import SidePanel
from cms_desktop.ui.translation import translator

tr = translator("ui")
Reach = Callable[[ConnectionProfile], ConnectionProfile]


class _NoUnit:
    """Work before there is a database."""

    def __init__(self) -> None:
        self.on_progress = lambda done, total, phase: None

    def cancel(self) -> None:
        """Nothing to stop on a server yet."""


@contextlib.contextmanager
def _no_unit() -> Iterator[_NoUnit]:
    yield _NoUnit()


class LoginWindow(QWidget):
    """`entered(session, company)` when a company was chosen. `reach` makes a profile reachable (starts the local server)."""

    entered = Signal(object, object)
    closed = Signal()

    def __init__(
        self, store: ProfileStore, reach: Reach, remembered_company: Callable[[str], int], *, keep_company: Callable[[str, int], None]
    ) -> None:
        super().__init__()
        self.setWindowTitle("CMS Desktop")
        self._store, self._reach, self._remembered_company, self._keep_company = store, reach, remembered_company, keep_company
        self._work = Background(_no_unit, self, threads=2)
        self._session: LoginSession | None = None
        self._password = ""
        self._is_done = False
        self.side, self.stack = SidePanel(), QStackedWidget()
        self.credentials = CredentialsPage(store.load())
        self.credentials.profile_chosen.connect(self._on_profile)
        self.credentials.entered.connect(self._on_entered)
        self.credentials.new_profile_wanted.connect(self._on_new_profile)
        self.credentials.left.connect(self.close)
        self.stack.addWidget(self.credentials)
        body = boxed(row(self.side, self.stack, spacing=0), panel="true")
        self.setLayout(row(body, spacing=0))
        self.setFixedSize(880, 600)
        self._on_profile(self.credentials.current_profile())

    # -- server
    def _on_profile(self, profile: ConnectionProfile) -> None:
        secret = read_secret(self._secret_name(profile)) if profile.last_login else None
        self.credentials.password.setText(secret or "")
        self.credentials.keep.setChecked(secret is not None)
        if profile.is_local:
            self.side.set_server(tr("Questa postazione"), "PostgreSQL 18", tr("Avvio del server locale…"), False)
        else:
            self.side.set_server(profile.hosts, tr("TLS verificato"), "", True)
        self._work.run(self, lambda _unit: self._reach(profile), then=self._on_reached, failed=self._on_unreachable, key="reach")

    def _on_reached(self, profile: ConnectionProfile) -> None:
        host = tr("Questa postazione") if profile.is_local else profile.hosts
        self.side.set_server(host, f"PostgreSQL · {profile.database}", tr("Pronto"), True)

    def _on_unreachable(self, error: AppError) -> None:
        self.side.set_server(self.credentials.current_profile().hosts, "", tr("Non raggiungibile"), False)
        self.credentials.show_error(error)

    def _on_new_profile(self) -> None:
        page = ProfilePage()
        page.saved.connect(self._on_profile_saved)
        page.left.connect(lambda: self._show(self.credentials))
        self._show(page)

    def _on_profile_saved(self, profile: ConnectionProfile) -> None:
        self._store.remember(profile)
        self.credentials.set_profiles(self._store.load())
        self._show(self.credentials)

    # -- credentials
    def _on_entered(self, profile: ConnectionProfile, login: str, password: str) -> None:
        self.credentials.set_busy(True)
        self._password = password
        work = lambda _unit: logins.log_in(self._reach(profile), login, password)
        self._work.run(self, work, then=self._on_logged_in, failed=self._on_refused, key="login")

    def _on_refused(self, error: AppError) -> None:
        self.credentials.set_busy(False)
        self.credentials.show_error(error)
        self.credentials.password.selectAll()
        self.credentials.password.setFocus()

    def _on_logged_in(self, session: LoginSession) -> None:
        self.credentials.set_busy(False)
        self._session = session
        self._remember(session)
        if session.person.must_change_password:
            page = NewPasswordPage()
            page.entered.connect(lambda new: self._on_new_password(page, new))
            page.left.connect(self._back)
            self._show(page)
            page.first.setFocus()
        else:
            self._choose_company()

    def _remember(self, session: LoginSession) -> None:
        stored = replace(self.credentials.current_profile(), last_login=session.person.login)
        self._store.remember(stored)
        if self.credentials.keep.isChecked():
            keep_secret(self._secret_name(stored), self._password)
        else:
            forget_secret(self._secret_name(stored))

    @staticmethod
    def _secret_name(profile: ConnectionProfile) -> str:
        return f"{profile.name}/{profile.database}/{profile.last_login}"

    def _on_new_password(self, page: NewPasswordPage, new: str) -> None:
        session = self._session
        assert session is not None
        page.confirm.setEnabled(False)

        def failed(error: AppError) -> None:
            page.confirm.setEnabled(True)
            page.show_error(error)

        def done(fresh: LoginSession) -> None:
            self._password = new
            self._on_logged_in(fresh)

        self._work.run(self, lambda _unit: logins.change_password(session, new), then=done, failed=failed, key="password")

    # -- company
    def _choose_company(self) -> None:
        session = self._session
        assert session is not None
        if not session.companies:
            self.credentials.show_error(AppError("Non hai diritti in nessuna azienda: rivolgiti all'amministratore."))
            self._show(self.credentials)
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
        page.list.setFocus()

    def _enter(self, company: CompanyChoice, keep: bool) -> None:
        assert self._session is not None
        if keep:
            self._keep_company(self._session.person.login, company.company_id)
        self._is_done = True
        self.entered.emit(self._session, company)

    def _back(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        self._show(self.credentials)

    def _show(self, page: LoginPage) -> None:
        for index in reversed(range(self.stack.count())):
            widget = self.stack.widget(index)
            if widget is not None and widget not in (self.credentials, page):
                self.stack.removeWidget(widget)
                widget.deleteLater()
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            page = self.stack.currentWidget()
            if page is self.credentials:
                self.close()
            elif isinstance(page, NewPasswordPage | CompanyPage | ProfilePage):
                page.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._work.close()
        super().closeEvent(event)
        if not self._is_done:
            self.closed.emit()
