"""Stepper (phases of a run), StepList (action plan of an alarm), SlaTimer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from . import theme
from .icons import paint_icon


class Stepper(QWidget):
    def __init__(self, names: list[str], active: int):
        super().__init__()
        self._names, self._active = names, active
        metrics = QFontMetricsF(theme.font("strong"))
        self._widths = [metrics.horizontalAdvance(name) + 30 for name in names]
        self.setFixedSize(round(sum(self._widths) + 40 * (len(names) - 1)) + 2, 28)

    def paintEvent(self, _event) -> None:
        t, painter, x = theme.current(), QPainter(self), 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, width) in enumerate(zip(self._names, self._widths, strict=True)):
            done, on = index < self._active, index == self._active
            dot = QRectF(x + 0.5, 4.5, 19, 19)
            painter.setPen(QPen(QColor(t.accent_fill if done or on else t.border_field), 1.5))
            painter.setBrush(QColor(t.accent_fill if done else t.surface))
            painter.drawEllipse(dot)
            if done:
                paint_icon(painter, "check", dot.adjusted(4, 4, -4, -4), t.on_accent, 3)
            else:
                painter.setFont(theme.font("caption", weight=600))
                painter.setPen(QColor(t.accent if on else t.text_3))
                painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(index + 1))
            painter.setFont(theme.font("strong" if on else "body"))
            painter.setPen(QColor(t.text if on else t.text_2 if done else t.text_3))
            painter.drawText(QRectF(x + 26, 0, width, 28), Qt.AlignmentFlag.AlignVCenter, name)
            x += width
            if index < len(self._names) - 1:
                painter.setPen(QPen(QColor(t.accent_fill if done else t.neutral_line), 1.5))
                painter.drawLine(QPointF(x + 4, 14), QPointF(x + 32, 14))
                x += 40


class SlaTimer(QWidget):
    """A ring that empties, the seconds left (or over) inside, the limit named below. Blue under 60% of the limit, amber to 100%, red beyond.

    Over time the figure counts up with a plus sign, so the state is read without colour."""

    def __init__(self, elapsed: float, limit: float, size: int = 64, tone: str = ""):
        super().__init__()
        self._elapsed, self._limit, self._tone = elapsed, limit, tone
        self.setFixedSize(size, size)

    def paintEvent(self, _event) -> None:
        paint_sla(QPainter(self), QRectF(self.rect()), self._elapsed, self._limit, self._tone)


def sla_state(elapsed: float, limit: float) -> str:
    share = elapsed / limit
    return "over" if share > 1 else "near" if share > 0.6 else "calm"


def sla_text(elapsed: float, limit: float) -> str:
    left = limit - elapsed
    sign = "+" if left < 0 else ""
    left = abs(left)
    return f"{sign}{int(left // 60)}:{int(left % 60):02d}"


def paint_sla(painter: QPainter, box: QRectF, elapsed: float, limit: float, colour: str = "") -> None:
    t = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    share, state = min(1.0, elapsed / limit), sla_state(elapsed, limit)
    colour = colour or {"calm": t.border_field, "near": t.priority[1], "over": t.priority[0]}[state]
    width = max(3.0, box.width() * 0.07)
    ring = box.adjusted(width / 2 + 1, width / 2 + 1, -width / 2 - 1, -width / 2 - 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(t.border), width))
    painter.drawEllipse(ring)
    painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(ring, 90 * 16, -round(360 * 16 * (1.0 if state == "over" else 1 - share)))
    text = sla_text(elapsed, limit)
    painter.setFont(theme.font("strong", size=round(box.width() * (0.27 if len(text) < 5 else 0.24))))
    painter.setPen(QColor(t.text_2 if state == "calm" else colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
