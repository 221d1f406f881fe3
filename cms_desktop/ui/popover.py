"""A surface that opens below a button and goes away by Esc, a click elsewhere or a change of window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from .basics import Elevated


class Popover(Elevated):
    """Child of the anchor's window; gives the focus back when it closes."""

    MARGIN = 20
    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window(), radius=8)
        self._anchor = anchor
        self._focus_before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def open(self, first: QWidget | None = None) -> None:
        """Show below the anchor, inside the window, with the focus on `first`."""
        self._focus_before = QApplication.focusWidget()
        self.adjustSize()
        window = self._anchor.window()
        below = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4))
        x = min(below.x() - self.MARGIN, window.width() - self.width() + self.MARGIN - 8)
        y = min(below.y() - self.MARGIN, window.height() - self.height() + self.MARGIN - 8)
        self.move(max(x, 8 - self.MARGIN), max(y, 8 - self.MARGIN))
        self.show()
        self.raise_()
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def dismiss(self) -> None:
        if self.isHidden():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            place = self.mapFromGlobal(event.globalPosition().toPoint())
            inside = self.rect().adjusted(self.MARGIN, self.MARGIN, -self.MARGIN, -self.MARGIN).contains(place)
            if not inside and not self.isAncestorOf(watched) and watched.window() is self.window():
                self.dismiss()
        elif event.type() == QEvent.Type.WindowDeactivate and watched is self.window():
            self.dismiss()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # Esc is ours while open, not a shortcut of the page
            return False
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            event.accept()
        else:
            super().keyPressEvent(event)
