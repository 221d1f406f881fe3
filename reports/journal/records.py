"""What a printed journal is made of."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class JournalLineText:
    account_code: str
    account_name: str
    customer: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class JournalEntryText:
    number: int
    on_date: datetime.date
    description: str
    lines: list[JournalLineText]


@dataclass(frozen=True)
class JournalBook:
    """Entries in order of number; `carried`: euro of debit of the year's earlier pages. `letterhead` is the company's."""

    letterhead: Any
    year: int
    until_on: datetime.date
    carried: Decimal
    entries: list[JournalEntryText]
