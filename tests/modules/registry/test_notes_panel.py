"""Notes on the screen by keys alone: two persons of different rank, a task from one to the other and back."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cms_desktop.modules.registry.notes import actions, queries
from cms_desktop.modules.registry.notes.panel import NotesPanel
from cms_desktop.modules.registry.notes.records import Draft, Subject
from cms_desktop.modules.registry.tasks.page import TasksPage, TaskTiles
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
Key, Modifier = Qt.Key, Qt.KeyboardModifier


def shown(qtbot: Any, widget: Any, size: tuple[int, int] = (720, 800)) -> Any:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(widget)
    window.resize(*size)
    with qtbot.waitSignal(widget.loaded, timeout=20000):
        window.show()
        if not isinstance(widget, NotesPanel):
            widget.reload()
    window.activateWindow()
    widget.held_window = window  # lives as long as the page
    return widget


def type_text(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def press(key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def take_first(qtbot: Any, field: Any) -> None:
    until(qtbot, lambda: field.popup.isVisible())
    QTest.keyClick(field.popup, Key.Key_Return)


def notes_of(house: House, login: str) -> list[Any]:
    session = house.log_in(login)
    with session.database.unit_of_work(1) as unit:
        found = queries.list_notes(unit, Subject("registry.party", 1))
    session.close()
    return found


def test_a_note_with_a_task_is_written_by_keys_alone(qtbot: Any, ranked: House) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, NotesPanel(marta, 1))
        panel.list.setFocus()
        press(Key.Key_Insert)
        assert panel.composer.words.editor.hasFocus()
        type_text("Il cancello resta aperto di notte")
        press(Key.Key_Tab)
        type_text("pie")
        take_first(qtbot, panel.composer.spoken_to)
        assert panel.composer.spoken_to.text() == "Piero Verdi"
        panel.composer.executor.editor.setFocus()
        type_text("carlo")
        take_first(qtbot, panel.composer.executor)
        until(qtbot, lambda: not panel.composer.executor.popup.isVisible())
        due_on = panel.composer.due_on.editor  # a pop-up gives the focus back when it likes: the keys go to the field itself
        due_on.setFocus()
        QTest.keyClicks(due_on, "+3")
        with qtbot.waitSignal(panel.loaded, timeout=20000):
            QTest.keyClick(due_on, Key.Key_Return, Modifier.ControlModifier)
        assert not panel.composer.isVisible() and [note.executor for note in panel.list.notes()] == ["Carlo Conti"]
        assert panel.list.chosen().words == "Il cancello resta aperto di notte" and panel.list.chosen().contact_person_id == 1


def test_a_task_is_taken_and_completed_by_keys_alone(qtbot: Any, ranked: House) -> None:
    session = ranked.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        actions.write_note(unit, Subject("registry.party", 1), Draft("Il cancello resta aperto", executor_id=3))
    session.close()
    with opened_workplace(ranked, "carlo.conti") as carlo:
        page = shown(qtbot, TasksPage(carlo), (1280, 700))
        until(qtbot, lambda: page.detail.isVisible())
        page.list.table.setFocus()
        with qtbot.waitSignal(page.loaded, timeout=20000):
            press(Key.Key_T, Modifier.ControlModifier)
        until(qtbot, lambda: page.detail.chip.text() == "In carico")
        press(Key.Key_Return, Modifier.ControlModifier)
        until(qtbot, lambda: page.steps.question is not None and page.steps.question.outcome.editor.hasFocus())
        type_text("Avvisato il custode")
        press(Key.Key_Tab)
        type_text("20")
        with qtbot.waitSignal(page.loaded, timeout=20000):
            press(Key.Key_Return, Modifier.ControlModifier)
        until(qtbot, lambda: page.detail.chip.text() == "Fatta")
    (note,) = notes_of(ranked, "marta.bellini")
    assert (note.task_state, note.outcome, note.minutes) == ("done", "Avvisato il custode", 20)


def test_a_private_note_is_offered_only_to_equals_and_not_shown_below(qtbot: Any, ranked: House) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, NotesPanel(marta, 1))
        panel.new_button.click()
        type_text("Pensa di disdire")
        panel.composer.private.setFocus()
        press(Key.Key_Space)
        assert "rango" in panel.composer.told.text()
        panel.composer.executor.editor.setFocus()
        press(Key.Key_F4)
        until(qtbot, lambda: panel.composer.executor.popup.isVisible())
        offered = {panel.composer.executor._model.item(row).text() for row in range(panel.composer.executor._model.rowCount())}
        assert offered == {"Anna Ferri", "Marta Bellini"}
        panel.composer.executor.popup.hide()
        words = panel.composer.words.editor
        words.setFocus()
        with qtbot.waitSignal(panel.loaded, timeout=20000):
            QTest.keyClick(words, Key.Key_Return, Modifier.ControlModifier)
    assert [note.is_private for note in notes_of(ranked, "anna.admin")] == [True]
    with opened_workplace(ranked, "carlo.conti") as carlo:
        below = shown(qtbot, NotesPanel(carlo, 1))
        assert below.list.notes() == [] and below._stack.currentIndex() == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(qtbot: Any, ranked: House) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta:
        panel = shown(qtbot, NotesPanel(marta, 1))
        panel.new_button.click()
        press(Key.Key_Return, Modifier.ControlModifier)
        until(qtbot, lambda: panel.composer.words.state == "error")
        type_text("Da fare")
        panel.composer.due_on.set_value(None)
        panel.composer.due_on.editor.setFocus()
        type_text("domani")
        press(Key.Key_Return, Modifier.ControlModifier)
        until(qtbot, lambda: panel.composer.executor.state == "error")
        assert panel.is_dirty() and panel.composer.words.value() == "Da fare"


def test_a_note_is_changed_by_its_author_only(qtbot: Any, ranked: House) -> None:
    with opened_workplace(ranked, "marta.bellini") as marta, opened_workplace(ranked, "carlo.conti") as carlo:
        panel = shown(qtbot, NotesPanel(marta, 1))
        panel.new_button.click()
        type_text("prima")
        with qtbot.waitSignal(panel.loaded, timeout=20000):
            press(Key.Key_Return, Modifier.ControlModifier)
        panel.list.setFocus()
        press(Key.Key_Return)
        assert panel.composer.isVisible() and panel.composer.words.value() == "prima"
        press(Key.Key_End)
        type_text(" e dopo")
        with qtbot.waitSignal(panel.loaded, timeout=20000):
            press(Key.Key_Return, Modifier.ControlModifier)
        assert panel.list.notes()[0].words == "prima e dopo"
        other = shown(qtbot, NotesPanel(carlo, 1))
        other.list.setFocus()
        press(Key.Key_Down)
        assert other.list.chosen() is not None and not other.change_button.isEnabled()
        press(Key.Key_Return)
        assert not other.composer.isVisible()


def test_tiles_and_lists_agree_on_the_screen(qtbot: Any, ranked: House) -> None:
    session = ranked.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        for number in range(4):
            actions.write_note(unit, Subject("registry.party", 1), Draft(f"n {number}", executor_id=3 if number else 2))
    session.close()
    with opened_workplace(ranked, "marta.bellini") as marta:
        tiles = shown(qtbot, TaskTiles(marta))
        page = shown(qtbot, TasksPage(marta), (1280, 700))
        for tile in tiles.tiles:
            asked: list[Any] = []
            tiles.drill_down.connect(asked.append)
            tile.click()
            tiles.drill_down.disconnect(asked.append)
            with qtbot.waitSignal(page.loaded, timeout=20000):
                page.show_query(asked[0])
            assert str(len(page.list.table.rows())) == tile.value()
        assert [tile.value() for tile in tiles.tiles] == ["1", "0", "3"]
