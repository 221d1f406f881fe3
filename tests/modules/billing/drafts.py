"""Documents made without a screen: drafts written as the functions of the bookkeeper write them, taxed, issued in a run."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from cms_desktop.modules.billing import queries
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument
from tests.modules.billing.conftest import MAY, Desk
from tests.modules.billing.world import World


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


class Drafts:
    def __init__(self, world: World) -> None:
        self.world = world

    def draft(self, customer: int, *lines: dict[str, Any], kind: str = "TD01", on: datetime.date = MAY, **more: Any) -> int:
        facts = {"document_type": kind, "state": "draft", "document_series_id": self.world.series(), "year": on.year, "document_on": on,
                 "customer_id": customer, "payment_term_id": self.world.term("BB30"), "buyer": Jsonb(self.buyer(customer)), "net_amount": 0,
                 "vat_amount": 0, "total_amount": more.get("rounding_amount", 0), "payable_amount": 0} | more  # fmt: skip
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            invoice = self.insert("billing.invoice", facts, "invoice_id")
            for place, one in enumerate(lines, start=1):
                self.line(invoice, place, **one)
        return int(invoice)

    def buyer(self, customer: int) -> dict[str, Any]:
        facts = self.world.value("select to_jsonb(p) from registry.party as p where party_id = %s", customer)
        own = self.world.value("select to_jsonb(k) from customers.customer as k where customer_id = %s", customer)
        empty = {"contract_number": "", "order_reference": "", "cig_code": "", "cup_code": ""}
        return {**facts, "recipient_code": own["recipient_code"], "bank_name": "", **empty}

    def line(self, invoice: int, place: int, price: object = "100.00", *, vat: str = "22", **more: Any) -> None:
        facts = {"invoice_id": invoice, "line_no": place, "description": "Vigilanza", "quantity": 1, "unit_price": price, "line_amount": 0,
                 "vat_code_id": self.world.vat(vat)} | more  # fmt: skip
        self.insert("billing.invoice_line", facts)

    def withhold(self, invoice: int, rate: str, *, kind: str = "RT02", reason: str = "A", share: str = "100", position: int = 1) -> None:
        facts = {"invoice_id": invoice, "position": position, "kind": kind, "reason": reason, "rate": rate, "share": share}
        self.insert("billing.invoice_withholding", facts)

    def fund(self, invoice: int, rate: str, *, vat: str = "22", kind: str = "TC22", **more: Any) -> None:
        self.insert(
            "billing.invoice_fund",
            {"invoice_id": invoice, "position": 1, "kind": kind, "rate": rate, "vat_code_id": self.world.vat(vat)} | more,
        )

    def letter(self, customer: int, plafond: str, **more: Any) -> int:
        facts = {"customer_id": customer, "number": "7/2024", "issued_on": datetime.date(2024, 1, 10), "protocol": "24011012345678901-000001",
                 "plafond_amount": plafond, "valid_from": datetime.date(2024, 1, 1), "valid_to": datetime.date(2024, 12, 31),
                 "received_on": datetime.date(2024, 1, 12)} | more  # fmt: skip
        return int(self.insert("customers.intent_letter", facts, "intent_letter_id"))

    def insert(self, table: str, facts: dict[str, Any], key: str = "company_id") -> Any:
        names = ", ".join(["company_id", *facts])
        marks = ", ".join(["%s"] * (len(facts) + 1))
        return self.world.value(f"insert into {table} ({names}) values ({marks}) returning {key}", self.world.company, *facts.values())

    def tax(self, *invoices: int, propose: bool = False) -> None:
        name = "propose_taxes" if propose else "tax_drafts"
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            self.world.owner.execute(f"select billing.{name}(%s, %s)", (self.world.company, list(invoices)))

    def issue(self, desk: Desk, *invoices: int, on: datetime.date = MAY) -> list[InvoiceDocument]:
        """Taxed, put into a run, issued; read back as the documents that the file and the paper are made from."""
        self.tax(*invoices)
        facts = {"number": f"L-{invoices[0]}", "title": "Prova", "state": "preview", "period_start": on, "period_end": on, "document_on": on,
                 "document_series_id": self.world.series(), "grouping": "customer"}  # fmt: skip
        run = self.insert("billing.billing_run", facts, "billing_run_id")
        self.world.owner.execute("update billing.invoice set billing_run_id = %s where invoice_id = any (%s)", (run, list(invoices)))
        with self.world.owner.transaction():
            self.world.owner.execute("set local role cms_bookkeeper")
            self.world.owner.execute("select billing.sum_run(1, %s), billing.issue_documents(1, %s, now())", (run, run))
        found: list[InvoiceDocument] = desk.ask(queries.invoice_documents, list(invoices))
        return found

    def facts(self, invoice: int) -> dict[str, Any]:
        with self.world.owner.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            found = cursor.execute("select * from billing.invoice where company_id = 1 and invoice_id = %s", (invoice,)).fetchone()
        assert found is not None
        return found

    def amounts(self, invoice: int) -> list[Decimal]:
        """Net, VAT, total, to be paid."""
        found = self.facts(invoice)
        return [found[f"{name}_amount"] for name in ("net", "vat", "total", "payable")]

    def summary(self, invoice: int) -> list[tuple[Any, ...]]:
        return self.world.owner.execute(
            "select rate, nature, exigibility, net_amount, vat_amount from billing.invoice_vat where invoice_id = %s order by rate desc, nature",
            (invoice,),
        ).fetchall()

    def used(self, letter: int) -> Decimal:
        """What of the letter's plafond is used."""
        used: Decimal = self.world.value("select consumed_amount from customers.intent_letter where intent_letter_id = %s", letter)
        return used

    def one(self) -> int:
        """The only invoice there is."""
        [(number,)] = self.world.owner.execute("select invoice_id from billing.invoice").fetchall()
        return int(number)
