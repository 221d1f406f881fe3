"""When an instalment is due. One rule for the screen and the documents; the database stores the same date (base.due_on)."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Collection

from cms_desktop.core.errors import InvalidInput

MONTHS = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")


def due_on(document_on: datetime.date, days: int, rule: str, fixed_day: int | None = None) -> datetime.date:
    """The due date of an instalment after `days`.

    NET: exact days; with a fixed day the *next* such day, on or after the exact date, never earlier: the customer keeps the days
    agreed. EOM: whole months for multiples of 30 days (else exact days), then the end of that month; with a fixed day, that day of
    the month after ("30 giorni fine mese il 10"). DAY: the months as for EOM, then that day of that month ("90 giorni, giorno 15"),
    which may come before the days agreed but never before the document.
    """
    later = document_on + datetime.timedelta(days=days)
    month = _month(document_on) + days // 30 if days % 30 == 0 else _month(later)
    if rule == "EOM":
        return day_of_month(month, 31) if fixed_day is None else day_of_month(month + 1, fixed_day)
    if fixed_day is None:
        return later
    earliest, month = (document_on, month) if rule == "DAY" else (later, _month(later))
    that_day = day_of_month(month, fixed_day)
    return that_day if that_day >= earliest else day_of_month(month + 1, fixed_day)


def skip_months(day: datetime.date, skipped: Collection[int], to_day: int) -> datetime.date:
    """A due date in a month in which nothing is paid (August, December) moves to `to_day` of the next month that is not skipped."""
    if day.month not in skipped:
        return day
    month = next(later for later in range(_month(day) + 1, _month(day) + 12) if later % 12 + 1 not in skipped)
    return day_of_month(month, to_day)


def parse_months(text: str) -> list[int]:
    """Months as they are typed: "8, 12" or "agosto dicembre" → [8, 12]. Raises InvalidInput."""
    found: set[int] = set()
    for word in filter(None, re.split(r"[\s,;/]+", text.strip().lower())):
        if word.isdigit() and 1 <= int(word) <= 12:
            found.add(int(word))
        elif len(word) >= 3 and word[:3] in MONTHS:
            found.add(MONTHS.index(word[:3]) + 1)
        else:
            raise InvalidInput("«{typed}» non è un mese: scrivi per esempio 8, 12 oppure ago, dic.", typed=word)
    if len(found) == 12:
        raise InvalidInput("Un mese almeno deve restare.")
    return sorted(found)


def months_text(months: Collection[int]) -> str:
    """[8, 12] → "ago, dic"."""
    return ", ".join(MONTHS[month - 1] for month in sorted(months))


def _month(day: datetime.date) -> int:
    return day.year * 12 + day.month - 1


def day_of_month(month: int, day: int) -> datetime.date:
    """The day of a month counted from year 0; 31 is the last one, however long the month."""
    year, place = divmod(month, 12)
    return datetime.date(year, place + 1, min(day, calendar.monthrange(year, place + 1)[1]))
