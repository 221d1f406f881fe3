"""Stepper (phases of a run) and SlaTimer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from . import theme
from .icons import paint_icon


class Stepper(QWidget):
    """Phases of a run; only finished ones can be gone back to (click, or ← for the one before)."""

    step_chosen = Signal(int)

    def __init__(self, names: Sequence[str], active: int = 0) -> None:
        super().__init__()
        self._names, self._active = list(names), active
        self._widths = [theme.metrics("strong").horizontalAdvance(name) + 30 for name in names]
        self.setFixedSize(round(sum(self._widths) + 40 * (len(names) - 1)) + 2, 28)
        self.set_active(active)

    def active(self) -> int:
        return self._active

    def set_active(self, index: int) -> None:
        """The phase in hand; those before it are done."""
        self._active = index
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if index else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{self._names[index]} ({index + 1}/{len(self._names)})")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = 0.0
        for index, width in enumerate(self._widths):
            if index < self._active and x <= event.position().x() <= x + width:
                self.step_chosen.emit(index)
            x += width + 40

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left and self._active:
            self.step_chosen.emit(self._active - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter, x = theme.current(), QPainter(self), 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, width) in enumerate(zip(self._names, self._widths, strict=True)):
            done, on = index < self._active, index == self._active
            self._paint_dot(painter, QRectF(x + 0.5, 4.5, 19, 19), index)
            painter.setFont(theme.font("strong" if on else "body"))
            painter.setPen(QColor(t.text if on else t.text_2 if done else t.text_3))
            painter.drawText(QRectF(x + 26, 0, width, 28), Qt.AlignmentFlag.AlignVCenter, name)
            x += width
            if index < len(self._names) - 1:
                painter.setPen(QPen(QColor(t.accent_fill if done else t.neutral_line), 1.5))
                painter.drawLine(QPointF(x + 4, 14), QPointF(x + 32, 14))
                x += 40
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent_line), 1))
            painter.drawLine(QPointF(0, 27), QPointF(self.width(), 27))

    def _paint_dot(self, painter: QPainter, box: QRectF, index: int) -> None:
        t, done, on = theme.current(), index < self._active, index == self._active
        painter.setPen(QPen(QColor(t.accent_fill if done or on else t.border_field), 1.5))
        painter.setBrush(QColor(t.accent_fill if done else t.surface))
        painter.drawEllipse(box)
        if done:
            paint_icon(painter, "check", box.adjusted(4, 4, -4, -4), t.on_accent, 3)
        else:
            painter.setFont(theme.font("caption", weight=600))
            painter.setPen(QColor(t.accent if on else t.text_3))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index + 1))


class SlaTimer(QWidget):
    """A ring that empties, the seconds left (or over) inside, the limit named below. Blue under 60% of the limit, amber to 100%, red beyond.

    Over time the figure counts up with a plus sign, so the state is read without colour."""

    def __init__(self, elapsed: float, limit: float, size: int = 64, tone: str = "") -> None:
        super().__init__()
        self._elapsed, self._limit, self._tone = elapsed, limit, tone
        self.setFixedSize(size, size)
        self.set_elapsed(elapsed)

    def set_elapsed(self, elapsed: float) -> None:
        """Seconds since the start; one timer of the page ticks all rings."""
        self._elapsed = elapsed
        self.setAccessibleName(sla_text(elapsed, self._limit))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
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
