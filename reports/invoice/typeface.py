"""The typeface of printed documents: CMS Inter with figures of equal width when its files are there, else Helvetica."""

from __future__ import annotations

import functools
import io
import pathlib
import sys
from dataclasses import dataclass

from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = pathlib.Path(getattr(sys, "_MEIPASS", pathlib.Path(__file__).parents[2])) / "resources" / "fonts"
_PLAIN = str.maketrans({"\u2212": "-", "\u202f": " ", "\u00a0": " ", "→": ">"})


@dataclass(frozen=True)
class Typeface:
    """Names of the registered fonts."""

    regular: str
    medium: str
    bold: str
    is_embedded: bool

    def text(self, text: str) -> str:
        """The text in signs the typeface has."""
        return text if self.is_embedded else text.translate(_PLAIN).encode("cp1252", "replace").decode("cp1252")


@functools.cache
def typeface() -> Typeface:
    """Registered once per process: reading the files costs more than a page."""
    styles = ("Regular", "Medium", "SemiBold")
    files = [FOLDER / f"CMSInter-{style}.ttf" for style in styles]
    if not all(file.exists() for file in files):
        return Typeface("Helvetica", "Helvetica", "Helvetica-Bold", is_embedded=False)
    for style, file in zip(styles, files, strict=True):
        font = TTFont(f"CMSInter-{style}", _with_tabular_figures(file), asciiReadable=False)
        font.face.charWidths = {code: round(width) for code, width in font.face.charWidths.items()}  # whole thousandths: written faster
        pdfmetrics.registerFont(font)
    return Typeface("CMSInter-Regular", "CMSInter-Medium", "CMSInter-SemiBold", is_embedded=True)


def _with_tabular_figures(file: pathlib.Path) -> io.BytesIO:
    """The font with its `tnum` figures as the usual ones: a PDF page has no OpenType features, and columns of amounts must align."""
    font = FontFile(file)
    equal: dict[str, str] = {}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for subtable in table.LookupList.Lookup[index].SubTable:
                    equal |= getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
    for cmap in font["cmap"].tables:
        cmap.cmap = {code: equal.get(glyph, glyph) if 0x30 <= code <= 0x39 else glyph for code, glyph in cmap.cmap.items()}
    content = io.BytesIO()
    font.save(content)
    content.seek(0)
    return content
