"""Overlay: dims the window, places a pop-over, keeps the focus inside and gives it back."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ..basics import Elevated, Scrim

PALETTE_SHARE, DIALOG_SHARE = 0.26, 0.40  # where the middle of the free height goes


class Overlay(Scrim):
    """One pop-over at a time over one window. Esc and a click beside it leave without doing anything (unless `locked`).

    Keys do not reach the shortcuts of the window while it is open.
    """

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._content: Elevated | None = None
        self._share, self._locked = DIALOG_SHARE, False
        self._focus_before: QWidget | None = None
        self.hide()
        window.installEventFilter(self)

    def content(self) -> Elevated | None:
        """What is shown at the moment."""
        return self._content

    def open_content(self, content: Elevated, *, share: float = DIALOG_SHARE, locked: bool = False) -> None:
        """Show `content` (replacing another); it is deleted when the overlay closes. `locked`: Esc goes to the content only."""
        focus = QApplication.focusWidget()
        if self._content is not None:
            self._drop_content()
        elif focus is not None:
            self._focus_before = focus
        self._content, self._share, self._locked = content, share, locked
        content.setParent(self)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        content.show()
        self._place()
        first = content.findChild(QWidget, "first-focus") or content.findChild(QLineEdit) or self._first_button() or content
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def close_content(self) -> None:
        if self._content is None:
            return
        self._drop_content()
        self.hide()
        if self._focus_before is not None and shiboken6.isValid(self._focus_before):
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None
        self.closed.emit()

    def _drop_content(self) -> None:
        content, self._content = self._content, None
        if content is not None and shiboken6.isValid(content):
            content.hide()
            content.deleteLater()

    def _first_button(self) -> QWidget | None:
        return next(iter(self._stops()), None)

    def _stops(self) -> list[QWidget]:
        """Where Tab stops inside the pop-over, in order.

        Not by nextInFocusChain: PySide ties what it returns to the life of the widget asked, and the chain leads through the window.
        """
        if self._content is None:
            return []
        every = [self._content, *self._content.findChildren(QWidget)]
        return [one for one in every if one.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and one.isVisible() and one.isEnabled()]

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops, focus = self._stops(), QApplication.focusWidget()
        if stops:
            place = stops.index(focus) if focus in stops else (-1 if forward else 0)
            stops[(place + (1 if forward else -1)) % len(stops)].setFocus(
                Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            )
        return True

    def _place(self) -> None:
        if self._content is None:
            return
        content = self._content
        layout = content.layout()
        if layout is not None:
            layout.activate()
        size = content.sizeHint().expandedTo(content.minimumSize()).boundedTo(content.maximumSize()).boundedTo(self.size())
        width, height = size.width(), size.height()
        content.resize(size)
        top = round((self.height() - height) * self._share)
        if self._share == PALETTE_SHARE:  # the top edge stays where it is while the list grows and shrinks
            top = round(self.height() * 0.11) - content.MARGIN
        content.move((self.width() - width) // 2, max(0, min(top, self.height() - height)))

    def place_again(self) -> None:
        """After the content changed its size."""
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._locked:
            self.close_content()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        content = self._content
        if content is not None and not self._locked:
            inside = content.geometry().adjusted(content.MARGIN, content.MARGIN, -content.MARGIN, -content.MARGIN)
            if not inside.contains(event.position().toPoint()):
                self.close_content()
        event.accept()
