"""What the audit costs a bulk write: the same 100,000 rows inserted, or changed, with and without the audit trigger.

    found = measure(connection)      # a superuser's connection to a database with at least one company; leaves nothing behind
    found = measure(connection, operation="update")
    found = measure(connection, role="cms_marta.bellini")     # as a person: row-level security and the check of the author besides

The floor: with the trigger at most 30 % slower than without.
"""

from __future__ import annotations

import statistics
import time
from typing import Any, LiteralString

import psycopg
from psycopg import sql

ROWS = 100_000
MOST_EXTRA = 0.30


def measure(
    connection: psycopg.Connection[Any], *, rows: int = ROWS, times: int = 5, role: str | None = None, operation: str = "insert"
) -> dict[str, float]:
    """Seconds (median of `times`, taken in turn) with and without the trigger, and the extra share. `operation`: insert or update."""
    write = {"insert": _insert, "update": _update}[operation]
    taken: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(times + 1):
        for audited in (True, False):
            seconds = write(connection, rows, audited=audited, role=role)
            if turn:  # the first turn warms the caches
                taken[audited].append(seconds)
    audited_seconds, plain_seconds = statistics.median(taken[True]), statistics.median(taken[False])
    return {
        "rows": float(rows),
        "audited_seconds": round(audited_seconds, 3),
        "plain_seconds": round(plain_seconds, 3),
        "extra": round(audited_seconds / plain_seconds - 1, 3),
    }


def _insert(connection: psycopg.Connection[Any], rows: int, *, audited: bool, role: str | None) -> float:
    with connection.transaction(force_rollback=True):
        if not audited:
            connection.execute("alter table registry.party disable trigger record_add")
        if role is not None:
            connection.execute(sql.SQL("set local session authorization {}").format(sql.Identifier(role)))
        begun = time.perf_counter()
        connection.execute(_ROWS, (rows,))
        return time.perf_counter() - begun


def _update(connection: psycopg.Connection[Any], rows: int, *, audited: bool, role: str | None) -> float:
    with connection.transaction(force_rollback=True):
        connection.execute(_ROWS, (rows,))
        if not audited:
            connection.execute("alter table registry.party disable trigger record_change")
        if role is not None:
            connection.execute(sql.SQL("set local session authorization {}").format(sql.Identifier(role)))
        begun = time.perf_counter()
        connection.execute("update registry.party set phone = '011 ' || party_id, row_version = row_version + 1")
        return time.perf_counter() - begun


_ROWS: LiteralString = (
    "insert into registry.party (company_id, name, vat_number, street, postal_code, town) "
    "select (select min(company_id) from base.company), 'Cliente ' || n, lpad(n::text, 11, '0'), 'Via Roma ' || n, '10122', 'Torino' "
    "from generate_series(1, %s) as n"
)
