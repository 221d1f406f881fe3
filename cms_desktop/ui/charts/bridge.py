"""Bridge: from the last period to this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cms_desktop.core import formats

from .. import theme
from ..basics import rounded_path
from .plot import Number, paint_nothing, tr


class Bridge(QWidget):
    """Start, steps up and down, end. Steps are labelled; the sign tells the direction besides the colour.

    The axis does not start at zero: say so in the card's detail.
    """

    def __init__(self, floor_share: float = 0.955) -> None:
        super().__init__()
        self._start: tuple[str, Number] = ("", 0)
        self._steps: list[tuple[str, Number]] = []
        self._end: tuple[str, Number] = ("", 0)
        self._floor_share, self._is_set = floor_share, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(112)

    def set_steps(self, start: tuple[str, Number], steps: Sequence[tuple[str, Number]], end: tuple[str, Number]) -> None:
        """(name, amount) of the start, the signed changes, and the end."""
        self._start, self._steps, self._end, self._is_set = start, list(steps), end, True
        words = [
            f"{start[0]} {formats.money(start[1])}",
            *(f"{n} {formats.signed(v)}" for n, v in steps),
            f"{end[0]} {formats.money(end[1])}",
        ]
        self.setAccessibleName("; ".join(words))
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._is_set:
            columns = [self._start, *self._steps, self._end]
            place = min(len(columns) - 1, int(event.pos().x() / (self.width() / len(columns))))
            name, value = columns[place]
            ends = place in (0, len(columns) - 1)
            QToolTip.showText(event.globalPos(), f"{name}: {formats.money(value) if ends else formats.signed(value, unit='€')}", self)
            return True
        return super().event(event)

    def _levels(self) -> list[float]:
        level = float(self._start[1])
        levels = [level]
        for _, change in self._steps:
            level += float(change)
            levels.append(level)
        return [*levels, float(self._end[1])]

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        levels = self._levels()
        if not any(levels):
            if self._is_set:
                paint_nothing(self, tr("Nessun dato nel periodo"))
            return
        low, high = min(levels) * self._floor_share, max(levels)
        if high <= low:
            low = high - 1
        slot = self.width() / (2 + len(self._steps))
        bar, base, top = min(72.0, slot * 0.5), self.height() - 22.0, 26.0
        y = lambda value: base - (base - top) * (value - low) / (high - low)
        painter.setPen(QPen(QColor(t.border), 1))
        painter.drawLine(QPointF(0, base + 0.5), QPointF(self.width(), base + 0.5))
        for index in range(len(self._steps) + 2):
            centre = slot * (index + 0.5)
            box, after = self._paint_column(painter, index, levels, centre, bar, base, y)
            if index <= len(self._steps):
                painter.setPen(QPen(QColor(t.text_off), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(centre + bar / 2 + 2, y(after)), QPointF(centre + slot - bar / 2 - 2, y(after)))
            self._paint_words(painter, index, box, centre, slot, base)

    def _paint_column(
        self, painter: QPainter, index: int, levels: list[float], centre: float, bar: float, base: float, y: Callable[[float], float]
    ) -> tuple[QRectF, float]:
        t, last = theme.current(), len(self._steps) + 1
        if index in (0, last):
            after = levels[0] if index == 0 else levels[-1]
            box = QRectF(centre - bar / 2, y(after), bar, base - y(after))
            colour = t.last_year if index == 0 else t.series[0]
        else:
            before, after = levels[index - 1], levels[index]
            box = QRectF(centre - bar / 2, min(y(before), y(after)), bar, max(3.0, abs(y(before) - y(after))))
            colour = t.positive_fill if after >= before else t.negative_fill
        painter.fillPath(rounded_path(box, 2), QColor(colour))
        return box, after

    def _paint_words(self, painter: QPainter, index: int, box: QRectF, centre: float, slot: float, base: float) -> None:
        t, last = theme.current(), len(self._steps) + 1
        if index in (0, last):
            name, value = self._start if index == 0 else self._end
            text, tint = formats.number(value, 2), t.text
        else:
            name, value = self._steps[index - 1]
            text, tint = formats.signed(value), t.positive if value >= 0 else t.negative
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(tint))
        painter.drawText(QRectF(centre - slot / 2, box.top() - 20, slot, 18), Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_2))
        shown = theme.metrics("small").elidedText(name, Qt.TextElideMode.ElideRight, slot - 4)
        painter.drawText(QRectF(centre - slot / 2, base + 4, slot, 18), Qt.AlignmentFlag.AlignCenter, shown)
