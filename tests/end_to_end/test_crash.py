"""The program dies in the middle of typing: what was typed is there again at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cms_desktop.db.profile import ProfileStore
from tests.end_to_end.conftest import Journey
from tests.end_to_end.crash_client import TYPED
from tests.house import PASSWORD, House
from tests.modules.customers.samples import add_customer

NOTES = sa.text("select notes from registry.party where company_id = :company and party_id = :customer")
KEPT_WITHIN = 2.0  # seconds from the last key


def type_and_die(journey: Journey, house: House, customer: int, form: str = "customer") -> None:
    """A client of its own types into a form and is killed two seconds later."""
    ProfileStore(journey.folder / "client.json").save([house.profile])
    command = [sys.executable, "-m", "tests.end_to_end.crash_client", str(journey.folder), "marta.bellini", PASSWORD, str(customer), form]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        late = threading.Timer(60, client.kill)
        late.start()
        assert client.stdout.readline().strip() == "typed"
        late.cancel()
        time.sleep(KEPT_WITHIN)
        os.kill(client.pid, signal.SIGKILL)
        assert client.wait(10) == -signal.SIGKILL


def test_a_form_that_was_not_saved_is_offered_after_a_crash(journey: Journey, house: House) -> None:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        customer = add_customer(unit)
    session.close()
    type_and_die(journey, house, customer)
    journey.enter("marta.bellini")
    journey.until(lambda: journey.window.toasts.toasts())
    toast = journey.window.toasts.toasts()[-1]
    assert "non salvata" in toast.accessibleName()
    QTest.keyClick(QApplication.focusWidget() or journey.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    journey.until(lambda: journey.dock.name == "customers" and journey.dock.customers.pane.customer_id() == customer)
    pane = journey.dock.customers.pane
    journey.until(lambda: pane.form.value("notes") == TYPED)
    pane.form.save()
    journey.until(lambda: not pane.form.is_dirty)
    with journey.program.open.background._open_unit() as unit:
        assert journey.program.open._unsaved() == []
        assert unit.value(NOTES, {"customer": customer}) == TYPED


def _shown(journey: Journey, form: str) -> str:
    """What the field says into which the lost client typed."""
    if form == "contract":
        pane = journey.program.open._docks["customers"].customers.pane
        lines = pane.contracts.editor.lines if pane.parts.places["contracts"].found() is not None else []
        return str(lines[0].description.value()) if lines else ""
    pane = journey.program.open._docks["registry"].parties.pane
    return str(pane.people.editor.form.value("name")) if pane._people_place.found() is not None else ""


@pytest.mark.parametrize("form", ["contract", "contact"])
def test_half_typed_records_of_a_customer_come_back_too(journey: Journey, house: House, form: str) -> None:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        customer = add_customer(unit)
    session.close()
    type_and_die(journey, house, customer, form)
    journey.enter("marta.bellini")
    journey.until(lambda: journey.window.toasts.toasts())
    QTest.keyClick(QApplication.focusWidget() or journey.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    journey.until(lambda: journey.dock.name == ("customers" if form == "contract" else "registry"))
    journey.until(lambda: _shown(journey, form) == TYPED)
