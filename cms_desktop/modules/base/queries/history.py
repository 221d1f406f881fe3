"""Storico: what happened to one record, with names instead of numbers. Needs the right that reads the record, not that of the register."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.records import FieldChange, HistoryEntry
from cms_desktop.modules.base.tables import Person

_NO_TIME = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)


def find_history(unit: UnitOfWork, table_name: str, record_id: int) -> tuple[HistoryEntry, ...]:
    """Everything that happened to a record, the newest first; its creation last, even when it came with a thousand others."""
    entries = unit.rows(
        sa.text("select audit_id, at, person_name, operation, row_before from base.record_history(:company, :table, :record)"),
        {"table": table_name, "record": record_id},
    )
    after = first = record_now(unit, table_name, record_id)
    found: list[HistoryEntry] = []
    for entry in entries:
        changes: tuple[FieldChange, ...] = ()
        if entry.row_before is not None:
            changes = rules.field_changes(entry.row_before, None if entry.operation == "D" else after)
            after = first = entry.row_before
        found.append(HistoryEntry(entry.audit_id, entry.at, entry.person_name, entry.operation, changes))
    if first and not any(entry.operation == "I" for entry in found):
        found += _creation(unit, first)
    return _named(unit, table_name, found)


def _creation(unit: UnitOfWork, row: Mapping[str, Any]) -> list[HistoryEntry]:
    """The row itself says who made it and when."""
    if not row.get("created_at"):
        return []
    at = unit.value(sa.select(sa.cast(sa.literal(row["created_at"]), sa.DateTime(timezone=True))))
    name = unit.value(sa.select(Person.display_name).where(Person.person_id == row.get("created_by"))) or ""
    return [HistoryEntry(0, at, name, "I", ())]


def named_changes(unit: UnitOfWork, table_name: str, changes: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    """The same changes with the names of what foreign keys refer to, as far as this person may read it."""
    (entry,) = _named(unit, table_name, [HistoryEntry(0, _NO_TIME, "", "U", changes)])
    return entry.changes


def _named(unit: UnitOfWork, table_name: str, entries: Iterable[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    entries = tuple(entries)
    targets = references_of(unit, table_name)
    wanted: dict[str, set[int]] = {}
    for change in (change for entry in entries for change in entry.changes if change.field in targets):
        wanted.setdefault(targets[change.field], set()).update(one for one in (change.old, change.new) if isinstance(one, int))
    names = {target: record_names(unit, target, ids) for target, ids in wanted.items()}

    def named(change: FieldChange) -> FieldChange:
        known = names.get(targets.get(change.field, ""), {})
        return (
            dataclasses.replace(change, old=known.get(change.old, change.old), new=known.get(change.new, change.new)) if known else change
        )

    return tuple(dataclasses.replace(entry, changes=tuple(map(named, entry.changes))) for entry in entries)


def references_of(unit: UnitOfWork, table_name: str) -> dict[str, str]:
    """Column → table its numbers refer to."""
    rows = unit.rows(sa.text("select field, target from base.references_of(:table)"), {"table": table_name})
    return {row.field: row.target for row in rows}


def record_names(unit: UnitOfWork, table_name: str, ids: Iterable[int]) -> dict[int, str]:
    """What records are called, by id; those the person may not read are missing."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = unit.rows(sa.text("select record_id, name from base.record_names(:company, :table, :ids)"), {"table": table_name, "ids": wanted})
    return {row.record_id: row.name for row in rows}


def record_now(unit: UnitOfWork, table_name: str, record_id: int) -> Mapping[str, Any] | None:
    """The row as it stands, as JSON; None when it is gone or not visible."""
    found: Mapping[str, Any] | None = unit.value(
        sa.text("select base.record_now(:company, :table, :record)"), {"table": table_name, "record": record_id}
    )
    return found


def find_record_name(unit: UnitOfWork, table_name: str, record_id: int) -> str:
    """What one record is called; '' when nothing tells."""
    return record_names(unit, table_name, (record_id,)).get(record_id, "")
