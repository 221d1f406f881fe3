"""Texts for formats that know few letters: FatturaPA wants Latin-1 or Basic Latin, bank files plain ASCII."""

from __future__ import annotations

import re

from anyascii import anyascii

_OWN = str.maketrans({"°": ".", "º": ".", "ª": ".", "€": "EUR", "•": "-", "·": "-", "\u00ad": ""})
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00a0]+")


def latin_text(text: str) -> str:
    """The text in printable Latin-1 on one line: “Łódź – 5 €” → "Lódz - 5 EUR"; accented Italian letters stay."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _SPACES.sub(" ", text).strip()
    if not text or max(text) <= "\u00ff":
        return text
    return "".join(letter if letter <= "\u00ff" else letter.translate(_OWN) if letter in "€•" else anyascii(letter) for letter in text)


def basic_text(text: str) -> str:
    """The text in printable ASCII on one line: “Forlì, n° 5” → "Forli, n. 5"."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return anyascii(_SPACES.sub(" ", text).strip().translate(_OWN))
