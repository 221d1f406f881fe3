"""LineChart: figures over time, one line a series."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from cms_desktop.core import formats

from .. import theme
from .plot import Number, PlotChart, are_counts, tr

if TYPE_CHECKING:
    import pyqtgraph as pg


class LineChart(PlotChart):
    """Several series over the same dates. Thousands of points are fine: they are thinned to the pixels, peaks kept."""

    point_clicked = Signal(int)  # place in the dates

    def __init__(self) -> None:
        super().__init__()
        self._dates: list[datetime.date] = []
        self._xs: list[float] = []
        self._series: dict[str, list[Number | None]] = {}
        self._line: pg.InfiniteLine | None = None

    def set_series(self, dates: Sequence[datetime.date], series: Mapping[str, Sequence[Number | None]]) -> None:
        """`dates` in order; each series has a figure (or None) for each date."""
        self._dates, self._xs = list(dates), [float(date.toordinal()) for date in dates]
        self._series = {name: list(values) for name, values in series.items()}
        self._show(bool(self._dates) and any(value is not None for values in self._series.values() for value in values))
        self.setAccessibleName(tr("Grafico nel tempo: {names}", names=", ".join(self._series)))

    def _count(self) -> int:
        return len(self._dates)

    def _x_of(self, place: int) -> float:
        return self._xs[place]

    def _place_at(self, x: float) -> int | None:
        if not self._xs:
            return None
        after = min(bisect.bisect_left(self._xs, x), len(self._xs) - 1)
        before = max(after - 1, 0)
        return before if x - self._xs[before] < self._xs[after] - x else after

    def _open(self, place: int) -> None:
        self.point_clicked.emit(place)

    def _words(self, place: int) -> str:
        lines = [formats.date(self._dates[place])]
        for name, values in self._series.items():
            value = values[place]
            if value is not None:
                lines.append(f"{name}: {self._number(value)}")
        return "\n".join(lines)

    def _mark(self, place: int | None) -> None:
        if self._line is not None:
            self._line.setVisible(place is not None)
            if place is not None:
                self._line.setValue(self._xs[place])

    def _draw(self, plot: pg.PlotWidget) -> None:
        import pyqtgraph as pg

        t = theme.current()
        figures = [float(v) for values in self._series.values() for v in values if v is not None]
        low, top = min(0.0, *figures), max(0.0, *figures)
        self._draw_scale(plot, low, top or 1.0, whole=are_counts(v for values in self._series.values() for v in values))
        self._line = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(t.accent_line, width=1))
        plot.addItem(self._line)
        item = plot.getPlotItem()
        for place, values in enumerate(self._series.values()):
            ys = [float("nan") if value is None else float(value) for value in values]
            pen = pg.mkPen(t.series[place % len(t.series)], width=2, style=Qt.PenStyle.SolidLine)
            item.plot(self._xs, ys, pen=pen, connect="finite", symbol="o" if len(ys) == 1 else None)
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        spread = (self._xs[-1] - self._xs[0]) or 1.0
        plot.setXRange(self._xs[0] - spread * 0.02, self._xs[-1] + spread * 0.02, padding=0)
        plot.getAxis("bottom").setTicks([self._ticks()])

    def _ticks(self) -> list[tuple[float, str]]:
        """At most seven dates, the first among them; short when all are of one year."""
        step = max(1, -(-len(self._xs) // 7))
        same_year = self._dates[0].year == self._dates[-1].year
        write = "%d/%m" if same_year else "%m/%Y"
        return [(self._xs[place], self._dates[place].strftime(write)) for place in range(0, len(self._xs), step)]
