"""What the books hand to the screen. Amounts are euro."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
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
    payment_id: int
    on_date: datetime.date
    customer: str
    method: str
    description: str
    amount: Decimal


@dataclass(frozen=True)
class AgeingBand:
    """Open items of an age: amount and how many; `first` and `last` day of their due dates (None: no limit)."""

    amount: Decimal
    count: int
    first: datetime.date | None
    last: datetime.date | None
