"""Courtesy copies a second and core, with logo and letterhead, and whether memory stays where it is while their number grows."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measure import Measure, grown, seconds_of
from benchmarks.xml import document
from cms_desktop.modules.base.records import Letterhead
from reports.invoice.layout import invoice_pdf


def run(_place: object, quick: bool) -> Iterator[Measure]:
    many = 20 if quick else 1_000
    letterhead = Letterhead(
        "Vigilanza di Misura S.r.l.", ("Via dell'Industria 14 · 20139 Milano (MI)", "P. IVA 00743110157"), ("REA MI-1234567",), _logo()
    )
    languages = ("it", "it", "it", "en", "de", "fr")
    invoice_pdf(document(0), letterhead)  # typeface and logo are read once in a process

    def make(first: int, count: int) -> int:
        return sum(len(invoice_pdf(document(n), letterhead, language=languages[n % 6])) for n in range(first, first + count))

    least = seconds_of(lambda: [_bare(n) for n in range(many)])
    began, worked = time.perf_counter(), time.process_time()
    size = make(1, many)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    more: dict[str, float | int | str] = {"bytes_each": size // many, "per_core_second": many / worked}
    yield Measure("pdf", many, took, least, more | {"grown_kilobytes": grown(lambda: make(many, 2 * many))})


def _bare(number: int) -> bytes:
    """The floor: a page with as many words, without typeface, logo or layout."""
    content = io.BytesIO()
    canvas = Canvas(content)
    for line in range(40):
        canvas.drawString(40, 800 - 18 * line, f"Documento {number}, riga {line}")
        canvas.drawRightString(540, 800 - 18 * line, "122,00")
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def _logo() -> bytes:
    """A picture of the size that companies send."""
    picture = Image.new("RGBA", (660, 372), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for place in range(60):
        draw.ellipse((place * 9, place * 5, place * 9 + 80, place * 5 + 80), fill=(place * 4, 90, 200 - place * 2, 255))
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
