"""Pages of a PDF as pictures, for previews. Slow to make (tens of milliseconds a page): not on the screen's thread."""

from __future__ import annotations

from dataclasses import dataclass

SCALE = 2.0  # pixels a point: sharp at 150 %
MOST_PAGES = 20


@dataclass(frozen=True)
class PagePicture:
    """RGB, three bytes a pixel, without padding."""

    width: int
    height: int
    pixels: bytes


def page_pictures(content: bytes, *, scale: float = SCALE, most: int = MOST_PAGES) -> tuple[PagePicture, ...]:
    """The first pages of a PDF."""
    import pypdfium2  # only who previews waits for it

    document = pypdfium2.PdfDocument(content)
    try:
        found = []
        for number in range(min(len(document), most)):
            page = document[number]
            picture = page.render(scale=scale).to_pil().convert("RGB")
            found.append(PagePicture(picture.width, picture.height, picture.tobytes()))
            page.close()
        return tuple(found)
    finally:
        document.close()
