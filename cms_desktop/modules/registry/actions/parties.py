"""What changes parties."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import rules
from cms_desktop.modules.registry.tables import Party, PartyRole


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


def set_roles(unit: UnitOfWork, party_id: int, wanted: Collection[str], *, on: datetime.date) -> None:
    """Make the party supplier and prospect as wanted; what it is no more ends on this day. Being a customer follows Gestione Clienti."""
    held = {
        one.role: one
        for one in unit.session.scalars(sa.select(PartyRole).where(PartyRole.party_id == party_id, PartyRole.until_on.is_(None)))
    }
    for role in ("supplier", "prospect"):
        if role in wanted and role not in held:
            unit.session.add(PartyRole(company_id=unit.company_id, party_id=party_id, role=role, since_on=on))
        elif role not in wanted and role in held:
            held[role].until_on = max(on, held[role].since_on)
    unit.session.flush()
