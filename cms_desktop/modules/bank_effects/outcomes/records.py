"""What a bank says of what was presented. Amounts are euro."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Result = Literal["paid", "unpaid", "recalled", "accepted", "memo", "unknown"]
Scope = Literal["one", "block", "message"]
Form = Literal["riba", "pain.002", "cbi_sdd", "camt"]


@dataclass(frozen=True)
class Outcome:
    """One answer. `number` is the receipt or instruction number we gave, `end_to_end` and `mandate` the debit's own; `code` the bank's reason.

    `memo` is a line that says nothing of an effect (fees, re-debits); `unknown` one for a person to look at. `scope` other than "one": the
    bank speaks of a whole block or message named `end_to_end`. `key` tells an answer from every other, however often it is read.
    """

    key: str
    result: Result
    code: str
    amount: Decimal | None = None
    number: int | None = None
    end_to_end: str = ""
    mandate: str = ""
    due_on: datetime.date | None = None
    told_on: datetime.date | None = None
    fee: Decimal | None = None
    words: str = ""
    customer_code: str = ""
    scope: Scope = "one"


@dataclass(frozen=True)
class OutcomeFile:
    """A file of answers. `about` is the message it answers (empty: several, or not said)."""

    form: Form
    name: str
    outcomes: tuple[Outcome, ...]
    about: str = ""
