"""What an hour of a person costs: kept by days, by who may, and entered by keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.registry.actions.costs import remove_hourly_cost, save_hourly_cost
from cms_desktop.modules.registry.queries.costs import list_hourly_costs, people_with_costs
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.registry.test_dock import _open, _settle

pytestmark = pytest.mark.usefixtures("light")
D = datetime.date


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house, "anna.admin") as found:
        yield found


def _ask(place: Workplace, work: Callable[..., Any], *values: Any) -> Any:
    with place.background._open_unit() as unit:
        return work(unit, *values)


def _save(place: Workplace, person: int | None, day: datetime.date, amount: str, record: int | None = None, version: int = 0) -> int:
    values = {"person_id": person, "valid_from": day, "amount": Decimal(amount)}
    made: int = _ask(place, save_hourly_cost, record, version, values)
    return made


def test_a_cost_ends_where_the_next_of_the_same_person_begins(place: Workplace) -> None:
    me = place.person.person_id
    _save(place, None, D(2020, 1, 1), "25")
    _save(place, me, D(2024, 1, 1), "30")
    _save(place, me, D(2026, 1, 1), "32.50")
    rows = [(one["person"], one["amount"], one["valid_from"], one["until"]) for one in _ask(place, list_hourly_costs)]
    assert rows == [
        ("", Decimal("25.00"), D(2020, 1, 1), None),
        (place.person.display_name, Decimal("32.50"), D(2026, 1, 1), None),
        (place.person.display_name, Decimal("30.00"), D(2024, 1, 1), D(2025, 12, 31)),
    ]
    assert (me, place.person.display_name) in _ask(place, people_with_costs)


def test_two_costs_of_one_day_are_refused_at_their_field_and_a_colleague_is_not_overwritten(place: Workplace) -> None:
    first = _save(place, None, D(2020, 1, 1), "25")
    with pytest.raises(InvalidInput) as caught:
        _save(place, None, D(2020, 1, 1), "26")
    assert caught.value.field == "valid_from"
    _save(place, None, D(2020, 1, 1), "27", first, 1)
    with pytest.raises(Conflict):
        _save(place, None, D(2020, 1, 1), "28", first, 1)
    with pytest.raises(Conflict):
        _ask(place, remove_hourly_cost, first, 1)
    _ask(place, remove_hourly_cost, first, 2)
    assert _ask(place, list_hourly_costs) == ()


def test_who_may_not_see_costs_finds_no_page_and_no_row(house: House, place: Workplace, qtbot: Any) -> None:
    _save(place, None, D(2020, 1, 1), "25")
    with opened_workplace(house, "carlo.conti") as carlo:
        assert not carlo.may("registry.costs") and _ask(carlo, list_hourly_costs) == ()
        assert "costs" not in _open(carlo, qtbot).page_keys()
        with pytest.raises(AppError):
            _save(carlo, None, D(2021, 1, 1), "1")


def _press(key: Qt.Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key)


def test_a_cost_is_entered_by_keys_and_holds_for_the_next_task(house: House, place: Workplace, qtbot: Any) -> None:
    dock = _open(place, qtbot, "costs")
    page = dock.page("costs")
    until(qtbot, lambda: not place.background.is_busy())
    page.new_button.setFocus()
    _press(Qt.Key.Key_F2)
    fields = page.editor.form.fields
    until(qtbot, lambda: fields["person_id"].editor.hasFocus())
    QTest.keyClicks(QApplication.focusWidget(), place.person.display_name[:4])
    _press(Qt.Key.Key_Tab)
    assert fields["amount"].editor.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "31,20")
    _press(Qt.Key.Key_F10)
    until(
        qtbot,
        lambda: [(row["person"], row["amount"]) for row in page.editor.table.rows()] == [(place.person.display_name, Decimal("31.20"))],
    )
    _settle(dock, qtbot)
    with house.owner() as owner:
        [(cost,)] = owner.execute("select registry.cost_of_an_hour(1, %s, current_date)", [place.person.person_id])
    assert cost == Decimal("31.20")
