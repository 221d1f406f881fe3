"""KpiTile: one figure, its trend, the way to its rows. A button, so Tab, Enter and a screen reader reach it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from . import theme
from .icons import paint_icon, with_alpha


class KpiTile(QAbstractButton):
    """`good` says whether the movement is good news (True), bad news (False) or neither (None); the arrow says its direction."""

    def __init__(
        self,
        title: str,
        value: str,
        trend: str = "",
        versus: str = "",
        *,
        up: bool = True,
        good: bool | None = True,
        link: str = "Apri elenco",
        points: list[float] | None = None,
        value_tone: str = "",
        pinned_hover: bool = False,
    ):
        super().__init__()
        self._title, self._value, self._trend, self._versus = title, value, trend, versus
        self._up, self._good, self._link, self._points, self._value_tone = up, good, link, points or [], value_tone
        self._pinned_hover = pinned_hover
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(124)
        self.setMinimumWidth(170)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{title}: {value}. {trend} {versus}. {link}")

    def sizeHint(self) -> QSize:
        return QSize(240, 124)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot, focus = self.underMouse() or self._pinned_hover, self.hasFocus()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(t.accent_fill if focus or hot else t.border), 2 if focus else 1))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if focus else box, 8, 8)
        left, right = 16.0, self.width() - 16.0

        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text_2))
        painter.drawText(QRectF(left, 12, right - left - 20, 18), Qt.AlignmentFlag.AlignVCenter, self._title)
        paint_icon(painter, "arrow-up-right", QRectF(right - 15, 13, 16, 16), t.accent if hot or focus else t.text_3)

        painter.setFont(theme.font("display", size=24 if self.width() >= 216 else 20))
        painter.setPen(QColor({"negative": t.negative, "": t.text}[self._value_tone]))
        painter.drawText(QRectF(left, 32, right - left, 34), Qt.AlignmentFlag.AlignVCenter, self._value)

        y, x = 70.0, left
        if self._trend:
            colour = t.text_2 if self._good is None else (t.positive if self._good else t.negative)
            paint_icon(painter, "arrow-up" if self._up else "arrow-down", QRectF(x - 1, y + 2, 13, 13), colour, 2.25)
            painter.setFont(theme.font("small-medium", weight=600))
            painter.setPen(QColor(colour))
            width = QFontMetricsF(painter.font()).horizontalAdvance(self._trend)
            painter.drawText(QRectF(x + 14, y, width + 4, 18), Qt.AlignmentFlag.AlignVCenter, self._trend)
            x += width + 20
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_3))
        painter.drawText(
            QRectF(x, y, right - x, 18),
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(painter.font()).elidedText(self._versus, Qt.TextElideMode.ElideRight, right - x),
        )

        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.accent))
        painter.drawText(QRectF(left, 96, right - left, 18), Qt.AlignmentFlag.AlignVCenter, self._link)
        if self._points:
            width = QFontMetricsF(painter.font()).horizontalAdvance(self._link)
            span = min(88.0, right - left - width - 16)
            if span > 36:
                paint_sparkline(
                    painter,
                    QRectF(right - span, 90, span, 22),
                    self._points,
                    t.negative_fill if self._value_tone == "negative" else t.series[0],
                )


def paint_sparkline(painter: QPainter, box: QRectF, points: list[float], colour: str) -> None:
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
