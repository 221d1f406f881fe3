"""FatturaPA files a second (checks, tree, text) beside lxml alone writing the same trees."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from benchmarks.measure import Measure, seconds_of
from cms_desktop.modules.billing.fatturapa.records import (
    Address,
    Buyer,
    CompanyRegistration,
    DocumentLine,
    InvoiceDocument,
    PaymentDue,
    Seller,
    VatSummaryRow,
)
from cms_desktop.modules.billing.fatturapa.write import invoice_xml

SELLER = Seller(
    vat_number="00743110157", tax_code="00743110157", name="Vigilanza di Misura S.r.l.",
    address=Address("Via dell'Industria", "20139", "Milano", "14", "MI"),
    registration=CompanyRegistration("MI", "1234567", Decimal("100000.00"), "SM"), phone="02 5512340", email="fatture@misura.example",
)  # fmt: skip
BUYER = Buyer(
    address=Address("Corso Francia", "10138", "Torino", "7/B", "TO"), name="Officine di Torino S.p.A.", vat_number="01849250483",
    tax_code="01849250483", recipient_code="QX7T1KD",
)  # fmt: skip


def run(_place: object, quick: bool) -> Iterator[Measure]:
    many = 50 if quick else 5_000
    documents = [_document(number) for number in range(1, many + 1)]
    texts: list[bytes] = []
    took = seconds_of(lambda: texts.extend(invoice_xml(document) for document in documents))
    trees = [etree.fromstring(text) for text in texts]
    least = seconds_of(lambda: [etree.tostring(tree, encoding="UTF-8", xml_declaration=True) for tree in trees])
    yield Measure("xml", many, took, least, {"bytes_each": len(texts[0])})


def _document(number: int) -> InvoiceDocument:
    price = Decimal(80 + number % 90)
    lines = tuple(
        DocumentLine(description=text, unit_price=price, total=price, vat_rate=Decimal(22), quantity=Decimal(1))
        for text in ("Vigilanza ispettiva notturna", "Collegamento alla centrale operativa")
    )
    net, vat = 2 * price, (2 * price * Decimal("0.22")).quantize(Decimal("0.01"))
    issued, due = datetime.date(2026, 3, 31), datetime.date(2026, 4, 30)
    payment = PaymentDue("MP05", net + vat, due, "IT60X0542811101000000123456", "Banca Popolare")
    return InvoiceDocument(
        transmission_number=f"{number:05}", document_type="TD01", number=f"V 2026/{number}", issued_on=issued, seller=SELLER, buyer=BUYER,
        lines=lines, summary=(VatSummaryRow(Decimal(22), net, vat, "", "I", ""),), payments=(payment,),
    )  # fmt: skip
