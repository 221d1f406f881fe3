"""The expiry scheduler and the list of inconsistencies: what they find, and that their counts are those of their rows."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers.contracts import inconsistencies, queries
from tests.modules.customers.contracts.conftest import Clerk

D = datetime.date
ALL = ListQuery()
TODAY = datetime.datetime.now().astimezone().date()


def _found(clerk: Clerk, since: D, until: D) -> list[tuple[str, D]]:
    return [(one.kind, one.on_day) for one in clerk.ask(queries.list_deadlines, since, until, ALL).rows]


def test_the_scheduler_shows_notice_renewal_expiry_clause_and_deposit(clerk: Clerk) -> None:
    clerk.contract("100", duration_months=12, renewal_months=12, notice_count=3, notice_unit="months")
    clerk.contract("80", customer=clerk.customer("Beta", vat_number="01533030993"), ends_on=D(2031, 6, 30))
    clerk.contract(
        "70", customer=clerk.customer("Gamma", vat_number="00488410010"), is_indexed=True, index_base_on=D(2030, 3, 1), index_month=4
    )
    assert _found(clerk, D(2031, 1, 1), D(2031, 12, 31)) == [
        ("renewal", D(2031, 1, 1)), ("price_clause", D(2031, 4, 1)), ("expiry", D(2031, 6, 30)), ("notice", D(2031, 9, 30)),
    ]  # fmt: skip
    [row] = clerk.ask(queries.list_deadlines, D(2031, 9, 1), D(2031, 9, 30), ALL).rows
    assert (row.customer, row.term_end, row.notice_by, row.monthly_fee) == ("Alfa S.r.l.", D(2031, 12, 31), D(2031, 9, 30), 100)


def test_a_contract_that_renews_often_is_there_each_time(clerk: Clerk) -> None:
    clerk.contract("100", duration_months=6, renewal_months=3)
    assert [day for kind, day in _found(clerk, D(2031, 1, 1), D(2031, 12, 31)) if kind == "renewal"] == [
        D(2031, 1, 1), D(2031, 4, 1), D(2031, 7, 1), D(2031, 10, 1),
    ]  # fmt: skip


def test_a_deposit_to_return_stays_until_it_is_returned(clerk: Clerk) -> None:
    contract = clerk.contract(
        "100", deposit_amount=Decimal(500), deposit_received_on=D(2024, 1, 1), ends_on=D(2025, 1, 31), state="terminated"
    )
    assert _found(clerk, D(2031, 1, 1), D(2031, 1, 31)) == [("deposit", D(2031, 1, 1))]
    clerk.owner.execute(
        "update customers.contract set deposit_returned_on = '2025-03-01', row_version = row_version + 1 where contract_id = %s",
        (contract.contract_id,),
    )
    assert _found(clerk, D(2031, 1, 1), D(2031, 1, 31)) == []


def test_the_months_count_what_the_list_shows(clerk: Clerk) -> None:
    clerk.contract("100", duration_months=12, renewal_months=6, notice_count=30)
    clerk.contract("80", customer=clerk.customer("Beta", vat_number="01533030993"), ends_on=D(2031, 6, 30))
    months = clerk.ask(queries.count_deadlines, D(2031, 1, 1), D(2031, 12, 31))
    assert [one.month_on.month for one in months] == list(range(1, 13))
    for one in months:
        last = (one.month_on + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
        for kind, many in one.counts:
            assert clerk.ask(queries.sum_deadlines, one.month_on, last, queries.of_kind(kind)).count == many, (one, kind)
    assert sum(many for one in months for _, many in one.counts) == 5
    assert [one["kind"] for one in clerk.ask(queries.list_reminders, D(2031, 6, 1), D(2031, 6, 30))] == ["expiry"]


def _count(clerk: Clerk, rule: str) -> int:
    found = clerk.ask(inconsistencies.count_inconsistencies, rule)
    rows = clerk.ask(inconsistencies.list_inconsistencies, rule, ALL).rows
    totals = clerk.ask(inconsistencies.sum_inconsistencies, rule, ALL)
    assert (found.count, found.amount) == (len(rows), totals.sums["amount"]) and totals.count == found.count
    return found.count


def _arrange(clerk: Clerk, rule: str) -> None:
    update = "update customers.{} set {}, row_version = row_version + 1"
    if rule == "contract_without_service":
        clerk.contract()
    elif rule == "ended_but_billed":
        clerk.contract("100")
        clerk.bill(D(2024, 1, 1), D(2024, 3, 31))
        clerk.owner.execute(update.format("service", "ends_on = '2024-02-10'"))
    elif rule == "billing_behind":
        clerk.contract("100")
        clerk.bill(D(2024, 1, 1), D(2024, 3, 31))
    elif rule == "site_without_contract":
        clerk.owner.execute(
            "insert into customers.site (company_id, customer_id, code, name) values (1, %s, 'S1', 'Magazzino')", (clerk.customer(),)
        )
    elif rule == "below_list_price":
        clerk.owner.execute("insert into customers.service_type (company_id, code, description, list_price) values (1, 'X', 'X', 120)")
        clerk.contract("100")
        clerk.owner.execute(update.format("service", "service_type_id = (select service_type_id from customers.service_type)"))
    elif rule == "suspended_without_end":
        clerk.contract("100", lines={"is_suspended": True})
    elif rule == "overlapping_lines":
        clerk.owner.execute("insert into customers.service_type (company_id, code, description) values (1, 'X', 'X')")
        clerk.contract("100", "100")
        clerk.owner.execute(update.format("service", "service_type_id = (select service_type_id from customers.service_type)"))
    elif rule == "term_is_over":
        clerk.contract("100", duration_months=12)
    elif rule == "customer_is_gone":
        clerk.contract("100")
        clerk.owner.execute(update.format("customer", "state = 'terminated'"))
    elif rule == "index_without_base":
        clerk.contract("100", is_indexed=True)
    else:
        clerk.contract("100")


@pytest.mark.parametrize("rule", inconsistencies.RULES)
def test_a_rule_finds_what_breaks_it_and_nothing_in_sound_contracts(clerk: Clerk, rule: str) -> None:
    _arrange(clerk, rule)
    today = {"starts_on": TODAY}
    clerk.contract("100", customer=clerk.customer("Sano", vat_number="00488410010"), lines=dict(today), duration_months=12, **today)
    assert _count(clerk, rule) == 1


def test_an_open_suspension_is_found_as_one_without_end(clerk: Clerk) -> None:
    line = clerk.contract("100").services[0]
    clerk.owner.execute(
        "insert into customers.service_suspension (company_id, service_id, starts_on) values (1, %s, '2024-01-01')", (line.service_id,)
    )
    assert _count(clerk, "suspended_without_end") == 1


def test_an_unknown_rule_finds_nothing(clerk: Clerk) -> None:
    assert _count(clerk, "whatever") == 0


def test_terms_counted_in_whole_renewals_are_those_of_the_single_rule(clerk: Clerk) -> None:
    """Every day a term ends or notice falls due, as customers.term_end says it day by day."""
    for start, duration, renewal, notice, unit in (
        (D(2024, 1, 31), 1, 1, 10, "days"), (D(2023, 2, 28), 12, 12, 2, "months"), (D(2022, 8, 31), 36, 6, 90, "days"), (D(2027, 5, 1), 24, 24, 0, "days"),
    ):  # fmt: skip
        clerk.contract(
            "10", customer=clerk.customer(f"Cliente {start}"), starts_on=start, duration_months=duration, renewal_months=renewal,
            notice_count=notice, notice_unit=unit,
        )  # fmt: skip
    since, until = D(2026, 3, 1), D(2029, 2, 28)
    by_day = clerk.owner.execute(
        "select distinct c.contract_id, customers.term_end(c.starts_on, c.duration_months, c.renewal_months, c.ends_on, d::date) "
        "from customers.contract as c, generate_series(%s::date - 1, %s::date, interval '1 day') as d "
        "where customers.term_end(c.starts_on, c.duration_months, c.renewal_months, c.ends_on, d::date) + 1 between %s and %s order by 1, 2",
        [since, until, since, until],
    ).fetchall()
    counted = clerk.owner.execute(
        "select contract_id, term_end from customers.contract_deadlines(1, %s, %s) where kind = 'renewal' order by 1, 2", [since, until]
    ).fetchall()
    assert counted == by_day and len(counted) > 40
