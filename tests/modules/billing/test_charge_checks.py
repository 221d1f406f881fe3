"""Each check of what is charged by use finds the fault it is made for. Faults are made as the owner of the server, triggers and keys off."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest

from cms_desktop.modules.billing.charging.actions import record_items
from cms_desktop.modules.billing.charging.records import Item
from server_schema import deploy
from tests.house import House, copied_house
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World
from tests.schema.test_integrity import found_after

D = datetime.date
FAULTS = {
    "charges.items_and_parts": ["update billing.chargeable_item set charged_quantity = 99 where invoice_id is not null", "delete from billing.charged_part"],
    "charges.lines_and_parts": ["update billing.charged_part set quantity = quantity + 1", "delete from billing.invoice_line"],
    "charges.items_of_their_customer": [
        "update billing.chargeable_item as i set invoice_id = (select o.invoice_id from billing.invoice as o where o.customer_id <> "
        "(select customer_id from billing.invoice as v where v.invoice_id = i.invoice_id) limit 1) where i.invoice_id is not null"
    ],
    "charges.quota_is_kept": ["update billing.chargeable_item set charged_quantity = quantity where kind = 'intervention' and invoice_id is not null"],
    "charges.advances": ["update billing.invoice_line set line_amount = -1 where service_id = (select service_id from customers.service where is_advance)"],
}  # fmt: skip


@pytest.fixture(scope="module")
def charged() -> Iterator[House]:
    """A house with passages, interventions over their quota, and an advance."""
    with copied_house() as house:
        world = World(house)
        contract = world.contract(world.customer("Alfa"))
        once = {"kind": "one_off", "starts_on": D(2024, 5, 1), "ends_on": D(2024, 5, 1), "unit_price": Decimal(9)}
        passages = world.service(contract, "0", kind="passages", unit_price=Decimal(2))
        calls = world.service(contract, "0", kind="interventions", unit_price=Decimal(30), free_quota=1)
        world.service(contract, "0", is_advance=True, **once)
        world.simple("Beta")
        session = house.log_in("marta.bellini")
        desk = Desk(session, world)
        desk.ask(
            record_items,
            [
                Item("passage", passages, on_date=D(2024, 5, 2), quantity=Decimal(7)),
                Item("intervention", calls, on_date=D(2024, 5, 2), quantity=Decimal(3)),
            ],
        )
        desk.bill(D(2024, 5, 1))
        session.close()
        world.close()
        yield house


@pytest.mark.parametrize(("key", "order"), [(key, order) for key, orders in FAULTS.items() for order in orders])
def test_each_fault_is_found_and_named(charged: House, key: str, order: str) -> None:
    with charged.owner() as owner:
        assert found_after(owner, "select 1") == {}
        found = found_after(owner, order)
    assert key in found, found


def test_every_check_of_charges_has_its_fault_and_says_what_to_do() -> None:
    ours = [one for one in deploy.checks() if one.key.startswith("charges.")]
    assert {one.key for one in ours} == set(FAULTS)
    assert [one.key for one in ours if not (one.meaning and one.remedy)] == []
