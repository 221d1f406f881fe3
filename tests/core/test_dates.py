from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core import formats
from cms_desktop.core.dates import add_months, month_range, parse_date, parse_period
from cms_desktop.core.errors import InvalidInput

TODAY = datetime.date(2026, 11, 22)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))


@given(DAYS)
def test_what_is_shown_can_be_typed_back(day: datetime.date) -> None:
    assert parse_date(formats.date(day), TODAY) == day
    assert parse_date(day.isoformat(), TODAY) == day
    assert parse_date(day.strftime("%d%m%Y"), TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3", "2026-11-03"),
        ("5-2", "2026-02-05"),
        ("5/2/24", "2024-02-05"),
        ("5.2.1998", "1998-02-05"),
        ("050298", "1998-02-05"),
        ("+5", "2026-11-27"),
        ("-10", "2026-11-12"),
        ("o", "2026-11-22"),
        ("Oggi", "2026-11-22"),
        ("ieri", "2026-11-21"),
        ("5 feb", "2026-02-05"),
        ("29/2/2024", "2024-02-29"),
    ],
)
def test_short_forms_mean_the_day_a_clerk_has_in_mind(text: str, day: str) -> None:
    assert parse_date(text, TODAY) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("text", ["", "31/11", "29/2/2026", "0", "99", "abc", "1/2/3/4", "5/13", "01/01/1066", "2026"])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_date(text, TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("nov", "2026-11-01", "2026-11-30"),
        ("nov 2025", "2025-11-01", "2025-11-30"),
        ("febbraio 24", "2024-02-01", "2024-02-29"),
        ("2/2024", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("oggi", "2026-11-22", "2026-11-22"),
        ("dec", "2026-12-01", "2026-12-31"),
    ],
)
def test_months_and_years_are_periods(text: str, first: str, last: str) -> None:
    assert parse_period(text, TODAY) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


def test_adding_months_stays_inside_the_month() -> None:
    assert add_months(datetime.date(2026, 1, 31), 1) == datetime.date(2026, 2, 28)
    assert add_months(datetime.date(2026, 3, 31), -13) == datetime.date(2025, 2, 28)
    assert month_range(2024, 2) == (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))


@given(DAYS.filter(lambda day: 1910 < day.year < 2190), st.integers(-100, 100))
def test_adding_months_moves_by_exactly_that_many(day: datetime.date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
