"""Libro giornale on A4: entries in order of number with debit and credit, totals carried from page to page (art. 2216 and 2219 c.c.)."""

from __future__ import annotations

from cms_desktop.core import formats
from reports.invoice.page import EDGE, HEIGHT, INK_2, INK_3, LEFT, RIGHT, TOP, WASH, Paper
from reports.journal.records import JournalBook, JournalEntryText

DEBIT, CREDIT = RIGHT - 78.0, RIGHT
CODE, NAME = LEFT + 34.0, LEFT + 86.0
FIRST, BOTTOM, LEADING = TOP + 64.0, HEIGHT - 76.0, 11.0


def journal_pdf(book: JournalBook) -> bytes:
    """The part of the journal as PDF; pages are numbered within the year and the part."""
    return _Writer(book).written()


class _Writer:
    def __init__(self, book: JournalBook) -> None:
        self._book = book
        self._paper = Paper(f"Libro giornale {book.year}", book.letterhead.name, book.letterhead.accent)
        self._page, self._y = 0, 0.0
        self._debit = self._credit = book.carried

    def written(self) -> bytes:
        self._open_page()
        for entry in self._book.entries:
            self._write(entry)
        self._foot("Totale progressivo")
        return self._paper.finished()

    # -- pages
    def _open_page(self) -> None:
        paper, book = self._paper, self._book
        self._page += 1
        bold = paper.face.bold
        paper.text(LEFT, TOP + 6, paper.cut(book.letterhead.name, 330, size=10.5, font=bold), size=10.5, font=bold)
        details = " · ".join(line for line in book.letterhead.lines[:2] if line)
        paper.text(LEFT, TOP + 19, paper.cut(details, 380, size=7.5), size=7.5, color=INK_3)
        paper.text(RIGHT, TOP + 6, f"Libro giornale {book.year}", size=12, font=bold, align="right")
        paper.text(RIGHT, TOP + 19, f"Pagina {book.year}/{self._page}", size=8, color=INK_2, align="right")
        paper.box(LEFT, TOP + 30, RIGHT - LEFT, 16, WASH, radius=2)
        for x, title, align in (
            (LEFT + 4, "N.", "left"),
            (CODE, "Conto", "left"),
            (DEBIT, "Dare €", "right"),
            (CREDIT - 4, "Avere €", "right"),
        ):
            paper.text(x, TOP + 41, title, size=7.5, font=bold, color=INK_2, align=align)
        self._y = FIRST
        if self._debit or self._credit:
            self._sums(self._y, "Riporto")
            self._y += LEADING + 4

    def _foot(self, words: str) -> None:
        self._paper.rule(BOTTOM + 8, color=EDGE)
        self._sums(BOTTOM + 21, words)

    def _sums(self, y: float, words: str) -> None:
        bold = self._paper.face.bold
        self._paper.text(CODE, y, words, size=8, font=bold)
        self._paper.text(DEBIT, y, formats.amount(self._debit), size=8, font=bold, align="right")
        self._paper.text(CREDIT - 4, y, formats.amount(self._credit), size=8, font=bold, align="right")

    def _turn(self) -> None:
        self._foot("Da riportare")
        self._paper.next_page()
        self._open_page()

    # -- entries
    def _write(self, entry: JournalEntryText) -> None:
        paper = self._paper
        words = paper.wrap(f"{formats.date(entry.on_date)}  {entry.description}", DEBIT - CODE - 70, size=8.5, font=paper.face.bold)
        if self._y + LEADING * (len(words) + min(len(entry.lines), 2)) > BOTTOM:
            self._turn()
        paper.text(LEFT + 4, self._y, str(entry.number), size=8.5, font=paper.face.bold)
        self._y = paper.lines(CODE, self._y, words, size=8.5, leading=LEADING, font=paper.face.bold)
        for line in entry.lines:
            if self._y > BOTTOM:
                self._turn()
            name = f"{line.account_name} · {line.customer}" if line.customer else line.account_name
            paper.text(CODE, self._y, line.account_code, size=8, color=INK_2)
            paper.text(NAME, self._y, paper.cut(name, DEBIT - NAME - 72, size=8), size=8)
            for x, amount in ((DEBIT, line.debit), (CREDIT - 4, line.credit)):
                if amount:
                    paper.text(x, self._y, formats.amount(amount), size=8, align="right")
            self._debit += line.debit
            self._credit += line.credit
            self._y += LEADING
        self._y += 2
        paper.rule(self._y - LEADING + 4)
        self._y += 4
