"""Calculations of billing: periods of a service, amounts of a period, VAT of a document, stamp duty, due dates. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from cms_desktop.core.due_dates import due_on, skip_months
from cms_desktop.core.money import ZERO, round_cents, split_amount

FREQUENCIES = (1, 2, 3, 4, 6, 12)  # months of a billing period
STAMP_DUTY_THRESHOLD, STAMP_DUTY_AMOUNT = Decimal("77.47"), Decimal("2.00")
STAMP_DUTY_NATURES = frozenset({"N2.1", "N2.2", "N3.5", "N3.6", "N4"})  # starting values of the settings table


# ---- periods ----------------------------------------------------------------------------------------------------------


class PeriodicService(Protocol):
    """What a service must tell to be billed. `anchor_month` (1–12) is a month in which a period starts."""

    @property
    def frequency_months(self) -> int: ...
    @property
    def anchor_month(self) -> int: ...
    @property
    def starts_on(self) -> datetime.date: ...
    @property
    def ends_on(self) -> datetime.date | None: ...
    @property
    def is_in_advance(self) -> bool: ...


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: datetime.date
    end: datetime.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def months(self) -> int:
        """Calendar months touched; of a whole billing period, its frequency."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1


@dataclass(frozen=True)
class BillingPeriod:
    """A whole `period` of the calendar of a service and the part of it that the service covers."""

    period: Period
    covered: Period
    due_on: datetime.date

    @property
    def is_full(self) -> bool:
        return self.period == self.covered


def billing_periods(service: PeriodicService, window_start: datetime.date, window_end: datetime.date) -> list[BillingPeriod]:
    """The periods to bill in a window (both days included), oldest first.

    A period is due on the first day the service covers in it (in advance) or the last one (in arrears): a service that starts
    or ends inside a period is billed on that day, never before it starts nor after it ended.
    """
    found = []
    month = _first_month_of_period(service, window_start)
    last_month = window_end.year * 12 + window_end.month - 1
    while month <= last_month:
        period = Period(_first_of(month), _first_of(month + service.frequency_months) - datetime.timedelta(days=1))
        covered = Period(max(period.start, service.starts_on), min(period.end, service.ends_on or period.end))
        due_on = covered.start if service.is_in_advance else covered.end
        if covered.start <= covered.end and window_start <= due_on <= window_end:
            found.append(BillingPeriod(period, covered, due_on))
        month += service.frequency_months
    return found


def period_amount(monthly_price: Decimal, quantity: Decimal, period: Period, covered: Period) -> Decimal:
    """Euro for the covered days of a period: the whole price when all are covered, else in proportion to days; rounded once."""
    full = monthly_price * quantity * period.months
    return round_cents(full if covered == period else full * covered.days / period.days)


def _first_month_of_period(service: PeriodicService, on: datetime.date) -> int:
    month = on.year * 12 + on.month - 1
    return month - (month - (service.anchor_month - 1)) % service.frequency_months


def _first_of(month: int) -> datetime.date:
    """First day of a month counted from year 0."""
    return datetime.date(month // 12, month % 12 + 1, 1)


# ---- VAT --------------------------------------------------------------------------------------------------------------


class TaxedLine(Protocol):
    """What a line must tell to be taxed. `exigibility`: I at once, D deferred, S split payment."""

    @property
    def vat_code(self) -> str: ...
    @property
    def vat_rate(self) -> Decimal: ...
    @property
    def nature(self) -> str: ...
    @property
    def exigibility(self) -> str: ...
    @property
    def total(self) -> Decimal: ...


@dataclass(frozen=True)
class VatGroup:
    """Taxable amount and tax of one VAT code."""

    vat_code: str
    vat_rate: Decimal
    nature: str
    exigibility: str
    net: Decimal
    vat: Decimal


@dataclass(frozen=True)
class VatTotals:
    """Totals of a document; `payable` is what the customer pays: split-payment VAT goes straight to the tax office."""

    groups: tuple[VatGroup, ...]
    net: Decimal
    vat: Decimal
    split_vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.vat

    @property
    def payable(self) -> Decimal:
        return self.total - self.split_vat


def vat_summary(lines: Iterable[TaxedLine]) -> VatTotals:
    """VAT by code, in order of appearance: the tax is computed on the sum of the lines, not line by line (art. 21 DPR 633/72)."""
    sums: dict[str, list[TaxedLine]] = {}
    for line in lines:
        sums.setdefault(line.vat_code, []).append(line)
    groups = []
    for code, members in sums.items():
        net = sum((round_cents(line.total) for line in members), ZERO)
        first = members[0]
        groups.append(VatGroup(code, first.vat_rate, first.nature, first.exigibility, net, round_cents(net * first.vat_rate / 100)))
    split_vat = sum((group.vat for group in groups if group.exigibility == "S"), ZERO)
    return VatTotals(tuple(groups), sum((g.net for g in groups), ZERO), sum((g.vat for g in groups), ZERO), split_vat)


def stamp_duty(
    groups: Iterable[VatGroup],
    natures: Collection[str] = STAMP_DUTY_NATURES,
    *,
    threshold: Decimal = STAMP_DUTY_THRESHOLD,
    amount: Decimal = STAMP_DUTY_AMOUNT,
) -> Decimal:
    """Stamp duty in euro: due when the amounts without VAT exceed the threshold (art. 13 of the tariff, DPR 642/72), else 0."""
    exposed = sum((group.net for group in groups if group.nature in natures), ZERO)
    return amount if exposed > threshold else ZERO


# ---- due dates --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Installment:
    """A part of the payment: `share` percent, after `days`; `fixed_day` is a day of the month (31 = the last one)."""

    share: Decimal
    days: int
    rule: Literal["NET", "EOM", "DAY"] = "NET"
    fixed_day: int | None = None


@dataclass(frozen=True)
class PaymentTerm:
    """Installments whose shares sum to 100; due dates in `closed_months` move to `shift_to_day` of the next open month."""

    installments: tuple[Installment, ...]
    closed_months: tuple[int, ...] = ()
    shift_to_day: int = 10


@dataclass(frozen=True)
class DueAmount:
    due_on: datetime.date
    amount: Decimal


def due_dates(document_on: datetime.date, term: PaymentTerm) -> list[datetime.date]:
    """When each installment of a document is due.

    Each by core.due_dates.due_on: 90 days with day 15 from 30 March (28 June) is due on 15 July, the next 15th. Closed months of the
    customer (August, December) move the date on.
    """
    return [
        skip_months(due_on(document_on, one.days, one.rule, one.fixed_day), term.closed_months, term.shift_to_day)
        for one in term.installments
    ]


def due_amounts(document_on: datetime.date, term: PaymentTerm, total: Decimal) -> list[DueAmount]:
    """The installments of a document with their amounts, which sum to `total` to the cent; the last one takes the remainder."""
    amounts = split_amount(total, [installment.share for installment in term.installments])
    return [DueAmount(day, amount) for day, amount in zip(due_dates(document_on, term), amounts, strict=True)]


def net_term(days: Sequence[int], rule: Literal["NET", "EOM"] = "NET") -> PaymentTerm:
    """A term with equal installments after each of `days`."""
    share = Decimal(100) / len(days)
    return PaymentTerm(tuple(Installment(share, count, rule) for count in days))
