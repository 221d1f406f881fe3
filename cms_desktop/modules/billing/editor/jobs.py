"""Long work over a dock: progress by phases, a cancel that really stops it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.ui.background import Background, Request
from cms_desktop.ui.feedback import Overlay, RunProgress
from cms_desktop.ui.translation import translator

tr = translator("billing")
Work = Callable[[Any, Callable[[], bool]], Any]


class LongJob:
    """Runs `work(unit, should_stop)` with a progress overlay. `phases`: word of the work → what the screen says.

    Phases that come from inside one statement have no count of their own (`uncounted`).
    """

    def __init__(
        self,
        owner: QWidget,
        background: Background,
        title: str,
        phases: Mapping[str, str],
        *,
        left_behind: str,
        cancel: str,
        uncounted: bool = False,
    ) -> None:
        self._owner, self._background, self._phases, self._uncounted = owner, background, phases, uncounted
        self._stop = threading.Event()
        self._request: Request | None = None
        self.overlay = Overlay(owner.window())
        self.progress = RunProgress(title, cancel=cancel, left_behind=left_behind, unit=tr("fatture"))
        self.progress.set_phases(list(phases.values()))
        self.progress.cancelled.connect(self.cancel)

    def run(self, work: Work, *, then: Callable[[Any], None], failed: Callable[[AppError], None]) -> None:
        self.overlay.open_content(self.progress, locked=True)
        first = next(iter(self._phases.values()), "")
        self.progress.advance(0, 0, first)
        self._request = self._background.run(
            self._owner,
            lambda unit: work(unit, self._stop.is_set),
            then=lambda result: self._end(then, result),
            failed=lambda error: self._end(failed, error),
            progress=self._on_progress,
        )

    def cancel(self) -> None:
        self._stop.set()
        if self._request is not None:
            self._request.cancel()

    def _on_progress(self, done: int, total: int, phase: str) -> None:
        if shiboken6.isValid(self.progress):
            words = self._phases.get(phase, phase)
            self.progress.advance(0 if self._uncounted else done, 0 if self._uncounted else total, words)

    def _end(self, go_on: Callable[[Any], None], value: Any) -> None:
        if shiboken6.isValid(self.overlay):
            self.overlay.close_content()
            self.overlay.deleteLater()
        QTimer.singleShot(0, self._owner, lambda: go_on(value))  # the card goes first: what follows has a turn of its own
