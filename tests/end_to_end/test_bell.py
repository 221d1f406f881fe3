"""The bell of the open program moves when a colleague gives somebody something to do, and leads there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cms_desktop.modules.registry.notes import actions
from cms_desktop.modules.registry.notes.records import Draft, Subject
from tests.access.arranged import add_customer
from tests.end_to_end.conftest import Journey
from tests.house import House


def give_task(house: House, words: str) -> None:
    """What a colleague does at another post."""
    session = house.log_in("carlo.conti")
    with session.database.unit_of_work(1) as unit:
        actions.write_note(unit, Subject("customers.customer", 1), Draft(words, executor_id=2))
    session.close()


def test_the_bell_counts_live_and_the_centre_finishes_by_keys(journey: Journey, house: House) -> None:
    with house.owner() as owner:
        add_customer(owner, "100")
    give_task(house, "prima di entrare")
    journey.enter("marta.bellini")
    bell: Any = journey.window.top_bar.bell
    journey.until(lambda: bell._count == 1)
    journey.until(lambda: journey.window.status_line.words()[0] == "In diretta")
    give_task(house, "mentre lavora")
    journey.until(lambda: bell._count == 2)
    QTest.keyClick(journey.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    centre: Any = journey.window.overlay.content()
    journey.until(lambda: [one.body for one in centre.list.notices()] == ["mentre lavora", "prima di entrare"])
    journey.until(lambda: bell._count == 0)
    QTest.keyClick(centre.list, Qt.Key.Key_Delete)
    journey.until(lambda: [one.body for one in centre.list.notices()] == ["prima di entrare"])
    QTest.keyClick(centre.list, Qt.Key.Key_Escape)
    journey.until(lambda: journey.window.overlay.content() is None)
