"""Money in: every verb leaves journal, items and balances in step (the world checks the books at the end of each test)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput, NotAllowed
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.ledger import actions, queries
from cms_desktop.modules.ledger.records import NewPayment
from tests.house import House
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import MAY, Counter

D = Decimal
LATER = datetime.date(2024, 6, 10)


def _entry(world: World, source: str, payment: int) -> list[tuple[Any, ...]]:
    return world.owner.execute(
        "select a.role, l.debit_amount, l.credit_amount, l.customer_id is not null from ledger.journal_line as l join ledger.journal_entry as e "
        "using (company_id, journal_entry_id) join ledger.account as a using (company_id, account_id) where e.source = %s and e.source_id = %s "
        "order by line_no",
        [source, payment],
    ).fetchall()


def test_a_payment_settles_what_it_is_for_and_posts_bank_against_customer(counter: Counter, debtor: int, world: World) -> None:
    [(item, owed)] = counter.items(debtor)
    payment = counter.collect(debtor, "122.00", {item: "122.00"}, reference="CRO 123")
    assert (owed, counter.open_of(debtor)) == (D("122.00"), D("0.00"))
    assert _entry(world, "payment", payment) == [("bank", D("122.00"), D(0), False), ("receivable", D(0), D("122.00"), True)]


def test_cash_goes_to_the_cash_account_and_not_from_the_legal_limit(counter: Counter, debtor: int, world: World) -> None:
    payment = counter.collect(debtor, "20.00", method="MP01")
    assert _entry(world, "payment", payment)[0][0] == "cash"
    with pytest.raises(InvalidInput) as told:
        counter.collect(debtor, "5000.00", method="MP01")
    assert told.value.key == "cash_limit" and "5000" in str(told.value)
    assert counter.collect(debtor, "4999.99", method="MP01")


def test_too_much_money_stays_as_an_advance_and_settles_later_items(counter: Counter, desk: Desk, debtor: int, world: World) -> None:
    [(item, _)] = counter.items(debtor)
    payment = counter.collect(debtor, "200.00", {item: "122.00"})
    free = ListQuery((Filter("free_amount", ">", (0,)),))
    [row] = counter.ask(queries.list_payments, free).rows
    assert (row.payment_id, row.free_amount) == (payment, D("78.00"))
    desk.bill(datetime.date(2024, 6, 1))
    second = next(number for number, owed in counter.items(debtor) if owed)
    counter.ask(actions.allocate, payment, {second: D("78.00")})
    assert counter.open_of(debtor) == D("44.00")
    assert counter.ask(queries.list_payments, free).rows == ()
    with pytest.raises(AppError):
        counter.ask(actions.allocate, payment, {second: D("0.01")})


@pytest.mark.parametrize("parts", ["130.00", "0.00", "-5.00", "1.005"])
def test_nothing_is_settled_twice_or_by_strange_amounts(counter: Counter, debtor: int, parts: str) -> None:
    [(item, _)] = counter.items(debtor)
    with pytest.raises(AppError):
        counter.collect(debtor, "500.00", {item: parts})
    assert counter.open_of(debtor) == D("122.00")


def test_an_item_of_another_customer_is_refused(counter: Counter, debtor: int, desk: Desk, world: World) -> None:
    other, _, _ = world.simple("Beta", "10.00")
    desk.bill(datetime.date(2024, 6, 1))
    [(item, _)] = counter.items(other)
    with pytest.raises(AppError) as told:
        counter.collect(debtor, "12.20", {item: "12.20"})
    assert told.value.key == "payment_over_used"


def test_a_wrong_allocation_is_taken_back_as_if_it_had_not_been(counter: Counter, debtor: int) -> None:
    [(item, _)] = counter.items(debtor)
    payment = counter.collect(debtor, "122.00", {item: "122.00"})
    assert counter.ask(actions.release, payment, [item]) == D("122.00")
    assert counter.open_of(debtor) == D("122.00")
    counter.ask(actions.allocate, payment, {item: D("122.00")})
    assert counter.open_of(debtor) == D("0.00")
    assert [row.amount for row in counter.ask(queries.list_allocations, payment)] == [D("122.00"), D("-122.00"), D("122.00")]


def test_a_bounced_cheque_opens_its_items_from_that_day_and_reverses_the_entry(counter: Counter, debtor: int, world: World) -> None:
    [(item, _)] = counter.items(debtor)
    payment = counter.collect(debtor, "122.00", {item: "122.00"}, method="MP02")
    counter.ask(actions.bounce, payment, LATER, "assegno senza provvista")
    assert counter.open_of(debtor) == D("122.00")
    assert _entry(world, "payment_bounced", payment) == [("bank", D(0), D("122.00"), False), ("receivable", D("122.00"), D(0), True)]
    with pytest.raises(AlreadyDone):
        counter.ask(actions.bounce, payment, LATER, "ancora")
    assert counter.ask(queries.sum_payments, ListQuery()).sums["amount"] == 0


def test_what_was_open_on_a_past_day_stays_known(counter: Counter, debtor: int) -> None:
    [(item, _)] = counter.items(debtor)
    payment = counter.collect(debtor, "122.00", {item: "122.00"})
    counter.ask(actions.bounce, payment, LATER, "richiamato")
    again = counter.collect(debtor, "22.00", {item: "22.00"}, on_date=datetime.date(2024, 6, 20))
    days = [datetime.date(2024, 4, 30), datetime.date(2024, 5, 10), MAY, LATER, datetime.date(2024, 6, 20)]
    assert [counter.ask(queries.sum_items_on, day) for day in days] == [
        (0, D(0)), (1, D("122.00")), (0, D(0)), (1, D("122.00")), (1, D("100.00")),
    ]  # fmt: skip
    counter.ask(actions.release, again, [item])
    assert counter.ask(queries.sum_items_on, datetime.date(2024, 6, 20)) == (1, D("122.00"))


def test_today_from_its_own_point_of_view_is_the_list_of_open_items(counter: Counter, desk: Desk, debtor: int, world: World) -> None:
    world.simple("Beta", "33.33", term="RB306090")
    desk.bill(datetime.date(2024, 6, 1))
    [(item, _), *_] = counter.items(debtor)
    counter.collect(debtor, "50.00", {item: "50.00"})
    totals = counter.ask(queries.sum_open_items, ListQuery())
    assert counter.ask(queries.sum_items_on, datetime.date.today()) == (totals.count, totals.sums["open_amount"])


def test_cents_are_written_off_up_to_the_limit(counter: Counter, debtor: int, world: World) -> None:
    [(item, _)] = counter.items(debtor)
    counter.collect(debtor, "121.60", {item: "121.60"})
    assert counter.ask(actions.write_off, [item], LATER, "arrotondamento") == 1
    assert counter.open_of(debtor) == D("0.00")
    payment = world.value("select payment_id from ledger.payment where kind = 'write_off'")
    assert _entry(world, "payment", payment)[0][:2] == ("rounding", D("0.40"))
    assert counter.ask(queries.sum_payments, ListQuery()).sums["amount"] == D("121.60")


def test_more_than_the_limit_is_not_written_off(counter: Counter, debtor: int) -> None:
    [(item, _)] = counter.items(debtor)
    with pytest.raises(InvalidInput) as told:
        counter.ask(actions.write_off, [item], LATER, "regalo")
    assert told.value.key == "write_off_limit"


def test_a_credit_is_set_off_against_a_debt_without_money(counter: Counter, debtor: int, world: World) -> None:
    [(item, _)] = counter.items(debtor)
    credit = world.value(
        "insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, due_on, method, "
        "amount) values (1, %s, 'manual', 1, 1, 'NC 1', '2024-05-15', '2024-05-15', 'MP05', -22) returning open_item_id", debtor,
    )  # fmt: skip
    counter.ask(actions.compensate, {item: D("22.00"), credit: D("-22.00")}, LATER)
    assert counter.open_of(debtor) == D("100.00")
    assert world.value("select count(*) from ledger.journal_entry where source = 'payment'") == 0
    with pytest.raises(AppError):
        counter.ask(actions.compensate, {item: D("22.00"), credit: D("-21.00")}, LATER)


def test_what_was_paid_too_much_goes_back(counter: Counter, debtor: int, world: World) -> None:
    payment = counter.collect(debtor, "30.00")
    back = counter.ask(actions.pay_back, payment, LATER, "MP05")
    assert _entry(world, "payment", back) == [("bank", D(0), D("30.00"), False), ("receivable", D("30.00"), D(0), True)]
    assert counter.ask(queries.sum_payments, ListQuery()).sums == {"amount": D("0.00"), "free_amount": D("0.00")}
    for verb in (lambda: counter.ask(actions.pay_back, payment, LATER, "MP05"), lambda: counter.ask(actions.bounce, payment, LATER, "x")):
        with pytest.raises(InvalidInput):
            verb()


def test_a_line_of_a_bank_statement_is_registered_once(counter: Counter, debtor: int) -> None:
    counter.collect(debtor, "10.00", line_key="IT60X|2024-05-20|1")
    with pytest.raises(AlreadyDone):
        counter.collect(debtor, "10.00", line_key="IT60X|2024-05-20|1")


def test_tomorrow_does_not_pay(counter: Counter, debtor: int) -> None:
    with pytest.raises(InvalidInput) as told:
        counter.collect(debtor, "10.00", on_date=datetime.date.today() + datetime.timedelta(days=2))
    assert told.value.key == "day_in_the_future"


@pytest.mark.parametrize("login", ["marta.bellini", "rita.revisore", "bruno.estraneo"])
def test_only_who_may_collect_moves_money(house: House, debtor: int, counter: Counter, login: str) -> None:
    payment = counter.collect(debtor, "10.00")
    session = house.log_in(login)
    verbs = (
        lambda unit: actions.collect(unit, NewPayment(debtor, MAY, "MP05", D(1))),
        lambda unit: actions.bounce(unit, payment, LATER, "x"),
        lambda unit: actions.pay_back(unit, payment, LATER, "MP05"),
    )
    for verb in verbs:
        with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
            verb(unit)
    session.close()
