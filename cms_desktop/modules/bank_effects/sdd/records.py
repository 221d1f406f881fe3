"""What a file of direct debits holds. Amounts are euro. Rules: SEPA Core and B2B rulebooks of the European Payments Council."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Literal

from cms_desktop.core.money import ZERO

Scheme = Literal["CORE", "B2B"]
Sequence = Literal["FRST", "RCUR", "FNAL", "OOFF"]


@dataclass(frozen=True)
class DebitCreditor:
    """Who collects. `identifier` is the SEPA creditor identifier (AT-02), `cuc` the code the CBI gave (8 characters, CBI form only)."""

    name: str
    identifier: str
    iban: str
    cuc: str = ""
    bic: str = ""


@dataclass(frozen=True)
class Amendment:
    """What changed of a mandate since the bank last saw it: what it was before, empty for what stayed (AT-24)."""

    old_mandate: str = ""
    old_identifier: str = ""
    old_name: str = ""
    old_iban: str = ""


@dataclass(frozen=True)
class Debit:
    """One direct debit. `number` comes back in the bank's answer; `end_to_end` reaches the debtor."""

    number: int
    end_to_end: str
    amount: Decimal
    due_on: datetime.date
    mandate: str
    signed_on: datetime.date
    debtor_name: str
    debtor_iban: str
    reference: str
    scheme: Scheme = "CORE"
    sequence: Sequence = "RCUR"
    debtor_bic: str = ""
    amendment: Amendment | None = None


@dataclass(frozen=True)
class DebitBatch:
    """A presentation to one bank. `message` is unique for the creditor; `made_at` has a time zone."""

    creditor: DebitCreditor
    message: str
    made_at: datetime.datetime
    debits: tuple[Debit, ...] = field(default=())

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.debits), ZERO)

    def groups(self) -> list[tuple[datetime.date, Scheme, Sequence, list[Debit]]]:
        """What one payment block may hold: the same day, scheme and sequence; in that order, the debits as given."""

        def key(one: Debit) -> tuple[datetime.date, Scheme, Sequence]:
            return one.due_on, one.scheme, one.sequence

        return [(*place, list(members)) for place, members in groupby(sorted(self.debits, key=key), key)]
