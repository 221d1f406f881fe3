"""The pages of the login window: credentials, new password, company."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLayout, QLineEdit, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.db.login import LoginSession
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.ui import theme
from cms_desktop.ui.basics import Avatar, Item, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import CountBadge
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.icons import icon
from cms_desktop.ui.login.company_list import CompanyList
from cms_desktop.ui.translation import translator

tr = translator("ui")
MARGINS = (40, 32, 40, 24)


def steps(number: int) -> QWidget:
    """«1 Credenziali — 2 Azienda», the present one in full colour."""
    parts: list[Item] = []
    for index, text in enumerate((tr("Credenziali"), tr("Azienda")), 1):
        parts += [CountBadge(index, "info" if index <= number else "neutral"), label(text, "small-medium", "" if index == number else "3")]
        if index == 1:
            line = rule()
            line.setFixedWidth(24)
            parts.append(line)
    return boxed(row(*parts, None, spacing=8))


def large(field: QLineEdit | QComboBox) -> None:
    field.setProperty("fit", "large")
    field.setFont(theme.font("body", size=14))


def titled(text: str, field: QWidget) -> QLayout:
    name = label(text, "small-medium", "2")
    if isinstance(field, QLineEdit):
        name.setBuddy(field)
    field.setAccessibleName(text)
    return column(name, field, spacing=4)


def secret_field() -> QLineEdit:
    """A password field with an eye to look at what was typed."""
    field = QLineEdit()
    large(field)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    eye = field.addAction(icon("eye", "text_3"), QLineEdit.ActionPosition.TrailingPosition)
    eye.setToolTip(tr("Mostra o nascondi la password"))

    def toggle() -> None:
        hidden = field.echoMode() == QLineEdit.EchoMode.Password
        field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)

    eye.triggered.connect(toggle)
    return field


class LoginPage(QWidget):
    """A page with a message strip above its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.message = InlineMessage("negative", "")
        self.message.hide()

    def show_error(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))
        self.message.show()

    def show_note(self, text: str) -> None:
        self.message.set_message("info", text)
        self.message.show()

    def add_note(self, text: str) -> None:
        """A second sentence in the strip that is shown."""
        self.message.set_message("negative", f"{self.message.text()} {text}")

    def clear_message(self) -> None:
        self.message.hide()

    def focus_first(self) -> None:
        """Put the focus where the work of the page begins."""


class CredentialsPage(LoginPage):
    entered = Signal(object, str, str)  # profile, login, password
    profile_chosen = Signal(object)
    new_profile_wanted = Signal()
    profile_edit_wanted = Signal(object)
    left = Signal()

    def __init__(self, profiles: Sequence[ConnectionProfile]) -> None:
        super().__init__()
        self._is_offered = False
        self.profile, self.login, self.password = QComboBox(), QLineEdit(), secret_field()
        large(self.profile)
        large(self.login)
        self.keep = QCheckBox(tr("Ricorda utente e password su questa postazione"))
        self.keep.setEnabled(False)
        add = button("", "icon", "plus", tip=tr("Aggiungi un server"))
        add.clicked.connect(self.new_profile_wanted)
        self.edit = button("", "icon", "pencil", tip=tr("Modifica il profilo"))
        self.edit.clicked.connect(lambda: self.profile_edit_wanted.emit(self.current_profile()))
        self.enter = button(tr("Accedi"), "primary", size="large", tip=tr("Accedi (Invio)"))
        leave = button(tr("Esci"), "", size="large", tip=tr("Esci (Esc)"))
        leave.clicked.connect(self.left)
        self.enter.clicked.connect(self._on_enter)
        self.login.returnPressed.connect(self._on_enter)
        self.password.returnPressed.connect(self._on_enter)
        self.login.textEdited.connect(self._on_other_login)
        profile_row = row(self.profile, self.edit, add, spacing=4)
        profile_row.setStretch(0, 1)
        self.profile.setAccessibleName(tr("Profilo server"))
        self.setLayout(
            column(
                steps(1), 20, label(tr("Accedi"), "title"), 4, label(tr("Con le tue credenziali personali."), "body", "2"), 16,
                label(tr("Profilo server"), "small-medium", "2"), 4, profile_row, 12,
                titled(tr("Utente"), self.login), 12, titled(tr("Password"), self.password), 12, self.keep, 12, self.message, None,
                rule(), 12, row(None, leave, self.enter, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip
        self.set_profiles(profiles)
        self.profile.currentIndexChanged.connect(self._on_profile)

    def set_profiles(self, profiles: Sequence[ConnectionProfile]) -> None:
        self.profile.blockSignals(True)
        self.profile.clear()
        for profile in profiles:
            place = tr("server locale") if profile.is_local else profile.hosts
            self.profile.addItem(profile.name if profile.name == place else f"{profile.name} · {place}", profile)
        self.profile.blockSignals(False)
        self._on_profile()

    def current_profile(self) -> ConnectionProfile:
        return self.profile.currentData()

    def set_busy(self, busy: bool) -> None:
        for widget in (self.enter, self.profile, self.edit, self.login, self.password):
            widget.setEnabled(not busy)
        self.edit.setEnabled(not busy and not self.current_profile().is_local)
        self.enter.setText(tr("Accesso in corso…") if busy else tr("Accedi"))

    def rest(self, seconds: int) -> None:
        """After too many refusals a little time passes before the next attempt."""
        self.enter.setEnabled(False)
        QTimer.singleShot(seconds * 1000, lambda: self.enter.setEnabled(True))

    def _on_profile(self) -> None:
        profile = self.profile.currentData()
        if profile is not None:
            self.login.setText(profile.last_login)
            self.password.clear()
            self._is_offered = False
            self.edit.setEnabled(not profile.is_local)
            self.clear_message()
            self.profile_chosen.emit(profile)
            self.focus_first()

    # -- remembered password
    def set_keep_possible(self, possible: bool) -> None:
        self.keep.setEnabled(possible)
        self.keep.setToolTip("" if possible else tr("Su questa postazione non c'è un portachiavi di sistema."))

    def offer_password(self, password: str | None) -> None:
        """The remembered password of the shown login; what somebody is typing is left alone."""
        self.keep.setChecked(password is not None)
        if password and not self.password.text():
            self.password.setText(password)
            self._is_offered = True
            if self.password.hasFocus():
                self.password.selectAll()

    def _on_other_login(self) -> None:
        """A remembered password belongs to its login."""
        if self._is_offered:
            self._is_offered = False
            self.password.clear()
            self.keep.setChecked(False)

    # -- focus
    def focus_first(self) -> None:
        field = self.password if self.login.text().strip() else self.login
        field.setFocus()
        field.selectAll()

    def focus_after(self, error: AppError) -> None:
        """Where the person goes on: the password when it was wrong, the login when this person may not come in, else the button."""
        if error.key == "wrong_password":
            self.password.setFocus()
            self.password.selectAll()
        elif error.key in ("disabled", "expired", "locked", "not_a_person", "no_company", "temporary_expired"):
            self.login.setFocus()
            self.login.selectAll()
        else:
            self.enter.setFocus()

    def _on_enter(self) -> None:
        if not self.enter.isEnabled():
            return
        if not self.login.text().strip():
            self.login.setFocus()
        elif not self.password.text():
            self.password.setFocus()
        else:
            self.clear_message()
            self.entered.emit(self.current_profile(), self.login.text(), self.password.text())


class NewPasswordPage(LoginPage):
    """Forced at the first login; asked for later it wants the present password, too (a post may have been left open)."""

    entered = Signal(str, str)  # present password ("" when forced), new password
    left = Signal()

    def __init__(self, *, forced: bool = True, shortest: int = 12, on_the_way_in: bool = True) -> None:
        super().__init__()
        self._forced = forced
        self.old, self.first, self.second = secret_field(), secret_field(), secret_field()
        self.confirm = button(tr("Cambia la password"), "primary", size="large", tip=tr("Cambia la password (Invio)"))
        back = button(tr("Annulla"), "", size="large", tip=tr("Annulla (Esc)"))
        back.clicked.connect(self.left)
        self.confirm.clicked.connect(self._on_confirm)
        self.old.returnPressed.connect(self.first.setFocus)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._on_confirm)
        why = tr("Prima di entrare scegli una nuova password, che conosci solo tu.") if forced else tr("Scegli la nuova password.")
        rules = tr("Almeno {n} caratteri; una frase di più parole è facile da ricordare. Non il tuo nome, non una già usata.", n=shortest)
        top: list[Item] = [steps(1), 20] if forced and on_the_way_in else []
        present: list[Item] = [] if forced else [titled(tr("Password attuale"), self.old), 12]
        self.setLayout(
            column(
                *top, label(tr("Nuova password"), "title"), 4, label(why, "body", "2", wrap=True), 16, *present,
                titled(tr("Nuova password"), self.first), 6, label(rules, "small", "3", wrap=True), 12,
                titled(tr("Ripeti la nuova password"), self.second), 12, self.message, None, rule(), 12,
                row(None, back, self.confirm, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip

    def focus_first(self) -> None:
        (self.first if self._forced else self.old).setFocus()

    def _on_confirm(self) -> None:
        if not self.confirm.isEnabled():
            return
        if self.first.text() != self.second.text():
            self.show_error(AppError("Le due password sono diverse: scrivile di nuovo uguali."))
            self.second.setFocus()
            self.second.selectAll()
            return
        self.clear_message()
        self.entered.emit(self.old.text(), self.first.text())


class CompanyPage(LoginPage):
    chosen = Signal(object, bool)
    left = Signal()

    def __init__(self, session: LoginSession, current: int = 0) -> None:
        super().__init__()
        self.list = CompanyList(session.companies, current)
        self.keep = QCheckBox(tr("Apri sempre questa azienda su questa postazione"))
        self.open = button(tr("Apri"), "primary", size="large", tip=tr("Apri (Invio)"))
        self.open.clicked.connect(lambda: self._emit(self.list.current()))
        self.list.chosen.connect(self._emit)
        back = button(tr("Indietro"), "", size="large", tip=tr("Indietro (Esc)"))
        back.clicked.connect(self.left)
        last = session.last_session
        seen = tr("ultimo accesso {when}", when=_moment(str(last["opened_at"]))) if last else tr("primo accesso")
        who = row(
            Avatar(session.person.initials, 28),
            column(label(session.person.display_name, "small-medium"), label(seen, "small", "3"), spacing=0),
            spacing=10,
        )
        count = len(session.companies)
        text = (
            tr("Puoi entrare in {n} aziende. Per cambiarla poi: Ctrl+Maiusc+A.", n=count)
            if count > 1
            else tr("Puoi entrare in un'azienda.")
        )
        self.setLayout(
            column(
                steps(2), 20, label(tr("Scegli l'azienda"), "title"), 4, label(text, "body", "2"), 16, self.list, 8, self.keep, 8,
                self.message, rule(), 12, row(who, None, back, self.open, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip

    def focus_first(self) -> None:
        self.list.setFocus()

    def _emit(self, company: object) -> None:
        if company is not None:
            self.chosen.emit(company, self.keep.isChecked())


def _moment(iso: str) -> str:
    return datetime.datetime.fromisoformat(iso).astimezone().strftime("%d/%m/%Y %H:%M")
