"""Timeline: what happened, newest first, one line per fact. Append-only: nothing in it can be edited, only answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import theme
from .icons import paint_icon


@dataclass
class Entry:
    when: str
    icon: str
    title: str
    detail: str = ""
    who: str = ""
    tone: str = "neutral"  # neutral, info, positive, warning, negative
    day: str = ""  # starts a new day when set


class Timeline(QWidget):
    TIME, RAIL = 66, 28

    def __init__(self, entries: Sequence[Entry] = (), time_width: int = 66, size: int = 13) -> None:
        super().__init__()
        self._time, self._size = time_width, size
        self._entries: list[Entry] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Newest first; an entry with `day` starts a new day."""
        self._entries = list(entries)
        self.setAccessibleName(". ".join(f"{one.when} {one.title}" for one in self._entries))
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._walk(None, width))

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._walk(painter, self.width())

    def _wrapped(self, painter: QPainter | None, text: str, font: QFont, colour: str, x: float, y: float, width: float) -> float:
        """Draws wrapped text (or only measures it) and returns its height."""
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        height, step = 0.0, round(font.pixelSize() * 1.4)
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += step
        layout.endLayout()
        if painter is not None:
            painter.setPen(QColor(colour))
            layout.draw(painter, QPointF(x, y))
        return height

    def _walk(self, painter: QPainter | None, width: int) -> float:
        t, y = theme.current(), 4.0
        strong = theme.font("medium", size=self._size)
        small = theme.font("small", size=self._size - 1)
        left = self._time + self.RAIL
        for index, entry in enumerate(self._entries):
            if entry.day:
                if painter is not None:
                    painter.setFont(theme.font("small-medium"))
                    painter.setPen(QColor(t.text_3))
                    painter.drawText(QRectF(0, y + (6 if index else 0), width, 20), Qt.AlignmentFlag.AlignVCenter, entry.day)
                y += 30 if index else 26
            top = y
            height = self._wrapped(painter, entry.title, strong, t.text, left, y, width - left)
            if entry.detail:
                height += 1 + self._wrapped(painter, entry.detail, small, t.text_2, left, y + height + 1, width - left)
            if entry.who:
                height += 1 + self._wrapped(painter, entry.who, small, t.text_3, left, y + height + 1, width - left)
            if painter is not None:
                follows = index < len(self._entries) - 1 and not self._entries[index + 1].day
                self._paint_mark(painter, entry, top, height, follows)
            y += height + 14
        return y

    def _paint_mark(self, painter: QPainter, entry: Entry, top: float, height: float, follows: bool) -> None:
        """The time, the round icon and the line to the entry below."""
        t = theme.current()
        colour, soft = {
            "neutral": (t.text_2, t.neutral_soft),
            "info": (t.accent, t.accent_soft),
            "positive": (t.positive, t.positive_soft),
            "warning": (t.warning, t.warning_soft),
            "negative": (t.negative, t.negative_soft),
        }[entry.tone]
        painter.setFont(theme.font("small", size=self._size - 1))
        painter.setPen(QColor(t.text_3))
        painter.drawText(QRectF(0, top, self._time - 8, 18), Qt.AlignmentFlag.AlignVCenter, entry.when)
        centre = QPointF(self._time + 8, top + 9)
        if follows:
            painter.setPen(QPen(QColor(t.line if not t.is_dark else t.border), 1.5))
            painter.drawLine(QPointF(centre.x(), top + 22), QPointF(centre.x(), top + height + 12))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(soft))
        painter.drawEllipse(centre, 10.5, 10.5)
        paint_icon(painter, entry.icon, QRectF(centre.x() - 6.5, centre.y() - 6.5, 13, 13), colour, 2)
