"""HorizontalBars: a ranking, one bar a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cms_desktop.core import formats

from .. import theme
from ..basics import Pressable, rounded_path
from .plot import Number, paint_nothing, tr


class _Bar(Pressable):
    def __init__(self) -> None:
        super().__init__()
        self._value, self._share, self._colour = "", 0.0, "series:0"
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_item(self, name: str, value: str, share: float, tone: str) -> None:
        self.setText(name)
        self._value, self._share, self._colour = value, share, tone
        self.setAccessibleName(f"{name}: {value}")
        self.setToolTip(f"{name}: {value}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_hot():
            painter.fillRect(self.rect(), QColor(t.hover))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(t.accent_fill))
        room = self.width() - 32.0
        metrics = theme.metrics("medium")
        figure = metrics.horizontalAdvance(self._value)
        painter.setFont(theme.font("medium"))
        painter.setPen(QColor(t.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(16, 3, room, 20), right, self._value)
        painter.setFont(theme.font("body"))
        name = theme.metrics("body").elidedText(self.text(), Qt.TextElideMode.ElideRight, room - figure - 12)
        painter.drawText(QRectF(16, 3, room - figure - 12, 20), Qt.AlignmentFlag.AlignVCenter, name)
        painter.fillPath(rounded_path(QRectF(16, 26, room, 5), 2.5), QColor(t.neutral_soft))
        if self._share > 0:
            painter.fillPath(rounded_path(QRectF(16, 26, max(4.0, room * self._share), 5), 2.5), QColor(t.series[0]))


class HorizontalBars(QWidget):
    """(name, value) in the order given; bars share one scale. ↑↓ move, Enter opens."""

    bar_clicked = Signal(int)

    def __init__(self, items: Sequence[tuple[str, Number]] | None = None, *, write: Callable[[Number], str] = formats.money) -> None:
        super().__init__()
        self._write = write
        self._bars: list[_Bar] = []
        self._is_empty = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        if items is not None:
            self.set_items(items)

    def set_items(self, items: Sequence[tuple[str, Number]]) -> None:
        """Show these; bars already there are used again, so the focus stays."""
        while len(self._bars) > len(items):
            self._bars.pop().deleteLater()
        while len(self._bars) < len(items):
            bar, place = _Bar(), len(self._bars)
            bar.clicked.connect(lambda _checked=False, place=place: self.bar_clicked.emit(place))
            self._bars.append(bar)
            self._layout.insertWidget(place, bar)
        scale = max((float(value) for _, value in items), default=0.0)
        for bar, (name, value) in zip(self._bars, items, strict=True):
            bar.set_item(name, self._write(value), float(value) / scale if scale > 0 else 0.0, "series:0")
        self._is_empty = not items
        self.setMinimumHeight(100 if self._is_empty else 0)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        focused = next((i for i, bar in enumerate(self._bars) if bar.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
        else:
            self._bars[max(0, min(len(self._bars) - 1, focused + step))].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._is_empty:
            paint_nothing(self, tr("Nessun dato nel periodo"))
