from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from cms_desktop.core.listing import Filter, ListQuery, Sort, Totals
from cms_desktop.ui.record_table import RecordTable, Ticks
from cms_desktop.ui.record_table.filter_row import FilterChoice, FilterField

from .sample_customers import sample_columns, sample_customers

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def table(qtbot: QtBot) -> RecordTable:
    table = RecordTable(sample_columns(), noun=("cliente", "clienti"), checkable=True)
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    table.set_rows(sample_customers(60))
    return table


def place(table: RecordTable, key: str) -> int:
    return next(index for index, column in enumerate(table.columns) if column.key == key)


def editor(table: RecordTable, key: str) -> FilterField | FilterChoice:
    assert table.header.filter_row is not None
    found = table.header.filter_row.editors[place(table, key)]
    assert found is not None
    return found


def test_the_model_keeps_qts_own_rules(table: RecordTable) -> None:
    tester = QAbstractItemModelTester(table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.append_rows(sample_customers(20, start=60))
    table.set_rows(sample_customers(5))
    table.set_ticks(Ticks(is_all=True))
    table.set_rows([])
    assert tester.model() is table.model


def test_a_click_on_a_title_sorts_up_then_down_then_not_at_all(table: RecordTable, qtbot: QtBot) -> None:
    asked: list[ListQuery] = []
    table.query_changed.connect(asked.append)
    for _ in range(3):
        table.header.click(place(table, "fee"))
    assert [query.sort for query in asked] == [Sort("fee"), Sort("fee", descending=True), None]


def test_a_click_with_the_mouse_on_the_title_sorts(table: RecordTable, qtbot: QtBot) -> None:
    x = table.header.sectionViewportPosition(place(table, "name")) + 60
    with qtbot.waitSignal(table.query_changed):
        qtbot.mouseClick(table.header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 12))
    assert table.query().sort == Sort("name")


def test_typing_a_filter_waits_for_a_pause_and_then_asks_once(table: RecordTable, qtbot: QtBot) -> None:
    asked: list[ListQuery] = []
    table.query_changed.connect(asked.append)
    qtbot.keyClicks(editor(table, "fee"), "> 200")
    assert asked == []
    qtbot.waitUntil(lambda: bool(asked), timeout=1000)
    assert asked == [ListQuery((Filter("fee", ">", (Decimal(200),)),))]
    assert editor(table, "fee").property("state") == "active"


def test_enter_applies_at_once_and_goes_to_the_rows_and_esc_clears(table: RecordTable, qtbot: QtBot) -> None:
    field = editor(table, "name")
    table.focus_filter()
    field.setFocus()
    qtbot.keyClicks(field, "rossi")
    qtbot.keyClick(field, Key.Key_Return)
    assert table.query().filters == (Filter("name", "contains", ("rossi",)),)
    assert table.view.hasFocus() or not table.isActiveWindow()
    qtbot.keyClick(field, Key.Key_Escape)
    assert table.query().filters == () and field.text() == ""


def test_what_cannot_be_read_is_said_and_changes_nothing(table: RecordTable, qtbot: QtBot) -> None:
    asked: list[ListQuery] = []
    table.query_changed.connect(asked.append)
    qtbot.keyClicks(editor(table, "contracts"), "tanti")
    qtbot.keyClick(editor(table, "contracts"), Key.Key_Return)
    assert asked == [] and editor(table, "contracts").has_error()
    assert "tanti" in editor(table, "contracts").toolTip()


def test_a_choice_becomes_an_in_condition(table: RecordTable) -> None:
    choice = editor(table, "state")
    assert isinstance(choice, FilterChoice)
    choice.setCurrentIndex(2)
    choice.activated.emit(2)
    assert table.query().filters == (Filter("state", "in", ("In disdetta",)),)


def test_several_choices_from_a_dashboard_show_their_number(table: RecordTable) -> None:
    table.set_query(ListQuery((Filter("state", "in", ("Attivo", "Sospeso")),)))
    choice = editor(table, "state")
    assert isinstance(choice, FilterChoice)
    assert choice.currentText() == "2 scelti"
    assert table.query().filters[0].values == ("Attivo", "Sospeso")


def test_conditions_without_a_column_survive_what_is_typed(table: RecordTable, qtbot: QtBot) -> None:
    table.set_query(ListQuery((Filter("expiring", "=", (True,)), Filter("since", "between", (1, 2)))))
    assert [one.key for one in table.hidden_filters()] == ["expiring", "since"]
    qtbot.keyClicks(editor(table, "name"), "a")
    qtbot.keyClick(editor(table, "name"), Key.Key_Return)
    assert {one.key for one in table.query().filters} >= {"expiring", "name"}


def test_fresh_rows_keep_selection_and_scroll_by_record(table: RecordTable) -> None:
    table.view.select_row_numbers([30, 31], 30)
    table.view.scroll_row_to(25, 0)
    table.set_rows(sample_customers(70)[5:])
    assert [one.id for one in table.selected()] == [30, 31]
    assert table.current().id == 30
    assert table.rows()[table.view.top_row()[0]].id == 25


def test_enter_and_double_click_open_the_record(table: RecordTable, qtbot: QtBot) -> None:
    opened: list[int] = []
    table.row_opened.connect(lambda record: opened.append(record.id))
    table.view.go_to_row(3)
    qtbot.keyClick(table.view, Key.Key_Return)
    table.view.doubleClicked.emit(table.model.index(7, 2))
    assert opened == [3, 7]


def test_space_ticks_the_selected_rows_and_the_header_the_whole_result(table: RecordTable, qtbot: QtBot) -> None:
    table.set_totals(Totals(1312))
    table.view.select_row_numbers([1, 2], 1)
    qtbot.keyClick(table.view, Key.Key_Space)
    assert [one.id for one in table.ticked()] == [1, 2] and table.header.tick_state == "some"
    table.header.click(0)
    assert table.ticks() == Ticks()
    table.header.click(0)
    assert table.ticks().is_all and table.header.tick_state is True
    assert table.caption() == "1.312\u00a0clienti · 2 selezionati · 1.312 spuntati"
    qtbot.keyClick(table.view, Key.Key_Space)
    assert table.ticks().count(1312) == 1310 and not table.ticks().holds(1)


def test_all_means_no_more_all_once_the_filters_change(table: RecordTable) -> None:
    table.header.click(0)
    table.set_query(ListQuery((Filter("name", "contains", ("a",)),)))
    assert table.ticks() == Ticks()


def test_copied_rows_paste_as_cells_with_italian_numbers(table: RecordTable, qtbot: QtBot) -> None:
    table.view.select_row_numbers([4, 5], 4)
    qtbot.keyClick(table.view, Key.Key_C, CONTROL)
    first, second = QGuiApplication.clipboard().text().split("\n")
    assert first.split("\t") == ["000004", "Farmacia Centrale 4", "Lucca", "4", "148,50", "364,00", "In disdetta"]
    assert second.startswith("000005\t")


def test_totals_and_the_sum_of_the_selection_are_told_in_words(table: RecordTable) -> None:
    table.set_totals(Totals(60, {"contracts": Decimal(12), "fee": Decimal("61204.50"), "overdue": Decimal("-1")}))
    assert [text for _, text in table.totals_row.sums()] == ["12", "61.204,50", "−1,00"]
    table.view.select_row_numbers([1, 2], 1)
    assert table.selection_text() == "Selezione: 2\u00a0clienti · canone 112,00\u00a0€ · scaduto 273,00\u00a0€"


def test_the_arrangement_comes_back_from_its_stored_form(table: RecordTable, qtbot: QtBot) -> None:
    table.set_column_order(["state", "name", "code"])
    table.set_column_hidden("town", True)
    table.set_column_hidden("since", False)
    table.set_column_hidden("name", True)  # locked
    table.header.resizeSection(place(table, "code"), 140)
    table.header.click(place(table, "fee"))
    table.set_density("compact")
    stored = json.loads(json.dumps(table.state()))
    other = RecordTable(sample_columns(), checkable=True)
    qtbot.addWidget(other)
    other.resize(900, 500)
    other.restore_state(stored)
    assert [one.key for one in other.visible_columns()] == ["state", "name", "code", "contracts", "fee", "overdue", "since"]
    assert other.state() == stored and other.header.sectionSize(place(other, "code")) == 140
    assert other.query().sort == Sort("fee")


def test_the_tick_column_stays_first_and_a_stretching_column_fills_the_width(table: RecordTable) -> None:
    table.header.moveSection(0, 3)
    assert table.header.visualIndex(0) == 0
    assert sum(table.header.sectionSize(index) for index in table.header.visual_order()) == table.view.viewport().width()


def test_more_rows_are_asked_for_once_near_the_end(table: RecordTable, qtbot: QtBot) -> None:
    asked: list[bool] = []
    table.set_rows(sample_customers(100))
    table.more_wanted.connect(lambda: asked.append(True))
    bar = table.view.verticalScrollBar()
    bar.setValue(bar.maximum() - 5)
    bar.setValue(bar.maximum())
    assert asked == [True]
    before = bar.maximum()
    table.append_rows(sample_customers(100, start=100))
    qtbot.waitUntil(lambda: bar.maximum() > before)
    bar.setValue(bar.maximum())
    assert asked == [True, True]


def test_five_thousand_rows_take_their_place_in_less_than_a_frame_or_two(table: RecordTable) -> None:
    rows = sample_customers(5000)
    table.view.select_row_numbers([3], 3)
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        table.set_rows(rows)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.030


def test_texts_are_narrowed_where_that_brings_every_column_into_sight(table: RecordTable) -> None:
    whole = sum(column.width for column in table.columns if not column.hidden)
    table.resize(table.width() - table.view.viewport().width() + whole - 60, 500)
    assert sum(table.header.sectionSize(index) for index in table.header.visual_order()) <= table.view.viewport().width()
    assert table.header.sectionSize(place(table, "fee")) == 112
    assert table.header.sectionSize(place(table, "name")) < 200
