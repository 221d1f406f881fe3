from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.ledger import actions
from cms_desktop.modules.ledger.records import NewPayment
from tests.house import House
from tests.modules.billing.conftest import Desk, desk, marta, world
from tests.modules.billing.world import World

__all__ = ["desk", "marta", "world"]
MAY = datetime.date(2024, 5, 20)


class Counter:
    """Carlo at the cash desk."""

    def __init__(self, session: LoginSession, world: World) -> None:
        self.session, self.world = session, world

    def ask(self, work: Callable[..., Any], *values: Any) -> Any:
        with self.session.database.unit_of_work(1) as unit:
            return work(unit, *values)

    def collect(self, customer: int, amount: str, parts: dict[int, str] | None = None, **more: Any) -> int:
        facts: dict[str, Any] = {"on_date": MAY, "method": "MP05"} | more
        taken = {item: Decimal(part) for item, part in (parts or {}).items()}
        return self.ask(actions.collect, NewPayment(customer, amount=Decimal(amount), parts=taken, **facts))

    def items(self, customer: int) -> list[tuple[int, Decimal]]:
        return self.world.owner.execute(
            "select open_item_id, open_amount from ledger.open_item where customer_id = %s order by due_on, open_item_id", [customer]
        ).fetchall()

    def open_of(self, customer: int) -> Decimal:
        return self.world.value("select open_amount from customers.balance where company_id = 1 and customer_id = %s", customer)


@pytest.fixture
def counter(house: House, world: World) -> Iterator[Counter]:
    session = house.log_in("carlo.conti")
    yield Counter(session, world)
    session.close()


@pytest.fixture
def debtor(desk: Desk, world: World) -> int:
    """Owes 122.00 in one item since May 2024."""
    customer, _, _ = world.simple("Alfa S.r.l.", "100.00")
    desk.bill()
    return customer
