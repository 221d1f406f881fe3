"""Pictures of the company (logo, signature): made fit to be stored and printed."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from cms_desktop.core.errors import InvalidInput

MOST_BYTES = 512 * 1024
MOST_FILE = 20 * 1024 * 1024
WIDEST, HIGHEST = 1200, 800  # pixels: a logo of 110 points at 600 dots an inch needs no more


@dataclass(frozen=True)
class StoredImage:
    media_type: str
    content: bytes
    pixel_width: int
    pixel_height: int


def prepared_image(content: bytes) -> StoredImage:
    """A PNG or JPEG as it will be stored: made smaller when it has more points than print needs. Raises InvalidInput."""
    if len(content) > MOST_FILE:
        raise InvalidInput("Il file supera 20 MB: scegli un'immagine più piccola.", field="content")
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format not in ("PNG", "JPEG"):
                raise InvalidInput(
                    "L'immagine è in formato {format}: salvala come PNG o JPEG.", field="content", format=picture.format or "?"
                )
            kind, size = picture.format, picture.size
            if size[0] <= WIDEST and size[1] <= HIGHEST and len(content) <= MOST_BYTES:
                return StoredImage(f"image/{kind.lower()}", content, *size)
            picture.thumbnail((WIDEST, HIGHEST))
            made = io.BytesIO()
            picture.save(made, kind, optimize=True)
            size = picture.size
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise InvalidInput("Il file non è un'immagine leggibile: scegli un PNG o un JPEG.", field="content") from error
    if made.tell() > MOST_BYTES:
        raise InvalidInput("L'immagine supera 512 KB anche ridotta: semplificala o salvala come JPEG.", field="content")
    return StoredImage(f"image/{kind.lower()}", made.getvalue(), *size)
