"""Contracts and their recurring services."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone, Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.actions.numbers import fresh_contract_number
from cms_desktop.modules.customers.records import Service as ServiceRecord
from cms_desktop.modules.customers.tables import Contract, Service

CONTRACT_FIELDS = (
    "number", "title", "state", "starts_on", "ends_on", "payment_term_id", "order_reference", "cig_code", "cup_code", "profile", "signed_on",
    "duration_months", "renewal_months", "notice_count", "notice_unit", "notice_channel", "deposit_amount", "deposit_received_on",
    "deposit_returned_on", "is_indexed", "index_share", "index_base_on", "index_month", "index_cap", "index_floor",
)  # fmt: skip
SERVICE_FIELDS = (
    "description", "quantity", "monthly_price", "vat_code_id", "frequency_months", "anchor_month", "is_in_advance", "starts_on",
    "ends_on", "is_suspended", "service_type_id", "kind", "site_id", "unit_price", "minimum_quantity", "planned_quantity", "free_quota",
    "quota_months", "pro_rata", "agent_share", "is_index_excluded", "price_locked_until", "is_advance",
)  # fmt: skip
NOT_EMPTY = {"notice_count": 0, "deposit_amount": 0, "index_share": 100, "index_floor": 0}  # what an emptied field of the form means
CODES = ("cig_code", "cup_code")


def add_contract(unit: UnitOfWork, customer_id: int, values: Mapping[str, Any], services: Sequence[ServiceRecord] = ()) -> int:
    """A new contract with its services; an empty number is replaced by the next one of the year. Raises InvalidInput with the field."""
    contract = _stored_form(values)
    rules.refuse_contract_problems(contract.get("starts_on"), contract.get("ends_on"))
    contract["number"] = contract.get("number") or fresh_contract_number(unit, contract["starts_on"].year)
    row = Contract(company_id=unit.company_id, customer_id=customer_id, **contract)
    unit.session.add(row)
    unit.session.flush()
    save_services(unit, row.contract_id, services)
    return row.contract_id


def change_contract(
    unit: UnitOfWork,
    contract_id: int,
    changes: Mapping[str, Any],
    services: Sequence[ServiceRecord] | None = None,
    *,
    row_version: int,
) -> None:
    """Store changed fields and, when given, its services as they are now. Raises Conflict, InvalidInput with the field."""
    row = _contract(unit, contract_id, row_version)
    contract = _stored_form(changes)
    if not contract.get("number", row.number):
        contract["number"] = row.number
    rules.refuse_contract_problems(contract.get("starts_on", row.starts_on), contract.get("ends_on", row.ends_on))
    for key, value in contract.items():
        setattr(row, key, value)
    unit.session.flush()
    if services is not None:
        save_services(unit, contract_id, services)


def activate_contract(unit: UnitOfWork, contract_id: int, *, row_version: int) -> None:
    """Start, or start again after a suspension."""
    _step(unit, contract_id, row_version, "activate").state = "active"
    unit.session.flush()


def suspend_contract(unit: UnitOfWork, contract_id: int, *, row_version: int) -> None:
    """Nothing of it is billed until it is activated again."""
    _step(unit, contract_id, row_version, "suspend").state = "suspended"
    unit.session.flush()


def terminate_contract(unit: UnitOfWork, contract_id: int, ends_on: datetime.date, *, row_version: int) -> None:
    """Close it on a day; services that last longer end on that day, too (those that would start later are suspended)."""
    row = _step(unit, contract_id, row_version, "terminate")
    rules.refuse_contract_problems(row.starts_on, ends_on)
    row.state, row.ends_on = "terminated", ends_on
    for service in _services(unit, contract_id).values():
        if service.starts_on > ends_on:
            service.is_suspended = True
        elif service.ends_on is None or service.ends_on > ends_on:
            service.ends_on = ends_on
    unit.session.flush()


def save_services(unit: UnitOfWork, contract_id: int, services: Sequence[ServiceRecord]) -> None:
    """Make the services of a contract those given: new ones (id 0) are added, others changed, missing ones removed.

    Raises Conflict when one was changed meanwhile, InvalidInput with the field.
    """
    for service in services:
        rules.refuse_service_problems(service)
    present = _services(unit, contract_id)
    for service_id in present.keys() - {service.service_id for service in services}:
        remove_service(unit, service_id)
    for service in services:
        values = {key: getattr(service, key) for key in SERVICE_FIELDS}
        if service.service_id == 0:
            line = Service(company_id=unit.company_id, contract_id=contract_id, **values)
            unit.session.add(line)
            if service.bands:
                unit.session.flush()
                set_bands(unit, line.service_id, service.starts_on, dict(service.bands))
            continue
        row = present.get(service.service_id)
        if row is None or row.row_version != service.row_version:
            raise Conflict(CONFLICT_TEXT)
        for key, value in values.items():
            setattr(row, key, value)
    unit.session.flush()


def set_bands(unit: UnitOfWork, service_id: int, on_day: datetime.date, prices: Mapping[str, Decimal | None]) -> None:
    """Prices of night, holiday and overtime of an hourly line, from a day on; None takes the band away."""
    for band, price in prices.items():
        unit.call("customers.set_price", service_id, on_day, price, band)


def remove_service(unit: UnitOfWork, service_id: int) -> None:
    """Take a service away that was never billed (the database refuses it for others: end or suspend those)."""
    row = unit.session.get(Service, {"company_id": unit.company_id, "service_id": service_id})
    if row is None:
        raise Conflict(CONFLICT_TEXT)
    unit.session.delete(row)
    unit.session.flush()


def _services(unit: UnitOfWork, contract_id: int) -> dict[int, Service]:
    return {row.service_id: row for row in unit.session.scalars(sa.select(Service).where(Service.contract_id == contract_id))}


def _contract(unit: UnitOfWork, contract_id: int, row_version: int) -> Contract:
    row = unit.session.get(Contract, {"company_id": unit.company_id, "contract_id": contract_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    return row


def _step(unit: UnitOfWork, contract_id: int, row_version: int, verb: str) -> Contract:
    row = _contract(unit, contract_id, row_version)
    if row.state not in rules.CONTRACT_STEPS[verb]:
        raise AlreadyDone("Il contratto {number} è già in un altro stato: aggiorna l'elenco.", key="contract_state", number=row.number)
    return row


def _stored_form(values: Mapping[str, Any]) -> dict[str, Any]:
    contract = {key: values[key] for key in CONTRACT_FIELDS if key in values}
    for key in ("number", "title", "order_reference", *CODES):
        if key in contract:
            contract[key] = (contract[key] or "").strip()
    for key, length in zip(CODES, (10, 15), strict=True):
        if contract.get(key):
            contract[key] = contract[key].upper()
            if len(contract[key]) != length or not contract[key].isalnum():
                raise InvalidInput("Il codice ha {count} lettere o cifre: ricontrollalo.", field=key, count=length)
    for key, meaning in NOT_EMPTY.items():
        if key in contract and contract[key] is None:
            contract[key] = meaning
    for key in ("index_base_on",):
        if contract.get(key):
            contract[key] = contract[key].replace(day=1)
    rules.refuse_term_problems(contract)
    if "number" in contract:
        contract["number"] = contract["number"].upper()
    if "state" in contract and not contract["state"]:
        del contract["state"]
    return contract
