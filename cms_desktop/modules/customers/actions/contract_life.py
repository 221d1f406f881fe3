"""What happens to a contract after it is signed: suspensions, successors, renewal, takeover, prices from a day on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.actions.contracts import SERVICE_FIELDS
from cms_desktop.modules.customers.tables import Contract, ContractRenewal, Service, ServiceSuspension

SUSPENSION_FIELDS = ("starts_on", "ends_on", "reason", "mode", "is_yearly")


def suspend_services(unit: UnitOfWork, service_ids: Sequence[int], values: Mapping[str, Any]) -> None:
    """Lines are not billed from a day to another (no end: until further notice). `values`: starts_on, ends_on, reason, mode, is_yearly."""
    start, end = values.get("starts_on"), values.get("ends_on")
    if start is None:
        raise InvalidInput("Da quando si sospende? Scrivi il primo giorno.", field="starts_on")
    if end is not None and end < start:
        raise InvalidInput("La ripresa deve seguire la sospensione.", field="ends_on")
    if values.get("is_yearly") and (end is None or (end - start).days >= 365):
        raise InvalidInput("Una sospensione di ogni anno vuole una fine, entro l'anno.", field="ends_on")
    if not service_ids:
        raise InvalidInput("Scegli almeno un servizio da sospendere.", field="service_ids")
    chosen = {key: values[key] for key in SUSPENSION_FIELDS if values.get(key) is not None}
    for service_id in service_ids:
        unit.session.add(ServiceSuspension(company_id=unit.company_id, service_id=service_id, **chosen))
    unit.session.flush()


def resume_service(unit: UnitOfWork, suspension_id: int, last_day: datetime.date | None, *, row_version: int) -> None:
    """A suspension ends on a day; without one it is taken away altogether."""
    row = unit.session.get(ServiceSuspension, {"company_id": unit.company_id, "service_suspension_id": suspension_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    if last_day is None or last_day < row.starts_on:
        unit.session.delete(row)
    else:
        row.ends_on = last_day
    unit.session.flush()


def set_price(unit: UnitOfWork, service_id: int, on_day: datetime.date, price: Decimal, band: str = "") -> None:
    """A price of a line from a day on. Refused for a day that is billed already."""
    unit.call("customers.set_price", service_id, on_day, price, band)


def replace_service(unit: UnitOfWork, service_id: int, on_day: datetime.date, changes: Mapping[str, Any], *, row_version: int) -> int:
    """A line ends the day before and a successor with other facts goes on. Returns the successor."""
    row = unit.session.get(Service, {"company_id": unit.company_id, "service_id": service_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    if on_day <= row.starts_on or (row.ends_on is not None and on_day > row.ends_on):
        raise InvalidInput("Il nuovo servizio deve iniziare mentre il vecchio è in corso.", field="starts_on")
    values = {key: getattr(row, key) for key in SERVICE_FIELDS} | dict(changes) | {"starts_on": on_day}
    row.ends_on = on_day - datetime.timedelta(days=1)
    line = Service(company_id=unit.company_id, contract_id=row.contract_id, replaces_service_id=service_id, **values)
    unit.session.add(line)
    unit.session.flush()
    return line.service_id


def renew_contract(
    unit: UnitOfWork, contract_id: int, new_end_on: datetime.date, agreed_on: datetime.date, notes: str = "", *, row_version: int
) -> None:
    """An agreed renewal: the contract, and the lines that ended with it, go on until another day. A terminated one lives again."""
    row = unit.session.get(Contract, {"company_id": unit.company_id, "contract_id": contract_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    before = row.ends_on
    if before is None:
        raise InvalidInput("Il contratto non ha una fine: si rinnova da sé, o è senza termine.", field="ends_on")
    if new_end_on <= before:
        raise InvalidInput("La nuova fine deve seguire quella di prima.", field="ends_on")
    for line in unit.session.scalars(sa.select(Service).where(Service.contract_id == contract_id, Service.ends_on == before)):
        line.ends_on = new_end_on
    row.ends_on = new_end_on
    row.state = "active" if row.state == "terminated" else row.state
    unit.session.add(
        ContractRenewal(
            company_id=unit.company_id, contract_id=contract_id, old_end_on=before, new_end_on=new_end_on, agreed_on=agreed_on, notes=notes.strip()
        )
    )  # fmt: skip
    unit.session.flush()


def transfer_contract(
    unit: UnitOfWork, contract_id: int, to_customer_id: int, on_day: datetime.date, deed: str = "", *, row_version: int
) -> int:
    """Subentro: another customer goes on with the contract from a day on; what was before stays with the old one. Returns the new contract."""
    return int(unit.call("customers.transfer_contract", contract_id, to_customer_id, on_day, deed, row_version))


def apply_due_prices(unit: UnitOfWork) -> int:
    """Prices whose day has come go into their lines; how many changed."""
    return int(unit.call("customers.apply_due_prices") or 0)
