"""The font of the screen: four static files of Inter (SIL OFL 1.1), cut once per installation from the package `fontpkg-inter`.

Static files load alike on every system; the family has a name of its own so that an Inter on the machine is never mixed in.
`python -m cms_desktop.ui.fonts` makes the files.
"""

from __future__ import annotations

import pathlib
import sys

FAMILY = "CMS Inter"
FOLDER = pathlib.Path(getattr(sys, "_MEIPASS", pathlib.Path(__file__).parents[2])) / "resources" / "fonts"
STYLES = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
FEATURES = "kern,mark,mkmk,ccmp,locl,calt,liga,tnum,lnum,zero,ss02,cv05,cv08,case,frac"
SIGNS = (
    *range(0x20, 0x250),
    *range(0x2000, 0x2070),
    *(0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2197, 0x2198, 0x21B5, 0x21E7, 0x2206, 0x2211, 0x2212),
    *(0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x2318, 0x25B2, 0x25BC, 0x25CF, 0x2713),
)


def files() -> list[pathlib.Path]:
    """The cut files, in order of weight; empty before `cut` ran."""
    return [path for style in STYLES if (path := FOLDER / f"CMSInter-{style}.ttf").exists()]


def cut() -> None:
    """Write the four files. Needs fonttools and fontpkg-inter; does nothing when they are there already."""
    if len(files()) == len(STYLES):
        return
    import fontpkg_inter
    from fontTools.ttLib import TTFont

    FOLDER.mkdir(parents=True, exist_ok=True)
    source = pathlib.Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
    for style, weight in STYLES.items():
        font = _instance(TTFont(source), weight)
        _rename(font, style, weight)
        _keep_tabular_figures_to_digits(font)
        if "STAT" in font:
            del font["STAT"]
        font.save(FOLDER / f"CMSInter-{style}.ttf")


def _instance(font, weight: int):  # type: ignore[no-untyped-def]
    from fontTools import subset
    from fontTools.varLib import instancer

    font = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": 14}, updateFontNames=False)
    options = subset.Options(layout_features=FEATURES.split(","), name_IDs=["*"], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SIGNS)
    cutter.subset(font)
    return font


def _rename(font, style: str, weight: int) -> None:  # type: ignore[no-untyped-def]
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25):
            names.removeNames(nameID=record.nameID)
    basic = style in ("Regular", "Bold")
    for platform, encoding, language in ((3, 1, 0x409), (1, 0, 0)):
        names.setName(FAMILY if basic else f"{FAMILY} {style}", 1, platform, encoding, language)
        names.setName(style if basic else "Regular", 2, platform, encoding, language)
        names.setName(f"{FAMILY} {style}", 4, platform, encoding, language)
        names.setName(f"CMSInter-{style}", 6, platform, encoding, language)
        if not basic:
            names.setName(FAMILY, 16, platform, encoding, language)
            names.setName(style, 17, platform, encoding, language)
    font["OS/2"].usWeightClass = weight
    selection = 0b100000 if weight == 700 else 0b1000000 if weight == 400 else 0
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | selection
    font["head"].macStyle = 1 if weight == 700 else 0


def _keep_tabular_figures_to_digits(font) -> None:  # type: ignore[no-untyped-def]
    """Inter's tabular figures also widen the hyphen ("L-2026" would read "L - 2026"): keep them for digits and signs only."""
    digits = {font.getBestCmap()[code] for code in [*range(0x30, 0x3A), 0x2B, 0x2212]}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for number in record.Feature.LookupListIndex:
            for table in font["GSUB"].table.LookupList.Lookup[number].SubTable:
                mapping = getattr(table, "ExtSubTable", table).mapping
                for glyph in [g for g in mapping if g not in digits and g.split(".")[0] not in digits]:
                    del mapping[glyph]


if __name__ == "__main__":
    cut()
