"""What changes the costs of an hour. What was spent already keeps the cost it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.notes.tables import HourlyCost

FIELDS = ("person_id", "valid_from", "amount")


def save_hourly_cost(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change a cost (`person_id` None: of everybody without one of their own); returns its id."""
    wanted = {key: values.get(key) for key in FIELDS}
    if record_id is None:
        row = HourlyCost(company_id=unit.company_id, **wanted)
        unit.session.add(row)
    else:
        row = _stored(unit, record_id, seen_version)
        for key, value in wanted.items():
            setattr(row, key, value)
    unit.session.flush()
    return row.hourly_cost_id


def remove_hourly_cost(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    unit.session.delete(_stored(unit, record_id, seen_version))
    unit.session.flush()


def _stored(unit: UnitOfWork, record_id: int, seen_version: int) -> HourlyCost:
    found = unit.session.scalars(
        sa.select(HourlyCost).where(HourlyCost.company_id == unit.company_id, HourlyCost.hourly_cost_id == record_id)
    ).first()
    if found is None or found.row_version != seen_version:
        raise Conflict(CONFLICT_TEXT)
    return found
