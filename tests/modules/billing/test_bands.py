"""Any interval split over nights and holidays sums to its length, in Python and on the server alike."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cms_desktop.modules.billing.charging.bands import split_hours
from tests.house import House

ROME = ZoneInfo("Europe/Rome")
SUMMER_BEGINS, SUMMER_ENDS = (
    datetime.datetime(2024, 3, 31, 0, 30, tzinfo=datetime.UTC),
    datetime.datetime(2024, 10, 26, 20, tzinfo=datetime.UTC),
)
HOURS = st.times(min_value=datetime.time(0), max_value=datetime.time(23, 59)).map(lambda time: time.replace(microsecond=0, tzinfo=None))
MOMENTS = st.datetimes(datetime.datetime(2024, 1, 1), datetime.datetime(2026, 12, 30), timezones=st.just(datetime.UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
LENGTHS = st.integers(1, 7 * 24 * 3600).map(lambda seconds: datetime.timedelta(seconds=seconds))


@given(MOMENTS, LENGTHS, HOURS, HOURS)
@example(SUMMER_BEGINS, datetime.timedelta(hours=4), datetime.time(22), datetime.time(2, 30))
@example(SUMMER_ENDS, datetime.timedelta(hours=12), datetime.time(22), datetime.time(2, 30))
@example(SUMMER_ENDS, datetime.timedelta(hours=12), datetime.time(2, 30), datetime.time(2, 30))
@settings(max_examples=300, deadline=None)
def test_the_parts_of_an_interval_are_its_length(
    start: datetime.datetime, length: datetime.timedelta, night_from: datetime.time, night_to: datetime.time
) -> None:
    parts = split_hours(start, start + length, night_from, night_to, lambda day: day.isoweekday() == 7)
    assert sum(parts.values(), datetime.timedelta()) == length
    assert all(time > datetime.timedelta() for time in parts.values())
    if night_from == night_to:
        assert set(parts) <= {"day", "rest"}


@pytest.fixture(scope="module")
def server(shared_house: House) -> psycopg.Connection:  # type: ignore[type-arg]
    return shared_house.owner()


@given(st.lists(st.tuples(MOMENTS, LENGTHS, HOURS, HOURS), min_size=20, max_size=20))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_server_splits_as_python_does(
    server: psycopg.Connection,  # type: ignore[type-arg]
    cases: list[tuple[datetime.datetime, datetime.timedelta, datetime.time, datetime.time]],
) -> None:
    fixed = [
        (SUMMER_BEGINS, datetime.timedelta(hours=30), datetime.time(22), datetime.time(2, 30)),
        (SUMMER_ENDS, datetime.timedelta(hours=30), datetime.time(1, 15), datetime.time(2, 45)),
        (datetime.datetime(2025, 4, 20, 12, tzinfo=datetime.UTC), datetime.timedelta(hours=40), datetime.time(22), datetime.time(6)),
    ]
    for start, length, night_from, night_to in [*fixed, *cases]:
        rows = server.execute(
            "select part, seconds from billing.split_hours(1, %s, %s, %s, %s, null)", (start, start + length, night_from, night_to)
        ).fetchall()
        holidays = {row[0] for row in server.execute(
            "select on_date from base.calendar_of(1, %s, %s) where kind <> 'closing'", (start.date(), start.date() + datetime.timedelta(days=9)))}  # fmt: skip
        expected = split_hours(
            start, start + length, night_from, night_to, lambda day, known=holidays: day.isoweekday() == 7 or day in known
        )  # type: ignore[misc]
        assert {part: datetime.timedelta(seconds=float(seconds)) for part, seconds in rows} == expected
