"""The one place that builds everything: the login window, then for the chosen company a workplace, its main window and its docks."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import importlib
import logging
import sys
import threading
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from cms_desktop import __version__, measure
from cms_desktop.core.errors import AppError
from cms_desktop.db.local_house import open_local
from cms_desktop.db.local_server import LocalServer, default_folder
from cms_desktop.db.login import CompanyChoice, LoginSession
from cms_desktop.db.profile import ConnectionProfile, ProfileStore
from cms_desktop.first_start import FirstStart
from cms_desktop.ui import theme
from cms_desktop.ui.charts import library
from cms_desktop.ui.login import LoginWindow
from cms_desktop.ui.login.passwords import RememberedPasswords
from cms_desktop.ui.post import Post
from cms_desktop.ui.translation import use_language
from cms_desktop.ui.workplace import FileChooser

log = logging.getLogger(__name__)
FIRST_SCREENS = ("cms_desktop.open_company", "cms_desktop.modules.billing.dock")
MORE_SCREENS = tuple(f"cms_desktop.modules.{name}.dock" for name in ("customers", "bank_effects", "base"))
GARBAGE_THRESHOLDS = 50_000, 20, 50  # by the usual ones a start goes through all objects dozens of times, 0.1 s each
SWITCH_SECONDS = 0.0005  # painting may have to wait that long for a thread at work, many times in one picture
CALM_SECONDS = 20  # how long imports that can wait do wait for the first figures
LEAVE_SECONDS = 6  # how long a program that nobody sees any more may take to end


class LocalPlace:
    """The local server of this post: started when first asked for, by whichever thread asks first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: LocalServer | None = None

    def reach(self, profile: ConnectionProfile) -> ConnectionProfile:
        """A profile that can be connected to: for the local one the server is started and its port filled in."""
        if not profile.is_local:
            return profile
        with self._lock:
            if self._server is None:
                self._server = LocalServer(default_folder())
            return open_local(self._server, profile)

    def first_start(self, profile: ConnectionProfile) -> FirstStart | None:
        """What to do on a local server without any company; None when there is one."""
        with self._lock:
            if self._server is None:
                return None
            first = FirstStart(self._server, profile)
        return None if first.has_company() else first

    def release(self) -> None:
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.release()


class Program(QObject):
    """From the login window to the last closed window."""

    opened = Signal(object)  # OpenCompany, shown
    finished = Signal()

    def __init__(
        self, app: QApplication, post: Post, files: FileChooser | None = None, *, place: Any = None, profiles: ProfileStore | None = None
    ) -> None:
        super().__init__()
        self.app, self.post, self._files = app, post, files
        self.place = place or LocalPlace()
        self.profiles = profiles or ProfileStore()
        self.login: LoginWindow | None = None
        self.open: Any = None  # OpenCompany; its module is imported when it is needed
        self._opening: Any = None
        self._leaving: set[Any] = set()
        self._is_ending = False
        self._imports = Imports()
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        sys.setswitchinterval(SWITCH_SECONDS)
        use_language(post.language)
        theme.load_fonts()
        theme.follow_system(app)
        theme.choose(post.theme)

    # -- login
    def show_login(self) -> LoginWindow:
        self.login = LoginWindow(self.profiles, self.place.reach, self.post.company_of, keep_company=self.post.keep_company)
        self.login.first_start = getattr(self.place, "first_start", None)
        self.login.entered.connect(self.enter)
        self.login.closed.connect(self.quit)
        self.login.show()
        self.login.activateWindow()
        QTimer.singleShot(0, self._imports.begin)
        self.login.credentials.entered.connect(self._imports.hold)
        return self.login

    def enter(self, session: LoginSession, company: CompanyChoice) -> None:
        """Open a company: what is remembered for this post first, then the window in the place of the login."""
        self._prepare(session, company, None)

    def _prepare(self, session: LoginSession, company: CompanyChoice, remembered: dict[str, Any] | None) -> None:
        from cms_desktop.open_company import OpenCompany

        opening = self._opening = OpenCompany(session, company, self.post, self._files)
        opening.ready.connect(self._on_ready)
        opening.refused.connect(self._on_refused)
        opening.prepare(remembered)

    def _on_ready(self) -> None:
        opening, self._opening, old = self._opening, None, self.open
        opening.left.connect(self._on_left)
        opening.switch_wanted.connect(self._reopen)
        opening.rights_moved.connect(self._on_rights_moved)
        opening.calmed.connect(lambda: opening.waits_for_rights and self._reopen_with_rights(opening))
        opening.language_chosen.connect(self._on_language)
        opening.password_changed.connect(self._on_password_changed)
        self.open = opening
        opening.show()
        if old is not None:
            opening.window.setGeometry(old.window.geometry())
            self._close(old)
        if self.login is not None:
            self.login.finish()
            self.login = None
        opening.window.activateWindow()
        opening.first_figures.connect(self._imports.go_on)
        self.opened.emit(opening)

    def _on_refused(self, error: AppError) -> None:
        opening, self._opening = self._opening, None
        self._close(opening, session=self.login is not None)
        if self.login is not None:
            self.login.show_refusal(error)

    # -- another company, another language: a new window in the place of the old one
    def _reopen(self, company: CompanyChoice) -> None:
        old = self.open
        old.keep_layout()
        self._prepare(old.session, company, old.settings.values())

    def _on_language(self, language: str) -> None:
        if language == self.post.language or self.open is None or not self.open.window.may_close():
            return
        self.post.keep_language(language)
        use_language(language)
        self._reopen(self.open.company)

    def _on_rights_moved(self, company: CompanyChoice) -> None:
        """Other rights, other commands, pages and modules: the window is made again as it was left. Not while somebody would lose what they typed, and
        not while the screen is locked: then as soon as all is saved and the screen is open.
        """
        session = self.open.session
        session.companies = tuple(company if one.company_id == company.company_id else one for one in session.companies)
        if not self._reopen_with_rights(self.open):
            self.open.waits_for_rights = True

    def _reopen_with_rights(self, opened: Any) -> bool:
        if opened is not self.open or opened.presence.screen.is_locked or any(dock.is_dirty() for dock in opened.window.open_docks()):
            return False
        opened.waits_for_rights = False
        notices = opened.notices
        self._reopen(opened.company)
        self.open.take_notices(notices)
        self.open.window.show_toast(notices.notices[0].tone, notices.notices[0].title, notices.notices[0].detail)
        return True

    def _on_password_changed(self, new: str) -> None:
        """A remembered password follows the change."""
        session = self.open.session
        RememberedPasswords().replace(session.profile, session.person.login, new)

    # -- leaving
    def _on_left(self) -> None:
        """Logged out or closed: the window is gone; logging out shows the login again."""
        gone, self.open = self.open, None
        if gone is None:
            return
        self._close(gone, session=True)
        if gone.logged_out:
            self.show_login()
        else:
            self.quit()

    def _close(self, gone: Any, *, session: bool = False) -> None:
        self._leaving.add(gone)
        gone.leaves_session = session
        gone.freed.connect(lambda: self._on_freed(gone, session), Qt.ConnectionType.QueuedConnection)
        gone.close()

    def _on_freed(self, gone: Any, session: bool) -> None:
        if session:
            gone.session.close()
        self._leaving.discard(gone)
        gone.deleteLater()
        if self._is_ending and not self._leaving:
            self._end()

    def quit(self) -> None:
        """End the program when everything that is leaving has left; no later than in a few seconds."""
        self._is_ending = True
        if self._leaving:
            QTimer.singleShot(LEAVE_SECONDS * 1000, self._end)
        else:
            self._end()

    def _end(self) -> None:
        if self._is_ending:
            self._is_ending = False
            self.place.release()
            self.finished.emit()
            self.app.quit()


class Imports:
    """While somebody types their password: what the main window, its docks and its charts need, so that they open at once.

    Between Enter and the first figures only what these need is imported: threads share one lock of the interpreter.
    """

    def __init__(self) -> None:
        self._calm = threading.Event()
        self._calm.set()

    def begin(self) -> None:
        library.announce()
        threading.Thread(target=self._work, name="import", daemon=True).start()

    def hold(self) -> None:
        self._calm.clear()

    def go_on(self) -> None:
        gc.freeze()
        self._calm.set()

    def _work(self) -> None:
        for name in FIRST_SCREENS:
            importlib.import_module(name)
        self._calm.wait(CALM_SECONDS)
        library.fetch()
        for name in MORE_SCREENS:
            self._calm.wait(CALM_SECONDS)
            importlib.import_module(name)
        gc.freeze()  # what modules hold stays until the end: no search for garbage need go through it


def make_app(arguments: list[str]) -> QApplication:
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    app.setApplicationName("CMS Desktop")
    app.setApplicationVersion(__version__)
    app.setQuitOnLastWindowClosed(False)
    return app


def main() -> None:
    """Entry point of the client."""
    parser = argparse.ArgumentParser("cms-desktop")
    parser.add_argument("--measure-start", action="store_true", help="print the milliseconds to the login window and leave")
    parser.add_argument("--measure-login", metavar="LOGIN", default="", help="also those to the first dashboard (password in CMS_PASSWORD)")
    parser.add_argument("--measure-company", type=int, default=1, help="which of the offered companies, from 1")
    parser.add_argument("--measure-typing", type=float, default=2, help="seconds that name and password take to type")
    parser.add_argument("--measure-profile", default="", help="the server as JSON fields of a profile; without it the local one")
    options, rest = parser.parse_known_args()
    logging.basicConfig(level=logging.WARNING)
    faulthandler.enable()
    app = make_app([sys.argv[0], *rest])
    profiles = measure.profiles_for(options.measure_profile) if options.measure_login else None
    program = Program(app, Post.of_this_machine(), profiles=profiles)
    program.show_login()
    if options.measure_login:
        measure.report_login(
            program, measure.process_started(), options.measure_login, company=options.measure_company, typing=options.measure_typing
        )
    elif options.measure_start:
        measure.report_start(program, measure.process_started())
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
