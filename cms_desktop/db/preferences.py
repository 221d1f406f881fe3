"""Small remembered things of a person on a post: layouts, saved views, drafts. Rows of base.preference, readable by nobody else."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork

SAVE = sa.text(
    "insert into base.preference (person_id, post, key, value) values (:person, :post, :key, cast(:value as jsonb)) "
    "on conflict (person_id, post, key) do update set value = excluded.value"
)
LOAD = sa.text("select key, value from base.preference where person_id = :person and post = :post")
FORGET = sa.text("delete from base.preference where person_id = :person and post = :post and key = :key")


def load_preferences(unit: UnitOfWork, post: str) -> dict[str, Any]:
    """Everything remembered for this person on this post."""
    return {row.key: row.value for row in unit.rows(LOAD, {"person": unit.person_id, "post": post})}


def save_preference(unit: UnitOfWork, post: str, key: str, value: Any) -> None:
    """Store one value (any JSON); None forgets it."""
    place = {"person": unit.person_id, "post": post, "key": key}
    if value is None:
        unit.session.execute(FORGET, place)
    else:
        unit.session.execute(SAVE, place | {"value": json.dumps(value)})
