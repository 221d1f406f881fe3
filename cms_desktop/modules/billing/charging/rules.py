"""What is typed of hours, as moments of Rome. Pure."""

from __future__ import annotations

import datetime
import re

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing.charging.bands import ROME

_TIME = re.compile(r"(\d{1,2})(?:[:.,]?(\d{2}))?")


def parse_time(text: str) -> datetime.time | None:
    """ "22", "2230", "22:30", "22.30"; empty is None. Raises InvalidInput for what is no time."""
    if not text.strip():
        return None
    found = _TIME.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour == 24 and not minute:
        hour = 0
    if hour > 23 or minute > 59:
        raise InvalidInput("«{typed}» non è un'ora: scrivila come 22:30.", typed=text)
    return datetime.time(hour, minute)


def moments(day: datetime.date, start: datetime.time, end: datetime.time) -> tuple[datetime.datetime, datetime.datetime]:
    """From one wall-clock time to the other; an end not after the start is of the next day."""
    begin = datetime.datetime.combine(day, start, ROME)
    last = day if end > start else day + datetime.timedelta(days=1)
    return begin, datetime.datetime.combine(last, end, ROME)
