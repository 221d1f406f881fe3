"""Building a big screen in pieces, so that the screen never stands still while it is made.

`in_turns` runs a generator, one piece in each turn of the event loop. `BuiltLater` is the place of a widget that is made when it is
first seen or first asked for; what is typed while it is being made reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

Pieces = Generator[None, None, Any]
Make = Callable[[], QWidget]
MakeInPieces = Callable[[], Pieces]


class Turns(QObject):
    """Work cut into pieces by `yield`. `finish` does what is left at once; `done` brings what the generator returned."""

    done = Signal(object)

    def __init__(self, pieces: Pieces, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces, self.is_done, self.result = pieces, False, None
        self._clock = QTimer(self, singleShot=True, interval=0)
        self._clock.timeout.connect(self._on_turn)

    def start(self) -> None:
        if not self.is_done and not self._clock.isActive():
            self._clock.start()

    def finish(self) -> Any:
        self._clock.stop()
        while not self.is_done:
            self._step()
        return self.result

    def _on_turn(self) -> None:
        self._step()
        self.start()

    def _step(self) -> None:
        try:
            next(self._pieces)
        except StopIteration as end:
            self.is_done, self.result = True, end.value
            self.done.emit(end.value)


def in_turns(parent: QObject, pieces: Pieces) -> Turns:
    """Begin with the next turn of the event loop; ends with `parent`."""
    turns = Turns(pieces, parent)
    turns.start()
    return turns


class BuiltLater(QWidget):
    """The place of a widget that is made when first shown, a turn later, or when `widget()` asks for it.

    `make` returns the widget, or is a generator function that yields between pieces and returns it. Keys pressed while the place
    is still empty and has the focus are handed on to the widget, which then takes the focus.
    """

    built = Signal(object)

    def __init__(self, make: Make | MakeInPieces, *, when_shown: bool = True) -> None:
        super().__init__()
        self._make, self._when_shown = make, when_shown
        self._turns: Turns | None = None
        self._widget: QWidget | None = None
        self._keys: list[QKeyEvent] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QStackedLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._clock = QTimer(self, singleShot=True, interval=0)
        self._clock.timeout.connect(self.begin)

    def widget(self) -> Any:
        """The widget, made now when it is not there yet."""
        if self._widget is None:
            self.begin()
            assert self._turns is not None
            self._turns.finish()
        return self._widget

    def found(self) -> Any:
        """The widget when it is there, else None."""
        return self._widget

    def begin(self) -> None:
        """Start to make it, in as many turns as `make` has pieces; it is shown in a turn of its own."""
        self._clock.stop()
        if self._turns is None:
            self._turns = in_turns(self, self._pieces())

    def _pieces(self) -> Pieces:
        made = self._make()
        widget = made if isinstance(made, QWidget) else (yield from made)
        yield
        self._put(widget)

    def _put(self, widget: QWidget) -> None:
        self._widget = widget
        had_focus = self.hasFocus()
        self._layout.addWidget(widget)
        self.setFocusProxy(widget)
        if had_focus:
            widget.setFocus()
            target = QApplication.focusWidget() or widget
            for key in self._keys:
                QApplication.postEvent(target, key)
        self._keys.clear()
        self.built.emit(widget)

    # while it is not there
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._widget is None:
            self._keys.append(QKeyEvent(event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count()))
            event.accept()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._when_shown and self._widget is None:
            self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._widget is None:
            self._clock.stop()
