"""Pages of a PDF as pictures, for previews. Slow to make (tens of milliseconds a page): not on the screen's thread.

PDFium is not made for several threads at once: every use of it in the program is here, behind one lock,
and what it made is given back before the lock is.
"""

from __future__ import annotations

import pathlib
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from cms_desktop.core.errors import InvalidInput

SCALE = 2.0  # pixels a point: sharp at 150 %
MOST_PAGES = 20
MOST_PIXELS = 4_000_000
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class PagePicture:
    """RGB, three bytes a pixel, without padding."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True)
class PdfPage:
    """One page of `count`: `pixels` are rows of blue, green, red and an unused byte."""

    number: int
    count: int
    width: int
    height: int
    stride: int
    pixels: bytes


@contextmanager
def _opened(content: bytes | pathlib.Path) -> Iterator[Any]:
    import pypdfium2  # only who previews waits for it

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise InvalidInput("Il PDF non si può leggere: è danneggiato o protetto da una password.") from error
        with closing(document):
            yield document


def page_pictures(content: bytes, *, scale: float = SCALE, most: int = MOST_PAGES) -> tuple[PagePicture, ...]:
    """The first pages of a PDF. Raises InvalidInput when it is none."""
    with _opened(content) as document:
        return tuple(_picture(document, number, scale) for number in range(min(len(document), most)))


def _picture(document: Any, number: int, scale: float) -> PagePicture:
    with closing(document[number]) as page, closing(page.render(scale=scale)) as bitmap:
        picture = bitmap.to_pil().convert("RGB")
        return PagePicture(picture.width, picture.height, picture.tobytes())


def draw_page(path: pathlib.Path, number: int, width: int) -> PdfPage:
    """Page `number` (from 0) about `width` pixels wide. Raises InvalidInput when the file is no readable PDF."""
    with _opened(path) as document:
        count = len(document)
        if count == 0:
            raise InvalidInput("Il PDF non ha pagine.")
        chosen = max(0, min(number, count - 1))
        with closing(document[chosen]) as page:
            across, down = page.get_size()
            scale = min(width / max(across, 1.0), (MOST_PIXELS / max(across * down, 1.0)) ** 0.5)
            with closing(page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)) as bitmap:
                return PdfPage(chosen, count, bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
