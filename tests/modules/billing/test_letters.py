"""Letters of intent (art. 8 c. 1 lett. c DPR 633/72): used by runs as far as they reach, given back by what is undone or credited."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.fatturapa.write import invoice_xml
from tests.modules.billing.conftest import MAY, Desk
from tests.modules.billing.drafts import Drafts, numbers
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.test_taxes import with_number
from tests.modules.billing.world import World

JUNE = datetime.date(2024, 6, 1)


@pytest.fixture
def drafts(world: World) -> Drafts:
    return Drafts(world)


def test_a_run_bills_without_vat_as_far_as_the_letter_reaches(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, contract, _ = world.simple("Esportatore", "300.00")
    world.service(contract, "500.00")
    letter = drafts.letter(customer, "1000.00")
    desk.bill()
    assert drafts.amounts(drafts.one()) == numbers("800.00", "0.00", "800.00", "800.00")
    assert drafts.facts(drafts.one())["stamp_amount"] == 2 and drafts.used(letter) == 800
    desk.bill(JUNE)  # 200 are left: neither line fits whole, both have their VAT
    later = world.value("select max(invoice_id) from billing.invoice")
    assert drafts.amounts(later) == numbers("800.00", "176.00", "976.00", "976.00") and drafts.used(letter) == 800
    assert drafts.facts(later)["intent_letter_id"] is None


def test_lines_that_fit_go_without_vat_and_the_rest_has_it(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, contract, _ = world.simple("Esportatore", "300.00")
    world.service(contract, "500.00")
    letter = drafts.letter(customer, "400.00")
    desk.bill()
    assert [row[1:] for row in drafts.summary(drafts.one())] == [
        ("", "I", *numbers("500.00", "110.00")),
        ("N3.5", "I", *numbers("300.00", "0.00")),
    ]
    assert drafts.used(letter) == 300


def test_the_file_names_the_receipt_of_the_agency_on_every_line(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, _, _ = world.simple("Esportatore", "300.00")
    drafts.letter(customer, "400.00", protocol="24011012345678901000001")
    desk.bill()
    [document] = desk.ask(queries.invoice_documents, [drafts.one()])
    root = assert_valid(invoice_xml(with_number(document)))
    block = root.find(".//AltriDatiGestionali")
    assert block is not None
    assert [(part.tag, part.text) for part in block] == [
        ("TipoDato", "INTENTO"), ("RiferimentoTesto", "24011012345678901-000001"), ("RiferimentoData", "2024-01-12"),
    ]  # fmt: skip
    assert root.findtext(".//DatiRiepilogo/RiferimentoNormativo") == "Non imponibile art. 8 c.1 lett. c DPR 633/72"


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_to": datetime.date(2024, 4, 30)}, {"valid_from": datetime.date(2024, 5, 2)}, {"revoked_on": MAY}, {"protocol": ""},
    ],
)  # fmt: skip
def test_a_letter_out_of_its_time_or_without_protocol_is_not_used(drafts: Drafts, world: World, desk: Desk, facts: dict[str, Any]) -> None:
    customer, _, _ = world.simple("Esportatore", "300.00")
    letter = drafts.letter(customer, "1000.00", **facts)
    desk.bill()
    assert drafts.amounts(drafts.one()) == numbers("300.00", "66.00", "366.00", "366.00") and drafts.used(letter) == 0


def test_the_letter_that_ends_first_is_used_first(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, _, _ = world.simple("Esportatore", "300.00")
    late = drafts.letter(customer, "1000.00")
    early = drafts.letter(customer, "1000.00", number="8/2024", valid_to=datetime.date(2024, 6, 30))
    desk.bill()
    assert (drafts.used(early), drafts.used(late)) == (300, 0)


def test_what_needs_a_letter_and_has_none_is_left_out_of_the_run(drafts: Drafts, world: World, desk: Desk) -> None:
    world.service(world.contract(world.customer("Senza lettera")), "300.00", vat="N3.5")
    short = world.customer("Lettera esaurita")
    world.service(world.contract(short), "300.00", vat="N3.5")
    letter = drafts.letter(short, "299.99")
    run = desk.prepare()
    reasons = world.owner.execute("select exclusion_reason from billing.invoice where is_excluded").fetchall()
    assert reasons == [("intent_letter_missing",)] * 2 and drafts.used(letter) == 0
    ids = [row[0] for row in world.owner.execute("select invoice_id from billing.invoice")]
    desk.ask(actions.include_invoices, run, ids)
    assert world.value("select count(*) from billing.invoice where is_excluded") == 2, "only a letter mends it"


def test_discarding_undoing_and_crediting_give_the_plafond_back(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, _, _ = world.simple("Esportatore", "300.00")
    letter = drafts.letter(customer, "1000.00")
    run = desk.prepare()
    assert drafts.used(letter) == 300
    desk.ask(actions.discard_run, run)
    assert drafts.used(letter) == 0
    run = desk.bill()
    assert drafts.used(letter) == 300
    desk.ask(actions.undo_run, run)
    assert drafts.used(letter) == 0
    desk.bill()
    credit = drafts.draft(
        customer, {"price": "100", "vat": "N3.5", "credited_invoice_id": drafts.one(), "credited_line_no": 1}, kind="TD04"
    )
    drafts.tax(credit)
    assert drafts.used(letter) == 200 and drafts.facts(credit)["intent_amount"] == -100
    with pytest.raises(psycopg.Error, match="letter_never_used_so_much"):
        world.owner.execute("update billing.invoice set intent_amount = -301 where invoice_id = %s", (credit,))


def test_more_than_is_left_is_refused_with_what_is_left(drafts: Drafts, world: World) -> None:
    customer = world.customer("Esportatore")
    letter = drafts.letter(customer, "100.00")
    made = drafts.draft(customer, {"price": "100.01", "vat": "N3.5"}, intent_letter_id=letter)
    with pytest.raises(psycopg.Error, match="letter_is_used_up") as refused:
        drafts.tax(made)
    assert '"remaining": 100.00' in str(refused.value.diag.message_detail)
    other = drafts.draft(world.customer("Altro"), {"price": "1", "vat": "N3.5"}, intent_letter_id=letter)
    with pytest.raises(psycopg.Error, match="letter_not_valid"):
        drafts.tax(other)
    world.owner.execute("update billing.invoice set intent_letter_id = null where invoice_id = %s", (other,))
    assert drafts.used(letter) == 0
    mend(drafts, world)


def mend(drafts: Drafts, world: World) -> None:
    """What was refused gets its VAT, so that the books are sound at the end."""
    refused = [row[0] for row in world.owner.execute("select invoice_id from billing.invoice where net_amount = 0")]
    world.owner.execute("update billing.invoice_line set vat_code_id = %s where invoice_id = any (%s)", (world.vat("22"), refused))
    drafts.tax(*refused)


def test_two_at_once_never_use_more_than_there_is(drafts: Drafts, world: World) -> None:
    customer = world.customer("Esportatore")
    letter = drafts.letter(customer, "500.00")
    made = [drafts.draft(customer, {"price": "100", "vat": "N3.5"}, intent_letter_id=letter) for _ in range(8)]
    refused: list[str] = []

    def tax(invoice: int) -> None:
        with world.house.owner() as owner:
            try:
                with owner.transaction():
                    owner.execute("set local role cms_bookkeeper")
                    owner.execute("select billing.tax_drafts(1, array[%s]::bigint[])", (invoice,))
                    owner.execute("select pg_sleep(0.05)")
            except psycopg.Error as error:
                refused.append(str(error.diag.message_primary))

    threads = [threading.Thread(target=tax, args=(invoice,)) for invoice in made]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert refused == ["letter_is_used_up"] * 3 and drafts.used(letter) == Decimal(500)
    assert world.value("select sum(intent_amount) from billing.invoice") == 500
    mend(drafts, world)
