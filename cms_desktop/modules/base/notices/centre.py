"""NoticeCentre: keeps the count of the bell true: at the start, when something was written, and when a reminder becomes due."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cms_desktop.core.errors import AppError
from cms_desktop.modules.base.notices import queries
from cms_desktop.modules.base.notices.records import NoticeState
from cms_desktop.ui.background import Background

TABLES = frozenset({"base.notice"})
PAUSE_MS = 300  # several notices of one statement are counted once
LONGEST_MS = 3_600_000  # no timer sleeps longer: clocks are set, computers suspended
AGAIN_MS = 30_000  # after a failure


class NoticeCentre(QObject):
    """`counted(unread)`; `arrived(how_many_more)` when there are more than before, to draw the eye. `changed` for open lists."""

    counted = Signal(int)
    arrived = Signal(int)
    changed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self.unread = 0
        self._is_first = True
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.count)
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self.mark_changed)

    def mark_changed(self) -> None:
        """Notices may be others now: counted in a moment."""
        self._pause.start()
        self.changed.emit()

    def count(self) -> None:
        self._background.run(self, queries.count_notices, then=self._show, failed=self._on_failed, key="count")

    def _show(self, state: NoticeState) -> None:
        before, self.unread = self.unread, state.unread
        if state.seconds_to_next is not None:
            self._due.start(max(1, min(LONGEST_MS, round(state.seconds_to_next * 1000) + 50)))
        else:
            self._due.stop()
        self.counted.emit(state.unread)
        if not self._is_first and state.unread > before:
            self.arrived.emit(state.unread - before)
        self._is_first = False

    def _on_failed(self, _error: AppError) -> None:
        """The bell is no place for errors: try again later."""
        self._due.start(AGAIN_MS)

    def close(self) -> None:
        """Nothing is counted or told any more: the window is gone."""
        self.blockSignals(True)
        self._pause.stop()
        self._due.stop()

    def run(self, work: Any, then: Any = None) -> None:
        """A step of the person on their own notices; the list and the count follow."""

        def done(_result: object) -> None:
            self.count()
            self.changed.emit()
            if then is not None:
                then()

        self._background.run(self, work, then=done)
