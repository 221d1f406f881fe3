"""One field of many records at once, in the lists of every module: looked at, done, taken back, and what stands in the way."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.core.mass_change import Target
from cms_desktop.db.database import Database
from cms_desktop.modules.base.mass_lists import IS_DEFAULT
from cms_desktop.modules.base.mass_lists import LISTS as BASE
from cms_desktop.modules.customers import actions, mass_lists
from cms_desktop.modules.customers.actions import master
from cms_desktop.modules.registry import actions as registry
from cms_desktop.modules.registry.mass_lists import CONTACTS, ENDS_BEFORE, IS_DONE, TASK_LIST
from cms_desktop.modules.registry.notes.actions import complete_task, write_note
from cms_desktop.modules.registry.notes.records import Draft, Subject
from cms_desktop.ui.mass_change import MassChange
from tests.house import House
from tests.modules.customers.samples import add_customer, service
from tests.modules.customers.workplaces import opened_workplace, until
from tests.modules.everywhere.forms import open_dock, settle


@dataclass(frozen=True)
class MassCase:
    name: str
    functions: Any
    query: ListQuery
    key: str
    value: Any
    column: str  # select of all values, ordered
    changing: int
    same: int
    refused: dict[str, int]
    after: list[Any]

    def __str__(self) -> str:
        return self.name


CASES = [
    MassCase("contracts", mass_lists.CONTRACTS, ListQuery(), "order_reference", " ODA 7 ", "select order_reference from customers.contract order by contract_id",
             2, 0, {mass_lists.IS_OVER: 1}, ["ODA 7", "ODA 7", ""]),
    MassCase("sites", mass_lists.SITES, ListQuery((Filter("name", "contains", ("a",)),)), "is_active", False,
             "select is_active from customers.site order by site_id", 2, 0, {}, [False, False]),
    MassCase("plants", mass_lists.PLANTS, ListQuery(), "kind", "video", "select kind from customers.plant order by code", 1, 1, {}, ["video", "video"]),
    MassCase("contacts", CONTACTS, ListQuery(), "valid_to", datetime.date(2026, 6, 30), "select valid_to from registry.contact_person order by name",
             1, 0, {ENDS_BEFORE: 1}, [datetime.date(2026, 6, 30), None]),
    MassCase("VAT codes", BASE["vat"], ListQuery(), "is_active", False,
             "select bool_or(is_active) from base.vat_code where company_id = 1", -1, -1, {}, [False]),
    MassCase("banks", BASE["banks"], ListQuery(), "is_active", False, "select is_active from base.bank_account where company_id = 1 order by name",
             1, 0, {IS_DEFAULT: 1}, [True, False]),
]  # fmt: skip


@pytest.fixture
def office(house: House) -> Iterator[Database]:
    session = house.log_in("anna.admin")
    with session.database.unit_of_work(1) as unit:
        customer = add_customer(unit)
        for _number in range(3):
            contract = actions.add_contract(unit, customer, {"starts_on": datetime.date(2026, 1, 1)}, [service(unit)])
        version = unit.value(sa.text("select row_version from customers.contract where contract_id = :c"), {"c": contract})
        actions.terminate_contract(unit, contract, datetime.date(2026, 2, 1), row_version=version)
        sites = [master.save_site(unit, customer, 0, {"name": name}, row_version=0) for name in ("Magazzino", "Fabbrica")]
        master.save_plant(unit, sites[0], 0, {"code": "A1", "kind": "fire"}, row_version=0)
        master.save_plant(unit, sites[0], 0, {"code": "A2", "kind": "video"}, row_version=0)
        registry.add_contact(unit, customer, {"name": "Ada"})
        registry.add_contact(unit, customer, {"name": "Ugo", "valid_from": datetime.date(2026, 7, 1)})
    with house.owner() as owner:
        owner.execute("insert into base.bank_account (company_id, name, iban) values (1, 'Seconda', 'IT75E0306911101000000987654')")
    yield session.database
    session.close()


def _values(database: Database, query: str) -> list[Any]:
    with database.unit_of_work(1) as unit:
        return [row[0] for row in unit.rows(sa.text(query))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_field_of_many_is_changed_and_taken_back(case: MassCase, office: Database) -> None:
    target = Target((), case.query)
    before = _values(office, case.column)
    with office.unit_of_work(1) as unit:
        found = case.functions.preview(unit, target, case.key, case.value)
    if case.changing >= 0:
        assert (found.changing, found.same, dict(found.refused)) == (case.changing, case.same, case.refused)
    assert found.changing > 0 and _values(office, case.column) == before
    with office.unit_of_work(1) as unit:
        change = case.functions.apply(unit, target, case.key, case.value, "prova")
    assert change.row_count == found.changing
    assert _values(office, case.column) == case.after
    with office.unit_of_work(1) as unit:
        assert [one.title for one in case.functions.recent(unit)] == ["prova"]
        assert case.functions.undo(unit, change.mass_change_id).restored == change.row_count
    assert _values(office, case.column) == before
    with office.unit_of_work(1) as unit, pytest.raises(AlreadyDone):
        case.functions.undo(unit, change.mass_change_id)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_who_may_not_write_changes_none(case: MassCase, office: Database, house: House) -> None:
    before = _values(office, case.column)
    session = house.log_in("rita.revisore")
    with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
        case.functions.apply(unit, Target((), case.query), case.key, case.value)
    session.close()
    assert _values(office, case.column) == before


@pytest.mark.parametrize(
    ("functions", "key", "value"),
    [
        (mass_lists.CONTRACTS, "number", "X"), (mass_lists.CONTRACTS, "cig_code", "corto"), (mass_lists.CONTRACTS, "profile", "altro"),
        (mass_lists.PLANTS, "kind", "nessuno"), (CONTACTS, "party_id", 1), (BASE["vat"], "exigibility", "X"), (TASK_LIST, "due_on", None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(functions: Any, key: str, value: Any, office: Database) -> None:
    with office.unit_of_work(1) as unit, pytest.raises(InvalidInput) as refused:
        functions.apply(unit, Target((), ListQuery()), key, value)
    assert refused.value.field == key


def test_tasks_are_handed_on_together_and_come_back(office: Database, house: House) -> None:
    with office.unit_of_work(1) as unit:
        me = unit.person_id
        marta = int(unit.value(sa.text("select person_id from base.person where login = 'marta.bellini'")))
        party = int(unit.value(sa.text("select min(party_id) from registry.party")))
        day = datetime.date(2026, 12, 1)
        notes = [
            write_note(unit, Subject("registry.party", party), Draft(words, executor_id=me, due_on=day)) for words in ("uno", "due", "tre")
        ]
        complete_task(unit, notes[2])
    target = Target(tuple(notes))
    with office.unit_of_work(1) as unit:
        found = TASK_LIST.preview(unit, target, "executor_id", marta)
    assert (found.changing, dict(found.refused)) == (2, {IS_DONE: 1})
    executors = "select executor_id from registry.note order by note_id"
    assert _values(office, executors) == [me, me, me]
    with house.owner() as owner:
        before = owner.execute("select count(*) from base.notice where kind = 'registry.task' and person_id = %s", (marta,)).fetchone()
    with office.unit_of_work(1) as unit:
        change = TASK_LIST.apply(unit, target, "executor_id", marta, "a Marta")
    assert _values(office, executors) == [marta, marta, me]
    with house.owner() as owner:
        after = owner.execute("select count(*) from base.notice where kind = 'registry.task' and person_id = %s", (marta,)).fetchone()
    assert before is not None and after is not None and after[0] == before[0] + 2  # she is told as ever
    with office.unit_of_work(1) as unit:
        assert TASK_LIST.undo(unit, change.mass_change_id).restored == 2
    assert _values(office, executors) == [me, me, me]
    with office.unit_of_work(1) as unit:
        moved = TASK_LIST.apply(unit, Target((), ListQuery()), "due_on", datetime.date(2027, 1, 5))
    assert moved.row_count == 2


PAGES = [
    ("customers", lambda dock: dock.customers.list), ("customers", lambda dock: dock.contracts), ("customers", lambda dock: dock.sites),
    ("customers", lambda dock: dock.plants), ("registry", lambda dock: dock.parties.list), ("registry", lambda dock: dock.contacts.list),
    ("registry", lambda dock: dock.page("tasks").list), *(("base", lambda dock, key=key: dock.tables_page.editor(key)) for key in BASE),
]  # fmt: skip


def _is_ready(panel: Any) -> bool:
    """The preview is there, or a value must be chosen first."""
    return panel.preview is not None or "valore" in panel.counts.text()


@pytest.mark.usefixtures("light")
def test_the_lists_offer_it(house: House, qtbot: Any) -> None:
    with opened_workplace(house, "anna.admin") as place:
        for module in ("customers", "registry", "base"):
            dock = open_dock(place, module, qtbot)
            finders: list[Callable[[Any], Any]] = [find for name, find in PAGES if name == module]
            for find in finders:
                host = find(dock)
                settle(dock, place, qtbot)
                change = host.findChild(MassChange)
                assert change is not None and not change.button.isHidden()
                change.open()
                until(qtbot, lambda change=change: change.panel is not None and _is_ready(change.panel))
                assert change.panel is not None and change.panel.editors
                change._close()
                settle(dock, place, qtbot)
            dock.kept.hide()
