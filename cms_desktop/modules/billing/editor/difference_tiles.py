"""Tiles of differences from the period before: each is a filter of the rows below."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.billing.records import Difference, RunDifferences
from cms_desktop.ui import theme
from cms_desktop.ui.basics import Pressable, row
from cms_desktop.ui.icons import paint_icon
from cms_desktop.ui.translation import translator

tr = translator("billing")


class DifferenceTile(Pressable):
    """One kind of difference; `mark` is the key of the list column that is true in its rows."""

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


class DifferenceTiles(QWidget):
    """The five tiles of a run; at most one is pressed."""

    chosen = Signal(str)  # mark, empty: all rows

    def __init__(self) -> None:
        super().__init__()
        self.tiles = {
            tile.mark: tile
            for tile in (
                DifferenceTile("is_new", tr("Nuovi"), "plus", "positive"),
                DifferenceTile("is_ended", tr("Cessati"), "minus", "negative"),
                DifferenceTile("is_price_changed", tr("Prezzo cambiato"), "percent", "neutral"),
                DifferenceTile("is_beyond", tr("Fuori soglia ±20%"), "triangle-alert", "warning"),
                DifferenceTile("is_blocked", tr("Bloccati"), "ban", "negative"),
            )
        }
        self.setLayout(row(*self.tiles.values(), spacing=12))
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _checked=False, tile=tile: self._on_clicked(tile))

    def set_differences(self, found: RunDifferences) -> None:
        def show(mark: str, difference: Difference, effect: str) -> None:
            self.tiles[mark].set_figures(formats.number(difference.count), effect if difference.count else "")

        for mark, difference in (("is_new", found.new), ("is_ended", found.ended), ("is_price_changed", found.price)):
            show(mark, difference, formats.signed(difference.effect, unit="€"))
        show("is_beyond", found.beyond, tr("da guardare"))
        show("is_blocked", found.blocked, tr("esclusi dal lancio"))

    def show_chosen(self, mark: str) -> None:
        """Press the tile of the mark without a signal."""
        for key, tile in self.tiles.items():
            tile.setChecked(key == mark)

    def _on_clicked(self, tile: DifferenceTile) -> None:
        mark = tile.mark if tile.isChecked() else ""
        self.show_chosen(mark)
        self.chosen.emit(mark)
