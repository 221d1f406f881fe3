"""What a bank statement says, and what is made of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Match = Literal["iban", "document", "name", "none"]


@dataclass(frozen=True)
class StatementLine:
    """One movement. `amount` is positive for money that came in; `key` tells it from every other movement, however often it is read."""

    key: str
    booked_on: datetime.date
    value_on: datetime.date | None
    amount: Decimal
    words: str
    name: str = ""
    iban: str = ""
    reference: str = ""
    is_reversal: bool = False


@dataclass(frozen=True)
class Statement:
    """The movements of one account between two balances (None: the bank did not say)."""

    iban: str
    currency: str
    lines: tuple[StatementLine, ...]
    opening_amount: Decimal | None = None
    closing_amount: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        """What is missing between the balances and the movements; zero when the statement is whole."""
        if self.opening_amount is None or self.closing_amount is None:
            return None
        return self.closing_amount - self.opening_amount - sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class LineProposal:
    """Whose money a movement is thought to be, why, and which items it settles (open item → euro)."""

    line: StatementLine
    match: Match
    customer_id: int | None = None
    customer: str = ""
    parts: dict[int, Decimal] = field(default_factory=dict)
    reason: str = "none"
    is_known: bool = False  # registered already
