"""The foot of a form: how many fields to correct, how many changes, undo and save."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from ..basics import Dot, IconLabel, Keycap, button, label, row, set_tone
from ..translation import translator

tr = translator("ui")
HEIGHT = 56


class FormFoot(QFrame):
    """Asks in place before edits are lost: no dialog covers what was typed."""

    save_clicked = Signal()
    undo_clicked = Signal()
    go_to_problem_clicked = Signal()
    undo_confirmed = Signal()

    def __init__(self, save_text: str = "") -> None:
        super().__init__()
        self.setProperty("strip", "foot")
        self.setFixedHeight(HEIGHT)
        self._mark = IconLabel("circle-alert", 16, "negative_fill", 2)
        self._dot = Dot("warning_fill", 8)
        self.words = label("", "small-medium")
        self.go_button = button(tr("Vai al campo"), "link", tip=tr("Vai al campo (F8)"))
        self._key = Keycap("F8")
        self.undo_button = button(tr("Annulla modifiche"), tip=tr("Annulla modifiche (Esc)"))
        self.save_button = button(save_text or tr("Salva"), "primary", "save", tip=tr("Salva (F10)"))
        plain = QWidget()
        plain.setLayout(
            row(
                self._mark, self._dot, self.words, self.go_button, self._key, None, self.undo_button, self.save_button,
                spacing=8, margins=(20, 0, 20, 0),
            )
        )  # fmt: skip
        self.question = label("", "small-medium")
        self.keep_button = button(tr("Continua a modificare"), tip=tr("Continua a modificare (Esc)"))
        self.lose_button = button(tr("Perdi le modifiche"), "danger")
        asking = QWidget()
        asking.setLayout(
            row(
                IconLabel("triangle-alert", 16, "warning_fill", 2), self.question, None, self.keep_button, self.lose_button,
                spacing=8, margins=(20, 0, 20, 0),
            )
        )  # fmt: skip
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(plain)
        self._stack.addWidget(asking)
        self.save_button.clicked.connect(self.save_clicked)
        self.undo_button.clicked.connect(self.undo_clicked)
        self.go_button.clicked.connect(self.go_to_problem_clicked)
        self.keep_button.clicked.connect(self.stop_asking)
        self.lose_button.clicked.connect(self._on_lose)
        self.show_counts(0, 0, can_save=False)

    def show_counts(self, problems: int, changes: int, *, can_save: bool) -> None:
        if problems:
            self.words.setText(tr("1 campo da correggere") if problems == 1 else tr("{n} campi da correggere", n=problems))
        elif changes:
            self.words.setText(tr("1 modifica non salvata") if changes == 1 else tr("{n} modifiche non salvate", n=changes))
        else:
            self.words.setText("")
        if self.words.property("tone") != (tone := "negative" if problems else "2"):
            set_tone(self.words, tone)
        for part in (self._mark, self.go_button, self._key):
            part.setVisible(bool(problems))
        self._dot.setVisible(bool(changes) and not problems)
        self.undo_button.setEnabled(bool(changes))
        self.save_button.setEnabled(can_save)
        if not changes:
            self.stop_asking()

    def ask(self, changes: int) -> None:
        self.question.setText(tr("Perdere 1 modifica?") if changes == 1 else tr("Perdere {n} modifiche?", n=changes))
        self._stack.setCurrentIndex(1)
        self.keep_button.setFocus()

    def is_asking(self) -> bool:
        return self._stack.currentIndex() == 1

    def stop_asking(self) -> None:
        self._stack.setCurrentIndex(0)

    def _on_lose(self) -> None:
        self.stop_asking()
        self.undo_confirmed.emit()
