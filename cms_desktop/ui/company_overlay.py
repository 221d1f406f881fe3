"""Overlays of the main window: another company without a new login, another password."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from cms_desktop.core.errors import AppError
from cms_desktop.db import login as logins
from cms_desktop.db.login import CompanyChoice, LoginSession

from .background import Background
from .basics import Elevated, column, label
from .login.company_list import CompanyList
from .login.pages import NewPasswordPage
from .translation import translator

tr = translator("ui")


class CompanyOverlay(Elevated):
    chosen = Signal(object)

    def __init__(self, companies: Sequence[CompanyChoice], current: int) -> None:
        super().__init__(radius=12)
        self.list = CompanyList(companies, current)
        self.list.setObjectName("first-focus")
        self.list.setMinimumSize(480, min(5, len(companies)) * 68 + 4)
        self.list.chosen.connect(self.chosen)
        body = column(
            label(tr("Cambia azienda"), "title"),
            label(tr("Un numero, o le frecce e Invio."), "small", "3"),
            8,
            self.list,
            spacing=4,
            margins=(24, 20, 18, 20),
        )
        self.body.addLayout(body)


class PasswordOverlay(Elevated):
    changed = Signal(str)  # the new password
    left = Signal()

    def __init__(self, session: LoginSession, background: Background) -> None:
        super().__init__(radius=12)
        self._session, self._background = session, background
        self.page = NewPasswordPage(forced=False, shortest=session.rules.password_length)
        self.page.setFixedSize(520, 460)
        self.page.old.setObjectName("first-focus")
        self.page.entered.connect(self._on_entered)
        self.page.left.connect(self.left)
        self.body.addWidget(self.page)

    def _on_entered(self, old: str, new: str) -> None:
        if old != self._session.words["password"]:
            self.page.show_error(AppError("La password attuale non è questa.", key="wrong_password"))
            self.page.old.setFocus()
            self.page.old.selectAll()
            return
        self.page.confirm.setEnabled(False)
        work = lambda _unit: logins.set_password(self._session, new)
        self._background.run(self, work, then=lambda _none: self.changed.emit(new), failed=self._on_failed, key="password")

    def _on_failed(self, error: AppError) -> None:
        self.page.confirm.setEnabled(True)
        self.page.show_error(error)
        self.page.first.setFocus()
        self.page.first.selectAll()
