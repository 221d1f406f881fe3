"""Deploys the schema: plain SQL files, forward only, never from a client.

* ``bootstrap.sql``, ``doors.sql``, ``watch.sql``: once, by a superuser: roles, extensions, who may connect, the watch at the door.
* ``code/<module>/*.sql``: functions, reloaded at every deploy. First line ``-- role: name``: who owns what the file makes.
* ``changes/NNNN_….sql``: once, in order, frozen by hash. ``code/sec`` goes before them, everything else after.
* ``data/*.sql`` and the lists of ``resources/reference``: reference rows, idempotent.
* ``consistency/*.sql``: must return no row on a live database.

One transaction a file, an advisory lock around the whole, short lock timeouts: a deploy waits for nobody for long.
"""

from __future__ import annotations

import csv
import hashlib
import pathlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

ROOT = pathlib.Path(getattr(sys, "_MEIPASS", pathlib.Path(__file__).parents[1]))
FOLDER = ROOT / "server_schema"
REFERENCE = ROOT / "resources" / "reference"
MODULES = ("base", "registry", "customers", "agents", "ledger", "billing", "bank_effects")
LOCK = 7_211_946


class SchemaChanged(RuntimeError):
    """A change that was applied has another text now, or one is missing."""


@dataclass(frozen=True)
class Status:
    """Where a database stands: names of changes applied and still to apply."""

    applied: tuple[str, ...]
    pending: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """A consistency query: its stable key, what a row of it is, what that means and what to do about it."""

    key: str
    title: str
    meaning: str
    remedy: str
    query: LiteralString


@dataclass(frozen=True)
class Finding:
    """A row that a consistency query returned."""

    title: str
    row: tuple[object, ...]


def _sha256(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def change_files() -> list[pathlib.Path]:
    return sorted((FOLDER / "changes").glob("*.sql"))


def newest_change() -> str:
    """Name of the last change this program knows: the schema version it needs."""
    return change_files()[-1].stem


def _text(path: pathlib.Path) -> LiteralString:
    return path.read_text(encoding="utf-8")  # our own files


def bootstrap(superuser: psycopg.Connection) -> None:
    """Roles and extensions. `superuser` is connected to the database to be."""
    with superuser.transaction():
        superuser.execute(_text(FOLDER / "bootstrap.sql"))
    close_doors(superuser)


def close_doors(superuser: psycopg.Connection) -> None:
    """Rights on the database itself; a copy of a database needs them anew."""
    superuser.execute(_text(FOLDER / "doors.sql"))


def status(connection: psycopg.Connection) -> Status:
    found = connection.execute("select to_regclass('sec.applied_change')").fetchone()
    known: tuple[str, ...] = ()
    if found and found[0]:
        known = tuple(row[0] for row in connection.execute("select name from sec.applied_change order by name"))
    return Status(known, tuple(path.stem for path in change_files() if path.stem not in known))


def deploy(connection: psycopg.Connection) -> Status:
    """Bring the database to this program's schema. Returns what was pending before.

    `connection` belongs to cms_deployer or a superuser, in autocommit. Raises SchemaChanged when a frozen change was edited.
    """
    connection.autocommit = True
    connection.execute("select pg_advisory_lock(%s)", (LOCK,))
    try:
        connection.execute("set lock_timeout = '10s'")
        _check_roles(connection)
        _prepare(connection)
        before = status(connection)
        _check_frozen(connection)
        for path in sorted((FOLDER / "code" / "sec").glob("*.sql")):
            _run_code(connection, path)
        for path in change_files():
            if path.stem in before.pending:
                _load_code_needed_by(connection, path)
                _apply(connection, path)
        for module in ("sec", *MODULES):
            for path in sorted((FOLDER / "code" / module).glob("*.sql")):
                _run_code(connection, path)
        for path in sorted((FOLDER / "data").glob("*.sql")):
            with connection.transaction():
                connection.execute("set local role cms_bookkeeper")
                connection.execute(_text(path))
        load_towns(connection)
        load_checks(connection)
        _watch_logins(connection)
        return before
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (LOCK,))


def _prepare(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute("set local role cms_owner")
        connection.execute("""
            grant usage, create on schema sec to cms_search, cms_bookkeeper, cms_role_keeper, cms_gatekeeper;
            grant usage on schema sec to cms_people, cms_deployer;
            create table if not exists sec.applied_change (
              name text primary key, sha256 text not null, applied_at timestamptz not null default now(), applied_by text not null default session_user);
            grant select on sec.applied_change to cms_people, cms_role_keeper, cms_deployer;
        """)


def _check_roles(connection: psycopg.Connection) -> None:
    """Group roles are the superuser's to make: a deployer says which are missing, before anything is touched."""
    needed = {_owner_of(path) for path in (FOLDER / "code").rglob("*.sql")}
    held = {row[0] for row in connection.execute("select rolname from pg_roles where rolname ~ '^cms_'")}
    if missing := sorted(needed - held):
        raise SchemaChanged(
            f"the server lacks the roles {', '.join(missing)}: run «cms-admin init» once as its superuser, then upgrade again"
        )


def _watch_logins(connection: psycopg.Connection) -> None:
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if row and row[0]:
        with connection.transaction():
            connection.execute(_text(FOLDER / "watch.sql"))


def _check_frozen(connection: psycopg.Connection) -> None:
    texts = {path.stem: _sha256(path) for path in change_files()}
    for name, sha256 in connection.execute("select name, sha256 from sec.applied_change"):
        if name not in texts:
            raise SchemaChanged(f"the database knows change {name}, this program does not: it is older than the database")
        if texts[name] != sha256:
            raise SchemaChanged(f"change {name} was applied with another text: changes are frozen, write a new one")


def _owner_of(path: pathlib.Path) -> str:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    match = re.fullmatch(r"-- role: (cms_\w+)", first.strip())
    if match is None:
        raise SchemaChanged(f"{path.name}: the first line must say '-- role: cms_…'")
    return match.group(1)


def _run_code(connection: psycopg.Connection, path: pathlib.Path) -> None:
    with connection.transaction():
        connection.execute("set local check_function_bodies = off")
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(_owner_of(path))))
        connection.execute(_text(path))


def _load_code_needed_by(connection: psycopg.Connection, path: pathlib.Path) -> None:
    """A change may need functions of code/: it says so with ``-- needs: module``."""
    for module in re.findall(r"^-- needs: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        for code in sorted((FOLDER / "code" / module).glob("*.sql")):
            _run_code(connection, code)


def _apply(connection: psycopg.Connection, path: pathlib.Path) -> None:
    with connection.transaction():
        connection.execute("set local role cms_owner")
        connection.execute(_text(path))
        connection.execute("insert into sec.applied_change (name, sha256) values (%s, %s)", (path.stem, _sha256(path)))


def load_towns(connection: psycopg.Connection) -> None:
    """Provinces, towns and postal codes from resources/reference; does nothing when they are the ones already there."""
    towns, provinces = REFERENCE / "towns.csv", REFERENCE / "provinces.csv"
    mark = f"{_sha256(towns)[:16]}+"  # +: with the towns that have no ISTAT code
    row = connection.execute("select obj_description('base.town'::regclass)").fetchone()
    if row and row[0] == mark:
        return
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        with connection.cursor() as cursor:
            for province in _rows(provinces):
                cursor.execute(
                    "insert into base.province (province_code, name, region) values (%s, %s, %s) on conflict (province_code) do update "
                    "set name = excluded.name, region = excluded.region",
                    (province["province_code"], province["province_name"], province["region"]),
                )
            cursor.execute("create temp table fresh (like base.town) on commit drop")
            cursor.execute("create temp table caps (like base.postal_code) on commit drop")
            with cursor.copy(
                "copy fresh (istat_code, cadastral_code, name, search_key, province_code, valid_from, valid_to) from stdin"
            ) as copy:
                for town in _rows(towns):
                    name, dates = town["name"], (town["valid_from"] or None, town["valid_to"] or None)
                    copy.write_row((_town_code(town), town["cadastral_code"], name, name, town["province_code"], *dates))
            with cursor.copy("copy caps (postal_code, istat_code) from stdin") as copy:
                for town in _rows(towns):
                    for cap in town["cap_list"].split():
                        copy.write_row((cap, _town_code(town)))
            cursor.execute("""
                insert into base.town
                select distinct on (istat_code) istat_code, cadastral_code, name, base.fold(name), province_code, valid_from, valid_to
                from fresh order by istat_code, valid_to desc nulls first
                on conflict (istat_code) do update set cadastral_code = excluded.cadastral_code, name = excluded.name,
                  search_key = excluded.search_key, province_code = excluded.province_code, valid_from = excluded.valid_from, valid_to = excluded.valid_to;
                delete from base.postal_code;
                insert into base.postal_code select distinct postal_code, istat_code from caps
            """)
        connection.execute("set local role cms_owner")
        connection.execute(sql.SQL("comment on table base.town is {}").format(sql.Literal(mark)))


def _town_code(town: dict[str, str]) -> str:
    """The ISTAT code; the cadastral one (a letter and three digits, never the same) for towns abolished long ago or too young to have one."""
    return town["istat_code"] or town["cadastral_code"]


def _rows(path: pathlib.Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def checks() -> Iterator[Check]:
    """Every query of the consistency files, in order. Above each: `-- title:`, and where useful `-- key:`, `-- means:`, `-- remedy:`."""
    for path in sorted((FOLDER / "consistency").glob("*.sql")):
        parts = re.split(r"^-- title: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for title, text in zip(parts[1::2], parts[2::2], strict=True):
            said = {name: " ".join(re.findall(rf"^-- {name}: (.+)$", text, re.MULTILINE)) for name in ("key", "means", "remedy")}
            query = re.sub(r"^--.*$", "", text, flags=re.MULTILINE).strip().rstrip(";")
            fallback = "other." + re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")
            yield Check(said["key"] or fallback, title.strip(), said["means"], said["remedy"], query)


def consistency_queries() -> Iterator[tuple[str, LiteralString]]:
    """(title, query) of every consistency file."""
    for one in checks():
        yield one.title, one.query


def load_checks(connection: psycopg.Connection) -> None:
    """Tell the database the checks of its books, which it runs at night and when an administrator asks."""
    found = list(checks())
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        connection.execute("delete from base.integrity_check where check_key <> all (%s)", ([one.key for one in found],))
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into base.integrity_check (check_key, title, meaning, remedy, query, sort_order) values (%s, %s, %s, %s, %s, %s) "
                "on conflict (check_key) do update set title = excluded.title, meaning = excluded.meaning, remedy = excluded.remedy, "
                "query = excluded.query, sort_order = excluded.sort_order",
                [(one.key, one.title, one.meaning, one.remedy, one.query, place) for place, one in enumerate(found)],
            )


def check(connection: psycopg.Connection, most: int = 20) -> list[Finding]:
    """Run every consistency query; at most `most` findings of each."""
    found: list[Finding] = []
    for title, query in consistency_queries():
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("set local role cms_bookkeeper")
            cursor.execute(query)
            found += [Finding(title, tuple(row)) for row in cursor.fetchmany(most)]
    return found


@dataclass(frozen=True)
class KeptFinding:
    """What a check found in a company: how many rows, and the first of them."""

    title: str
    meaning: str
    remedy: str
    row_count: int
    samples: list[dict[str, object]]


@dataclass(frozen=True)
class KeptReport:
    company_id: int
    company_name: str
    check_count: int
    findings: list[KeptFinding]


def nightly(connection: psycopg.Connection) -> Iterator[KeptReport]:
    """Check the books of every company and keep what was found; then seal its register of changes. A transaction each."""
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        companies = connection.execute("select company_id, name from base.company where is_active order by company_id").fetchall()
    for company_id, name in companies:
        with connection.transaction():
            connection.execute("set local role cms_bookkeeper")
            run = connection.execute("select base.run_checks(%s, 'nightly')", (company_id,)).fetchone()
            connection.execute("select base.seal_audit(%s)", (company_id,))
            rows = connection.execute(
                "select c.title, c.meaning, c.remedy, f.row_count, f.samples from base.integrity_finding as f "
                "join base.integrity_check as c using (check_key) where f.company_id = %s and f.integrity_run_id = %s order by c.sort_order",
                (company_id, run[0] if run else None),
            ).fetchall()
            many = connection.execute("select count(*) from base.integrity_check").fetchone()
        yield KeptReport(company_id, name, many[0] if many else 0, [KeptFinding(*row) for row in rows])
