"""Top and bottom of the invoice: letterhead, customer, what the document is; page numbers."""

from __future__ import annotations

from collections.abc import Callable

from cms_desktop.core import formats
from cms_desktop.modules.base.records import Letterhead
from cms_desktop.modules.billing.fatturapa.records import InvoiceDocument
from reports.invoice.page import EDGE, HEIGHT, INK_2, INK_3, LEFT, RIGHT, TOP, Paper
from reports.invoice.words import DOCUMENT_TITLES, REFERENCES
from reports.letterhead import LETTERHEAD_END, draw_letterhead

FIRST_TOP, NEXT_TOP = 276.0, 88.0
MIDDLE = 312.0  # where the customer's block starts
Words = Callable[..., str]
COURTESY = "Copia di cortesia priva di valore fiscale: l'originale è la fattura elettronica inviata al Sistema di Interscambio."


def title_of(document: InvoiceDocument, tr: Words) -> str:
    """A draft says that it is one: nobody takes it for a document of the books."""
    if document.stage == "pro_forma":
        return tr("Fattura pro-forma")
    title = tr(DOCUMENT_TITLES.get(document.document_type, "Documento"))
    return tr("Bozza di {title}", title=title[:1].lower() + title[1:]) if document.stage == "draft" else title


def draw_heading(paper: Paper, document: InvoiceDocument, letterhead: Letterhead, tr: Words) -> None:
    draw_letterhead(paper, letterhead)
    paper.text(RIGHT, TOP + 16, title_of(document, tr), size=20, font=paper.face.bold, align="right")
    paper.text(
        RIGHT,
        TOP + 31,
        tr("Copia di cortesia") if document.stage == "issued" else tr("Non valida ai fini fiscali"),
        size=8.5,
        color=INK_3,
        align="right",
    )
    paper.rule(LETTERHEAD_END + 4, color=paper.accent, width=1.2)
    _draw_facts(paper, document, tr)
    _draw_buyer(paper, document, tr)


def _draw_facts(paper: Paper, document: InvoiceDocument, tr: Words) -> None:
    """Number, date and references on the left of the customer."""
    facts = [(tr("Numero"), document.number or "–"), (tr("Data"), formats.date(document.issued_on))]
    facts.append((tr("Cod. destinatario"), document.buyer.recipient_code))
    for reference in document.references:
        day = f" {tr('del')} {formats.date(reference.on)}" if reference.on else ""
        facts.append((tr(REFERENCES[reference.kind]), f"{reference.document_id}{day}"))
        facts += [(name, code) for name, code in (("CIG", reference.tender_code), ("CUP", reference.project_code)) if code]
    y = 146.0
    for place, (label, value) in enumerate(facts[:8]):
        paper.text(LEFT, y, label, size=8, color=INK_3)
        lead = place < 2
        font, size = (paper.face.bold, 10.0) if lead else (paper.face.regular, 8.5)
        paper.text(LEFT + 84, y, paper.wrap(value, 170, size=size, font=font)[0], size=size, font=font)
        y += 14.5 if lead else 13


def _draw_buyer(paper: Paper, document: InvoiceDocument, tr: Words) -> None:
    buyer, address = document.buyer, document.buyer.address
    paper.text(MIDDLE, 146, tr("Spett.le"), size=8, color=INK_3)
    width = RIGHT - MIDDLE
    y = paper.lines(
        MIDDLE, 161, paper.wrap(buyer.full_name, width, size=11, font=paper.face.bold)[:3], size=11, leading=14, font=paper.face.bold
    )
    street = f"{address.street} {address.number}".strip()
    city = f"{address.postcode} {address.city}" + (f" ({address.province})" if address.province else "")
    for text in (street, city, "" if address.country == "IT" else address.country):
        if text:
            y = paper.lines(MIDDLE, y + 1, paper.wrap(text, width, size=9.5)[:2], size=9.5, leading=12.5, color=INK_2)
    codes = [f"{tr('P. IVA')} {buyer.vat_country} {buyer.vat_number}"] if buyer.vat_number else []
    if buyer.tax_code and buyer.tax_code != buyer.vat_number:
        codes.append(f"{tr('C.F.')} {buyer.tax_code}")
    paper.text(MIDDLE, y + 3, "  ·  ".join(codes), size=8.5, color=INK_2)


def draw_continuation(paper: Paper, document: InvoiceDocument, letterhead: Letterhead, tr: Words) -> None:
    paper.text(LEFT, TOP + 10, paper.wrap(letterhead.name, 250, size=9.5, font=paper.face.bold)[0], size=9.5, font=paper.face.bold)
    text = f"{title_of(document, tr)} {document.number} {tr('del')} {formats.date(document.issued_on)}"
    paper.text(RIGHT, TOP + 10, text, size=9.5, font=paper.face.medium, color=INK_2, align="right")
    paper.text(LEFT, TOP + 23, paper.wrap(document.buyer.full_name, RIGHT - LEFT, size=8.5)[0], size=8.5, color=INK_3)
    paper.rule(TOP + 33, color=paper.accent, width=1.2)


def draw_footer(paper: Paper, letterhead: Letterhead, page: int, pages: int, tr: Words) -> None:
    y = HEIGHT - 58
    paper.rule(y, color=EDGE)
    paper.text(LEFT, y + 12, tr(COURTESY), size=7, color=INK_3)
    paper.text(
        RIGHT, y + 12, tr("Pagina {page} di {pages}", page=page, pages=pages), size=7.5, font=paper.face.medium, color=INK_2, align="right"
    )
    paper.lines(LEFT, y + 22, letterhead.footer[:2], size=7, leading=9, color=INK_3)
