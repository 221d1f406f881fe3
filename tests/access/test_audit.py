"""What the audit keeps: who, what, and the row as it was."""

from __future__ import annotations

import pytest

from tests.access.arranged import add_customer, outcome
from tests.house import House

LAST = (
    "select person_id, login, operation, row_count, record_id, row_before ->> 'name' from base.audit_entry "
    "where table_name = 'registry.party' order by audit_id desc limit 1"
)


def test_an_insert_leaves_a_summary_and_the_rows_carry_their_author(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        row = marta.execute("insert into registry.party (company_id, name) values (1, 'Uno') returning party_id, created_by").fetchone()
        assert row is not None and row[1] == 2
        assert owner.execute(LAST).fetchone() == (2, "house_marta.bellini", "I", 1, row[0], None)
        marta.execute("insert into registry.party (company_id, name) select 1, 'n' || n from generate_series(1, 500) n")
        assert owner.execute(LAST).fetchone() == (2, "house_marta.bellini", "I", 500, None, None)
        assert owner.execute("select count(*) from base.audit_entry where table_name = 'registry.party'").fetchone() == (2,)


def test_an_update_and_a_delete_keep_the_row_as_it_was_and_who_did_it(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta, house.person("dora.doppia") as dora:
        marta.execute("insert into registry.party (company_id, name) values (1, 'Prima')")
        dora.execute("update registry.party set name = 'Dopo', row_version = row_version + 1")
        assert owner.execute(LAST).fetchone() == (5, "house_dora.doppia", "U", 1, 1, "Prima")
        marta.execute("delete from registry.party")
        assert owner.execute(LAST).fetchone() == (2, "house_marta.bellini", "D", 1, 1, "Dopo")


def test_each_row_of_an_update_of_many_is_kept(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        marta.execute("insert into registry.party (company_id, name) select 1, 'n' || n from generate_series(1, 30) n")
        marta.execute("update registry.party set phone = '011', row_version = row_version + 1 where party_id <= 20")
        kept = owner.execute(
            "select array_agg(row_before ->> 'name' order by record_id) from base.audit_entry where table_name = 'registry.party' and operation = 'U'"
        ).fetchone()
        assert kept == ([f"n{number}" for number in range(1, 21)],)


def test_what_is_rolled_back_leaves_no_entry(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta:
        before = owner.execute("select count(*) from base.audit_entry").fetchone()
        with marta.transaction(force_rollback=True):
            add_customer(marta, "100")
        assert owner.execute("select count(*) from base.audit_entry").fetchone() == before


def test_an_entry_belongs_to_the_company_of_its_row(house: House) -> None:
    with house.owner() as owner, house.person("rita.revisore") as rita, house.person("bruno.estraneo") as bruno:
        owner.execute("insert into registry.party (company_id, name) select 1 + n % 2, 'x' from generate_series(1, 7) n")
        query = "select company_id, row_count from base.audit_entry where table_name = 'registry.party'"
        assert rita.execute(query).fetchall() == [(1, 3)]
        assert bruno.execute(query).fetchall() == [(2, 4)]


@pytest.mark.parametrize("login", ["marta.bellini", "carlo.conti"])
def test_who_has_no_right_to_the_audit_reads_none_of_it(full_house: House, login: str) -> None:
    with full_house.person(login) as person:
        assert outcome(person, "select 1 from base.audit_entry") == "0 rows"


def test_giving_and_taking_rights_is_kept(house: House) -> None:
    with house.owner() as owner, house.person("anna.admin") as anna:
        anna.execute("select sec.grant_functions(1, 3, array['base.read', 'ledger.read'])")
        kept = owner.execute(
            "select distinct login, row_before ->> 'function' from base.audit_entry where table_name = 'base.permission' and operation = 'D' "
            "and record_id = 3 and row_before ->> 'function' = 'ledger.collect'"
        ).fetchall()
        assert kept == [("house_anna.admin", "ledger.collect")]


def test_no_secret_is_in_the_audit(full_house: House) -> None:
    with full_house.owner() as owner:
        assert owner.execute("select count(*) from base.audit_entry where row_before::text ~ 'SCRAM-SHA|\\$2[aby]\\$'").fetchone() == (0,)
