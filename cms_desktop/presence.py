"""The person before an open company: signs of life for the server, the locked screen, a session that was ended by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from cms_desktop.core.errors import AppError
from cms_desktop.db import login as logins
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.door_records import ScreenLockRule
from cms_desktop.ui.background import Background, no_unit
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.login.lock import IdleWatch, ScreenLock
from cms_desktop.ui.login.lock_card import LockCard
from cms_desktop.ui.login.pages import NewPasswordPage
from cms_desktop.ui.translation import translator

if TYPE_CHECKING:
    from cms_desktop.open_company import OpenCompany

tr = translator("ui")
SIGN_OF_LIFE = 60_000  # milliseconds
AFTER_FIRST_FIGURES = 1_500


class Presence(QObject):
    """Belongs to an open company. `leave_wanted`: the person cannot or does not want to go on here."""

    leave_wanted = Signal()
    resumed = Signal()  # a session that was ended goes on with a new one

    def __init__(self, open_company: OpenCompany) -> None:
        super().__init__(open_company)
        self._open, self._session = open_company, open_company.session
        self._work = Background(no_unit, self, threads=1)
        self.rule = ScreenLockRule()
        self.idle = IdleWatch(self)
        self.idle.idled.connect(self.lock)
        window = open_company.window
        self.screen = ScreenLock(window, lambda: [dock for dock in window.open_docks() if dock.isFloating()], self._may_leave)
        self._timer = QTimer(self)
        self._timer.setInterval(SIGN_OF_LIFE)
        self._timer.timeout.connect(self.report)
        self.is_ended = False

    def start(self) -> None:
        self._timer.start()
        QTimer.singleShot(AFTER_FIRST_FIGURES, self, self.report)
        QTimer.singleShot(AFTER_FIRST_FIGURES, self, self.read_rule)

    def close(self) -> None:
        """Let go of the screen; the thread ends by itself."""
        self._timer.stop()
        self.idle.minutes = 0
        self.screen.unlock()
        self._work.close()

    # -- signs of life
    def report(self) -> None:
        token, idle, locked = self._session.token, self.idle.seconds(), self.screen.is_locked
        work = lambda unit: actions.report_session(unit, token, idle, locked)
        self._open.background.run(self, work, failed=self._on_report_failed, key="sign of life")

    def _on_report_failed(self, error: AppError) -> None:
        if error.key in logins.AT_THE_DOOR:
            self.end(error)

    def read_rule(self) -> None:
        """How long a screen may stand alone here: said by the company, sooner if this post says so."""
        self._open.background.run(self, queries.find_screen_lock, then=self._take_rule, failed=lambda _error: None, key="lock rule")

    def _take_rule(self, rule: ScreenLockRule) -> None:
        self.rule = rule
        self.idle.minutes = rule.minutes_at(self._open.post.name, self._open.post.lock_minutes)

    # -- the locked screen
    def lock(self) -> None:
        """Now. What runs goes on; what was typed stays."""
        if not self.screen.is_locked:
            self._show(LockCard(self._session.person.display_name, self._session.person.initials))
            self.report()

    def _show(self, card: LockCard) -> None:
        card.password_entered.connect(self._on_password)
        card.left.connect(self._on_leave)
        self.screen.lock(card)

    def _on_password(self, password: str) -> None:
        check = logins.reopen if self.is_ended else logins.verify_password
        self._work.run(self, lambda _unit: check(self._session, password), then=self._on_right, failed=self._on_wrong, key="password")

    def _on_right(self, _nothing: Any) -> None:
        if self._session.person.must_change_password:
            self._ask_new_password()
            return
        was_ended, self.is_ended = self.is_ended, False
        self.idle.touch()
        self.screen.unlock()
        if was_ended:
            self.resumed.emit()
        self.report()

    def _on_wrong(self, error: AppError) -> None:
        if self.screen.card is not None:
            self.screen.card.show_error(error)

    def _ask_new_password(self) -> None:
        """The password was given anew by an administrator: another one first, then everything goes on as it was."""
        card = self.screen.card
        assert card is not None
        page = NewPasswordPage(shortest=self._session.rules.password_length, on_the_way_in=False)
        page.setFixedSize(460, 430)

        def done(_nothing: Any) -> None:
            self._on_right(None)

        def failed(error: AppError) -> None:
            page.confirm.setEnabled(True)
            page.show_error(error)

        def entered(_old: str, new: str) -> None:
            page.confirm.setEnabled(False)
            self._work.run(self, lambda _unit: logins.set_password(self._session, new), then=done, failed=failed, key="new password")

        page.entered.connect(entered)
        page.left.connect(self._on_leave)
        fresh = LockCard(self._session.person.display_name, self._session.person.initials)
        fresh.setFixedWidth(460 + 2 * fresh.MARGIN)
        fresh.replace_password_part(page)
        self.screen.lock(fresh)
        page.focus_first()

    # -- a session that was ended
    def end(self, error: AppError) -> None:
        """The server does not let this session go on: say why; whoever may come in again goes on where they were."""
        if self.is_ended:
            return
        self.is_ended = True
        person = self._session.person
        if error.key in ("session_ended", "locked", "password_changed"):
            text = f"{error_text(error)}\n\n{tr('Quello che hai scritto è ancora qui: entra di nuovo per continuare.')}"
            card = LockCard(person.display_name, person.initials, title=tr("La sessione è stata chiusa"), text=text, icon="log-out")
        else:
            card = LockCard(
                person.display_name, person.initials, title=tr("Non puoi più lavorare qui"), text=error_text(error), icon="circle-x",
                asks=False, leave=tr("Chiudi la sessione"),
            )  # fmt: skip
        self._show(card)

    def end_without_rights(self) -> None:
        """The person was taken out of this company."""
        self.end(AppError("Non hai più diritti in questa azienda: rivolgiti all'amministratore.", key="no_company"))

    def _may_leave(self) -> bool:
        """A locked window closes by its cross only when nothing would be lost."""
        return not any(dock.is_dirty() for dock in self._open.window.open_docks())

    def _on_leave(self) -> None:
        self.screen.unlock()
        self.leave_wanted.emit()
