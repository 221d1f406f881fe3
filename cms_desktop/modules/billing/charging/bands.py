"""Hours by day and night, Sundays and holidays; the server's billing.day_pieces does the same. Pure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
DAY = datetime.timedelta(days=1)


def _moment(day: datetime.date, time: datetime.timedelta) -> datetime.datetime:
    """A wall-clock time of Rome; of one that comes twice the second, and one that summer time skips an hour later, as the server reads them."""
    wall = datetime.datetime.combine(day, datetime.time()) + time
    return max(wall.replace(tzinfo=ROME, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))


def _shared(since: datetime.datetime, until: datetime.datetime, first: datetime.datetime, last: datetime.datetime) -> datetime.timedelta:
    return max(min(until, last) - max(since, first), datetime.timedelta())


def split_hours(
    starts: datetime.datetime, ends: datetime.datetime, night_from: datetime.time, night_to: datetime.time,
    is_rest_day: Callable[[datetime.date], bool],
) -> dict[str, datetime.timedelta]:  # fmt: skip
    """day, night, rest, rest_night: how long each lasts; together they are the interval. Moments are aware.

    The night from 22 to 6 belongs to two days; equal hours mean that there is none. A rest day is a Sunday or a holiday.
    """
    since, until = starts.astimezone(datetime.UTC), ends.astimezone(datetime.UTC)
    found: dict[str, datetime.timedelta] = defaultdict(datetime.timedelta)
    length = lambda time: datetime.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
    begin, end = length(night_from), length(night_to)
    nights = [(begin, DAY), (datetime.timedelta(), end)] if begin > end else [(begin, end)]
    day, last = since.astimezone(ROME).date(), (until - datetime.timedelta(microseconds=1)).astimezone(ROME).date()
    while day <= last:
        zero, next_zero = _moment(day, datetime.timedelta()), _moment(day, DAY)
        first, final = max(since, zero), min(until, next_zero)
        night = sum((_shared(first, final, _moment(day, a), _moment(day, b)) for a, b in nights), datetime.timedelta())
        rest = is_rest_day(day)
        found["rest_night" if rest else "night"] += night
        found["rest" if rest else "day"] += max(final - first, datetime.timedelta()) - night
        day += DAY
    return {part: time for part, time in found.items() if time}
