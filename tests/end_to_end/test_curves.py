"""Curves that change all day: some versions of Qt for Python abort after repeated updates (ARCHITECTURE.md, Decisions)."""

from __future__ import annotations

import datetime

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cms_desktop.ui import theme
from cms_desktop.ui.charts import LineChart, library
from cms_desktop.ui.tokens import LIGHT

DAYS = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(120)]


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    library.fetch()  # a program started by an earlier test may have announced it and ended before it came
    if not theme.is_applied():
        theme.apply(qapp, LIGHT)


def test_two_thousand_updates_of_a_curve_leave_the_program_alive(qtbot: QtBot, qapp: QApplication) -> None:
    chart = LineChart()
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show()
    chart.set_series(DAYS, {"a": list(range(120))})
    plot = chart.findChild(pg.PlotWidget)
    assert plot is not None
    curve = plot.getPlotItem().listDataItems()[0]
    xs = [float(day.toordinal()) for day in DAYS]
    for step in range(2000):
        curve.setData(xs, [float((step * 7 + place * 13) % 97) for place in range(120)])
        if step % 20 == 0:
            qapp.processEvents()
    assert list(curve.getOriginalDataset()[1])[:2] == [float((1999 * 7) % 97), float((1999 * 7 + 13) % 97)]


def test_a_chart_drawn_anew_two_hundred_times_shows_the_last_figures(qtbot: QtBot, qapp: QApplication) -> None:
    chart = LineChart()
    qtbot.addWidget(chart)
    chart.show()
    for step in range(200):
        chart.set_series(DAYS, {"a": [float(step + place) for place in range(120)]})
        if step % 10 == 0:
            qapp.processEvents()
    curve = chart.findChild(pg.PlotWidget).getPlotItem().listDataItems()[0]
    assert float(curve.getOriginalDataset()[1][0]) == 199.0
