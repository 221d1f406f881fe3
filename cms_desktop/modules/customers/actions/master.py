"""What changes the records that hang on a customer, its state, and the states of its mandates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.rules import master as rules
from cms_desktop.modules.customers.tables import Appointment, Customer, HeldKey, IntentLetter, Mandate, Plant, Site, SiteContact

TEXTS = {  # columns that are never null, so an empty field is an empty text
    "protocol", "creditor_identifier", "holder_name", "holder_tax_code", "iban", "notes", "street", "street_number", "postal_code", "town",
    "province_code", "phone", "instructions", "description", "maker", "seal", "kept_at", "received_from", "returned_to", "number",
}  # fmt: skip


def change_state(unit: UnitOfWork, customer_id: int, state: str, *, on: datetime.date, reason: str, customer_version: int) -> None:
    """Move a customer to another state of its life; the database keeps the event. Raises Conflict, InvalidInput."""
    row = unit.session.get(Customer, {"company_id": unit.company_id, "customer_id": customer_id})
    if row is None or row.row_version != customer_version:
        raise Conflict(CONFLICT_TEXT)
    rules.refuse_step(row.state, state)
    row.state, row.state_on, row.state_reason = state, on, reason.strip()
    unit.session.flush()


# ---- letters of intent ----------------------------------------------------------------------------------------------------


def save_letter(unit: UnitOfWork, customer_id: int, letter_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change a letter of intent. Raises Conflict, InvalidInput with the field."""
    stored = _stored(values, codes=("protocol",))
    rules.refuse_letter_problems(stored)
    return _save(unit, IntentLetter, letter_id, row_version, stored, customer_id=customer_id)


def remove_letter(unit: UnitOfWork, letter_id: int, *, row_version: int) -> None:
    """Take a letter away that was entered by mistake; one that was used is revoked instead."""
    row = _row(unit, IntentLetter, letter_id, row_version)
    if row.consumed_amount:
        raise InvalidInput("Una dichiarazione già usata non si toglie: scrivi quando è stata revocata.", field="revoked_on")
    _remove(unit, row)


# ---- mandates -------------------------------------------------------------------------------------------------------------


def save_mandate(unit: UnitOfWork, customer_id: int, mandate_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change a mandate; without a reference it gets the next number of the company. Raises Conflict, InvalidInput."""
    stored = _stored(
        {key: value for key, value in values.items() if key not in ("state", "state_on", "state_reason")},
        codes=("iban", "creditor_identifier"),
    )
    if mandate_id == 0 and not stored.get("reference"):
        stored["reference"] = f"SDD-{unit.call('base.next_number', 'customers.mandate', 0, 1):06d}"
    if "is_one_off" in stored:
        stored["sequence_state"] = "OOFF" if stored["is_one_off"] else stored.get("sequence_state") or "FRST"
        if stored["sequence_state"] == "OOFF" and not stored["is_one_off"]:
            stored["sequence_state"] = "FRST"
    state = "draft"
    if mandate_id:
        state = _row(unit, Mandate, mandate_id, row_version).state
    elif values.get("state") == "active":
        stored["state"] = state = "active"
    rules.refuse_mandate_problems(stored | {"state": state})
    return _save(unit, Mandate, mandate_id, row_version, stored, customer_id=customer_id)


def change_mandate_state(unit: UnitOfWork, mandate_id: int, state: str, *, reason: str, row_version: int) -> None:
    """Activate, suspend or revoke. Raises Conflict, InvalidInput."""
    row = _row(unit, Mandate, mandate_id, row_version)
    if state not in rules.MANDATE_STEPS[row.state]:
        raise InvalidInput("Da questo stato il mandato non passa a quello scelto: aggiorna e riprova.")
    rules.refuse_mandate_problems({"reference": row.reference, "iban": row.iban, "signed_on": row.signed_on, "state": state})
    row.state, row.state_on, row.state_reason = state, _today(unit), reason.strip()
    unit.session.flush()


def remove_mandate(unit: UnitOfWork, mandate_id: int, *, row_version: int) -> None:
    """Only a draft goes away; a signed mandate is revoked."""
    row = _row(unit, Mandate, mandate_id, row_version)
    if row.state != "draft":
        raise InvalidInput("Un mandato firmato non si toglie: revocalo.")
    _remove(unit, row)


def settle_amendment(unit: UnitOfWork, amendment_id: int, outcome: str) -> str:
    """outcome: sent, accepted, refused. Returns the state it is in now."""
    return str(unit.call("customers.settle_amendment", amendment_id, outcome))


def expire_mandates(unit: UnitOfWork) -> int:
    """Write down which mandates lapsed for lack of collections; returns how many."""
    return int(unit.call("customers.expire_mandates"))


# ---- agents and collectors ------------------------------------------------------------------------------------------------------


def save_appointment(unit: UnitOfWork, customer_id: int, appointment_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change who follows or collects from a customer. Raises Conflict, InvalidInput with the field."""
    if not values.get("party_id"):
        raise InvalidInput("Manca la persona: cercala con F4.", field="party_id")
    if not values.get("starts_on"):
        raise InvalidInput("Manca la data: scrivila.", field="starts_on")
    return _save(unit, Appointment, appointment_id, row_version, _stored(values), customer_id=customer_id)


def remove_appointment(unit: UnitOfWork, appointment_id: int, *, row_version: int) -> None:
    _remove(unit, _row(unit, Appointment, appointment_id, row_version))


# ---- sites, plants, keys -----------------------------------------------------------------------------------------------------


def save_site(unit: UnitOfWork, customer_id: int, site_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change a site; without a code it gets the next one of the company. Raises Conflict, InvalidInput with the field."""
    stored = _stored(values, codes=("code",))
    if not stored.get("name"):
        raise InvalidInput("Manca il nome della sede: scrivilo.", field="name")
    if not stored.get("code"):
        stored["code"] = _fresh_site_code(unit) if site_id == 0 else _row(unit, Site, site_id, row_version).code
    stored["istat_code"] = stored.get("istat_code") or None
    stored["country"] = stored.get("country") or "IT"
    return _save(unit, Site, site_id, row_version, stored, customer_id=customer_id)


def remove_site(unit: UnitOfWork, site_id: int, *, row_version: int) -> None:
    """A site nothing hangs on (the database refuses others: say that it is no longer in use)."""
    _remove(unit, _row(unit, Site, site_id, row_version))


def save_plant(unit: UnitOfWork, site_id: int, plant_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change a plant. Its code is unique in the company. Raises Conflict, InvalidInput with the field."""
    stored = _stored(values, codes=("code",))
    rules.refuse_plant_code(str(stored.get("code") or ""))
    return _save(unit, Plant, plant_id, row_version, stored, site_id=site_id)


def remove_plant(unit: UnitOfWork, plant_id: int, *, row_version: int) -> None:
    _remove(unit, _row(unit, Plant, plant_id, row_version))


def save_key(unit: UnitOfWork, site_id: int, held_key_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change keys the company holds; without a number they get the next one. Raises Conflict, InvalidInput."""
    stored = _stored(values)
    if not stored.get("number"):
        stored["number"] = f"K{unit.call('base.next_number', 'customers.key', 0, 1):05d}"
    return _save(unit, HeldKey, held_key_id, row_version, stored, site_id=site_id)


def remove_key(unit: UnitOfWork, held_key_id: int, *, row_version: int) -> None:
    _remove(unit, _row(unit, HeldKey, held_key_id, row_version))


def save_site_contact(unit: UnitOfWork, site_id: int, site_contact_id: int, values: Mapping[str, Any], *, row_version: int) -> int:
    """Add (id 0) or change who is called about a site. Raises Conflict, InvalidInput with the field."""
    if not values.get("contact_person_id"):
        raise InvalidInput("Manca la persona: cercala con F4.", field="contact_person_id")
    return _save(unit, SiteContact, site_contact_id, row_version, _stored(values), site_id=site_id)


def remove_site_contact(unit: UnitOfWork, site_contact_id: int, *, row_version: int) -> None:
    _remove(unit, _row(unit, SiteContact, site_contact_id, row_version))


def _fresh_site_code(unit: UnitOfWork) -> str:
    while True:
        code = f"S{unit.call('base.next_number', 'customers.site', 0, 1):06d}"
        if unit.value(sa.select(Site.site_id).where(Site.company_id == unit.company_id, Site.code == code)) is None:
            return code


# ---- common ---------------------------------------------------------------------------------------------------------------------


def _today(unit: UnitOfWork) -> datetime.date:
    day = unit.value(sa.select(sa.func.current_date()))
    assert isinstance(day, datetime.date)
    return day


def _stored(values: Mapping[str, Any], *, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    stored = rules.stored_texts(values, codes=codes)
    return {key: "" if value is None and key in TEXTS else value for key, value in stored.items()}


def _key(table: Any) -> str:
    return str(next(column.key for column in table.__table__.primary_key.columns if column.key != "company_id"))


def _row(unit: UnitOfWork, table: Any, record_id: int, row_version: int) -> Any:
    key = _key(table)
    row = unit.session.get(table, {"company_id": unit.company_id, key: record_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    return row


def _save(unit: UnitOfWork, table: Any, record_id: int, row_version: int, values: Mapping[str, Any], **parent: int) -> int:
    key = _key(table)
    own = {name: value for name, value in values.items() if name in table.__table__.columns and name != key}
    if record_id == 0:
        row = table(company_id=unit.company_id, **parent, **{name: value for name, value in own.items() if value is not None})
        unit.session.add(row)
    else:
        row = _row(unit, table, record_id, row_version)
        if any(getattr(row, name) != wanted for name, wanted in parent.items()):
            raise Conflict(CONFLICT_TEXT)
        for name, value in own.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    unit.session.flush()
    return int(getattr(row, key))


def _remove(unit: UnitOfWork, row: Any) -> None:
    unit.session.delete(row)
    unit.session.flush()
