"""Where the keyboard goes: pages one was on, panes of a page, several values of a filter, the record before."""

from __future__ import annotations

import pathlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.core.listing import Filter
from cms_desktop.ui.basics import row
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.main_window import MainWindow, ModuleEntry
from cms_desktop.ui.module_dock import ModuleDock
from cms_desktop.ui.places import next_pane, panes_of
from cms_desktop.ui.post import Post, scale_screen
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.record_table.choice_picker import ChoicePicker
from cms_desktop.ui.record_table.filter_row import FilterChoice
from tests.ui.sample_customers import sample_columns, sample_customers
from tests.ui.test_form import RECORD, make_form

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def dock(name: str) -> ModuleDock:
    made = ModuleDock(name, name.title())
    for page in ("one", "two"):
        made.add_page(page, page, lambda page=page: QLabel(page))
    return made


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    entries = [ModuleEntry(name, name.title(), "circle", lambda name=name: dock(name)) for name in ("customers", "billing")]
    made = MainWindow(entries, CommandRegistry())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    return made


def where(window: MainWindow) -> tuple[str, str]:
    current = window.current_dock()
    assert current is not None
    return current.name, current.current_page()


def test_alt_left_goes_back_over_modules_and_pages_and_alt_right_forward_again(window: MainWindow, qtbot: QtBot) -> None:
    window.open_module("customers").show_page("two")
    window.open_module("billing").show_page("two")
    assert where(window) == ("billing", "two")
    for expected in (("billing", "one"), ("customers", "two"), ("customers", "one"), ("customers", "one")):
        qtbot.keyClick(window, Key.Key_Left, Modifier.AltModifier)
        assert where(window) == expected
    for expected in (("customers", "two"), ("billing", "one"), ("billing", "two")):
        qtbot.keyClick(window, Key.Key_Right, Modifier.AltModifier)
        assert where(window) == expected
    window.history.back()
    window.open_module("customers").show_page("one")
    assert not window.history.can_go(1)


def test_f6_goes_round_list_form_and_filter_row(qtbot: QtBot) -> None:
    table, form, page = RecordTable(sample_columns()), make_form(), QWidget()
    table.set_rows(sample_customers(5))
    form.load(RECORD)
    page.setLayout(row(table, form))
    made = ModuleDock("customers", "Clienti")
    made.add_page("list", "Lista", page)
    qtbot.addWidget(made)
    made.resize(1400, 700)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    assert [type(one).__name__ for one in panes_of(page)] == ["RecordTable", "RecordForm", "FilterRow"]
    reached = []
    for _ in range(3):
        next_pane(made)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert table.header.filter_row is not None
        reached.append("form" if form.isAncestorOf(focus) else "filter" if table.header.filter_row.isAncestorOf(focus) else "list")
    assert reached == ["list", "form", "filter"]
    next_pane(made, -1)
    assert form.isAncestorOf(QApplication.focusWidget())  # type: ignore[arg-type]


def test_a_choice_filter_takes_several_values_by_keys(qtbot: QtBot) -> None:
    table = RecordTable(sample_columns())
    qtbot.addWidget(table)
    table.resize(1200, 500)
    table.show()
    table.activateWindow()
    assert QTest.qWaitForWindowActive(table)
    assert table.header.filter_row is not None
    choice = next(one for one in table.header.filter_row.editors if isinstance(one, FilterChoice))
    choice.setFocus()
    choice.showPopup()
    picker = table.findChild(ChoicePicker)
    for key in (Key.Key_Space, Key.Key_Down, Key.Key_Space, Key.Key_Return):
        QTest.keyClick(QApplication.focusWidget(), key)
    wanted = tuple(value for value, _title in choice.column.choices[:2])
    assert picker is not None and table.query().filters == (Filter(choice.column.key, "in", wanted),)
    choice.showPopup()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Delete)
    assert table.query().filters == ()


def test_f7_copies_the_field_of_the_record_before(qtbot: QtBot) -> None:
    form = make_form()
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    assert QTest.qWaitForWindowActive(form)
    form.load(RECORD)
    form.load({}, is_new=True)
    form.fields["cap"].editor.setFocus()
    QTest.keyClick(form.fields["cap"].editor, Key.Key_F7)
    assert form.value("cap") == RECORD["cap"] and form.value("name") == "" and form.changes().keys() == {"cap"}
    QTest.keyClick(form.fields["cap"].editor, Key.Key_F7, Modifier.ShiftModifier)
    assert form.value("name") == RECORD["name"] and form.value("fee") == RECORD["fee"]


def test_the_persons_size_is_used_from_the_next_start(tmp_path: pathlib.Path) -> None:
    post, environment = Post("posto 1", tmp_path / "post.json"), dict[str, str]()
    scale_screen(post, environment)
    assert environment == {}
    post.keep_scale(130)
    scale_screen(Post("posto 1", tmp_path / "post.json"), environment)
    assert environment == {"QT_SCALE_FACTOR": "1.3"}
