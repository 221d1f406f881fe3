"""All that is kept of a person, on paper, as art. 12 of Regulation (EU) 2016/679 wants it: in plain words, a section a kind of record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from cms_desktop.core import formats
from cms_desktop.modules.base.records import Letterhead
from reports.invoice.page import INK_2, INK_3, Paper
from reports.lines import LineWriter

TITLE = "Dati personali"
WORD_WIDTH = 150.0


@dataclass(frozen=True)
class PersonSection:
    """Rows of one kind; each row is its fields in words, empty ones left out."""

    title: str
    rows: Sequence[Sequence[tuple[str, str]]]


def person_pdf(name: str, sections: Sequence[PersonSection], letterhead: Letterhead, *, on: datetime.date, origin: str) -> bytes:
    """The answer to a request of access (art. 15) as A4 pages. `origin`: where the request came from."""
    paper = Paper(f"{TITLE}: {name}", letterhead.name, letterhead.accent)
    writer = LineWriter(paper, f"{letterhead.name} · {TITLE}: {name}")
    writer.line(letterhead.name, size=11, bold=True, after=10)
    writer.line(TITLE, size=20, bold=True, after=4)
    writer.line(name, size=13, bold=True, after=8)
    writer.line(f"Consegnati: {formats.long_date(on)}. Richiesta: {origin}.", color=INK_2)
    writer.line(
        "Ecco tutti i dati che conserviamo, con quello che vi è collegato (artt. 15 e 20 del Regolamento UE 2016/679). "
        "Gli stessi dati sono nel foglio elettronico e nel file JSON che accompagnano questo documento.",
        color=INK_2, after=12,
    )  # fmt: skip
    shown = [section for section in sections if section.rows]
    for section in shown:
        _write_section(writer, section)
    if not shown:
        writer.line("Non conserviamo nessun dato.", bold=True)
    writer.finish_page()
    return paper.finished()


def _write_section(writer: LineWriter, section: PersonSection) -> None:
    writer.keep(70)
    writer.line(section.title, size=12, bold=True, after=1)
    writer.line(f"Righe: {formats.number(len(section.rows))}", size=8.5, color=INK_3, after=4)
    for row in section.rows:
        writer.keep(26)
        for word, value in row:
            writer.pair(word, value, indent=10, width=WORD_WIDTH)
        writer.gap(7)
    writer.gap(8)
