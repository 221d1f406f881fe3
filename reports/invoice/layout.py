"""The invoice on paper (courtesy copy): letterhead, customer, lines over pages with carry-over, VAT, due dates, notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cms_desktop.core import formats
from cms_desktop.core.money import ZERO, round_cents
from cms_desktop.modules.billing.fatturapa.records import Discount, DocumentLine, InvoiceDocument
from reports.invoice.closing import place_closing
from reports.invoice.heading import FIRST_TOP, NEXT_TOP, Letterhead, draw_continuation, draw_footer, draw_heading, title_of
from reports.invoice.page import HEIGHT, INK_2, INK_3, LEFT, RIGHT, WASH, Paper
from reports.invoice.words import words

__all__ = ["Letterhead", "invoice_pdf"]

BOTTOM = HEIGHT - 74.0
CARRY = 20.0
QUANTITY_X, PRICE_X, DISCOUNT_X, VAT_X, AMOUNT_X = 328.0, 394.0, 442.0, 480.0, RIGHT - 8
DESCRIPTION_WIDTH = 224.0
Draw = Callable[[Paper, float], None]


@dataclass(frozen=True)
class _Row:
    """A line of the document, measured."""

    line: DocumentLine
    description: tuple[str, ...]
    remarks: tuple[str, ...]
    discount: str

    @property
    def height(self) -> float:
        return 10.0 + 11.5 * len(self.description) + 10.5 * len(self.remarks)


class Flow:
    """Pieces placed one below the other; a piece that does not fit opens a page. Nothing is drawn before the pages are counted."""

    def __init__(self) -> None:
        self.pages: list[list[tuple[float, Draw]]] = [[]]
        self.y = FIRST_TOP

    def fits(self, height: float) -> bool:
        return self.y + height <= BOTTOM

    def open_page(self) -> None:
        self.pages.append([])
        self.y = NEXT_TOP

    def place(self, height: float, draw: Draw) -> None:
        if not self.fits(height) and self.pages[-1]:
            self.open_page()
        self.pages[-1].append((self.y, draw))
        self.y += height


def invoice_pdf(document: InvoiceDocument, letterhead: Letterhead, *, language: str = "it") -> bytes:
    """The document as a PDF of A4 pages; `language` "it", "en", "de" or "fr"."""
    tr = words(language)
    paper = Paper(f"{title_of(document, tr)} {document.number}", letterhead.name, letterhead.accent)
    flow = Flow()
    _place_lines(flow, [_measured(paper, line, tr) for line in document.lines], tr)
    place_closing(flow, document, paper, tr)
    for number, pieces in enumerate(flow.pages, start=1):
        if number == 1:
            draw_heading(paper, document, letterhead, tr)
        else:
            paper.next_page()
            draw_continuation(paper, document, letterhead, tr)
        for y, draw in pieces:
            draw(paper, y)
        draw_footer(paper, letterhead, number, len(flow.pages), tr)
    return paper.finished()


# ---- lines ------------------------------------------------------------------------------------------------------------


def _measured(paper: Paper, line: DocumentLine, tr: Callable[..., str]) -> _Row:
    description = paper.wrap(" ".join(line.description.split()), DESCRIPTION_WIDTH)
    remarks = []
    if line.period_from and line.period_to:
        remarks.append(tr("Periodo {start} – {end}", start=formats.date(line.period_from), end=formats.date(line.period_to)))
    elif line.period_from:
        remarks.append(tr("Dal {start}", start=formats.date(line.period_from)))
    discount = " · ".join(_discount_text(part) for part in line.discounts)
    if len(line.discounts) > 1 or len(discount) > 9:
        remarks += paper.wrap(f"{tr('Sconto')} {discount}", DESCRIPTION_WIDTH, size=8)
        discount = ""
    return _Row(line, description, tuple(remarks), discount)


def _place_lines(flow: Flow, rows: Sequence[_Row], tr: Callable[..., str]) -> None:
    flow.place(24, lambda paper, y: _draw_table_head(paper, y, tr))
    carried = ZERO
    for place, row in enumerate(rows):
        reserve = CARRY if place < len(rows) - 1 else 0.0
        if not flow.fits(row.height + reserve) and place:
            flow.place(CARRY, _carry(tr("A riportare"), carried))
            flow.open_page()
            flow.place(24, lambda paper, y: _draw_table_head(paper, y, tr))
            flow.place(CARRY, _carry(tr("Riporto"), carried))
        flow.place(row.height, _row(row))
        carried += round_cents(row.line.total)


def _draw_table_head(paper: Paper, y: float, tr: Callable[..., str]) -> None:
    paper.box(LEFT, y, RIGHT - LEFT, 20, WASH)
    for x, title, align in (
        (LEFT + 8, "Descrizione", "left"),
        (QUANTITY_X, "Q.tà", "right"),
        (PRICE_X, "Prezzo", "right"),
        (DISCOUNT_X, "Sconto", "right"),
        (VAT_X, "IVA", "right"),
        (AMOUNT_X, "Importo", "right"),
    ):
        paper.text(x, y + 13, tr(title), size=8, font=paper.face.medium, color=INK_2, align=align)


def _row(row: _Row) -> Draw:
    def draw(paper: Paper, y: float) -> None:
        line, top = row.line, y + 13
        below = paper.lines(LEFT + 8, top, row.description, leading=11.5)
        paper.lines(LEFT + 8, below - 0.5, row.remarks, size=8, leading=10.5, color=INK_3)
        quantity = "" if line.quantity is None else _decimals(line.quantity, 0)
        paper.text(QUANTITY_X, top, f"{quantity} {line.unit}".strip(), size=8.5, align="right")
        paper.text(PRICE_X, top, _decimals(line.unit_price, 2), size=8.5, align="right")
        if row.discount:
            paper.text(DISCOUNT_X, top, row.discount, size=8.5, align="right")
        paper.text(VAT_X, top, line.nature or f"{_decimals(line.vat_rate, 0)}%", size=8.5, align="right")
        paper.text(AMOUNT_X, top, formats.amount(line.total), align="right")
        paper.rule(y + row.height)

    return draw


def _carry(label: str, amount: Decimal) -> Draw:
    def draw(paper: Paper, y: float) -> None:
        paper.text(LEFT + 8, y + 13, label, size=8.5, font=paper.face.medium, color=INK_2)
        paper.text(AMOUNT_X, y + 13, formats.amount(amount), size=9, font=paper.face.medium, color=INK_2, align="right")
        paper.rule(y + CARRY)

    return draw


def _decimals(value: Decimal, least: int) -> str:
    """The number with the decimals it has, at least `least`."""
    exponent = value.normalize().as_tuple().exponent
    return formats.number(value, max(least, -exponent if isinstance(exponent, int) else 0))


def _discount_text(discount: Discount) -> str:
    sign = "+" if discount.is_surcharge else ""
    if discount.amount is not None:
        return f"{sign}{_decimals(discount.amount, 2)} €"
    return f"{sign}{_decimals(discount.percent or ZERO, 0)}%"
