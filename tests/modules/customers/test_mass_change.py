"""Changing many customers at once on the screen: by keys, with preview, refusals and undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.ui.paste_rows import PasteRows
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer
from tests.modules.customers.test_dock import _open
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
Key, Modifier = Qt.Key, Qt.KeyboardModifier
SHIFT_CONTROL = Modifier.ControlModifier | Modifier.ShiftModifier


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house) as found:
        with found.background._open_unit() as unit:
            for name, kind in (("Alfa", "company"), ("Beta", "person"), ("Gamma", "company")):
                add_customer(unit, name, kind=kind, vat_number="", tax_code="")
        yield found


@pytest.fixture
def said(place: Workplace) -> list[tuple[Any, ...]]:
    """The toasts."""
    words: list[tuple[Any, ...]] = []
    place._say = lambda *what: words.append(what)
    return words


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def open_list(place: Workplace, qtbot: Any) -> CustomersDock:
    dock = _open(place, qtbot)
    dock.show_page("customers")
    until(qtbot, lambda: not dock.is_making() and len(dock.customers.list.table.rows()) == 3 and dock.customers.pane.choices.vat_codes)
    dock.customers.list.table.focus_rows()
    return dock


def test_many_customers_are_changed_by_keys_and_put_back(place: Workplace, said: list[tuple[Any, ...]], qtbot: Any) -> None:
    dock = open_list(place, qtbot)
    change = dock.customers.mass_change
    press(Key.Key_A, Modifier.ControlModifier)
    press(Key.Key_M, SHIFT_CONTROL)
    until(qtbot, lambda: change.panel is not None and change.panel.preview is not None)
    panel = change.panel
    panel.field.set_value("is_split_payment")
    panel._on_field()
    panel.editor().editor.setFocus()
    press(Key.Key_Space)
    until(qtbot, lambda: panel.preview is not None and panel.preview.changing == 2)
    assert "privati" in panel.refusals.text()
    assert [panel._outcome(one)[0] for one in panel.table.rows()] == ["resta", "cambia", "cambia"]
    press(Key.Key_Return, Modifier.ControlModifier)
    until(qtbot, lambda: change.panel is None and said)
    assert said[0][1].startswith("Modifica fatta") and said[0][3] == "Annulla la modifica"
    with place.background._open_unit() as unit:
        (made,) = change._recent(unit)
    assert made.row_count == 2 and made.title == "Scissione dei pagamenti: sì"
    said[0][4]()
    until(qtbot, lambda: said[-1][1].startswith("Annullata"))
    with place.background._open_unit() as unit:
        assert change._recent(unit)[0].undone_at is not None


def test_esc_leaves_without_doing_anything(place: Workplace, qtbot: Any) -> None:
    dock = open_list(place, qtbot)
    press(Key.Key_M, SHIFT_CONTROL)
    until(qtbot, lambda: dock.customers.mass_change.panel is not None and dock.customers.mass_change.panel.preview is not None)
    press(Key.Key_Escape)
    until(qtbot, lambda: dock.customers.mass_change.panel is None)
    with place.background._open_unit() as unit:
        assert dock.customers.mass_change._recent(unit) == []


def test_who_may_not_write_sees_no_mass_change(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "rita.revisore") as place:
        dock = _open(place, qtbot)
        dock.show_page("customers")
        until(qtbot, lambda: not dock.is_making())
        assert not dock.customers.mass_change.button.isVisible()
        dock.customers.mass_change.open()
        assert dock.customers.mass_change.panel is None


PASTED = "\n".join(
    "\t".join(line)
    for line in (
        ("Codice cliente", "Ragione sociale", "Partita IVA", "Indirizzo", "Banca"),
        ("1", "", "", "Via Nuova", "Banca Etica"),
        ("", "Delta S.r.l.", "01849250483", "Via Po", ""),
        ("", "Sbagliata", "01849520483", "", ""),
    )
)


def test_rows_of_a_spreadsheet_are_pasted_by_keys_and_taken_back(place: Workplace, said: list[tuple[Any, ...]], qtbot: Any) -> None:
    dock = open_list(place, qtbot)
    paste = dock.customers.list.findChild(PasteRows)
    QApplication.clipboard().setText(PASTED)
    press(Key.Key_V, Modifier.ControlModifier)
    until(qtbot, lambda: paste.panel is not None and paste.panel.found is not None)
    panel = paste.panel
    assert panel.titles.isChecked() and panel.columns() == {"code": 0, "name": 1, "vat_number": 2, "street": 3, "bank_name": 4}
    assert [row.outcome for row in panel.table.rows()] == ["error"]  # what is to be mended comes first
    panel.chips[""].click()
    assert [row.outcome for row in panel.table.rows()] == ["changed", "new", "error"]
    assert "Via Nuova" in panel._what(panel.table.rows()[0]) and panel._what(panel.table.rows()[2])
    panel.boxes[4].setCurrentIndex(0)
    panel._on_chosen(4)
    until(qtbot, lambda: panel.found is not None)
    assert [change.key for change in panel.found.rows[0].changes] == ["street"]
    press(Key.Key_Return, Modifier.ControlModifier)
    until(qtbot, lambda: said)
    assert said[0][1].startswith("Incollate")
    until(qtbot, lambda: {row.name for row in dock.customers.list.table.rows()} == {"Alfa", "Beta", "Gamma", "Delta S.r.l."})
    said[0][4]()
    until(qtbot, lambda: {row.name for row in dock.customers.list.table.rows()} == {"Alfa", "Beta", "Gamma"})


def test_copied_rows_of_the_list_find_their_columns_again(place: Workplace, qtbot: Any) -> None:
    dock = open_list(place, qtbot)
    paste = dock.customers.list.findChild(PasteRows)
    press(Key.Key_A, Modifier.ControlModifier)
    press(Key.Key_C, Modifier.ControlModifier)
    press(Key.Key_V, Modifier.ControlModifier)
    until(qtbot, lambda: paste.panel is not None and paste.panel.found is not None)
    assert not paste.panel.titles.isChecked() and {"code", "name", "town"} <= paste.panel.columns().keys()
    assert [row.outcome for row in paste.panel.found.rows] == ["same", "same", "same"]
    assert not paste.panel.go_button.isEnabled()
