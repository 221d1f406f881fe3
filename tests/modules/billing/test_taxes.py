"""The tax rules of documents in the database: what draft documents come to, and what a run makes of the masters of its customers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import psycopg
import pytest

from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.fatturapa.write import invoice_xml
from tests.modules.billing.conftest import Desk
from tests.modules.billing.drafts import Drafts, numbers
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.world import World


@pytest.fixture
def drafts(world: World) -> Drafts:
    return Drafts(world)


def test_lines_summary_and_totals_are_made_from_quantity_price_and_discounts(drafts: Drafts, world: World) -> None:
    discounted = {"price": "33.333333", "quantity": 3, "discount_percent": 10, "discount_amount": "1.5"}
    made = drafts.draft(world.customer("Alfa"), discounted, {"price": "50", "vat": "10"})
    drafts.tax(made)
    assert drafts.summary(made) == [
        (Decimal("22.00"), "", "I", *numbers("85.50", "18.81")), (Decimal("10.00"), "", "I", *numbers("50.00", "5.00")),
    ]  # fmt: skip
    assert drafts.amounts(made) == numbers("135.50", "23.81", "159.31", "159.31")


def test_a_credit_note_is_negative_and_shown_positive(drafts: Drafts, world: World, desk: Desk) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100"}, kind="TD04")
    drafts.withhold(made, "4", reason="W")
    world.owner.execute("update billing.invoice_line set is_withheld = true")
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("-100.00", "-22.00", "-122.00", "-118.00")
    [document] = desk.ask(lambda unit: queries.invoice_documents(unit, [made], drafts=True))
    assert [document.net, document.vat, document.total, document.payable] == numbers("100.00", "22.00", "122.00", "118.00")
    assert document.lines[0].total == 100 and document.withholdings[0].amount == 4


def test_taxes_are_computed_anew_after_a_change(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100"})
    drafts.tax(made)
    world.owner.execute("update billing.invoice_line set quantity = 2 where invoice_id = %s", (made,))
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("200.00", "44.00", "244.00", "244.00")


def test_rounding_is_part_of_the_total_and_of_the_books(drafts: Drafts, world: World, desk: Desk) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100.02"}, rounding_amount=Decimal("-0.02"))
    [document] = drafts.issue(desk, made)
    assert drafts.amounts(made) == numbers("100.02", "22.00", "122.00", "122.00")
    assert document.total == 122 and document.rounding == Decimal("-0.02")
    assert_valid(invoice_xml(with_number(document)))


def with_number(document):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(document, transmission_number="00001")


def test_a_fund_is_part_of_the_taxable_amount(drafts: Drafts, world: World, desk: Desk) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "1000"}, {"price": "50", "vat": "N1"})
    drafts.fund(made, "4")
    [document] = drafts.issue(desk, made)
    assert drafts.amounts(made) == numbers("1090.00", "228.80", "1318.80", "1318.80")
    assert drafts.facts(made)["fund_amount"] == 40
    root = assert_valid(invoice_xml(with_number(document)))
    assert [root.findtext(f".//DatiCassaPrevidenziale/{tag}") for tag in ("TipoCassa", "ImportoContributoCassa", "ImponibileCassa")] == [
        "TC22", "40.00", "1000.00",
    ]  # fmt: skip


def test_an_issued_document_is_not_computed_again(drafts: Drafts, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    desk.bill()
    with pytest.raises(psycopg.Error, match="document_is_no_draft"):
        drafts.tax(drafts.one())


# ---- what a run makes of the masters of its customers -----------------------------------------------------------------


def test_a_condominium_withholds_four_per_cent(drafts: Drafts, world: World, desk: Desk) -> None:
    world.simple("Condominio Po", "250.00", kind="condominium", tax_code="97600000018")
    desk.bill()
    invoice = drafts.one()
    assert drafts.amounts(invoice) == numbers("250.00", "55.00", "305.00", "295.00")
    row = world.owner.execute("select kind, reason, rate, base_amount, amount from billing.invoice_withholding").fetchone()
    assert row == ("RT02", "W", 4, 250, 10)
    assert world.value("select sum(amount) from ledger.open_item") == 295
    assert world.value("select payable_amount from billing.billing_run") == 295
    posted = world.owner.execute(
        "select role, debit_amount - credit_amount from ledger.journal_line join ledger.account using (company_id, account_id) order by line_no"
    ).fetchall()
    assert dict(posted)["withholding"] == 10 and dict(posted)["receivable"] == 295


def test_others_withhold_as_their_record_says(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, _, _ = world.simple("Alfa", "750.00")
    change_customer(
        world, customer, is_withholding=True, withholding_kind="RT02", withholding_reason="Q", withholding_rate=23, withholding_share=50
    )
    desk.bill()
    assert drafts.amounts(drafts.one()) == numbers("750.00", "165.00", "915.00", "828.75")
    assert world.value("select amount from billing.invoice_withholding") == Decimal("86.25")


def change_customer(world: World, customer: int, **facts: object) -> None:
    sets = ", ".join(f"{name} = %s" for name in facts)
    world.owner.execute(
        f"update customers.customer set row_version = row_version + 1, {sets} where company_id = 1 and customer_id = %s",
        (*facts.values(), customer),
    )


@pytest.mark.parametrize(("price", "stamp"), [("77.47", "0.00"), ("77.48", "2.00")])
def test_stamp_duty_is_charged_over_the_threshold(drafts: Drafts, world: World, desk: Desk, price: str, stamp: str) -> None:
    customer = world.customer("Esente")
    world.service(world.contract(customer), price, vat="N4")
    change_customer(world, customer, is_stamp_charged=True)
    desk.bill()
    invoice = drafts.one()
    assert drafts.facts(invoice)["stamp_amount"] == Decimal(stamp)
    assert drafts.amounts(invoice)[2] == Decimal(price) + Decimal(stamp)
    charged = world.owner.execute(
        "select line_amount, nature from billing.invoice_line join base.vat_code using (company_id, vat_code_id) where line_kind = 'stamp'"
    )
    assert charged.fetchall() == ([(Decimal(2), "N1")] if Decimal(stamp) else [])
    [document] = desk.ask(queries.invoice_documents, [invoice])
    root = assert_valid(invoice_xml(with_number(document)))
    assert root.findtext(".//ImportoBollo") == (stamp if Decimal(stamp) else None)


def test_a_vat_title_of_the_customer_holds_while_it_is_valid(drafts: Drafts, world: World, desk: Desk) -> None:
    customer, _, _ = world.simple("Ambasciata", "200.00")
    change_customer(
        world, customer, vat_code_id=world.vat("N4"), exemption_reference="Art. 72 DPR 633/72", exemption_ends_on=datetime.date(2024, 5, 31)
    )
    desk.bill(datetime.date(2024, 5, 1))
    first = drafts.one()
    desk.bill(datetime.date(2024, 6, 1))
    later = world.value("select max(invoice_id) from billing.invoice")
    assert drafts.amounts(first) == numbers("200.00", "0.00", "200.00", "200.00")
    assert drafts.amounts(later) == numbers("200.00", "44.00", "244.00", "244.00")
    [document] = desk.ask(queries.invoice_documents, [first])
    assert document.summary[0].law_reference == "Art. 72 DPR 633/72" and document.stamp_duty == 2


def test_split_payment_and_what_is_withheld_do_not_meet(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Ente", is_split_payment=True), {"price": "100"}, {"price": "10", "vat": "N6.9"})
    drafts.tax(made)
    assert [row[2] for row in drafts.summary(made)] == ["S", "I"]
    assert drafts.amounts(made) == numbers("110.00", "22.00", "132.00", "110.00")
    drafts.withhold(made, "20")
    drafts.tax(made)
    assert [row[2] for row in drafts.summary(made)] == ["I", "I"]


@pytest.mark.parametrize("grouping", ["contract", "customer"])
def test_orders_and_tenders_of_contract_and_customer_are_in_every_grouping(world: World, desk: Desk, drafts: Drafts, grouping: str) -> None:
    customer = world.customer("Comune", kind="public_body", recipient_code="UFE0A1")
    change_customer(world, customer, cig_code="Z0000000AB", administration_reference="Uff. 7")
    world.service(world.contract(customer, "K-1", order_reference="ODA 5", cig_code="Z9999999AB", cup_code="B11B22C33D44E55"))
    world.service(world.contract(customer, "K-2"))
    desk.bill(grouping=grouping)
    ids = [row[0] for row in world.owner.execute("select invoice_id from billing.invoice order by invoice_id")]
    documents = desk.ask(queries.invoice_documents, ids)
    found = {(one.kind, one.document_id, one.tender_code, one.project_code) for document in documents for one in document.references}
    assert found == {
        ("order", "ODA 5", "Z9999999AB", "B11B22C33D44E55"), ("contract", "K-1", "", ""), ("contract", "K-2", "Z0000000AB", ""),
    }  # fmt: skip
    assert len(documents) == (2 if grouping == "contract" else 1)
    assert all(line.cost_reference == "Uff. 7" for document in documents for line in document.lines)
    for document in documents:
        assert_valid(invoice_xml(with_number(document)))
    if grouping == "customer":
        assert {one.document_id: one.line_numbers for one in documents[0].references} == {"ODA 5": (1,), "K-1": (1,), "K-2": (2,)}
