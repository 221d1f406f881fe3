"""Dates as people type them, and the arithmetic of months. `today` is always given, so that everything can be tested."""

from __future__ import annotations

import calendar
import datetime
import re

from .errors import InvalidInput
from .formats import MONTHS

Date = datetime.date
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_NEAR = {"o": 0, "oggi": 0, "today": 0, "ieri": -1, "yesterday": -1, "domani": 1, "tomorrow": 1}
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def local_today() -> Date:
    """The date on this machine's calendar."""
    return datetime.datetime.now().astimezone().date()


def parse_date(text: str, today: Date) -> Date:
    """The day meant by `text`: ``3`` of this month, ``5-2`` of this year, ``+5`` and ``-10`` days from today, ``o`` for today.

    Full forms: 05/02/2026, 5-2-26, 5.2.2026, 050226, 05022026, 2026-02-05, 5 feb 2026.
    """
    words = text.strip().lower().replace("\u2212", "-")
    if words in _NEAR:
        return today + datetime.timedelta(days=_NEAR[words])
    if found := re.fullmatch(r"([+-])\s*(\d{1,4})", words):
        return today + datetime.timedelta(days=int(found[1] + found[2]))
    if re.fullmatch(r"\d{1,2}", words):
        return _day(text, today.year, today.month, int(words))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return _day(text, int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})", words):
        return _day(text, _year(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?", words):
        return _day(text, _year(found[3]) if found[3] else today.year, int(found[2]), int(found[1]))
    if (found := re.fullmatch(r"(\d{1,2})[-/. ]([a-zì]{3,})[-/. ]?(\d{4}|\d{2})?", words)) and (month := month_number(found[2])):
        return _day(text, _year(found[3]) if found[3] else today.year, month, int(found[1]))
    raise InvalidInput("«{typed}» non è una data: scrivi per esempio 05/02/2026, 5-2, +30 oppure oggi.", typed=text.strip())


def parse_period(text: str, today: Date) -> tuple[Date, Date]:
    """First and last day meant by `text`: a day (any form of `parse_date`), ``nov``, ``nov 2025``, ``11/2025`` or ``2025``."""
    words = text.strip().lower()
    if re.fullmatch(r"\d{4}", words):
        year = _checked_year(text, int(words))
        return Date(year, 1, 1), Date(year, 12, 31)
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", words):
        if not 1 <= int(found[1]) <= 12:
            raise InvalidInput("«{typed}» non esiste nel calendario.", typed=text.strip())
        return month_range(_checked_year(text, int(found[2])), int(found[1]))
    if (found := re.fullmatch(r"([a-zì]{3,})\.?\s*(\d{4}|\d{2})?", words)) and (month := month_number(found[1])):
        return month_range(_year(found[2]) if found[2] else today.year, month)
    day = parse_date(text, today)
    return day, day


def month_number(word: str) -> int:
    """1 to 12 for the beginning (three letters at least) of a month's name, Italian or English; 0 for anything else."""
    if len(word) >= 3:
        for names in (MONTHS, _ENGLISH):
            for number, name in enumerate(names, 1):
                if name.startswith(word):
                    return number
    return 0


def month_range(year: int, month: int) -> tuple[Date, Date]:
    """First and last day of a month."""
    return Date(year, month, 1), Date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: Date, months: int) -> Date:
    """The same day of another month, or that month's last day: 31 January + 1 is 28 (or 29) February."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return Date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _year(digits: str) -> int:
    """Two digits mean the years 1950 to 2049."""
    return int(digits) if len(digits) == 4 else 2000 + int(digits) - (100 if int(digits) >= 50 else 0)


def _checked_year(text: str, year: int) -> int:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidInput("L'anno di «{typed}» è fuori dal calendario.", typed=text.strip())
    return year


def _day(text: str, year: int, month: int, day: int) -> Date:
    try:
        return Date(_checked_year(text, year), month, day)
    except ValueError:
        raise InvalidInput("«{typed}» non esiste nel calendario.", typed=text.strip()) from None
