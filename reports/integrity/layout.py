"""What a check of the books found, on paper: for each anomaly what it means, what to do and the first rows; then what is in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportlab.lib.colors import Color, HexColor

from cms_desktop.core import formats
from cms_desktop.modules.base.records import IntegrityFinding, IntegrityReport, Letterhead
from reports.invoice.page import EDGE, HEIGHT, INK, INK_2, INK_3, LEFT, RIGHT, TOP, Paper

BOTTOM, NEXT_TOP = HEIGHT - 70.0, TOP + 30
BAD, GOOD = HexColor("#B3261E"), HexColor("#1B7A43")
MOST_ROWS = 20
SampleText = Callable[[Mapping[str, Any]], str]


def integrity_pdf(report: IntegrityReport, letterhead: Letterhead, *, origin: str, sample_text: SampleText) -> bytes:
    """The report as A4 pages. `origin`: who asked; `sample_text`: a found row in words."""
    paper = Paper("Controllo dei libri", letterhead.name, letterhead.accent)
    writer = _Writer(paper, letterhead.name)
    run, when = report.run, report.run.started_at.astimezone()
    writer.line(letterhead.name, size=11, bold=True, after=2)
    writer.line("Controllo dei libri", size=20, bold=True, after=10)
    result = f"Anomalie trovate: {len(report.findings)}" if report.findings else "Nessuna anomalia: i libri sono in ordine."
    writer.line(result, size=12, bold=True, color=BAD if report.findings else GOOD)
    writer.line(f"{formats.long_date(when.date())} alle {when:%H:%M}, {origin}: {run.check_count} controlli.", color=INK_2, after=12)
    for number, finding in enumerate(report.findings, start=1):
        _write_finding(writer, number, finding, sample_text)
    if report.sound:
        writer.line("In ordine", size=12, bold=True, after=4)
        for one in report.sound:
            writer.line(f"– {one.title}", size=9, color=INK_2)
    writer.finish_page()
    return paper.finished()


def _write_finding(writer: _Writer, number: int, finding: IntegrityFinding, sample_text: SampleText) -> None:
    writer.keep(80)
    writer.line(f"{number}. {finding.check.title}", size=12, bold=True, after=1)
    writer.line(f"Righe: {formats.number(finding.row_count)}", size=8.5, color=INK_3, after=3)
    for title, text in (("Che cosa vuol dire", finding.check.meaning), ("Che cosa fare", finding.check.remedy)):
        if text:
            writer.line(title, size=8, bold=True, color=INK_2)
            writer.line(text, after=4)
    for row in finding.samples[:MOST_ROWS]:
        writer.line(sample_text(row), size=8, color=INK_2, indent=10)
    if finding.row_count > MOST_ROWS:
        writer.line(f"e altre {formats.number(finding.row_count - MOST_ROWS)}", size=8, color=INK_3, indent=10)
    writer.gap(14)


class _Writer:
    """Lines one below the other over pages."""

    def __init__(self, paper: Paper, name: str) -> None:
        self._paper, self._name, self._page = paper, name, 1
        self._y = TOP + 14

    def keep(self, height: float) -> None:
        """What follows needs so much room on one page."""
        if self._y + height > BOTTOM:
            self.open_page()

    def gap(self, height: float) -> None:
        self._y += height

    def line(self, text: str, *, size: float = 9.5, bold: bool = False, color: Color = INK, after: float = 0, indent: float = 0) -> None:
        font = self._paper.face.bold if bold else self._paper.face.regular
        for part in self._paper.wrap(text, RIGHT - LEFT - indent, size=size, font=font):
            self.keep(size * 1.4)
            self._paper.text(LEFT + indent, self._y, part, size=size, font=font, color=color)
            self._y += size * 1.4
        self._y += after

    def open_page(self) -> None:
        self.finish_page()
        self._paper.next_page()
        self._page += 1
        self._y = NEXT_TOP

    def finish_page(self) -> None:
        y = HEIGHT - 48
        self._paper.rule(y, color=EDGE)
        self._paper.text(LEFT, y + 12, f"{self._name} · Controllo dei libri", size=7.5, color=INK_3)
        self._paper.text(RIGHT, y + 12, f"Pagina {self._page}", size=7.5, color=INK_3, align="right")
