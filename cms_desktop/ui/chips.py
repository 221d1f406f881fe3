"""StatusChip, FilterChip, CountBadge, Segmented. The painting functions are shared with the table delegate, so a chip looks the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import theme
from .basics import Pressable
from .icons import paint_icon

CHIP_HEIGHT = 20
TONES = ("neutral", "info", "positive", "warning", "negative", "outline", "calm")


def tone_colours(tone: str) -> tuple[str, str, str]:
    """(text, soft fill, dot)"""
    t = theme.current()
    return {
        "neutral": (t.text_2, t.neutral_soft, t.text_3),
        "info": (t.accent, t.accent_soft, t.accent_fill),
        "positive": (t.positive, t.positive_soft, t.positive_fill),
        "warning": (t.warning, t.warning_soft, t.warning_fill),
        "negative": (t.negative, t.negative_soft, t.negative_fill),
        "outline": (t.text_2, t.surface, t.text_3),
        "calm": (t.text_2, "", t.positive_fill),  # the normal case: a dot, no fill, so that exceptions stand out
    }[tone]


def chip_width(text: str, icon_name: str = "dot") -> float:
    return theme.metrics("small-medium").horizontalAdvance(text) + (32 if icon_name and icon_name != "dot" else 28 if icon_name else 16)


def paint_chip(painter: QPainter, left: float, centre_y: float, text: str, tone: str, icon_name: str = "dot", limit: float = 9999) -> float:
    """Draws a chip from its left edge; returns its width. Text always says what the colour says."""
    colour, soft, dot = tone_colours(tone)
    width = min(chip_width(text, icon_name), limit)
    box = QRectF(left, centre_y - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.current().neutral_line), 1) if tone == "outline" else Qt.PenStyle.NoPen)
    if soft:
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    x = box.left() + 8
    if icon_name == "dot":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(dot))
        painter.drawEllipse(QPointF(x + 3, centre_y), 3, 3)
        x += 12
    elif icon_name:
        paint_icon(painter, icon_name, QRectF(x - 2, centre_y - 6.5, 13, 13), colour, 2)
        x += 16
    painter.setFont(theme.font("small-medium"))
    painter.setPen(QColor(colour))
    text_box = QRectF(x, box.top(), box.right() - x - 6, box.height())
    text = theme.metrics("small-medium").elidedText(text, Qt.TextElideMode.ElideRight, text_box.width() + 2)
    painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()
    return width


class StatusChip(QWidget):
    """A state in words, with a dot or an icon. Not clickable."""

    def __init__(self, text: str, tone: str = "neutral", icon_name: str = "dot") -> None:
        super().__init__()
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(text, tone, icon_name)

    def set_state(self, text: str, tone: str, icon_name: str = "dot") -> None:
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setFixedSize(QSize(round(chip_width(text, icon_name) + 0.5), CHIP_HEIGHT))
        self.setAccessibleName(text)
        self.update()

    def text(self) -> str:
        return self._text

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_chip(QPainter(self), 0, self.height() / 2, self._text, self._tone, self._icon)


class FilterChip(Pressable):
    """A filter in force: 'Stato: Attivo ×' (the × or Del emits `closed`). Also the saved views of a list (checkable, with a count)."""

    closed = Signal()

    def __init__(self, text: str, count: str = "", *, checked: bool = False, closable: bool = False, tone: str = "") -> None:
        super().__init__()
        self._count, self._closable, self._tone = count, closable, tone
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(checked)
        self.set_count(count)

    def set_count(self, count: str, tone: str = "") -> None:
        self._count, self._tone = count, tone or self._tone
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(f"{self.text()} {count}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        text = theme.metrics("small-medium").horizontalAdvance(self.text())
        count = theme.metrics("small").horizontalAdvance(self._count) + 6 if self._count else 0
        return QSize(round(text + count + 20 + (16 if self._closable else 0)), 28)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._closable and self.isDown() and event.position().x() > self.width() - 24:
            self.setDown(False)
            self.closed.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._closable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        on, focus = self.isChecked(), self.hasFocus()
        painter.setPen(QPen(QColor(t.accent_fill if focus else t.accent_line if on else t.border), 2 if focus else 1))
        painter.setBrush(QColor(t.accent_soft if on else (t.hover if self.underMouse() else t.surface)))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if focus else box, 6, 6)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.accent if on else t.text_2))
        x = 10.0
        width = theme.metrics("small-medium").horizontalAdvance(self.text())
        painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        x += width + 6
        if self._count:
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(tone_colours(self._tone)[0] if self._tone else (t.accent if on else t.text_3)))
            painter.drawText(QRectF(x, 0, 80, self.height()), Qt.AlignmentFlag.AlignVCenter, self._count)
        if self._closable:
            paint_icon(painter, "x", QRectF(self.width() - 20, self.height() / 2 - 6, 12, 12), t.accent if on else t.text_3, 2)


class CountBadge(QWidget):
    """A number in a pill; tone: neutral, info, negative."""

    def __init__(self, count: int | str, tone: str = "neutral") -> None:
        super().__init__()
        self.set_count(count, tone)

    def set_count(self, count: int | str, tone: str = "neutral") -> None:
        self._text, self._tone = str(count), tone
        self.setFixedSize(round(badge_width(self._text)), 18)
        self.setAccessibleName(self._text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_badge(QPainter(self), QRectF(self.rect()), self._text, self._tone)


def badge_width(text: str) -> float:
    return max(18.0, theme.metrics("caption", weight=600).horizontalAdvance(text) + 10)


def paint_badge(painter: QPainter, box: QRectF, text: str, tone: str) -> None:
    t = theme.current()
    colour, fill = {
        "neutral": (t.text_2, t.neutral_soft),
        "negative": (t.on_accent, t.negative_fill if not t.is_dark else "#C93B33"),
        "info": (t.accent, t.accent_soft),
    }[tone]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setFont(theme.font("caption", weight=600))
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class Segmented(QWidget):
    """Two to five exclusive choices in one track; arrows or the mouse change them."""

    changed = Signal(int)

    def __init__(self, options: Sequence[str], active: int = 0, height: int = 28) -> None:
        super().__init__()
        self._options, self._active = list(options), active
        metrics = theme.metrics("small-medium")
        self._widths = [metrics.horizontalAdvance(option) + 22 for option in options]
        self.setFixedSize(round(sum(self._widths)) + 4, height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def active(self) -> int:
        return self._active

    def set_active(self, index: int) -> None:
        """Choose without a signal."""
        self._active = max(0, min(index, len(self._options) - 1))
        self._tell()
        self.update()

    def _choose(self, index: int) -> None:
        index = max(0, min(index, len(self._options) - 1))
        if index != self._active:
            self.set_active(index)
            self.changed.emit(index)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self._options[self._active]} ({', '.join(self._options)})")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._choose(self._active + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        right = 2.0
        for index, width in enumerate(self._widths):
            right += width
            if event.position().x() < right:
                self._choose(index)
                return

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter, x = theme.current(), QPainter(self), 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.accent_fill), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(*((1, 1, -1, -1) if self.hasFocus() else (0, 0, 0, 0))), 6, 6)
        painter.setFont(theme.font("small-medium"))
        for index, (option, width) in enumerate(zip(self._options, self._widths, strict=True)):
            box = QRectF(x, 2, width, self.height() - 4)
            on = index == self._active
            if on:
                painter.setPen(QPen(QColor(t.border), 1))
                painter.setBrush(QColor(t.surface if not t.is_dark else t.accent_soft))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setPen(QColor(t.text if on else t.text_2))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, option)
            x += width
