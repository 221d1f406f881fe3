"""RunProgress: a long job, what it is doing, how far, how long, and a cancel that really stops it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout

from cms_desktop.core import formats

from ..basics import Elevated, IconLabel, Keycap, button, column, label, row, rule, set_tone
from ..translation import translator

tr = translator("ui")
MARKS = {"done": ("circle-check", "positive_fill", ""), "now": ("circle-dot", "accent_fill", ""), "next": ("circle", "text_off", "3")}


class RunProgress(Elevated):
    """Shown by an Overlay (`locked=True`). `left_behind` says what a cancel leaves; Esc asks for the cancel once."""

    cancelled = Signal()

    def __init__(self, title: str, *, cancel: str = "", left_behind: str = "", unit: str = "") -> None:
        super().__init__(radius=12)
        self._unit, self._started, self._phase, self._done = unit or tr("righe"), time.monotonic(), "", 0
        self._phase_started, self._phase_names = self._started, list[str]()
        self._count = label("", "medium")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._detail, self._rest = label("", "small", "2"), label("", "small", "3")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        self._marks: list[tuple[IconLabel, QLabel, QLabel]] = []
        head = row(label(title, "heading"), None, self._count)
        upper = column(head, self._bar, row(self._detail, None, self._rest), 8, self._lines, spacing=10, margins=(24, 20, 24, 16))
        self._cancel = button(cancel or tr("Annulla"), "danger", "x", tip=f"{cancel or tr('Annulla')} (Esc)")
        self._cancel.clicked.connect(self._on_cancel)
        note = label(left_behind or tr("Se annulli, nulla resta a metà."), "small", "3")
        lower = row(note, None, Keycap("Esc"), self._cancel, margins=(24, 12, 24, 16))
        self.body.addLayout(column(upper, rule(), lower, spacing=0))
        self.setMinimumWidth(600 + 2 * self.MARGIN)
        self.setAccessibleName(title)
        self._title = title

    def set_phases(self, phases: Sequence[str]) -> None:
        """The names of the phases in order, as `advance` will say them."""
        self._phase_names = list(phases)
        for name in phases:
            mark, text, note = IconLabel("circle", 16, "text_off", 2), label(name, "small", "3"), label("", "small", "3")
            self._marks.append((mark, text, note))
            self._lines.addLayout(row(mark, text, None, note))

    def advance(self, done: int, total: int, phase: str = "") -> None:
        """How far the work is; `total` 0 means that it is not known."""
        now = time.monotonic()
        if phase and phase != self._phase:
            self._close_phase()
            self._phase, self._phase_started = phase, now
        self._done = done
        self._bar.setUpdatesEnabled(False)  # else the bar paints at once, and with it the list under the veil
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setUpdatesEnabled(True)
        count = tr("{done} di {total}", done=formats.number(done), total=formats.number(total)) if total else formats.number(done)
        self._count.setText(count if done or total else "")
        self._detail.setText(self._phase)
        self._rest.setText(self._rate(done, total, now - self._phase_started))
        self._show_phases(count)
        self.setAccessibleDescription(f"{self._phase} {count}")

    def _close_phase(self) -> None:
        if self._phase in self._phase_names and self._done:
            self._marks[self._phase_names.index(self._phase)][2].setText(formats.number(self._done))

    def _rate(self, done: int, total: int, seconds: float) -> str:
        if done <= 0 or seconds < 0.3:
            return ""
        rate = done / seconds
        parts = [tr("{n} {unit} al secondo", n=formats.number(rate), unit=self._unit)]
        if total > done:
            parts.insert(0, _time_left((total - done) / rate))
        return " · ".join(parts)

    def _show_phases(self, count: str) -> None:
        if self._phase not in self._phase_names:
            return
        place = self._phase_names.index(self._phase)
        for index, (mark, text, note) in enumerate(self._marks):
            icon_name, colour, tone = MARKS["done" if index < place else "now" if index == place else "next"]
            mark.set_icon(icon_name, colour)
            if text.property("tone") != tone:
                set_tone(text, tone)
            if index == place:
                note.setText(count)

    def is_cancelling(self) -> bool:
        return not self._cancel.isEnabled()

    def _on_cancel(self) -> None:
        if self._cancel.isEnabled():
            self._cancel.setEnabled(False)
            self._detail.setText(tr("Annullamento in corso…"))
            self.cancelled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_cancel()
        else:
            super().keyPressEvent(event)


def _time_left(seconds: float) -> str:
    if seconds < 90:
        return tr("circa {n} s al termine", n=max(1, round(seconds)))
    return tr("circa {n} min al termine", n=round(seconds / 60))
