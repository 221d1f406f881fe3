"""How long the screen stood still: a timer that should ring every few milliseconds on the GUI thread, and the longest silence of it.

with FreezeMeter() as meter:
    …
assert meter.longest_ms < 50
"""

from __future__ import annotations

import contextlib
import pathlib
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 5


@dataclass
class Gap:
    """A silence of the timer, in milliseconds, and when it began (seconds from the start)."""

    milliseconds: float
    at: float


@dataclass
class FreezeMeter:
    """Counts only while events are processed: work with `qtbot.waitUntil`, never by blocking."""

    least_ms: float = 20
    gaps: list[Gap] = field(default_factory=list)
    longest_ms: float = 0.0
    ticks: int = 0

    def __enter__(self) -> FreezeMeter:
        self._owner = QObject()
        self._timer = QTimer(self._owner)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._stat = pathlib.Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._began = self._last = time.perf_counter()
        self._waited = self._queue_seconds()
        self._timer.start(EVERY_MS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._on_tick()
        self._timer.stop()

    def _on_tick(self) -> None:
        now, waited = time.perf_counter(), self._queue_seconds()
        gap = (now - self._last - (waited - self._waited)) * 1000
        self._waited = waited
        if gap >= self.least_ms:
            self.gaps.append(Gap(round(gap, 1), round(self._last - self._began, 3)))
        self.longest_ms = max(self.longest_ms, gap)
        self._last, self.ticks = now, self.ticks + 1

    def _queue_seconds(self) -> float:
        """How long this thread has been ready to run while others ran."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int(self._stat.read_text(encoding="ascii").split()[1]) / 1e9
        return 0.0
