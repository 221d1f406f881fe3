"""Customers: a party and its commercial and fiscal conditions, always written together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.actions.numbers import fresh_codes
from cms_desktop.modules.customers.tables import Customer
from cms_desktop.modules.registry.actions import add_party, change_party
from cms_desktop.modules.registry.rules import PARTY_FIELDS
from cms_desktop.modules.registry.tables import Party


def add_customer(unit: UnitOfWork, values: Mapping[str, Any]) -> int:
    """A new customer; an empty code is replaced by the next one. Raises InvalidInput with the field."""
    customer = rules.stored_form(values)
    rules.refuse_problems(customer, values.get("kind") or "company", values.get("country") or "IT")
    party_id = add_party(unit, values)
    customer["code"] = customer.get("code") or fresh_codes(unit, 1)[0]
    unit.session.add(Customer(company_id=unit.company_id, customer_id=party_id, **customer))
    unit.session.flush()
    return party_id


def change_customer(unit: UnitOfWork, customer_id: int, changes: Mapping[str, Any], *, party_version: int, customer_version: int) -> None:
    """Store changed fields only. Raises Conflict when either part is no longer at its version, InvalidInput with the field."""
    row = unit.session.get(Customer, {"company_id": unit.company_id, "customer_id": customer_id})
    party = unit.session.get(Party, {"company_id": unit.company_id, "party_id": customer_id})
    if row is None or party is None or row.row_version != customer_version or party.row_version != party_version:
        raise Conflict(CONFLICT_TEXT)
    own = rules.stored_form(changes)
    if "code" in own and not own["code"]:
        own["code"] = row.code
    if any(key in PARTY_FIELDS for key in changes):
        change_party(unit, customer_id, changes, row_version=party_version)
    rules.refuse_problems({key: getattr(row, key) for key in ("recipient_code", "iban")} | own, party.kind, party.country)
    for key, value in own.items():
        setattr(row, key, value)
    unit.session.flush()
