"""Buttons: which keys press them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cms_desktop.ui.basics import Pressable, button, row

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.mark.parametrize("make", [lambda: button("Salva"), Pressable])
def test_only_plain_enter_and_space_press_a_button(make: type[QPushButton], qtbot: QtBot) -> None:
    pressed: list[bool] = []
    one = make()
    one.paintEvent = lambda _event: None  # type: ignore[method-assign]
    one.clicked.connect(lambda: pressed.append(True))
    qtbot.addWidget(one)
    one.show()
    for modifier in (
        Modifier.ControlModifier,
        Modifier.AltModifier,
        Modifier.ShiftModifier,
        Modifier.ControlModifier | Modifier.ShiftModifier,
    ):
        for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
            QTest.keyClick(one, key, modifier)
    assert pressed == []
    for key in (Key.Key_Return, Key.Key_Space):
        QTest.keyClick(one, key)
    QTest.keyClick(one, Key.Key_Enter, Modifier.KeypadModifier)
    assert len(pressed) == 3


def test_a_button_shown_before_it_has_a_place_is_no_window_and_is_seen_in_its_place(qtbot: QtBot) -> None:
    one, place = button("Salva"), QWidget()
    qtbot.addWidget(place)
    one.hide()
    one.setVisible(True)
    assert not one.isVisible()
    place.setLayout(row(one))
    place.show()
    assert one.isVisible()
