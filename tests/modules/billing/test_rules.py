import datetime
import itertools
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core.due_dates import day_of_month
from cms_desktop.modules.billing import rules
from cms_desktop.modules.billing.rules import Installment, PaymentTerm, Period


@dataclass(frozen=True)
class Service:
    frequency_months: int = 1
    anchor_month: int = 1
    starts_on: date = date(2020, 1, 1)
    ends_on: date | None = None
    is_in_advance: bool = True


@dataclass(frozen=True)
class Line:
    vat_code: str
    vat_rate: Decimal
    total: Decimal
    nature: str = ""
    exigibility: str = "I"


def periods(service, start, end):
    return [(found.covered.start, found.covered.end) for found in rules.billing_periods(service, start, end)]


def test_a_quarter_is_billed_in_the_month_it_starts():
    service = Service(frequency_months=3, anchor_month=2)
    assert periods(service, date(2026, 5, 1), date(2026, 5, 31)) == [(date(2026, 5, 1), date(2026, 7, 31))]
    assert periods(service, date(2026, 6, 1), date(2026, 7, 31)) == []


def test_arrears_are_billed_in_the_month_the_period_ends():
    service = Service(frequency_months=6, anchor_month=12, is_in_advance=False)
    assert periods(service, date(2026, 5, 1), date(2026, 5, 31)) == [(date(2025, 12, 1), date(2026, 5, 31))]


def test_a_service_that_starts_inside_a_period_is_billed_from_its_first_day():
    service = Service(frequency_months=3, starts_on=date(2026, 2, 15))
    assert periods(service, date(2026, 1, 1), date(2026, 1, 31)) == []
    assert periods(service, date(2026, 2, 1), date(2026, 2, 28)) == [(date(2026, 2, 15), date(2026, 3, 31))]


def test_a_service_that_ended_is_billed_in_arrears_on_its_last_day_and_no_more():
    service = Service(frequency_months=12, ends_on=date(2026, 3, 10), is_in_advance=False)
    assert periods(service, date(2026, 3, 1), date(2026, 3, 31)) == [(date(2026, 1, 1), date(2026, 3, 10))]
    assert periods(service, date(2026, 12, 1), date(2027, 12, 31)) == []


@given(
    st.sampled_from(rules.FREQUENCIES),
    st.integers(1, 12),
    st.dates(date(2019, 1, 1), date(2023, 1, 1)),
    st.integers(0, 1500),
    st.booleans(),
)
def test_month_by_month_every_day_of_a_service_is_billed_once(frequency, anchor, starts_on, days, is_in_advance):
    ends_on = starts_on + datetime.timedelta(days=days)
    service = Service(frequency, anchor, starts_on, ends_on, is_in_advance)
    billed = []
    for month in range(2018 * 12, 2029 * 12):
        billed += rules.billing_periods(service, rules._first_of(month), day_of_month(month, 31))
    assert billed[0].covered.start == starts_on and billed[-1].covered.end == ends_on
    for before, after in itertools.pairwise(billed):
        assert after.covered.start == before.covered.end + datetime.timedelta(days=1)
    assert all((found.period.start.month - anchor) % frequency == 0 and found.period.months == frequency for found in billed)


def test_a_full_period_costs_its_months_and_a_part_its_days():
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert rules.period_amount(Decimal("33.335"), Decimal(2), quarter, quarter) == Decimal("200.01")
    part = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert rules.period_amount(Decimal("33.335"), Decimal(2), quarter, part) == Decimal("68.89")


def test_vat_is_computed_on_the_sum_of_a_code_not_on_each_line():
    totals = rules.vat_summary([Line("22", Decimal(22), Decimal("0.02"))] * 3 + [Line("10", Decimal(10), Decimal("5.00"))])
    assert [(group.net, group.vat) for group in totals.groups] == [(Decimal("0.06"), Decimal("0.01")), (Decimal("5.00"), Decimal("0.50"))]
    assert totals.total == totals.payable == Decimal("5.57")


def test_split_payment_vat_is_not_paid_by_the_customer():
    totals = rules.vat_summary([Line("22S", Decimal(22), Decimal("800.40"), exigibility="S")])
    assert (totals.total, totals.split_vat, totals.payable) == (Decimal("976.49"), Decimal("176.09"), Decimal("800.40"))


@pytest.mark.parametrize(
    ("net", "nature", "due"), [("77.47", "N4", "0.00"), ("77.48", "N4", "2.00"), ("500", "N3.1", "0.00"), ("500", "", "0.00")]
)
def test_stamp_duty_is_due_above_the_threshold_only(net, nature, due):
    totals = rules.vat_summary([Line("x", Decimal(0), Decimal(net), nature)])
    assert rules.stamp_duty(totals.groups) == Decimal(due)


DUE_DATES = """
2025-03-30   0 EOM .  .  . 2025-03-31
2025-01-15  30 EOM .  .  . 2025-02-28
2025-01-15  15 EOM .  .  . 2025-01-31
2024-01-31  30 EOM .  .  . 2024-02-29
2025-01-31  30 EOM .  .  . 2025-02-28
2025-07-28  30 EOM .  .  . 2025-08-31
2025-07-28  30 EOM .  8 10 2025-09-10
2025-01-31  30 EOM 10 .  . 2025-03-10
2025-06-20  30 EOM 10 8 15 2025-09-15
2025-03-30  90 NET .  .  . 2025-06-28
2025-03-30  90 NET 15 .  . 2025-07-15
2025-02-01   0 NET 31 .  . 2025-02-28
2024-02-01   0 NET 29 .  . 2024-02-29
2025-02-01   0 NET 29 .  . 2025-02-28
2025-07-15  30 NET .  8 10 2025-09-10
2025-08-15  30 NET .  .  . 2025-09-14
2025-07-01  30 NET 15 8 10 2025-09-10
2025-11-15  30 NET . 12 10 2026-01-10
2025-12-31  60 EOM .  .  . 2026-02-28
"""


@pytest.mark.parametrize("case", DUE_DATES.strip().splitlines())
def test_due_dates_follow_the_term(case):
    document_on, days, rule, fixed_day, closed, shift, expected = case.split()
    installment = Installment(Decimal(100), int(days), rule, None if fixed_day == "." else int(fixed_day))
    term = PaymentTerm((installment,), () if closed == "." else (int(closed),), 10 if shift == "." else int(shift))
    assert rules.due_dates(date.fromisoformat(document_on), term) == [date.fromisoformat(expected)]


def test_two_closed_months_in_a_row_are_both_skipped():
    term = PaymentTerm((Installment(Decimal(100), 30),), (7, 8), 5)
    assert rules.due_dates(date(2025, 6, 15), term) == [date(2025, 9, 5)]


def test_installments_have_dates_and_amounts():
    term = PaymentTerm(tuple(Installment(Decimal(share), days) for share, days in ((33, 90), (33, 180), (34, 270))))
    assert [(due.due_on, due.amount) for due in rules.due_amounts(date(2025, 3, 30), term, Decimal("600.00"))] == [
        (date(2025, 6, 28), Decimal("198.00")),
        (date(2025, 9, 26), Decimal("198.00")),
        (date(2025, 12, 25), Decimal("204.00")),
    ]


@given(st.integers(1, 12), st.decimals("-99999", "99999", places=2))
def test_installments_always_sum_to_the_total(count, total):
    due = rules.due_amounts(date(2026, 1, 31), rules.net_term([30 * (n + 1) for n in range(count)], "EOM"), total)
    assert sum(part.amount for part in due) == total
