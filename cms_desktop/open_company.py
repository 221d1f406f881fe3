"""One company on the screen: its window, workplace and listening connection. Nothing here waits on the screen's thread."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cms_desktop import __version__
from cms_desktop.core.errors import AppError, ConnectionLost, ServerUnreachable
from cms_desktop.db.listen import Listener
from cms_desktop.db.login import AT_THE_DOOR, CompanyChoice, LoginSession
from cms_desktop.db.preferences import load_preferences
from cms_desktop.modules.base import queries as base_queries
from cms_desktop.modules.base.notices.centre import TABLES as NOTICE_TABLES
from cms_desktop.modules.base.notices.centre import NoticeCentre
from cms_desktop.modules.rail import DockDoor, ModuleCommands, module_entries, search_in_modules
from cms_desktop.presence import Presence
from cms_desktop.ui.background import Background
from cms_desktop.ui.commands import Command
from cms_desktop.ui.company_overlay import CompanyOverlay, PasswordOverlay
from cms_desktop.ui.drafts import UnsavedForm, unsaved_forms, want_resumed
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Confirmation
from cms_desktop.ui.main_window import MainWindow
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.notices import NoticeList
from cms_desktop.ui.post import Post, PreferenceStore
from cms_desktop.ui.settings_overlay import SettingsOverlay
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import FileChooser, Workplace

tr = translator("ui")
log = logging.getLogger(__name__)
LAYOUT = "layout"
OFFERED = 3  # unsaved forms that are offered one by one at the start
FIRST_SIZE = (1600, 1000)
FIRST_COUNT_MS = 700  # the bell waits for the first figures


class LiveSignals(QObject):
    """What the listening thread says, on the GUI thread."""

    changed = Signal(int, str)
    reconnected = Signal()
    lost = Signal(float)
    refused = Signal(object)  # AppError: the server does not let this session go on


class OpenCompany(QObject):
    """`prepare` → `ready` (or `refused`) → `show` … `left`, then `close` → `freed`. Closing frees everything but the session."""

    ready = Signal()
    refused = Signal(object)  # AppError: what is remembered could not be read
    first_figures = Signal()  # of the first dock
    left = Signal()
    switch_wanted = Signal(object)
    rights_moved = Signal(object)  # CompanyChoice whose functions are others than before
    calmed = Signal()  # everything is saved, or the screen was unlocked
    language_chosen = Signal(str)
    password_changed = Signal(str)
    freed = Signal()

    def __init__(self, session: LoginSession, company: CompanyChoice, post: Post, files: FileChooser | None = None) -> None:
        super().__init__()
        self.session, self.company, self.post = session, company, post
        self.logged_out = self.is_lost = self.leaves_session = self.waits_for_rights = False
        self._files = files
        self._docks: dict[str, ModuleDock] = {}
        self._is_listening = threading.Event()
        self._heard_first = False
        self.background = Background(lambda: session.database.unit_of_work(company.company_id), self)
        self.signals = LiveSignals(self)
        self.listener = Listener(
            session.database.connect,
            changed=self.signals.changed.emit,
            reconnected=self._on_listening,
            lost=self.signals.lost.emit,
            refused=self.signals.refused.emit,
        )

    # -- opening
    def prepare(self, remembered: dict[str, Any] | None = None) -> None:
        """Begin to listen, read what is remembered for this person and post (unless given), then make the window."""
        self.listener.start(self.company.company_id)
        if remembered is not None:
            self._make_window(remembered)
            return
        self.background.run(
            self, lambda unit: load_preferences(unit, self.post.name), then=self._make_window, failed=self.refused.emit, key="remembered"
        )

    def _on_listening(self) -> None:
        """On the listening thread."""
        self._is_listening.set()
        self.signals.reconnected.emit()

    def _make_window(self, remembered: dict[str, Any]) -> None:
        self.registry = ModuleCommands(lambda function: self.workplace.may(function))
        self.settings = PreferenceStore(self.background, self.post.name, remembered)
        self.workplace = Workplace(
            person=self.session.person, company=self.company, background=self.background, commands=self.registry, settings=self.settings,
            files=self._files or FileChooser(), go_to=self._go_to, say=self._say, parent=self,
        )  # fmt: skip
        self.window = MainWindow(
            module_entries(self.workplace), self.registry, version=__version__, search_records=search_in_modules(self.workplace)
        )
        for name in self.window.module_names():
            self.registry.promise(name, DockDoor(partial(self.window.open_module, name), partial(self._made_dock, name)))
        resume = Command(
            "window.resume", tr("Riprendi la scheda non salvata"), "undo-2", "", self._resume_unsaved, enabled=lambda: bool(self._unsaved())
        )
        self.registry.register(resume)
        self.window.set_company(self.company.name, self.company.town)
        self.window.set_person(self.session.person.display_name, self.session.person.job_title)
        self.window.set_language(self.post.language)
        self.window.resize(*FIRST_SIZE)
        self.window.dock_opened.connect(self._on_dock_opened)
        self.notices = NoticeList()
        self.notices.counted.connect(self._show_unread)
        self.centre = NoticeCentre(self.background, self)
        self.presence = Presence(self)
        self._connect()
        self.ready.emit()

    def _connect(self) -> None:
        window = self.window
        self.background.error_unhandled.connect(self._show_error)
        self.signals.changed.connect(self._on_changed)
        self.signals.reconnected.connect(self._on_reconnected)
        self.signals.lost.connect(self._on_lost)
        self.signals.refused.connect(self.presence.end)
        self.presence.leave_wanted.connect(self._log_out)
        self.presence.screen.unlocked.connect(self.calmed)
        self.presence.resumed.connect(self._on_resumed)
        window.lock_wanted.connect(self.presence.lock)
        window.company_change_wanted.connect(self._choose_company)
        window.password_change_wanted.connect(self._change_password)
        window.settings_wanted.connect(self._open_settings)
        window.notifications_wanted.connect(self._open_notices)
        window.log_out_wanted.connect(self._log_out)
        self.centre.counted.connect(self._show_unread)
        self.centre.arrived.connect(self._on_notices_arrived)
        window.theme_chosen.connect(self.post.keep_theme)
        window.language_chosen.connect(self.language_chosen)
        window.closed.connect(self._on_closed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _made_dock(self, name: str) -> Any:
        """The dock of a module, None when it was not opened yet."""
        return self._docks.get(name)

    def show(self) -> None:
        """Show the window as it was left; a first visit opens the first module."""
        self._heard_first = not self._is_listening.is_set()  # else nothing can have been missed: docks load after listening began
        try:
            self._open_docks()
        except Exception as error:  # a broken dock must not keep the person out of the others
            log.exception("a dock could not be made")
            self._show_error(AppError("Errore imprevisto: {detail}", key="unexpected", detail=str(error)))
        self.window.show()
        if self._is_listening.is_set():
            self.window.set_live(self._place())
        self._heard_first = True
        self._offer_unsaved()
        self.presence.start()
        QTimer.singleShot(FIRST_COUNT_MS, self.centre, self.centre.count)

    def _unsaved(self) -> list[UnsavedForm]:
        return [one for one in unsaved_forms(self.settings, self.company.company_id) if one.module in self.window.module_names()]

    def _offer_unsaved(self) -> None:
        """What was typed and not saved when the program last ended; it stays offered until somebody answers."""
        for one in reversed(self._unsaved()[:OFFERED]):  # the newest comes last, on top
            title = tr("C'è una scheda non salvata: {title}", title=one.title)
            detail = self.window.module_title(one.module)
            self.notices.add("info", title, detail)
            resume = partial(self._resume, one)
            self.window.show_toast("info", title, detail, tr("Riprendi la scheda non salvata"), resume, stays=True)

    def _resume_unsaved(self) -> None:
        for one in self._unsaved()[:1]:
            self._resume(one)

    def _resume(self, unsaved: UnsavedForm) -> None:
        """Open the record; its form puts the text back. What was answered meanwhile is there no more."""
        if any((one.form, one.record) == (unsaved.form, unsaved.record) for one in self._unsaved()):
            want_resumed(self.settings, self.company.company_id, unsaved)
            self._go_to(unsaved.module, unsaved.page, **unsaved.what)

    def _open_docks(self) -> None:
        stored = self.settings.get(LAYOUT)
        restored = bool(stored) and self.window.restore_state(str(stored).encode())
        names = self.window.module_names()
        if names and (not restored or not self.window.open_docks()):
            self.window.open_module("billing" if "billing" in names else names[0])

    def _place(self) -> str:
        return tr("server locale") if self.session.profile.is_local else self.session.profile.hosts

    # -- what docks ask for
    def _go_to(self, module: str, page: str, **what: Any) -> None:
        if module == "history":
            self._open_history(page, **what)
            return
        dock = self.window.open_module(module)
        dock.show_page_for(page, **what)  # type: ignore[attr-defined]

    def _open_history(self, table_name: str, *, record: int, title: str = "") -> None:
        from cms_desktop.modules.base.editor.history import HistoryOverlay  # seldom asked for

        overlay = HistoryOverlay(self.workplace, table_name, record, title)
        overlay.left.connect(self.window.overlay.close_content)
        self.window.overlay.open_content(overlay)

    def _say(self, tone: str, title: str, detail: str = "", action: str = "", on_action: Callable[[], None] | None = None) -> None:
        self.notices.add(tone, title, detail)
        self.window.show_toast(tone, title, detail, action, on_action)

    def _show_error(self, error: AppError) -> None:
        """An error nobody took. While the connection is lost the status line tells it already."""
        if error.key in AT_THE_DOOR:
            self.presence.end(error)
            return
        self.window.status_line.set_message(error_text(error))
        if isinstance(error, ServerUnreachable | ConnectionLost) or self.window.overlay.content() is not None:
            return
        dialog = Confirmation(tr("Operazione non riuscita"), error_text(error), tr("Ho capito"), "warning")
        dialog.answered.connect(lambda _answer: self.window.overlay.close_content())
        self.window.overlay.open_content(dialog)

    def _on_dock_opened(self, dock: ModuleDock) -> None:
        if not self._docks:
            dock.figures_shown.connect(self.first_figures)
        self._docks[dock.name] = dock
        dock.dirty_changed.connect(lambda dirty: None if dirty else QTimer.singleShot(0, self, self.calmed.emit))

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None:
            QTimer.singleShot(0, self._take_lost_focus)

    def _take_lost_focus(self) -> None:
        """A live refresh may delete the very row that had the focus; the keys of the module must go on working."""
        if not shiboken6.isValid(self.window) or QApplication.focusWidget() is not None or not self.window.isActiveWindow():
            return
        dock = self.window.current_dock()
        if dock is not None and self.window.overlay.content() is None:
            dock.take_focus()

    # -- live
    def _on_changed(self, company_id: int, table: str) -> None:
        if company_id != self.company.company_id:
            return
        self.window.mark_changed({table})
        if table in NOTICE_TABLES:
            self.centre.mark_changed()
        if table in ("base.permission", "base.person"):
            self._read_rights()
        elif table == "base.parameter":
            self.presence.read_rule()

    def _read_rights(self) -> None:
        self.background.run(self, base_queries.my_functions, then=self._take_functions, key="functions", failed=lambda _error: None)

    def _take_functions(self, functions: frozenset[str]) -> None:
        before = self.workplace.company
        if functions == before.functions:
            return
        if not functions:
            self.presence.end_without_rights()
            return
        self.company = self.workplace.company = dataclasses.replace(before, functions=functions)
        for action in self.window.actions():
            action.setEnabled(self.registry.find(action.objectName()) is not None)
        self.window.mark_changed(None)
        lost = before.functions - functions
        detail = tr("I comandi che non puoi più usare sono spariti.") if lost else tr("Hai nuovi comandi.")
        self._say("info", tr("I tuoi diritti in questa azienda sono cambiati"), detail)
        self.rights_moved.emit(self.company)

    def _on_reconnected(self) -> None:
        was_lost, self.is_lost = self.is_lost, False
        self.window.set_live(self._place())
        if was_lost or not self._heard_first:
            self.window.mark_changed(None)
            self.centre.mark_changed()
            self._read_rights()
        self._heard_first = True

    def _on_resumed(self) -> None:
        """A new session in the place of the one that was ended: listen again, read everything again."""
        self.is_lost = True
        self.listener.resume()

    def _on_lost(self, seconds: float) -> None:
        self.is_lost = True
        self.window.set_lost(max(1, round(seconds)))

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

    def _on_password_changed(self, new: str) -> None:
        self.window.overlay.close_content()
        self.password_changed.emit(new)
        self._say("positive", tr("Password cambiata"))

    def _open_settings(self) -> None:
        overlay = SettingsOverlay(self.post, self.session.person.login, self.session.companies)
        overlay.theme_chosen.connect(self.window.choose_theme)
        overlay.language_chosen.connect(self._on_language_set)
        overlay.lock_chosen.connect(self.presence.read_rule)
        overlay.password_wanted.connect(self._change_password)
        overlay.left.connect(self.window.overlay.close_content)
        self.window.overlay.open_content(overlay)

    def _on_language_set(self, language: str) -> None:
        self.window.overlay.close_content()
        self.language_chosen.emit(language)

    def _open_notices(self) -> None:
        from cms_desktop.modules.base.notices.overlay import NoticeCentreOverlay  # not needed at the start
        from cms_desktop.modules.registry.notes.notices import kind_titles, notice_words

        overlay = NoticeCentreOverlay(self.background, self.centre, notice_words, kind_titles(), self.notices.notices)
        overlay.left.connect(self.window.overlay.close_content)
        overlay.open_wanted.connect(self._go_to_notice)
        self.window.overlay.open_content(overlay)
        self.notices.mark_read()

    def _go_to_notice(self, notice: Any) -> None:
        """To what the notice is about; where its module is not opened for this person, to the customer."""
        from cms_desktop.modules.registry.notes.notices import place_of

        place, names = place_of(notice), self.window.module_names()
        if place is not None and place[0] not in names:
            place = ("customers", "customers", notice.party_id) if notice.party_id is not None and "customers" in names else None
        if place is not None:
            self.window.overlay.close_content()
            more = {"contract": notice.source_id} if notice.source_table == "customers.contract" and place[1] == "customers" else {}
            self._go_to(place[0], place[1], record=place[2], **more)

    def _show_unread(self, _count: int) -> None:
        """On the bell and, where the system shows one, on the program's icon."""
        count = self.centre.unread + self.notices.unread
        self.window.top_bar.set_notifications(count)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setBadgeNumber(count)

    def _on_notices_arrived(self, more: int) -> None:
        if self.window.overlay.content() is None:
            words = tr("Una nuova notifica") if more == 1 else tr("{n} nuove notifiche", n=more)
            self.window.show_toast("info", words, "", tr("Apri"), self._open_notices)
        QApplication.alert(self.window)

    def take_notices(self, notices: NoticeList) -> None:
        """Go on with the notices of the window before."""
        self.notices = notices
        notices.counted.connect(self._show_unread)
        self._show_unread(notices.unread)

    def _log_out(self) -> None:
        self.logged_out = True
        if not self.window.close():
            self.logged_out = False

    # -- leaving
    def keep_layout(self) -> None:
        self.settings.set(LAYOUT, self.window.save_state().decode())

    def _on_closed(self) -> None:
        self.keep_layout()
        self.left.emit()

    def close(self) -> None:
        """Take the window away now and free the rest behind the screen's back; `freed` tells the end."""
        if hasattr(self, "window"):
            self.presence.close()
            for sender in (self.signals, self.notices, self.centre):  # they may outlive the window that is built anew
                sender.disconnect(self)
            self.centre.close()
            QApplication.instance().disconnect(self)  # type: ignore[union-attr]
            self.window.hide()
            self.window.deleteLater()
        threading.Thread(target=self._free, name="leave", daemon=True).start()

    def _free(self) -> None:
        if not self.is_lost:
            with contextlib.suppress(TimeoutError):
                self.background.drain()
            if self.leaves_session:
                self.session.leave()
        self.background.close()
        self.listener.close()
        self.freed.emit()
