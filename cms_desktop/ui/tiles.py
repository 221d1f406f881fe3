"""KpiTile: one figure, its trend, the way to its rows. A button, so Tab, Enter and a screen reader reach it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from . import theme
from .basics import Pressable
from .icons import paint_icon, with_alpha
from .translation import translator

tr = translator("ui")
HEIGHT = 124


class KpiTile(Pressable):
    """`good` says whether the movement is good news (True), bad news (False) or neither (None); the arrow says its direction.

    Without a value the tile shows that it is loading; `set_stale` keeps the figure and says since when it stands still.
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        trend: str = "",
        versus: str = "",
        *,
        up: bool = True,
        good: bool | None = True,
        link: str = "",
        points: Sequence[float | Decimal] | None = None,
        value_tone: str = "",
    ) -> None:
        super().__init__()
        self._title, self._stale = title, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(170)
        self.update_figures(value=value, trend=trend, versus=versus, up=up, good=good, link=link, points=points, value_tone=value_tone)

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def update_figures(
        self,
        *,
        value: str,
        trend: str = "",
        versus: str = "",
        up: bool = True,
        good: bool | None = True,
        link: str = "",
        points: Sequence[float | Decimal] | None = None,
        value_tone: str = "",
    ) -> None:
        """Show new figures; the tile is no longer loading or stale. `value_tone`: '', negative, warning, positive."""
        self._value, self._trend, self._versus, self._up, self._good = value, trend, versus, up, good
        self._link, self._points, self._value_tone, self._stale = link, [float(p) for p in points or ()], value_tone, ""
        self._tell()

    def set_title(self, title: str) -> None:
        self._title = title
        self._tell()

    def set_stale(self, text: str) -> None:
        """The figure is old; `text` says since when ("fermo alle 14:32"). An empty text: fresh again."""
        self._stale = text
        self._tell()

    def set_loading(self) -> None:
        """Grey blocks in place of figures until `update_figures`."""
        self.update_figures(value="")

    def is_loading(self) -> bool:
        return not self._value

    def value(self) -> str:
        return self._value

    def _tell(self) -> None:
        parts = [f"{self._title}: {self._value or tr('in caricamento')}", f"{self._trend} {self._versus}".strip(), self._stale, self._link]
        self.setAccessibleName(". ".join(part for part in parts if part))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = 16.0, self.width() - 16.0
        self._paint_frame(painter, left, right)
        if self.is_loading():
            self._paint_skeleton(painter, left)
            return
        self._paint_value(painter, left, right)
        self._paint_trend(painter, left, right)
        self._paint_link(painter, left, right)

    def _paint_frame(self, painter: QPainter, left: float, right: float) -> None:
        t, hot, focus = theme.current(), self.underMouse(), self.hasFocus()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(t.accent_fill if focus or hot else t.border), 2 if focus else 1))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if focus else box, 8, 8)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text_2))
        room = right - left - 20
        title = theme.metrics("small-medium").elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 12, room, 18), Qt.AlignmentFlag.AlignVCenter, title)
        paint_icon(painter, "arrow-up-right", QRectF(right - 15, 13, 16, 16), t.accent if hot or focus else t.text_3)

    def _paint_skeleton(self, painter: QPainter, left: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().neutral_soft))
        for top, height, share in ((38, 22, 0.55), (73, 12, 0.4), (99, 12, 0.3)):
            painter.drawRoundedRect(QRectF(left, top, (self.width() - 32) * share, height), 4, 4)

    def _paint_value(self, painter: QPainter, left: float, right: float) -> None:
        t = theme.current()
        size = next((s for s in (24, 20, 18) if theme.metrics("display", size=s).horizontalAdvance(self._value) <= right - left), 16)
        if self.width() < 216:
            size = min(size, 20)
        painter.setFont(theme.font("display", size=size))
        tone = {"negative": t.negative, "warning": t.warning, "positive": t.positive}.get(self._value_tone, t.text)
        painter.setPen(QColor(t.text_3 if self._stale else tone))
        painter.drawText(QRectF(left, 32, right - left, 34), Qt.AlignmentFlag.AlignVCenter, self._value)

    def _paint_trend(self, painter: QPainter, left: float, right: float) -> None:
        t, y, x = theme.current(), 70.0, left
        if self._trend and not self._stale:
            colour = t.text_2 if self._good is None else (t.positive if self._good else t.negative)
            paint_icon(painter, "arrow-up" if self._up else "arrow-down", QRectF(x - 1, y + 2, 13, 13), colour, 2.25)
            painter.setFont(theme.font("small-medium", weight=600))
            painter.setPen(QColor(colour))
            width = theme.metrics("small-medium", weight=600).horizontalAdvance(self._trend)
            painter.drawText(QRectF(x + 14, y, width + 4, 18), Qt.AlignmentFlag.AlignVCenter, self._trend)
            x += width + 20
        elif self._stale:
            paint_icon(painter, "clock-alert", QRectF(x - 1, y + 2, 13, 13), t.warning)
            x += 18
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.warning if self._stale else t.text_3))
        text = theme.metrics("small").elidedText(self._stale or self._versus, Qt.TextElideMode.ElideRight, right - x)
        painter.drawText(QRectF(x, y, right - x, 18), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_link(self, painter: QPainter, left: float, right: float) -> None:
        t = theme.current()
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.accent))
        painter.drawText(QRectF(left, 96, right - left, 18), Qt.AlignmentFlag.AlignVCenter, self._link)
        span = min(88.0, right - left - theme.metrics("small-medium").horizontalAdvance(self._link) - 16)
        if len(self._points) > 1 and span > 36:
            colour = t.text_off if self._stale else t.negative_fill if self._value_tone == "negative" else t.series[0]
            paint_sparkline(painter, QRectF(right - span, 90, span, 22), self._points, colour)


def paint_sparkline(painter: QPainter, box: QRectF, points: Sequence[float], colour: str) -> None:
    """A line without axes; needs two points or more."""
    low, high = min(points), max(points)
    scale = (high - low) or 1
    places = [
        QPointF(box.left() + box.width() * i / (len(points) - 1), box.bottom() - 2 - (box.height() - 5) * (p - low) / scale)
        for i, p in enumerate(points)
    ]
    line = QPainterPath(places[0])
    for place in places[1:]:
        line.lineTo(place)
    area = QPainterPath(line)
    area.lineTo(box.right(), box.bottom())
    area.lineTo(box.left(), box.bottom())
    fade = QLinearGradient(box.topLeft(), box.bottomLeft())
    fade.setColorAt(0, with_alpha(colour, 50))
    fade.setColorAt(1, with_alpha(colour, 0))
    painter.fillPath(area, fade)
    painter.setPen(QPen(QColor(colour), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(line)
    painter.setPen(QPen(QColor(theme.current().surface), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(places[-1], 3, 3)
