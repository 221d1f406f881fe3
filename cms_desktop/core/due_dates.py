"""When an instalment is due. One rule for the screen and the documents; the database stores the same date (base.due_on)."""

from __future__ import annotations

import calendar
import datetime


def due_on(document_on: datetime.date, days: int, rule: str, fixed_day: int | None = None) -> datetime.date:
    """The due date of an instalment after `days`.

    NET: exact days; with a fixed day the *next* such day, on or after the exact date, never earlier: the customer keeps the days
    agreed. EOM: whole months for multiples of 30 days (else exact days), then the end of that month; with a fixed day, that day of
    the month after ("30 giorni fine mese il 10").
    """
    later = document_on + datetime.timedelta(days=days)
    if rule == "EOM":
        month = _month(document_on) + days // 30 if days % 30 == 0 else _month(later)
        return day_of_month(month, 31) if fixed_day is None else day_of_month(month + 1, fixed_day)
    if fixed_day is None:
        return later
    this_month = day_of_month(_month(later), fixed_day)
    return this_month if this_month >= later else day_of_month(_month(later) + 1, fixed_day)


def _month(day: datetime.date) -> int:
    return day.year * 12 + day.month - 1


def day_of_month(month: int, day: int) -> datetime.date:
    """The day of a month counted from year 0; 31 is the last one, however long the month."""
    year, place = divmod(month, 12)
    return datetime.date(year, place + 1, min(day, calendar.monthrange(year, place + 1)[1]))
