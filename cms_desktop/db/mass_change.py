"""Changes of many records in one statement, kept so that they can be taken back. Runs under the rights of the person, like any write.

preview_change(unit, mass_field, wanted_ids, value)      what would happen
apply_change(unit, mass_field, wanted_ids, value, ...)   one UPDATE; old values and new versions go to base.mass_change_row
undo(unit, mass_change_id, tables)                       puts back what is still at the version it was left at
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from cms_desktop.core.errors import AlreadyDone, InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.core.mass_change import SHOWN_ROWS, ChangePreview, ChangeRow, MassChangeRow, Target, Undone
from cms_desktop.db.unit_of_work import UnitOfWork

_change = sa.table(
    "mass_change", *map(sa.column, ("company_id", "mass_change_id", "list", "kind", "title", "row_count", "created_at", "created_by",
                                    "undone_at", "row_version")), schema="base",
)  # fmt: skip
_row = sa.table(
    "mass_change_row", sa.column("company_id"), sa.column("mass_change_id"), sa.column("table_name"), sa.column("record_id"),
    sa.column("version"), sa.column("before", JSONB), schema="base",
)  # fmt: skip


def table_name(table: sa.FromClause) -> str:
    assert isinstance(table, sa.Table)
    return f"{table.schema}.{table.name}"


@dataclass(frozen=True)
class MassField:
    """A column that may be changed for many records. `refusals`: condition → why such a record stays as it is (asked with the value)."""

    table: sa.FromClause
    key: sa.ColumnElement[Any]
    column: sa.ColumnElement[Any]
    name: sa.ColumnElement[Any]  # how a record is called in the preview
    source: sa.FromClause  # where name and conditions come from; one row per record
    company: sa.ColumnElement[Any]
    refusals: tuple[tuple[sa.ColumnElement[bool], str], ...] = ()

    def refusal(self) -> sa.ColumnElement[Any]:
        """The first reason that holds for a record, null when none does."""
        if not self.refusals:
            return sa.null()
        return sa.case(*((condition, sa.literal(reason)) for condition, reason in self.refusals))


def preview_change(unit: UnitOfWork, field: MassField, ids: sa.Select[Any], value: Any) -> ChangePreview:
    """Counts of all records and the first rows, those that change first."""
    is_same = field.column.is_not_distinct_from(sa.literal(value, field.column.type)).label("is_same")
    found = (
        sa.select(field.key.label("id"), field.name.label("name"), field.column.label("before"), is_same, field.refusal().label("refusal"))
        .select_from(field.source)
        .where(field.company == unit.company_id, field.key.in_(ids))
        .cte("found")
    )
    refusal = sa.case((found.c.is_same, sa.null()), else_=found.c.refusal)
    counts = unit.rows(sa.select(found.c.is_same, refusal.label("refusal"), sa.func.count().label("n")).group_by(found.c.is_same, refusal))
    order = (sa.case((found.c.is_same, 2), (found.c.refusal.is_not(None), 0), else_=1), found.c.name, found.c.id)
    rows = unit.rows(sa.select(found, refusal.label("why")).order_by(*order).limit(SHOWN_ROWS))
    return ChangePreview(
        sum(one.n for one in counts if not one.is_same and one.refusal is None),
        sum(one.n for one in counts if one.is_same),
        {one.refusal: one.n for one in counts if one.refusal is not None},
        tuple(ChangeRow(one.id, one.name, one.before, value, one.is_same, one.why or "") for one in rows),
    )


def begin_change(unit: UnitOfWork, list_name: str, kind: str, title: str) -> int:
    """The entry under which the rows of a mass change are kept."""
    statement = (
        sa.insert(_change).values(company_id=unit.company_id, list=list_name, kind=kind, title=title).returning(_change.c.mass_change_id)
    )
    return int(unit.value(statement))


def end_change(unit: UnitOfWork, mass_change_id: int, count: int) -> None:
    unit.session.execute(
        sa.update(_change)
        .where(_change.c.company_id == unit.company_id, _change.c.mass_change_id == mass_change_id)
        .values(row_count=count, row_version=_change.c.row_version + 1)
    )


def apply_change(
    unit: UnitOfWork, field: MassField, ids: sa.Select[Any], value: Any, *, list_name: str, title: str
) -> tuple[int, int]:  # fmt: skip
    """Change all that may be changed, in one statement. Returns (mass change, how many)."""
    mass_change_id = begin_change(unit, list_name, "change", title)
    wanted = sa.literal(value, field.column.type)
    free = [sa.not_(sa.func.coalesce(condition, sa.false())) for condition, _reason in field.refusals]
    before = (
        sa.select(field.key.label("id"), sa.func.jsonb_build_object(field.column.name, field.column).label("values"))
        .select_from(field.source)
        .where(field.company == unit.company_id, field.key.in_(ids), field.column.is_distinct_from(wanted), *free)
        .cte("before_change")
    )
    version = field.table.c.row_version
    changed = (
        sa.update(field.table)  # type: ignore[arg-type]
        .where(field.table.c.company_id == unit.company_id, field.key == before.c.id)
        .values({field.column.name: wanted, "row_version": version + 1})
        .returning(field.key.label("id"), version.label("version"), before.c["values"].label("values"))
        .cte("changed")
    )
    rows = sa.select(
        sa.literal(unit.company_id), sa.literal(mass_change_id, sa.BigInteger), sa.literal(table_name(field.table)), changed.c.id, changed.c.version,
        changed.c["values"],
    )  # fmt: skip
    names = ["company_id", "mass_change_id", "table_name", "record_id", "version", "before"]
    kept = sa.insert(_row).from_select(names, rows).returning(_row.c.record_id).cte("kept")
    count = int(unit.value(sa.select(sa.func.count()).select_from(kept)))
    end_change(unit, mass_change_id, count)
    return mass_change_id, count


def keep_rows(unit: UnitOfWork, mass_change_id: int, table: sa.FromClause, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was done to records one knows: `record_id`, `version` it has now, `before` (None: it was created)."""
    if rows:
        unit.session.execute(
            sa.text(
                "insert into base.mass_change_row (company_id, mass_change_id, table_name, record_id, version, before) "
                "select :company, :change, :table, record_id, version, before from jsonb_to_recordset(cast(:rows as jsonb)) "
                "as r (record_id bigint, version int, before jsonb)"
            ),
            {"company": unit.company_id, "change": mass_change_id, "table": table_name(table), "rows": json.dumps(list(rows), default=str)},
        )  # fmt: skip


def write_values(unit: UnitOfWork, table: sa.FromClause, key: str, rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Set for each record (`record_id`, at `version`) the columns in `after`, in one statement. Record → its new version."""
    name = table_name(table)
    columns = sorted({one for row in rows for one in row["after"] if one in table.c})
    if not columns:
        return {}
    value = f"(jsonb_populate_record(null::{name}, r.after))"
    sets = ", ".join(f"{one} = case when r.after ? '{one}' then {value}.{one} else t.{one} end" for one in columns)
    statement = (
        f"update {name} as t set {sets}, row_version = t.row_version + 1 "  # noqa: S608 - our own names
        "from jsonb_to_recordset(cast(:rows as jsonb)) as r (record_id bigint, version int, after jsonb) "
        f"where t.company_id = :company and t.{key} = r.record_id and t.row_version = r.version returning t.{key} as id, t.row_version as version"
    )
    return {one.id: one.version for one in unit.rows(sa.text(statement), {"rows": json.dumps(list(rows), default=str)})}


def list_changes(unit: UnitOfWork, list_name: str, limit: int = 20) -> list[MassChangeRow]:
    """My newest mass changes of a list."""
    columns = [_change.c[name] for name in ("mass_change_id", "list", "kind", "title", "row_count", "created_at", "undone_at")]
    rows = unit.rows(
        sa.select(*columns)
        .where(_change.c.company_id == unit.company_id, _change.c.created_by == unit.person_id, _change.c.list == list_name)
        .order_by(_change.c.created_at.desc(), _change.c.mass_change_id.desc())
        .limit(limit)
    )
    return [MassChangeRow(*one) for one in rows]


def undo(unit: UnitOfWork, mass_change_id: int, tables: Sequence[tuple[sa.FromClause, str]]) -> Undone:
    """Take a mass change of mine back. `tables`: those it may have changed, with the name of their key. Records that were created go,
    unless somebody uses them; what was changed since stays as it is.
    """
    place = {"company": unit.company_id, "change": mass_change_id}
    state = unit.rows(
        sa.text("select undone_at from base.mass_change where company_id = :company and mass_change_id = :change for update"), place
    )
    if not state or state[0].undone_at is not None:
        raise AlreadyDone("Questa modifica è già stata annullata.", key="mass_change_undone")
    records = unit.value(
        sa.text("select count(distinct record_id) from base.mass_change_row where company_id = :company and mass_change_id = :change"),
        place,
    )
    touched: set[int] = set()
    for table, key in tables:
        touched |= _put_back(unit, place, table, key)
    gone = set(unit.call("base.remove_created", sa.cast(mass_change_id, sa.BigInteger)) or ())
    unit.session.execute(
        sa.text(
            "update base.mass_change set undone_at = now(), row_version = row_version + 1 where company_id = :company and mass_change_id = :change"
        ),
        place,
    )
    restored = len(touched | gone)
    return Undone(restored, int(records or 0) - restored)


def _put_back(unit: UnitOfWork, place: Mapping[str, Any], table: sa.FromClause, key: str) -> set[int]:
    """The columns that were changed get their old values; names of tables and columns come from our own mapped tables."""
    name = table_name(table)
    keys = unit.rows(
        sa.text(
            "select distinct jsonb_object_keys(before) as name from base.mass_change_row "
            "where company_id = :company and mass_change_id = :change and table_name = :table and before is not null"
        ),
        {**place, "table": name},
    )
    columns = [one.name for one in keys if one.name in table.c]
    if not columns:
        return set()
    sets = ", ".join(
        f"{one} = case when r.before ? '{one}' then (jsonb_populate_record(null::{name}, r.before)).{one} else t.{one} end"
        for one in columns
    )
    statement = (
        f"update {name} as t set {sets}, row_version = t.row_version + 1 from base.mass_change_row as r "  # noqa: S608 - our own names
        f"where r.company_id = :company and r.mass_change_id = :change and r.table_name = :table and r.before is not null "
        f"and t.company_id = :company and t.{key} = r.record_id and t.row_version = r.version returning t.{key} as id"
    )
    return {one.id for one in unit.rows(sa.text(statement), {**place, "table": name})}


@dataclass(frozen=True)
class MassList:
    """What may be changed together in a list: the table behind it, its columns, and how the list's rows are told.

    `ids(unit, query)` are the rows of a query; `refusals(key, value)` say which records stay as they are, `stored(key, value)` is the value
    as it is kept (InvalidInput when it cannot be).
    """

    name: str
    table: sa.FromClause
    key: str
    label: sa.ColumnElement[Any]
    source: sa.FromClause
    fields: tuple[str, ...]
    right: str
    ids: Callable[[UnitOfWork, ListQuery], sa.Select[Any]]
    refusals: Callable[[str, Any], tuple[tuple[sa.ColumnElement[bool], str], ...]] = lambda _key, _value: ()
    stored: Callable[[str, Any], Any] = lambda _key, value: value

    def _field(self, key: str, value: Any) -> MassField:
        if key not in self.fields:
            raise InvalidInput("Questo campo non si cambia per molti record insieme.", field=key)
        columns = self.table.c
        return MassField(
            table=self.table, key=columns[self.key], column=columns[key], name=self.label, source=self.source, company=columns.company_id,
            refusals=self.refusals(key, value),
        )  # fmt: skip

    def _value(self, key: str, value: Any) -> Any:
        text = key in self.fields and isinstance(self.table.c[key].type, sa.Text)
        return self.stored(key, (value or "").strip() if text else value)

    def _wanted(self, unit: UnitOfWork, target: Target) -> sa.Select[Any]:
        if target.query is not None:
            return self.ids(unit, target.query)
        return sa.select(sa.func.unnest(sa.literal(list(target.ids), sa.ARRAY(sa.BigInteger))))

    def preview(self, unit: UnitOfWork, target: Target, key: str, value: Any) -> ChangePreview:
        """What the change would do; writes nothing."""
        value = self._value(key, value)
        return preview_change(unit, self._field(key, value), self._wanted(unit, target), value)

    def apply(self, unit: UnitOfWork, target: Target, key: str, value: Any, title: str = "") -> MassChangeRow:
        """One statement for all, under the list's right. `title` is how the change is called in the list of changes."""
        value = self._value(key, value)
        unit.value(sa.text("select sec.require(:company, :right)"), {"right": self.right})
        field = self._field(key, value)
        number, _count = apply_change(unit, field, self._wanted(unit, target), value, list_name=self.name, title=title or key)
        return next(one for one in list_changes(unit, self.name) if one.mass_change_id == number)

    def undo(self, unit: UnitOfWork, mass_change_id: int) -> Undone:
        """Take one back; what somebody changed since stays."""
        return undo(unit, mass_change_id, [(self.table, self.key)])

    def recent(self, unit: UnitOfWork) -> list[MassChangeRow]:
        """My newest ones."""
        return list_changes(unit, self.name)
