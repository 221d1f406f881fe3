"""Changing many parties at once: a field of classification, by keys, in one section only, put back; and who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import InvalidInput, NotAllowed
from cms_desktop.core.mass_change import Target
from cms_desktop.modules.registry import actions, mass_change, queries, rules
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.registry.test_dock import _add, _open, _press, _settle, _write

pytestmark = pytest.mark.usefixtures("light")
Key, Modifier = Qt.Key, Qt.KeyboardModifier
SHIFT_CONTROL = Modifier.ControlModifier | Modifier.ShiftModifier


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house, "anna.admin") as found:
        _write(found, lambda unit: actions.store_class(unit, 1, "Settore", ["Banche", "Oreficerie"]))
        yield found


def _banks(place: Workplace) -> int:
    (sector,) = _write(place, queries.list_classes)
    return int(sector.values[0].value_id)


def _classes(place: Workplace) -> dict[str, Any]:
    return {row.name: row.classes[0] for row in _write(place, lambda unit: queries.list_parties(unit, rules.in_section(""))).rows}


def test_many_parties_are_classified_by_keys_and_put_back(place: Workplace, qtbot: Any) -> None:
    said: list[Any] = []
    place._say = lambda *what: said.append(what)
    banks = _banks(place)
    for name in ("Alfa", "Beta", "Gamma"):
        _add(place, name=name, **({"class_1": banks} if name == "Beta" else {}))
    dock = _open(place, qtbot, "parties")
    until(qtbot, lambda: len(dock.parties.list.table.rows()) == 3 and dock.parties._classes)
    _settle(dock, qtbot)
    change = dock.parties.mass_change
    dock.parties.list.table.focus_rows()
    _press(Key.Key_A, Modifier.ControlModifier)
    _press(Key.Key_M, SHIFT_CONTROL)
    until(qtbot, lambda: change.panel is not None)
    assert change.panel.field.value() == "class_1"
    change.panel.editor().set_value(banks)
    change.panel.ask()
    until(qtbot, lambda: change.panel.preview is not None and change.panel.preview.changing == 2)
    _press(Key.Key_Return, Modifier.ControlModifier)
    until(qtbot, lambda: change.panel is None and said)
    assert _classes(place) == dict.fromkeys(("Alfa", "Beta", "Gamma"), banks)
    said[0][4]()
    until(qtbot, lambda: said[-1][1].startswith("Annullata"))
    assert _classes(place) == {"Alfa": None, "Beta": banks, "Gamma": None}


def test_a_change_of_a_section_leaves_the_others(place: Workplace) -> None:
    banks, supplier = _banks(place), _add(place, name="Fornitore")
    _add(place, name="Altro")
    _write(place, lambda unit: actions.set_roles(unit, supplier, {"supplier"}, on=local_today()))
    done = _write(place, lambda unit: mass_change.apply(unit, Target(query=rules.in_section("supplier")), "class_1", banks, "Settore"))
    assert done.row_count == 1 and _classes(place) == {"Fornitore": banks, "Altro": None}


def test_only_offered_values_and_known_fields_are_taken_and_only_by_who_may_write(house: House, place: Workplace) -> None:
    target = Target(ids=(_add(place, name="Alfa"),))
    for key, value in (("class_1", 999), ("class_2", _banks(place)), ("tax_code", "X")):
        with pytest.raises(InvalidInput):
            _write(place, lambda unit, key=key, value=value: mass_change.apply(unit, target, key, value))
    with pytest.raises(NotAllowed), house.log_in("rita.revisore").database.unit_of_work(1) as unit:
        mass_change.apply(unit, target, "website", "x")
    assert _classes(place) == {"Alfa": None}
