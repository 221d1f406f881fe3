"""Hours, passages and interventions: from the item to the line of an invoice, once, and back when the run is undone."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, InvalidInput
from cms_desktop.modules.billing import actions
from cms_desktop.modules.billing.charging.actions import record_items, save_item, void_items
from cms_desktop.modules.billing.charging.records import Item, Recorded
from cms_desktop.modules.billing.records import RunChoices
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D, T = datetime.date, datetime.datetime
ROME = datetime.timezone(datetime.timedelta(hours=2))  # in May
MAY, JUNE = D(2024, 5, 1), D(2024, 6, 1)


def line(world: World, kind: str = "hourly", price: str = "20.00", customer: str = "Alfa", **more: Any) -> int:
    contract = world.contract(world.customer(customer))
    return world.service(
        contract, "0", kind=kind, unit_price=Decimal(price), description=f"Piantonamento {kind}", is_in_advance=False, **more
    )


def band(world: World, service: int, name: str, price: str) -> None:
    world.owner.execute(
        "insert into customers.service_price (company_id, service_id, band, valid_from, price, origin) values (1, %s, %s, '2020-01-01', %s, 'manual')",
        (service, name, price),
    )


def hours(service: int, day: int, start: int, length: float, **more: Any) -> Item:
    begin = T(2024, 5, day, start, tzinfo=ROME)
    return Item("hourly", service, starts_at=begin, ends_at=begin + datetime.timedelta(hours=length), **more)


def counted(service: int, kind: str, day: datetime.date, many: int = 1, **more: Any) -> Item:
    return Item(kind, service, on_date=day, quantity=Decimal(many), **more)


def lines(world: World, run: int) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return world.owner.execute(
        "select l.description, l.quantity, round(l.unit_price, 4), l.line_amount from billing.invoice_line as l join billing.invoice as i "
        "using (company_id, invoice_id) where i.billing_run_id = %s order by i.invoice_id, l.line_no", (run,),
    ).fetchall()  # fmt: skip


def test_hours_are_billed_by_bands_in_one_line_each(desk: Desk, world: World) -> None:
    service = line(world)
    band(world, service, "night", "25")
    band(world, service, "holiday", "30")
    desk.ask(
        record_items, [hours(service, 6, 20, 12), hours(service, 11, 20, 8), hours(service, 13, 9, 2, band="overtime")]
    )  # Mon; Sat to Sun
    run = desk.bill(MAY)
    found = {words.split(" – ")[1].split(" dal ")[0]: (quantity, price, amount) for words, quantity, price, amount in lines(world, run)}
    assert found == {
        "ore": (Decimal("8"), Decimal("20"), Decimal("160.00")),  # Mon 20-22 and 6-8, Sat 20-22; overtime has no price of its own
        "ore notturne": (Decimal("10"), Decimal("25"), Decimal("250.00")),  # Mon 22-6, Sat 22-24
        "ore festive": (Decimal("4"), Decimal("30"), Decimal("120.00")),  # Sun 0-4
    }


def test_without_prices_of_bands_all_hours_are_of_one_line(desk: Desk, world: World) -> None:
    service = line(world)
    desk.ask(record_items, [hours(service, 11, 20, 8)])
    ((words, quantity, _, amount),) = lines(world, desk.prepare(MAY))
    assert (quantity, amount) == (Decimal(8), Decimal("160.00"))
    assert words == "Piantonamento hourly – ore dal 11/05/2024 al 11/05/2024"


def test_an_item_is_billed_once_and_comes_back_when_the_run_is_undone(desk: Desk, world: World) -> None:
    service = line(world, "passages", "3.50")
    desk.ask(record_items, [counted(service, "passage", D(2024, 5, 3), 12)])
    run = desk.bill(MAY)
    assert lines(world, run)[0][1:] == (Decimal(12), Decimal("3.5"), Decimal("42.00"))
    again = desk.prepare(MAY)
    assert lines(world, again) == []
    assert desk.ask(actions.undo_run, run) == 1
    assert world.value("select count(*) from billing.charged_part") == 0
    assert lines(world, desk.prepare(MAY))[0][3] == Decimal("42.00")


def test_an_excluded_or_discarded_row_leaves_its_items_to_bill(desk: Desk, world: World) -> None:
    service = line(world, "passages", "3.50")
    world.simple("Beta")
    desk.ask(record_items, [counted(service, "passage", D(2024, 5, 3), 12)])
    run = desk.prepare(MAY)
    invoice = world.value("select invoice_id from billing.chargeable_item")
    desk.ask(actions.exclude_invoices, run, [invoice], "in contestazione")
    desk.ask(actions.issue_run, run)
    assert world.value("select invoice_id from billing.chargeable_item") is None
    second = desk.prepare(MAY)
    assert [amount for *_, amount in lines(world, second)] == [Decimal("42.00")]
    desk.ask(actions.discard_run, second)
    assert world.value("select count(*) from billing.chargeable_item where invoice_id is null") == 1


def test_interventions_are_charged_beyond_the_quota_of_their_time(desk: Desk, world: World) -> None:
    service = line(world, "interventions", "40", free_quota=3, quota_months=3)
    days = [D(2024, 4, 2), D(2024, 4, 20), D(2024, 5, 3), D(2024, 5, 9)]
    desk.ask(record_items, [counted(service, "intervention", day) for day in days])
    assert lines(world, desk.bill(MAY))[0][1] == Decimal(1), "the fourth of the quarter"
    desk.ask(record_items, [counted(service, "intervention", D(2024, 4, 1)), counted(service, "intervention", D(2024, 6, 8), 2)])
    june = [quantity for _, quantity, _, _ in lines(world, desk.bill(JUNE))]
    assert june == [Decimal(1), Decimal(2)], "one more of May, for the one that came late, and June's two; three stay free"
    assert world.value("select sum(quantity - coalesce(charged_quantity, 0)) from billing.chargeable_item") == 3


def test_least_hours_are_completed_once_and_hours_that_come_late_are_in_them(desk: Desk, world: World) -> None:
    service = line(world, minimum_quantity=Decimal(20))
    desk.ask(record_items, [hours(service, 6, 8, 12)])
    may = lines(world, desk.bill(MAY))
    assert [(quantity, amount) for _, quantity, _, amount in may] == [(Decimal(8), Decimal("160.00")), (Decimal(12), Decimal("240.00"))]
    desk.ask(record_items, [hours(service, 7, 8, 10)])
    june = lines(world, desk.bill(JUNE))
    assert sorted(quantity for _, quantity, _, _ in june) == [Decimal(2), Decimal(20)], "ten late, eight of them paid already; June's least"


def test_passages_of_a_quarter_wait_for_its_end(desk: Desk, world: World) -> None:
    service = line(world, "passages", "2", months=3)
    desk.ask(record_items, [counted(service, "passage", D(2024, 4, 3), 5), counted(service, "passage", D(2024, 6, 3), 5)])
    assert lines(world, desk.prepare(MAY)) == []
    assert lines(world, desk.bill(JUNE))[0][1] == Decimal(10)


def test_the_same_source_and_number_is_the_same_item(desk: Desk, world: World) -> None:
    service = line(world, "passages", "2")
    first = counted(service, "passage", D(2024, 5, 3), 5, source="operations_room", source_id="R-1")
    assert desk.ask(record_items, [first]) == Recorded(1, 0, 0)
    assert desk.ask(record_items, [first]) == Recorded(0, 0, 1)
    assert desk.ask(record_items, [counted(service, "passage", D(2024, 5, 3), 6, source="operations_room", source_id="R-1")]) == Recorded(
        0, 1, 0
    )
    desk.bill(MAY)
    assert desk.ask(record_items, [counted(service, "passage", D(2024, 5, 3), 9, source="operations_room", source_id="R-1")]) == Recorded(
        0, 0, 1
    )
    assert world.value("select quantity from billing.chargeable_item") == 6


def test_an_item_of_a_site_finds_the_one_line_of_its_kind(desk: Desk, world: World) -> None:
    customer = world.customer("Alfa")
    site = world.value(
        "insert into customers.site (company_id, customer_id, code, name) values (1, %s, 'S1', 'Deposito') returning site_id", customer
    )
    contract = world.contract(customer)
    facts = {"kind": "passages", "unit_price": Decimal(2), "site_id": site, "is_in_advance": False}
    service = world.service(contract, "0", **facts)
    desk.ask(record_items, [Item("passage", site_id=site, on_date=D(2024, 5, 3), quantity=Decimal(1))])
    assert world.value("select service_id from billing.chargeable_item") == service
    world.service(contract, "0", **facts)
    desk.ask(record_items, [Item("passage", site_id=site, on_date=D(2024, 5, 4), quantity=Decimal(1))])
    assert world.value("select count(*) from billing.chargeable_item where service_id is null") == 1, "two lines: a person says which"


def test_what_does_not_fit_is_refused(desk: Desk, world: World) -> None:
    service, other = line(world, "passages", "2"), line(world, "hourly", customer="Beta")
    site = world.value(
        "insert into customers.site (company_id, customer_id, code, name) select 1, customer_id, 'S1', 'Deposito' from customers.customer "
        "where code = (select max(code) from customers.customer) returning site_id")  # fmt: skip
    with pytest.raises(InvalidInput, match="non si conta così"):
        desk.ask(record_items, [counted(service, "intervention", D(2024, 5, 3))])
    with pytest.raises(InvalidInput, match="sede è di un altro cliente"):
        desk.ask(record_items, [counted(service, "passage", D(2024, 5, 3), site_id=site)])
    with pytest.raises(InvalidInput, match="non è leggibile"):
        desk.ask(record_items, [Item("hourly", other)])
    twice = counted(service, "passage", D(2024, 5, 3), source_id="1")
    with pytest.raises(InvalidInput, match="non è leggibile"):
        desk.ask(record_items, [twice, twice])
    assert world.value("select count(*) from billing.chargeable_item") == 0


def test_a_billed_item_is_not_corrected_nor_voided(desk: Desk, world: World) -> None:
    service = line(world, "passages", "2")
    values = {"kind": "passage", "service_id": service, "on_date": D(2024, 5, 3), "quantity": Decimal(4)}
    item = desk.ask(save_item, None, 0, values)
    desk.ask(save_item, item, 1, values | {"quantity": Decimal(5)})
    desk.prepare(MAY)
    version = world.value("select row_version from billing.chargeable_item")
    with pytest.raises(AlreadyDone, match="già in una fattura"):
        desk.ask(save_item, item, version, values | {"quantity": Decimal(6)})
    assert desk.ask(void_items, [item], "errore") == 0


def test_a_void_item_says_why_and_is_not_billed(desk: Desk, world: World) -> None:
    service = line(world, "passages", "2")
    item = desk.ask(save_item, None, 0, {"kind": "passage", "service_id": service, "on_date": D(2024, 5, 3), "quantity": Decimal(4)})
    with pytest.raises(InvalidInput):
        desk.ask(void_items, [item], " ")
    assert desk.ask(void_items, [item], "falso allarme") == 1
    assert lines(world, desk.prepare(MAY)) == []


def test_marks_of_billing_are_written_by_the_run_alone(desk: Desk, world: World) -> None:
    service = line(world, "passages", "2")
    item = desk.ask(save_item, None, 0, {"kind": "passage", "service_id": service, "on_date": D(2024, 5, 3), "quantity": Decimal(4)})
    world.simple("Beta")
    desk.bill(MAY, choices=RunChoices(kinds=("recurring",)))
    with world.house.person("marta.bellini") as marta, pytest.raises(Exception, match="item_mark_is_not_yours") as refused:
        marta.execute(
            "update billing.chargeable_item set row_version = row_version + 1, charged_quantity = 0, invoice_id = (select min(invoice_id) "
            "from billing.invoice) where chargeable_item_id = %s", (item,))  # fmt: skip
    assert refused.value.sqlstate == "CM121"  # type: ignore[attr-defined]
    with world.house.person("rita.revisore") as rita, pytest.raises(Exception, match="not_allowed"):
        rita.execute("select billing.record_items(1, '[]')")
