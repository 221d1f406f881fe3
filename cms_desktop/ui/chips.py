"""StatusChip and CountBadge. The painting functions are shared with the table delegate, so a chip looks the same everywhere."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from . import theme
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
    def __init__(self, text: str, tone: str = "neutral", icon_name: str = "dot"):
        super().__init__()
        self._text, self._tone, self._icon = text, tone, icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(round(chip_width(text, icon_name) + 0.5), CHIP_HEIGHT))
        self.setAccessibleName(text)

    def paintEvent(self, _event) -> None:
        paint_chip(QPainter(self), 0, self.height() / 2, self._text, self._tone, self._icon)


class FilterChip(QAbstractButton):
    """A filter in force: 'Stato: Attivo ×'. Also the saved views of a list (checkable, with a count)."""

    def __init__(self, text: str, count: str = "", *, checked: bool = False, closable: bool = False, tone: str = ""):
        super().__init__()
        self._count, self._closable, self._tone = count, closable, tone
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(f"{text} {count}".strip())

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(theme.font("small-medium")).horizontalAdvance(self.text())
        count = QFontMetricsF(theme.font("small")).horizontalAdvance(self._count) + 6 if self._count else 0
        return QSize(round(text + count + 20 + (16 if self._closable else 0)), 28)

    def paintEvent(self, _event) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        on = self.isChecked()
        painter.setPen(QPen(QColor(t.accent_line if on else t.border), 1))
        painter.setBrush(QColor(t.accent_soft if on else (t.hover if self.underMouse() else t.surface)))
        painter.drawRoundedRect(box, 6, 6)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.accent if on else t.text_2))
        x = 10.0
        width = QFontMetricsF(painter.font()).horizontalAdvance(self.text())
        painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        x += width + 6
        if self._count:
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(tone_colours(self._tone)[0] if self._tone else (t.accent if on else t.text_3)))
            painter.drawText(QRectF(x, 0, 80, self.height()), Qt.AlignmentFlag.AlignVCenter, self._count)
        if self._closable:
            paint_icon(painter, "x", QRectF(self.width() - 20, self.height() / 2 - 6, 12, 12), t.accent if on else t.text_3, 2)


class CountBadge(QWidget):
    def __init__(self, count: int | str, tone: str = "neutral"):
        super().__init__()
        self._text, self._tone = str(count), tone
        width = max(18, round(QFontMetricsF(theme.font("caption")).horizontalAdvance(self._text) + 10))
        self.setFixedSize(width, 18)

    def paintEvent(self, _event) -> None:
        paint_badge(QPainter(self), QRectF(self.rect()), self._text, self._tone)


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
    """Two to four exclusive choices in one track."""

    changed = Signal(int)

    def __init__(self, options: list[str], active: int = 0, height: int = 28):
        super().__init__()
        self._options, self._active = options, active
        metrics = QFontMetricsF(theme.font("small-medium"))
        self._widths = [metrics.horizontalAdvance(option) + 22 for option in options]
        self.setFixedSize(round(sum(self._widths)) + 4, height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, _event) -> None:
        t, painter, x = theme.current(), QPainter(self), 2.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.neutral_soft))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        for index, (option, width) in enumerate(zip(self._options, self._widths, strict=True)):
            box = QRectF(x, 2, width, self.height() - 4)
            on = index == self._active
            if on:
                painter.setPen(QPen(QColor(t.border), 1))
                painter.setBrush(QColor(t.surface if not t.is_dark else t.accent_soft))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setFont(theme.font("small-medium"))
            painter.setPen(QColor(t.text if on else t.text_2))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, option)
            x += width
