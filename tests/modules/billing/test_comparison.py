"""The preview beside the period before: marks, effects, and figures that add up."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.records import RunDocument
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date
MAY, JUNE = D(2024, 5, 1), D(2024, 6, 1)
ALL = ListQuery()


def rows(desk: Desk, run: int, query: ListQuery = ALL) -> dict[str, RunDocument]:
    return {row.customer: row for row in desk.ask(queries.list_run_documents, run, query).rows}


@pytest.fixture
def june(desk: Desk, world: World) -> int:
    """May billed; then one customer came, one left, one got dearer, one is blocked, one is as before."""
    world.simple("Uguale")
    _, _, leaving = world.simple("Va via", "80.00")
    _, _, dearer = world.simple("Più caro", "100.00")
    desk.bill(MAY)
    world.change_service(leaving, ends_on=D(2024, 5, 31))
    world.change_service(dearer, monthly_price=Decimal("150.00"))
    world.service(world.contract(world.customer("Arriva")), "60.00", starts_on=JUNE)
    world.service(world.contract(world.customer("Bloccato", street="")), "40.00", starts_on=JUNE)
    return desk.prepare(JUNE)


def test_each_row_stands_beside_what_it_was(desk: Desk, june: int) -> None:
    found = rows(desk, june)
    facts = {name: (row.before_amount, row.net_amount, row.percent) for name, row in found.items()}
    assert facts["Uguale"] == (Decimal("100.00"), Decimal("100.00"), Decimal("0.0"))
    assert facts["Più caro"] == (Decimal("100.00"), Decimal("150.00"), Decimal("50.0"))
    assert facts["Arriva"] == (Decimal("0.00"), Decimal("60.00"), None)
    assert facts["Va via"] == (Decimal("80.00"), Decimal("0.00"), Decimal("-100.0"))
    assert found["Va via"].invoice_id is None


def test_marks_say_new_ended_price_beyond_blocked(desk: Desk, june: int) -> None:
    marks = {
        name: {mark for mark in ("is_new", "is_ended", "is_price_changed", "is_beyond", "is_blocked") if getattr(row, mark)}
        for name, row in rows(desk, june).items()
    }
    assert marks == {
        "Uguale": set(), "Arriva": {"is_new"}, "Va via": {"is_ended", "is_beyond"}, "Più caro": {"is_price_changed", "is_beyond"},
        "Bloccato": {"is_new", "is_blocked"},
    }  # fmt: skip


def test_the_bridge_adds_up_to_the_cent(desk: Desk, june: int) -> None:
    found = desk.ask(queries.sum_run_differences, june)
    steps = found.new.effect + found.ended.effect + found.price.effect + found.other.effect + found.excluded.effect
    assert found.before + steps == found.now == desk.ask(queries.find_run, june).net_amount == Decimal("310.00")
    assert (found.new.effect, found.ended.effect, found.price.effect) == (Decimal("100.00"), Decimal("-80.00"), Decimal("50.00"))


@pytest.mark.parametrize(
    ("mark", "name"),
    [("is_new", "new"), ("is_ended", "ended"), ("is_price_changed", "price"), ("is_beyond", "beyond"), ("is_blocked", "blocked")],
)
def test_a_tile_counts_exactly_the_rows_it_filters(desk: Desk, june: int, mark: str, name: str) -> None:
    query = ListQuery((Filter(mark, "=", (True,)),))
    shown = desk.ask(queries.list_run_documents, june, query).rows
    assert (
        len(shown)
        == desk.ask(queries.sum_run_documents, june, query).count
        == getattr(desk.ask(queries.sum_run_differences, june), name).count
        > 0
    )


def test_a_quarter_is_compared_with_the_quarter_before(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Trimestrale"))
    service = world.service(contract, "100.00", months=3)
    desk.bill(D(2024, 1, 1))
    world.change_service(service, monthly_price=Decimal("110.00"))
    row = rows(desk, desk.prepare(D(2024, 4, 1)))["Trimestrale"]
    assert (row.before_amount, row.net_amount, row.is_price_changed, row.is_new) == (Decimal("300.00"), Decimal("330.00"), True, False)


def test_a_part_month_is_a_part_and_not_a_change_of_price(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Da metà mese"))
    world.service(contract, "310.00", starts_on=D(2024, 5, 22))
    desk.bill(MAY)
    run = desk.prepare(JUNE)
    row = rows(desk, run)["Da metà mese"]
    assert (row.before_amount, row.net_amount, row.is_price_changed) == (Decimal("100.00"), Decimal("310.00"), False)
    assert desk.ask(queries.sum_run_differences, run).other.effect == Decimal("210.00")


def test_a_quiet_quarter_is_not_an_ended_service(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Trimestrale"))
    world.service(contract, "100.00", months=3)
    world.simple("Mensile")
    desk.bill(D(2024, 4, 1))
    assert set(rows(desk, desk.prepare(MAY))) == {"Mensile"}


def test_rows_sort_and_page_by_every_column(desk: Desk, june: int) -> None:
    for key in ("customer", "contract", "line_count", "before_amount", "net_amount", "difference", "percent"):
        query = ListQuery(sort=Sort(key, descending=True))
        assert len(desk.ask(queries.list_run_documents, june, query).rows) == 5
