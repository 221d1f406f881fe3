"""The periodic settlement in the lines of the communication, by month and quarter; figures computed by hand from the law's own rules."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cms_desktop.core.errors import AppError
from cms_desktop.modules.billing.vat import actions, queries
from cms_desktop.modules.billing.vat.records import SettlementEntries
from tests.modules.billing.vat.conftest import Bookkeeper, add_code
from tests.modules.billing.vat.papers import issue
from tests.modules.billing.world import World

D, DAY = Decimal, datetime.date


def _sell(world: World, day: datetime.date, net: str, code: str = "22", kind: str = "TD01", series: str = "V") -> None:
    customer = world.value("select min(customer_id) from customers.customer where company_id = 1") or world.customer("Alfa")
    issue(world, kind, customer, day, {code: net}, series=series)


def _by_quarter(world: World) -> None:
    world.owner.execute(
        "insert into base.parameter (company_id, key, valid_from, value) values (1, 'vat_period_months', '2024-01-01', '3')"
    )


def test_the_lines_of_a_month(books: Bookkeeper, world: World) -> None:
    add_code(world, "22D", exigibility="D")
    add_code(world, "N1B", "0", nature="N1")
    for code, net in (("22", "1000.00"), ("N4", "200.00"), ("22S", "300.00"), ("22D", "400.00"), ("N1B", "50.00")):
        _sell(world, DAY(2024, 5, 3), net, code)
    _sell(world, DAY(2024, 5, 20), "-100.00", kind="TD04")
    _sell(world, DAY(2024, 5, 31), "50.00", kind="TD17")
    books.ask(actions.save_settlement, DAY(2024, 5, 9), SettlementEntries(D("500.00"), D("110.00")))
    found = books.settlement(DAY(2024, 5, 9))
    # VP2: 1000 + 200 + 300 + 400 - 100, the excluded 50 apart; VP3: 500 + 50; VP4: 220 - 22 + 11; VP5: 110 + 11
    assert (found.active_net, found.passive_net) == (D("1800.00"), D("550.00"))
    assert (found.due_vat, found.deducted_vat, found.vp6, found.result_amount) == (D("209.00"), D("121.00"), D("88.00"), D("88.00"))
    assert (found.parts["split_vat"], found.parts["suspended_vat"]) == (D("66.00"), D("88.00"))
    assert (found.period_start, found.period_end, found.tribute_code) == (DAY(2024, 5, 1), DAY(2024, 5, 31), "6005")
    assert found.due_on == DAY(2024, 6, 17)  # the 16th is a Sunday


def test_what_the_first_source_says_nothing_is_due(books: Bookkeeper, world: World) -> None:
    # sales 100 + 22, purchases 50 + 11, credit of before 11: nothing to pay
    _sell(world, DAY(2024, 1, 10), "100.00")
    assert books.settle(DAY(2024, 1, 1), purchases_net="50", purchases_vat="11", year_credit="11").result_amount == D("0.00")


def test_credit_and_little_debt_go_on_to_the_next_month_and_a_year_credit_is_proposed(books: Bookkeeper, world: World) -> None:
    for day, net in ((DAY(2024, 9, 5), "100.00"), (DAY(2024, 10, 5), "300.00"), (DAY(2024, 11, 5), "100.00"), (DAY(2024, 12, 5), "100.00")):
        _sell(world, day, net)
    september = books.settle(DAY(2024, 9, 1), purchases_net="200", purchases_vat="44")
    assert (september.result_amount, september.payable_on) == (D("-22.00"), None)
    october = books.settle(DAY(2024, 10, 1))
    assert (october.carried_credit, october.result_amount, october.is_carried) == (D("22.00"), D("44.00"), True)
    november = books.settle(DAY(2024, 11, 1))  # below 100 euro, but in December everything goes
    assert (november.carried_debt, november.result_amount, november.is_carried) == (D("44.00"), D("66.00"), False)
    assert november.payable_on == DAY(2024, 12, 16)
    december = books.settle(DAY(2024, 12, 1), purchases_net="1000", purchases_vat="220")
    assert (december.carried_debt, december.result_amount) == (D("0.00"), D("-198.00"))
    january = books.settlement(DAY(2025, 1, 1))
    assert (january.carried_credit, january.year_credit, january.result_amount) == (D("0.00"), D("198.00"), D("-198.00"))


@pytest.mark.parametrize(
    ("year", "net", "waits"), [(2023, "117.00", True), (2023, "118.00", False), (2024, "454.54", True), (2024, "454.60", False)]
)
def test_how_little_may_wait_changed_in_2024(year: int, net: str, waits: bool, books: Bookkeeper, world: World) -> None:
    _sell(world, DAY(year, 3, 5), net)  # 25.74, 25.96, 100.00, 100.01 euro of VAT
    assert books.settlement(DAY(year, 3, 1)).is_carried is waits


def test_quarters_bear_one_percent_but_the_last(books: Bookkeeper, world: World) -> None:
    _by_quarter(world)
    for day in (DAY(2024, 2, 5), DAY(2024, 5, 5), DAY(2024, 8, 5), DAY(2024, 11, 5)):
        _sell(world, day, "10123.45")
    found = [books.settle(DAY(2024, month, 1)) for month in (1, 4, 7, 10)]
    assert [one.interest_amount for one in found] == [D("22.27"), D("22.27"), D("22.27"), D("0.00")]  # 2227.16
    assert [one.result_amount for one in found] == [D("2249.43")] * 3 + [D("2227.16")]
    assert [one.tribute_code for one in found] == ["6031", "6032", "6033", "6099"]
    # 16 May, 20 August, 16 November (a Saturday), 16 March (a Sunday)
    assert [one.payable_on for one in found] == [DAY(2024, 5, 16), DAY(2024, 8, 20), DAY(2024, 11, 18), DAY(2025, 3, 17)]


def test_a_little_debt_of_a_quarter_waits_until_november_at_most(books: Bookkeeper, world: World) -> None:
    _by_quarter(world)
    _sell(world, DAY(2024, 5, 5), "200.00")
    _sell(world, DAY(2024, 8, 5), "100.00")
    assert books.settle(DAY(2024, 4, 1)).is_carried
    third = books.settle(DAY(2024, 7, 1))
    # 22.00 and 44.44 carried make 66.44, one percent 0.66
    assert (third.carried_debt, third.interest_amount, third.result_amount, third.is_carried) == (D("44.44"), D("0.66"), D("67.10"), False)


def test_the_advance_is_88_percent_of_last_december_advance_included(books: Bookkeeper, world: World) -> None:
    _sell(world, DAY(2023, 12, 5), "10000.00")
    assert books.settle(DAY(2023, 12, 1), advance_amount="1500").result_amount == D("700.00")
    for month in range(1, 12):
        books.settle(DAY(2024, month, 1))
    _sell(world, DAY(2024, 12, 5), "9000.00")
    december = books.settlement(DAY(2024, 12, 1))
    assert (december.advance_proposal, december.advance_amount, december.result_amount) == (D("1936.00"), D("1936.00"), D("44.00"))


def test_an_advance_below_103_29_is_none(books: Bookkeeper, world: World) -> None:
    _sell(world, DAY(2023, 12, 5), "533.00")  # 117.26, of it 88 percent are 103.19
    books.settle(DAY(2023, 12, 1))
    assert books.settlement(DAY(2024, 12, 1)).advance_proposal == D("0.00")


def test_confirmation_posts_all_vat_of_the_period_against_the_tax_office(books: Bookkeeper, world: World) -> None:
    _sell(world, DAY(2024, 5, 3), "1000.00")
    _sell(world, DAY(2024, 5, 4), "300.00", "22S")
    _sell(world, DAY(2024, 5, 31), "50.00", kind="TD17")
    books.settle(DAY(2024, 5, 1), purchases_net="500", purchases_vat="110")
    assert {role: books.balance(role) for role in ("vat_sales", "vat_split", "vat_purchases", "vat_due")} == {
        "vat_sales": D("0.00"), "vat_split": D("0.00"), "vat_purchases": D("110.00"), "vat_due": D("110.00"),
    }  # fmt: skip


def test_what_is_confirmed_is_frozen_and_a_reopening_is_on_record(books: Bookkeeper, world: World) -> None:
    _sell(world, DAY(2024, 5, 3), "1000.00")
    books.settle(DAY(2024, 5, 1))
    for attempt in (
        lambda: books.ask(actions.save_settlement, DAY(2024, 5, 1), SettlementEntries(purchases_vat=D(1))),
        lambda: books.settle(DAY(2024, 5, 1)),
        lambda: books.settle(DAY(2024, 4, 1)),
    ):
        with pytest.raises(AppError) as told:
            attempt()
        assert told.value.key == "vat_settled_already"
    with pytest.raises(Exception, match="vat_period_closed"):
        _sell(world, DAY(2024, 5, 31), "1.00")
    frozen = books.settlement(DAY(2024, 5, 1))
    assert [(one["code"], one["documents"], one["vat"]) for one in frozen.snapshot["registers"]] == [("22", 1, 220.0)]
    books.ask(actions.reopen_settlement, DAY(2024, 5, 1), "Mancava una fattura d'acquisto")
    assert (books.balance("vat_due"), books.balance("vat_sales")) == (D("0.00"), D("220.00"))
    assert books.settle(DAY(2024, 5, 1), purchases_vat="20").result_amount == D("200.00")
    states = world.owner.execute("select state, result_amount from billing.vat_settlement order by vat_settlement_id").fetchall()
    assert states == [("reopened", D("220.00")), ("confirmed", D("200.00"))]


def test_only_the_last_one_is_reopened_and_with_a_reason(books: Bookkeeper) -> None:
    for month in (4, 5):
        books.settle(DAY(2024, month, 1))
    for day, reason in ((DAY(2024, 4, 1), "Errore"), (DAY(2024, 5, 1), "  ")):
        with pytest.raises(AppError):
            books.ask(actions.reopen_settlement, day, reason)


def test_periods_are_confirmed_one_after_the_other_once_they_are_over(books: Bookkeeper, world: World) -> None:
    books.settle(DAY(2024, 4, 1))
    for day, key in ((DAY(2024, 6, 1), "earlier_period_open"), (datetime.date.today(), "month_not_over")):
        with pytest.raises(AppError) as told:
            books.settle(day)
        assert told.value.key == key
    seen = books.settlement(DAY(2024, 5, 1))
    _sell(world, DAY(2024, 5, 3), "10.00")
    with pytest.raises(AppError) as told:
        books.ask(actions.confirm_settlement, seen)
    assert (told.value.key, "2.20" in str(told.value)) == ("vat_changed", True)


def test_the_year_of_a_screen_ends_today(books: Bookkeeper) -> None:
    this_year = datetime.date.today()
    assert [one.period_start.month for one in books.ask(queries.list_settlements, this_year.year)] == list(range(1, this_year.month + 1))
    assert len(books.ask(queries.list_settlements, 2024)) == 12


# ---- stamp duty ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "due"),
    [  # quarter → month and day of 2024 (February 2025) on which it is due
        ((5001, 10, 10, 10), [(5, 31), (9, 30), (12, 2), (2, 28)]),  # 30 November is a Saturday
        ((5000, 10, 10, 10), [(9, 30), (9, 30), (12, 2), (2, 28)]),
        ((2000, 3000, 10, 10), [(12, 2), (12, 2), (12, 2), (2, 28)]),
        ((5001, 0, 0, 0), [(5, 31), (9, 30), (12, 2), (2, 28)]),
    ],
)
def test_stamp_duty_waits_up_to_5000_euro(amounts: tuple[int, ...], due: list[tuple[int, int]], books: Bookkeeper, world: World) -> None:
    customer = world.customer("Alfa")
    for quarter, amount in enumerate(amounts):
        if amount:
            issue(world, "TD01", customer, DAY(2024, quarter * 3 + 2, 1), {"N4": "100.00"}, stamp=str(amount))
    found = books.ask(queries.list_stamp_quarters, 2024)
    assert [(one.due_on.month, one.due_on.day) for one in found] == due
    assert [(one.tribute_code, one.amount) for one in found] == [(f"252{n}", D(amount)) for n, amount in enumerate(amounts, 1)]


def test_the_documents_behind_a_quarter_are_exactly_those_counted(books: Bookkeeper, world: World) -> None:
    from cms_desktop.modules.billing.queries import sum_invoices

    customer = world.customer("Alfa")
    for kind, day, stamp in (
        ("TD01", DAY(2024, 4, 1), "2"),
        ("TD04", DAY(2024, 6, 30), "-2"),
        ("TD01", DAY(2024, 7, 1), "2"),
        ("TD01", DAY(2024, 7, 2), "0"),
    ):
        issue(world, kind, customer, day, {"N4": "-80.00" if kind == "TD04" else "80.00"}, stamp=stamp)
    second = books.ask(queries.list_stamp_quarters, 2024)[1]
    assert (second.document_count, second.amount) == (2, D("4.00"))
    assert books.ask(lambda unit: unit and 2) == 2
    with books.world.house.log_in("marta.bellini").database.unit_of_work(1) as unit:
        assert sum_invoices(unit, queries.stamp_query(second)).count == 2
