"""What a check of the books found, on paper: for each anomaly what it means, what to do and the first rows; then what is in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportlab.lib.colors import HexColor

from cms_desktop.core import formats
from cms_desktop.modules.base.records import IntegrityFinding, IntegrityReport, Letterhead
from reports.invoice.page import INK_2, INK_3, Paper
from reports.lines import LineWriter

BAD, GOOD = HexColor("#B3261E"), HexColor("#1B7A43")
MOST_ROWS = 20
SampleText = Callable[[Mapping[str, Any]], str]


def integrity_pdf(report: IntegrityReport, letterhead: Letterhead, *, origin: str, sample_text: SampleText) -> bytes:
    """The report as A4 pages. `origin`: who asked; `sample_text`: a found row in words."""
    paper = Paper("Controllo dei libri", letterhead.name, letterhead.accent)
    writer = LineWriter(paper, f"{letterhead.name} · Controllo dei libri")
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


def _write_finding(writer: LineWriter, number: int, finding: IntegrityFinding, sample_text: SampleText) -> None:
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
