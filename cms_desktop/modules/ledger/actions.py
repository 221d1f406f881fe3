"""What is done with payments. Each verb calls one guarded function of the database: a payment, its allocations and its entry, or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.ledger.records import NewPayment


def collect(unit: UnitOfWork, payment: NewPayment) -> int:
    """Register money that came in and settle `payment.parts` with it; the rest is an advance. Returns the payment."""
    if sum(payment.parts.values(), ZERO) > payment.amount:
        raise InvalidInput("Hai abbinato più di quanto è stato incassato: riduci un importo.", field="amount")
    made: int = unit.call(
        "ledger.collect", payment.customer_id, payment.on_date, payment.method, payment.amount, payment.bank_account_id, payment.reference.strip(),
        payment.description.strip(), *_parts(payment.parts), payment.line_key,
    )  # fmt: skip
    return made


def collect_all(unit: UnitOfWork, payments: Sequence[NewPayment]) -> int:
    """Register many payments, all of them or none; returns how many."""
    facts = [
        {
            "customer": one.customer_id, "on_date": one.on_date.isoformat(), "method": one.method, "amount": str(one.amount),
            "bank": one.bank_account_id, "reference": one.reference, "description": one.description, "items": list(one.parts),
            "amounts": [str(part) for part in one.parts.values()], "line_key": one.line_key,
        }
        for one in payments
    ]  # fmt: skip
    done: int = unit.call("ledger.collect_many", sa.cast(facts, JSONB))
    return done


def allocate(unit: UnitOfWork, payment_id: int, parts: Mapping[int, Decimal]) -> None:
    """Settle items with what is left of a payment."""
    unit.call("ledger.allocate", payment_id, *_parts(parts))


def release(unit: UnitOfWork, payment_id: int, item_ids: Sequence[int]) -> Decimal:
    """Take wrong allocations back; returns what is free again."""
    freed: Decimal = unit.call("ledger.release", payment_id, _ids(item_ids))
    return freed


def bounce(unit: UnitOfWork, payment_id: int, on_date: datetime.date, reason: str) -> None:
    """The money went back to the customer's bank: its items are open again from that day."""
    if not reason.strip():
        raise InvalidInput("Scrivi perché l'incasso viene stornato.", field="reason")
    unit.call("ledger.bounce", payment_id, on_date, reason.strip())


def write_off(unit: UnitOfWork, item_ids: Sequence[int], on_date: datetime.date, reason: str) -> int:
    """Close small remainders; returns how many."""
    closed: int = unit.call("ledger.write_off", _ids(item_ids), on_date, reason.strip())
    return closed


def compensate(unit: UnitOfWork, parts: Mapping[int, Decimal], on_date: datetime.date) -> int:
    """Set credits of a customer off against debts; the parts sum to zero. Returns the payment that joins them."""
    made: int = unit.call("ledger.compensate", *_parts(parts), on_date)
    return made


def pay_back(unit: UnitOfWork, payment_id: int, on_date: datetime.date, method: str, bank_account_id: int | None = None) -> int:
    """Give back what is left of a payment; returns the payment out."""
    made: int = unit.call("ledger.pay_back", payment_id, on_date, method, bank_account_id)
    return made


def _ids(ids: Sequence[int]) -> sa.ColumnElement[Sequence[int]]:
    return sa.cast(list(ids), sa.ARRAY(sa.BigInteger))


def _parts(parts: Mapping[int, Decimal]) -> tuple[sa.ColumnElement[Sequence[int]], sa.ColumnElement[Sequence[Decimal]]]:
    return _ids(list(parts)), sa.cast(list(parts.values()), sa.ARRAY(sa.Numeric))
