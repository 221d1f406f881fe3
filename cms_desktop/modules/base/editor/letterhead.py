"""The company's paper while its data are typed: the head and the foot of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QTextOption
from PySide6.QtWidgets import QWidget

from cms_desktop.modules.base import rules
from cms_desktop.ui import theme
from cms_desktop.ui.translation import translator

tr = translator("base")
RATIO, EDGE, LEAST_WIDTH = 297 / 210, 26, 380
PAPER, INK, INK_2, INK_3, BORDER, GREY, ACCENT = "#FFFFFF", "#16202E", "#4A5568", "#6B7686", "#D5DBE3", "#EDF0F4", "#1B5BB5"


class LetterheadPreview(QWidget):
    """A sheet of A4, white in the dark theme too: paper is white."""

    def __init__(self) -> None:
        super().__init__()
        self.name = self.foot = ""
        self.lines: tuple[str, ...] = ()
        self._logo, self._logo_height = QPixmap(), 0.0
        self.setMinimumHeight(240)
        self.setAccessibleName(tr("Anteprima della carta intestata"))

    def show_values(self, values: Mapping[str, Any]) -> None:
        """The columns of base.company, as typed."""
        found = rules.letterhead(values)
        self.name, self.lines, self.foot = found.name, found.lines, "\n".join(found.footer)
        self.setAccessibleDescription(". ".join((self.name, *self.lines, self.foot)))
        self.update()

    def show_logo(self, content: bytes) -> None:
        self._logo = QPixmap()
        if content:
            self._logo.loadFromData(content)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, round(340 * RATIO))

    def _sheet(self) -> tuple[QRectF, float]:
        """The sheet and how much smaller than its least width it is drawn, as a whole."""
        width = min(self.width() - 2.0, (self.height() - 2.0) / RATIO)
        scale = min(1.0, width / LEAST_WIDTH)
        return QRectF((self.width() - width) / 2 / scale, 1 / scale, width / scale, width * RATIO / scale), scale

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        sheet, scale = self._sheet()
        painter.scale(scale, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(BORDER))
        painter.setBrush(QColor(PAPER))
        painter.drawRoundedRect(sheet, 2, 2)
        inner = sheet.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        inner = self._draw_logo(painter, inner)
        y = self._write(painter, inner, inner.top(), self.name or tr("Denominazione"), "heading", INK if self.name else INK_3) + 2
        for line in self.lines:
            y = self._write(painter, inner, y, line, "caption", INK_2) + 1
        inner = sheet.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        y = max(y, inner.top() + self._logo_height)
        painter.fillRect(QRectF(inner.left(), y + 8, inner.width(), 1.5), QColor(ACCENT))
        foot = painter.boundingRect(inner, int(Qt.TextFlag.TextWordWrap), self.foot).height()
        top = inner.bottom() - max(foot, 14)
        self._draw_body(painter, QRectF(inner.left(), y + 30, inner.width(), top - y - 50))
        painter.fillRect(QRectF(inner.left(), top - 7, inner.width(), 1), QColor(BORDER))
        self._write(painter, inner, top, self.foot, "caption", INK_3)

    def _draw_logo(self, painter: QPainter, area: QRectF) -> QRectF:
        """The logo at the left of the name; returns what is left for the text."""
        self._logo_height = 0.0
        if self._logo.isNull():
            return area
        scale = min(area.width() * 0.26 / self._logo.width(), 40 / self._logo.height())
        box = QRectF(area.left(), area.top(), self._logo.width() * scale, self._logo.height() * scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(box, self._logo, QRectF(self._logo.rect()))
        self._logo_height = box.height()
        return area.adjusted(box.width() + 10, 0, 0, 0)

    def _write(self, painter: QPainter, area: QRectF, top: float, text: str, role: str, colour: str) -> float:
        """Writes wrapped text and returns where the next line starts."""
        painter.setFont(theme.font(role, weight=600 if role == "heading" else 400))
        painter.setPen(QColor(colour))
        wrapping = QTextOption()
        wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        room = QRectF(area.left(), top, area.width(), 400)
        box = painter.boundingRect(room, text, wrapping)
        painter.drawText(QRectF(area.left(), top, area.width(), box.height() + 1), text, wrapping)
        return top + box.height()

    def _draw_body(self, painter: QPainter, area: QRectF) -> None:
        """Grey bars where a document has its text."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(GREY))
        shares = (0.34, 0.52, 0.0, 0.96, 0.9, 0.94, 0.6)
        for place, share in enumerate(shares):
            bar = QRectF(area.left(), area.top() + place * 17, area.width() * share, 7)
            if share and bar.bottom() < area.bottom():
                painter.drawRoundedRect(bar, 3, 3)
