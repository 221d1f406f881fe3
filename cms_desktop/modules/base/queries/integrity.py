"""The checks of the books: when they ran, what they found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.records import CheckRun, CheckTitle, IntegrityFinding, IntegrityReport
from cms_desktop.modules.base.tables import Company, IntegrityCheck, IntegrityRun, Person
from cms_desktop.modules.base.tables import IntegrityFinding as FindingTable

MOST_RUNS = 60


def list_check_runs(unit: UnitOfWork, most: int = MOST_RUNS) -> tuple[CheckRun, ...]:
    """The last runs, the newest first. Needs base.check."""
    run: Any = IntegrityRun.__table__
    rows = unit.rows(
        sa.select(run, sa.func.coalesce(Person.display_name, "").label("person_name"))
        .outerjoin(Person, Person.person_id == run.c.created_by)
        .where(run.c.company_id == unit.company_id)
        .order_by(run.c.integrity_run_id.desc())
        .limit(most)
    )
    return tuple(
        CheckRun(row.integrity_run_id, row.origin, row.started_at, row.finished_at, row.check_count, row.finding_count, row.person_name)
        for row in rows
    )


def list_checks(unit: UnitOfWork) -> tuple[CheckTitle, ...]:
    """Every check there is, in order."""
    rows = unit.session.scalars(sa.select(IntegrityCheck).order_by(IntegrityCheck.sort_order))
    return tuple(CheckTitle(row.check_key, row.title, row.meaning, row.remedy) for row in rows)


def find_integrity_report(unit: UnitOfWork, run_id: int | None = None) -> IntegrityReport | None:
    """A run with its findings (the last one without `run_id`), and the checks that found nothing. None before the first run."""
    runs = list_check_runs(unit)
    run = next((one for one in runs if run_id in (None, one.run_id)), None)
    if run is None:
        return None
    titles = list_checks(unit)
    known = {one.key: one for one in titles}
    rows = unit.session.scalars(
        sa.select(FindingTable)
        .where(FindingTable.company_id == unit.company_id, FindingTable.integrity_run_id == run.run_id)
        .order_by(FindingTable.integrity_finding_id)
    )
    findings = tuple(
        IntegrityFinding(known.get(row.check_key) or CheckTitle(row.check_key, row.check_key, "", ""), row.row_count, tuple(row.samples))
        for row in rows
    )
    wrong = {one.check.key for one in findings}
    company = unit.value(sa.select(Company.name).where(Company.company_id == unit.company_id)) or ""
    return IntegrityReport(company, run, findings, tuple(one for one in titles if one.key not in wrong))
