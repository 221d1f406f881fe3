"""Which fields of customers may be changed for many at once, and what refuses it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.mass_change import ChangePreview, MassChangeRow, Target, Undone
from cms_desktop.db import mass_change
from cms_desktop.db.mass_change import MassField
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers import listings
from cms_desktop.modules.customers.rules import CUSTOMER_STATES
from cms_desktop.modules.customers.tables import Contract, Customer
from cms_desktop.modules.registry.tables import Party

LIST = "customers.customer"
FIELDS = (
    "payment_term_id",
    "vat_code_id",
    "state",
    "is_split_payment",
    "is_withholding",
    "is_stamp_charged",
    "bank_name",
)  # in the order of the screen
_customer, _party, _contract = Customer.__table__.c, Party.__table__.c, Contract.__table__.c
NOT_SPLIT = "La scissione dei pagamenti vale per enti pubblici e società, non per privati e condomini."
NOT_WITHHELD = "La ritenuta si applica solo da condomini e sostituti d'imposta, non da privati."
HAS_CONTRACTS = "Ha contratti in corso: prima vanno terminati."


def _refusals(key: str, value: Any) -> tuple[tuple[sa.ColumnElement[bool], str], ...]:
    if key == "is_split_payment" and value:
        return ((_party.kind.in_(("person", "condominium")), NOT_SPLIT),)
    if key == "is_withholding" and value:
        return ((_party.kind == "person", NOT_WITHHELD),)
    if key == "state" and value == "terminated":
        running = sa.and_(
            _contract.company_id == _customer.company_id, _contract.customer_id == _customer.customer_id, _contract.state != "terminated"
        )
        return ((sa.exists().where(running).correlate(Customer.__table__), HAS_CONTRACTS),)
    return ()


def _field(key: str, value: Any) -> MassField:
    if key not in FIELDS:
        raise InvalidInput("Questo campo non si cambia per molti clienti insieme.", field=key)
    if key == "state" and value not in CUSTOMER_STATES:
        raise InvalidInput("Scegli uno stato dall'elenco.", field=key)
    return MassField(
        table=Customer.__table__, key=_customer.customer_id, column=_customer[key], name=_party.name, source=listings.CUSTOMERS.source,
        company=_customer.company_id, refusals=_refusals(key, value),
    )  # fmt: skip


def _ids(unit: UnitOfWork, target: Target) -> sa.Select[Any]:
    if target.query is not None:
        return listings.CUSTOMERS.ids(unit, target.query)
    return sa.select(sa.func.unnest(sa.literal(list(target.ids), sa.ARRAY(sa.BigInteger))))


def _stored(key: str, value: Any) -> Any:
    return (value or "").strip() if key == "bank_name" else value


def preview(unit: UnitOfWork, target: Target, key: str, value: Any) -> ChangePreview:
    """What the change would do; writes nothing."""
    value = _stored(key, value)
    return mass_change.preview_change(unit, _field(key, value), _ids(unit, target), value)


def apply(unit: UnitOfWork, target: Target, key: str, value: Any, title: str = "") -> MassChangeRow:
    """One statement for all; who may not write customers changes none. `title` is how the change is called in the list of changes."""
    value = _stored(key, value)
    unit.value(sa.text("select sec.require(:company, 'customers.write')"))
    number, _count = mass_change.apply_change(unit, _field(key, value), _ids(unit, target), value, list_name=LIST, title=title or key)
    return next(one for one in mass_change.list_changes(unit, LIST) if one.mass_change_id == number)


def undo(unit: UnitOfWork, mass_change_id: int) -> Undone:
    """Take one back; what somebody changed since stays."""
    return mass_change.undo(unit, mass_change_id, [(Customer.__table__, "customer_id"), (Party.__table__, "party_id")])


def recent(unit: UnitOfWork) -> list[MassChangeRow]:
    """My newest ones."""
    return mass_change.list_changes(unit, LIST)
