"""What customers owe, by age: one stacked bar, or one row a band."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cms_desktop.core import formats

from .. import theme
from ..basics import Pressable, rounded_path
from ..icons import paint_icon
from ..translation import one_or_many
from .plot import Number, tr

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class AgeingBar(QWidget):
    """One stacked bar: not due, 1-30, 31-60, 61-90, over 90. Segments are parted by 2 px, so the order is read without colour."""

    def __init__(self, amounts: Sequence[Number] = (), height: int = 12) -> None:
        super().__init__()
        self._amounts = list(amounts)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_amounts(self, amounts: Sequence[Number]) -> None:
        self._amounts = list(amounts)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [(i, float(a)) for i, a in enumerate(self._amounts) if a > 0]
        if not shown:
            painter.fillPath(rounded_path(QRectF(self.rect()), 3), QColor(t.neutral_soft))
            return
        total, x = sum(a for _, a in shown), 0.0
        usable = self.width() - 2 * (len(shown) - 1)
        for place, (index, value) in enumerate(shown):
            width = max(3.0, usable * value / total)
            path = rounded_path(QRectF(x, 0, width, self.height()), 3, left=place == 0, right=place == len(shown) - 1)
            painter.fillPath(path, QColor(t.ageing[min(index, len(t.ageing) - 1)]))
            x += width + 2


class AgeingRow(Pressable):
    """One band: name, bar on a scale shared by its sisters (None: no bar), share, documents, amount. Opens the rows behind it."""

    def __init__(self, index: int, name: str) -> None:
        super().__init__()
        self._index, self._name = index, name
        self._value: Number | None = None
        self._share, self._documents = 0.0, 0
        self._scale: float | None = None
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_amount(self, value: Number, share: float, documents: int, scale: float | None) -> None:
        """`share` of the total (0 to 1); `scale` the amount a full bar stands for."""
        self._value, self._share, self._documents, self._scale = value, share, documents, scale
        words = {"name": self._name, "amount": formats.money(value)}
        self.setAccessibleName(
            one_or_many(
                documents, tr("{name}: {amount}, 1 documento", **words), tr("{name}: {amount}, {n} documenti", n=documents, **words)
            )
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_hot():
            painter.fillRect(self.rect(), QColor(t.hover))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(t.accent_fill))
        paint_icon(painter, "chevron-right", QRectF(self.width() - 29, 14, 16, 16), t.text_3)
        painter.setFont(theme.font("body"))
        painter.setPen(QColor(t.text))
        figure = 0.0 if self._value is None else theme.metrics("medium").horizontalAdvance(formats.money(self._value)) + 8
        room = self.width() - 36.0 - 16 - 68 - figure
        name = theme.metrics("body").elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(16, 4, room, 20), LEFT, name)
        track = QRectF(16, 28, self.width() - 36.0 - 16 - 68, 6)
        if self._value is None:
            painter.fillPath(rounded_path(track, 3), QColor(t.neutral_soft))
            return
        self._paint_figures(painter, float(self._value))
        if self._scale is not None:
            painter.fillPath(rounded_path(track, 3), QColor(t.neutral_soft))
            if self._value > 0 and self._scale > 0:
                width = max(4.0, track.width() * min(1.0, float(self._value) / self._scale))
                colour = t.ageing[min(self._index, len(t.ageing) - 1)]
                painter.fillPath(rounded_path(QRectF(track.left(), track.top(), width, 6), 3), QColor(colour))

    def _paint_figures(self, painter: QPainter, value: float) -> None:
        t, right = theme.current(), self.width() - 36.0
        painter.setFont(theme.font("medium"))
        painter.drawText(QRectF(16, 4, right - 16 - 68, 20), RIGHT, formats.money(self._value) if self._value is not None else "")
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRectF(right - 62, 4, 62, 20), RIGHT, f"{formats.number(self._share * 100, 1)}%")
        painter.drawText(QRectF(right - 72, 22, 72, 18), RIGHT, tr("{n} doc.", n=formats.number(self._documents)))


class AgeingList(QWidget):
    """The bands one below the other. The first (not due yet) is named without a bar: it would dwarf the others."""

    band_clicked = Signal(int)

    def __init__(self, bands: Sequence[str]) -> None:
        super().__init__()
        self.rows = [AgeingRow(index, name) for index, name in enumerate(bands)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for index, one in enumerate(self.rows):
            layout.addWidget(one)
            one.clicked.connect(lambda _checked=False, index=index: self.band_clicked.emit(index))
        layout.addStretch(1)

    def set_amounts(self, amounts: Sequence[tuple[Number, int]]) -> None:
        """(amount, documents) for each band, in order; the first is what is not due yet."""
        total = float(sum(amount for amount, _ in amounts)) or 1.0
        scale = float(max((amount for amount, _ in amounts[1:]), default=0))
        for index, (one, (amount, documents)) in enumerate(zip(self.rows, amounts, strict=True)):
            one.set_amount(amount, float(amount) / total, documents, scale if index else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        focused = next((i for i, one in enumerate(self.rows) if one.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
        else:
            self.rows[max(0, min(len(self.rows) - 1, focused + step))].setFocus(Qt.FocusReason.OtherFocusReason)
