"""Tiles over a list: each is a figure and, when pressed, the filter that shows its rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import theme
from .basics import Pressable, row
from .icons import paint_icon


class FilterTile(Pressable):
    """A figure that is a filter; `mark` names what it filters by."""

    def __init__(self, mark: str, title: str, icon_name: str, tone: str) -> None:
        super().__init__()
        self.mark, self._title, self._icon, self._tone = mark, title, icon_name, tone
        self._count, self._effect = "", ""
        self.setCheckable(True)
        self.setFixedHeight(64)
        self.setMinimumWidth(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_figures("", "")

    def set_figures(self, count: str, effect: str) -> None:
        self._count, self._effect = count, effect
        self.setAccessibleName(f"{self._title}: {count}, {effect}")
        self.update()

    def count(self) -> str:
        return self._count

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, focus = self.isChecked(), self.hasFocus()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        heavy = on or focus
        painter.setPen(QPen(QColor(t.accent_fill if heavy or self.underMouse() else t.border), 2 if heavy else 1))
        painter.setBrush(QColor(t.accent_soft if on else t.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if heavy else box, 8, 8)
        tint = {"positive": t.positive_fill, "negative": t.negative_fill, "warning": t.warning_fill}.get(self._tone, t.text_3)
        paint_icon(painter, self._icon, QRectF(14, 12, 16, 16), tint, 2)
        painter.setFont(theme.font("small-medium"))
        painter.setPen(QColor(t.text_2))
        painter.drawText(QRectF(38, 10, self.width() - 46, 20), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(theme.font("strong", size=16))
        painter.setPen(QColor(t.text))
        painter.drawText(QRectF(14, 32, self.width() - 28, 24), Qt.AlignmentFlag.AlignVCenter, self._count)
        painter.setFont(theme.font("small"))
        painter.setPen(QColor(t.text_2))
        painter.drawText(QRectF(14, 32, self.width() - 28, 24), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._effect)


class FilterTiles(QWidget):
    """A row of tiles; at most one is pressed."""

    chosen = Signal(str)  # mark, empty: all rows

    def __init__(self, tiles: Sequence[FilterTile]) -> None:
        super().__init__()
        self.tiles = {tile.mark: tile for tile in tiles}
        self.setLayout(row(*tiles, spacing=12))
        for tile in tiles:
            tile.clicked.connect(lambda _checked=False, tile=tile: self._on_clicked(tile))

    def show_chosen(self, mark: str) -> None:
        """Press the tile of the mark without a signal."""
        for key, tile in self.tiles.items():
            tile.setChecked(key == mark)

    def _on_clicked(self, tile: FilterTile) -> None:
        mark = tile.mark if tile.isChecked() else ""
        self.show_chosen(mark)
        self.chosen.emit(mark)
