"""What the VAT books show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import ZERO

REGISTERS = ("sales", "purchases", "collected")


@dataclass(frozen=True)
class Section:
    """A register that is kept apart: sales by series, purchases, collections of deferred VAT."""

    register: str
    series_id: int | None
    code: str
    name: str


@dataclass(frozen=True)
class RegisterRow:
    """A document and one of its VAT codes, in order of number."""

    document_series_id: int
    number: int
    document_number: str
    document_type: str
    document_on: datetime.date
    registered_on: datetime.date
    customer_id: int | None  # None: a self-invoice, `name` is the supplier
    name: str
    vat_number: str
    tax_code: str
    vat_code_id: int
    code: str
    rate: Decimal
    nature: str
    exigibility: str
    legal_reference: str
    net_amount: Decimal
    vat_amount: Decimal
    invoice_id: int
    payment_id: int | None

    @property
    def total_amount(self) -> Decimal:
        return self.net_amount + self.vat_amount


@dataclass(frozen=True)
class RegisterTotal:
    """Sums of a section and month by VAT code."""

    document_series_id: int
    month_on: datetime.date
    code: str
    rate: Decimal
    nature: str
    exigibility: str
    legal_reference: str
    document_count: int
    net_amount: Decimal
    vat_amount: Decimal


@dataclass(frozen=True)
class RegisterPrintRow:
    """A month printed for good."""

    month_on: datetime.date
    first_page: int
    page_count: int
    row_count: int
    vat_amount: Decimal
    printed_at: datetime.datetime

    @property
    def last_page(self) -> int:
        return self.first_page + self.page_count - 1


@dataclass(frozen=True)
class RegisterMonth:
    """A section in a month: its rows, their totals, and the pages it has when it was printed for good."""

    section: Section
    month_on: datetime.date
    rows: tuple[RegisterRow, ...]
    totals: tuple[RegisterTotal, ...]
    first_page: int
    printed: RegisterPrintRow | None

    @property
    def net_amount(self) -> Decimal:
        return sum((one.net_amount for one in self.totals), ZERO)

    @property
    def vat_amount(self) -> Decimal:
        return sum((one.vat_amount for one in self.totals), ZERO)

    @property
    def split_vat(self) -> Decimal:
        """VAT that the customer pays to the State (art. 17-ter)."""
        return sum((one.vat_amount for one in self.totals if one.exigibility == "S"), ZERO)

    @property
    def suspended_vat(self) -> Decimal:
        """VAT due when it is collected; in the register of collections it is due."""
        if self.section.register == "collected":
            return ZERO
        return sum((one.vat_amount for one in self.totals if one.exigibility == "D"), ZERO)

    @property
    def due_vat(self) -> Decimal:
        return self.vat_amount - self.split_vat - self.suspended_vat


@dataclass(frozen=True)
class Settlement:
    """The settlement of a period: a proposal, or as it was confirmed. Amounts in euro; `result_amount` below zero is a credit."""

    period_start: datetime.date
    period_end: datetime.date
    state: str
    is_quarter: bool
    purchases_net: Decimal
    purchases_vat: Decimal
    year_credit: Decimal
    tax_credits: Decimal
    advance_amount: Decimal
    active_net: Decimal
    passive_net: Decimal
    due_vat: Decimal
    deducted_vat: Decimal
    carried_debt: Decimal
    carried_credit: Decimal
    interest_amount: Decimal
    result_amount: Decimal
    is_carried: bool
    due_on: datetime.date
    payable_on: datetime.date | None
    tribute_code: str
    advance_proposal: Decimal
    confirmed_at: datetime.datetime | None
    parts: dict[str, Decimal] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    @property
    def vp6(self) -> Decimal:
        """VAT due of the period; below zero: credit of the period."""
        return self.due_vat - self.deducted_vat


@dataclass(frozen=True)
class SettlementEntries:
    """What the books do not know and a person types in."""

    purchases_net: Decimal = ZERO
    purchases_vat: Decimal = ZERO
    year_credit: Decimal = ZERO
    tax_credits: Decimal = ZERO
    advance_amount: Decimal = ZERO


@dataclass(frozen=True)
class StampQuarter:
    """Virtual stamp duty of a quarter; `paid_with`: the quarter whose due date it has."""

    quarter: int
    first_day: datetime.date
    last_day: datetime.date
    document_count: int
    amount: Decimal
    due_on: datetime.date
    tribute_code: str
    paid_with: int
