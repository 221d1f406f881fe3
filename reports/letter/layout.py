"""A letter on the company's paper: recipient where a window envelope shows it, subject, paragraphs and tables over pages, signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms_desktop.modules.base.letters import Letter, LetterTable
from cms_desktop.modules.base.records import Letterhead
from reports.invoice.page import EDGE, HEIGHT, INK, INK_2, INK_3, LEFT, RIGHT, TOP, WASH, Paper
from reports.letterhead import LETTERHEAD_END, draw_letterhead

BODY_LEFT, BODY_RIGHT = LEFT + 12, RIGHT - 12
WINDOW_X, WINDOW_Y = 312.0, 152.0  # 110 mm from the left, 54 mm from the top: right-hand window of a DL envelope
BODY_TOP, NEXT_TOP, BOTTOM = 268.0, 88.0, HEIGHT - 86.0
SIZE, LEADING, GAP = 10.0, 14.5, 8.0
ROW, HEAD = 17.0, 20.0
WORDS = {"it": ("Oggetto", "Pagina {page} di {pages}"), "en": ("Subject", "Page {page} of {pages}"),
         "de": ("Betreff", "Seite {page} von {pages}"), "fr": ("Objet", "Page {page} sur {pages}")}  # fmt: skip
Draw = Callable[[Paper, float], None]


def letters_pdf(letters: Sequence[Letter], letterhead: Letterhead, *, signature: bytes = b"", title: str = "") -> bytes:
    """The letters as one PDF, each beginning on its own page. `signature` is printed below the last paragraph."""
    paper = Paper(title or (letters[0].subject if letters else ""), letterhead.name, letterhead.accent)
    is_first = True
    for letter in letters:
        pages = _placed(paper, letter, signature)
        for number, pieces in enumerate(pages, start=1):
            if not is_first:
                paper.next_page()
            is_first = False
            if number == 1:
                _draw_first(paper, letter, letterhead)
            else:
                _draw_next(paper, letter, letterhead)
            for y, draw in pieces:
                draw(paper, y)
            _draw_foot(paper, letterhead, WORDS[letter.language][1].format(page=number, pages=len(pages)) if len(pages) > 1 else "")
    return paper.finished()


class _Flow:
    """Lines and tables one below the other; what does not fit opens a page."""

    def __init__(self) -> None:
        self.pages: list[list[tuple[float, Draw]]] = [[]]
        self.y = BODY_TOP

    def place(self, height: float, draw: Draw, *, least: float = 0.0) -> None:
        """`least`: how much must fit below besides, so that a heading or a first line does not stand alone."""
        if self.y + height + least > BOTTOM and self.pages[-1]:
            self.pages.append([])
            self.y = NEXT_TOP
        self.pages[-1].append((self.y, draw))
        self.y += height

    def skip(self, height: float) -> None:
        self.y += height


def _placed(paper: Paper, letter: Letter, signature: bytes) -> list[list[tuple[float, Draw]]]:
    flow = _Flow()
    for line in paper.wrap(f"{WORDS[letter.language][0]}: {letter.subject}", BODY_RIGHT - BODY_LEFT, size=SIZE, font=paper.face.bold):
        flow.place(LEADING, _line(line, bold=True), least=3 * LEADING)
    flow.skip(GAP + 4)
    for block in letter.blocks:
        if isinstance(block, LetterTable):
            _place_table(flow, paper, block)
            flow.skip(4)
        else:
            _place_paragraph(flow, paper, block)
        flow.skip(GAP)
    if signature:
        flow.place(64, lambda on, y: _draw_signature(on, y, signature))
    return flow.pages


def _place_paragraph(flow: _Flow, paper: Paper, text: str) -> None:
    lines = paper.wrap(text, BODY_RIGHT - BODY_LEFT, size=SIZE)
    for place, line in enumerate(lines):
        is_widow_start = place == 0 and len(lines) > 1
        flow.place(LEADING, _line(line), least=LEADING if is_widow_start or place == len(lines) - 2 else 0.0)


def _line(text: str, *, bold: bool = False) -> Draw:
    def draw(paper: Paper, y: float) -> None:
        paper.text(BODY_LEFT, y + 10, text, size=SIZE, font=paper.face.bold if bold else paper.face.regular, color=INK)

    return draw


def _place_table(flow: _Flow, paper: Paper, table: LetterTable) -> None:
    edges = _edges(paper, table)
    flow.place(HEAD, _table_row(table, table.headers, edges, is_head=True), least=ROW)
    for row in table.rows:
        if flow.y + ROW > BOTTOM:
            flow.place(HEAD, _table_row(table, table.headers, edges, is_head=True), least=ROW)
        flow.place(ROW, _table_row(table, row, edges, is_head=False))


def _edges(paper: Paper, table: LetterTable) -> list[tuple[float, float]]:
    """Left and right of every column: as wide as its texts want; what is left over (or missing) is the first column's."""
    whole = BODY_RIGHT - BODY_LEFT
    wanted = []
    for place in range(len(table.headers)):
        texts = [table.headers[place], *(row[place] for row in table.rows)]
        wanted.append(max(paper.width(text, size=9) for text in texts) + 16)
    wanted[0] = max(80.0, whole - sum(wanted[1:]))
    scale = min(1.0, whole / sum(wanted))
    edges, x = [], BODY_LEFT
    for width in wanted:
        edges.append((x, x + width * scale))
        x += width * scale
    return edges


def _table_row(table: LetterTable, cells: tuple[str, ...], edges: Sequence[tuple[float, float]], *, is_head: bool) -> Draw:
    def draw(paper: Paper, y: float) -> None:
        if is_head:
            paper.box(BODY_LEFT, y, BODY_RIGHT - BODY_LEFT, HEAD - 3, WASH)
        for place, (text, (left, right)) in enumerate(zip(cells, edges, strict=True)):
            font = paper.face.medium if is_head else paper.face.regular
            size, color = (8.0, INK_2) if is_head else (9.0, INK)
            shown = paper.cut(text, right - left - 12, size=size, font=font)
            is_right = place in table.numeric
            paper.text(right - 6 if is_right else left + 6, y + 12, shown, size=size, font=font, color=color,
                       align="right" if is_right else "left")  # fmt: skip
        if not is_head:
            paper.rule(y + ROW, left=BODY_LEFT, right=BODY_RIGHT)

    return draw


def _draw_first(paper: Paper, letter: Letter, letterhead: Letterhead) -> None:
    draw_letterhead(paper, letterhead, whole=RIGHT - LEFT)
    paper.rule(LETTERHEAD_END + 4, color=paper.accent, width=1.2)
    paper.text(BODY_LEFT, WINDOW_Y + 10, letter.place_and_date, size=SIZE, color=INK_2)
    y = WINDOW_Y + 10
    for place, text in enumerate(letter.recipient):
        font = paper.face.bold if place == 0 else paper.face.regular
        for line in paper.wrap(text, RIGHT - WINDOW_X, size=SIZE, font=font)[:3]:
            paper.text(WINDOW_X, y, line, size=SIZE, font=font)
            y += 14


def _draw_next(paper: Paper, letter: Letter, letterhead: Letterhead) -> None:
    paper.text(LEFT, TOP + 10, paper.cut(letterhead.name, 240, size=9.5, font=paper.face.bold), size=9.5, font=paper.face.bold)
    subject = paper.cut(letter.subject, 240, size=9, font=paper.face.regular)
    paper.text(RIGHT, TOP + 10, subject, size=9, color=INK_2, align="right")
    paper.rule(TOP + 20, color=paper.accent, width=1.2)


def _draw_signature(paper: Paper, y: float, signature: bytes) -> None:
    paper.image(signature, WINDOW_X, y + 4, 150, 56)


def _draw_foot(paper: Paper, letterhead: Letterhead, page: str) -> None:
    """`page`: "Pagina 1 di 2"; empty on a letter of one page."""
    y = HEIGHT - 58
    paper.rule(y, color=EDGE)
    lines: list[str] = []
    for text in letterhead.footer:
        lines += paper.wrap(text, RIGHT - LEFT - 70, size=7)
    paper.lines(LEFT, y + 12, lines[:4], size=7, leading=9, color=INK_3)
    paper.text(RIGHT, y + 12, page, size=7.5, font=paper.face.medium, color=INK_2, align="right")
