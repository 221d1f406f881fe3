"""Every table of the catalogue, attacked by raw SQL: the administrator of another company and a reader of the same one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.access.arranged import REFUSED, Table, fingerprint, outcome, protected, tables
from tests.access.arranged_contracts import FRESH_CONTRACTS
from tests.access.arranged_customers import FRESH_CUSTOMERS
from tests.access.arranged_outbox import FRESH_OUTBOX
from tests.access.arranged_runs import FRESH_RUNS
from tests.house import House

NOTHING = ("0 rows", *REFUSED)
Attack = Callable[[psycopg.Connection[Any], Table, dict[str, Any]], dict[str, str]]


def _order(text: str, table: Table, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(table=table.identifier, foreign=table.of_company_1, **parts)  # type: ignore[arg-type]


def _first_row(owner: psycopg.Connection[Any], table: Table) -> dict[str, Any]:
    row = owner.execute(_order("select to_json(t)::text from {table} as t where {foreign} limit 1", table)).fetchone()
    assert row is not None
    return dict(json.loads(row[0]))


def _insert(table: Table, row: dict[str, Any], tail: str = "") -> tuple[sql.Composed, list[str]]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    text = "insert into {table} ({columns}) overriding system value select {columns} from json_populate_record(null::{table}, %s) " + tail
    return _order(text, table, columns=columns), [json.dumps(row)]


def _own_column(table: Table) -> sql.Identifier:
    return sql.Identifier(table.columns[-1])


def _reads(stranger: psycopg.Connection[Any], table: Table, row: dict[str, Any]) -> dict[str, str]:
    key = sql.Identifier("company_id" if table.has_company else "person_id")
    return {
        "select": outcome(stranger, _order("select * from {table} where {foreign}", table)),
        "an error that tells": outcome(
            stranger, _order("select 1 from {table} where {foreign} and 1 / ({key} - {key}) = 1", table, key=key)
        ),
        "prepared": outcome(stranger, _order("select t.* from {table} t join (values (1)) v(x) on true where {foreign}", table)),
        "copy": _copied(stranger, table),
        "sample": outcome(stranger, _order("select 1 from {table} tablesample system (100) where {foreign}", table)),
        "statistics": outcome(stranger, "select 1 from pg_stats where schemaname || '.' || tablename = %s", (table.name,)),
    }


def _copied(stranger: psycopg.Connection[Any], table: Table) -> str:
    try:
        with stranger.cursor() as cursor, cursor.copy(_order("copy (select * from {table} where {foreign}) to stdout", table)) as copy:
            return f"{sum(1 for _ in copy.rows())} rows"
    except psycopg.Error as error:
        return str(error.sqlstate)


def _writes(attacker: psycopg.Connection[Any], table: Table, row: dict[str, Any]) -> dict[str, str]:
    column = _own_column(table)
    conflict = "on conflict do nothing" if table.has_company else ""
    return {
        "for update": outcome(attacker, _order("select 1 from {table} where {foreign} for update", table)),
        "for share": outcome(attacker, _order("select 1 from {table} where {foreign} for key share", table)),
        "insert": outcome(attacker, *_insert(table, row)),
        "insert or else": outcome(attacker, *_insert(table, row, conflict)),
        "update": outcome(attacker, _order("update {table} set {column} = {column} where {foreign}", table, column=column)),
        "delete": outcome(attacker, _order("delete from {table} where {foreign}", table)),
        "merge": outcome(
            attacker,
            _order("merge into {table} as t using (values (1)) v(x) on {foreign} when matched then delete", table)
            if table.has_company
            else _order("delete from {table} where {foreign}", table),
        ),
        "truncate": outcome(attacker, _order("truncate {table} cascade", table)),
        "copy in": outcome(attacker, _order("copy {table} from stdin", table)),
        "trigger off": outcome(attacker, _order("alter table {table} disable trigger all", table)),
        "protection off": outcome(attacker, _order("alter table {table} disable row level security", table)),
        "policy": outcome(attacker, _order("create policy mine_too on {table} using (true)", table)),
        "trigger": outcome(attacker, _order("create trigger t before insert on {table} for each row execute function suppress_redundant_updates_trigger()", table)),
        "grant": outcome(attacker, _order("grant all on {table} to public", table)),
        "rename": outcome(attacker, _order("alter table {table} rename to gone", table)),
        "drop": outcome(attacker, _order("drop table {table} cascade", table)),
        "lock": outcome(attacker, _order("refresh materialized view {table}", table)),
    }  # fmt: skip


ALLOWED = {  # besides nothing at all: refused for another reason than the right
    "copy in": ("0A000",),  # COPY FROM is not supported with row-level security
    "lock": ("0A000",),  # not a materialised view
    "grant": ("0 rows", "-1 rows"),  # a warning: no privileges were granted (the fingerprint of rights says so)
}


def _successes(house: House, login: str, attack: Attack) -> dict[str, str]:
    """table/attempt → what came of it, for every attempt that was not refused."""
    with house.owner() as owner:
        before = fingerprint(owner), _rights(owner)
        victims = [(table, _first_row(owner, table)) for table in protected(owner)]
        with house.person(login) as attacker:
            found = {
                f"{table.name}: {name}": came
                for table, row in victims
                for name, came in attack(attacker, table, row).items()
                if came not in (*NOTHING, *ALLOWED.get(name, ()))
            }
        assert (fingerprint(owner), _rights(owner)) == before, "an attack left a trace"
    return found


def _rights(owner: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return owner.execute(
        "select oid, relacl::text, relrowsecurity, relforcerowsecurity from pg_class where relkind = 'r' order by 1"
    ).fetchall()


def test_a_stranger_reads_no_row_of_another_company(full_house: House) -> None:
    assert _successes(full_house, "bruno.estraneo", _reads) == {}


def test_a_stranger_writes_no_row_of_another_company(full_house: House) -> None:
    assert _successes(full_house, "bruno.estraneo", _writes) == {}


def test_a_reader_sees_the_documents_and_changes_none(full_house: House) -> None:
    assert _successes(full_house, "rita.revisore", _writes) == {}
    with full_house.person("rita.revisore") as rita:
        seen = {name for name in ("billing.invoice", "ledger.open_item", "customers.customer", "base.audit_entry")
                if outcome(rita, f"select 1 from {name} where company_id = 1") != "0 rows"}  # fmt: skip
    assert seen == {"billing.invoice", "ledger.open_item", "customers.customer", "base.audit_entry"}


def test_a_reader_does_not_read_secrets_and_the_affairs_of_others(full_house: House) -> None:
    with full_house.person("rita.revisore") as rita:
        assert outcome(rita, "select 1 from base.password_history") == "42501"
        assert outcome(rita, "select 1 from base.session") == "42501"
        assert outcome(rita, "select 1 from base.preference") == "0 rows"
        assert outcome(rita, "select 1 from base.permission where person_id <> sec.person_id()") == "0 rows"
        assert outcome(rita, "select rolpassword from pg_authid") == "42501"


def test_a_policy_holds_in_parallel_workers(full_house: House) -> None:
    with full_house.person("bruno.estraneo") as bruno, full_house.person("marta.bellini") as marta:
        for connection, expected in ((bruno, "0 rows"), (marta, "5 rows")):
            connection.execute("set debug_parallel_query = on")
            connection.execute("set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0")
            assert outcome(connection, "select 1 from registry.party where company_id = 1 and length(name) > 0") in (expected, "4 rows")
            plan = connection.execute("explain (costs off) select count(*) from registry.party").fetchall()
            assert any("Gather" in line for (line,) in plan)


def test_nobody_writes_reference_tables(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("anna.admin") as anna:
        for table in (t for t in tables(owner) if t.is_reference):
            column = _own_column(table)
            assert outcome(anna, _order("update {table} set {column} = {column}", table, column=column)) == "42501", table.name
            assert outcome(anna, _order("delete from {table}", table)) == "42501", table.name
            assert outcome(anna, _order("insert into {table} select * from {table}", table)) == "42501", table.name


# ── own rows with foreign or forged contents ────────────────────────────────────────────────────────────────────────────────


def _foreign_parents(owner: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """table → columns that, with the company, point to another row."""
    rows = owner.execute(
        "select n.nspname || '.' || c.relname, array_agg(distinct a.attname::text) from pg_constraint k join pg_class c on c.oid = k.conrelid "
        "join pg_namespace n on n.oid = c.relnamespace cross join lateral unnest(k.conkey) as place "
        "join pg_attribute a on a.attrelid = c.oid and a.attnum = place "
        "where k.contype = 'f' and cardinality(k.conkey) > 1 and a.attname <> 'company_id' group by 1"
    ).fetchall()
    return dict(rows)


def test_an_own_row_cannot_hang_on_a_row_of_another_company(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("bruno.estraneo") as bruno:
        before = fingerprint(owner)
        parents = _foreign_parents(owner)
        attacked = []
        for table in protected(owner):
            if not table.has_company or table.name not in parents:
                continue
            row = _first_row(owner, table) | FRESH.get(table.name, {}) | {"company_id": 2, "created_by": 6}
            if all(row[column] is None for column in parents[table.name]):
                continue
            attacked.append(table.name)
            assert outcome(bruno, *_insert(table, row)) in ("42501", "23503", "CM004"), table.name
        assert {"customers.customer", "customers.contract", "customers.service", "base.payment_installment"} <= set(attacked)
        assert fingerprint(owner) == before


def test_a_row_cannot_move_to_another_company(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("dora.doppia") as dora, full_house.person("bruno.estraneo") as bruno:
        before = fingerprint(owner)
        for table in protected(owner):
            if "company_id" not in table.columns:
                continue
            version = sql.SQL(", row_version = row_version + 1" if "row_version" in table.columns else "")
            for attacker, start, end in ((bruno, 2, 1), (dora, 1, 2)):
                text = "update {table} set company_id = {end} {version} where company_id = {start}"
                came = outcome(attacker, _order(text, table, version=version, start=sql.Literal(start), end=sql.Literal(end)))
                assert came in (*NOTHING, "CM003", "428C9"), (table.name, came)
        assert fingerprint(owner) == before


FRESH: dict[str, dict[str, Any]] = {  # what makes a copy of a row another row
    "base.parameter": {"key": "altro"},
    "base.calendar_day": {},
    "base.company_image": {"kind": "signature"},
    "base.letter_text": {"language": "de"},
    "base.series_kind": {"document_type": "TD24", "is_default": False},
    "base.vat_code": {"code": "XX"},
    "base.payment_term": {"code": "XX"},
    "base.payment_installment": {"position": 24},
    "base.document_series": {"code": "XX"},
    "base.shared_view": {"name": "XX"},
    "base.mass_change": {},
    "base.mass_change_row": {},
    "base.bank_account": {"iban": "IT60X0542811101000000999999", "is_default": False},
    "registry.party": {},
    "registry.party_role": {"role": "prospect"},
    "registry.contact_person": {},
    "registry.classification": {"position": 7},
    "registry.classification_value": {"name": "altro"},
    "registry.refusal": {"channel": "phone"},
    "registry.twin": {"other_id": 3},
    "registry.hourly_cost": {"valid_from": "2021-01-01"},
    "customers.customer": {"code": "XX"},  # the party is filled in by the test
    "customers.contract": {"number": "XX"},
    "customers.service": {},
    **FRESH_CONTRACTS,
    **FRESH_RUNS,
    **FRESH_CUSTOMERS,
    **FRESH_OUTBOX,
    "ledger.account": {"code": "XX", "role": ""},
    "ledger.posting_rule": {"valid_from": "2031-01-01"},
}
STAMPS = {"created_by": (1, 3, None), "created_at": ("2001-01-01T00:00:00+00:00",), "row_version": (0, 2, 2147483647),
          "changed_by": (1,), "changed_at": ("2001-01-01T00:00:00+00:00",)}  # fmt: skip


def _editable(owner: psycopg.Connection[Any]) -> list[Table]:
    rows = owner.execute("select t.tgrelid::regclass::text from pg_trigger t where t.tgname = 'keep_version'").fetchall()
    return [table for table in tables(owner) if (table.name,) in rows and table.name != "base.company"]


def _honest_row(owner: psycopg.Connection[Any], table: Table) -> dict[str, Any]:
    """A row that anna may add, without its stamps: they come by themselves."""
    row = _first_row(owner, table) | FRESH.get(table.name, {})
    if table.name == "customers.customer":
        found = owner.execute("select party_id from registry.party where company_id = 1 and name = 'Senza rapporti'").fetchone()
        assert found is not None
        row["customer_id"] = found[0]
    elif table.name == "base.mass_change_row":
        row["record_id"] = 900_000_000
    else:
        row[table.columns[1]] = 900_000_000
    return {key: value for key, value in row.items() if key in table.columns and key not in STAMPS}


def _try(connection: psycopg.Connection[Any], table: Table, row: dict[str, Any]) -> str:
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    text = "insert into {table} ({columns}) overriding system value select {columns} from json_populate_record(null::{table}, %s)"
    with connection.transaction(force_rollback=True):
        try:
            with connection.transaction():
                connection.execute(_order(text, table, columns=columns), [json.dumps(row)])
        except psycopg.Error as error:
            return f"{error.sqlstate} {error.diag.message_primary}"
    return "added"


def test_who_when_and_version_of_a_new_row_cannot_be_forged(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("dora.doppia") as dora, full_house.person("anna.admin") as anna:
        found = _editable(owner)
        assert {table.name for table in found} == set(FRESH), "say in FRESH what makes a copy of a row another row"
        del dora
        for table in found:
            honest = _honest_row(owner, table)
            assert _try(anna, table, honest) == "added", table.name
            for column, values in STAMPS.items():
                for value in values:
                    if column == "created_by" and value == 1:
                        continue  # anna herself
                    came = _try(anna, table, honest | {column: value})
                    assert came.startswith(("CM004", "23502")), (table.name, column, value, came)


def test_who_and_when_of_a_row_cannot_be_rewritten(full_house: House) -> None:
    with full_house.person("anna.admin") as anna, anna.transaction(force_rollback=True):
        query = "select created_by, created_at, changed_by, changed_at = now() from registry.party where party_id = 1"
        before = anna.execute(query).fetchone()
        assert before is not None
        anna.execute(
            "update registry.party set created_by = 4, created_at = '2001-01-01', changed_by = 4, changed_at = '2001-01-01', "
            "row_version = row_version + 1 where company_id = 1 and party_id = 1"
        )
        assert anna.execute(query).fetchone() == (before[0], before[1], 1, True)


@pytest.mark.parametrize("version", ["row_version", "row_version + 2", "1", "null", "2147483647"])
def test_a_row_is_not_changed_without_knowing_its_version(full_house: House, version: str) -> None:
    with full_house.person("anna.admin") as anna:
        assert outcome(anna, f"update registry.party set name = 'x', row_version = {version} where company_id = 1") == "CM002"
