"""What crosses to the screens of bank effects. Amounts are euro."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from cms_desktop.core.money import ZERO


@dataclass(frozen=True)
class DueEffect:
    """An effect that a batch would hold: one customer, one due date. `obstacle` says why it must stay out ('' when it may go)."""

    customer_id: int
    customer_code: str
    customer_name: str
    due_on: datetime.date
    amount: Decimal
    item_count: int
    reference: str
    iban: str
    obstacle: str = ""

    @property
    def is_presentable(self) -> bool:
        return not self.obstacle

    @property
    def key(self) -> tuple[int, datetime.date]:
        return self.customer_id, self.due_on


@dataclass(frozen=True)
class DuePreview:
    """Everything due in a range: what a batch would take and what it would leave out."""

    effects: tuple[DueEffect, ...] = ()

    @property
    def presentable(self) -> tuple[DueEffect, ...]:
        return tuple(effect for effect in self.effects if effect.is_presentable)

    @property
    def left_out(self) -> tuple[DueEffect, ...]:
        return tuple(effect for effect in self.effects if not effect.is_presentable)

    @property
    def total(self) -> Decimal:
        return sum((effect.amount for effect in self.presentable), ZERO)

    @property
    def left_out_total(self) -> Decimal:
        return sum((effect.amount for effect in self.left_out), ZERO)


@dataclass(frozen=True)
class BankChoice:
    """A bank account of the company to present to."""

    bank_account_id: int
    name: str
    iban: str
    sia_code: str
    credit_line_amount: Decimal
    is_default: bool


@dataclass(frozen=True)
class BatchRow:
    """A batch (distinta) in the list."""

    effect_batch_id: int
    number: str
    state: str
    bank_account_id: int
    bank_name: str
    due_from: datetime.date
    due_to: datetime.date
    effect_count: int
    total_amount: Decimal
    file_name: str
    created_at: datetime.datetime
    created_by: str
    presented_at: datetime.datetime | None
    presented_by: str


@dataclass(frozen=True)
class EffectRow:
    """An effect in the list; `state` is that of the effect, `batch_state` of its batch."""

    effect_id: int
    effect_batch_id: int
    batch_number: str
    batch_state: str
    presented_on: datetime.date | None
    bank_name: str
    receipt_number: int
    due_on: datetime.date
    amount: Decimal
    customer_id: int
    customer_code: str
    customer_name: str
    reference: str
    state: str
    debtor_abi: str
    debtor_cab: str


@dataclass(frozen=True)
class CreatedBatch:
    """A batch that was just created; `without_bank` customers were left out for want of data."""

    effect_batch_id: int
    number: str
    effect_count: int
    without_bank: int


@dataclass(frozen=True)
class BankFile:
    """The file of a presentation, byte for byte as it is kept."""

    name: str
    content: bytes
    number: str = ""
    effect_count: int = 0
    total_amount: Decimal = ZERO

    @property
    def record_count(self) -> int:
        """Records of 120 characters in the file."""
        return self.content.count(b"\r\n")


@dataclass(frozen=True)
class WeekSum:
    """Effects due in a week (Monday to Sunday)."""

    starts_on: datetime.date
    amount: Decimal
    count: int

    @property
    def ends_on(self) -> datetime.date:
        return self.starts_on + datetime.timedelta(days=6)


@dataclass(frozen=True)
class BankSum:
    """Effects presented to a bank and not yet due, against the credit line."""

    bank_account_id: int
    name: str
    amount: Decimal
    count: int
    credit_line_amount: Decimal


@dataclass(frozen=True)
class AmountAndCount:
    amount: Decimal = ZERO
    count: int = 0


@dataclass(frozen=True)
class WaitingCounts:
    """Effects that could be presented now, and batches not presented yet."""

    presentable: int
    open_batches: int


@dataclass(frozen=True)
class DashboardFigures:
    """The figures of the dashboard, all of one moment (`today` is the server's)."""

    today: datetime.date
    presentable: AmountAndCount
    left_out: AmountAndCount
    left_out_customers: int
    presented_in_month: AmountAndCount
    presented_month_before: AmountAndCount
    unpaid: AmountAndCount
    line_used: AmountAndCount
    line_amount: Decimal
    open_batches: AmountAndCount
    banks_without_sia: int
    weeks: tuple[WeekSum, ...] = ()
    banks: tuple[BankSum, ...] = ()
    last_batches: tuple[BatchRow, ...] = field(default=())
