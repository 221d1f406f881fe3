"""What the charts with axes share: plain axes, round steps, states (loading, empty, ready), rebuild on a change of theme."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from cms_desktop.core import formats

from .. import theme
from ..basics import is_plain_enter
from ..icons import paint_icon
from ..translation import translator
from . import library

if TYPE_CHECKING:
    import pyqtgraph as pg

tr = translator("ui")
Number = float | int | Decimal


def are_counts(figures: Iterable[Number | None]) -> bool:
    """Whether the figures count things (money is Decimal): their axis then has whole numbers only."""
    return all(isinstance(figure, int) for figure in figures if figure is not None)


def round_step(top: float, lines: int = 5, *, whole: bool = False) -> float:
    """The round distance (1, 2, 2.5 or 5 times a power of ten) that gives about so many grid lines up to `top`; `whole`: 1, 2, 5, 10 …"""
    if top <= 0:
        return 1.0
    raw = max(top / lines, 1.0) if whole else top / lines
    power = 10 ** math.floor(math.log10(raw))
    factors = (1, 2, 5, 10) if whole and power == 1 else (1, 2, 2.5, 5, 10)
    return next(factor * power for factor in factors if raw <= factor * power * 1.0001)


def short_number(value: float) -> str:
    """1500 → "1,5k", 2000000 → "2M": for axes and notes; the exact figure is in the tool tip."""
    for limit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            scaled = round(value / limit, 1 if abs(value) < 100 * limit else 0)
            return formats.number(scaled, 0 if scaled == int(scaled) else 1) + sign
    return formats.number(value, 0 if value == int(value) else 1)


def _plain_axis(orientation: str) -> Any:
    """An axis without line and tick marks: only the words."""
    import pyqtgraph as pg

    none = pg.mkPen(None)
    axis = pg.AxisItem(orientation, pen=none, tickPen=none, textPen=pg.mkPen(theme.current().text_3), maxTickLength=0)
    axis.setStyle(tickAlpha=0, tickFont=theme.font("caption", weight=400), tickTextOffset=6)
    return axis


class PlotChart(QWidget):
    """A chart with axes. Places (months, points) are chosen by pointer or arrows; subclasses draw and say what a place is."""

    def __init__(self) -> None:
        super().__init__()
        self.plot: pg.PlotWidget | None = None
        self._state = "loading"
        self._chosen: int | None = None
        self._number: Callable[[Number], str] = formats.money
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(140)
        theme.notifier.changed.connect(self._rebuild)
        library.arrival.arrived.connect(self._on_library)

    # -- what subclasses say
    def _draw(self, plot: pg.PlotWidget) -> None:
        raise NotImplementedError

    def _count(self) -> int:
        raise NotImplementedError

    def _place_at(self, x: float) -> int | None:
        raise NotImplementedError

    def _words(self, place: int) -> str:
        raise NotImplementedError

    def _open(self, place: int) -> None:
        raise NotImplementedError

    def _mark(self, place: int | None) -> None:
        raise NotImplementedError

    # -- states
    def state(self) -> str:
        """loading (no figures yet), empty (nothing in the period) or ready."""
        return self._state

    def is_loading(self) -> bool:
        """Whether grey bars stand in the place of the figures."""
        return self._state == "loading" or (self._state == "ready" and self.plot is None)

    def set_number_format(self, write: Callable[[Number], str]) -> None:
        """How exact figures are written in tool tips; money by default."""
        self._number = write

    def _show(self, has_figures: bool) -> None:
        self._state = "ready" if has_figures else "empty"
        if self.plot is None or not has_figures:
            self._rebuild()
            return
        self.plot.clear()  # making a plot costs ten times what drawing into it costs
        self._draw(self.plot)
        self._choose(self._chosen)

    def _rebuild(self) -> None:
        layout = self.layout()
        assert layout is not None
        if self.plot is not None:
            layout.removeWidget(self.plot)
            self.plot.hide()
            self.plot.close()
            self.plot.deleteLater()
            self.plot = None
        if self._state == "ready" and not library.is_awaited():
            self.plot = self._new_plot()
            self._draw(self.plot)
            layout.addWidget(self.plot)
            self._choose(self._chosen)
        self.update()

    def _on_library(self) -> None:
        if self.plot is None and self._state == "ready":
            self._rebuild()

    def _new_plot(self) -> pg.PlotWidget:
        import pyqtgraph as pg

        axes = {"bottom": _plain_axis("bottom"), "left": _plain_axis("left")}
        plot = pg.PlotWidget(axisItems=axes, background=QColor(theme.current().surface))
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setAntialiasing(True)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        plot.getPlotItem().layout.setContentsMargins(0, 0, 0, 0)
        return plot

    def _draw_scale(self, plot: pg.PlotWidget, low: float, top: float, *, whole: bool = False) -> None:
        """Horizontal hairlines at round figures, labels at the left, a base line at zero."""
        import pyqtgraph as pg

        t, step = theme.current(), round_step(top - low, whole=whole)
        first, last = math.floor(low / step + 1e-9), math.ceil(top / step - 1e-9)
        levels = [place * step for place in range(first, last + 1)]
        for level in levels:
            colour = (t.border_field if not t.is_dark else t.text_off) if level == 0 else t.grid
            line = pg.InfiniteLine(level, angle=0, pen=pg.mkPen(colour, width=1))
            line.setZValue(-10)
            plot.addItem(line)
        plot.getAxis("left").setTicks([[(level, short_number(level)) for level in levels]])
        plot.setYRange(low, max(top * 1.08, levels[-1] if levels[-1] <= top * 1.12 else top), padding=0.01)

    # -- pointer and keys
    def _choose(self, place: int | None) -> None:
        self._chosen = place if place is not None and 0 <= place < self._count() else None
        if self.plot is not None:
            self._mark(self._chosen)
        self.setAccessibleDescription(self._words(self._chosen) if self._chosen is not None else "")

    def _place_under(self, position: QPointF) -> int | None:
        if self.plot is None:
            return None
        scene = self.plot.mapToScene(self.plot.mapFromParent(position.toPoint()))
        box = self.plot.getViewBox()
        if not box.sceneBoundingRect().contains(scene):
            return None
        return self._place_at(box.mapSceneToView(scene).x())

    def place_position(self, place: int) -> QPoint:
        """Where a place is, in this widget's pixels."""
        assert self.plot is not None
        box = self.plot.getViewBox()
        y = sum(box.viewRange()[1]) / 2
        scene = box.mapViewToScene(QPointF(self._x_of(place), y))
        return self.plot.mapToParent(self.plot.mapFromScene(scene))

    def _x_of(self, place: int) -> float:
        return float(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_under(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if place is None else Qt.CursorShape.PointingHandCursor)
        if place != self._chosen:
            self._choose(place)
        if place is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self._words(place), self)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_under(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self._open(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._count() - 1
        chosen = self._chosen if self._chosen is not None else -1
        moves = {
            Qt.Key.Key_Left: max(0, chosen - 1),
            Qt.Key.Key_Right: min(last, chosen + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if self._state == "ready" and key in moves:
            self._choose(moves[key])
            assert self._chosen is not None
            QToolTip.showText(self.mapToGlobal(self.place_position(self._chosen)), self._words(self._chosen), self)
        elif self._state == "ready" and is_plain_enter(event) and self._chosen is not None:
            self._open(self._chosen)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if self._state == "ready" and self._chosen is None and by_key:
            self._choose(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._choose(None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.is_loading():
            paint_skeleton_bars(self)
        elif self._state == "empty":
            paint_nothing(self, tr("Nessun dato nel periodo"))


def paint_skeleton_bars(widget: QWidget) -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().neutral_soft))
    shares: Sequence[float] = (0.55, 0.6, 0.5, 0.7, 0.62, 0.75, 0.68, 0.5, 0.66, 0.72)
    slot = (widget.width() - 48) / len(shares)
    for place, share in enumerate(shares):
        height = (widget.height() - 40) * share
        painter.drawRoundedRect(QRectF(40 + slot * (place + 0.2), widget.height() - 24 - height, slot * 0.6, height), 3, 3)


def paint_nothing(widget: QWidget, text: str) -> None:
    t, painter, centre = theme.current(), QPainter(widget), widget.rect().center()
    paint_icon(painter, "chart-no-axes-column", QRectF(centre.x() - 12, centre.y() - 28, 24, 24), t.text_3, 1.5)
    painter.setFont(theme.font("small"))
    painter.setPen(QColor(t.text_3))
    painter.drawText(QRectF(0, centre.y() + 2, widget.width(), 20), Qt.AlignmentFlag.AlignCenter, text)
