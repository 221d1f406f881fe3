"""Days that are no working days: the rules of base.calendar_of in Python, for screens and for whoever has no connection at hand.

National feasts by law, the patron of a town, the company's own feasts and closing days. Sundays are no feasts by themselves.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NATIONAL, PATRON, HOLIDAY, CLOSING = "national", "patron", "holiday", "closing"


@dataclass(frozen=True)
class DayRule:
    """What makes days special. Either a day and month every year, or days after Easter, or one span (`is_yearly` False).

    `starts_on`/`ends_on`: the first time; for listed feasts the year 2000 stands for any. `valid_from`/`valid_to`: when the rule holds.
    `town`: ISTAT code, '' for everywhere. `record_id`: the company's own record, 0 for what comes with the program.
    """

    kind: str
    name: str
    starts_on: datetime.date
    ends_on: datetime.date
    is_yearly: bool = True
    easter_offset: int | None = None
    town: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    record_id: int = 0


@dataclass(frozen=True, order=True)
class SpecialDay:
    """A day of a calendar and why it is special."""

    on_date: datetime.date
    kind: str
    name: str
    town: str = ""


@dataclass(frozen=True)
class CompanyCalendar:
    """Every rule a company knows, for the towns that were asked for."""

    rules: tuple[DayRule, ...]

    def days(self, from_on: datetime.date, to_on: datetime.date, town: str = "") -> tuple[SpecialDay, ...]:
        """The special days between two dates, in a town."""
        return tuple(sorted({day for rule in self.in_force(town) for day in _days_of(rule, from_on, to_on)}))

    def in_force(self, town: str = "") -> tuple[DayRule, ...]:
        """The rules for a town: a patron the company wrote stands instead of the listed one."""
        mine = [rule for rule in self.rules if rule.town in ("", town)]
        has_own_patron = any(rule.kind == PATRON and rule.record_id for rule in mine)
        return tuple(rule for rule in mine if not (rule.kind == PATRON and not rule.record_id and has_own_patron))

    def is_holiday(self, day: datetime.date, town: str = "") -> bool:
        """National feast, patron of the town, or the company's own. Not Sundays, not closing days."""
        return any(found.kind != CLOSING for found in self.days(day, day, town))

    def is_rest_day(self, day: datetime.date, town: str = "") -> bool:
        """Sunday or holiday: what hourly services bill as festivo."""
        return day.isoweekday() == 7 or self.is_holiday(day, town)

    def next_working_day(self, day: datetime.date, town: str = "") -> datetime.date:
        """The day itself, or the first after it that is no Saturday, Sunday or holiday."""
        while day.isoweekday() > 5 or self.is_holiday(day, town):
            day += datetime.timedelta(days=1)
        return day


def easter_sunday(year: int) -> datetime.date:
    """Gregorian reckoning (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114
    return datetime.date(year, n // 31, n % 31 + 1)


def _days_of(rule: DayRule, from_on: datetime.date, to_on: datetime.date) -> Iterator[SpecialDay]:
    length = (rule.ends_on - rule.starts_on).days
    for first in _first_days(rule, from_on.year - 1, to_on.year):
        if (rule.valid_from and first < rule.valid_from) or (rule.valid_to and first > rule.valid_to):
            continue
        for number in range(length + 1):
            day = first + datetime.timedelta(days=number)
            if from_on <= day <= to_on:
                yield SpecialDay(day, rule.kind, rule.name, rule.town)


def _first_days(rule: DayRule, from_year: int, to_year: int) -> Iterable[datetime.date]:
    if not rule.is_yearly:
        return (rule.starts_on,)
    years = range(max(from_year, 1), to_year + 1)
    if rule.easter_offset is not None:
        return [easter_sunday(year) + datetime.timedelta(days=rule.easter_offset) for year in years]
    return [_in_year(rule.starts_on, year) for year in years]


def _in_year(day: datetime.date, year: int) -> datetime.date:
    """The same day of another year; 29 February becomes the 28th."""
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
