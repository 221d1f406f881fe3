"""Cards of a dashboard: a titled surface, the rows that say what needs attention, the legend of a chart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from . import theme
from .basics import ElidedLabel, Item, Pressable, boxed, column, label, row
from .icons import paint_icon, resolve


class Card(QFrame):
    """Title, an optional detail beside it, pieces at the right of the head, a body, an optional foot."""

    def __init__(self, title: str, body: QWidget, *head: Item, detail: str = "", foot: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._title, self._detail = label(title, "heading"), ElidedLabel(detail, "small", "3")
        top_row = row(self._title, self._detail, *head, spacing=8, margins=(16, 0, 12, 0))
        top_row.setStretchFactor(self._detail, 1)
        top = boxed(top_row)
        top.setFixedHeight(44)
        layout = column(top, body, *([foot] if foot else []), spacing=0)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_detail(self, text: str) -> None:
        self._detail.setText(text)


def card(title: str, body: QWidget, *head: Item, detail: str = "", foot: QWidget | None = None) -> Card:
    return Card(title, body, *head, detail=detail, foot=foot)


def card_foot(*items: Item) -> QFrame:
    """The strip at the bottom of a card."""
    result = boxed(row(*items, margins=(16, 0, 16, 0)), strip="foot")
    result.setFixedHeight(36)
    return result


class CheckRow(Pressable):
    """One thing to look at: mark by severity (negative, warning, positive, muted), text, detail, way in."""

    def __init__(self, icon_name: str, tone: str, text: str, detail: str = "", *, last: bool = False) -> None:
        super().__init__()
        self._last = last
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.update_text(text, detail, icon_name=icon_name, tone=tone)

    def update_text(self, text: str, detail: str = "", *, icon_name: str = "", tone: str = "") -> None:
        self.setText(text)
        self._detail = detail
        self._icon, self._tone = icon_name or self._icon, tone or self._tone
        self.setAccessibleName(f"{text}. {detail}")
        self.update()

    _icon, _tone = "circle-alert", "muted"

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(t.accent_soft))
        elif self.is_hot():
            painter.fillRect(self.rect(), QColor(t.hover))
        if self.hasFocus() or self.isChecked():
            painter.fillRect(QRectF(0, 0, 3, self.height()), QColor(t.accent_fill))
        if not self._last:
            painter.fillRect(QRectF(16, self.height() - 1, self.width() - 32, 1), QColor(t.line))
        tint = {"negative": t.negative_fill, "warning": t.warning_fill, "positive": t.positive_fill}.get(self._tone, t.text_3)
        paint_icon(painter, self._icon, QRectF(16, 15, 18, 18), tint)
        room = self.width() - 80.0
        lines = ((5.0, "medium", t.text, self.text()), (24.0, "small", t.text_3, self._detail))
        for top, role, colour, text in lines if self._detail else ((14.0, "medium", t.text, self.text()),):
            painter.setFont(theme.font(role))
            painter.setPen(QColor(colour))
            shown = theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(46, top, room, 20), Qt.AlignmentFlag.AlignVCenter, shown)
        paint_icon(painter, "chevron-right", QRectF(self.width() - 30, 16, 16, 16), t.text_3)


class Swatch(QWidget):
    """The colour of a series, beside its name."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(resolve(self._colour)))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)


def legend(*items: tuple[str, str]) -> list[Item]:
    """Pieces for the head of a card: (colour or token such as "series:0", name) …"""
    parts: list[Item] = []
    for colour, text in items:
        name: QLabel = label(text, "small", "2")
        parts += [Swatch(colour), name, 4]
    return parts


def dashboard(tiles: Sequence[QWidget], *rows: tuple[QWidget, QWidget]) -> QScrollArea:
    """A page of a dashboard: one row of tiles, then rows of two cards, 68 and 32 parts wide; scrolls when the window is small."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(12)
    grid.setColumnStretch(0, 68)
    grid.setColumnStretch(1, 32)
    for line, (left, right) in enumerate(rows):
        left.setMinimumHeight(310)
        right.setMinimumHeight(310)
        right.setMinimumWidth(340)
        grid.addWidget(left, line, 0)
        grid.addWidget(right, line, 1)
        grid.setRowStretch(line, 1)
    inner = boxed(column(row(*tiles, spacing=12), grid, spacing=12, margins=(16, 16, 16, 16)), canvas="true")
    scroll = QScrollArea()
    scroll.setWidget(inner)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
