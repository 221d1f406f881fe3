"""What changes the rubrica and the refusals of advertising."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.rules import CHANNELS, CONTACT_FIELDS
from cms_desktop.modules.registry.tables import ContactPerson, Refusal


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: values[key] for key in CONTACT_FIELDS if key in values}
    for key, value in found.items():
        if key in ("valid_from", "valid_to"):
            found[key] = value or None
        elif key == "acts_for":
            found[key] = list(value or ())
        else:
            found[key] = str(value or "").strip()
    return found


def _refuse_problems(contact: Mapping[str, Any]) -> None:
    if not contact.get("name"):
        raise InvalidInput("Manca il nome: scrivilo.", field="name")
    for key in ("email", "pec"):
        problem = fiscal.check_email(contact.get(key) or "")
        if problem is not None:
            raise InvalidInput(problem.text, field=key, **problem.values)


def add_contact(unit: UnitOfWork, party_id: int, values: Mapping[str, Any]) -> int:
    """A new person of a party; returns its id. Raises InvalidInput with the field."""
    contact = _stored(values)
    _refuse_problems(contact)
    row = ContactPerson(company_id=unit.company_id, party_id=party_id, **contact)
    unit.session.add(row)
    unit.session.flush()
    return row.contact_person_id


def change_contact(unit: UnitOfWork, contact_person_id: int, changes: Mapping[str, Any], *, row_version: int) -> None:
    """Store changed fields. Raises Conflict when the person is no longer at `row_version`, InvalidInput with the field."""
    row = _contact(unit, contact_person_id, row_version)
    contact = _stored(changes)
    _refuse_problems({key: getattr(row, key) for key in CONTACT_FIELDS} | contact)
    for key, value in contact.items():
        setattr(row, key, value)
    unit.session.flush()


def end_contact(unit: UnitOfWork, contact_person_id: int, on: datetime.date, *, row_version: int) -> None:
    """The person is there no more from this day: kept, and shown as ended."""
    row = _contact(unit, contact_person_id, row_version)
    row.valid_to = max(on, row.valid_from or on)
    unit.session.flush()


def _contact(unit: UnitOfWork, contact_person_id: int, row_version: int) -> ContactPerson:
    row = unit.session.get(ContactPerson, {"company_id": unit.company_id, "contact_person_id": contact_person_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    return row


def refuse_channel(
    unit: UnitOfWork, party_id: int, channel: str, on: datetime.date, *, origin: str, contact_person_id: int | None = None
) -> int:
    """Note that a party (or one of its people) wants no advertising by a channel. Raises AlreadyDone when that is in force."""
    if channel not in CHANNELS:
        raise InvalidInput("Scegli il canale.", field="channel")
    if not origin.strip():
        raise InvalidInput("Scrivi da dove viene il diniego: serve a dimostrarlo.", field="origin")
    row = Refusal(
        company_id=unit.company_id, party_id=party_id, channel=channel, refused_on=on, origin=origin.strip(),
        contact_person_id=contact_person_id,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    return row.refusal_id


def withdraw_refusal(unit: UnitOfWork, refusal_id: int, on: datetime.date, *, origin: str, row_version: int) -> None:
    """The party wants advertising again; the refusal stays in its history."""
    row = unit.session.get(Refusal, {"company_id": unit.company_id, "refusal_id": refusal_id})
    if row is None or row.row_version != row_version or row.withdrawn_on is not None:
        raise Conflict(CONFLICT_TEXT)
    if not origin.strip():
        raise InvalidInput("Scrivi da dove viene la revoca: serve a dimostrarla.", field="origin")
    row.withdrawn_on, row.withdrawn_origin = on, origin.strip()
    unit.session.flush()
