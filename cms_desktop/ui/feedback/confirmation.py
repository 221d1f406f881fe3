"""A question before something that cannot be taken back lightly."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, Signal
from PySide6.QtWidgets import QWidget

from ..basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from ..translation import translator
from .overlay import Overlay

tr = translator("ui")
MARKS = {
    "info": ("circle-help", "accent_fill"),
    "warning": ("triangle-alert", "warning_fill"),
    "negative": ("triangle-alert", "negative_fill"),
}


class Confirmation(Elevated):
    """Title, text, an imperative button. `answered(False)` when left."""

    answered = Signal(bool)

    def __init__(self, title: str, text: str, confirm: str, tone: str = "info", *, cancel: str = "") -> None:
        super().__init__(radius=12)
        icon_name, colour = MARKS[tone]
        words = label(text, "body", "2", wrap=True)
        words.setMinimumWidth(420)
        head = row(
            column(IconLabel(icon_name, 22, colour, 2), None),
            column(label(title, "title"), words, spacing=6),
            spacing=14,
            margins=(24, 22, 24, 20),
        )
        self.cancel_button = button(cancel or tr("Annulla"), tip=f"{cancel or tr('Annulla')} (Esc)")
        self.confirm_button = button(confirm, "danger" if tone == "negative" else "primary")
        (self.cancel_button if tone == "negative" else self.confirm_button).setObjectName("first-focus")
        self.confirm_button.clicked.connect(lambda: self.answered.emit(True))
        self.cancel_button.clicked.connect(lambda: self.answered.emit(False))
        foot = boxed(row(None, self.cancel_button, self.confirm_button, margins=(24, 12, 24, 14)))
        self.body.addLayout(column(head, rule(), foot, spacing=0))
        self.setFixedWidth(520 + 2 * self.MARGIN)
        self.setAccessibleName(f"{title}. {text}")


def ask(parent: QWidget, title: str, text: str, confirm: str, tone: str = "info", *, cancel: str = "") -> bool:
    """Ask and wait; True when confirmed. tone: info, warning, negative (then the safe button has the focus)."""
    overlay, loop, answers = Overlay(parent.window()), QEventLoop(), list[bool]()
    question = Confirmation(title, text, confirm, tone, cancel=cancel)
    question.answered.connect(answers.append)
    question.answered.connect(lambda _answer: overlay.close_content())
    overlay.closed.connect(loop.quit)
    overlay.destroyed.connect(loop.quit)
    overlay.open_content(question)
    loop.exec()
    overlay.deleteLater()
    return bool(answers and answers[0])
