"""The import itself: clean, look up, write by sets, keep what was done. A dry run does all of it and takes it back."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from cms_desktop.core.dates import local_today
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing.mapping import ImportMapping, check_mapping
from cms_desktop.documents.importing.target import BATCH, ImportedRow, ImportResult, ImportTarget, WorkRow, batches


@dataclass(frozen=True)
class ImportSource:
    """Where rows come from: the name of a file (empty: pasted) and the SHA-256 of its content."""

    file_name: str = ""
    sha256: bytes = b""


def source_of(path: pathlib.Path) -> ImportSource:
    """The source that a file is."""
    return ImportSource(path.name, hashlib.sha256(path.read_bytes()).digest())


def run_import(
    unit: UnitOfWork,
    target: ImportTarget,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: ImportMapping,
    *,
    source: ImportSource | None = None,
    is_dry_run: bool,
    first_number: int = 2,
    look: Callable[[UnitOfWork, int], object] | None = None,
) -> ImportResult:
    """Bring `rows` (text cells, each as long as `headers`) in. Needs the target's right. `first_number` is the line of the first row.
    `look(unit, run)` may read what was written before a dry run takes it back.

    Progress: (rows, total, "clean" or "write"). Nothing is left by an error or a cancel.
    """
    check_mapping(target, mapping, headers)
    unit.value(sa.text("select sec.require(:company, :right)"), {"right": target.right})
    place = source or ImportSource("", _digest(headers, rows))
    with unit.session.begin_nested() as attempt:
        work = list(_cleaned(unit, target, rows, mapping, first_number))
        target.resolve(unit, work, mapping)
        journal = RunJournal(unit, target, place, mapping, len(rows))
        _write(unit, target, work, mapping, journal)
        counts = Counter(row.outcome for row in work)
        journal.close(counts)
        if look is not None:
            look(unit, journal.run_id)
        if is_dry_run:
            attempt.rollback()
    return ImportResult(
        tuple(_imported(row, is_dry_run=is_dry_run) for row in work), is_dry_run, counts, None if is_dry_run else journal.run_id
    )


def _digest(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return hashlib.sha256(json.dumps([list(headers), *map(list, rows)]).encode()).digest()


def _cleaned(
    unit: UnitOfWork, target: ImportTarget, rows: Sequence[Sequence[str]], mapping: ImportMapping, first_number: int
) -> Iterator[WorkRow]:
    today = local_today()
    for place, cells in enumerate(rows):
        if place % BATCH == 0:
            unit.on_progress(place, len(rows), "clean")
            unit.value(sa.text("select 1"))  # a cancel is heard here, too
        row = read_row(cells, mapping, place + first_number)
        target.clean(row, mapping, today)
        yield row


def read_row(cells: Sequence[str], mapping: ImportMapping, number: int) -> WorkRow:
    """The mapped cells of a row, without needless spaces."""
    return WorkRow(number, {key: " ".join(cells[place].split()) if place < len(cells) else "" for key, place in mapping.columns.items()})


def _write(unit: UnitOfWork, target: ImportTarget, rows: Sequence[WorkRow], mapping: ImportMapping, journal: RunJournal) -> None:
    done, total = 0, sum(1 for row in rows if row.outcome in ("created", "updated") and not row.errors)
    for batch in batches(rows, "created", "updated"):
        unit.on_progress(done, total, "write")
        target.write(unit, batch, mapping, journal)
        done += len(batch)
    unit.on_progress(total, total, "write")


def _imported(row: WorkRow, *, is_dry_run: bool) -> ImportedRow:
    is_error = row.outcome == "error"
    shown_id = None if is_dry_run and row.outcome == "created" else row.record_id
    return ImportedRow(row.number, row.name, row.outcome, "" if is_error else row.code, tuple(row.errors), tuple(row.warnings), shown_id)


def ask(unit: UnitOfWork, statement: str, rows: Sequence[Any], **more: Any) -> list[Any]:
    """Run a set-based statement over rows handed over as one JSON parameter `:rows`."""
    return unit.rows(sa.text(statement), {"rows": json.dumps(list(rows), default=str), **more})


class RunJournal:
    """The import as an object of the database: base.import_run and a row for each record it made or changed."""

    def __init__(self, unit: UnitOfWork, target: ImportTarget, source: ImportSource, mapping: ImportMapping, row_count: int) -> None:
        self._unit = unit
        stored = sa.cast(mapping.to_json(), JSONB)
        self.run_id: int = unit.call("base.open_import", target.key, source.file_name, source.sha256, row_count, stored)

    def changing(self, table: str, rows: Iterable[WorkRow], ids: Iterable[int]) -> None:
        self._note("U", table, rows, ids)

    def added(self, table: str, rows: Iterable[WorkRow], ids: Iterable[int]) -> None:
        self._note("I", table, rows, ids)

    def _note(self, operation: str, table: str, rows: Iterable[WorkRow], ids: Iterable[int]) -> None:
        noted = [{"n": row.number, "id": number, "name": f"{row.code} {row.name}".strip()} for row, number in zip(rows, ids, strict=True)]
        if noted:
            self._unit.call("base.note_import", self.run_id, operation, table, sa.cast(noted, JSONB))

    def close(self, counts: Counter[Any]) -> None:
        figures = [counts.get(outcome, 0) for outcome in ("created", "updated", "duplicate", "error")]
        self._unit.call("base.close_import", self.run_id, *figures)
