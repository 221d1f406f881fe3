"""What an hour of a person costs, and the time that was spent."""

from __future__ import annotations

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry.notes.queries import list_colleagues
from cms_desktop.modules.registry.notes.tables import HourlyCost


def list_hourly_costs(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """By person, everybody's first, the newest first. `until` is the last day before the next one of the same person, or None."""
    cost = HourlyCost.__table__.c
    following = sa.func.lead(cost.valid_from).over(partition_by=cost.person_id, order_by=cost.valid_from)
    person = Person.__table__
    rows = unit.rows(
        sa.select(
            cost.hourly_cost_id, cost.row_version, cost.person_id, cost.valid_from, cost.amount, (following - 1).label("until"),
            sa.func.coalesce(person.c.display_name, "").label("person"),
        )
        .select_from(sa.outerjoin(HourlyCost.__table__, person, person.c.person_id == cost.person_id))
        .where(cost.company_id == unit.company_id)
        .order_by(cost.person_id.isnot(None), sa.func.lower(person.c.display_name), cost.valid_from.desc())
    )  # fmt: skip
    fields = ("person_id", "valid_from", "amount", "until", "person")
    return tuple(StoredRecord(row.hourly_cost_id, row.row_version, {key: getattr(row, key) for key in fields}) for row in rows)


def people_with_costs(unit: UnitOfWork) -> list[tuple[int, str]]:
    """Whoever works on tasks now, and whoever has a cost from earlier."""
    people = {one.person_id: one.name for one in list_colleagues(unit)}
    for record in list_hourly_costs(unit):
        if record["person_id"] is not None:
            people.setdefault(record["person_id"], record["person"])
    return sorted(people.items(), key=lambda one: one[1].casefold())
