"""Terms, notices, parts of a period and adjusted prices: by known cases, and the same in Python and on the server."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms_desktop.modules.customers.contracts import rules
from cms_desktop.modules.customers.contracts.rules import Term, notice_by, renews_on, term_end, units_of
from cms_desktop.modules.customers.pricing.rules import STEPS, IndexValue, adjusted_price, index_percent
from tests.house import House

D = datetime.date
DAYS = st.dates(D(2000, 1, 1), D(2040, 12, 31))
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def server(shared_house: House) -> psycopg.Connection[Any]:
    return shared_house.owner()


@pytest.mark.parametrize(
    ("term", "today", "end", "last_notice"),
    [
        (Term(D(2024, 1, 1), 12, 12, notice_count=3, notice_unit="months"), D(2026, 11, 22), D(2026, 12, 31), D(2026, 9, 30)),
        (Term(D(2025, 3, 15), 24, 12, notice_count=30), D(2026, 11, 22), D(2027, 3, 14), D(2027, 2, 12)),
        (Term(D(2025, 3, 15), 12, 6, notice_count=10), D(2026, 3, 15), D(2026, 9, 14), D(2026, 9, 4)),
        (Term(D(2024, 1, 31), 1, 1), D(2026, 2, 27), D(2026, 2, 27), D(2026, 2, 27)),
        (Term(D(2020, 1, 1), 12), D(2026, 11, 22), D(2020, 12, 31), None),
        (Term(D(2020, 1, 1), 12, 12, ends_on=D(2026, 6, 30)), D(2026, 1, 1), D(2026, 6, 30), None),
        (Term(D(2020, 1, 1)), D(2026, 1, 1), None, None),
    ],
)
def test_the_term_in_course_and_the_last_day_for_notice(term: Term, today: D, end: D | None, last_notice: D | None) -> None:
    assert (term_end(term, today), notice_by(term, today)) == (end, last_notice)
    assert (renews_on(term, today) is None) == (last_notice is None)


@MANY
@given(start=DAYS, duration=st.integers(1, 120), renewal=st.integers(1, 60), today=DAYS)
def test_a_renewing_contract_is_always_within_a_term(start: D, duration: int, renewal: int, today: D) -> None:
    term = Term(start, duration, renewal)
    end = term_end(term, today)
    assert end is not None and (end >= today or today < start)
    following = term_end(term, end + rules.ONE_DAY)
    assert following is not None and following > end
    assert today <= end or today < start


@MANY
@given(
    start=DAYS, duration=st.none() | st.integers(1, 120), renewal=st.none() | st.integers(1, 60), ends=st.none() | DAYS, today=DAYS,
    count=st.integers(0, 400), unit=st.sampled_from(("days", "months")),
)  # fmt: skip
def test_the_server_has_the_same_terms_and_notices(
    server: Any, start: D, duration: Any, renewal: Any, ends: Any, today: D, count: int, unit: Any
) -> None:
    count = count if unit == "days" else count % 25
    term = Term(start, duration, renewal if duration else None, ends, count, unit)
    [there, noticed] = server.execute(
        "select e, customers.notice_by(e, %s, %s) from customers.term_end(%s::date, %s::int, %s::int, %s::date, %s::date) as e",
        (count, unit, start, duration, term.renewal_months, ends, today),
    ).fetchone()
    assert there == term_end(term, today)
    if notice_by(term, today) is not None:
        assert noticed == notice_by(term, today)


@MANY
@given(start=DAYS, base=st.none() | DAYS, month=st.none() | st.integers(1, 12), today=DAYS)
def test_the_server_finds_the_price_clause_on_the_same_day(server: Any, start: D, base: D | None, month: int | None, today: D) -> None:
    first = base.replace(day=1) if base else None
    there = server.execute("select customers.price_clause_on(%s, %s, %s, %s)", (start, first, month, today)).fetchone()[0]
    assert there == rules.price_clause_on(start, first, month, today)


@MANY
@given(first=DAYS, length=st.integers(0, 400), gap=st.none() | st.integers(1, 90), rule=st.sampled_from(rules.PRO_RATA))
def test_the_server_measures_a_piece_of_a_period_alike(server: Any, first: D, length: int, gap: int | None, rule: Any) -> None:
    last = first + datetime.timedelta(days=length)
    before = first - datetime.timedelta(days=gap) if gap else None
    there = server.execute("select customers.units_of(%s, %s, %s, %s, 12)", (rule, first, last, before)).fetchone()[0]
    assert there == units_of(rule, first, last, before, 12)


@MANY
@given(month=st.integers(1, 12), year=st.integers(2001, 2035), months=st.sampled_from((1, 2, 3, 4, 6, 12)), cut=st.integers(1, 365), rule=st.sampled_from(rules.PRO_RATA))  # fmt: skip
def test_the_pieces_of_a_period_make_the_whole(month: int, year: int, months: int, cut: int, rule: Any) -> None:
    first = D(year, month, 1)
    last = rules.add_months(first, months) - rules.ONE_DAY
    middle = first + datetime.timedelta(days=cut % (last - first).days)
    parts = units_of(rule, first, middle, None, months) + units_of(rule, middle + rules.ONE_DAY, last, middle, months)
    assert parts == units_of(rule, first, last, None, months) == rules.units_of_period(rule, first, last, months)


PERCENT = st.decimals("-20", "60", places=2)


@MANY
@given(old=st.decimals("0", "5000", places=4), percent=PERCENT, amount=st.decimals("-50", "50", places=2), step=st.sampled_from(STEPS))
def test_the_server_rounds_a_new_price_alike(server: Any, old: Decimal, percent: Decimal, amount: Decimal, step: Decimal) -> None:
    there = server.execute("select customers.adjusted_price(%s, %s, %s, %s)", (old, percent, amount, step)).fetchone()[0]
    here = adjusted_price(old, percent, amount, step)
    assert there == here
    assert here % step == 0
    assert here == 0 or abs(here - (old * (100 + percent) / 100 + amount)) <= step / 2


INDEX = st.decimals("90", "125", places=1)


@MANY
@given(
    base=INDEX, now=INDEX, link=st.sampled_from((Decimal(1), Decimal("1.214"))), share=st.sampled_from((Decimal(75), Decimal(100), Decimal(50))),
    floor=st.sampled_from((Decimal(0), Decimal("-5"), Decimal("0.5"))), cap=st.none() | st.decimals("1", "6", places=1),
)  # fmt: skip
def test_the_server_adjusts_by_the_index_alike(
    server: Any, base: Decimal, now: Decimal, link: Decimal, share: Decimal, floor: Decimal, cap: Any
) -> None:
    there = server.execute("select customers.index_percent(%s, 1, %s, %s, %s, %s, %s)", (base, now, link, share, floor, cap)).fetchone()[0]
    here = index_percent(IndexValue(base), IndexValue(now, link), share, floor, cap)
    assert there == here
    assert here >= floor and (cap is None or here <= cap)


def test_the_index_has_the_variations_that_istat_published(server: Any) -> None:
    published = {  # month: variation on the year before, in the tables of the Chambers of commerce and the Official Journal
        D(2022, 1, 1): "4.7", D(2022, 5, 1): "6.8", D(2023, 9, 1): "5.1", D(2024, 10, 1): "0.8", D(2025, 9, 1): "1.4",
    }  # fmt: skip
    for month, variation in published.items():
        values = {
            on: IndexValue(value, coefficient)
            for on, value, coefficient in server.execute(
                "select month_on, value, coefficient from base.price_index join base.price_index_base using (index_code, base_year) "
                "where index_code = 'FOI' and month_on = any (%s)", ([month, month.replace(year=month.year - 1)],),
            )
        }  # fmt: skip
        assert index_percent(values[month.replace(year=month.year - 1)], values[month]) == Decimal(variation)


def test_a_change_of_base_is_bridged(server: Any) -> None:
    # January 2026 (100.4, base 2025) on January 2025 (120.9, base 2015): 100.4 × 1.214 / 120.9 = +0.8 %
    [there] = server.execute("select customers.index_percent(120.9, 1, 100.4, 1.214, 100, 0, null)").fetchone()
    assert there == index_percent(IndexValue(Decimal("120.9")), IndexValue(Decimal("100.4"), Decimal("1.214"))) == Decimal("0.8")
