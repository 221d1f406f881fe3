"""Python and the server compute the same periods, amounts, VAT and due dates."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms_desktop.core.money import round_cents
from cms_desktop.modules.billing import rules
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date
DAYS = st.dates(D(2000, 1, 1), D(2060, 12, 31))
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def server(shared_house: House) -> psycopg.Connection[tuple[object, ...]]:
    return shared_house.owner()


@SLOW
@given(on=DAYS, frequency=st.sampled_from(rules.FREQUENCIES), anchor=st.integers(1, 12))
def test_a_period_starts_on_the_same_day(server: psycopg.Connection, on: D, frequency: int, anchor: int) -> None:
    service = SimpleNamespace(frequency_months=frequency, anchor_month=anchor, starts_on=D(1990, 1, 1), ends_on=None, is_in_advance=False)
    [there] = server.execute("select base.period_start(%s, %s, %s)", (on, frequency, anchor)).fetchone()
    months = on.year * 12 + on.month - 1
    first = rules._first_month_of_period(service, on)
    assert there == rules._first_of(first) and first <= months < first + frequency


@SLOW
@given(
    on=DAYS, days=st.integers(0, 360), rule=st.sampled_from(("NET", "EOM", "DAY")), day=st.none() | st.integers(1, 31),
    skipped=st.sets(st.integers(1, 12), max_size=11), to_day=st.integers(1, 31),
)  # fmt: skip
def test_a_document_is_due_on_the_same_day(
    server: psycopg.Connection, on: D, days: int, rule: str, day: int | None, skipped: set[int], to_day: int
) -> None:
    fixed = day or (15 if rule == "DAY" else None)
    [there] = server.execute(
        "select base.skip_months(base.due_on(%s, %s, %s, %s), %s::int[], %s)", (on, days, rule, fixed, sorted(skipped), to_day)
    ).fetchone()
    term = rules.PaymentTerm((rules.Installment(Decimal(100), days, rule, fixed),), tuple(skipped), to_day)
    assert rules.due_dates(on, term) == [there]


SERVICES = st.lists(
    st.tuples(
        st.decimals("0.01", "5000", places=4), st.decimals("0.5", "9", places=3), st.sampled_from(rules.FREQUENCIES), st.integers(1, 12),
        st.booleans(), st.dates(D(2023, 6, 1), D(2024, 8, 31)), st.none() | st.integers(0, 500), st.sampled_from(("22", "10", "4", "N4")),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=SERVICES, month=st.integers(1, 8))
def test_a_prepared_run_has_the_lines_vat_and_stamp_that_the_rules_give(desk: Desk, world: World, drawn: list[tuple], month: int) -> None:
    world.owner.execute("update customers.contract set state = 'terminated', row_version = row_version + 1")  # of the example before
    contract = world.contract(world.customer("Alfa"))
    expected, lines = [], []
    start = D(2024, month, 1)
    end = D(2024, month + 1, 1) - datetime.timedelta(days=1)
    rates = {"22": (22, ""), "10": (10, ""), "4": (4, ""), "N4": (0, "N4")}
    for price, quantity, months, anchor, advance, starts, length, vat in drawn:
        ends = starts + datetime.timedelta(days=length) if length is not None else None
        facts = {"frequency_months": months, "anchor_month": anchor, "is_in_advance": advance, "starts_on": starts, "ends_on": ends}
        kept = {key: value for key, value in facts.items() if key != "frequency_months"}
        world.service(contract, str(price), months=months, vat=vat, quantity=quantity, **kept)
        for one in rules.billing_periods(SimpleNamespace(**facts), start, end):
            amount = rules.period_amount(price, quantity, one.period, one.covered)
            if amount > 0:
                expected.append((one.covered.start, one.covered.end, amount))
                rate, nature = rates[vat]
                lines.append(SimpleNamespace(vat_code=vat, vat_rate=Decimal(rate), nature=nature, exigibility="I", total=amount))
    run = desk.prepare(start, end)
    there = world.owner.execute(
        "select l.period_start, l.period_end, l.line_amount from billing.invoice_line as l join billing.invoice as i using (company_id, invoice_id) "
        "where i.billing_run_id = %s", (run,),
    ).fetchall()  # fmt: skip
    assert sorted(there) == sorted(expected)
    totals = rules.vat_summary(lines)
    [kept_totals] = world.owner.execute(
        "select coalesce(sum(net_amount), 0), coalesce(sum(vat_amount), 0), coalesce(sum(stamp_amount), 0) from billing.invoice where billing_run_id = %s", (run,)
    ).fetchall()  # fmt: skip
    assert kept_totals == (totals.net, totals.vat, rules.stamp_duty(totals.groups))
    assert all(round_cents(one[2]) == one[2] for one in there)
