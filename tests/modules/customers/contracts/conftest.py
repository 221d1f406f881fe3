"""A clerk with contracts to work on."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.records import Contract
from server_schema import deploy
from tests.house import House
from tests.modules.customers.samples import add_customer, service

D = datetime.date


class Clerk:
    """Marta: every verb in a unit of work of its own."""

    def __init__(self, session: LoginSession, house: House) -> None:
        self.session, self.house = session, house
        self.owner = house.owner()

    def ask(self, work: Callable[..., Any], *values: Any, **more: Any) -> Any:
        with self.session.database.unit_of_work(1) as unit:
            return work(unit, *values, **more)

    def customer(self, name: str = "Alfa S.r.l.", **more: Any) -> int:
        return self.ask(add_customer, name, **more)

    def contract(self, *prices: str, customer: int | None = None, lines: dict[str, Any] | None = None, **header: Any) -> Contract:
        """A contract since 2024 with monthly lines at the prices."""
        who = customer or self.customer()

        def work(unit: Any) -> Contract:
            services = [service(unit, price, **(lines or {})) for price in prices]
            number = actions.add_contract(unit, who, {"starts_on": D(2024, 1, 1)} | header, services)
            return queries.load_contract(unit, number)

        return self.ask(work)

    def load(self, contract: Contract) -> Contract:
        return self.ask(queries.load_contract, contract.contract_id)

    def bill(self, start: D, end: D) -> int:
        """A preview of invoices, as the owner makes it: what is in it counts as taken."""
        row = self.owner.execute(
            "select billing.make_preview(1, 'x', %s, %s, %s, (select document_series_id from base.document_series where company_id = 1 "
            "and code = 'V'), 'contract')", (start, end, end),
        ).fetchone()  # fmt: skip
        assert row is not None
        return int(row[0])


@pytest.fixture
def clerk(house: House) -> Iterator[Clerk]:
    """At the end the books and the prices must be consistent."""
    session = house.log_in("marta.bellini")
    made = Clerk(session, house)
    yield made
    findings = deploy.check(made.owner)
    made.owner.close()
    session.close()
    assert findings == []
