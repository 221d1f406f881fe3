import datetime
import io
import re
from decimal import Decimal

import pytest
from PIL import Image
from pypdf import PdfReader

from cms_desktop.core import formats
from cms_desktop.core.money import round_cents
from cms_desktop.modules.billing.fatturapa.records import Discount, DocumentReference, Withholding
from reports.invoice import typeface, words
from reports.invoice.labels import LABELS
from reports.invoice.layout import Letterhead, invoice_pdf
from reports.invoice.page import Paper
from reports.letterhead import wrapped_between_items
from tests.modules.billing.invoices import COMPANY, PUBLIC_BODY, document, line, replaced

LETTERHEAD = Letterhead("Vigilanza Aurora S.r.l.", ("Via dell'Industria 14, 20139 Milano",), ("REA MI-1234567",))


def pages(made, **more):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(invoice_pdf(made, LETTERHEAD, **more))).pages]


@pytest.fixture(params=["embedded", "helvetica"])
def each_typeface(request, monkeypatch, tmp_path):
    """With the font files (when they are there) and without them."""
    if request.param == "helvetica":
        monkeypatch.setattr(typeface, "FOLDER", tmp_path)
    typeface.typeface.cache_clear()
    yield
    typeface.typeface.cache_clear()


@pytest.mark.usefixtures("each_typeface")
def test_one_page_shows_who_what_and_how_much():
    made = document(line("1250.00", "1", description="Canone di vigilanza", unit="mese"))
    (page,) = pages(made)
    for text in (
        "Fattura",
        "2026/125",
        "31/03/2026",
        COMPANY.name,
        COMPANY.vat_number,
        "Canone di vigilanza",
        "1.250,00",
        "275,00",
        "1.525,00",
        "30/04/2026",
        "Pagina 1 di 1",
    ):
        assert text in page, text
    assert "IT60 X054 2811 1010 0000 0123 456" in page and "Copia di cortesia priva di valore fiscale" in page


def test_many_lines_go_over_pages_and_carry_the_sum():
    parts = [line(f"{place}.25", "2", description=f"Servizio {place}") for place in range(1, 61)]
    found = pages(document(*parts))
    assert len(found) == 3 and all(f"Pagina {place} di 3" in page for place, page in enumerate(found, start=1))
    carried = [re.search(r"A riportare ([\d.,]+)", page) for page in found]
    brought = [re.search(r"Riporto ([\d.,]+)", page) for page in found]
    assert [match and match[1] for match in carried[:-1]] == [match and match[1] for match in brought[1:]]
    for page, match in zip(found[:-1], carried, strict=False):
        last = max(int(number) for number in re.findall(r"Servizio (\d+)", page))
        assert match[1] == formats.amount(sum(part.total for part in parts[:last]))
    text = " ".join(found)
    assert all(f"Servizio {place} " in text for place in range(1, 61))


def test_split_payment_says_who_pays_the_tax():
    (page,) = pages(document(line("800.40", "1"), buyer=PUBLIC_BODY, exigibility="S"))
    assert "Totale documento 976,49" in page and "800,40 €" in page.replace("\u00a0", " ") and "art. 17-ter" in page


def test_a_credit_note_names_its_invoice():
    made = document(kind="TD04", references=(DocumentReference("invoice", "2026/100", datetime.date(2026, 2, 28)),))
    (page,) = pages(made)
    assert "Nota di credito" in page and "2026/100 del 28/02/2026" in page and "Da accreditare" in page


def test_stamp_duty_withholding_and_discounts_are_printed():
    parts = (
        line("100", "1", discounts=(Discount(Decimal(10)), Discount(amount=Decimal("1.50"))), is_withheld=True),
        line("80", "1", "0", "N4"),
    )
    made = document(*parts, stamp_duty=Decimal("2.00"), withholdings=(Withholding("RT02", Decimal("3.54"), Decimal("4.00"), "W"),))
    page = pages(made)[0].replace("\u00a0", " ")
    assert "bollo assolta in modo virtuale: 2,00 €" in page and "Sconto 10% · 1,50 €" in page and "Ritenuta d'acconto" in page
    assert formats.amount(made.payable) in page


@pytest.mark.parametrize(
    ("language", "title", "payable"), [("en", "Invoice", "Amount due"), ("de", "Rechnung", "Zu zahlen"), ("fr", "Facture", "À payer")]
)
def test_customers_read_their_language(language: str, title: str, payable: str):
    page = pages(document(), language=language)[0]
    assert title in page and payable in page and "Da pagare" not in page and "Descrizione" not in page


def test_every_word_has_its_other_languages():
    for text in (*words.DOCUMENT_TITLES.values(), *words.PAYMENT_METHODS.values(), *words.REFERENCES.values()):
        assert all(LABELS[text])
    for text, others in LABELS.items():
        places = sorted(re.findall(r"{(\w+)}", text))
        assert all(sorted(re.findall(r"{(\w+)}", other)) == places for other in others), text


def test_long_notes_and_many_installments_go_on_to_a_next_page():
    made = document(notes=tuple(f"Nota {place} " + "testo " * 30 for place in range(40)))
    due = made.payments[0]
    share = round_cents(made.payable / 40)
    made = replaced(made, payments=(*(replaced(due, amount=share),) * 39, replaced(due, amount=made.payable - 39 * share)))
    found = pages(made)
    assert len(found) > 2 and "Nota 39" in found[-1]


def test_a_logo_stands_beside_the_name():
    content = io.BytesIO()
    Image.new("RGB", (200, 80), "#1B5BB5").save(content, "PNG")
    pdf = PdfReader(io.BytesIO(invoice_pdf(document(), replaced(LETTERHEAD, logo=content.getvalue()))))
    assert len(pdf.pages[0].images) == 1


def test_a_logo_with_transparency_is_packed_once_and_stands_in_every_document():
    content = io.BytesIO()
    Image.new("RGBA", (200, 80), (27, 91, 181, 90)).save(content, "PNG")
    letterhead = replaced(LETTERHEAD, logo=content.getvalue())
    for _ in range(2):
        image = PdfReader(io.BytesIO(invoice_pdf(document(), letterhead))).pages[0].images[0].image
        assert image is not None and image.size == (200, 80) and image.convert("RGBA").getpixel((5, 5)) == (27, 91, 181, 90)


def test_a_word_wider_than_its_column_is_broken():
    (page,) = pages(document(line(description="X" * 200)))
    assert page.count("X") >= 200


@pytest.mark.usefixtures("each_typeface")
@pytest.mark.parametrize("width", [60, 110, 150, 200, 270, 500])
def test_the_contacts_break_between_items_without_a_dangling_dot(width):
    items = ["011 5551234", "amministrazione@vigilanza-aurora.example.it", "vigilanza-aurora@pec.example.it"]
    paper = Paper("prova", "prova", "#1B5BB5")
    found = wrapped_between_items(paper, " · ".join(items), width, size=8)
    assert not any(one.strip(" ").startswith("·") or one.strip(" ").endswith("·") for one in found)
    assert "".join(found).replace(" · ", "").replace(" ", "") == "".join(items).replace(" ", "")
    assert all(len(paper.wrap(one, width, size=8)) == 1 for one in found)
    assert len(found) == 1 or width < 500


def test_all_contacts_stand_on_the_paper():
    contacts = "011 5551234 · amministrazione@vigilanza-aurora.example.it · vigilanza-aurora@pec.example.it"
    letterhead = Letterhead("Vigilanza Aurora S.r.l.", ("Via Garibaldi 12, 10122 Torino (TO)", "P. IVA 01234560017", contacts))
    text = PdfReader(io.BytesIO(invoice_pdf(document(line("10.00", "1")), letterhead))).pages[0].extract_text()
    rows = [row.strip() for row in text.splitlines()]
    assert all(item in text for item in contacts.split(" · "))
    assert not any(row.endswith("·") or row.startswith("·") for row in rows)
