"""Pages of a PDF as pictures: the right size, the right words for what is no PDF, and safe from several threads."""

from __future__ import annotations

import io
import pathlib
import subprocess
import sys

import pytest
from reportlab.pdfgen.canvas import Canvas

from cms_desktop.core.errors import InvalidInput
from cms_desktop.documents.pages import draw_page, page_pictures

MANY_AT_ONCE = """
import concurrent.futures, pathlib, sys
from cms_desktop.documents.pages import draw_page, page_pictures
path = pathlib.Path(sys.argv[1])
content = path.read_bytes()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    whole = [pool.submit(page_pictures, content) for _ in range(40)]
    single = [pool.submit(draw_page, path, 1, 400) for _ in range(40)]
    assert {len(one.result()) for one in whole} == {3}
    assert {one.result().number for one in single} == {1}
"""


def pdf(pages: int) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(200, 300))
    for page in range(pages):
        for line in range(20):
            canvas.drawString(10, 280 - 12 * line, f"pagina {page}, riga {line}")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def test_every_page_becomes_a_picture_of_its_size_up_to_the_limit() -> None:
    pictures = page_pictures(pdf(5), scale=1.5, most=3)
    assert [(one.width, one.height, len(one.pixels)) for one in pictures] == [(300, 450, 300 * 450 * 3)] * 3
    assert min(pictures[0].pixels) == 0 and max(pictures[0].pixels) == 255


def test_a_single_page_is_as_wide_as_asked_and_a_number_too_high_gives_the_last(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "two.pdf"
    path.write_bytes(pdf(2))
    page = draw_page(path, 9, 400)
    assert (page.number, page.count, page.width, page.height) == (1, 2, 400, 600)
    assert len(page.pixels) == page.stride * page.height


def test_what_is_no_pdf_says_so(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"no PDF at all")
    with pytest.raises(InvalidInput, match="danneggiato"):
        draw_page(path, 0, 400)
    with pytest.raises(InvalidInput, match="danneggiato"):
        page_pictures(path.read_bytes())


def test_previews_asked_for_at_once_do_not_bring_the_program_down(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "three.pdf"
    path.write_bytes(pdf(3))
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", MANY_AT_ONCE, str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
