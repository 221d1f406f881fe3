"""Imports that were made: the same list again, what stands in the way of undoing one, undoing it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing.engine import ImportSource

_RUNS = """
select r.import_run_id, r.target, r.file_name, r.created_at, coalesce(p.display_name, '') as author, r.row_count, r.created_count,
       r.changed_count, r.duplicate_count, r.error_count, r.undone_at, coalesce(u.display_name, '') as undone_by
from base.import_run as r
left join base.person as p on p.person_id = r.created_by
left join base.person as u on u.person_id = r.undone_by
where r.company_id = :company and r.target = any (cast(:targets as text[])) {more}
order by r.import_run_id desc limit :most
"""


@dataclass(frozen=True)
class ImportRun:
    """An import that was made."""

    import_run_id: int
    target: str
    file_name: str
    created_at: datetime.datetime
    author: str
    row_count: int
    created_count: int
    changed_count: int
    duplicate_count: int
    error_count: int
    undone_at: datetime.datetime | None
    undone_by: str


@dataclass(frozen=True)
class Obstacle:
    """A record of an import that cannot be taken back. `reason`: changed, gone, used; `by_table`: what uses it."""

    line_no: int
    name: str
    table_name: str
    reason: str
    by_table: str


@dataclass(frozen=True)
class UndoneImport:
    """How many records were removed, and how many put back as they were."""

    removed: int
    restored: int


def list_imports(unit: UnitOfWork, targets: Sequence[str], most: int = 50) -> list[ImportRun]:
    """The imports of some targets, the newest first."""
    return [ImportRun(*row) for row in unit.rows(sa.text(_RUNS.format(more="")), {"targets": list(targets), "most": most})]


def find_same_source(unit: UnitOfWork, target: str, source: ImportSource) -> ImportRun | None:
    """The last import of the same content, not undone: who is about to repeat it should know."""
    statement = sa.text(_RUNS.format(more="and r.sha256 = :sha256 and r.undone_at is null"))
    rows = unit.rows(statement, {"targets": [target], "most": 1, "sha256": source.sha256})
    return ImportRun(*rows[0]) if rows else None


def list_obstacles(unit: UnitOfWork, run_id: int, most: int = 500) -> list[Obstacle]:
    """What stands in the way of undoing an import: nothing, when the list is empty."""
    statement = sa.text(
        "select line_no, name, table_name, reason, by_table from base.import_obstacles(:company, :run) order by line_no, table_name limit :most"
    )
    return [Obstacle(*row) for row in unit.rows(statement, {"run": run_id, "most": most})]


def undo_import(unit: UnitOfWork, run_id: int) -> UndoneImport:
    """Take an import back as a whole. Raises Conflict when records were touched since or are used; then nothing is undone."""
    done = unit.call("base.undo_import", run_id)
    return UndoneImport(done["removed"], done["restored"])
