"""Charts. Axes and bars by pyqtgraph; ageing bars and the bridge are painted (a dozen rectangles need no plot library)."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from cms_desktop.core import formats

from . import theme
from .icons import paint_icon, with_alpha
from .basics import rounded_path


class _PlainAxis(pg.AxisItem):
    """No axis line, no tick marks: only the words."""

    def __init__(self, orientation: str, words):
        super().__init__(orientation, pen=pg.mkPen(None), tickPen=pg.mkPen(None), textPen=pg.mkPen(theme.current().text_3), maxTickLength=0)
        self._words = words
        self.setStyle(tickAlpha=0, tickFont=theme.font("caption", weight=400), tickTextOffset=6)

    def tickStrings(self, values, scale, spacing):
        return [self._words(value) for value in values]


class MonthlyBars(QWidget):
    """This year against last year by month. The running month is drawn lighter, with its forecast as an outline."""

    bar_clicked = Signal(int)

    def __init__(self, this_year: list[float | None], last_year: list[float], forecast: tuple[int, float] | None = None):
        super().__init__()
        t = theme.current()
        names = ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"]
        bottom = _PlainAxis("bottom", lambda v: names[int(v)] if 0 <= v < 12 and float(v).is_integer() else "")
        left = _PlainAxis("left", lambda v: f"{formats.number(v)}k" if v else "0")
        bottom.setTicks([[(i, name) for i, name in enumerate(names)]])
        plot = pg.PlotWidget(axisItems={"bottom": bottom, "left": left}, background=QColor(t.surface))
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setAntialiasing(True)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.getPlotItem().layout.setContentsMargins(0, 0, 0, 0)
        top = max([v for v in this_year if v] + last_year + ([forecast[1]] if forecast else [])) * 1.13
        plot.setYRange(0, top, padding=0)
        plot.setXRange(-0.55, 11.55, padding=0)
        step = 100 if top > 300 else 50
        for level in range(step, int(top) + 1, step):
            line = pg.InfiniteLine(level, angle=0, pen=pg.mkPen(t.grid, width=1))
            line.setZValue(-10)
            plot.addItem(line)
        plot.addItem(pg.InfiniteLine(0, angle=0, pen=pg.mkPen(t.border_field if not t.is_dark else t.border, width=1)))
        left.setTicks([[(v, f"{v}k" if v else "0") for v in range(0, int(top) + 1, step)]])
        plot.addItem(
            pg.BarGraphItem(x=[i - 0.17 for i in range(12)], height=last_year, width=0.3, brush=QColor(t.last_year), pen=pg.mkPen(None))
        )
        done = [(i, v) for i, v in enumerate(this_year) if v is not None]
        if forecast:
            month, value = forecast
            plot.addItem(
                pg.BarGraphItem(
                    x=[month + 0.17],
                    height=[value],
                    width=0.3,
                    brush=with_alpha(t.series[0], 34),
                    pen=pg.mkPen(t.series[0], width=1, style=Qt.PenStyle.DashLine),
                )
            )
        plot.addItem(
            pg.BarGraphItem(
                x=[i + 0.17 for i, _ in done], height=[v for _, v in done], width=0.3, brush=QColor(t.series[0]), pen=pg.mkPen(None)
            )
        )
        if forecast:
            note = pg.TextItem(
                html=f"<div style='color:{t.text_2};font-size:11px'>previsti {formats.number(forecast[1])}k</div>", anchor=(0.5, 1.0)
            )
            note.setPos(forecast[0] + 0.17, forecast[1])
            plot.addItem(note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(plot)
        self.plot = plot


class AgeingBar(QWidget):
    """One stacked bar: not due, 1-30, 31-60, 61-90, over 90. Segments are parted by 2 px, so the order is read without colour."""

    def __init__(self, amounts: list[float], height: int = 12):
        super().__init__()
        self._amounts = amounts
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shown = [(i, a) for i, a in enumerate(self._amounts) if a > 0]
        total, x = sum(a for _, a in shown), 0.0
        usable = self.width() - 2 * (len(shown) - 1)
        for place, (index, value) in enumerate(shown):
            width = max(3.0, usable * value / total)
            path = rounded_path(QRectF(x, 0, width, self.height()), 3, left=place == 0, right=place == len(shown) - 1)
            painter.fillPath(path, QColor(t.ageing[index]))
            x += width + 2


class AgeingRow(QAbstractButton):
    """One band of the ageing list: name, bar on a scale shared by its sisters, documents, amount. Opens the rows behind it."""

    def __init__(self, index: int, name: str, value: float, share: float, documents: int, scale: float | None):
        super().__init__()
        self._index, self._name, self._value, self._share, self._documents, self._scale = index, name, value, share, documents, scale
        self.setFixedHeight(44)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{name}: {formats.money(value)}, {documents} documenti")

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), QColor(t.hover))
        left, right = 16.0, self.width() - 36.0
        align_left, align_right = (
            side | Qt.AlignmentFlag.AlignVCenter for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        )
        paint_icon(painter, "chevron-right", QRectF(self.width() - 29, 14, 16, 16), t.text_3)
        painter.setFont(theme.font("body"))
        painter.setPen(QColor(t.text))
        painter.drawText(QRectF(left, 4, 200, 20), align_left, self._name)
        painter.setFont(theme.font("medium"))
        painter.drawText(QRectF(left, 4, right - left - 68, 20), align_right, formats.money(self._value))
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRectF(right - 62, 4, 62, 20), align_right, f"{formats.number(self._share * 100, 1)}%")
        text = f"{formats.number(self._documents)} doc."
        painter.drawText(QRectF(right - 62, 22, 62, 18), align_right, text)
        if self._scale is None:
            return
        track = QRectF(left, 28, right - left - 68, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(QColor(t.ageing[self._index]))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(4.0, track.width() * self._value / self._scale), 6), 3, 3)


class Bridge(QWidget):
    """From the last period to this one: start, steps up and down, end. Steps are labelled; sign and arrow tell direction besides colour."""

    def __init__(self, start: tuple[str, float], steps: list[tuple[str, float]], end: tuple[str, float], floor_share: float = 0.955):
        super().__init__()
        self._start, self._steps, self._end, self._floor_share = start, steps, end, floor_share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(112)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = 2 + len(self._steps)
        levels, level = [self._start[1]], self._start[1]
        for _, change in self._steps:
            level += change
            levels.append(level)
        low, high = min(levels) * self._floor_share, max(levels)
        slot = self.width() / columns
        bar = min(72.0, slot * 0.5)
        base, top = self.height() - 22.0, 26.0
        y = lambda value: base - (base - top) * (value - low) / (high - low)
        painter.setPen(QPen(QColor(t.border), 1))
        painter.drawLine(QPointF(0, base + 0.5), QPointF(self.width(), base + 0.5))
        level = self._start[1]
        for index in range(columns):
            centre = slot * (index + 0.5)
            if index in (0, columns - 1):
                name, value = self._start if index == 0 else self._end
                box = QRectF(centre - bar / 2, y(value), bar, base - y(value))
                colour, text, tint = (t.last_year if index == 0 else t.series[0]), formats.number(value, 2), t.text
                after = value
            else:
                name, change = self._steps[index - 1]
                after = level + change
                box = QRectF(centre - bar / 2, min(y(level), y(after)), bar, max(3.0, abs(y(level) - y(after))))
                colour, text, tint = (
                    (t.positive_fill, formats.signed(change), t.positive)
                    if change > 0
                    else (t.negative_fill, formats.signed(change), t.negative)
                )
            painter.fillPath(rounded_path(box, 2), QColor(colour))
            if index < columns - 1:
                painter.setPen(QPen(QColor(t.text_off), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(centre + bar / 2 + 2, y(after)), QPointF(centre + slot - bar / 2 - 2, y(after)))
            level = after
            painter.setFont(theme.font("small-medium"))
            painter.setPen(QColor(tint))
            painter.drawText(QRectF(centre - slot / 2, box.top() - 20, slot, 18), Qt.AlignmentFlag.AlignCenter, text)
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(t.text_2))
            painter.drawText(QRectF(centre - slot / 2, base + 4, slot, 18), Qt.AlignmentFlag.AlignCenter, name)
