from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing import actions
from cms_desktop.modules.billing.records import RunParameters
from server_schema import deploy
from tests.house import House
from tests.modules.billing.world import World

D = datetime.date
MAY = D(2024, 5, 1)


@pytest.fixture
def world(house: House) -> Iterator[World]:
    """A house to arrange customers in; at the end its books must be consistent."""
    made = World(house)
    yield made
    findings = deploy.check(made.owner)
    made.close()
    assert findings == []


@pytest.fixture
def marta(house: House) -> Iterator[LoginSession]:
    session = house.log_in("marta.bellini")
    yield session
    session.close()


class Desk:
    """Marta at work: every verb in a unit of work of its own."""

    def __init__(self, session: LoginSession, world: World) -> None:
        self.session, self.world = session, world

    def unit(self) -> AbstractContextManager[Any]:
        return self.session.database.unit_of_work(1)

    def ask(self, work: Callable[..., Any], *values: Any) -> Any:
        with self.unit() as unit:
            return work(unit, *values)

    def prepare(self, start: datetime.date = MAY, end: datetime.date | None = None, **more: Any) -> int:
        end = end or (start.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
        facts = {"title": "Canoni", "document_on": start, "series_id": self.world.series()} | more
        return self.ask(actions.prepare_run, RunParameters(period_start=start, period_end=end, **facts))

    def bill(self, start: datetime.date = MAY, **more: Any) -> int:
        run = self.prepare(start, **more)
        self.ask(actions.issue_run, run)
        return run


@pytest.fixture
def desk(marta: LoginSession, world: World) -> Desk:
    return Desk(marta, world)
