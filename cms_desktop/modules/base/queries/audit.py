"""The register of changes: who changed what when, and from what to what."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.queries.history import named_changes, record_now
from cms_desktop.modules.base.queries.persons import local_day
from cms_desktop.modules.base.records import AuditRow, FieldChange
from cms_desktop.modules.base.tables import AuditEntry, Person

_entry: Any = AuditEntry
_person: Any = Person
# who is no person of the program worked on the server itself: the loading of data, an upgrade, its owner
_name: Any = sa.func.coalesce(_person.display_name, sa.func.concat("Server (", _entry.login, ")"))
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
        return named_changes(unit, entry.table_name, rules.field_changes(entry.row_before, None))
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
    after = later if later is not None else record_now(unit, entry.table_name, entry.record_id)
    return named_changes(unit, entry.table_name, rules.field_changes(entry.row_before, after)) if after is not None else ()
