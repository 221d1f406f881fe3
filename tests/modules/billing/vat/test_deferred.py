"""VAT of exigibility D falls due with the money, to the cent, and goes back with it."""

from __future__ import annotations

import datetime
import random
import threading
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.modules.billing.vat import queries
from cms_desktop.modules.ledger import actions
from tests.modules.billing.conftest import Desk
from tests.modules.billing.vat.conftest import Bookkeeper, add_code
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import Counter

D, DAY = Decimal, datetime.date


def _moved(world: World) -> list[tuple[Any, ...]]:
    return world.owner.execute(
        "select on_date, due_on, net_amount, vat_amount from billing.vat_collection order by vat_collection_id"
    ).fetchall()


def test_at_issue_nothing_is_due_and_collection_makes_it_due_pro_quota(
    town: int, desk: Desk, counter: Counter, books: Bookkeeper, world: World
) -> None:
    desk.bill()
    assert (books.balance("vat_suspended"), books.balance("vat_sales")) == (D("22.00"), D(0))
    [(item, _)] = counter.items(town)
    counter.collect(town, "40.00", {item: "40.00"}, on_date=DAY(2024, 6, 10))
    assert _moved(world) == [(DAY(2024, 6, 10), DAY(2024, 6, 10), D("32.79"), D("7.21"))]
    assert (books.balance("vat_suspended"), books.balance("vat_sales")) == (D("14.79"), D("7.21"))
    counter.collect(town, "82.00", {item: "82.00"}, on_date=DAY(2024, 7, 3))
    assert _moved(world)[-1] == (DAY(2024, 7, 3), DAY(2024, 7, 3), D("67.21"), D("14.79"))
    assert (books.balance("vat_suspended"), books.balance("vat_sales")) == (D(0), D("22.00"))


def test_a_release_takes_back_what_its_allocation_had_made_due(
    town: int, desk: Desk, counter: Counter, books: Bookkeeper, world: World
) -> None:
    desk.bill()
    [(item, _)] = counter.items(town)
    payment = counter.collect(town, "40.00", {item: "40.00"}, on_date=DAY(2024, 6, 10))
    counter.ask(actions.release, payment, [item])
    assert [row[3] for row in _moved(world)] == [D("7.21"), D("-7.21")]
    assert _moved(world)[-1][1] == DAY(2024, 6, 10)
    assert (books.balance("vat_suspended"), books.balance("vat_sales")) == (D("22.00"), D(0))


def test_a_bounce_takes_it_back_on_its_own_day(town: int, desk: Desk, counter: Counter, world: World) -> None:
    desk.bill()
    [(item, _)] = counter.items(town)
    payment = counter.collect(town, "122.00", {item: "122.00"}, on_date=DAY(2024, 6, 10))
    counter.ask(actions.bounce, payment, DAY(2024, 7, 1), "Senza copertura")
    assert [(row[1], row[3]) for row in _moved(world)] == [(DAY(2024, 6, 10), D("22.00")), (DAY(2024, 7, 1), D("-22.00"))]


def test_in_a_settled_period_nothing_moves_any_more_it_counts_in_the_first_open_one(
    town: int, desk: Desk, counter: Counter, books: Bookkeeper, world: World
) -> None:
    desk.bill()
    [(item, _)] = counter.items(town)
    payment = counter.collect(town, "122.00", {item: "122.00"}, on_date=DAY(2024, 6, 10))
    assert books.settle(DAY(2024, 5, 1)).result_amount == 0
    assert books.settle(DAY(2024, 6, 1)).due_vat == D("22.00")
    counter.ask(actions.release, payment, [item])
    assert _moved(world)[-1][:2] == (DAY(2024, 6, 10), DAY(2024, 7, 1))
    assert books.settlement(DAY(2024, 6, 1)).due_vat == D("22.00")
    assert books.settlement(DAY(2024, 7, 1)).due_vat == D("-22.00")


def test_the_whole_is_exact_however_an_invoice_is_paid(desk: Desk, counter: Counter, books: Bookkeeper, world: World) -> None:
    add_code(world, "22D", exigibility="D")
    add_code(world, "10D", "10", exigibility="D")
    customer = world.customer("Comune a rate", term="RB306090")
    contract = world.contract(customer)
    for price, code in (("33.33", "22D"), ("77.77", "10D"), ("10.01", "22")):
        world.service(contract, price, vat=code)
    desk.bill()
    luck, paid = random.Random(4), list[tuple[int, int]]()
    day = DAY(2024, 6, 1)
    for _ in range(40):
        opened = [(item, owed) for item, owed in counter.items(customer) if owed]
        day += datetime.timedelta(days=1)
        if paid and luck.random() < 0.3:
            payment, item = paid.pop(luck.randrange(len(paid)))
            counter.ask(actions.release, payment, [item])
        elif opened:
            item, owed = luck.choice(opened)
            part = min(owed, D(luck.randrange(1, 2500)) / 100)
            paid.append((counter.collect(customer, str(part), {item: str(part)}, on_date=day), item))
    for item, owed in counter.items(customer):
        if owed:
            counter.collect(customer, str(owed), {item: str(owed)}, on_date=day)
    totals = {one.code: (one.net_amount, one.vat_amount) for one in _by_code(books)}
    assert totals == {"22D": (D("33.33"), D("7.33")), "10D": (D("77.77"), D("7.78"))}
    assert (books.balance("vat_suspended"), books.balance("vat_sales")) == (D(0), D("7.33") + D("7.78") + D("2.20"))


def _by_code(books: Bookkeeper) -> list[Any]:
    found: dict[str, Any] = {}
    for one in books.ask(queries.list_totals, "collected", DAY(2024, 1, 1), DAY(2025, 12, 31)):
        before = found.get(one.code)
        found[one.code] = one if before is None else one.__class__(**{
            **{name: getattr(one, name) for name in one.__dataclass_fields__},
            "net_amount": before.net_amount + one.net_amount, "vat_amount": before.vat_amount + one.vat_amount,
        })  # fmt: skip
    return list(found.values())


def test_two_clerks_with_two_instalments_at_once_leave_the_whole_exact(
    desk: Desk, counter: Counter, books: Bookkeeper, world: World
) -> None:
    add_code(world, "22D", exigibility="D")
    customer = world.customer("Comune a rate", term="RB306090")
    world.service(world.contract(customer), "99.99", vat="22D")
    desk.bill()
    failures: list[BaseException] = []

    def pay(item: int, owed: Decimal) -> None:
        try:
            counter.collect(customer, str(owed), {item: str(owed)}, on_date=DAY(2024, 6, 1))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=pay, args=one) for one in counter.items(customer)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert (failures, books.balance("vat_suspended"), books.balance("vat_sales")) == ([], D(0), D("22.00"))


@pytest.mark.parametrize("code", ["22", "22S"])
def test_other_vat_is_not_touched_by_payments(code: str, desk: Desk, counter: Counter, world: World) -> None:
    customer = world.customer("Alfa")
    world.service(world.contract(customer), "100.00", vat=code)
    desk.bill()
    [(item, owed)] = counter.items(customer)
    counter.collect(customer, str(owed), {item: str(owed)})
    assert _moved(world) == []
