"""Due dates: every way the trade agrees on one."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cms_desktop.core.due_dates import due_on, months_text, parse_months, skip_months
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.money import split_amount

D = datetime.date


@pytest.mark.parametrize(
    ("document_on", "days", "rule", "fixed_day", "skipped", "expected"),
    [
        (D(2025, 3, 30), 0, "EOM", None, (), D(2025, 3, 31)),
        (D(2025, 1, 15), 30, "EOM", None, (), D(2025, 2, 28)),  # 30 days are a month when the end of month follows
        (D(2025, 1, 15), 15, "EOM", None, (), D(2025, 1, 31)),
        (D(2024, 1, 31), 30, "EOM", None, (), D(2024, 2, 29)),
        (D(2025, 1, 31), 30, "EOM", None, (), D(2025, 2, 28)),
        (D(2025, 7, 28), 30, "EOM", None, (), D(2025, 8, 31)),
        (D(2025, 7, 28), 30, "EOM", None, (8,), D(2025, 9, 10)),
        (D(2025, 7, 28), 30, "EOM", None, (8, 9), D(2025, 10, 10)),
        (D(2025, 3, 30), 90, "NET", None, (), D(2025, 6, 28)),
        (D(2025, 3, 30), 90, "DAY", 15, (), D(2025, 6, 15)),  # the 15th of the month in which 90 days end
        (D(2025, 3, 30), 90, "NET", 15, (), D(2025, 7, 15)),  # the next 15th: never earlier than agreed
        (D(2025, 2, 1), 0, "DAY", 31, (), D(2025, 2, 28)),
        (D(2024, 2, 1), 0, "DAY", 29, (), D(2024, 2, 29)),
        (D(2025, 2, 1), 0, "DAY", 29, (), D(2025, 2, 28)),
        (D(2025, 1, 20), 0, "DAY", 15, (), D(2025, 2, 15)),  # never before the document
        (D(2025, 7, 15), 30, "NET", None, (8,), D(2025, 9, 10)),
        (D(2025, 8, 15), 30, "NET", None, (), D(2025, 9, 14)),
        (D(2025, 7, 1), 30, "DAY", 15, (8,), D(2025, 9, 10)),
        (D(2025, 11, 15), 30, "NET", None, (12,), D(2026, 1, 10)),
        (D(2025, 11, 15), 30, "EOM", 10, (), D(2026, 1, 10)),  # 30 days end of month, the 10th
        (D(2025, 12, 15), 30, "NET", None, (8, 12), D(2026, 1, 14)),
    ],
)
def test_a_due_date_is_the_agreed_one(
    document_on: D, days: int, rule: str, fixed_day: int | None, skipped: tuple[int, ...], expected: D
) -> None:
    assert skip_months(due_on(document_on, days, rule, fixed_day), skipped, 10) == expected


def test_instalments_of_thirds_fall_due_on_three_days_and_sum_to_the_total() -> None:
    shares = [Decimal(33), Decimal(33), Decimal(34)]
    days = [due_on(D(2025, 3, 30), one, "NET") for one in (90, 180, 270)]
    assert days == [D(2025, 6, 28), D(2025, 9, 26), D(2025, 12, 25)]
    assert split_amount(Decimal("600.00"), shares) == [Decimal("198.00"), Decimal("198.00"), Decimal("204.00")]
    quarters = [Decimal(25)] * 4
    assert sum(split_amount(Decimal("99.99"), quarters)) == Decimal("99.99")


def test_months_are_read_as_numbers_and_as_names() -> None:
    assert parse_months("8, 12") == parse_months("dicembre agosto") == [8, 12]
    assert months_text([12, 8]) == "ago, dic"
    assert parse_months("") == []
    for typed in ("13", "ferragosto", "1 2 3 4 5 6 7 8 9 10 11 12"):
        with pytest.raises(InvalidInput):
            parse_months(typed)
