"""Sums of the whole result under their columns, and a caption that says how many rows."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cms_desktop.core.listing import Totals

from .. import theme
from ..tokens import TOTALS_ROW
from .columns import PAD, Column, cell_text
from .delegate import text_colour
from .header import FilterHeader


class TotalsRow(QWidget):
    """Follows resizing, moving and scrolling of the columns."""

    def __init__(self, columns: tuple[Column, ...], header: FilterHeader) -> None:
        super().__init__()
        self._columns, self._header = columns, header
        self._totals: Totals | None = None
        self._caption = ""
        self.setFixedHeight(TOTALS_ROW)
        header.sectionResized.connect(self._on_moved)
        header.sectionMoved.connect(self._on_moved)

    def _on_moved(self, *_: int) -> None:
        self.update()

    def set_totals(self, totals: Totals | None) -> None:
        self._totals = totals
        self.setAccessibleDescription(", ".join(f"{self._columns[index].title} {text}" for index, text in self.sums()))
        self.update()

    def set_caption(self, caption: str) -> None:
        self._caption = caption
        self.setAccessibleName(caption)
        self.update()

    def caption(self) -> str:
        return self._caption

    def sums(self) -> list[tuple[int, str]]:
        """(logical column, text) of every sum that is shown, from left to right."""
        if self._totals is None:
            return []
        sums = self._totals.sums
        return [
            (index, _sum_text(sums[self._columns[index].key], self._columns[index].kind))
            for index in self._header.visual_order()
            if self._columns[index].total and self._columns[index].key in sums
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), QColor(t.surface_alt))
        painter.fillRect(0, 0, self.width(), 1, QColor(t.border))
        sums = self.sums()
        painter.setFont(theme.font("strong"))
        metrics = QFontMetricsF(painter.font())
        limit = float(self.width())
        for index, text in sums:
            column, right = self._columns[index], self._header.sectionViewportPosition(index) + self._header.sectionSize(index) - PAD
            limit = min(limit, right - metrics.horizontalAdvance(text) - PAD)
            painter.setPen(QColor(text_colour(column.total_tone)))
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(right - 400, 0, 400, self.height()), align, text)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text_2))
        room = limit - PAD - 4
        caption = QFontMetricsF(painter.font()).elidedText(self._caption, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(PAD + 4, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, caption)


def _sum_text(value: Decimal, kind: str) -> str:
    return cell_text(value, kind if kind in ("money", "delta", "percent") else "int")
