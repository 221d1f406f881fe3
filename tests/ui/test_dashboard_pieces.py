"""Tiles, cards, chips and charts: every figure leads to its rows, by mouse and by keyboard."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from cms_desktop.ui import theme
from cms_desktop.ui.basics import button
from cms_desktop.ui.cards import CheckRow
from cms_desktop.ui.charts import AgeingList, Bridge, HorizontalBars, LineChart, MonthlyBars
from cms_desktop.ui.charts.plot import are_counts, round_step, short_number
from cms_desktop.ui.chips import FilterChip, Segmented
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.tokens import DARK, LIGHT

THIS_YEAR = [Decimal(100 * month) for month in range(1, 11)] + [Decimal(300), None]
LAST_YEAR = [Decimal(90 * month) for month in range(1, 13)]


def shown(qtbot: Any, widget: QWidget, width: int = 700, height: int = 300) -> Any:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    QApplication.processEvents()
    return widget


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_tile_opens_the_rows_behind_it_by_key(qtbot: Any, key: Qt.Key) -> None:
    tile = shown(qtbot, KpiTile("Scaduto", "148.920,77 €"))
    with qtbot.waitSignal(tile.clicked):
        qtbot.keyClick(tile, key)


def test_a_tile_opens_the_rows_behind_it_by_mouse(qtbot: Any) -> None:
    tile = shown(qtbot, KpiTile("Scaduto", "148.920,77 €"))
    with qtbot.waitSignal(tile.clicked):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)


def test_a_tile_tells_a_screen_reader_what_it_shows(qtbot: Any) -> None:
    tile = shown(qtbot, KpiTile("Scaduto"))
    assert tile.is_loading() and "in caricamento" in tile.accessibleName()
    tile.update_figures(value="3 €", trend="+1", versus="in 7 giorni", link="96 clienti")
    assert tile.accessibleName() == "Scaduto: 3 €. +1 in 7 giorni. 96 clienti"
    tile.set_stale("fermo alle 14:32")
    assert "fermo alle 14:32" in tile.accessibleName()
    tile.update_figures(value="4 €")
    assert "fermo" not in tile.accessibleName()


def test_a_month_opens_by_click(qtbot: Any) -> None:
    bars = MonthlyBars(("2026", "2025"))
    bars.set_series(THIS_YEAR, LAST_YEAR, forecast=(10, Decimal(500)))
    shown(qtbot, bars)
    with qtbot.waitSignal(bars.bar_clicked) as clicked:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.place_position(4))
    assert clicked.args == [4]


def test_a_month_opens_by_arrows_and_enter(qtbot: Any) -> None:
    bars = MonthlyBars(("2026", "2025"))
    bars.set_series(THIS_YEAR, LAST_YEAR)
    shown(qtbot, bars).setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    with qtbot.waitSignal(bars.bar_clicked) as clicked:
        qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert clicked.args == [2]
    assert bars.accessibleDescription() == "mar\n2026: 300,00\u00a0€\n2025: 270,00\u00a0€"


def test_a_chart_says_when_there_is_nothing(qtbot: Any) -> None:
    bars = shown(qtbot, MonthlyBars(("2026", "2025")))
    assert bars.state() == "loading"
    bars.set_series([None] * 12, [Decimal(0)] * 12)
    assert bars.state() == "empty" and bars.plot is None
    bars.set_series(THIS_YEAR, LAST_YEAR)
    assert bars.state() == "ready" and bars.plot is not None


def test_a_point_of_a_line_opens_its_day(qtbot: Any) -> None:
    chart, start = LineChart(), datetime.date(2026, 1, 1)
    dates = [start + datetime.timedelta(days) for days in range(0, 90, 10)]
    chart.set_series(dates, {"Incassi": [Decimal(day) for day in range(9)], "Scaduto": [None, *range(8)]})
    shown(qtbot, chart)
    with qtbot.waitSignal(chart.point_clicked) as clicked:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.place_position(5) + QPoint(3, 0))
    assert clicked.args == [5]


def test_an_ageing_band_opens_its_documents(qtbot: Any) -> None:
    ageing = AgeingList(["Non scaduto", "1–30 giorni", "Oltre 30 giorni"])
    ageing.set_amounts([(Decimal("100.50"), 3), (Decimal(0), 0), (Decimal(20), 1)])
    shown(qtbot, ageing)
    assert ageing.rows[0].accessibleName() == "Non scaduto: 100,50\u00a0€, 3 documenti"
    ageing.rows[1].setFocus()
    qtbot.keyClick(ageing.rows[1], Qt.Key.Key_Down)
    with qtbot.waitSignal(ageing.band_clicked) as clicked:
        qtbot.keyClick(ageing.rows[2], Qt.Key.Key_Return)
    assert clicked.args == [2]


def test_a_ranking_opens_the_name_and_keeps_its_bars(qtbot: Any) -> None:
    ranking = shown(qtbot, HorizontalBars([("Alfa", Decimal(3)), ("Beta", Decimal(1))]))
    first = ranking._bars[0]
    ranking.set_items([("Gamma", Decimal(9))])
    assert ranking._bars == [first] and first.accessibleName() == "Gamma: 9,00\u00a0€"
    with qtbot.waitSignal(ranking.bar_clicked) as clicked:
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert clicked.args == [0]


def test_a_bridge_reads_out_its_steps(qtbot: Any) -> None:
    bridge = shown(qtbot, Bridge())
    bridge.set_steps(("Nov", Decimal(100)), [("Nuovi", Decimal(20)), ("Cessati", Decimal(-5))], ("Dic", Decimal(115)))
    assert bridge.accessibleName() == "Nov 100,00\u00a0€; Nuovi +20,00; Cessati −5,00; Dic 115,00\u00a0€"


def test_a_check_row_opens_by_key(qtbot: Any) -> None:
    one = shown(qtbot, CheckRow("circle-x", "negative", "3 fatture scartate"))
    one.update_text("4 fatture scartate", "entro domani")
    assert one.accessibleName() == "4 fatture scartate. entro domani"
    with qtbot.waitSignal(one.clicked):
        qtbot.keyClick(one, Qt.Key.Key_Return)


def test_segments_change_by_arrow_and_mouse(qtbot: Any) -> None:
    segments = shown(qtbot, Segmented(["Mese", "Trimestre", "Anno"]))
    heard: list[int] = []
    segments.changed.connect(heard.append)
    qtbot.keyClick(segments, Qt.Key.Key_Right)
    qtbot.mouseClick(segments, Qt.MouseButton.LeftButton, pos=QPoint(segments.width() - 10, 10))
    segments.set_active(0)
    assert heard == [1, 2] and segments.active() == 0


def test_a_filter_chip_goes_away_by_delete_and_by_its_cross(qtbot: Any) -> None:
    chip = shown(qtbot, FilterChip("Stato: attivo", closable=True, checked=True))
    with qtbot.waitSignal(chip.closed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    with qtbot.waitSignal(chip.closed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, 14))
    assert chip.isChecked()


def test_icons_and_charts_take_the_colours_of_a_new_theme(qtbot: Any, qapp: QApplication) -> None:
    bars, save = MonthlyBars(("2026", "2025")), button("", "icon", "square")
    bars.set_series(THIS_YEAR, LAST_YEAR)
    shown(qtbot, bars)
    shown(qtbot, save, 32, 32)
    corner = lambda: QColor(bars.grab().toImage().pixel(bars.width() - 2, 2)).name().upper()
    lightness = lambda: max(save.icon().pixmap(16, 16).toImage().pixelColor(x, 8).lightness() for x in range(16))
    assert corner() == LIGHT.surface and abs(lightness() - QColor(LIGHT.text_2).lightness()) < 4
    theme.apply(qapp, DARK)
    QApplication.processEvents()
    try:
        assert corner() == DARK.surface and abs(lightness() - QColor(DARK.text_2).lightness()) < 4
    finally:
        theme.apply(qapp, LIGHT)


def test_the_choice_of_a_theme_wins_over_the_system(qapp: QApplication) -> None:
    heard: list[int] = []
    told = lambda: heard.append(1)
    theme.notifier.changed.connect(told)
    try:
        theme.follow_system(qapp)
        theme.choose("dark")
        assert theme.current() is DARK and theme.choice() == "dark" and heard
    finally:
        theme.notifier.changed.disconnect(told)
        theme.choose("light")


@pytest.mark.parametrize(("top", "step"), [(400_000, 100_000), (9, 2), (0, 1), (1_140, 250)])
def test_axis_steps_are_round(top: float, step: float) -> None:
    assert round_step(top) == step


@pytest.mark.parametrize(("top", "step"), [(1, 1), (2, 1), (4, 1), (9, 2), (12, 5), (110, 25), (0, 1)])
def test_axis_steps_of_counts_are_whole(top: float, step: float) -> None:
    assert round_step(top, whole=True) == step


def test_money_is_no_count() -> None:
    assert are_counts([1, None, 3])
    assert not are_counts([1, Decimal(3)])


def test_axis_figures_are_short() -> None:
    assert [short_number(value) for value in (0, 1_500, 400_000, 2_000_000)] == ["0", "1,5k", "400k", "2M"]
