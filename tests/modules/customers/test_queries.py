"""The list of customers: search, filters, totals, pages; the figures of the dashboard and the rows behind them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest

from cms_desktop.core.dates import local_today
from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.db.database import Database
from cms_desktop.modules.customers import actions, queries, rules
from cms_desktop.modules.customers.records import CustomerRow
from cms_desktop.modules.registry.queries import find_parties
from tests.house import House, copied_house
from tests.modules.customers.samples import add_customer, customer_values, service

TODAY = local_today()


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with copied_house() as house:
        session = house.log_in("dora.doppia")
        _fill(house, session.database)
        yield session.database
        session.close()


def _fill(house: House, database: Database) -> None:
    with database.unit_of_work(1) as unit:
        first = add_customer(unit, "Agliè Preziosi S.r.l.", since_on=TODAY, province_code="TO", town="Agliè")
        second = add_customer(
            unit, "Hotel dell'Angelo", vat_number="", tax_code="00743110157", recipient_code="", pec="", state="suspended"
        )
        add_customer(
            unit,
            "Comune di Agliè",
            kind="public_body",
            vat_number="",
            tax_code="83501790014",
            recipient_code="",
            street="",
            province_code="TO",
        )
        contract = actions.add_contract(
            unit, first, {"starts_on": TODAY}, [service(unit, "100"), service(unit, "10.25", quantity=Decimal(2))]
        )
        actions.add_contract(
            unit, first, {"starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(days=30)}, [service(unit, "5", is_suspended=True)]
        )
        suspended = actions.add_contract(unit, second, {"starts_on": TODAY}, [service(unit, "999")])
        actions.suspend_contract(unit, suspended, row_version=1)
        assert contract
    with database.unit_of_work(2) as unit:
        add_customer(unit, "Agliè di un'altra azienda")
    with house.owner() as connection:
        connection.execute(
            "insert into customers.balance values (1, %s, 120.50, %s)", (first, TODAY - datetime.timedelta(days=3))
        )  # fmt: skip


def _names(database: Database, query: ListQuery) -> list[str]:
    with database.unit_of_work(1) as unit:
        return [row.name for row in queries.list_customers(unit, query).rows]


def test_a_row_carries_fee_contracts_and_balance(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        row: CustomerRow = queries.list_customers(unit, ListQuery(search="preziosi")).rows[0]
    assert (row.monthly_fee, row.contract_count, row.open_amount, row.is_overdue) == (Decimal("120.50"), 2, Decimal("120.50"), True)


@pytest.mark.parametrize("words", ["aglie", "AGLIÈ prez", "00743110157 preziosi", "gli prez"])
def test_search_finds_words_in_any_order_whatever_accents_and_capitals(database: Database, words: str) -> None:
    assert "Agliè Preziosi S.r.l." in _names(database, ListQuery(search=words))


@pytest.mark.parametrize("words", ["000001", "1"])
def test_search_finds_a_code_with_or_without_its_zeros(database: Database, words: str) -> None:
    assert "Agliè Preziosi S.r.l." in _names(database, ListQuery(search=words))


def test_search_stays_in_the_company(database: Database) -> None:
    assert _names(database, ListQuery(search="altra azienda")) == []


def test_signs_of_patterns_mean_themselves(database: Database) -> None:
    assert _names(database, ListQuery(search="%%%")) == []
    assert _names(database, ListQuery(search="___")) == []


def test_too_many_hits_fall_back_to_a_plain_scan_with_the_same_result(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        assert find_parties(unit, "aglie", 1) is None
        assert len(find_parties(unit, "aglie", 2) or []) == 2
        assert find_parties(unit, "ag", 100) is None
    assert len(_names(database, ListQuery(search="ag"))) == 2


def test_the_name_filter_looks_at_the_name_only(database: Database) -> None:
    assert _names(database, ListQuery((Filter("name", "contains", ("743110157",)),))) == []
    assert _names(database, ListQuery((Filter("name", "contains", ("l'angelo",)),))) == ["Hotel dell'Angelo"]


def test_fees_can_be_sorted_and_filtered(database: Database) -> None:
    assert _names(database, ListQuery(sort=Sort("monthly_fee", True)))[0] == "Agliè Preziosi S.r.l."
    assert _names(database, ListQuery((Filter("monthly_fee", ">", (Decimal(100),)),))) == ["Agliè Preziosi S.r.l."]


def test_totals_equal_the_rows(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        for query in (ListQuery(), rules.ACTIVE, ListQuery(search="aglie"), rules.OVERDUE, rules.PUBLIC_BODIES):
            rows, totals = queries.list_customers(unit, query).rows, queries.sum_customers(unit, query)
            assert totals.count == len(rows)
            for key in ("monthly_fee", "contract_count", "open_amount"):
                assert totals.sums[key] == sum(getattr(row, key) for row in rows)


def test_pages_follow_each_other_without_gap_or_double(database: Database) -> None:
    for sort in (None, Sort("open_amount", True), Sort("oldest_due_on"), Sort("town"), Sort("monthly_fee"), Sort("payment_term")):
        with database.unit_of_work(1) as unit:
            seen, after = list[str](), None
            while True:
                page = queries.list_customers(unit, ListQuery(sort=sort), after, limit=1)
                seen += [row.name for row in page.rows]
                after = page.after
                if after is None:
                    break
            assert sorted(seen) == sorted(row.name for row in queries.list_customers(unit, ListQuery()).rows)


def test_every_figure_of_the_dashboard_equals_the_list_it_opens(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        figures = queries.sum_dashboard(unit, TODAY)
        assert figures.active == queries.sum_customers(unit, rules.ACTIVE).count == 2
        assert figures.new_this_month == len(queries.list_customers(unit, rules.started_in(TODAY.year, TODAY.month)).rows)
        assert figures.monthly_fee == queries.sum_customers(unit, ListQuery()).sums["monthly_fee"] == Decimal("120.50")
        assert figures.ending_contracts == queries.sum_contracts(unit, rules.ENDING_CONTRACTS).count == 1
        assert figures.incomplete == len(queries.list_customers(unit, rules.INCOMPLETE).rows) == 1
        assert (figures.overdue, figures.overdue_amount) == (1, Decimal("120.50"))
        for month, count in enumerate(figures.started_this_year, start=1):
            assert count == queries.count_customers(unit, rules.started_in(TODAY.year, month))
        for province, count in figures.provinces:
            assert count == queries.count_customers(unit, rules.in_province(province))


def test_the_rule_of_missing_data_is_the_same_in_sql(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        listed = {row.customer_id for row in queries.list_customers(unit, ListQuery((Filter("is_incomplete", "=", (True,)),))).rows}
        for row in queries.list_customers(unit, ListQuery()).rows:
            values = queries.load_customer(unit, row.customer_id).values
            assert (row.customer_id in listed) == bool(rules.missing_for_invoicing(values)), row.name


def test_contracts_are_listed_with_customer_fee_and_end(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        page, totals = queries.list_contracts(unit, ListQuery()), queries.sum_contracts(unit, ListQuery())
    assert totals.count == len(page.rows) == 3
    assert totals.sums["monthly_fee"] == sum(row.monthly_fee for row in page.rows) == Decimal("120.50")


def test_the_palette_finds_customers_and_contracts(database: Database) -> None:
    with database.unit_of_work(1) as unit:
        assert [hit.kind for hit in queries.find_records(unit, "prezi")] == ["customer"]
        number = queries.list_contracts(unit, ListQuery()).rows[0].number
        assert ("contract", number) in [(hit.kind, hit.text) for hit in queries.find_records(unit, number[:6].lower())]


def test_a_new_customer_has_nothing_missing(database: Database) -> None:
    assert rules.missing_for_invoicing(customer_values()) == ()
