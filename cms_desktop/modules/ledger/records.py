"""What the books hand to the screen. Amounts are euro."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

BANDS = 5  # not due, 1–30, 31–60, 61–90, over 90 days


@dataclass(frozen=True)
class OpenItemRow:
    """A part of a document that is not settled; `days_late` is 0 or less while it is not due."""

    open_item_id: int
    due_on: datetime.date
    customer: str
    customer_id: int
    document: str
    document_on: datetime.date
    method: str
    amount: Decimal
    open_amount: Decimal
    days_late: int


@dataclass(frozen=True)
class EntryRow:
    """A journal entry; `amount` is the sum of one side."""

    entry_id: int
    on_date: datetime.date
    description: str
    source: str
    amount: Decimal


@dataclass(frozen=True)
class EntryLine:
    line_no: int
    account_code: str
    account_name: str
    customer: str
    debit_amount: Decimal
    credit_amount: Decimal


@dataclass(frozen=True)
class PaymentRow:
    """Money that came in (or went back). `free_amount` is not allocated to anything yet."""

    payment_id: int
    on_date: datetime.date
    customer: str
    customer_id: int
    method: str
    kind: str
    reference: str
    description: str
    amount: Decimal
    free_amount: Decimal
    bounced_on: datetime.date | None


@dataclass(frozen=True)
class NewPayment:
    """Money to register. `parts`: open item → euro it settles; the rest stays as an advance. `line_key` names a bank statement's line."""

    customer_id: int
    on_date: datetime.date
    method: str
    amount: Decimal
    parts: Mapping[int, Decimal] = field(default_factory=dict)
    bank_account_id: int | None = None
    reference: str = ""
    description: str = ""
    line_key: str | None = None


@dataclass(frozen=True)
class AllocationRow:
    """What a payment settled, or took back (negative)."""

    open_item_id: int
    document: str
    due_on: datetime.date
    on_date: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class AgeingBand:
    """Open items of an age: amount and how many; `first` and `last` day of their due dates (None: no limit)."""

    amount: Decimal
    count: int
    first: datetime.date | None
    last: datetime.date | None
