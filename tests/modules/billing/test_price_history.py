"""What a period costs when the price changed, the service paused or the first month is partial: the engine and the rules agree."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms_desktop.modules.billing import actions, rules
from cms_desktop.modules.customers.contracts.rules import PRO_RATA, Pause, PriceFrom, period_cost
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date


def _line(world: World, run: int) -> list[tuple[Any, ...]]:
    return world.owner.execute(
        "select l.period_start, l.period_end, l.line_amount, l.description from billing.invoice_line as l join billing.invoice as i "
        "using (company_id, invoice_id) where i.billing_run_id = %s order by 1", (run,),
    ).fetchall()  # fmt: skip


def _price(world: World, service: int, on: D, price: str) -> None:
    world.owner.execute(
        "insert into customers.service_price (company_id, service_id, valid_from, price, origin, is_applied) values (1, %s, %s, %s, 'manual', "
        "%s <= current_date)", (service, on, price, on),
    )  # fmt: skip
    world.owner.execute("select customers.apply_prices(1, array[%s])", (service,))


def _pause(world: World, service: int, start: D, end: D | None, mode: str = "days", *, yearly: bool = False) -> None:
    world.owner.execute(
        "insert into customers.service_suspension (company_id, service_id, starts_on, ends_on, mode, is_yearly) values (1, %s, %s, %s, %s, %s)",
        (service, start, end, mode, yearly),
    )


def _service(world: World, price: str = "100", **more: Any) -> int:
    return world.service(world.contract(world.customer("Alfa")), price, **more)


def test_each_period_is_billed_at_the_price_that_held_in_it(desk: Desk, world: World) -> None:
    service = _service(world)
    _price(world, service, D(2024, 3, 1), "110")
    for month, amount in ((2, "100.00"), (3, "110.00")):
        run = desk.prepare(D(2024, month, 1), D(2024, month, 28))
        assert [row[2] for row in _line(world, run)] == [Decimal(amount)]


def test_a_price_of_the_future_does_not_reach_what_is_billed_now(desk: Desk, world: World) -> None:
    service = _service(world)
    _price(world, service, D(2040, 1, 1), "200")
    assert [row[2] for row in _line(world, desk.prepare(D(2024, 2, 1), D(2024, 2, 28)))] == [Decimal("100.00")]
    assert [row[2] for row in _line(world, desk.prepare(D(2040, 1, 1), D(2040, 1, 31)))] == [Decimal("200.00")]


def test_a_quarter_in_arrears_is_cut_where_the_price_changed(desk: Desk, world: World) -> None:
    service = _service(world, "100", months=3, is_in_advance=False, pro_rata="thirtieths")
    _price(world, service, D(2024, 2, 1), "130")
    [(start, end, amount, _)] = _line(world, desk.prepare(D(2024, 3, 1), D(2024, 3, 31)))
    assert (start, end, amount) == (D(2024, 1, 1), D(2024, 3, 31), Decimal("360.00"))


def test_suspended_days_are_not_billed_and_the_line_says_how_many(desk: Desk, world: World) -> None:
    service = _service(world, "310")
    _pause(world, service, D(2024, 1, 11), D(2024, 1, 20))
    [(_, _, amount, text)] = _line(world, desk.prepare(D(2024, 1, 1), D(2024, 1, 31)))
    assert (amount, text.endswith("(sospeso 10 giorni)")) == (Decimal("210.00"), True)


def test_a_period_wholly_suspended_makes_no_line(desk: Desk, world: World) -> None:
    service = _service(world)
    _pause(world, service, D(2024, 1, 1), None)
    assert _line(world, desk.prepare(D(2024, 1, 1), D(2024, 2, 28))) == []


def test_a_seasonal_pause_comes_back_every_year(desk: Desk, world: World) -> None:
    service = _service(world)
    _pause(world, service, D(2021, 8, 1), D(2021, 8, 31), yearly=True)
    assert [row[0].month for row in _line(world, desk.prepare(D(2024, 7, 1), D(2024, 9, 30)))] == [7, 9]


def test_a_pause_by_period_drops_the_periods_that_start_in_it(desk: Desk, world: World) -> None:
    service = _service(world, "90", months=3)
    _pause(world, service, D(2024, 4, 1), D(2024, 4, 2), "period")
    assert [row[0] for row in _line(world, desk.prepare(D(2024, 1, 1), D(2024, 12, 31)))] == [D(2024, 1, 1), D(2024, 7, 1), D(2024, 10, 1)]


@pytest.mark.parametrize(("rule", "amount"), [("actual", "51.61"), ("thirtieths", "50.00"), ("whole_months", "100.00"), ("none", "100.00")])
def test_the_first_month_follows_the_convention_of_the_line(desk: Desk, world: World, rule: str, amount: str) -> None:
    _service(world, pro_rata=rule, starts_on=D(2024, 1, 16))
    assert [row[2] for row in _line(world, desk.prepare(D(2024, 1, 1), D(2024, 1, 31)))] == [Decimal(amount)]


def test_a_terminated_contract_is_billed_to_its_last_day_and_not_beyond(desk: Desk, world: World) -> None:
    _service(world, "310", is_in_advance=False)
    world.owner.execute("update customers.contract set state = 'terminated', ends_on = '2024-02-10', row_version = row_version + 1")
    found = _line(world, desk.prepare(D(2024, 1, 1), D(2024, 4, 30)))
    assert [row[1] for row in found] == [D(2024, 1, 31), D(2024, 2, 10)]


def test_a_one_off_line_is_billed_once(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Alfa"))
    service = world.service(contract, "0", starts_on=D(2024, 5, 20), kind="one_off", unit_price=Decimal(480))
    assert [row[:3] for row in _line(world, desk.prepare(D(2024, 5, 1), D(2024, 5, 31)))] == [
        (D(2024, 5, 20), D(2024, 5, 20), Decimal("480.00"))
    ]
    assert _line(world, desk.prepare(D(2024, 5, 1), D(2024, 5, 31), title="di nuovo")) == []
    with pytest.raises(psycopg.Error, match="only_recurring"):
        world.owner.execute(
            "update customers.service set monthly_price = 10, row_version = row_version + 1 where service_id = %s", (service,)
        )


def test_what_is_billed_is_known_below_and_taken_back_with_the_run(desk: Desk, world: World) -> None:
    service = _service(world)
    known = "select first_billed_on, billed_until from customers.service_billing where service_id = %s"
    run = desk.prepare(D(2024, 1, 1), D(2024, 1, 31))
    second = desk.prepare(D(2024, 2, 1), D(2024, 2, 29), title="febbraio")
    assert world.owner.execute(known, (service,)).fetchall() == [(D(2024, 1, 1), D(2024, 2, 29))]
    desk.ask(actions.discard_run, second)
    assert world.owner.execute(known, (service,)).fetchall() == [(D(2024, 1, 1), D(2024, 1, 31))]
    desk.ask(actions.discard_run, run)
    assert world.owner.execute(known, (service,)).fetchall() == [(None, None)]


SPAN = st.tuples(st.dates(D(2023, 6, 1), D(2024, 12, 31)), st.integers(0, 70), st.sampled_from(("days", "period")), st.booleans())
LINES = st.lists(
    st.tuples(
        st.decimals("1", "500", places=2), st.sampled_from(rules.FREQUENCIES), st.booleans(), st.dates(D(2023, 9, 1), D(2024, 6, 30)),
        st.sampled_from(PRO_RATA), st.lists(st.tuples(st.dates(D(2023, 9, 1), D(2024, 12, 31)), st.decimals("1", "500", places=2)), max_size=3,
                                            unique_by=lambda one: one[0]),
        st.lists(SPAN, max_size=2),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=LINES, month=st.integers(1, 9))
def test_prices_pauses_and_conventions_cost_what_the_rules_say(desk: Desk, world: World, drawn: list[Any], month: int) -> None:
    world.owner.execute("update customers.contract set state = 'draft', row_version = row_version + 1")  # of the example before
    contract, expected = world.contract(world.customer("Beta")), []
    window = D(2024, month, 1), D(2024, month + 3, 1) - datetime.timedelta(days=1)
    for price, months, advance, starts, rule, changes, spans in drawn:
        service = world.service(contract, str(price), months=months, is_in_advance=advance, starts_on=starts, pro_rata=rule)
        later = [(on, new) for on, new in changes if on > starts]
        for on, new in later:
            _price(world, service, on, str(new))
        pauses = [Pause(start, start + datetime.timedelta(days=days), mode, yearly) for start, days, mode, yearly in spans]
        for one in pauses:
            _pause(world, service, one.starts_on, one.ends_on, one.mode, yearly=one.is_yearly)
        facts = SimpleNamespace(frequency_months=months, anchor_month=1, starts_on=starts, ends_on=None, is_in_advance=advance)
        prices = [PriceFrom(starts, price), *(PriceFrom(on, new) for on, new in later)]
        for one in rules.billing_periods(facts, *window):
            amount = period_cost(
                (one.period.start, one.period.end), (one.covered.start, one.covered.end), months, Decimal(1), prices, rule, pauses
            )
            if amount > 0:
                expected.append((one.covered.start, one.covered.end, amount))
    found = [row[:3] for row in _line(world, desk.prepare(*window))]
    assert sorted(found) == sorted(expected)
