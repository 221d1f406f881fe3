"""What a run takes and how it puts it together: groupings, choices, texts, advances, what was skipped, what is tried again."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from cms_desktop.core.errors import AlreadyDone, InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.records import RunChoices
from cms_desktop.modules.billing.running import queries as running
from cms_desktop.modules.billing.running.actions import refresh_run, retry_run, save_template
from cms_desktop.modules.billing.running.records import Skipped
from cms_desktop.modules.billing.running.rules import document_day, next_period, title_of
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date
APRIL, MAY, JUNE = D(2024, 4, 1), D(2024, 5, 1), D(2024, 6, 1)
MONTHS = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"]


def site(world: World, customer: int, code: str) -> int:
    return world.value(
        "insert into customers.site (company_id, customer_id, code, name) values (1, %s, %s, %s) returning site_id",
        customer,
        code,
        f"Sede {code}",
    )


def drafts(world: World, run: int) -> list[tuple[str, Decimal]]:
    """Document type and net amount of the run's documents, the smallest first."""
    return world.owner.execute(
        "select document_type, net_amount from billing.invoice where billing_run_id = %s order by net_amount, invoice_id", (run,)
    ).fetchall()


def texts(world: World, run: int) -> list[str]:
    rows = world.owner.execute(
        "select l.description from billing.invoice_line as l join billing.invoice as i using (company_id, invoice_id) where i.billing_run_id = %s "
        "order by l.invoice_id, l.line_no", (run,),
    ).fetchall()  # fmt: skip
    return [row[0] for row in rows]


def of_two_sites(world: World) -> int:
    """A customer: contract A with 10 at site 1 and 20 at site 2, contract B with 40 at site 1 and 80 at none; A and C (160) have one CIG."""
    customer = world.customer("Alfa")
    one, two = site(world, customer, "1"), site(world, customer, "2")
    a, b = world.contract(customer, "A", cig_code="A123456789"), world.contract(customer, "B")
    c = world.contract(customer, "C", cig_code="A123456789")
    for contract, place, price in ((a, one, "10"), (a, two, "20"), (b, one, "40"), (b, None, "80"), (c, None, "160")):
        world.service(contract, price, site_id=place)
    return customer


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [("customer", [310]), ("contract", [30, 120, 160]), ("site", [20, 50, 80, 160]), ("order", [120, 190])],
)
def test_a_document_stands_for_a_customer_contract_site_or_order(desk: Desk, world: World, grouping: str, expected: list[int]) -> None:
    of_two_sites(world)
    world.simple("Beta", "1000")
    run = desk.prepare(MAY, grouping=grouping)
    assert [net for _, net in drafts(world, run)] == [*map(Decimal, expected), Decimal(1000)]
    rows = {row.net_amount: row.contract for row in desk.ask(queries.list_run_documents, run, ListQuery()).rows}
    assert len(rows) == len(expected) + 1
    if grouping == "site":
        assert rows[Decimal(50)] == "Sede 1"
    if grouping == "order":
        assert rows[Decimal(190)] == "A123456789"
    desk.ask(actions.issue_run, run)


def test_a_customer_who_wants_one_document_gets_one_whatever_the_run(desk: Desk, world: World) -> None:
    customer = of_two_sites(world)
    world.owner.execute(
        "update customers.customer set invoice_grouping = 'customer', row_version = row_version + 1 where customer_id = %s", (customer,)
    )
    assert drafts(world, desk.prepare(MAY, grouping="contract")) == [("TD01", Decimal(310))]


def test_only_what_is_chosen_is_taken(desk: Desk, world: World) -> None:
    kind = world.value(
        "insert into customers.service_type (company_id, code, description) values (1, 'RON', 'Ronda') returning service_type_id"
    )
    _, contract, _ = world.simple("Alfa", "100")
    world.service(contract, "7", service_type_id=kind)
    world.service(contract, "0", kind="one_off", unit_price=Decimal(30), starts_on=D(2024, 5, 9), ends_on=D(2024, 5, 9))
    world.simple("Comune di Prova", "1000", kind="public_body", recipient_code="ABCDEF")

    def net(**choices: Any) -> list[Decimal]:
        run = desk.prepare(MAY, choices=RunChoices(**choices))
        found = [amount for _, amount in drafts(world, run)]
        desk.ask(actions.discard_run, run)
        return found

    assert net() == [Decimal(137), Decimal(1000)]
    assert net(service_types=(kind,)) == [Decimal(7)]
    assert net(one_off="only") == [Decimal(30)]
    assert net(one_off="without") == [Decimal(107), Decimal(1000)]
    assert net(kinds=("one_off",)) == [Decimal(30)]
    assert net(party_kinds=("public_body",)) == [Decimal(1000)]


def test_a_group_of_customers_is_chosen_by_classification(desk: Desk, world: World) -> None:
    world.owner.execute("insert into registry.classification (company_id, position, name) values (1, 1, 'Zona')")
    north, south = (
        world.value(
            "insert into registry.classification_value (company_id, position, name) values (1, 1, %s) returning classification_value_id",
            name,
        )
        for name in ("Nord", "Sud")
    )
    world.simple("Alfa", "10", class_1=north)
    world.simple("Beta", "20", class_1=south)
    world.simple("Gamma", "40")
    assert [net for _, net in drafts(world, desk.prepare(MAY, choices=RunChoices(classes=((1, (north,)),))))] == [Decimal(10)]
    assert [net for _, net in drafts(world, desk.prepare(MAY, choices=RunChoices(classes=((1, (south, north)),))))] == [Decimal(20)]


def test_choices_are_kept_with_the_run_and_wrong_ones_refused(desk: Desk, world: World) -> None:
    world.simple("Alfa")
    chosen = RunChoices((), ("recurring",), ("company",), (), "without", 3, Decimal("12.5"))
    assert desk.ask(queries.find_run, desk.prepare(MAY, choices=chosen)).choices == chosen
    for wrong in (
        '{"kinds": ["cash"]}',
        '{"one_off": "maybe"}',
        '{"classes": {"9": [1]}}',
        '{"service_types": ["x"]}',
        '{"all": true}',
        "[]",
    ):
        with world.house.person("marta.bellini") as marta, pytest.raises(Exception, match="run_parameters"):
            marta.execute("select billing.prepare_run(1, 'x', '2024-05-01', '2024-05-31', '2024-05-01', 1, 'contract', %s)", (wrong,))


def test_texts_of_lines_say_period_and_site_in_words(desk: Desk, world: World) -> None:
    customer = world.customer("Alfa")
    contract = world.contract(customer, "K-9", cig_code="A123456789")
    kind = world.value(
        "insert into customers.service_type (company_id, code, description, invoice_text) values (1, 'TEL', 'Teleallarme', '{riga} ({contratto})') "
        "returning service_type_id"
    )
    world.service(contract, "10", description="Canone {mese}, {sede}", site_id=site(world, customer, "1"))
    world.service(contract, "20", description="Ronda {periodo} CIG {cig}", months=3, is_in_advance=False, starts_on=D(2024, 3, 1))
    world.service(contract, "30", description="Ponte {dal}", service_type_id=kind)
    assert texts(world, desk.prepare(MAY)) == ["Canone maggio 2024, Sede 1", "Ponte 01/05/2024 (K-9)"]
    assert "Ronda dal 01/04/2024 al 30/06/2024 CIG A123456789" in texts(world, desk.prepare(JUNE))


def test_an_advance_is_a_document_of_its_own_and_is_taken_off_the_balance(desk: Desk, world: World) -> None:
    contract = world.contract(world.customer("Alfa"))
    once = {"kind": "one_off", "months": 1}
    for day, price, more in ((4, "300", {"is_advance": True}), (5, "200", {}), (6, "500", {})):
        on = D(2024, day, 10)
        world.service(contract, "0", unit_price=Decimal(price), starts_on=on, ends_on=on, **once, **more)
    assert drafts(world, desk.bill(APRIL)) == [("TD02", Decimal(300))]
    assert drafts(world, desk.prepare(MAY)) == [("TD01", Decimal(0))]
    june = desk.bill(JUNE)
    assert drafts(world, june) == [("TD01", Decimal(400))], "200 of the advance went with May's line"
    assert "Acconto V 2024/1 del 01/04/2024" in texts(world, june)


def test_periods_that_were_skipped_are_told_and_taken_along(desk: Desk, world: World) -> None:
    world.simple("Alfa", "100")
    world.owner.execute("update customers.service set starts_on = '2024-03-01', row_version = row_version + 1")
    run = desk.prepare(MAY)
    assert desk.ask(running.sum_skipped, run) == Skipped(2, Decimal(200))
    assert desk.ask(lambda unit: refresh_run(unit, run, choices=RunChoices(catch_up_months=12))) == 0
    (row,) = desk.ask(queries.list_run_documents, run, ListQuery()).rows
    assert (row.net_amount, row.line_count, row.is_caught_up, row.is_first) == (Decimal(300), 3, True, True)
    assert desk.ask(running.sum_skipped, run) == Skipped()


def test_a_preview_made_anew_keeps_what_was_left_out_and_takes_what_came(desk: Desk, world: World) -> None:
    world.simple("Alfa", "10")
    world.simple("Beta", "20")
    run = desk.prepare(MAY)
    alfa = next(row for row in desk.ask(queries.list_run_documents, run, ListQuery()).rows if row.customer == "Alfa")
    desk.ask(actions.exclude_invoices, run, [alfa.invoice_id], "in contestazione")
    world.simple("Gamma", "40")
    assert desk.ask(refresh_run, run) == 0
    rows = {row.customer: (row.net_amount, row.reason) for row in desk.ask(queries.list_run_documents, run, ListQuery()).rows}
    assert rows == {"Alfa": (Decimal(10), "in contestazione"), "Beta": (Decimal(20), ""), "Gamma": (Decimal(40), "")}
    found = desk.ask(queries.find_run, run)
    assert (found.invoice_count, found.net_amount, found.refreshed_at is not None) == (2, Decimal(60), True)
    desk.ask(actions.issue_run, run)
    with pytest.raises(AlreadyDone):
        desk.ask(refresh_run, run)


def test_what_could_not_be_issued_is_tried_again_alone(desk: Desk, world: World) -> None:
    broken, _, _ = world.simple("Alfa", "10", street="")
    world.simple("Beta", "20")
    run = desk.prepare(MAY)
    world.simple("Gamma", "40")
    assert desk.ask(lambda unit: refresh_run(unit, run, only_blocked=True)) == 1, "nothing was mended"
    assert {row.customer for row in desk.ask(queries.list_run_documents, run, ListQuery()).rows} == {"Alfa", "Beta"}, "only the blocked one"
    desk.ask(actions.issue_run, run)
    world.owner.execute("update registry.party set street = 'Via Po', row_version = row_version + 1 where party_id = %s", (broken,))
    again = desk.ask(retry_run, run, MAY)
    assert drafts(world, again) == [("TD01", Decimal(10))]
    assert desk.ask(queries.find_run, again).retried_run_id == run
    desk.ask(actions.issue_run, again)
    with pytest.raises(InvalidInput, match="non ha righe"):
        desk.ask(retry_run, again, MAY)


def test_a_mended_row_comes_back_into_its_preview(desk: Desk, world: World) -> None:
    broken, _, _ = world.simple("Alfa", "10", street="")
    run = desk.prepare(MAY)
    world.owner.execute("update registry.party set street = 'Via Po', row_version = row_version + 1 where party_id = %s", (broken,))
    assert desk.ask(lambda unit: refresh_run(unit, run, only_blocked=True)) == 0
    assert desk.ask(queries.find_run, run).invoice_count == 1


def test_a_template_proposes_the_next_period_and_title(desk: Desk, world: World) -> None:
    world.simple("Alfa", "10")
    values = {
        "name": "Canoni anticipati", "title": "Canoni {mese}", "months": 2, "document_day": "start", "document_series_id": world.series(),
        "grouping": "customer", "parameters": RunChoices(one_off="without").as_json(),
    }  # fmt: skip
    desk.ask(save_template, None, 0, values)
    template = desk.ask(running.find_template, "canoni ANTICIPATI")
    start, end = next_period(template, D(2024, 4, 20))
    assert (start, end) == (D(2024, 3, 1), D(2024, 4, 30))
    desk.prepare(start, end, choices=template.choices)
    template = desk.ask(running.find_template, "Canoni anticipati")
    start, end = next_period(template, D(2024, 4, 20))
    assert (start, end, title_of(template, start, end, MONTHS)) == (MAY, D(2024, 6, 30), "Canoni maggio–giugno 2024")
    assert document_day(template, start, end, D(2024, 4, 20)) == MAY
    with pytest.raises(InvalidInput, match="nome del modello"):
        desk.ask(save_template, None, 0, values | {"name": " "})


def test_the_threshold_of_a_run_is_its_own(desk: Desk, world: World) -> None:
    _, _, service = world.simple("Alfa", "100")
    desk.bill(APRIL)
    world.change_service(service, monthly_price=Decimal(115))
    run = desk.prepare(MAY)
    assert desk.ask(queries.sum_run_differences, run).beyond.count == 0
    desk.ask(lambda unit: refresh_run(unit, run, choices=RunChoices(threshold=Decimal(10))))
    found = desk.ask(queries.sum_run_differences, run)
    assert (found.beyond.count, found.price.effect, found.first.count) == (1, Decimal(15), 0)
