"""Toasts: what was done, with its undo. Errors are never toasts; they stand where they happened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtWidgets import QWidget

from ..basics import Elevated, IconLabel, Keycap, button, column, label, row
from ..translation import translator

tr = translator("ui")
SECONDS, SECONDS_WITH_READER, MOST = 6, 12, 3
ABOVE = 96  # px from below: over the status bar and the foot of a form or run, whose buttons stay free
MARKS = {"positive": "circle-check", "info": "info", "warning": "triangle-alert"}


class Toast(Elevated):
    """Stays 6 s (12 with a screen reader), and as long as the pointer is on it; with `stays` until it is closed or acted on."""

    MARGIN = 20
    closed = Signal()
    acted = Signal()

    def __init__(
        self, tone: str, title: str, detail: str = "", action: str = "", *, shortcut: tuple[str, ...] = (), stays: bool = False
    ) -> None:
        super().__init__(radius=8)
        texts = column(label(title, "medium"), *([label(detail, "small", "3")] if detail else []), spacing=0)
        mark = IconLabel(MARKS[tone], 18, {"positive": "positive_fill", "info": "accent_fill", "warning": "warning_fill"}[tone], 2)
        actions: list[QWidget] = []
        if action:
            act = button(action, "link")
            act.clicked.connect(self.acted)
            actions = [act, *([Keycap(*shortcut)] if shortcut else [])]
        close = button("", "icon", "x", tip=tr("Chiudi"))
        close.clicked.connect(self.closed)
        self.body.addLayout(row(mark, texts, 12, *actions, close, spacing=10, margins=(14, 8, 8, 8)))
        self.setAccessibleName(f"{title}. {detail}")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.closed)
        self._stays = stays
        if not stays:
            self._timer.start(1000 * (SECONDS_WITH_READER if QAccessible.isActive() else SECONDS))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if not self._stays:
            self._timer.start(2000)


class ToastStack(QObject):
    """At most three toasts at the bottom right of a window, newest below."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    def show_toast(
        self,
        tone: str,
        title: str,
        detail: str = "",
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        stays: bool = False,
    ) -> Toast:
        """tone: positive, info, warning. `action` is a word ("Annulla") that runs `on_action` and closes the toast."""
        toast = Toast(tone, title, detail, action, stays=stays)
        toast.setParent(self._window)
        toast.closed.connect(lambda: self._drop(toast))
        toast.acted.connect(lambda: self._on_acted(toast, on_action))
        toast.setProperty("acts", on_action is not None)
        self._toasts.append(toast)
        while len(self._toasts) > MOST:
            self._drop(self._toasts[0])
        toast.show()
        self._place()
        return toast

    def toasts(self) -> list[Toast]:
        return list(self._toasts)

    def act(self) -> bool:
        """Run the action of the newest toast that has one (Ctrl+Z). False when there is none."""
        for toast in reversed(self._toasts):
            if toast.property("acts"):
                toast.acted.emit()
                return True
        return False

    def _on_acted(self, toast: Toast, on_action: Callable[[], object] | None) -> None:
        self._drop(toast)
        if on_action is not None:
            on_action()

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._window.height() - ABOVE
        for toast in reversed(self._toasts):
            toast.adjustSize()
            toast.move(self._window.width() - toast.width() + 4, bottom - toast.height() + 8)
            toast.raise_()
            bottom -= toast.height() - 2 * toast.MARGIN + 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._toasts:
            self._place()
        return False
