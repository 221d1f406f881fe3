"""A database of an earlier release, with a little history in it, becomes one of today without losing a row.

released/NNNN.sql.gz: what pg_dump wrote of the demonstration when change NNNN was the newest (towns reduced to those in use).
"""

from __future__ import annotations

import contextlib
import gzip
import pathlib
import tempfile
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from cms_desktop.db.local_server.account import service_account
from cms_desktop.db.local_server.binaries import find_binaries
from server_schema import deploy
from tests.cluster import create_database, drop_database, owner_connection, test_cluster, throw_away_place

RELEASES = sorted(pathlib.Path(__file__).with_name("released").glob("*.sql.gz"))
GROWING = ("ledger.account", "registry.subject_kind")  # a release may bring accounts for what it posts, and kinds of records to attach to
KEPT = ["registry", "customers", "ledger", "billing", "bank_effects"]


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.partition(".")[0])
def released(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[Any]]:
    name = f"u{uuid.uuid4().hex[:10]}"
    create_database(name)
    with owner_connection(name) as connection:
        deploy.bootstrap(connection)
        connection.execute("drop schema ext, sec cascade")
    _restore(name, gzip.decompress(request.param.read_bytes()).decode())
    with owner_connection(name) as connection:
        deploy.close_doors(connection)
        _admit_persons(connection)
        yield connection
    drop_database(name)


def _restore(name: str, dump: str) -> None:
    address = test_cluster()
    place = throw_away_place()
    where = f"host={address.host} port={address.port} user={address.superuser} password={address.password} dbname={name}"
    with tempfile.TemporaryDirectory() as folder:
        psql = find_binaries(pathlib.Path(folder), service_account())
        done = psql.run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", where], workplace=place, typed=dump)
    assert done.exit_code == 0, done.output[-2000:]


def _admit_persons(connection: psycopg.Connection[Any]) -> None:
    """Roles belong to the cluster and are not in the dump; a neighbour may be making the same ones."""
    for (role,) in connection.execute("select role_name from base.person").fetchall():
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("create role {} login in role cms_people").format(sql.Identifier(role)))


def _counts(connection: psycopg.Connection[Any], tables: list[tuple[str, str]]) -> dict[str, int]:
    found = {}
    for schema, table in tables:
        row = connection.execute(sql.SQL("select count(*) from {}.{}").format(sql.Identifier(schema), sql.Identifier(table))).fetchone()
        assert row is not None
        found[f"{schema}.{table}"] = row[0]
    return found


def test_an_earlier_release_is_brought_to_today_with_every_row_kept(released: psycopg.Connection[Any]) -> None:
    tables = released.execute("select schemaname, tablename from pg_tables where schemaname = any (%s) order by 1, 2", [KEPT]).fetchall()
    before = _counts(released, tables)
    assert before["billing.invoice"] > 20 and before["bank_effects.effect"] > 0
    deploy.deploy(released)
    assert deploy.status(released).pending == ()
    after = _counts(released, tables)
    assert {name: after.pop(name, 0) >= before.pop(name, 0) for name in GROWING} == dict.fromkeys(GROWING, True)
    assert after == before
    assert deploy.check(released) == []


DUE = "select count(*), sum(line_amount) from base.company as c cross join lateral billing.due_services(c.company_id, '2026-12-01', '2027-02-28')"


def test_what_falls_due_is_the_same_after_the_upgrade(released: psycopg.Connection[Any]) -> None:
    before = released.execute(DUE).fetchone()
    assert before is not None and before[0] > 5
    deploy.deploy(released)
    assert released.execute(DUE).fetchone() == before


def test_what_later_releases_keep_of_old_records_begins_with_them(released: psycopg.Connection[Any]) -> None:
    had_no_state_day = released.execute(
        "select not exists (select from pg_attribute where attrelid = 'customers.customer'::regclass and attname = 'state_on')"
    ).fetchone()
    deploy.deploy(released)
    without_history = released.execute(
        "select count(*) from customers.customer as c where not exists (select from customers.life_cycle_event as e "
        "where (e.company_id, e.customer_id) = (c.company_id, c.customer_id)) or (%s and c.state_on <> c.since_on)",
        had_no_state_day,
    ).fetchone()
    billed = released.execute(
        "select count(*) from (select distinct company_id, service_id from billing.invoice_line where service_id is not null) as l "
        "left join customers.service_billing as b using (company_id, service_id) where b.service_id is null"
    ).fetchone()
    assert (without_history, billed) == ((0,), (0,))


def test_an_upgraded_database_has_the_same_structure_as_a_new_one(released: psycopg.Connection[Any]) -> None:
    deploy.deploy(released)
    name = f"n{uuid.uuid4().hex[:10]}"
    create_database(name)
    try:
        with owner_connection(name) as fresh:
            deploy.bootstrap(fresh)
            deploy.deploy(fresh)
            for question in STRUCTURE:
                assert set(released.execute(question).fetchall()) == set(fresh.execute(question).fetchall())
    finally:
        drop_database(name)


OURS = "nspname in ('base', 'sec', 'registry', 'customers', 'agents', 'ledger', 'billing', 'bank_effects')"
STRUCTURE = (
    f"select nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute join pg_class c on c.oid = attrelid "
    f"join pg_namespace n on n.oid = relnamespace where attnum > 0 and not attisdropped and {OURS} and relkind in ('r', 'v')",
    f"select nspname, relname, conname, pg_get_constraintdef(k.oid) from pg_constraint k join pg_class c on c.oid = conrelid "
    f"join pg_namespace n on n.oid = relnamespace where {OURS}",
    f"select nspname, relname, tgname, tgenabled from pg_trigger join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace "
    f"where not tgisinternal and {OURS}",
    f"select nspname, proname, pg_get_function_identity_arguments(p.oid), prosecdef, proowner::regrole::text from pg_proc p "
    f"join pg_namespace n on n.oid = pronamespace where {OURS}",
    f"select nspname, relname, polname, polcmd, pg_get_expr(polqual, polrelid) from pg_policy join pg_class c on c.oid = polrelid "
    f"join pg_namespace n on n.oid = relnamespace where {OURS}",
)


def test_an_upgrade_that_needs_new_roles_says_who_must_make_them_before_it_touches_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"u{uuid.uuid4().hex[:10]}"
    create_database(name)
    monkeypatch.setattr(deploy, "_owner_of", lambda _path: "cms_nobody_yet")
    try:
        with owner_connection(name) as connection:
            with pytest.raises(deploy.SchemaChanged, match=r"cms_nobody_yet.*cms-admin init"):
                deploy.deploy(connection)
            assert connection.execute("select count(*) from pg_namespace where nspname = 'sec'").fetchone() == (0,)
    finally:
        drop_database(name)
