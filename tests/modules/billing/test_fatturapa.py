import datetime
import xml.etree.ElementTree
from decimal import Decimal

import a38
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.billing.fatturapa import records
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.records import Discount, DocumentReference, PaymentDue, VatSummaryRow, Withholding
from cms_desktop.modules.billing.fatturapa.write import file_name, invoice_xml
from tests.modules.billing.invoices import COMPANY, PERSON, PUBLIC_BODY, SELLER, document, line, replaced
from tests.modules.billing.schema import assert_valid


def codes(made, **more):
    return [problem.code for problem in check_document(made, **more)]


def texts(root, path):
    return [element.text for element in root.iterfind(".//" + path)]


def full_document():
    """A document that uses every block."""
    lines = (
        line("120.00", "2", description="Vigilanza ispettiva – zona “Nord”\n€ 120", unit="mesi", item_code="VI01", is_withheld=True),
        line("33.333333", "3", discounts=(Discount(percent=Decimal("10.00")), Discount(amount=Decimal("1.5"), is_surcharge=True))),
        line("50.00", None, "0", "N4", period_from=datetime.date(2026, 3, 1), period_to=datetime.date(2026, 3, 31), kind="AC"),
        line("-5.00", "1", other=(records.OtherData("NOTA", "città", Decimal("1.5"), datetime.date(2026, 1, 1)),), cost_reference="A1"),
    )
    return document(
        *lines,
        kind="TD24",
        stamp_duty=Decimal("2.00"),
        withholdings=(Withholding("RT02", Decimal("9.60"), Decimal("4.00"), "W"),),
        notes=("x" * 450,),
        references=(
            DocumentReference("invoice", "12", datetime.date(2026, 1, 2)),
            DocumentReference("contract", "C-7", agreement_code="Lotto 2", project_code="B11B22", tender_code="Z123", line_numbers=(1, 2)),
        ),
        attachments=(records.Attachment("rapporto.pdf", b"%PDF", description="Rapporto"),),
    )


def test_a_document_with_every_block_is_valid_and_in_order():
    root = assert_valid(invoice_xml(full_document()))
    assert root.get("versione") == "FPR12"
    assert texts(root, "DettaglioLinee/Descrizione")[0] == 'Vigilanza ispettiva - zona "Nord" EUR 120'
    assert texts(root, "PrezzoUnitario") == ["120.00", "33.333333", "50.00", "-5.00"]
    assert [len(text) for text in texts(root, "Causale")] == [200, 200, 50]


def test_a_public_body_gets_the_format_of_the_administration():
    made = document(line("800.40", "1"), buyer=PUBLIC_BODY, exigibility="S")
    root = assert_valid(invoice_xml(made))
    assert root.get("versione") == "FPA12" and texts(root, "CodiceDestinatario") == ["UFE0A1"]
    assert texts(root, "ImportoTotaleDocumento") == ["976.49"] and texts(root, "ImportoPagamento") == ["800.40"]


def test_a_person_has_name_and_surname():
    root = assert_valid(invoice_xml(document(buyer=PERSON)))
    assert texts(root, "CessionarioCommittente//Cognome") == ["Dell'Orto"] and texts(root, "CessionarioCommittente//Denominazione") == []


def test_a_foreign_customer_has_a_postcode_of_zeros():
    address = records.Address("Rue de la Paix", "75002", "Paris", country="FR", province="ZZZ")
    buyer = records.Buyer(address, name="Société", vat_country="FR", vat_number="40303265045", recipient_code="XXXXXXX")
    root = assert_valid(invoice_xml(document(line(rate="0", nature="N2.1"), buyer=buyer)))
    assert texts(root, "CessionarioCommittente/Sede/CAP") == ["00000"]


@pytest.mark.parametrize("kind", ["TD01", "TD04", "TD05", "TD24", "TD25"])
def test_each_kind_of_document_is_valid(kind):
    references = (DocumentReference("invoice", "2026/100", datetime.date(2026, 2, 28)),)
    assert_valid(invoice_xml(document(kind=kind, references=references)))


def test_delivery_notes_and_who_makes_out_a_self_invoice_are_in_the_file():
    notes = (DocumentReference("delivery", "DDT 7", datetime.date(2026, 3, 2), line_numbers=(1,)), DocumentReference("order", "ODA 1"))
    made = document(kind="TD24", references=notes, issuer="CC", transmitter_country="IT", transmitter_id="01849250483")
    root = assert_valid(invoice_xml(made))
    assert texts(root, "DatiDDT/NumeroDDT") == ["DDT 7"] and texts(root, "DatiDDT/DataDDT") == ["2026-03-02"]
    assert texts(root, "SoggettoEmittente") == ["CC"] and texts(root, "IdTrasmittente/IdCodice") == ["01849250483"]
    undated = document(kind="TD24", references=(DocumentReference("delivery", "DDT 7"),))
    assert [problem.field for problem in check_document(undated)] == ["references.0.on"]


def test_an_independent_reader_finds_the_same_amounts():
    made = full_document()
    read = a38.auto_from_etree(xml.etree.ElementTree.fromstring(invoice_xml(made)))
    body, header = read.fattura_elettronica_body[0], read.fattura_elettronica_header
    assert header.cedente_prestatore.dati_anagrafici.id_fiscale_iva.id_codice == SELLER.vat_number
    assert body.dati_generali.dati_generali_documento.importo_totale_documento == made.total
    assert [part.prezzo_totale for part in body.dati_beni_servizi.dettaglio_linee] == [part.total for part in made.lines]
    assert [(row.imponibile_importo, row.imposta) for row in body.dati_beni_servizi.dati_riepilogo] == [
        (row.net, row.vat) for row in made.summary
    ]
    assert sum(due.importo_pagamento for due in body.dati_pagamento[0].dettaglio_pagamento) == made.payable


# ---- controls ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "quantity", "total", "passes"),
    [
        ("20.5", "1", "20.48", False),
        ("20.5", "1", "20.49", True),
        ("20.5", "1", "20.50", True),
        ("20.5", "1", "20.51", True),
        ("20.5", "1", "20.52", False),
        ("13.4426", "2", "26.89", True),
        ("5.7377", "0.2", "1.15", True),
        ("12.235", "1", "12.24", True),
        ("0.865951", "98", "84.863198", True),
    ],
)
def test_a_line_total_may_differ_by_one_cent(price, quantity, total, passes):
    net = Decimal(total).quantize(Decimal("0.01"))
    made = document(
        line(price, quantity, total=total), summary=(VatSummaryRow(Decimal(22), net, (net * 22 / 100).quantize(Decimal("0.01"))),)
    )
    assert codes(made) == ([] if passes else ["00423"])


def test_discounts_apply_one_after_the_other_and_an_amount_wins():
    assert line("0.093", "200", discounts=(Discount(Decimal(48)),)).total == Decimal("9.67")
    assert codes(document(line("0.093", "200", discounts=(Discount(Decimal(48)),), total="9.66"))) == []
    twice = line("100", "1", discounts=(Discount(Decimal(10)), Discount(Decimal(10))))
    assert twice.total == Decimal("81.00")
    assert line("100", "1", discounts=(Discount(Decimal(10), Decimal(5)),)).total == Decimal("95.00")


@pytest.mark.parametrize(("tax", "passes"), [("21.98", False), ("21.99", True), ("22.01", True), ("22.02", False)])
def test_the_tax_may_differ_by_one_cent(tax, passes):
    made = document(summary=(VatSummaryRow(Decimal(22), Decimal("100.00"), Decimal(tax)),))
    assert codes(made) == ([] if passes else ["00421"])


@pytest.mark.parametrize(("net", "passes"), [("99.00", False), ("99.01", True), ("100.99", True), ("101.00", False)])
def test_the_taxable_amount_may_differ_by_less_than_one_euro(net, passes):
    tax = (Decimal(net) * 22 / 100).quantize(Decimal("0.01"))
    made = document(summary=(VatSummaryRow(Decimal(22), Decimal(net), tax),))
    assert codes(made) == ([] if passes else ["00422"])


def with_seller(made, **changes):
    return replaced(made, seller=replaced(made.seller, **changes))


def with_buyer(**changes):
    return document(buyer=replaced(COMPANY, **changes))


FUND = records.PensionFund("TC22", Decimal(4), Decimal("0.50"), Decimal(22))
REFUSED = {
    "00301": lambda: with_seller(document(), vat_number="00743110158", tax_code=""),
    "00302": lambda: with_seller(document(), tax_code="00743110158"),
    "00305": lambda: with_buyer(vat_number="01849250484"),
    "00306": lambda: with_buyer(tax_code="RCCMNL83S18D969K"),
    "00313": lambda: with_buyer(recipient_code="XXXXXXX"),
    "00400": lambda: document(line(rate="0")),
    "00401": lambda: document(line(nature="N4")),
    "00411": lambda: document(line(is_withheld=True)),
    "00413": lambda: document(pension_funds=(replaced(FUND, vat_rate=Decimal(0)),)),
    "00414": lambda: document(pension_funds=(replaced(FUND, nature="N4"),)),
    "00415": lambda: document(pension_funds=(replaced(FUND, is_withheld=True),)),
    "00417": lambda: with_buyer(vat_number="", tax_code=""),
    "00418": lambda: document(kind="TD04", references=(DocumentReference("invoice", "7", datetime.date(2026, 4, 1)),)),
    "00419": lambda: document(line(), line(rate="10"), summary=(VatSummaryRow(Decimal(22), Decimal("100.00"), Decimal("22.00")),)),
    "00420": lambda: document(
        line(rate="0", nature="N6.7"), summary=(VatSummaryRow(Decimal(0), Decimal("100.00"), Decimal("0.00"), "N6.7", "S"),)
    ),
    "00424": lambda: document(line(rate="0.22")),
    "00425": lambda: document(number="ABC"),
    "00427": lambda: with_buyer(recipient_code="UFE0A1"),
    "00429": lambda: document(line(rate="0", nature="N4"), summary=(VatSummaryRow(Decimal(0), Decimal("100.00"), Decimal("0.00")),)),
    "00430": lambda: document(summary=(VatSummaryRow(Decimal(22), Decimal("100.00"), Decimal("22.00"), "N4"),)),
    "00438": lambda: document(line(discounts=(Discount(),))),
    "00444": lambda: document(
        line(rate="0", nature="N4"),
        line("1", rate="0", nature="N1"),
        summary=(VatSummaryRow(Decimal(0), Decimal("101.00"), Decimal(0), "N4"),),
    ),
    "00445": lambda: document(line(rate="0", nature="N2")),
    "00471": lambda: with_buyer(vat_number=SELLER.vat_number, tax_code=""),
    "00472": lambda: document(kind="TD27"),
    "00473": lambda: document(kind="TD17"),
    "00474": lambda: document(line(rate="0", nature="N4"), kind="TD21"),
    "00475": lambda: document(buyer=PERSON, kind="TD20"),
    "00476": lambda: with_seller(with_buyer(vat_country="FR", recipient_code="XXXXXXX"), country="DE"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_document_that_would_be_refused_is_not_written(code):
    made = REFUSED[code]()
    assert code in codes(made)
    assert all(str(problem) and "{" not in str(problem) for problem in check_document(made))
    with pytest.raises(InvalidInput):
        invoice_xml(made)


def test_a_document_of_tomorrow_waits():
    assert codes(document(), today=datetime.date(2026, 3, 30)) == ["00403"]
    assert codes(document(), today=datetime.date(2026, 3, 31)) == []


def test_payments_sum_to_what_is_to_be_paid():
    problems = check_document(document(payments=(PaymentDue("MP05", Decimal("122.01")),)))
    assert [problem.field for problem in problems] == ["payments"]


def test_a_withholding_lowers_what_is_paid():
    made = document(line("10.00", is_withheld=True), withholdings=(Withholding("RT02", Decimal("2.00"), Decimal("20.00"), "A"),))
    assert made.payable == Decimal("10.20") and codes(made) == []


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (lambda: document(line(description="x" * 1001)), "lines.0.description"),
        (lambda: document(line(description="  ")), "lines.0.description"),
        (lambda: document(line(description="€" * 400)), "lines.0.description"),
        (lambda: document(number="1" * 21), "number"),
        (lambda: with_buyer(name="y" * 81), "buyer.name"),
        (lambda: with_buyer(address=replaced(COMPANY.address, postcode="1013")), "buyer.address.postcode"),
        (lambda: with_buyer(address=replaced(COMPANY.address, province="to")), "buyer.address.province"),
        (lambda: document(line("1.123456789", total="1.12")), "lines.0.unit_price"),
        (lambda: document(line(quantity="-1")), "lines.0.quantity"),
        (lambda: document(payments=(PaymentDue("MP99", Decimal("122.00")),)), "payments.0.method"),
        (lambda: document(payments=(PaymentDue("MP05", Decimal("122.00"), iban="IT60 X054"),)), "payments.0.iban"),
        (lambda: document(line(rate="101")), "lines.0.vat_rate"),
        (lambda: document(line("NaN", total="NaN"), summary=()), "lines.0.unit_price"),
        (lambda: with_seller(document(), phone="12"), "seller.phone"),
        (lambda: with_seller(document(), tax_regime="RF03"), "seller.tax_regime"),
    ],
)
def test_what_the_schema_refuses_is_named_by_field(made, field):
    assert field in [problem.field for problem in check_document(made())]


def test_file_names_count_in_base_36():
    assert file_name("IT", "01234567890", 0) == "IT01234567890_00000.xml"
    assert file_name("IT", "01234567890", 36**5 - 1) == "IT01234567890_ZZZZZ.xml"
    for country, transmitter, counter in (("IT", "01234567890", 36**5), ("IT", "123", 1), ("IT", "01234567890", -1)):
        with pytest.raises(InvalidInput):
            file_name(country, transmitter, counter)


def test_attachments_stop_at_five_megabytes():
    with pytest.raises(InvalidInput):
        invoice_xml(document(attachments=(records.Attachment("a.bin", b"x" * 4_000_000),)))


# ---- any document -----------------------------------------------------------------------------------------------------

money = st.decimals("-99999.99", "99999.99", places=2)
prices = st.decimals("-9999", "9999", places=8) | money
percents = st.decimals("0", "100", places=2)
discounts = st.builds(Discount, st.none() | percents, st.decimals("0", "50", places=4), st.booleans()) | st.builds(
    Discount, percents, st.none(), st.booleans()
)
taxes = st.sampled_from(
    [("22", ""), ("10", ""), ("4", ""), ("5", ""), ("0", "N1"), ("0", "N4"), ("0", "N2.2"), ("0", "N6.7"), ("0", "N3.5")]
)


@st.composite
def lines(draw):
    rate, nature = draw(taxes)
    quantity = draw(st.none() | st.decimals("0", "9999", places=4))
    text = draw(st.text(min_size=0, max_size=60))
    return line(
        str(draw(prices)),
        None if quantity is None else str(quantity),
        rate,
        nature,
        description="Servizio " + text,
        discounts=tuple(draw(st.lists(discounts, max_size=3))),
    )


@settings(max_examples=120, deadline=None)
@given(
    st.lists(lines(), min_size=1, max_size=6),
    st.sampled_from(["I", "D", "S"]),
    st.sampled_from([COMPANY, PERSON, PUBLIC_BODY]),
    st.text(max_size=80),
)
def test_any_document_is_valid_and_its_totals_agree(parts, exigibility, buyer, note):
    made = document(*parts, buyer=buyer, exigibility=exigibility, notes=(note,))
    assert codes(made) == []
    root = assert_valid(invoice_xml(made))
    nets = sum(Decimal(text) for text in texts(root, "ImponibileImporto"))
    taxes_ = sum(Decimal(text) for text in texts(root, "Imposta"))
    assert nets == sum(Decimal(text) for text in texts(root, "PrezzoTotale"))
    assert [Decimal(text) for text in texts(root, "ImportoTotaleDocumento")] == [nets + taxes_]
    paid = sum(Decimal(text) for text in texts(root, "ImportoPagamento"))
    assert paid == (nets if exigibility == "S" else nets + taxes_)
