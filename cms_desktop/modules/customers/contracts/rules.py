"""When a term ends, until when notice helps, how much of a period an interval is. Pure; server_schema/code/customers/41_terms.sql is the same."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cms_desktop.core.money import round_cents

ProRata = Literal["actual", "thirtieths", "whole_months", "none"]
PRO_RATA: tuple[ProRata, ...] = ("actual", "thirtieths", "whole_months", "none")
ONE_DAY = datetime.timedelta(days=1)
FOREVER = datetime.date.max


@dataclass(frozen=True)
class Term:
    """What a contract says of its duration. `duration_months` from `starts_on`, then `renewal_months` again and again unless it has an end."""

    starts_on: datetime.date
    duration_months: int | None = None
    renewal_months: int | None = None
    ends_on: datetime.date | None = None
    notice_count: int = 0
    notice_unit: Literal["days", "months"] = "days"


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months on, or the last one of a shorter month (as PostgreSQL adds an interval of months)."""
    month = day.year * 12 + day.month - 1 + months
    year, number = month // 12, month % 12 + 1
    return datetime.date(year, number, min(day.day, calendar.monthrange(year, number)[1]))


def term_end(term: Term, on_day: datetime.date) -> datetime.date | None:
    """Last day of the term in course on a day; None: without end. A term that is over and does not renew stays at its last day."""
    if term.ends_on is not None:
        return term.ends_on
    if term.duration_months is None:
        return None
    first = add_months(term.starts_on, term.duration_months)
    if term.renewal_months is None or on_day < first:
        return first - ONE_DAY
    months = (on_day.year - term.starts_on.year) * 12 + on_day.month - term.starts_on.month
    whole = (months - term.duration_months) // term.renewal_months
    end = add_months(term.starts_on, term.duration_months + whole * term.renewal_months)
    if end <= on_day:
        end = add_months(term.starts_on, term.duration_months + (whole + 1) * term.renewal_months)
    return end - ONE_DAY


def renews_on(term: Term, on_day: datetime.date) -> datetime.date | None:
    """First day of the next term; None when it does not renew by itself."""
    end = term_end(term, on_day)
    return end + ONE_DAY if end is not None and term.ends_on is None and term.renewal_months is not None else None


def notice_by(term: Term, on_day: datetime.date) -> datetime.date | None:
    """Last useful day for notice against the renewal of the term in course."""
    end = term_end(term, on_day)
    if end is None or term.ends_on is not None or term.renewal_months is None:
        return None
    return add_months(end, -term.notice_count) if term.notice_unit == "months" else end - datetime.timedelta(days=term.notice_count)


def price_clause_on(
    starts_on: datetime.date, index_base_on: datetime.date | None, index_month: int | None, on_day: datetime.date
) -> datetime.date:
    """When the price clause lets the fee be adjusted next: the first of its month, or a year after base month or start."""
    if index_month is None:
        return add_months(index_base_on or starts_on, 12)
    passed = (index_month, 1) < (on_day.month, on_day.day)
    return datetime.date(on_day.year + passed, index_month, 1)


# ---- what a period costs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PriceFrom:
    """A price a month from a day on."""

    valid_from: datetime.date
    price: Decimal


@dataclass(frozen=True)
class Pause:
    """Days without service. `period`: no billing period that starts in them is billed at all; `is_yearly`: the same days each year."""

    starts_on: datetime.date
    ends_on: datetime.date | None = None
    mode: Literal["days", "period"] = "days"
    is_yearly: bool = False

    def in_years(self, until: int) -> list[tuple[datetime.date, datetime.date]]:
        """The pauses it stands for, to the year after `until`."""
        years = range(max(until - self.starts_on.year + 1, 0) + 1) if self.is_yearly else range(1)
        return [
            (add_months(self.starts_on, 12 * n), add_months(self.ends_on, 12 * n) if self.ends_on is not None else FOREVER) for n in years
        ]


def units_of(rule: ProRata, first: datetime.date, last: datetime.date, before: datetime.date | None, months: int) -> int:
    """How much of a period of `months` the days from first to last are. `before`: last day of the piece before, when there is one."""
    if rule == "actual":
        return (last - first).days + 1
    if rule == "thirtieths":
        after = last + ONE_DAY
        return 360 * (after.year - first.year) + 30 * (after.month - first.month) + min(after.day, 30) - min(first.day, 30)
    if rule == "whole_months":
        begun = before.year * 12 + before.month + 1 if before is not None else 0
        return last.year * 12 + last.month - max(first.year * 12 + first.month, begun) + 1
    return months if before is None else 0


def units_of_period(rule: ProRata, first: datetime.date, last: datetime.date, months: int) -> int:
    """What the whole period is in the same measure."""
    return {"actual": (last - first).days + 1, "thirtieths": 30 * months}.get(rule, months)


def period_cost(
    period: tuple[datetime.date, datetime.date],
    covered: tuple[datetime.date, datetime.date],
    months: int,
    quantity: Decimal,
    prices: Sequence[PriceFrom],
    rule: ProRata = "actual",
    pauses: Iterable[Pause] = (),
) -> Decimal:
    """Euro for the covered days of a billing period: each piece at its price, without the pauses, rounded once."""
    until = covered[1].year
    days_off = [span for one in pauses if one.mode == "days" for span in one.in_years(until)]
    if any(start <= covered[0] <= end for one in pauses if one.mode == "period" for start, end in one.in_years(until)):
        return Decimal("0.00")
    total, before = Decimal(0), None
    for first, last, price in _pieces(covered, prices, days_off):
        total += price * units_of(rule, first, last, before, months)
        before = last
    return round_cents(quantity * total * months / units_of_period(rule, *period, months))


def _pieces(
    covered: tuple[datetime.date, datetime.date], prices: Sequence[PriceFrom], days_off: Sequence[tuple[datetime.date, datetime.date]]
) -> list[tuple[datetime.date, datetime.date, Decimal]]:
    """Runs of days with one price and no pause, in order. The first price also holds before its day."""
    ordered = sorted(prices, key=lambda one: one.valid_from)
    found: list[tuple[datetime.date, datetime.date, Decimal]] = []
    for place, one in enumerate(ordered):
        first = covered[0] if place == 0 else max(covered[0], one.valid_from)
        last = min(covered[1], ordered[place + 1].valid_from - ONE_DAY) if place + 1 < len(ordered) else covered[1]
        for start, end in _without(first, last, days_off):
            found.append((start, end, one.price))
    return found


def _without(
    first: datetime.date, last: datetime.date, days_off: Sequence[tuple[datetime.date, datetime.date]]
) -> list[tuple[datetime.date, datetime.date]]:
    left = [(first, last)] if first <= last else []
    for off_from, off_to in days_off:
        rest = []
        for start, end in left:
            if off_to < start or off_from > end:
                rest.append((start, end))
                continue
            if start < off_from:
                rest.append((start, off_from - ONE_DAY))
            if off_to < end:
                rest.append((off_to + ONE_DAY, end))
        left = rest
    return sorted(left)
