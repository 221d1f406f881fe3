"""The register of changes: who changed what when, and from what to what."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import Base, UnitOfWork
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.queries.persons import local_day
from cms_desktop.modules.base.records import AuditRow, FieldChange, HistoryEntry
from cms_desktop.modules.base.tables import AuditEntry, Person

_entry: Any = AuditEntry
_person: Any = Person
_name: Any = sa.func.coalesce(_person.display_name, _entry.login)
_fold = sa.func.base.fold

AUDIT = Listing(
    source=sa.outerjoin(_entry, _person, _person.person_id == _entry.person_id),
    company=_entry.company_id,
    columns={
        "at": ListColumn(_entry.at, is_nullable=False),
        "on_date": ListColumn(local_day(_entry.at), is_nullable=False),
        "person_name": ListColumn(_name, folded=_fold(_name)),
        "table_name": ListColumn(_entry.table_name, is_nullable=False),
        "operation": ListColumn(_entry.operation, is_nullable=False),
        "record_id": ListColumn(_entry.record_id),
        "row_count": ListColumn(_entry.row_count, is_nullable=False, is_summed=True),
        "has_image": ListColumn(_entry.row_before.is_not(None), is_nullable=False),
    },
    row_id=_entry.audit_id,
    default=Sort("at", descending=True),
    extra=(_entry.audit_id,),
)


def list_audit(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[AuditRow]:
    page = AUDIT.page(unit, query, after)
    names = [one.name for one in dataclasses.fields(AuditRow)]
    return Page(tuple(AuditRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_audit(unit: UnitOfWork, query: ListQuery) -> Totals:
    return AUDIT.totals(unit, query)


def changes_on(day: datetime.date, table_name: str = "") -> ListQuery:
    own = (Filter("table_name", "=", (table_name,)),) if table_name else ()
    return ListQuery((Filter("on_date", "between", (day, day)), *own))


def changes_of(unit: UnitOfWork, audit_id: int) -> tuple[FieldChange, ...]:
    """Field by field, what one entry changed: before, and after as the next entry of the record found it (or as it is now)."""
    entry = unit.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.company_id == unit.company_id, AuditEntry.audit_id == audit_id)
    ).first()
    if entry is None or entry.row_before is None:
        return ()
    if entry.operation == "D":
        return rules.field_changes(entry.row_before, None)
    if entry.record_id is None:
        return ()
    later = unit.session.scalars(
        sa.select(AuditEntry.row_before)
        .where(
            AuditEntry.company_id == unit.company_id,
            AuditEntry.table_name == entry.table_name,
            AuditEntry.record_id == entry.record_id,
            AuditEntry.audit_id > audit_id,
            AuditEntry.row_before.is_not(None),
        )
        .order_by(AuditEntry.audit_id)
        .limit(1)
    ).first()
    after = later if later is not None else _row_now(unit, entry.table_name, entry.record_id)
    return rules.field_changes(entry.row_before, after) if after is not None else ()


def history_of(unit: UnitOfWork, table_name: str, record_id: int) -> tuple[HistoryEntry, ...]:
    """Everything that happened to one record ("customers.customer", id), the newest first. Needs base.audit."""
    rows = unit.rows(
        sa.select(_entry.audit_id, _entry.at, _name.label("person_name"), _entry.operation, _entry.row_before)
        .outerjoin(_person, _person.person_id == _entry.person_id)
        .where(_entry.company_id == unit.company_id, _entry.table_name == table_name, _entry.record_id == record_id)
        .order_by(_entry.audit_id.desc())
    )
    after, found = _row_now(unit, table_name, record_id), []
    for row in rows:
        changes: tuple[FieldChange, ...] = ()
        if row.row_before is not None:
            is_known = after is not None or row.operation == "D"
            changes = rules.field_changes(row.row_before, None if row.operation == "D" else after) if is_known else ()
            after = row.row_before
        found.append(HistoryEntry(row.audit_id, row.at, row.person_name, row.operation, changes))
    return tuple(found)


def _row_now(unit: UnitOfWork, table_name: str, record_id: int) -> Mapping[str, Any] | None:
    """The row as it stands, as JSON; None when it is gone, not visible, or kept by a module that is not loaded."""
    table = Base.metadata.tables.get(table_name)
    if table is None:
        return None
    keys = [column for column in table.primary_key.columns if column.key != "company_id"]
    if len(keys) > 1:
        return None
    conditions = [keys[0] == record_id] if keys else []
    if "company_id" in table.columns:
        conditions.append(table.c.company_id == unit.company_id)
    found: Mapping[str, Any] | None = unit.value(sa.select(sa.func.to_jsonb(table.table_valued())).where(*conditions))
    return found
