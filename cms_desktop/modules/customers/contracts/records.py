"""What contracts in time hand to the screens."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PriceStep:
    """A price of a line from a day on; `origin` is initial, manual or run (then `run` is its number)."""

    band: str
    valid_from: datetime.date
    price: Decimal
    origin: str
    run: str
    is_future: bool


@dataclass(frozen=True)
class Suspension:
    """Days in which a line is not billed."""

    suspension_id: int
    service_id: int
    service: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    reason: str
    mode: str
    is_yearly: bool
    row_version: int


@dataclass(frozen=True)
class Happening:
    """Something in the life of a contract, for its timeline: kind is signed, started, renewed, taken_over, passed_on, repriced, suspended, ended."""

    kind: str
    on_day: datetime.date
    text: str
    detail: str = ""
    other_contract_id: int | None = None


@dataclass(frozen=True)
class Deadline:
    """A row of the expiry scheduler. `kind`: renewal, expiry, notice, price_clause, deposit."""

    row_id: str
    kind: str
    on_day: datetime.date
    contract_id: int
    customer_id: int
    number: str
    customer: str
    monthly_fee: Decimal
    notice_by: datetime.date | None
    term_end: datetime.date | None


@dataclass(frozen=True)
class MonthCount:
    """How many deadlines of each kind fall in a month."""

    month_on: datetime.date
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RuleCount:
    """How many rows an inconsistency rule finds, and what they are worth a month."""

    rule: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Inconsistency:
    """A row of the inconsistency list: what to mend, where."""

    row_id: int
    customer_id: int
    contract_id: int | None
    customer: str
    number: str
    what: str
    since_on: datetime.date | None
    amount: Decimal
