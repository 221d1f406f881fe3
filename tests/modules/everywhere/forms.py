"""The forms that change a stored record, each with a record of its own and two fields to type into: one entry a form."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from cms_desktop.modules.base.dock import BaseDock
from cms_desktop.modules.customers import actions as customers
from cms_desktop.modules.customers.actions import master
from cms_desktop.modules.customers.dock import CustomersDock
from cms_desktop.modules.customers.pricing import actions as pricing
from cms_desktop.modules.registry import actions as registry
from cms_desktop.modules.registry.dock import RegistryDock
from cms_desktop.ui.workplace import Workplace
from tests.house import House
from tests.modules.customers.samples import add_customer, ordinary_vat, service
from tests.modules.customers.workplaces import until

DOCKS: dict[str, Any] = {"base": BaseDock, "customers": CustomersDock, "registry": RegistryDock}
Ids = dict[str, int]


@dataclass(frozen=True)
class FormCase:
    """`arrange(unit)` makes the record and says its ids; `way(ids)` is what the dock is asked for; `form(dock)` the form with it.

    `mine` is typed here, `theirs` is changed by a colleague in `table` (row `key` = ids[key]).
    """

    name: str
    module: str
    page: str
    arrange: Callable[[Any], Ids]
    way: Callable[[Ids], dict[str, Any]]
    form: Callable[[Any], Any]
    table: str
    key: str
    mine: str
    theirs: str
    kept: str  # the name under which text of it is kept
    their_text: str = "ALT"
    other_text: str = "BIS"

    def __str__(self) -> str:
        return self.name


def _customer(unit: Any) -> Ids:
    return {"customer_id": (number := add_customer(unit)), "party_id": number}


def _with(make: Callable[[Any, int], Ids]) -> Callable[[Any], Ids]:
    return lambda unit: (ids := _customer(unit)) | make(unit, ids["customer_id"])


def _contract(unit: Any, customer: int) -> Ids:
    values = {"title": "Allarme", "starts_on": datetime.date(2026, 1, 1)}
    return {"contract_id": customers.add_contract(unit, customer, values, [service(unit)])}


def _site(unit: Any, customer: int) -> Ids:
    return {"site_id": master.save_site(unit, customer, 0, {"name": "Magazzino"}, row_version=0)}


def _plant(unit: Any, customer: int) -> Ids:
    ids = _site(unit, customer)
    return ids | {"plant_id": master.save_plant(unit, ids["site_id"], 0, {"code": "AR10"}, row_version=0)}


def _mandate(unit: Any, customer: int) -> Ids:
    values = {"iban": "IT60X0542811101000000123456", "signed_on": datetime.date(2026, 1, 7)}
    return {"mandate_id": master.save_mandate(unit, customer, 0, values, row_version=0)}


def _party(unit: Any) -> Ids:
    return {"party_id": registry.add_party(unit, {"name": "Rossi Impianti"})}


def _contact(unit: Any) -> Ids:
    ids = _party(unit)
    return ids | {"contact_person_id": registry.add_contact(unit, ids["party_id"], {"name": "Ada Rossi"})}


def _first(table: str, key: str) -> Callable[[Any], Ids]:
    return lambda unit: {key: int(unit.value(sa.text(f"select min({key}) from {table} where company_id = :company")))}


def _person(unit: Any) -> Ids:
    return {"person_id": int(unit.value(sa.text("select person_id from base.person where login = 'marta.bellini'")))}


def _service_type(unit: Any) -> Ids:
    values = {"code": "ALL", "description": "Allarme", "kind": "recurring", "unit": "mese", "is_active": True}
    return {"service_type_id": pricing.save_service_type(unit, 0, {**values, "vat_code_id": ordinary_vat(unit), "list_price": None})}


def _path(ids: Ids, *steps: tuple[str, str]) -> dict[str, Any]:
    return {"record": ids["customer_id"], "path": [[key, ids[name]] for key, name in steps]}


def _records(dock: CustomersDock, key: str) -> Any:
    return dock.customers.pane.parts.places[key].widget().editor


def _table(tab: str, table: str, key: str, mine: str, theirs: str) -> FormCase:
    return FormCase(
        f"table {tab}", "base", "tables", _first(table, key), lambda ids: {"tab": tab, "record": ids[key]},
        lambda dock: dock.tables_page.editor(tab).form, table, key, mine, theirs, f"base.{tab}",
    )  # fmt: skip


CASES = [
    FormCase(
        "customer", "customers", "customers", _customer, lambda ids: {"record": ids["customer_id"], "tab": "data"},
        lambda dock: dock.customers.pane.form, "registry.party", "party_id", "street", "phone", "customers.customer",
    ),
    FormCase(
        "contract", "customers", "customers", _with(_contract), lambda ids: {"record": ids["customer_id"], "contract": ids["contract_id"]},
        lambda dock: dock.customers.pane.contracts.editor.form, "customers.contract", "contract_id", "title", "order_reference",
        "customers.contract",
    ),
    FormCase(
        "site", "customers", "customers", _with(_site), lambda ids: _path(ids, ("sites", "site_id")),
        lambda dock: _records(dock, "sites").form, "customers.site", "site_id", "instructions", "phone", "customers.sites",
    ),
    FormCase(
        "plant", "customers", "customers", _with(_plant), lambda ids: _path(ids, ("sites", "site_id"), ("plants", "plant_id")),
        lambda dock: _records(dock, "sites").child("plants").editor.form, "customers.plant", "plant_id", "description", "maker",
        "customers.plants",
    ),
    FormCase(
        "mandate", "customers", "customers", _with(_mandate), lambda ids: _path(ids, ("mandates", "mandate_id")),
        lambda dock: _records(dock, "mandates").form, "customers.mandate", "mandate_id", "holder_name", "holder_tax_code",
        "customers.mandates", "RSSMRA80A01H501U", "01849250483",
    ),
    FormCase(
        "type of service", "customers", "prices", _service_type, lambda _ids: {"tab": "types"}, lambda dock: dock.prices.types.form,
        "customers.service_type", "service_type_id", "description", "unit", "customers.service_type",
    ),
    FormCase(
        "party", "registry", "parties", _party, lambda ids: {"record": ids["party_id"]}, lambda dock: dock.parties.pane.form,
        "registry.party", "party_id", "notes", "phone", "registry.party",
    ),
    FormCase(
        "contact person", "registry", "parties", _contact, lambda ids: {"record": ids["party_id"], "contact": ids["contact_person_id"]},
        lambda dock: dock.parties.pane.people.editor.form, "registry.contact_person", "contact_person_id", "job", "mobile",
        "registry.contact_person",
    ),
    FormCase(
        "person of the rubrica", "registry", "contacts", _contact, lambda ids: {"record": ids["contact_person_id"]},
        lambda dock: dock.contacts.editor.form, "registry.contact_person", "contact_person_id", "job", "mobile", "registry.contact_person",
    ),
    FormCase(
        "company", "base", "company", lambda _unit: {"company_id": 1}, lambda _ids: {}, lambda dock: dock.company.form, "base.company",
        "company_id", "letterhead_foot", "phone", "base.company",
    ),
    FormCase(
        "person", "base", "persons", _person, lambda ids: {"record": ids["person_id"]}, lambda dock: dock.persons.edit_form, "base.person",
        "person_id", "job_title", "email", "base.person", "m.bellini@example.it", "marta@example.it",
    ),
    _table("vat", "base.vat_code", "vat_code_id", "description", "legal_reference"),
    _table("terms", "base.payment_term", "payment_term_id", "description", "code"),
    _table("series", "base.document_series", "document_series_id", "name", "code"),
    _table("banks", "base.bank_account", "bank_account_id", "name", "branch"),
]  # fmt: skip


def open_dock(place: Workplace, module: str, qtbot: Any) -> Any:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = DOCKS[module](place)
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)
    dock.kept = window
    window.resize(1600, 1000)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    settle(dock, place, qtbot)
    return dock


def settle(dock: Any, place: Workplace, qtbot: Any) -> None:
    until(qtbot, lambda: not dock.is_making() and not place.background.is_busy(), 15_000)


def arrange(place: Workplace, case: FormCase) -> Ids:
    with place.background._open_unit() as unit:
        return case.arrange(unit)


def show(place: Workplace, case: FormCase, ids: Ids, qtbot: Any) -> tuple[Any, Any]:
    """The dock and the form with the record in view."""
    dock = open_dock(place, case.module, qtbot)
    dock.show_page_for(case.page, **case.way(ids))
    settle(dock, place, qtbot)
    form = case.form(dock)
    until(qtbot, lambda: form.isVisible() and not place.background.is_busy())
    return dock, form


def type_into(form: Any, key: str, text: str, qtbot: Any) -> None:
    """Replace what stands in the field, by keys."""
    field = form.fields[key]
    field.editor.setFocus()
    qtbot.keyClick(field.editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field.editor, text)


def change(house: House, case: FormCase, ids: Ids, column: str, text: str) -> None:
    """A colleague changes one column of the record."""
    company = "" if case.table in ("base.person", "base.company") else "company_id = 1 and "
    with house.owner() as owner:
        owner.execute(
            f"update {case.table} set {column} = %s, row_version = row_version + 1 where {company}{case.key} = %s", (text, ids[case.key])
        )


def stored(house: House, case: FormCase, ids: Ids) -> tuple[str, str]:
    """What the database holds in the two columns."""
    company = "" if case.table in ("base.person", "base.company") else "company_id = 1 and "
    with house.owner() as owner:
        row = owner.execute(
            f"select {case.mine}, {case.theirs} from {case.table} where {company}{case.key} = %s", (ids[case.key],)
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])
