"""NamedBars: one bar a place, with the names given (weeks, hours of the day)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from .. import theme
from ..icons import with_alpha
from .plot import Number, PlotChart, are_counts, tr

if TYPE_CHECKING:
    import pyqtgraph as pg

BAR, MOST_NAMES = 0.62, 12


class NamedBars(PlotChart):
    """(name, long name, figure) a bar; the long name is for the tool tip. Every n-th name is written when there are many."""

    bar_clicked = Signal(int)

    def __init__(self, *, least_top: float = 0.0) -> None:
        """`least_top`: how far the scale reaches at least (5: a single one is no full bar)."""
        super().__init__()
        self._least_top = least_top
        self._bars: list[tuple[str, str, Number]] = []
        self._highlight: pg.BarGraphItem | None = None
        self._top = 1.0

    def set_bars(self, bars: Sequence[tuple[str, str, Number]]) -> None:
        self._bars = list(bars)
        self._show(any(figure for _, _, figure in self._bars))
        self.setAccessibleName(tr("Grafico a barre: {names}", names=", ".join(name for name, _, _ in self._bars)))

    def _count(self) -> int:
        return len(self._bars)

    def _place_at(self, x: float) -> int | None:
        place = round(x)
        return place if 0 <= place < len(self._bars) else None

    def _open(self, place: int) -> None:
        self.bar_clicked.emit(place)

    def _words(self, place: int) -> str:
        _, name, figure = self._bars[place]
        return f"{name}\n{self._number(figure)}"

    def _mark(self, place: int | None) -> None:
        if self._highlight is not None:
            self._highlight.setOpts(x=[place or 0], height=[self._top * 1.5 if place is not None else 0])

    def _draw(self, plot: pg.PlotWidget) -> None:
        import pyqtgraph as pg

        t = theme.current()
        figures = [float(figure) for _, _, figure in self._bars]
        low, self._top = min(0.0, *figures), max(self._least_top, *figures)
        self._draw_scale(plot, low, self._top or 1.0, whole=are_counts(figure for _, _, figure in self._bars))
        plot.setXRange(-0.55, len(figures) - 0.45, padding=0)
        step = -(-len(figures) // MOST_NAMES)
        plot.getAxis("bottom").setTicks([[(place, bar[0]) for place, bar in enumerate(self._bars) if place % step == 0]])
        self._highlight = pg.BarGraphItem(x=[0], height=[0], y0=low, width=0.96, brush=with_alpha(t.accent_fill, 22), pen=pg.mkPen(None))
        self._highlight.setZValue(-5)
        plot.addItem(self._highlight)
        places = list(range(len(figures)))
        plot.addItem(pg.BarGraphItem(x=places, height=figures, width=BAR, brush=QColor(t.series[0]), pen=pg.mkPen(None)))
