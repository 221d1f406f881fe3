"""The tour fails loudly: what it needs of its own eyes is tested here; the tour itself runs by `dev.py run`."""

from __future__ import annotations

import pathlib

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.core.fiscal import check_vat_number
from cms_desktop.day_tour.__main__ import LIST_TO_IMPORT
from cms_desktop.day_tour.hands import Hands, TourStopped, has_content, still_loading
from cms_desktop.ui.tiles import KpiTile


def test_an_empty_screen_is_no_picture(qtbot: QtBot, qapp: QApplication, tmp_path: pathlib.Path) -> None:
    blank = QImage(400, 300, QImage.Format.Format_RGB32)
    blank.fill(QColor("#F1F3F7"))
    assert not has_content(blank)
    hands = Hands(qapp, tmp_path)
    hands.window = QWidget()
    qtbot.addWidget(hands.window)
    hands.window.show()
    with pytest.raises(TourStopped):
        hands.picture("empty")


def test_grey_blocks_in_the_place_of_figures_are_no_picture(qtbot: QtBot, qapp: QApplication, tmp_path: pathlib.Path) -> None:
    tile = KpiTile("Clienti attivi")
    qtbot.addWidget(tile)
    tile.show()
    window = QWidget()
    qtbot.addWidget(window)
    tile.setParent(window)
    window.show()
    tile.show()
    assert still_loading(window) == [tile]
    tile.update_figures(value="12")
    assert still_loading(window) == []


def test_a_step_that_is_not_reached_ends_the_tour_and_keeps_what_was_seen(qtbot: QtBot, qapp: QApplication, tmp_path: pathlib.Path) -> None:
    hands = Hands(qapp, tmp_path)
    hands.window = QWidget()
    qtbot.addWidget(hands.window)
    with pytest.raises(TourStopped, match="rows in the list"):
        hands.until(lambda: False, "rows in the list", seconds=0.1)
    assert (tmp_path / "failed.png").exists()


def test_the_list_to_import_is_as_dirty_as_real_ones() -> None:
    text = LIST_TO_IMPORT.read_bytes().decode("cp1252")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    numbers = [row[1].removeprefix("IT ") for row in rows if row[1]]
    assert "Città" in text.splitlines()[0]  # not UTF-8
    assert any(len(number) == 10 for number in numbers)  # a lost leading zero
    assert len(numbers) > len(set(numbers))  # a duplicate
    assert any(not row[0].strip() for row in rows)  # a row without a name
    assert any(len(number) == 11 and check_vat_number(number) for number in numbers)  # a wrong number
