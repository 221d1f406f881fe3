"""What is done every night, in this order and for every active company: each step in a transaction of its own.

A step that fails is reported and the next ones run all the same. Done twice in a night it finds nothing left to do: what became due was
written the first time, and nobody is told the same thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

from server_schema.deploy import KeptFinding

LOCK = 7_211_947
BITE = 500  # contents swept in one transaction

Connection = psycopg.Connection[Any]


class AlreadyRunning(RuntimeError):
    """Another nightly job is at work on this database."""


@dataclass(frozen=True)
class Outcome:
    """What a step did in a company: `count` of its things, or the sentence it failed with; `findings` of the checks."""

    company: str
    step: str
    count: int = 0
    error: str = ""
    findings: list[KeptFinding] = field(default_factory=list)


def run(connection: Connection) -> Iterator[Outcome]:
    """Every step for every active company. `connection`, in autocommit, may act as cms_bookkeeper. Raises AlreadyRunning."""
    if not _value(connection, "select pg_try_advisory_lock(%s)", LOCK):
        raise AlreadyRunning("Il lavoro della notte è già in corso su questo database.")
    try:
        with connection.transaction():
            connection.execute("set local role cms_bookkeeper")
            companies = connection.execute("select company_id, name from base.company where is_active order by company_id").fetchall()
        for company_id, name in companies:
            for step, work in STEPS.items():
                yield _done(connection, step, work, company_id, name)
    finally:
        connection.execute("select pg_advisory_unlock(%s)", (LOCK,))


def _done(connection: Connection, step: str, work: Callable[[Connection, int], int], company_id: int, name: str) -> Outcome:
    try:
        count = work(connection, company_id)
        findings = _findings(connection, company_id) if step == "checks" else []
    except psycopg.Error as error:
        return Outcome(name, step, error=str(error).strip().split("\n")[0])
    return Outcome(name, step, count, findings=findings)


def _value(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _called(function: str) -> Callable[[Connection, int], int]:
    """One call of a function of cms_bookkeeper, which says how many it wrote."""

    def work(connection: Connection, company_id: int) -> int:
        with connection.transaction():
            connection.execute("set local role cms_bookkeeper")
            return int(_value(connection, f"select {function}(%s)", company_id) or 0)

    return work


def _sweep(connection: Connection, company_id: int) -> int:
    """In bites, so that nobody who attaches waits for long."""
    swept = BITE
    total = 0
    while swept == BITE:
        with connection.transaction():
            connection.execute("set local role cms_bookkeeper")
            swept = int(_value(connection, "select registry.sweep_contents(%s, %s)", company_id, BITE))
        total += swept
    return total


def _check(connection: Connection, company_id: int) -> int:
    """The run is kept and administrators are told; returns how many checks found something."""
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        run_id = _value(connection, "select base.run_checks(%s, 'nightly')", company_id)
        connection.execute("select base.tell_of_checks(%s, %s)", (company_id, run_id))
        return int(
            _value(
                connection,
                "select finding_count from base.integrity_run where company_id = %s and integrity_run_id = %s",
                company_id,
                run_id,
            )
        )


def _findings(connection: Connection, company_id: int) -> list[KeptFinding]:
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        rows = connection.execute(
            "select c.title, c.meaning, c.remedy, f.row_count, f.samples from base.integrity_finding as f "
            "join base.integrity_check as c using (check_key) where f.company_id = %s and f.integrity_run_id = "
            "(select max(integrity_run_id) from base.integrity_run where company_id = %s) order by c.sort_order",
            (company_id, company_id),
        ).fetchall()
    return [KeptFinding(*row) for row in rows]


def _seal(connection: Connection, company_id: int) -> int:
    """1 when there was something to seal."""
    with connection.transaction():
        connection.execute("set local role cms_bookkeeper")
        return int(_value(connection, "select base.seal_audit(%s)", company_id) is not None)


STEPS: dict[str, Callable[[Connection, int], int]] = {
    "prices": _called("customers.take_due_prices"),
    "mandates": _called("customers.lapse_mandates"),
    "twins": _called("registry.note_all_twins"),
    "attachments": _sweep,
    "deadlines": _called("customers.tell_deadlines"),
    "checks": _check,
    "seal": _seal,
}
