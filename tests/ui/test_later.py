"""Screens made when they are first shown, in pieces."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.ui.later import BuiltLater, Pieces, in_turns
from cms_desktop.ui.module_dock import ModuleDock


def test_a_widget_is_made_when_its_place_is_first_shown(qtbot: QtBot) -> None:
    made: list[QWidget] = []

    def make() -> QWidget:
        made.append(QLabel("here"))
        return made[-1]

    stack, place = QStackedWidget(), BuiltLater(make)
    stack.addWidget(QLabel("before"))
    stack.addWidget(place)
    qtbot.addWidget(stack)
    stack.show()
    qtbot.wait(30)
    assert not made and place.found() is None
    with qtbot.waitSignal(place.built):
        stack.setCurrentWidget(place)
        assert not made  # in a turn of its own
    assert place.found() is made[0] and made[0].isVisible()
    stack.setCurrentIndex(0)
    stack.setCurrentWidget(place)
    qtbot.wait(30)
    assert len(made) == 1


def test_who_asks_for_the_widget_has_it_at_once(qtbot: QtBot) -> None:
    steps: list[int] = []

    def make() -> Pieces:
        for number in range(3):
            steps.append(number)
            yield
        return QLabel("here")

    place = BuiltLater(make)
    qtbot.addWidget(place)
    assert place.widget().text() == "here" and steps == [0, 1, 2]
    assert place.widget() is place.widget()


def test_every_piece_has_a_turn_of_its_own(qtbot: QtBot) -> None:
    order: list[Any] = []

    def pieces() -> Pieces:
        for number in range(2):
            order.append(number)
            yield
        return "ready"

    parent = QWidget()
    qtbot.addWidget(parent)
    turns = in_turns(parent, pieces())
    assert order == []
    with qtbot.waitSignal(turns.done):
        pass
    assert order == [0, 1] and turns.result == "ready"


def test_what_is_typed_while_a_page_is_made_reaches_it(qtbot: QtBot) -> None:
    place = BuiltLater(QLineEdit)
    window = QWidget()
    place.setParent(window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    place.setFocus()
    qtbot.keyClick(place, Qt.Key.Key_A)
    qtbot.keyClick(place, Qt.Key.Key_B)
    assert place.found() is None
    qtbot.waitUntil(lambda: place.found() is not None and place.found().text() == "ab")
    assert place.widget().hasFocus()


def test_a_dock_makes_only_the_pages_that_are_looked_at(qtbot: QtBot) -> None:
    made: list[str] = []

    def page(key: str) -> QWidget:
        made.append(key)
        return QLabel(key)

    dock = ModuleDock("customers", "Clienti")
    for key in ("one", "two", "three"):
        dock.add_page(key, key, lambda key=key: page(key))
    qtbot.addWidget(dock)
    dock.show()
    qtbot.waitUntil(lambda: not dock.is_making())
    assert made == ["one"]
    dock.show_page("two")
    qtbot.waitUntil(lambda: not dock.is_making())
    assert made == ["one", "two"] and dock.made_page("three") is None
    assert dock.page("three").text() == "three" and made == ["one", "two", "three"]


def test_actions_of_a_page_appear_with_it(qtbot: QtBot) -> None:
    dock = ModuleDock("customers", "Clienti")
    dock.add_page("one", "one", lambda: QLabel("one"), actions=lambda label: [QLabel(label.text() + " action")])
    qtbot.addWidget(dock)
    dock.show()
    qtbot.waitUntil(lambda: not dock.is_making())
    assert any(child.text() == "one action" and child.isVisible() for child in dock.head.findChildren(QLabel))
