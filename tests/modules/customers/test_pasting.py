"""Customers pasted from a spreadsheet: checked row by row, written together, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from cms_desktop.core.pasting import FieldChange, read_clipboard
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import mass_change, pasting
from tests.house import House
from tests.modules.customers.samples import add_customer

TITLES = ["Codice cliente", "Ragione sociale", "Partita IVA", "Indirizzo", "Banca"]
ROWS = [
    ["1", "", "", "Via Nuova", "Banca Etica"],
    ["", "Nuova S.r.l.", "01849250483", "Via Po", ""],
    ["", "", "00743110157", "", ""],
    ["", "Sbagliata S.r.l.", "01849520483", "", ""],
    ["77", "", "", "Via X", ""],
]


@pytest.fixture
def unit(house: House) -> Iterator[UnitOfWork]:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as found:
        add_customer(found, "Bellini", vat_number="", tax_code="")
        add_customer(found, "Di Ieri")
        yield found
    session.close()


def names(unit: UnitOfWork) -> list[tuple[Any, ...]]:
    rows = unit.rows(
        sa.text(
            "select p.name, p.street, c.bank_name from registry.party p join customers.customer c on c.customer_id = p.party_id "
            "where p.company_id = :company order by p.party_id"
        )
    )
    return [tuple(one) for one in rows]


def test_cells_of_a_spreadsheet_are_read_with_their_quotes_and_gaps() -> None:
    assert read_clipboard('a\t"b\nc"\r\n\r\nd\t\n') == [["a", "b c"], ["d", ""]]
    assert read_clipboard("uno\ndue") == [["uno"], ["due"]]
    assert read_clipboard("") == []


def test_each_row_says_what_becomes_of_it(unit: UnitOfWork) -> None:
    columns = pasting.propose(TITLES)
    assert columns == {"code": 0, "name": 1, "vat_number": 2, "street": 3, "bank_name": 4}
    before = names(unit)
    known, new, same, wrong, unknown = pasting.check(unit, ROWS, columns).rows
    assert (known.name, known.outcome) == ("Bellini", "changed")
    assert known.changes == (FieldChange("street", "Via de' Cerretani", "Via Nuova"), FieldChange("bank_name", "", "Banca Etica"))
    assert (new.name, new.outcome) == ("Nuova S.r.l.", "new")
    assert (same.name, same.outcome) == ("Di Ieri", "same")
    assert wrong.outcome == "error" and wrong.sentences
    assert unknown.outcome == "error" and "77" in str(unknown.sentences[0])
    assert names(unit) == before


def test_pasted_rows_are_written_and_taken_back(unit: UnitOfWork) -> None:
    before = names(unit)
    done = pasting.paste(unit, ROWS, pasting.propose(TITLES), "Incollati")
    assert done.row_count == 2 and done.kind == "paste"
    assert names(unit) == [("Bellini", "Via Nuova", "Banca Etica"), before[1], ("Nuova S.r.l.", "Via Po", "")]
    undone = mass_change.undo(unit, done.mass_change_id)
    assert (undone.restored, undone.left) == (2, 0)
    assert names(unit) == before


def test_a_new_customer_with_a_contract_stays_when_pasting_is_taken_back(house: House) -> None:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        done = pasting.paste(unit, ROWS[1:2], pasting.propose(TITLES))
    with session.database.unit_of_work(1) as unit:
        unit.session.execute(
            sa.text(
                "insert into customers.contract (company_id, customer_id, number, starts_on) "
                "select 1, customer_id, 'C-1', '2026-01-01' from customers.customer order by customer_id desc limit 1"
            )
        )
    with session.database.unit_of_work(1) as unit:
        undone = mass_change.undo(unit, done.mass_change_id)
        assert (undone.restored, undone.left) == (0, 1)
        assert names(unit)[-1][0] == "Nuova S.r.l."
    session.close()


def test_the_list_of_a_paste_takes_away_no_record_that_it_did_not_create(house: House) -> None:
    session = house.log_in("marta.bellini")
    with session.database.unit_of_work(1) as unit:
        customer = add_customer(unit, "Bellini", vat_number="", tax_code="")
    with session.database.unit_of_work(1) as unit:
        done = pasting.paste(unit, ROWS[1:2], pasting.propose(TITLES))
    with house.person("marta.bellini") as marta:  # forged by hand
        for table in ("customers.customer", "registry.party"):
            marta.execute(
                "insert into base.mass_change_row (company_id, mass_change_id, table_name, record_id, version) values (1, %s, %s, %s, 1)",
                (done.mass_change_id, table, customer),
            )
        gone = marta.execute("select base.remove_created(1, %s)", (done.mass_change_id,)).fetchone()
        assert gone is not None and customer not in gone[0] and len(gone[0]) == 1
    with session.database.unit_of_work(1) as unit:
        assert [one[0] for one in names(unit)] == ["Bellini"]
    session.close()


def test_the_same_customer_twice_is_refused(unit: UnitOfWork) -> None:
    rows = [ROWS[1], ROWS[1], ROWS[0], ROWS[0]]
    assert [one.outcome for one in pasting.check(unit, rows, pasting.propose(TITLES)).rows] == ["new", "error", "changed", "error"]


def test_who_may_only_read_pastes_nothing(house: House, unit: UnitOfWork) -> None:
    session = house.log_in("rita.revisore")
    with pytest.raises(Exception, match="diritto"), session.database.unit_of_work(1) as reader:
        pasting.paste(reader, ROWS[1:2], pasting.propose(TITLES))
    session.close()
