"""Pages of a PDF as pictures. The library is not made for several threads: one page at a time."""

from __future__ import annotations

import pathlib
import threading
from dataclasses import dataclass

from cms_desktop.core.errors import InvalidInput

_ONE_AT_A_TIME = threading.Lock()
MOST_PIXELS = 4_000_000


@dataclass(frozen=True)
class PdfPage:
    """One page: `pixels` are rows of blue, green, red and an unused byte."""

    number: int
    count: int
    width: int
    height: int
    stride: int
    pixels: bytes


def draw_page(path: pathlib.Path, number: int, width: int) -> PdfPage:
    """Page `number` (from 0) about `width` pixels wide. Raises InvalidInput when the file is no readable PDF."""
    import pypdfium2

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise InvalidInput("Il PDF non si può leggere: è danneggiato o protetto da una password.") from error
        try:
            count = len(document)
            if count == 0:
                raise InvalidInput("Il PDF non ha pagine.")
            page = document[max(0, min(number, count - 1))]
            across, down = page.get_size()
            scale = min(width / max(across, 1.0), (MOST_PIXELS / max(across * down, 1.0)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            return PdfPage(max(0, min(number, count - 1)), count, bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            document.close()
