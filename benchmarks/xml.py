"""FatturaPA files a second and core, checks included, beside lxml alone writing the same trees; a stream, so memory stays where it is."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from benchmarks.measure import Measure, grown, seconds_of
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

BATCH = 500
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
    many, sample = (100, 50) if quick else (100_000, 5_000)
    texts = [invoice_xml(document(number)) for number in range(1, sample + 1)]
    trees = [etree.fromstring(text) for text in texts]
    least = seconds_of(lambda: [etree.tostring(tree, encoding="UTF-8", xml_declaration=True) for tree in trees]) * many / sample
    size = len(texts[0])
    trees.clear()
    texts.clear()

    def make(count: int) -> tuple[float, float]:
        """Seconds of the files alone, by the clock and of the processor: the documents come from the database, five hundred at a time."""
        took = worked = 0.0
        for first in range(0, count, BATCH):
            documents = [document(number) for number in range(first + 1, min(first + BATCH, count) + 1)]
            began, busy = time.perf_counter(), time.process_time()
            for one in documents:
                invoice_xml(one)
            took, worked = took + time.perf_counter() - began, worked + time.process_time() - busy
        return took, worked

    make(min(many, 2 * BATCH))
    made: list[tuple[float, float]] = []
    kilobytes = grown(lambda: made.append(make(many)))
    took, worked = made[0]
    yield Measure("xml", many, took, least, {"bytes_each": size, "per_core_second": many / worked, "grown_kilobytes": kilobytes})


def document(number: int) -> InvoiceDocument:
    """An invoice of two services."""
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
