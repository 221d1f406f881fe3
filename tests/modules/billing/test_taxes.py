"""The tax rules of documents in the database: letters of intent, withholdings, stamp duty, funds, discounts, references."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.modules.billing.conftest import MAY, Desk
from tests.modules.billing.world import World

YEAR = {"valid_from": datetime.date(2024, 1, 1), "valid_to": datetime.date(2024, 12, 31)}


class Drafts:
    """Documents made by hand, as the functions of the bookkeeper make them."""

    def __init__(self, world: World) -> None:
        self.world = world

    def draft(self, customer: int, *lines: dict[str, Any], kind: str = "TD01", on: datetime.date = MAY, **more: Any) -> int:
        facts = {"document_type": kind, "state": "draft", "document_series_id": self.world.series(), "year": on.year, "document_on": on,
                 "customer_id": customer, "payment_term_id": self.world.term("BB30"), "buyer": Jsonb(BUYER), "net_amount": 0, "vat_amount": 0,
                 "total_amount": more.get("rounding_amount", 0), "payable_amount": 0} | more  # fmt: skip
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            invoice = self.insert("billing.invoice", facts, "invoice_id")
            for place, one in enumerate(lines, start=1):
                self.line(invoice, place, **one)
        return int(invoice)

    def line(self, invoice: int, place: int, price: object = "100.00", *, vat: str = "22", **more: Any) -> None:
        facts = {"invoice_id": invoice, "line_no": place, "description": "Vigilanza", "quantity": 1, "unit_price": price, "line_amount": 0,
                 "vat_code_id": self.world.vat(vat)} | more  # fmt: skip
        self.insert("billing.invoice_line", facts)

    def insert(self, table: str, facts: dict[str, Any], key: str = "company_id") -> Any:
        names = ", ".join(["company_id", *facts])
        marks = ", ".join(["%s"] * (len(facts) + 1))
        return self.world.value(f"insert into {table} ({names}) values ({marks}) returning {key}", self.world.company, *facts.values())

    def tax(self, *invoices: int, propose: bool = False) -> None:
        name = "propose_taxes" if propose else "tax_drafts"
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            self.world.owner.execute(f"select billing.{name}(%s, %s)", (self.world.company, list(invoices)))

    def facts(self, invoice: int) -> dict[str, Any]:
        with self.world.owner.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            found = cursor.execute("select * from billing.invoice where company_id = 1 and invoice_id = %s", (invoice,)).fetchone()
        assert found is not None
        return found

    def amounts(self, invoice: int) -> list[Decimal]:
        found = self.facts(invoice)
        return [found[f"{name}_amount"] for name in ("net", "vat", "total", "payable")]

    def summary(self, invoice: int) -> list[tuple[Any, ...]]:
        return self.world.owner.execute(
            "select rate, nature, exigibility, net_amount, vat_amount from billing.invoice_vat where invoice_id = %s order by rate desc, nature",
            (invoice,),
        ).fetchall()


BUYER = {"name": "Cliente", "kind": "company"}


@pytest.fixture
def drafts(world: World) -> Drafts:
    return Drafts(world)


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_lines_summary_and_totals_are_made_from_quantity_price_and_discounts(drafts: Drafts, world: World) -> None:
    made = drafts.draft(
        world.customer("Alfa"),
        {"price": "33.333333", "quantity": 3, "discount_percent": 10, "discount_amount": "1.5"},
        {"price": "50", "vat": "10"},
    )
    drafts.tax(made)
    assert drafts.summary(made) == [
        (Decimal("22.00"), "", "I", *numbers("85.50", "18.81")), (Decimal("10.00"), "", "I", *numbers("50.00", "5.00")),
    ]  # fmt: skip
    assert drafts.amounts(made) == numbers("135.50", "23.81", "159.31", "159.31")


def test_a_credit_note_is_negative(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100"}, kind="TD04")
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("-100.00", "-22.00", "-122.00", "-122.00")


def test_taxes_are_computed_anew_after_a_change(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100"})
    drafts.tax(made)
    world.owner.execute("update billing.invoice_line set quantity = 2 where invoice_id = %s", (made,))
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("200.00", "44.00", "244.00", "244.00")


def test_rounding_is_part_of_the_total(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "100.02"}, rounding_amount=Decimal("-0.02"))
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("100.02", "22.00", "122.00", "122.00")


def test_a_fund_is_part_of_the_taxable_amount(drafts: Drafts, world: World) -> None:
    made = drafts.draft(world.customer("Alfa"), {"price": "1000"}, {"price": "50", "vat": "N1"})
    drafts.insert("billing.invoice_fund", {"invoice_id": made, "position": 1, "kind": "TC22", "rate": 4, "vat_code_id": world.vat("22")})
    drafts.tax(made)
    assert drafts.amounts(made) == numbers("1090.00", "228.80", "1318.80", "1318.80")
    assert drafts.facts(made)["fund_amount"] == 40


def test_an_issued_document_is_not_computed_again(drafts: Drafts, world: World, desk: Desk) -> None:
    world.simple("Alfa")
    desk.bill()
    with pytest.raises(psycopg.Error, match="document_is_no_draft"):
        drafts.tax(world.value("select invoice_id from billing.invoice"))


# ---- what a run makes of the masters of its customers -----------------------------------------------------------------


def test_a_condominium_withholds_four_per_cent(drafts: Drafts, world: World, desk: Desk) -> None:
    world.simple("Condominio Po", "250.00", kind="condominium", tax_code="97600000018")
    desk.bill()
    invoice = world.value("select invoice_id from billing.invoice")
    assert drafts.amounts(invoice) == numbers("250.00", "55.00", "305.00", "295.00")
    row = world.owner.execute("select kind, reason, rate, base_amount, amount from billing.invoice_withholding").fetchone()
    assert row == ("RT02", "W", 4, 250, 10)
    assert world.value("select sum(amount) from ledger.open_item") == 295
    assert world.value("select net_amount from billing.billing_run") == 250
