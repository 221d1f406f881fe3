"""A server profile: made, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit

from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.login.pages import MARGINS, LoginPage, large, titled
from cms_desktop.ui.translation import translator

tr = translator("ui")


class ProfilePage(LoginPage):
    """`saved(old name, profile)`; `removed(name)`. The local server's profile is not edited here."""

    saved = Signal(str, object)
    removed = Signal(str)
    left = Signal()

    def __init__(self, profile: ConnectionProfile | None = None, known: Sequence[ConnectionProfile] = ()) -> None:
        super().__init__()
        self._profile, self._known = profile, known
        shown = profile or ConnectionProfile("", "")
        self.name, self.hosts = QLineEdit(shown.name), QLineEdit(shown.hosts)
        self.database, self.certificate = QLineEdit(shown.database), QLineEdit(shown.root_certificate)
        for field in (self.name, self.hosts, self.database, self.certificate):
            large(field)
            field.returnPressed.connect(self._on_save)
        self.hosts.setPlaceholderText("cms.vigilanza.lan:5432, cms2.vigilanza.lan:5432")
        self.certificate.setPlaceholderText(tr("vuoto: i certificati del sistema"))
        save = button(tr("Salva il profilo"), "primary", size="large", tip=tr("Salva il profilo (F10)"))
        save.clicked.connect(self._on_save)
        QShortcut(QKeySequence("F10"), self, self._on_save)
        back = button(tr("Annulla"), "", size="large", tip=tr("Annulla (Esc)"))
        back.clicked.connect(self.left)
        remove = button(tr("Elimina"), "", "trash-2", size="large")
        remove.clicked.connect(lambda: self.removed.emit(shown.name))
        if profile is None:
            remove.hide()
        note = label(tr("Il collegamento è sempre cifrato e il certificato del server sempre controllato."), "small", "3", wrap=True)
        title = tr("Nuovo profilo server") if profile is None else tr("Modifica il profilo server")
        self.setLayout(
            column(
                label(title, "title"), 4, note, 16, titled(tr("Nome"), self.name), 12,
                titled(tr("Server (uno o più, separati da virgola)"), self.hosts), 12, titled(tr("Database"), self.database), 12,
                titled(tr("Certificato radice (file)"), self.certificate), 12, self.message, None, rule(), 12,
                row(remove, None, back, save, spacing=8), spacing=0, margins=MARGINS,
            )
        )  # fmt: skip

    def focus_first(self) -> None:
        self.name.setFocus()

    def _on_save(self) -> None:
        hosts = self.hosts.text().strip()
        profile = replace(
            self._profile or ConnectionProfile("", ""),
            name=self.name.text().strip() or hosts,
            hosts=hosts,
            database=self.database.text().strip() or "cms",
            root_certificate=self.certificate.text().strip(),
        )
        try:
            profile.host_list()
            self._check_name(profile.name)
        except AppError as error:
            self.show_error(error)
            (self.name if getattr(error, "field", "") == "name" else self.hosts).setFocus()
            return
        self.saved.emit(self._profile.name if self._profile else "", profile)

    def _check_name(self, name: str) -> None:
        if any(other.name == name for other in self._known) and (self._profile is None or self._profile.name != name):
            raise InvalidInput("C'è già un profilo di nome «{name}»: scegline un altro.", field="name", name=name)
