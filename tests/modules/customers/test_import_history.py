"""An import as an object: known again, taken back as a whole, and never a way around anybody's rights."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from cms_desktop.core.errors import AlreadyDone, Conflict, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.database import Database
from cms_desktop.documents.importing import (
    ImportMapping,
    ImportResult,
    find_same_source,
    list_imports,
    list_obstacles,
    propose_mapping,
    run_import,
    source_of,
    undo_import,
)
from cms_desktop.documents.spreadsheet import read_rows
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.importing import CUSTOMERS
from tests.house import House
from tests.modules.customers.samples import add_customer, service

TOWN_HALLS = pathlib.Path(__file__).with_name("town_halls.csv")
HEADERS = ("cliente", "piva", "pec")


@pytest.fixture
def marta(house: House) -> Iterator[Database]:
    session = house.log_in("marta.bellini")
    yield session.database
    session.close()


def _import(database: Database, *rows: tuple[str, str, str], fill: bool = False) -> ImportResult:
    mapping: ImportMapping = propose_mapping(CUSTOMERS, HEADERS).with_options(on_duplicate="fill" if fill else "skip")
    with database.unit_of_work(1) as unit:
        return run_import(unit, CUSTOMERS, HEADERS, rows, mapping, is_dry_run=False)


def _run_of(result: ImportResult) -> int:
    assert result.run_id is not None
    return result.run_id


def test_an_import_is_kept_with_its_figures_and_the_same_file_is_known_again(marta: Database) -> None:
    sheet, source = read_rows(TOWN_HALLS), source_of(TOWN_HALLS)
    mapping = propose_mapping(CUSTOMERS, sheet.headers)
    with marta.unit_of_work(1) as unit:
        assert find_same_source(unit, "customers", source) is None
        dry = run_import(unit, CUSTOMERS, sheet.headers, sheet.rows, mapping, source=source, is_dry_run=True)
        assert dry.run_id is None and list_imports(unit, ["customers"]) == []
        done = run_import(unit, CUSTOMERS, sheet.headers, sheet.rows, mapping, source=source, is_dry_run=False)
    with marta.unit_of_work(1) as unit:
        (kept,) = list_imports(unit, ["customers"])
        assert find_same_source(unit, "customers", source) == kept
    assert (kept.import_run_id, kept.file_name, kept.created_count) == (done.run_id, "town_halls.csv", len(sheet.rows))
    assert kept.undone_at is None and kept.author


def test_an_import_that_nobody_touched_is_taken_back_as_a_whole(marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        known = add_customer(unit, "Bellini", vat_number="00743110157", pec="")
        before = queries.load_customer(unit, known).values
    run = _run_of(_import(marta, ("Bellini", "00743110157", "x@pec.example.it"), ("Nuova", "", ""), ("Altra", "", ""), fill=True))
    with marta.unit_of_work(1) as unit:
        assert queries.load_customer(unit, known).values["pec"] == "x@pec.example.it"
        assert list_obstacles(unit, run) == []
        undone = undo_import(unit, run)
    assert (undone.removed, undone.restored) == (2, 1)
    with marta.unit_of_work(1) as unit:
        assert [row.name for row in queries.list_customers(unit, ListQuery()).rows] == ["Bellini"]
        assert queries.load_customer(unit, known).values == before
        assert [run.undone_by for run in list_imports(unit, ["customers"])] == ["Marta Bellini"]
    with pytest.raises(AlreadyDone), marta.unit_of_work(1) as unit:
        undo_import(unit, run)


def test_records_that_were_touched_or_used_since_are_named_and_nothing_is_undone(marta: Database) -> None:
    result = _import(marta, ("Cambiata", "", ""), ("Usata", "", ""), ("Intatta", "", ""))
    changed, used = (row.record_id or 0 for row in result.rows[:2])
    with marta.unit_of_work(1) as unit:
        record = queries.load_customer(unit, changed)
        versions = {"party_version": record.party_version, "customer_version": record.customer_version}
        actions.change_customer(unit, changed, {"notes": "chiamata"}, **versions)
        actions.add_contract(unit, used, {"starts_on": service(unit).starts_on}, [service(unit, "10")])
    with marta.unit_of_work(1) as unit:
        found = {(one.line_no, one.reason, one.by_table) for one in list_obstacles(unit, _run_of(result))}
        assert found == {(2, "changed", ""), (3, "used", "customers.contract")}
    with pytest.raises(Conflict), marta.unit_of_work(1) as unit:
        undo_import(unit, _run_of(result))
    with marta.unit_of_work(1) as unit:
        assert queries.count_customers(unit, ListQuery()) == 3


def test_who_may_not_import_cannot_undo_either(house: House, marta: Database) -> None:
    run = _run_of(_import(marta, ("Nuova", "", "")))
    for login in ("carlo.conti", "rita.revisore"):
        session = house.log_in(login)
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            undo_import(unit, run)
        session.close()


def _refused(connection: psycopg.Connection, query: str, *values: object) -> str:
    with pytest.raises(psycopg.Error) as caught, connection.transaction():
        connection.execute(query, values)  # type: ignore[arg-type]
    return caught.value.sqlstate or ""


def test_the_journal_takes_only_what_the_import_really_wrote(house: House, marta: Database) -> None:
    with marta.unit_of_work(1) as unit:
        other = add_customer(unit, "Non importata")
    run = _run_of(_import(marta, ("Nuova", "", "")))
    noted = Jsonb([{"n": 2, "id": other, "name": "x"}])
    note = "select base.note_import(1, %s, %s, %s, %s)"
    with house.person("marta.bellini") as person:
        assert _refused(person, note, run, "U", "registry.party", noted) == "CM092"  # that import is over
        with person.transaction():
            row = person.execute("select base.open_import(1, 'customers', 'x', '\\x00', 1, '{}')").fetchone()
            assert row is not None
            assert person.execute(note, (row[0], "I", "registry.party", noted)).fetchone() == (0,)  # not created here
            for table in ("base.permission", "billing.invoice", "customers.contract"):
                assert _refused(person, note, row[0], "I", table, noted) == "CM092"
            person.execute(note, (row[0], "U", "registry.party", noted))
            person.execute("select base.close_import(1, %s, 0, 1, 0, 0)", row)
    with house.person("anna.admin") as admin:
        admin.execute("update registry.party set notes = 'importante', row_version = row_version + 1 where party_id = %s", (other,))
    with house.person("marta.bellini") as person:
        assert _refused(person, "select base.undo_import(1, %s)", row[0]) == "CM094"  # what somebody wrote later is not put back
        assert _refused(person, "insert into base.import_row select * from base.import_row") == "42501"
        assert _refused(person, "update base.import_run set state = 'done'") == "42501"


def test_an_unknown_target_is_nobodys(house: House) -> None:
    with house.person("anna.admin") as admin, house.person("marta.bellini") as marta:
        query = "select base.open_import(1, 'base.permission', 'x', '\\x00', 1, '{}')"
        assert _refused(marta, query) == "CM001"
        assert _refused(admin, query) == "CM091"
