"""Runs that change many prices: preview, exclusions, confirmation, undo; tariff and ISTAT."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, InvalidInput, NotAllowed
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.customers import actions as customer_actions
from cms_desktop.modules.customers.pricing import actions, queries
from cms_desktop.modules.customers.pricing.records import PriceRun, PriceRunParameters
from tests.modules.customers.contracts.conftest import Clerk

D = datetime.date
ALL = ListQuery()
FUTURE = D(2040, 1, 1)


def _tariff(clerk: Clerk, percent: str = "5", on: D = FUTURE, **more: Any) -> int:
    return clerk.ask(actions.prepare_price_run, PriceRunParameters("tariff", "Listino", on, Decimal(percent), **more))


def _istat(clerk: Clerk, on: D = FUTURE, index_on: D = D(2025, 9, 1), **more: Any) -> int:
    return clerk.ask(actions.prepare_price_run, PriceRunParameters("indexation", "ISTAT", on, index_on=index_on, **more))


def _run(clerk: Clerk, run: int) -> PriceRun:
    return clerk.ask(queries.find_price_run, run)


def _lines(clerk: Clerk, run: int) -> list[tuple[Decimal, Decimal, str]]:
    return sorted((one.old_price, one.new_price, one.reason) for one in clerk.ask(queries.list_run_lines, run, ALL).rows)


def test_a_preview_shows_old_and_new_prices_and_changes_nothing(clerk: Clerk) -> None:
    contract = clerk.contract("100", "47.50")
    run = _tariff(clerk, "1.4", step=Decimal("0.05"))
    assert _lines(clerk, run) == [(Decimal("47.50"), Decimal("48.15"), ""), (Decimal(100), Decimal("101.40"), "")]
    found = _run(clerk, run)
    assert (found.state, found.line_count, found.contract_count, found.old_amount, found.new_amount) == (
        "preview",
        2,
        1,
        Decimal("147.50"),
        Decimal("149.55"),
    )
    assert clerk.ask(queries.sum_run_lines, run, ALL).sums["difference"] == found.new_amount - found.old_amount
    assert clerk.load(contract).services == contract.services


def test_a_confirmed_run_holds_from_its_day_and_is_undone_as_a_whole(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    run = _tariff(clerk, "5", D(2024, 6, 1))
    assert clerk.ask(actions.confirm_price_run, run) == 1
    assert clerk.load(contract).services[0].monthly_price == 105
    with pytest.raises(AlreadyDone):
        clerk.ask(actions.confirm_price_run, run)
    assert clerk.ask(actions.undo_price_run, run) == 1
    assert (clerk.load(contract).services[0].monthly_price, _run(clerk, run).state) == (100, "undone")
    assert clerk.owner.execute("select count(*) from customers.service_price").fetchone() == (1,)


def test_prices_of_the_future_are_not_applied_before_their_day(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    clerk.ask(actions.confirm_price_run, _tariff(clerk))
    assert clerk.load(contract).services[0].monthly_price == 100


def test_what_is_billed_already_gets_the_new_price_after_it(clerk: Clerk) -> None:
    clerk.contract("100")
    clerk.bill(D(2024, 1, 1), D(2024, 8, 31))
    run = _tariff(clerk, "5", D(2024, 6, 1))
    assert [one.valid_from for one in clerk.ask(queries.list_run_lines, run, ALL).rows] == [D(2024, 9, 1)]
    clerk.bill(D(2024, 9, 1), D(2024, 9, 30))  # between preview and confirmation
    clerk.ask(actions.confirm_price_run, run)
    assert clerk.owner.execute("select valid_from from customers.service_price where origin = 'run'").fetchall() == [(D(2024, 10, 1),)]


def test_a_run_billed_at_its_prices_is_not_undone_and_says_which_lines(clerk: Clerk) -> None:
    clerk.contract("100")
    clerk.contract(
        "200", customer=clerk.customer("Beta", vat_number="01533030993"), starts_on=D(2030, 1, 1), lines={"starts_on": D(2030, 1, 1)}
    )
    run = _tariff(clerk, "5", D(2024, 6, 1))
    clerk.ask(actions.confirm_price_run, run)
    clerk.bill(D(2024, 1, 1), D(2024, 6, 30))
    with pytest.raises(InvalidInput, match="1 prezzi sono già in fattura"):
        clerk.ask(actions.undo_price_run, run)
    assert [one.old_price for one in clerk.ask(queries.list_run_lines, run, ALL).rows if one.is_billed] == [Decimal(100)]
    assert _run(clerk, run).state == "confirmed"


def test_a_run_with_later_prices_on_top_is_not_undone(clerk: Clerk) -> None:
    contract = clerk.contract("100")
    run = _tariff(clerk, "5", D(2024, 6, 1))
    clerk.ask(actions.confirm_price_run, run)
    clerk.ask(customer_actions.set_price, contract.services[0].service_id, D(2025, 1, 1), Decimal(130))
    with pytest.raises(InvalidInput, match="cambiati di nuovo"):
        clerk.ask(actions.undo_price_run, run)


def test_a_price_that_moved_since_the_preview_stops_the_confirmation(clerk: Clerk) -> None:
    contract = clerk.contract("100", "50")
    run = _tariff(clerk)
    clerk.ask(customer_actions.set_price, contract.services[0].service_id, D(2024, 2, 1), Decimal(130))
    with pytest.raises(AlreadyDone, match="1 prezzi sono cambiati"):
        clerk.ask(actions.confirm_price_run, run)
    clerk.ask(actions.discard_price_run, run)
    assert _run(clerk, run).state == "discarded"


def test_lines_stay_out_by_rule_or_by_hand_and_the_reasons_are_counted(clerk: Clerk) -> None:
    contract = clerk.contract("100", "60")
    clerk.owner.execute(
        "update customers.service set price_locked_until = '2045-01-01', row_version = row_version + 1 where monthly_price = 60"
    )
    run = _tariff(clerk)
    assert _lines(clerk, run) == [(Decimal(60), Decimal(63), "price_locked"), (Decimal(100), Decimal(105), "")]
    ids = [one.service_id for one in contract.services]
    assert clerk.ask(actions.exclude_prices, run, ids, "trattativa in corso") == 1
    assert {one.reason: one.count for one in clerk.ask(queries.count_reasons, run)} == {"price_locked": 1, "trattativa in corso": 1}
    with pytest.raises(InvalidInput):
        clerk.ask(actions.confirm_price_run, run)
    assert clerk.ask(actions.exclude_prices, run, ids, "") == 1
    assert (_run(clerk, run).line_count, _run(clerk, run).excluded_count) == (1, 1)


def test_filters_choose_the_lines(clerk: Clerk) -> None:
    kind = clerk.ask(actions.save_service_type, 0, {"code": "ron", "description": "Ronda", "kind": "recurring"})
    clerk.contract("100", lines={"service_type_id": kind})
    clerk.contract(
        "200",
        customer=clerk.customer("Rossi Mario", kind="person", vat_number=None, tax_code="RSSMRA70A01L219K", recipient_code=""),
        profile="consumer",
    )
    chosen = {
        "service_types": (kind,), "kinds": ("company",), "profile": "business",
    }  # fmt: skip
    for name, value in chosen.items():
        assert [one[0] for one in _lines(clerk, _tariff(clerk, **{name: value}))] == [Decimal(100)], name
    assert len(_lines(clerk, _tariff(clerk, provinces=("MI",)))) == 0
    assert len(_lines(clerk, _tariff(clerk, provinces=("FI",)))) == 2


CLAUSE = {"is_indexed": True, "index_base_on": D(2024, 9, 1), "index_share": Decimal(75)}


def test_the_index_adjusts_by_the_share_of_its_variation_and_moves_the_base(clerk: Clerk) -> None:
    contract = clerk.contract("100", **CLAUSE)  # September 2024 → 2025: +1.4 %, of which 75 %
    run = _istat(clerk)
    [line] = clerk.ask(queries.list_run_lines, run, ALL).rows
    assert (line.percent, line.new_price) == (Decimal("1.05"), Decimal("101.05"))
    clerk.ask(actions.confirm_price_run, run)
    assert clerk.load(contract).index_base_on == D(2025, 9, 1)
    assert _lines(clerk, _istat(clerk, D(2041, 1, 1)))[0][2] == "too_early"
    clerk.ask(actions.undo_price_run, run)
    assert clerk.load(contract).index_base_on == D(2024, 9, 1)


@pytest.mark.parametrize(
    ("clause", "reason", "price"),
    [
        ({"index_cap": Decimal("0.5")}, "", "100.50"),
        ({"index_floor": Decimal(3), "index_cap": Decimal(5)}, "", "103.00"),
        ({"index_base_on": D(2025, 3, 1), "index_share": Decimal(100)}, "", "100.20"),
        ({"index_base_on": D(2025, 8, 1), "index_share": Decimal(100)}, "unchanged", "100.00"),  # −0.1 %, the floor is zero
        ({"is_indexed": False}, "clause_missing", "100.00"),
        ({"index_base_on": None}, "base_missing", "100.00"),
        ({"index_base_on": D(2015, 1, 1)}, "base_missing", "100.00"),
        ({"index_month": 3}, "another_month", "101.05"),
        ({"index_month": 1}, "", "101.05"),
        ({"index_base_on": D(2025, 1, 1), "profile": "consumer"}, "too_early", "100.53"),
        ({"index_base_on": D(2025, 9, 1)}, "too_early", "100.00"),
    ],
)
def test_the_clause_of_the_contract_decides(clerk: Clerk, clause: dict[str, Any], reason: str, price: str) -> None:
    clerk.contract("100", **(CLAUSE | clause))
    [(_, new, why)] = _lines(clerk, _istat(clerk))
    assert why == reason
    if reason not in ("clause_missing", "base_missing"):
        assert new == Decimal(price)


def test_a_line_may_be_kept_out_of_the_index(clerk: Clerk) -> None:
    clerk.contract("100", lines={"is_index_excluded": True}, **CLAUSE)
    assert _lines(clerk, _istat(clerk))[0][2] == "line_excluded"


def test_a_month_that_istat_has_not_published_is_entered_by_hand(clerk: Clerk) -> None:
    clerk.contract("100", **(CLAUSE | {"index_share": Decimal(100)}))
    with pytest.raises(InvalidInput, match="non c'è ancora"):
        _istat(clerk, index_on=D(2030, 9, 1))
    clerk.ask(actions.enter_index, D(2030, 9, 15), Decimal("110"), 2025)
    # 110 × 1.214 / 120.0 = +11.3 %
    assert _lines(clerk, _istat(clerk, index_on=D(2030, 9, 1)))[0][1] == Decimal("111.30")
    newest = clerk.ask(queries.list_index)[0]
    assert (newest.month_on, newest.is_own) == (D(2030, 9, 1), True)
    clerk.ask(actions.remove_index, newest.price_index_id)


def test_bands_of_hourly_lines_change_with_the_line(clerk: Clerk) -> None:
    facts = {"kind": "hourly", "unit_price": Decimal(20), "monthly_price": Decimal(0), "bands": (("night", Decimal(25)),)}
    contract = clerk.contract("0", lines=facts)
    run = _tariff(clerk, "10", D(2024, 3, 1))
    assert _lines(clerk, run) == [(Decimal(20), Decimal(22), ""), (Decimal(25), Decimal("27.50"), "")]
    clerk.ask(actions.confirm_price_run, run)
    line = clerk.load(contract).services[0]
    assert (line.unit_price, line.bands) == (22, (("night", Decimal("27.5")),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": Decimal(0)}, {"percent": Decimal(5), "title": " "}, {"percent": Decimal(900)}, {"percent": Decimal(5), "kind": "other"},
        {"percent": Decimal(5), "effective_on": D(1800, 1, 1)}, {"percent": Decimal(0), "kind": "indexation"},
    ],
)  # fmt: skip
def test_a_run_without_sense_is_refused(clerk: Clerk, wrong: dict[str, Any]) -> None:
    facts = {"kind": "tariff", "title": "Listino", "effective_on": FUTURE} | wrong
    with pytest.raises(InvalidInput):
        clerk.ask(actions.prepare_price_run, PriceRunParameters(**facts))


def test_who_may_not_reprice_prepares_nothing(clerk: Clerk) -> None:
    session = clerk.house.log_in("carlo.conti")
    with pytest.raises(NotAllowed), session.database.unit_of_work(1) as unit:
        actions.prepare_price_run(unit, PriceRunParameters("tariff", "Listino", FUTURE, Decimal(5)))
    session.close()


def test_a_hundred_thousand_lines_are_reached_set_by_set(clerk: Clerk) -> None:
    """Not measured here (benchmarks do): a few thousand, to see that nothing loops."""
    contract = clerk.contract("100")
    clerk.owner.execute(
        "insert into customers.service (company_id, contract_id, description, monthly_price, vat_code_id, frequency_months, starts_on) "
        "select 1, %s, 'Riga ' || n, 10 + n %% 50, (select vat_code_id from base.vat_code where company_id = 1 and code = '22'), 1, '2024-01-01' "
        "from generate_series(1, 3000) as n", (contract.contract_id,),
    )  # fmt: skip
    run = _tariff(clerk, "3", D(2024, 6, 1))
    assert clerk.ask(actions.confirm_price_run, run) == 3001
    assert clerk.ask(actions.undo_price_run, run) == 3001


def test_a_run_concerns_the_classes_it_names_and_all_of_them_must_hold(clerk: Clerk) -> None:
    one, two, three = clerk.customer("Alfa"), clerk.customer("Beta"), clerk.customer("Gamma")
    for who in (one, two, three):
        clerk.contract("100", customer=who)
    values = [
        clerk.owner.execute(
            "insert into registry.classification_value (company_id, position, name) values (1, %s, %s) returning classification_value_id",
            [position, name],
        ).fetchone()[0]  # type: ignore[index]
        for position, name in _named(clerk)
    ]
    bank, school, north = values
    change = "update registry.party set class_1 = %s, class_2 = %s, row_version = row_version + 1 where party_id = %s"
    for who, first, second in ((one, bank, north), (two, school, north), (three, bank, None)):
        clerk.owner.execute(change, [first, second, who])

    def reached(classes: dict[int, tuple[int, ...]]) -> set[str]:
        run = _tariff(clerk, classes=classes)
        return {row.customer for row in clerk.ask(queries.list_run_lines, run, ALL).rows}

    assert reached({1: (bank,)}) == {"Alfa", "Gamma"}
    assert reached({1: (bank, school)}) == {"Alfa", "Beta", "Gamma"}
    assert reached({1: (bank,), 2: (north,)}) == {"Alfa"}
    with pytest.raises(InvalidInput):
        _tariff(clerk, classes={9: (1,)})


def _named(clerk: Clerk) -> list[tuple[int, str]]:
    clerk.owner.execute("insert into registry.classification (company_id, position, name) values (1, 1, 'Settore'), (1, 2, 'Zona')")
    return [(1, "Banche"), (1, "Scuole"), (2, "Nord")]
