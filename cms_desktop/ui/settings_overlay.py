"""What can be set for this post: look, language, the company that opens by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLayout

from cms_desktop.db.login import CompanyChoice

from .basics import Elevated, button, column, label, row, rule
from .post import SCALES, Post
from .translation import translator

tr = translator("ui")


class SettingsOverlay(Elevated):
    """Every choice works at once; there is nothing to confirm."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    lock_chosen = Signal()
    password_wanted = Signal()
    left = Signal()

    def __init__(self, post: Post, login: str, companies: Sequence[CompanyChoice]) -> None:
        super().__init__(radius=12)
        self.look = _choice([("light", tr("Chiaro")), ("dark", tr("Scuro")), ("system", tr("Come il sistema"))], post.theme)
        self.look.setObjectName("first-focus")
        self.language = _choice([("it", "Italiano"), ("en", "English")], post.language)
        self._scale_now = post.scale
        self.scale = _choice([(percent, f"{percent} %") for percent in SCALES], post.scale)
        self.scale.activated.connect(lambda _index: self._on_scale(post))
        self.scale_note = label(tr("La nuova dimensione vale dal prossimo avvio."), "small", "warning")
        self.scale_note.hide()
        self.company = _choice([(0, tr("Chiedi a ogni accesso")), *((c.company_id, c.name) for c in companies)], post.company_of(login))
        minutes = [(0, tr("Come dice l'azienda")), *((n, tr("Dopo {n} minuti senza toccarlo", n=n)) for n in (2, 5, 10, 15, 30))]
        self.lock = _choice(minutes, post.lock_minutes)
        self.lock.setToolTip(tr("Vale solo se blocca prima di quanto dice l'azienda."))
        self.lock.activated.connect(lambda _index: self._on_lock(post))
        self.look.activated.connect(lambda _index: self.theme_chosen.emit(self.look.currentData()))
        self.language.activated.connect(lambda _index: self._on_language(post))
        self.company.activated.connect(lambda _index: post.keep_company(login, self.company.currentData()))
        password = button(tr("Cambia la password…"), "", "key-round")
        password.clicked.connect(self.password_wanted)
        close = button(tr("Chiudi"), "primary", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        note = label(tr("Valgono per te su questa postazione."), "small", "3")
        self.body.addLayout(
            column(
                label(tr("Impostazioni"), "title"), 2, note, 16, _titled(tr("Aspetto"), self.look), 12,
                _titled(tr("Dimensione di testi e comandi"), self.scale), self.scale_note, 12, _titled(tr("Lingua"), self.language), 12,
                _titled(tr("Azienda all'accesso"), self.company), 12, _titled(tr("Blocco dello schermo"), self.lock), 20, rule(), 12,
                row(password, None, close), spacing=0, margins=(24, 20, 24, 20),
            )
        )  # fmt: skip
        self.setMinimumWidth(480)

    def _on_lock(self, post: Post) -> None:
        post.keep_lock_minutes(self.lock.currentData())
        self.lock_chosen.emit()

    def _on_scale(self, post: Post) -> None:
        self.scale_note.setVisible(self.scale.currentData() != self._scale_now)
        post.keep_scale(self.scale.currentData())

    def _on_language(self, post: Post) -> None:
        if self.language.currentData() != post.language:
            self.language_chosen.emit(self.language.currentData())


def _choice(entries: Sequence[tuple[object, str]], chosen: object) -> QComboBox:
    box = QComboBox()
    for value, words in entries:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


def _titled(text: str, box: QComboBox) -> QLayout:
    name = label(text, "small-medium", "2")
    name.setBuddy(box)
    box.setAccessibleName(text)
    return column(name, box, spacing=4)
