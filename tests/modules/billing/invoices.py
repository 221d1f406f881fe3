"""Documents the tests are made of."""

import datetime
from decimal import Decimal

from cms_desktop.modules.billing.fatturapa.checks import line_total
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
from cms_desktop.modules.billing.rules import vat_summary

SELLER = Seller(
    vat_number="00743110157",
    tax_code="00743110157",
    name="Vigilanza Aurora S.r.l.",
    address=Address("Via dell'Industria", "20139", "Milano", "14", "MI"),
    registration=CompanyRegistration("MI", "1234567", Decimal("100000.00"), "SM"),
    phone="02 5512340",
    email="fatture@aurora.it",
)
COMPANY = Buyer(
    address=Address("Corso Francia", "10138", "Torino", "7/B", "TO"),
    name="Officine Città di Torino S.p.A.",
    vat_number="01849250483",
    tax_code="01849250483",
    recipient_code="M5UXCR1",
)
PERSON = Buyer(
    address=Address("Vicolo Forlì", "47121", "Forlì", "", "FC"), first_name="Niccolò", last_name="Dell'Orto", tax_code="RCCMNL83S18D969H"
)
PUBLIC_BODY = Buyer(
    address=Address("Piazza Palazzo di Città", "10122", "Torino", "1", "TO"),
    name="Comune di Torino",
    vat_number="00514490010",
    tax_code="00514490010",
    recipient_code="UFE0A1",
    is_public_body=True,
)
ISSUED_ON = datetime.date(2026, 3, 31)


def line(price="100.00", quantity="1", rate="22", nature="", **more):
    made = DocumentLine(
        description=more.pop("description", "Vigilanza ispettiva"),
        unit_price=Decimal(price),
        total=Decimal(0),
        vat_rate=Decimal(rate),
        quantity=None if quantity is None else Decimal(quantity),
        nature=nature,
        **{key: value for key, value in more.items() if key != "total"},
    )
    return replaced(made, total=Decimal(more["total"]) if "total" in more else line_total(made))


def replaced(record, **changes):
    from dataclasses import replace

    return replace(record, **changes)


class _Taxed:
    """A line seen as the rules of VAT want it."""

    def __init__(self, line_, exigibility):
        self.vat_rate, self.nature, self.total, self.exigibility = line_.vat_rate, line_.nature, line_.total, exigibility
        self.vat_code = f"{line_.vat_rate}/{line_.nature}"


def document(*lines, buyer=COMPANY, kind="TD01", exigibility="I", **more):
    lines = lines or (line(),)
    totals = vat_summary([_Taxed(part, exigibility if part.vat_rate else "I") for part in lines])
    summary = tuple(
        VatSummaryRow(group.vat_rate, group.net, group.vat, group.nature, group.exigibility, "Art. 10 DPR 633/72" if group.nature else "")
        for group in totals.groups
    )
    made = InvoiceDocument(
        transmission_number="00001",
        document_type=kind,
        number=more.pop("number", "2026/125"),
        issued_on=more.pop("issued_on", ISSUED_ON),
        seller=SELLER,
        buyer=buyer,
        lines=tuple(lines),
        summary=more.pop("summary", summary),
        **more,
    )
    if "payments" not in more:
        due = PaymentDue("MP05", made.payable, datetime.date(2026, 4, 30), "IT60X0542811101000000123456", "Banca Popolare")
        made = replaced(made, payments=(due,))
    return made
