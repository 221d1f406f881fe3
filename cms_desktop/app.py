"""The one place that builds everything: the login window, then for the chosen company a workplace, its main window and its docks."""

from __future__ import annotations

import argparse
import dataclasses
import faulthandler
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from cms_desktop import __version__
from cms_desktop.core.errors import AppError
from cms_desktop.db.listen import Listener
from cms_desktop.db.local_server import LocalServer, default_folder
from cms_desktop.db.login import CompanyChoice, LoginSession
from cms_desktop.db.preferences import load_preferences
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.modules.base import queries as base_queries
from cms_desktop.modules.rail import module_entries, search_in_modules
from cms_desktop.ui import theme
from cms_desktop.ui.background import Background
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.company_overlay import CompanyOverlay, PasswordOverlay
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Confirmation
from cms_desktop.ui.login import LoginWindow
from cms_desktop.ui.main_window import MainWindow
from cms_desktop.ui.post import Post, PreferenceStore
from cms_desktop.ui.translation import translator, use_language
from cms_desktop.ui.workplace import FileChooser, Workplace

tr = translator("ui")
log = logging.getLogger(__name__)
LAYOUT = "layout"


class LiveSignals(QObject):
    """What the listening thread says, on the GUI thread."""

    changed = Signal(int, str)
    reconnected = Signal()
    lost = Signal(float)


class OpenCompany(QObject):
    """One company on the screen: window, workplace, listener. Closing it frees everything but the session."""

    left = Signal()
    switch_wanted = Signal(object)
    language_chosen = Signal(str)

    def __init__(
        self, session: LoginSession, company: CompanyChoice, post: Post, preferences: dict[str, Any], files: FileChooser | None
    ) -> None:
        super().__init__()
        self.session, self.company, self.post = session, company, post
        self.logged_out = False
        self.background = Background(lambda: session.database.unit_of_work(company.company_id), self)
        self.registry = CommandRegistry(lambda function: self.workplace.may(function))
        self.settings = PreferenceStore(self.background, post.name, preferences)
        self.workplace = Workplace(
            person=session.person, company=company, background=self.background, commands=self.registry, settings=self.settings,
            files=files or FileChooser(), go_to=self._go_to, say=self._say, parent=self,
        )  # fmt: skip
        self.window = MainWindow(
            module_entries(self.workplace), self.registry, version=__version__, search_records=search_in_modules(self.workplace)
        )
        self._dress()
        self.signals = LiveSignals(self)
        self.listener = Listener(
            session.database.connect,
            changed=self.signals.changed.emit,
            reconnected=self.signals.reconnected.emit,
            lost=self.signals.lost.emit,
        )
        self._pending: set[str] = set()
        self._connect()

    def _dress(self) -> None:
        self.window.set_company(self.company.name, self.company.town)
        self.window.set_person(self.session.person.display_name, self.session.person.job_title)
        self.window.set_language(self.post.language)
        self.window.resize(1600, 1000)

    def _connect(self) -> None:
        window = self.window
        self.background.error_unhandled.connect(self._show_error)
        self.signals.changed.connect(self._on_changed)
        self.signals.reconnected.connect(self._on_reconnected)
        self.signals.lost.connect(lambda seconds: window.set_lost(round(seconds)))
        window.company_change_wanted.connect(self._choose_company)
        window.password_change_wanted.connect(self._change_password)
        window.log_out_wanted.connect(self._log_out)
        window.theme_chosen.connect(self.post.keep_theme)
        window.language_chosen.connect(self.language_chosen)
        window.closed.connect(self._on_closed)

    def show(self) -> None:
        """Show the window as it was left; a first visit opens the first module."""
        stored = self.settings.get(LAYOUT)
        restored = bool(stored) and self.window.restore_state(stored.encode())
        if not restored or not self.window.open_docks():
            names = self.window.module_names()
            if names:
                self.window.open_module("billing" if "billing" in names else names[0])
        self.window.show()
        self.listener.start(self.company.company_id)

    def _go_to(self, module: str, page: str, **what: Any) -> None:
        dock = self.window.open_module(module)
        dock.show_page_for(page, **what)  # type: ignore[attr-defined]

    def _say(self, tone: str, title: str, detail: str = "", action: str = "", on_action: Callable[[], None] | None = None) -> None:
        self.window.show_toast(tone, title, detail, action, on_action)

    def _show_error(self, error: AppError) -> None:
        self.window.status_line.set_message(error_text(error))
        if self.window.overlay.content() is None:
            dialog = Confirmation(tr("Operazione non riuscita"), error_text(error), tr("Ho capito"), "warning")
            dialog.answered.connect(lambda _answer: self.window.overlay.close_content())
            self.window.overlay.open_content(dialog)

    def _log_out(self) -> None:
        if self.window.may_close():
            self.logged_out = True
            self.window.close()

    # -- live
    def _on_changed(self, company_id: int, table: str) -> None:
        if company_id != self.company.company_id:
            return
        self.window.mark_changed({table})
        if table == "base.permission":
            self.background.run(self, base_queries.my_functions, then=self._take_functions, key="functions")

    def _take_functions(self, functions: frozenset[str]) -> None:
        if functions == self.workplace.company.functions:
            return
        self.company = self.workplace.company = dataclasses.replace(self.workplace.company, functions=functions)
        self.window.mark_changed(None)
        self._say("info", tr("I tuoi diritti in questa azienda sono cambiati"), tr("I comandi che non puoi più usare sono spariti."))

    def _on_reconnected(self) -> None:
        place = tr("server locale") if self.session.profile.is_local else self.session.profile.hosts
        self.window.set_live(place)
        self.window.mark_changed(None)

    # -- what the person wants
    def _choose_company(self) -> None:
        overlay = CompanyOverlay(self.session.companies, self.company.company_id)
        overlay.chosen.connect(self._on_company_chosen)
        self.window.overlay.open_content(overlay)

    def _on_company_chosen(self, company: CompanyChoice) -> None:
        self.window.overlay.close_content()
        if company.company_id != self.company.company_id and self.window.may_close():
            self.switch_wanted.emit(company)

    def _change_password(self) -> None:
        overlay = PasswordOverlay(self.session, self.background)
        overlay.changed.connect(self._on_password_changed)
        overlay.left.connect(self.window.overlay.close_content)
        self.window.overlay.open_content(overlay)

    def _on_password_changed(self) -> None:
        self.window.overlay.close_content()
        self._say("positive", tr("Password cambiata"))

    def _on_closed(self) -> None:
        self.settings.set(LAYOUT, self.window.save_state().decode())
        self.settings.flush()
        self.left.emit()

    def close(self) -> None:
        self.listener.close()
        self.background.close()
        self.window.deleteLater()


class Program(QObject):
    """From the login window to the last closed window."""

    def __init__(self, app: QApplication, post: Post, files: FileChooser | None = None) -> None:
        super().__init__()
        self.app, self.post, self._files = app, post, files
        self.server: LocalServer | None = None
        self.login: LoginWindow | None = None
        self.open: OpenCompany | None = None
        use_language(post.language)
        theme.load_fonts()
        theme.choose(post.theme)
        theme.follow_system(app)

    def reach(self, profile: ConnectionProfile) -> ConnectionProfile:
        """A profile that can be connected to: for the local one the server is started and its port filled in."""
        if not profile.is_local:
            return profile
        if self.server is None:
            self.server = LocalServer(default_folder())
        address = self.server.ensure_running()
        return dataclasses.replace(profile, hosts=f"{address.host}:{address.port}")

    def show_login(self) -> LoginWindow:
        self.login = LoginWindow(ProfileStore(), self.reach, self.post.company_of, keep_company=self.post.keep_company)
        self.login.entered.connect(self.enter)
        self.login.closed.connect(self.quit)
        self.login.show()
        return self.login

    def enter(self, session: LoginSession, company: CompanyChoice) -> OpenCompany:
        """Open a company: what is remembered for this post first, then the window."""
        with session.database.unit_of_work(company.company_id) as unit:
            preferences = load_preferences(unit, self.post.name)
        self.open = OpenCompany(session, company, self.post, preferences, self._files)
        self.open.left.connect(self._on_left)
        self.open.switch_wanted.connect(self._on_switch)
        self.open.language_chosen.connect(self._on_language)
        self.open.show()
        if self.login is not None:
            self.login.close()
            self.login = None
        return self.open

    def _on_switch(self, company: CompanyChoice) -> None:
        self._reopen(company)

    def _on_language(self, language: str) -> None:
        self.post.keep_language(language)
        use_language(language)
        if self.open is not None and self.open.window.may_close():
            self._reopen(self.open.company)

    def _reopen(self, company: CompanyChoice) -> None:
        """Another company, or the same in another language: a new window in the place of the old one."""
        old = self.open
        assert old is not None
        old.left.disconnect(self._on_left)
        old.settings.set(LAYOUT, old.window.save_state().decode())
        old.settings.flush()
        geometry = old.window.geometry()
        self.enter(old.session, company)
        assert self.open is not None
        self.open.window.setGeometry(geometry)
        old.window.hide()
        old.close()

    def _on_left(self) -> None:
        """Logged out or closed: the window is gone; logging out shows the login again."""
        if self.open is None:
            return
        gone, self.open = self.open, None
        gone.window.hide()
        gone.close()
        gone.session.close()
        if gone.logged_out:
            self.show_login()
        else:
            self.quit()

    def quit(self) -> None:
        if self.server is not None:
            self.server.release()
            self.server = None
        self.app.quit()


def make_app(arguments: list[str]) -> QApplication:
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    app.setApplicationName("CMS Desktop")
    app.setApplicationVersion(__version__)
    app.setQuitOnLastWindowClosed(False)
    return app


def main() -> None:
    """Entry point of the client."""
    started = time.perf_counter()
    parser = argparse.ArgumentParser("cms-desktop")
    parser.add_argument("--measure-start", action="store_true", help="print the milliseconds to the login window and leave")
    options, rest = parser.parse_known_args()
    logging.basicConfig(level=logging.WARNING)
    faulthandler.enable()
    app = make_app([sys.argv[0], *rest])
    program = Program(app, Post.of_this_machine())
    window = program.show_login()
    if options.measure_start:

        def report() -> None:
            print(f'{{"login_window_ms": {round((time.perf_counter() - started) * 1000)}}}', flush=True)
            window.close()

        QTimer.singleShot(0, report)
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
