"""Two records of one party become one, with everything that lives on, and two again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from cms_desktop.modules.registry.columns import table_name
from server_schema import deploy
from tests.access.arranged import add_customer, prepare
from tests.house import House
from tests.modules.registry.arrange import add_party, merge, one


@pytest.fixture
def marta(house: House) -> Iterator[psycopg.Connection]:
    with house.person("marta.bellini") as connection:
        yield connection


def _picture(house: House) -> str:
    """Everything a merge may touch, without versions and stamps."""
    with house.owner() as owner:
        found = {}
        for table in ("registry.party", "registry.party_role", "registry.contact_person", "registry.refusal", "customers.customer",
                      "customers.contract", "customers.service", "customers.site", "registry.note"):  # fmt: skip
            rows = owner.execute(
                f"select to_jsonb(t) - array['row_version', 'changed_at', 'changed_by', 'state_on', 'state_reason'] from {table} as t order by t.*::text"
            )  # type: ignore[arg-type]
            found[table] = sorted(json.dumps(row[0], sort_keys=True) for row in rows)
        return json.dumps(found)


@pytest.mark.parametrize("state", ["active", "suspended", "terminating"])
def test_sites_and_notes_pass_over_and_come_back_with_the_state(house: House, marta: psycopg.Connection, state: str) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    marta.execute("insert into customers.site (company_id, customer_id, code, name) values (1, %s, 'S1', 'Magazzino')", (double,))
    with house.owner() as owner:
        owner.execute(
            "insert into registry.note (company_id, party_id, read_function, words, min_rank) values (1, %s, 'registry.read', 'Chiamare', 0)",
            (double,),
        )
    if state != "active":
        marta.execute("update customers.customer set state = %s, row_version = row_version + 1 where customer_id = %s", (state, double))
    before = _picture(house)
    this = merge(marta, kept, double)
    assert one(marta, "select customer_id from customers.site where code = 'S1'") == kept
    assert one(marta, "select party_id from registry.note where words = 'Chiamare'") == kept
    marta.execute("select registry.undo_merge(1, %s)", (this,))
    assert _picture(house) == before


def _people(connection: psycopg.Connection, party: int) -> None:
    connection.execute(
        "insert into registry.contact_person (company_id, party_id, name) values (1, %s, 'Ada Serra'), (1, %s, 'Ivo Testa')", (party, party)
    )
    connection.execute("insert into registry.refusal (company_id, party_id, channel, origin) values (1, %s, 'email', 'PEC')", (party,))


def test_people_roles_and_refusals_pass_over_and_the_merged_party_leaves_the_lists(house: House, marta: psycopg.Connection) -> None:
    kept, double = add_party(marta, "Rossi Mario"), add_party(marta, "Rossi Mario S.r.l.", phone="011 555123")
    _people(marta, double)
    marta.execute(
        "insert into registry.party_role (company_id, party_id, role) values (1, %s, 'supplier'), (1, %s, 'supplier'), (1, %s, 'prospect')",
        (kept, double, double),
    )
    merge(marta, kept, double, "phone")
    assert one(marta, "select count(*) from registry.contact_person where party_id = %s", kept) == 2
    assert one(marta, "select count(*) from registry.refusal where party_id = %s and channel = 'email'", kept) == 1
    roles = marta.execute("select role from registry.party_role where party_id = %s and until_on is null order by 1", (kept,)).fetchall()
    assert roles == [("prospect",), ("supplier",)]
    assert one(marta, "select phone from registry.party where party_id = %s", kept) == "011 555123"
    assert one(marta, "select survivor_id from registry.party where party_id = %s", double) == kept
    assert one(marta, "select sum(parties) from registry.section_count where company_id = 1 and section = 'party'") == 1
    with house.owner() as owner:
        assert deploy.check(owner) == []


def test_a_merge_can_be_taken_back_to_the_last_field(house: House, marta: psycopg.Connection) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    _people(marta, double)
    marta.execute("update registry.party set phone = '011 1', row_version = row_version + 1 where party_id = %s", (double,))
    before = _picture(house)
    this = merge(marta, kept, double, "phone", "name")
    assert one(marta, "select count(*) from customers.contract where customer_id = %s", kept) == 2
    assert one(marta, "select state from customers.customer where customer_id = %s", double) == "terminated"
    assert _picture(house) != before
    marta.execute("select registry.undo_merge(1, %s)", (this,))
    assert _picture(house) == before
    with house.owner() as owner:
        assert deploy.check(owner) == []


def test_issued_documents_stay_in_the_name_they_were_issued_in(house: House, marta: psycopg.Connection) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    marta.execute("select billing.issue_run(1, %s)", (prepare(marta, "2025-01-01"),))
    books = "select count(*) from billing.invoice as i join ledger.open_item using (company_id, customer_id) where customer_id = %s and buyer ->> 'name' = 'Cliente 101'"
    assert one(marta, books, double) == 1
    merge(marta, kept, double, "name")
    assert one(marta, books, double) == 1
    preview = one(marta, "select registry.preview_merge(1, %s, %s)", kept, double)
    assert preview["obstacle"]["key"] == "merge_done_already"
    with house.owner() as owner:
        assert deploy.check(owner) == []


def test_the_preview_counts_what_the_merge_then_moves(marta: psycopg.Connection) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    _people(marta, double)
    preview = one(marta, "select registry.preview_merge(1, %s, %s)", kept, double)
    assert preview["obstacle"] is None
    moves = {row["table"]: (row["moves"], row["stays"]) for row in preview["tables"]}
    assert moves["registry.contact_person"] == (2, 0)
    assert moves["customers.contract"] == (1, 0)
    assert moves["customers.customer"] == (0, 1)
    this = merge(marta, kept, double)
    moved = dict(
        marta.execute(
            "select table_name, count(*) from registry.merge_row where merge_id = %s and value_before is null group by 1", (this,)
        ).fetchall()
    )
    assert moved == {table: moves for table, (moves, _stays) in moves.items() if moves}


def test_what_was_touched_since_forbids_the_undoing_and_is_named(marta: psycopg.Connection) -> None:
    kept, double = add_party(marta, "Uno"), add_party(marta, "Uno bis")
    _people(marta, double)
    this = merge(marta, kept, double)
    marta.execute("update registry.contact_person set job = 'Direttrice', row_version = row_version + 1 where name = 'Ada Serra'")
    with pytest.raises(psycopg.Error) as refused:
        marta.execute("select registry.undo_merge(1, %s)", (this,))
    assert refused.value.sqlstate == "CM053"
    assert json.loads(refused.value.diag.message_detail or "{}") == {"touched": "registry.contact_person: 1"}


def test_contracts_billed_since_forbid_the_undoing(marta: psycopg.Connection) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    this = merge(marta, kept, double)
    marta.execute("select billing.issue_run(1, %s)", (prepare(marta, "2025-01-01"),))
    with pytest.raises(psycopg.Error, match="merge_touched_since"):
        marta.execute("select registry.undo_merge(1, %s)", (this,))


@pytest.mark.parametrize("obstacle", ["merge_two_subjects", "merge_in_preview", "merge_customer_survives", "merge_unknown", "conflict"])
def test_an_unlawful_merge_is_refused(house: House, marta: psycopg.Connection, obstacle: str) -> None:
    kept, double = add_customer(marta, "100"), add_customer(marta, "101")
    if obstacle == "merge_two_subjects":
        with house.owner() as owner:
            owner.execute(
                "update registry.party set vat_number = '00488410010', row_version = row_version + 1 where party_id = %s", (double,)
            )
        marta.execute("select billing.issue_run(1, %s)", (prepare(marta, "2025-01-01"),))
    elif obstacle == "merge_in_preview":
        prepare(marta, "2025-01-01")
    elif obstacle == "merge_customer_survives":
        kept = add_party(marta, "Solo anagrafica")
    elif obstacle == "merge_unknown":
        kept = double
    with pytest.raises(psycopg.Error, match=obstacle):
        if obstacle == "conflict":
            marta.execute("select registry.merge_parties(1, %s, %s, '{}', 1, 9)", (kept, double))
        else:
            merge(marta, kept, double)


def test_a_chain_of_merges_ends_at_the_last_survivor(marta: psycopg.Connection) -> None:
    one_party, two, three = (add_party(marta, name) for name in ("Uno", "Due", "Tre"))
    merge(marta, two, one_party)
    merge(marta, three, two)
    assert marta.execute("select survivor_id from registry.party where survivor_id is not null").fetchall() == [(three,), (three,)]


REACHED = """
with recursive reached as (
  select 'registry.party'::regclass::oid as tab
  union
  select k.conrelid from pg_constraint as k join reached on k.confrelid = reached.tab
  join pg_namespace as n on n.oid = (select relnamespace from pg_class where oid = k.conrelid) where k.contype = 'f'
)
select tab::regclass::text from reached
"""
DIRECT = """
select k.conrelid::regclass::text, a.attname::text from pg_constraint as k join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = k.conkey[2]
where k.contype = 'f' and k.confrelid in ('registry.party'::regclass, 'customers.customer'::regclass)
"""
BESIDES: set[str] = set()  # tables that a foreign key reaches and that hold nothing of the party


def test_the_list_of_tables_of_a_person_is_complete(house: House) -> None:
    with house.owner() as owner:
        listed = owner.execute("select table_name, reference from registry.tables_of_person()").fetchall()
        reached = {row[0] for row in owner.execute(REACHED)}
        assert reached - BESIDES == {table for table, _ in listed}, "add the table to registry.tables_of_person()"
        assert set(owner.execute(DIRECT).fetchall()) == {(table, column) for table, column in listed if column}


def test_every_table_of_a_person_has_a_name_in_previews_and_reports(shared_house: House) -> None:
    with shared_house.owner() as owner:
        listed = {row[0] for row in owner.execute("select table_name from registry.tables_of_person()")}
    assert {table for table in listed if table_name(table) == table} == set()
