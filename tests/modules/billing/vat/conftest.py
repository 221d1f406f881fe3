from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.db.login import LoginSession
from cms_desktop.modules.billing.vat import actions, queries
from cms_desktop.modules.billing.vat.records import Section, Settlement, SettlementEntries
from tests.house import House
from tests.modules.billing.conftest import Desk, desk, marta, world
from tests.modules.billing.world import World
from tests.modules.ledger.conftest import counter

__all__ = ["Desk", "counter", "desk", "marta", "world"]
D, DAY = Decimal, datetime.date


class Bookkeeper:
    """Carlo with the VAT books before him."""

    def __init__(self, session: LoginSession, world: World) -> None:
        self.session, self.world = session, world

    def ask(self, work: Callable[..., Any], *values: Any, **more: Any) -> Any:
        with self.session.database.unit_of_work(1) as unit:
            return work(unit, *values, **more)

    def section(self, register: str = "sales", code: str = "V") -> Section:
        return next(
            one for one in self.ask(queries.list_sections) if one.register == register and (register != "sales" or one.code == code)
        )

    def settlement(self, day: datetime.date) -> Settlement:
        return self.ask(queries.find_settlement, day)

    def settle(self, day: datetime.date, **entries: str) -> Settlement:
        """Type the entries in and confirm."""
        if entries:
            self.ask(actions.save_settlement, day, SettlementEntries(**{key: Decimal(value) for key, value in entries.items()}))
        self.ask(actions.confirm_settlement, self.settlement(day))
        return self.settlement(day)

    def balance(self, role: str) -> Decimal:
        """Credit minus debit of the account of a role."""
        return self.world.value(
            "select coalesce(sum(credit_amount - debit_amount), 0) from ledger.journal_line join ledger.account using (company_id, account_id) "
            "where company_id = 1 and role = %s",
            role,
        )


@pytest.fixture
def books(house: House, world: World) -> Iterator[Bookkeeper]:
    session = house.log_in("carlo.conti")
    yield Bookkeeper(session, world)
    session.close()


def add_code(world: World, code: str, rate: str = "22", exigibility: str = "I", nature: str = "") -> None:
    world.owner.execute(
        "insert into base.vat_code (company_id, code, description, rate, nature, legal_reference, exigibility) values (1, %s, %s, %s, %s, %s, %s)",
        (
            code,
            f"Codice {code}",
            rate,
            nature,
            "Art. 6 c. 5 DPR 633/72" if exigibility == "D" else nature and "Art. 15 DPR 633/72",
            exigibility,
        ),
    )


@pytest.fixture
def town(world: World) -> int:
    """A public body whose VAT is due when it pays: 100.00 a month plus 22.00."""
    add_code(world, "22D", exigibility="D")
    customer = world.customer("Comune di Prova", term="BB30")
    world.service(world.contract(customer), "100.00", vat="22D")
    return customer
