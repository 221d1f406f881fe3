"""What is due must be found as fast in a house that was filled a moment ago as in one the server knows."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

import pytest

from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing import queries
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

MAY = queries.month_days(datetime.date(2024, 5, 1))
ALL = ListQuery()
TABLES = ("registry.party", "customers.customer", "customers.contract", "customers.service", "billing.invoice", "billing.invoice_line")


@pytest.fixture
def never_analysed(world: World) -> World:
    """3,000 services in tables the server has no statistics of."""
    for table in TABLES:
        world.owner.execute(f"alter table {table} set (autovacuum_enabled = off)")
    world.many(1500)
    return world


def seconds(desk: Desk, work: Callable[[Any], Any]) -> float:
    started = time.perf_counter()
    desk.ask(work)
    return time.perf_counter() - started


def test_what_is_due_is_found_at_once_in_tables_never_analysed(never_analysed: World, desk: Desk) -> None:
    assert never_analysed.value("select max(reltuples) from pg_class where oid = 'customers.service'::regclass") == -1
    assert seconds(desk, lambda unit: queries.sum_due_services(unit, *MAY, ALL)) < 1
    assert seconds(desk, lambda unit: queries.list_due_services(unit, *MAY, ALL)) < 1
    assert seconds(desk, lambda unit: queries.find_figures(unit, MAY[0])) < 1
    assert desk.ask(lambda unit: queries.sum_due_services(unit, *MAY, ALL)).count == 3000
    desk.bill(MAY[0])
    assert seconds(desk, lambda unit: queries.sum_due_services(unit, *MAY, ALL)) < 1
    assert desk.ask(lambda unit: queries.sum_due_services(unit, *MAY, ALL)).count == 0
