"""MonthlyBars: this year against last year by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor

from .. import theme
from ..icons import with_alpha
from .plot import Number, PlotChart, are_counts, short_number, tr

if TYPE_CHECKING:
    import pyqtgraph as pg

BAR, HALF_SLOT = 0.3, 0.17


def _month_names() -> list[str]:
    return [
        tr("gen"),
        tr("feb"),
        tr("mar"),
        tr("apr"),
        tr("mag"),
        tr("giu"),
        tr("lug"),
        tr("ago"),
        tr("set"),
        tr("ott"),
        tr("nov"),
        tr("dic"),
    ]


class MonthlyBars(PlotChart):
    """Two bars a month; `None` is a month without figures yet. The running month may carry a forecast, drawn as an outline."""

    bar_clicked = Signal(int)  # month, 0 = January

    def __init__(self, series_names: tuple[str, str] = ("", "")) -> None:
        super().__init__()
        self._names = series_names
        self._this_year: list[Number | None] = []
        self._last_year: list[Number | None] = []
        self._forecast: tuple[int, Number] | None = None
        self._highlight: pg.BarGraphItem | None = None
        self._top = 1.0

    def set_series_names(self, this_year: str, last_year: str) -> None:
        self._names = (this_year, last_year)

    def set_series(
        self, this_year: Sequence[Number | None], last_year: Sequence[Number | None], forecast: tuple[int, Number] | None = None
    ) -> None:
        """Twelve figures each, in euros (or what `set_number_format` writes); `forecast`: (month, expected total of that month)."""
        self._this_year, self._last_year, self._forecast = list(this_year), list(last_year), forecast
        self._show(any(self._this_year) or any(self._last_year))
        self.setAccessibleName(tr("Grafico per mese: {this} e {last}", this=self._names[0], last=self._names[1]))

    def _count(self) -> int:
        return 12

    def _place_at(self, x: float) -> int | None:
        place = round(x)
        return place if 0 <= place < 12 else None

    def _open(self, place: int) -> None:
        self.bar_clicked.emit(place)

    def _words(self, place: int) -> str:
        lines = [_month_names()[place]]
        for name, values in zip(self._names, (self._this_year, self._last_year), strict=True):
            value = values[place] if place < len(values) else None
            if value is not None:
                lines.append(f"{name}: {self._number(value)}")
        if self._forecast and self._forecast[0] == place:
            lines.append(tr("previsti: {amount}", amount=self._number(self._forecast[1])))
        return "\n".join(lines)

    def _mark(self, place: int | None) -> None:
        if self._highlight is not None:
            self._highlight.setOpts(x=[place or 0], height=[self._top * 1.5 if place is not None else 0])

    def _draw(self, plot: pg.PlotWidget) -> None:
        import pyqtgraph as pg

        t = theme.current()
        figures = [float(v) for v in [*self._this_year, *self._last_year, self._forecast[1] if self._forecast else 0] if v]
        low, self._top = min(0.0, *figures), max(0.0, *figures)
        self._draw_scale(plot, low, self._top, whole=are_counts([*self._this_year, *self._last_year]))
        plot.setXRange(-0.55, 11.55, padding=0)
        plot.getAxis("bottom").setTicks([list(enumerate(_month_names()))])
        self._highlight = pg.BarGraphItem(x=[0], height=[0], y0=low, width=0.96, brush=with_alpha(t.accent_fill, 22), pen=pg.mkPen(None))
        self._highlight.setZValue(-5)
        plot.addItem(self._highlight)
        self._draw_bars(plot, self._last_year, -HALF_SLOT, t.last_year)
        if self._forecast:
            self._draw_forecast(plot, *self._forecast)
        self._draw_bars(plot, self._this_year, HALF_SLOT, t.series[0])

    def _draw_bars(self, plot: pg.PlotWidget, values: Sequence[Number | None], shift: float, colour: str) -> None:
        import pyqtgraph as pg

        shown = [(place + shift, float(value)) for place, value in enumerate(values) if value is not None]
        if shown:
            xs, heights = zip(*shown, strict=True)
            plot.addItem(pg.BarGraphItem(x=list(xs), height=list(heights), width=BAR, brush=QColor(colour), pen=pg.mkPen(None)))

    def _draw_forecast(self, plot: pg.PlotWidget, month: int, value: Number) -> None:
        import pyqtgraph as pg

        t = theme.current()
        dashes = pg.mkPen(t.series[0], width=1, style=Qt.PenStyle.DashLine)
        place, brush = month + HALF_SLOT, with_alpha(t.series[0], 34)
        plot.addItem(pg.BarGraphItem(x=[place], height=[float(value)], width=BAR, brush=brush, pen=dashes))
        words = tr("previsti {amount}", amount=short_number(float(value)))
        note = pg.TextItem(html=f"<div style='color:{t.text_2};font-size:11px'>{words}</div>", anchor=(0.5, 1.0))
        note.setPos(min(place, 11.0), float(value))
        plot.addItem(note)
