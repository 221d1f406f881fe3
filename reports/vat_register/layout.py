"""A month of a VAT register as A4 pages (art. 23 and 25 DPR 633/72): the documents in order of number, then the totals by VAT code.

Definitive pages are numbered by year and register; a draft says so on every page.
"""

from __future__ import annotations

from decimal import Decimal

from reportlab.lib.colors import HexColor

from cms_desktop.core import formats
from cms_desktop.modules.base.records import Letterhead
from cms_desktop.modules.billing.vat.records import RegisterMonth, RegisterRow, RegisterTotal
from reports.invoice.page import EDGE, HAIRLINE, HEIGHT, INK, INK_2, INK_3, WASH, WIDTH, Paper

LEFT, RIGHT = 34.0, WIDTH - 34.0
FIRST_LINE, LAST_LINE, STEP = 118.0, HEIGHT - 52.0, 12.4
SIZE = 7.3
DRAFT = HexColor("#B3261E")
TITLES = {
    "sales": "Registro delle fatture emesse (art. 23 DPR 633/72)",
    "purchases": "Registro degli acquisti: autofatture e integrazioni (art. 25 DPR 633/72)",
    "collected": "Registro dell'IVA a esigibilità differita incassata (art. 6 c. 5 DPR 633/72)",
}
EXIGIBILITY = {"I": "", "D": "differita", "S": "scissione"}
COLUMNS = (  # title, left edge or (right aligned) right edge, alignment
    ("Numero", LEFT, "left"), ("Data", 96.0, "left"), ("Tipo", 145.0, "left"), ("Cliente o fornitore", 170.0, "left"), ("Partita IVA / C.F.", 300.0, "left"),
    ("Codice", 376.0, "left"), ("Imponibile", 455.0, "right"), ("Imposta", 508.0, "right"), ("Totale", RIGHT, "right"),
)  # fmt: skip
NAME_WIDTH = 126.0


def register_pdf(month: RegisterMonth, letterhead: Letterhead, *, is_definitive: bool) -> tuple[bytes, int]:
    """The pages and how many they are. A month without documents has one page that says so."""
    section = f" – sezionale {month.section.code}" if month.section.code else ""
    paper = Paper(TITLES[month.section.register] + section, letterhead.name, letterhead.accent)
    writer = _Writer(paper, month, letterhead, is_definitive)
    writer.open_page()
    number = ""
    for one in month.rows:
        writer.document_row(one, is_first=number != one.document_number)
        number = one.document_number
    if not month.rows:
        writer.note("Nessun documento nel mese.")
    writer.totals()
    return paper.finished(), writer.pages


class _Writer:
    def __init__(self, paper: Paper, month: RegisterMonth, letterhead: Letterhead, is_definitive: bool) -> None:
        self._paper, self._month, self._letterhead, self._is_definitive = paper, month, letterhead, is_definitive
        self.pages, self._y = 0, 0.0

    def open_page(self) -> None:
        if self.pages:
            self._paper.next_page()
        paper, month, bold = self._paper, self._month, self._paper.face.bold
        paper.text(LEFT, 44, self._letterhead.name, size=11, font=bold)
        paper.text(LEFT, 57, paper.cut(" · ".join(self._letterhead.lines), RIGHT - LEFT - 130, size=SIZE), size=SIZE, color=INK_2)
        page = month.first_page + self.pages
        if self._is_definitive:
            paper.text(RIGHT, 44, f"Pagina {month.month_on.year}/{page}", size=9, font=bold, align="right")
        else:
            paper.text(RIGHT, 44, "Bozza, non valida come registro", size=9, font=bold, color=DRAFT, align="right")
            paper.text(RIGHT, 57, f"pagina {self.pages + 1}", size=SIZE, color=INK_3, align="right")
        section = f"Sezionale {month.section.code} – {month.section.name}" if month.section.code else ""
        paper.text(LEFT, 77, TITLES[month.section.register], size=9.5, font=bold)
        paper.text(LEFT, 90, section, size=8.5, color=INK_2)
        paper.text(RIGHT, 90, " ".join(formats.long_date(month.month_on).split()[-2:]), size=9.5, font=bold, align="right")
        paper.box(LEFT - 4, 97, RIGHT - LEFT + 8, 14, WASH)
        for title, x, align in COLUMNS:
            shown = "Incassata" if title == "Data" and month.section.register == "collected" else title
            paper.text(x, 107, shown, size=SIZE, font=paper.face.medium, color=INK_2, align=align)
        self.pages += 1
        self._y = FIRST_LINE + 6

    def _keep(self, height: float) -> None:
        if self._y + height > LAST_LINE:
            self.open_page()

    def note(self, text: str) -> None:
        self._paper.text(LEFT, self._y + 6, text, size=9, color=INK_2)
        self._y += 24

    def document_row(self, one: RegisterRow, *, is_first: bool) -> None:
        """Number, date and name stand once for a document of several rates."""
        self._keep(STEP)
        paper, y = self._paper, self._y
        if is_first or y < FIRST_LINE + 8:
            paper.rule(y - 9, left=LEFT, right=RIGHT, color=HAIRLINE, width=0.4)
            name = paper.cut(one.name, NAME_WIDTH, size=SIZE)
            first = (one.document_number, formats.date(one.registered_on), one.document_type, name, one.vat_number or one.tax_code)
            for text, (_, x, align) in zip(first, COLUMNS, strict=False):
                paper.text(x, y, text, size=SIZE, align=align)
        self._amounts(y, _code(one), one.net_amount, one.vat_amount, one.total_amount)
        self._y += STEP

    def _amounts(self, y: float, code: str, *amounts: Decimal, font: str = "") -> None:
        paper = self._paper
        paper.text(COLUMNS[5][1], y, paper.cut(code, 42, size=SIZE), size=SIZE, font=font)
        for amount, (_, x, _align) in zip(amounts, COLUMNS[6:], strict=True):
            paper.text(x, y, formats.amount(amount), size=SIZE, font=font, align="right", color=DRAFT if amount < 0 else INK)

    def totals(self) -> None:
        month, paper = self._month, self._paper
        self._keep(STEP * (len(month.totals) + 7) if len(month.totals) < 30 else STEP * 8)
        self._y += 6
        paper.rule(self._y - 9, left=LEFT, right=RIGHT, color=EDGE, width=0.9)
        paper.text(LEFT, self._y + 2, "Totali del mese per codice IVA", size=9, font=paper.face.bold)
        self._y += STEP + 4
        for one in month.totals:
            self._keep(STEP)
            paper.text(LEFT, self._y, paper.cut(_words(one), 330, size=SIZE), size=SIZE, color=INK_2)
            self._amounts(self._y, _code(one), one.net_amount, one.vat_amount, one.net_amount + one.vat_amount)
            self._y += STEP
        paper.rule(self._y - 8, left=LEFT, right=RIGHT, color=EDGE)
        documents = f"Documenti: {formats.number(len({row.invoice_id for row in month.rows}))}"
        paper.text(LEFT, self._y + 2, documents, size=SIZE, font=paper.face.bold)
        self._amounts(self._y + 2, "Totale", month.net_amount, month.vat_amount, month.net_amount + month.vat_amount, font=paper.face.bold)
        self._y += STEP + 8
        lines = [("Imposta in scissione dei pagamenti, versata dal cliente (art. 17-ter)", month.split_vat),
                 ("Imposta sospesa, dovuta all'incasso", month.suspended_vat)]  # fmt: skip
        for text, amount in [*((text, amount) for text, amount in lines if amount), ("Imposta esigibile nel periodo", month.due_vat)]:
            self._keep(STEP)
            paper.text(LEFT, self._y, text, size=8)
            paper.text(COLUMNS[7][1], self._y, formats.amount(amount), size=8, font=paper.face.bold, align="right")
            self._y += STEP


def _code(one: RegisterRow | RegisterTotal) -> str:
    return f"{one.code} {EXIGIBILITY[one.exigibility]}".strip()


def _words(one: RegisterTotal) -> str:
    rate = (
        f"Aliquota {formats.number(one.rate, 0 if one.rate == int(one.rate) else 2)}%"
        if one.rate or not one.nature
        else f"Natura {one.nature}"
    )
    count = f"{formats.number(one.document_count)} doc."
    return " · ".join(part for part in (rate, one.legal_reference, count) if part)
