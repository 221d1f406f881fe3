"""A clerk at the master data of customers: by keys only, over a real database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cms_desktop.core.fiscal import italian_iban
from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.actions import master as doing
from cms_desktop.modules.customers.commands import commands
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.customers.queries import master as asking
from cms_desktop.ui.commands import CommandRegistry
from cms_desktop.ui.feedback import ConflictDialog
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer
from tests.modules.customers.workplaces import opened_workplace, until

pytestmark = pytest.mark.usefixtures("light")
D = datetime.date
IBAN = italian_iban("03069", "11101", "000000123456")
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    with opened_workplace(house) as found:
        yield found


@pytest.fixture
def dock(place: Workplace, qtbot: Any) -> CustomersDock:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = CustomersDock(place)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, made)
    registry = CommandRegistry(place.may)
    registry.register(*commands(lambda: made))
    registry.bind(made, "customers")
    made.kept = (window, registry)  # type: ignore[attr-defined]
    window.resize(1500, 900)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    until(qtbot, lambda: not made.is_making() and not place.background.is_busy())
    return made


def _key(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def _type(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def _to(editor: Any) -> None:
    """Tab until the editor has the focus."""
    for _ in range(60):
        if editor.hasFocus():
            return
        _key(Qt.Key.Key_Tab)
    raise AssertionError("Tab never reaches the field")


def _fill(form: Any, **typed: str) -> None:
    for key, text in typed.items():
        _to(form.fields[key].editor)
        _type(text)


def _select(form: Any, key: str, text: str) -> None:
    """Choose an entry of a drop list as the keyboard does: by its first letters."""
    _to(form.fields[key].editor)
    _type(text)


def _add_customer(place: Workplace, name: str = "Oreficeria Bellini S.n.c.", **more: Any) -> int:
    with place.background._open_unit() as unit:
        return add_customer(unit, name, **more)


def _show(dock: CustomersDock, number: int, qtbot: Any, tab: str = "") -> None:
    dock.show_page_for("customers", record=number, tab=tab)
    until(qtbot, lambda: dock.customers.pane.customer_id() == number)


def test_a_customer_with_site_contract_and_mandate_is_entered_without_the_mouse(
    house: House, dock: CustomersDock, place: Workplace, qtbot: Any
) -> None:
    dock.take_focus()
    _key(Qt.Key.Key_F2)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.form.fields["name"].editor.hasFocus())
    _type("Oreficeria Bellini S.n.c.")
    _fill(pane.form, vat_number="00743110157", street="Via Roma", street_number="12", postal_code="50053")
    _key(Qt.Key.Key_Tab)
    until(qtbot, lambda: pane.form.value("town") == "Empoli")
    _key(Qt.Key.Key_4, ALT)  # Pagamenti: the customer is not saved yet, what is typed stays
    until(qtbot, lambda: pane.form.area() == "payment" and pane.form.fields["payment_term_id"].editor.hasFocus())
    _select(pane.form, "payment_term_id", "Addebito")
    _fill(pane.form, iban=IBAN, credit_limit_amount="2500*2")
    assert pane.form.value("bank_name") == "Intesa Sanpaolo"
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: pane.customer_id() is not None)
    number = pane.customer_id()
    assert number is not None
    _enter_site(pane, qtbot)
    _enter_contract(pane, qtbot)
    _enter_mandate(pane, qtbot)
    session = house.log_in("rita.revisore")
    with session.database.unit_of_work(1) as unit:
        customer = queries.load_customer(unit, number)
        [site] = asking.list_sites_of(unit, number)
        [contract] = queries.list_contracts_of(unit, number)
        [mandate] = asking.list_mandates(unit, number)
    session.close()
    assert (customer.values["town"], customer.values["iban"], customer.values["credit_limit_amount"]) == ("Empoli", IBAN, Decimal(5000))
    assert (site["name"], site["town"], site.plants[0]["code"], site.keys[0]["kept_at"]) == ("Negozio", "Empoli", "AR1020", "Bacheca 3")
    assert (contract.title, contract.monthly_fee) == ("Collegamento", Decimal("120.50"))
    assert (mandate["reference"], mandate["state"], mandate["iban"]) == ("SDD-000001", "active", IBAN)
    until(qtbot, lambda: [pane.tabs._tab(key).count for key in ("sites", "contracts", "mandates")] == ["1", "1", "1"])


def _enter_site(pane: Any, qtbot: Any) -> None:
    _key(Qt.Key.Key_5, ALT)
    until(qtbot, lambda: pane.parts.places["sites"].found() is not None)
    sites = pane.parts.places["sites"].widget()
    until(qtbot, lambda: sites._first_button.hasFocus())
    _key(Qt.Key.Key_Insert)
    form = sites.editor.form
    until(qtbot, lambda: form.fields["name"].editor.hasFocus())
    _type("Negozio")
    _fill(form, street="Via del Giglio", street_number="3", postal_code="50053")
    _key(Qt.Key.Key_Tab)
    until(qtbot, lambda: form.value("town") == "Empoli")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: sites.editor.record is not None)
    _key(Qt.Key.Key_PageDown, CTRL)  # its plants
    plants = sites.editor.child("plants")
    until(qtbot, lambda: plants._first_button.hasFocus())
    _key(Qt.Key.Key_Insert)
    until(qtbot, lambda: plants.editor.form.fields["code"].editor.hasFocus())
    _type("ar1020")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: plants.editor.record is not None)
    _key(Qt.Key.Key_Escape)
    until(qtbot, lambda: plants.table.view.hasFocus())
    _key(Qt.Key.Key_PageDown, CTRL)  # whom to call
    until(qtbot, lambda: sites.editor.child("contacts")._first_button.hasFocus())
    _key(Qt.Key.Key_PageDown, CTRL)  # its keys
    keys = sites.editor.child("keys")
    until(qtbot, lambda: keys._first_button.hasFocus())
    _key(Qt.Key.Key_Insert)
    until(qtbot, lambda: keys.editor.form.fields["number"].editor.hasFocus())
    _fill(keys.editor.form, seal="B778", kept_at="Bacheca 3")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: keys.editor.record is not None)


def _enter_contract(pane: Any, qtbot: Any) -> None:
    _key(Qt.Key.Key_F2, SHIFT)
    until(qtbot, lambda: bool(pane.contracts.editor._choices.vat_codes))
    until(qtbot, lambda: pane.contracts.editor.form.fields["title"].editor.hasFocus())
    _type("Collegamento")
    line = pane.contracts.editor.lines[0]
    _to(line.description.editor)
    _type("Collegamento allarme")
    _to(line.price.editor)
    _type("120,50")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: len(pane.contracts.table.rows()) == 1)


def _enter_mandate(pane: Any, qtbot: Any) -> None:
    until(qtbot, lambda: QApplication.focusWidget() is not None)  # the saved contract was drawn anew
    _key(Qt.Key.Key_7, ALT)
    until(qtbot, lambda: pane.parts.places["mandates"].found() is not None)
    mandates = pane.parts.places["mandates"].widget()
    until(qtbot, lambda: mandates._first_button.hasFocus())
    _key(Qt.Key.Key_Insert)
    until(qtbot, lambda: mandates.editor.form.fields["reference"].editor.hasFocus())
    assert mandates.editor.form.value("iban") == IBAN  # that of the customer is the usual one
    _fill(mandates.editor.form, signed_on="")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: mandates.editor.record is not None)


def test_an_error_in_another_area_opens_it(dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    _show(dock, _add_customer(place), qtbot, "fiscal")
    pane = dock.customers.pane
    pane.go_to_tab("fiscal")
    _fill(pane.form, cig_code="Z12")
    _key(Qt.Key.Key_2, ALT)
    until(qtbot, lambda: pane.form.fields["name"].editor.hasFocus())
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: pane.tabs.active() == "fiscal")
    assert pane.form.fields["cig_code"].state == "error" and pane.form.fields["cig_code"].editor.hasFocus()
    assert pane.tabs._tab("fiscal").mark == "error"


def test_a_withholding_is_asked_for_what_an_invoice_needs(dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    number = _add_customer(place)
    _show(dock, number, qtbot)
    pane = dock.customers.pane
    pane.go_to_tab("fiscal")
    _to(pane.form.fields["is_withholding"].editor)
    _key(Qt.Key.Key_Space)
    _key(Qt.Key.Key_F10)
    assert set(pane.form.shown_problems()) == {"withholding_kind", "withholding_reason"}
    _select(pane.form, "withholding_kind", "RT02")
    _select(pane.form, "withholding_reason", "W")
    _to(pane.form.fields["withholding_rate"].editor)
    _key(Qt.Key.Key_A, CTRL)
    _type("4")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: not pane.form.is_dirty)
    with place.background._open_unit() as unit:
        stored = queries.load_customer(unit, number).values
    assert [stored[f"withholding_{key}"] for key in ("kind", "reason", "rate", "share")] == ["RT02", "W", Decimal(4), Decimal(100)]


def test_a_customer_is_suspended_by_keys_and_the_timeline_says_why(dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    number = _add_customer(place)
    _show(dock, number, qtbot)
    pane = dock.customers.pane
    pane.go_to_tab("data")
    _key(Qt.Key.Key_9, ALT)
    until(qtbot, lambda: pane.parts.places["life"].found() is not None and pane.parts.places["life"].widget().step_buttons)
    life = pane.parts.places["life"].widget()
    until(qtbot, lambda: life.step_buttons["suspended"].hasFocus())
    _key(Qt.Key.Key_Return)
    until(qtbot, lambda: life.form.fields["reason"].editor.hasFocus())
    _type("Locali chiusi per lavori")
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: pane.chip.text() == "Sospeso")
    until(qtbot, lambda: len(life.timeline._entries) == 2)
    entry = life.timeline._entries[0]
    assert (entry.title, entry.detail) == ("Servizi sospesi", "Attivo → Sospeso · Locali chiusi per lavori")
    assert "Marta Bellini" in entry.who
    assert set(life.step_buttons) == {"active", "terminating", "terminated"}


def test_two_people_at_the_same_site_lose_nothing(house: House, dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    number = _add_customer(place)
    with place.background._open_unit() as unit:
        site = doing.save_site(unit, number, 0, {"name": "Magazzino", "country": "IT", "is_active": True}, row_version=0)
    dock.show_page_for("customers", record=number, site=site)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.parts.places["sites"].found() is not None and pane.parts.places["sites"].widget().is_editing())
    sites = pane.parts.places["sites"].widget()
    _colleague(house, number, phone="055 111222")
    name = sites.editor.form.fields["name"].editor
    until(qtbot, lambda: name.isVisible())
    sites.editor.focus_first()
    until(qtbot, name.hasFocus)
    _key(Qt.Key.Key_End)
    _type(" Nord")
    _key(Qt.Key.Key_F10)  # apart: merged and saved without a question
    until(qtbot, lambda: not sites.editor.is_dirty() and sites.editor.record["name"] == "Magazzino Nord")
    assert sites.editor.record["phone"] == "055 111222"
    _colleague(house, number, name="Magazzino Sud")
    sites.editor.focus_first()
    _key(Qt.Key.Key_End)
    _type("-Est")
    _key(Qt.Key.Key_F10)  # the same field: the three columns ask
    until(qtbot, lambda: dock.window().findChildren(ConflictDialog))
    _key(Qt.Key.Key_F10)
    until(qtbot, lambda: not sites.editor.is_dirty())
    with place.background._open_unit() as unit:
        assert asking.load_site(unit, site)["name"] in ("Magazzino Nord-Est", "Magazzino Sud")


def _colleague(house: House, customer: int, **changes: Any) -> None:
    session = house.log_in("dora.doppia")
    with session.database.unit_of_work(1) as unit:
        [now] = asking.list_sites_of(unit, customer)
        doing.save_site(unit, customer, now.record_id, {**now.values, **changes}, row_version=now.row_version)
    session.close()


def test_typed_text_of_a_hidden_area_survives_a_crash(dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    number = _add_customer(place)
    _show(dock, number, qtbot)
    pane = dock.customers.pane
    pane.go_to_tab("payment")
    _fill(pane.form, bank_branch="Empoli 2")
    until(qtbot, lambda: pane.draft.stored() is not None)
    kept = dict(place.settings.values)  # type: ignore[attr-defined]
    pane.form.undo_changes()
    place.settings.values |= kept  # type: ignore[attr-defined]
    pane.show_customer(number)
    until(qtbot, lambda: not pane.draft.strip.isHidden())
    pane.draft.resume()
    assert pane.form.value("bank_branch") == "Empoli 2"


def test_a_plant_is_found_by_its_code_and_opens_its_site(dock: CustomersDock, place: Workplace, qtbot: Any) -> None:
    number = _add_customer(place)
    with place.background._open_unit() as unit:
        site = doing.save_site(unit, number, 0, {"name": "Magazzino"}, row_version=0)
        doing.save_plant(unit, site, 0, {"code": "AR1020"}, row_version=0)
        doing.save_plant(unit, site, 0, {"code": "ZX77"}, row_version=0)
    dock.show_page("plants")
    until(qtbot, lambda: len(dock.plants.table.rows()) == 2)
    dock.plants.table.focus_rows()
    _key(Qt.Key.Key_F3)
    _type("ar10")
    until(qtbot, lambda: [row.code for row in dock.plants.table.rows()] == ["AR1020"])
    dock.plants.table.focus_rows()
    dock.plants.table.view.selectRow(0)
    _key(Qt.Key.Key_Return)
    until(qtbot, lambda: dock.current_page() == "customers" and dock.customers.pane.customer_id() == number)
    pane = dock.customers.pane
    until(qtbot, lambda: pane.tabs.active() == "sites" and pane.parts.places["sites"].widget().is_editing())
    assert pane.parts.places["sites"].widget().editor.record.record_id == site


def test_a_reader_sees_every_tab_and_changes_nothing(house: House, qtbot: Any) -> None:
    with opened_workplace(house) as place:
        number = _add_customer(place)
    with opened_workplace(house, "rita.revisore") as place:
        dock = CustomersDock(place)
        qtbot.addWidget(dock)
        dock.resize(1500, 900)
        dock.show()
        until(qtbot, lambda: not dock.is_making() and not place.background.is_busy())
        _show(dock, number, qtbot)
        pane = dock.customers.pane
        keys = pane.tabs.keys()
        for key in keys:
            pane.go_to_tab(key)
            until(qtbot, lambda: not place.background.is_busy())
        assert all(field.is_read_only() for field in pane.form.fields.values() if hasattr(field, "is_read_only"))
        assert not pane.parts.places["sites"].widget().new_button.isEnabled()
        assert pane.parts.places["life"].widget().step_buttons == {}
