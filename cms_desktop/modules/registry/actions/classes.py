"""What changes the fields of classification, and roles of parties."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.tables import Classification, ClassificationValue, PartyRole


def store_class(unit: UnitOfWork, position: int, name: str, values: Sequence[str]) -> None:
    """Name one of the seven fields and give its values in order. A value that is no longer named is switched off, not removed:
    parties that have it keep it. An empty name switches the field off."""
    row = unit.session.scalars(sa.select(Classification).where(Classification.position == position)).first()
    if row is None:
        if not name.strip():
            return
        row = Classification(company_id=unit.company_id, position=position, name=name.strip())
        unit.session.add(row)
    row.is_active = bool(name.strip())
    row.name = name.strip() or row.name
    unit.session.flush()
    _store_values(unit, position, values)


def _store_values(unit: UnitOfWork, position: int, values: Sequence[str]) -> None:
    wanted = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    known = {
        one.name.casefold(): one
        for one in unit.session.scalars(sa.select(ClassificationValue).where(ClassificationValue.position == position))
    }
    for place, name in enumerate(wanted):
        one = known.pop(name.casefold(), None)
        if one is None:
            unit.session.add(ClassificationValue(company_id=unit.company_id, position=position, name=name, sort_order=place))
        else:
            one.name, one.sort_order, one.is_active = name, place, True
    for one in known.values():
        one.is_active = False
    unit.session.flush()


def rename_value(unit: UnitOfWork, value_id: int, name: str, *, row_version: int) -> None:
    """Another word for the same value, everywhere."""
    row = unit.session.get(ClassificationValue, {"company_id": unit.company_id, "classification_value_id": value_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    if not name.strip():
        raise InvalidInput("Scrivi il nome della voce.", field="name")
    row.name = name.strip()
    unit.session.flush()


def begin_role(unit: UnitOfWork, party_id: int, role: str, since: datetime.date) -> None:
    """The party is a supplier or a prospect from this day. Customers are made in Gestione Clienti."""
    unit.session.add(PartyRole(company_id=unit.company_id, party_id=party_id, role=role, since_on=since))
    unit.session.flush()


def end_role(unit: UnitOfWork, party_role_id: int, until: datetime.date, *, row_version: int) -> None:
    row = unit.session.get(PartyRole, {"company_id": unit.company_id, "party_role_id": party_role_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    row.until_on = max(until, row.since_on)
    unit.session.flush()
