"""What changes parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import rules
from cms_desktop.modules.registry.tables import Party


def add_party(unit: UnitOfWork, values: Mapping[str, Any]) -> int:
    """A new party; returns its id. Raises InvalidInput with the field."""
    party = rules.stored_form(values)
    rules.refuse_problems(party)
    row = Party(company_id=unit.company_id, **party)
    unit.session.add(row)
    unit.session.flush()
    return row.party_id


def change_party(unit: UnitOfWork, party_id: int, changes: Mapping[str, Any], *, row_version: int) -> None:
    """Store changed fields. Raises Conflict when the party is no longer at `row_version`, InvalidInput with the field."""
    row = unit.session.get(Party, {"company_id": unit.company_id, "party_id": party_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    party = rules.stored_form(changes)
    rules.refuse_problems({key: getattr(row, key) for key in rules.PARTY_FIELDS} | party)
    for key, value in party.items():
        setattr(row, key, value)
    unit.session.flush()
