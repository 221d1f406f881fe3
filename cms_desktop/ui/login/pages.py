"""The pages of the login window: credentials, new password, company, server profile."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
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

    def clear_message(self) -> None:
        self.message.hide()


class CredentialsPage(LoginPage):
    entered = Signal(object, str, str)  # profile, login, password
    profile_chosen = Signal(object)
    new_profile_wanted = Signal()
    left = Signal()

    def __init__(self, profiles: Sequence[ConnectionProfile]) -> None:
        super().__init__()
        self.profile, self.login, self.password = QComboBox(), QLineEdit(), secret_field()
        large(self.profile)
        large(self.login)
        self.keep = QCheckBox(tr("Ricorda utente e password su questa postazione"))
        manage = button("", "icon", "plus", tip=tr("Aggiungi un server"))
        manage.clicked.connect(self.new_profile_wanted)
        self.enter = button(tr("Accedi"), "primary", size="large", tip=tr("Accedi (Invio)"))
        leave = button(tr("Esci"), "", size="large", tip=tr("Esci (Esc)"))
        leave.clicked.connect(self.left)
        self.enter.clicked.connect(self._on_enter)
        self.login.returnPressed.connect(self._on_enter)
        self.password.returnPressed.connect(self._on_enter)
        profile_row = row(self.profile, manage, spacing=8)
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
        self.profile.clear()
        for profile in profiles:
            place = tr("server locale") if profile.is_local else profile.hosts
            self.profile.addItem(f"{profile.name} · {place}", profile)
        self._on_profile()

    def current_profile(self) -> ConnectionProfile:
        return self.profile.currentData()

    def set_busy(self, busy: bool) -> None:
        self.enter.setEnabled(not busy)
        self.enter.setText(tr("Accesso in corso…") if busy else tr("Accedi"))

    def _on_profile(self) -> None:
        profile = self.profile.currentData()
        if profile is not None:
            self.login.setText(profile.last_login)
            self.profile_chosen.emit(profile)

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
    """Forced at the first login, or asked for later."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, *, forced: bool = True) -> None:
        super().__init__()
        self.first, self.second = secret_field(), secret_field()
        self.confirm = button(tr("Cambia la password"), "primary", size="large", tip=tr("Cambia la password (Invio)"))
        back = button(tr("Annulla"), "", size="large", tip=tr("Annulla (Esc)"))
        back.clicked.connect(self.left)
        self.confirm.clicked.connect(self._on_confirm)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._on_confirm)
        why = tr("È il primo accesso: scegli una password che conosci solo tu.") if forced else tr("Scegli la nuova password.")
        hint = label(
            tr("Almeno 12 caratteri; una frase di più parole è facile da ricordare. Non il tuo nome, non una già usata."), "small", "3"
        )
        hint.setWordWrap(True)
        self.setLayout(
            column(
                steps(1), 20, label(tr("Nuova password"), "title"), 4, label(why, "body", "2"), 16,
                titled(tr("Nuova password"), self.first), 6, hint, 12, titled(tr("Ripeti la nuova password"), self.second), 12,
                self.message, None, rule(), 12, row(None, back, self.confirm, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip

    def _on_confirm(self) -> None:
        if self.first.text() != self.second.text():
            self.show_error(AppError("Le due password sono diverse: scrivile di nuovo uguali."))
            self.second.setFocus()
            return
        self.clear_message()
        self.entered.emit(self.first.text())


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
        self.setFocusProxy(self.list)

    def _emit(self, company: object) -> None:
        if company is not None:
            self.chosen.emit(company, self.keep.isChecked())


def _moment(iso: str) -> str:
    import datetime

    return datetime.datetime.fromisoformat(iso).astimezone().strftime("%d/%m/%Y %H:%M")


class ProfilePage(LoginPage):
    """A new server profile."""

    saved = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name, self.hosts, self.database, self.certificate = QLineEdit(), QLineEdit(), QLineEdit("cms"), QLineEdit()
        for field in (self.name, self.hosts, self.database, self.certificate):
            large(field)
        self.hosts.setPlaceholderText("cms.vigilanza.lan:5432, cms2.vigilanza.lan:5432")
        self.certificate.setPlaceholderText(tr("vuoto: i certificati del sistema"))
        save = button(tr("Salva il profilo"), "primary", size="large", tip=tr("Salva il profilo (F10)"))
        save.clicked.connect(self._on_save)
        back = button(tr("Annulla"), "", size="large", tip=tr("Annulla (Esc)"))
        back.clicked.connect(self.left)
        note = label(tr("Il collegamento è sempre cifrato e il certificato del server sempre controllato."), "small", "3", wrap=True)
        self.setLayout(
            column(
                label(tr("Nuovo profilo server"), "title"), 4, note, 16, titled(tr("Nome"), self.name), 12,
                titled(tr("Server (uno o più, separati da virgola)"), self.hosts), 12, titled(tr("Database"), self.database), 12,
                titled(tr("Certificato radice (file)"), self.certificate), 12, self.message, None, rule(), 12,
                row(None, back, save, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _on_save(self) -> None:
        profile = ConnectionProfile(
            self.name.text().strip() or self.hosts.text().strip(),
            self.hosts.text().strip(),
            self.database.text().strip() or "cms",
            self.certificate.text().strip(),
        )
        try:
            profile.host_list()
        except AppError as error:
            self.show_error(error)
            self.hosts.setFocus()
            return
        self.saved.emit(profile)
