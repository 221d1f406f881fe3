"""The status bar: connection, what was said last, the selection of the list, company, version."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QStatusBar

from .basics import Dot, ElidedLabel, boxed, label, row, rule, set_tone
from .tokens import STATUS_BAR
from .translation import translator

tr = translator("ui")


class StatusLine(QStatusBar):
    def __init__(self, version: str = "") -> None:
        super().__init__()
        self.setFixedHeight(STATUS_BAR)
        self.setSizeGripEnabled(False)
        self._dot, self._state = Dot("text_off"), label(tr("Non connesso"), "small-medium", "3")
        self._detail, self._message = label("", "small", "3"), ElidedLabel("", "small", "2")
        self._selection, self._company = label("", "small-medium", "2"), label("", "small", "3")
        self._rules = [self._thin_rule() for _ in range(3)]
        left = row(self._dot, self._state, self._detail, self._rules[0], self._message, spacing=8, margins=(12, 0, 0, 0))
        left.setStretchFactor(self._message, 1)
        right = row(
            self._selection, self._rules[1], self._company, self._rules[2], label(version, "small", "3"), spacing=10, margins=(0, 0, 12, 0)
        )
        self.addWidget(boxed(left), 1)
        self.addPermanentWidget(boxed(right))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.set_message(""))
        self.set_message("")
        self.set_selection("")

    def _thin_rule(self) -> QFrame:
        line = rule("v")
        line.setFixedHeight(14)
        return line

    def set_live(self, server_text: str) -> None:
        """Connected: changes arrive by themselves."""
        self._show("positive", "positive_fill", tr("In diretta"), server_text)

    def set_lost(self, seconds: int) -> None:
        """The connection broke; `seconds` to the next attempt."""
        detail = tr("nuovo tentativo tra {n} s · il testo digitato è al sicuro", n=seconds)
        self._show("negative", "negative_fill", tr("Connessione persa"), detail)

    def _show(self, tone: str, colour: str, words: str, detail: str) -> None:
        self._dot.set_colour(colour)
        self._state.setText(words)
        if self._state.property("tone") != tone:
            set_tone(self._state, tone)
        self._detail.setText(detail)
        self.setAccessibleName(f"{words}, {detail}")

    def set_message(self, text: str, seconds: int = 30) -> None:
        """Say what was done last; it leaves by itself."""
        self._message.setText(text)
        self._rules[0].setVisible(bool(text))
        if text:
            self._timer.start(seconds * 1000)

    def set_selection(self, text: str) -> None:
        """How many rows are selected and their sum."""
        self._selection.setText(text)
        self._rules[1].setVisible(bool(text))

    def set_company(self, name: str) -> None:
        self._company.setText(name)

    def words(self) -> tuple[str, str]:
        """State and detail, as shown."""
        return self._state.text(), self._detail.text()
