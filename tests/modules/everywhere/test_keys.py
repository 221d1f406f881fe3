"""The keys that spare typing, in the forms of every module: F7, days and sums in short, the record above and below."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cms_desktop.core.dates import local_today
from cms_desktop.modules.customers.actions import master
from cms_desktop.modules.registry import actions as registry
from cms_desktop.ui.fields import AmountField, DateField
from tests.house import House
from tests.modules.billing.screen import Screen
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.everywhere.forms import CASES, FormCase, arrange, open_dock, settle, show

pytestmark = pytest.mark.usefixtures("light")
KEY, ALT, CTRL, SHIFT = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BY_NAME = {one.name: one for one in CASES}


def _type(field: Any, text: str, qtbot: Any) -> None:
    field.editor.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.editor, text)
    qtbot.keyClick(field.editor, KEY.Key_Tab)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_days_sums_and_the_record_before_in_every_form(case: FormCase, house: House, qtbot: Any) -> None:
    """Every field of a day takes `+10`, every amount a sum, and F7 what the record before had."""
    with opened_workplace(house, "anna.admin") as place:
        ids = arrange(place, case)
        dock, form = show(place, case, ids, qtbot)
        for key, field in form.fields.items():
            if not field.editor.isVisible() or field.is_read_only():
                continue
            if isinstance(field, DateField):
                _type(field, "+10", qtbot)
                assert field.value() == local_today() + datetime.timedelta(days=10), key
            elif isinstance(field, AmountField) and not case.name.startswith("table vat"):
                _type(field, "10+2,5*2", qtbot)
                assert field.value() == Decimal(15), key
        form.undo_changes()
        before = form.loaded_value(case.mine)
        if before in (None, ""):
            form.load({**form._stored, case.mine: "com'era"})
        form.load({**form._stored, case.mine: "altro"})
        field = form.fields[case.mine]
        field.editor.setFocus()
        qtbot.keyClick(field.editor, KEY.Key_F7)
        assert str(form.value(case.mine)).lower() == str(before or "com'era").lower()
        form.undo_changes()
        settle(dock, place, qtbot)


def _walk(form: Any, shown: Any, qtbot: Any) -> None:
    """Alt+↓ and Alt+↑ go on and come back."""
    first = shown()
    assert first is not None
    for key in (KEY.Key_Down, KEY.Key_Up):
        was = shown()
        next(iter(form.fields.values())).editor.setFocus()
        qtbot.keyClick(QApplication.focusWidget(), key, ALT)
        until(qtbot, lambda was=was: shown() not in (None, was))
    until(qtbot, lambda: shown() == first)


def test_the_record_above_and_below_is_a_key_away_everywhere(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        contract = arrange(place, BY_NAME["contract"])
        customer = contract["customer_id"]
        with place.background._open_unit() as unit:
            for name in ("Alfa", "Zeta"):
                master.save_site(unit, customer, 0, {"name": name}, row_version=0)
                registry.add_contact(unit, customer, {"name": name})
        with house.owner() as owner:
            owner.execute(
                "insert into customers.contract (company_id, customer_id, number, starts_on) values (1, %s, 'Z-9', '2026-01-01')",
                (customer,),
            )
        dock = open_dock(place, "customers", qtbot)
        dock.show_page_for("customers", record=customer, contract=contract["contract_id"])
        settle(dock, place, qtbot)
        editor = dock.customers.pane.contracts.editor
        _walk_either(editor.form, lambda: editor.contract and editor.contract.contract_id, qtbot)
        pane = dock.customers.pane
        dock.show_page_for("customers", record=customer, tab="sites")
        settle(dock, place, qtbot)
        sites = pane.parts.places["sites"].widget()
        until(qtbot, sites.table.rows)
        sites.open_record(sites.table.rows()[0])
        _walk(sites.editor.form, lambda: sites.editor.record and sites.editor.record.record_id, qtbot)
        settle(dock, place, qtbot)
        dock.kept.hide()

        dock = open_dock(place, "registry", qtbot)
        dock.show_page_for("parties", record=customer, contact=0)
        settle(dock, place, qtbot)
        people = dock.parties.pane.people
        until(qtbot, people.table.rows)
        people.editor.form.undo_changes()
        people.table.select(people.table.rows()[0].contact_person_id)
        people.editor.show_contact(people.table.rows()[0])
        _walk(people.editor.form, lambda: people.editor.contact and people.editor.contact.contact_person_id, qtbot)
        settle(dock, place, qtbot)
        dock.kept.hide()

        dock = open_dock(place, "base", qtbot)
        for tab in ("vat", "terms"):
            dock.show_page_for("tables", tab=tab)
            settle(dock, place, qtbot)
            table = dock.tables_page.editor(tab)
            until(qtbot, lambda table=table: table.record is not None)
            _walk(table.form, lambda table=table: table.record and table.record.record_id, qtbot)
        dock.show_page("persons")
        settle(dock, place, qtbot)
        persons = dock.persons
        until(qtbot, lambda: persons.person is not None)
        _walk_either(persons.edit_form, lambda: persons.person and persons.person.person_id, qtbot)
        settle(dock, place, qtbot)


def _walk_either(form: Any, shown: Any, qtbot: Any) -> None:
    """As `_walk`, from the first or from the last record."""
    first = shown()
    keys = [KEY.Key_Down, KEY.Key_Up]
    form.fields[next(iter(form.fields))].editor.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), keys[0], ALT)
    qtbot.wait(300)
    if shown() == first:
        keys.reverse()
        qtbot.keyClick(QApplication.focusWidget(), keys[0], ALT)
    until(qtbot, lambda: shown() not in (None, first))
    form.fields[next(iter(form.fields))].editor.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), keys[1], ALT)
    until(qtbot, lambda: shown() == first)


def test_f7_copies_from_the_service_above(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        ids = arrange(place, BY_NAME["contract"])
        dock, _form = show(place, BY_NAME["contract"], ids, qtbot)
        editor = dock.customers.pane.contracts.editor
        line = editor.add_line()
        line.price.editor.setFocus()
        qtbot.keyClick(line.price.editor, KEY.Key_F7)
        assert line.price.value() == editor.lines[0].price.value() == Decimal(100)
        line.description.editor.setFocus()
        qtbot.keyClick(line.description.editor, KEY.Key_F7)
        assert line.description.value() == "Collegamento allarme"
        _type(line.starts_on, "1-2", qtbot)
        assert line.starts_on.value() == datetime.date(local_today().year, 2, 1)
        _type(line.price, "100+20", qtbot)
        assert line.price.value() == Decimal(120)
        editor._undo()
        settle(dock, place, qtbot)


def test_the_payment_before_is_copied_and_its_fields_know_the_short_ways(house: House, qtbot: Any, tmp_path: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        arrange(place, BY_NAME["customer"])
    session = house.log_in("carlo.conti")
    screen = Screen(qtbot, session, tmp_path)
    screen.open("payments")
    screen.dock.payments.new_payment()
    screen.settle()
    form = screen.dock.payments.form
    qtbot.keyClicks(form.customer.line, "orefic")
    screen.wait(lambda: form.customer.popup.isVisible())
    qtbot.keyClick(form.customer.popup, KEY.Key_Return)
    _type(form.amount, "10+5", qtbot)
    _type(form.on_date, "-1", qtbot)
    assert form.amount.value() == Decimal(15) and form.on_date.value() == local_today() - datetime.timedelta(days=1)
    qtbot.keyClicks(form.reference.editor, "assegno 7")
    form.save()
    screen.wait(lambda: form.amount.is_empty() and any("Incasso registrato" in str(one) for one in screen.said))
    for field in (form.customer, form.amount, form.reference):
        field.editor.setFocus()
        qtbot.keyClick(field.editor, KEY.Key_F7)
    assert form.customer.value().text == "Oreficeria Bellini S.n.c."
    assert form.amount.value() == Decimal(15) and form.reference.value() == "assegno 7"
    screen.settle()
    screen.close()
    session.close()
