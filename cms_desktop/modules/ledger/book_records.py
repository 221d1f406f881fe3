"""What the books hand to the screen besides items and payments: accounts, balances, closed periods, prints, exports. Amounts are euro."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class AccountRow:
    """An account of the chart. `level` counts from 0 (mastro); groups (`is_postable` false) take no entries."""

    account_id: int
    code: str
    name: str
    kind: str
    role: str
    is_postable: bool
    is_active: bool
    level: int


@dataclass(frozen=True)
class NewLine:
    """A line of an entry by hand: one of the amounts is zero."""

    account_id: int
    debit: Decimal
    credit: Decimal
    customer_id: int | None = None
    description: str = ""


@dataclass(frozen=True)
class NewEntry:
    on_date: datetime.date
    description: str
    lines: tuple[NewLine, ...]
    template_id: int | None = None


@dataclass(frozen=True)
class TemplateLine:
    """`amount` None: asked each time."""

    account_id: int
    account: str
    is_debit: bool
    amount: Decimal | None
    description: str = ""


@dataclass(frozen=True)
class EntryTemplate:
    """A model of an entry; `next_on` when it recurs."""

    template_id: int | None
    name: str
    description: str
    lines: tuple[TemplateLine, ...]
    every_months: int | None = None
    next_on: datetime.date | None = None


@dataclass(frozen=True)
class BalanceRow:
    """An account (or a group with all below it) in the trial balance: before, in and at the end of the period; debit is positive."""

    account_id: int | None
    code: str
    name: str
    kind: str
    level: int
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


@dataclass(frozen=True)
class AccountLine:
    """A line of an account, with the balance after it."""

    entry_id: int
    line_no: int
    on_date: datetime.date
    number: int | None
    description: str
    customer: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class AccountSheet:
    """Mastrino: an account in a period. `is_cut`: there are more lines than those shown."""

    opening: Decimal
    lines: tuple[AccountLine, ...]
    debit: Decimal
    credit: Decimal
    line_count: int

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit

    @property
    def is_cut(self) -> bool:
        return self.line_count > len(self.lines)


@dataclass(frozen=True)
class LockRow:
    """A closing or opening of the books, and who did it. `closed_until` None: all open."""

    lock_id: int
    closed_until: datetime.date | None
    reason: str
    person: str
    at: datetime.datetime


@dataclass(frozen=True)
class PrintRow:
    """A part of the definitive journal."""

    print_id: int
    year: int
    first_number: int
    last_number: int
    until_on: datetime.date
    debit_amount: Decimal
    at: datetime.datetime


@dataclass(frozen=True)
class ExportRow:
    """What the accountant got."""

    export_id: int
    number: str
    from_on: datetime.date
    until_on: datetime.date
    is_repeat: bool
    entry_count: int
    debit_amount: Decimal
    file_name: str
    person: str
    at: datetime.datetime


@dataclass(frozen=True)
class ExportLine:
    """A line of an entry as the accountant's program reads it."""

    entry_id: int
    number: int | None
    on_date: datetime.date
    source: str
    description: str
    line_no: int
    account_code: str
    account_name: str
    customer_code: str
    customer: str
    vat_number: str
    tax_code: str
    debit: Decimal
    credit: Decimal
    line_text: str
    document: str
    document_on: datetime.date | None
    reverses_id: int | None


@dataclass(frozen=True)
class PeriodState:
    """Where the books stand. `unposted`: issued documents that wait to be posted, the oldest of `unposted_from`."""

    closed_until: datetime.date | None
    printed_until: datetime.date | None
    not_numbered: int
    first_entry_on: datetime.date | None
