"""Overlay, toasts, progress, conflict, confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cms_desktop.ui.feedback import (
    Confirmation,
    ConflictDialog,
    ConflictField,
    InlineMessage,
    Overlay,
    RunProgress,
    ToastStack,
    ask,
)


@pytest.fixture
def window(qtbot: Any) -> Iterator[QWidget]:
    window = QWidget()
    window.resize(1100, 700)
    layout = QVBoxLayout(window)
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window


FIELDS = [
    ConflictField("cap", "CAP", "50122", "50129", "50123"),
    ConflictField("pec", "PEC", "", "a@pec.example.it", "b@pec.example.it"),
    ConflictField("name", "Nome", "Bellini", "Bellini", "Bellini S.n.c."),
    ConflictField("phone", "Telefono", "1", "2", "1"),
]


def test_only_clashing_fields_ask_and_the_others_are_merged(qtbot: Any) -> None:
    dialog = ConflictDialog("Oreficeria", "salvata da Paolo Neri", FIELDS)
    qtbot.addWidget(dialog)
    assert [one.field.key for one in dialog.rows] == ["cap", "pec"]
    assert dialog.choices() == {"cap": "mine", "pec": "mine", "name": "mine", "phone": "now"}


def test_a_conflict_is_settled_with_the_keyboard_alone(qtbot: Any, window: QWidget) -> None:
    dialog, overlay = ConflictDialog("Oreficeria", "salvata da Paolo Neri", FIELDS), Overlay(window)
    overlay.open_content(dialog)
    assert dialog.rows[0].hasFocus()
    qtbot.keyClick(dialog.rows[0], Qt.Key.Key_Down)
    assert dialog.rows[1].hasFocus()
    qtbot.keyClick(dialog.rows[1], Qt.Key.Key_Left)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.rows[1], Qt.Key.Key_F10)
    assert dialog.choices()["cap"] == "mine" and dialog.choices()["pec"] == "now"


def test_escape_closes_the_overlay_and_gives_the_focus_back(qtbot: Any, window: QWidget) -> None:
    field, overlay = window.findChild(QLineEdit), Overlay(window)
    assert field is not None
    field.setFocus()
    overlay.open_content(Confirmation("Titolo", "Testo", "Conferma"))
    assert not field.hasFocus()
    with qtbot.waitSignal(overlay.closed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert field.hasFocus() and overlay.isHidden()


def test_tab_stays_inside_the_overlay(qtbot: Any, window: QWidget) -> None:
    overlay, question = Overlay(window), Confirmation("Titolo", "Testo", "Conferma")
    overlay.open_content(question)
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert question.isAncestorOf(QApplication.focusWidget())


def test_shortcuts_of_the_window_sleep_under_an_overlay(qtbot: Any, window: QWidget) -> None:
    ran: list[int] = []
    action = QAction(window)
    action.setShortcut(QKeySequence("F5"))
    action.triggered.connect(lambda: ran.append(1))
    window.addAction(action)
    overlay = Overlay(window)
    overlay.open_content(Confirmation("Titolo", "Testo", "Conferma"))
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F5)
    assert ran == []
    overlay.close_content()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert ran == [1]


@pytest.mark.parametrize(("name", "answer"), [("Elimina", True), ("Annulla", False)])
def test_a_question_waits_for_its_answer(window: QWidget, name: str, answer: bool) -> None:
    press = lambda: next(b for b in window.findChildren(QPushButton) if b.text() == name).click()
    QTimer.singleShot(50, press)
    assert ask(window, "Eliminare la bozza?", "Non si torna indietro.", "Elimina", "negative") is answer


def test_a_dangerous_question_focuses_the_safe_button(window: QWidget) -> None:
    question, overlay = Confirmation("Eliminare?", "Testo", "Elimina", "negative"), Overlay(window)
    overlay.open_content(question)
    assert question.cancel_button.hasFocus()


def test_a_toast_undoes_and_goes_away(qtbot: Any, window: QWidget) -> None:
    undone: list[int] = []
    stack = ToastStack(window)
    toast = stack.show_toast("positive", "Fattura emessa", "V 2026/1", "Annulla", lambda: undone.append(1))
    qtbot.mouseClick(next(b for b in toast.findChildren(QPushButton) if b.text() == "Annulla"), Qt.MouseButton.LeftButton)
    assert undone == [1] and stack.toasts() == [] and not stack.act()


def test_at_most_three_toasts_stand_at_once(window: QWidget) -> None:
    stack = ToastStack(window)
    for number in range(5):
        stack.show_toast("info", f"Avviso {number}")
    assert [toast.accessibleName()[:8] for toast in stack.toasts()] == ["Avviso 2", "Avviso 3", "Avviso 4"]
    bottoms = [toast.geometry().bottom() for toast in stack.toasts()]
    assert bottoms == sorted(bottoms) and bottoms[-1] < window.height() + 20


def test_progress_asks_for_the_cancel_once(qtbot: Any, window: QWidget) -> None:
    progress, overlay, asked = RunProgress("Emissione", cancel="Annulla il lancio"), Overlay(window), list[int]()
    progress.set_phases(["Controlli", "Scrittura"])
    progress.cancelled.connect(lambda: asked.append(1))
    overlay.open_content(progress, locked=True)
    progress.advance(462, 1138, "Scrittura")
    assert progress.accessibleDescription() == "Scrittura 462 di 1.138"
    qtbot.keyClick(progress, Qt.Key.Key_Escape)
    qtbot.keyClick(progress, Qt.Key.Key_Escape)
    assert asked == [1] and progress.is_cancelling() and overlay.isVisible()


def test_a_message_closes_and_speaks_again(qtbot: Any) -> None:
    message = InlineMessage("warning", "Scade domani", closable=True)
    qtbot.addWidget(message)
    message.show()
    with qtbot.waitSignal(message.closed):
        message.findChild(QPushButton).click()
    assert message.isHidden()
    message.set_message("negative", "Scaduto")
    assert message.isVisible() and message.text() == "Scaduto"
