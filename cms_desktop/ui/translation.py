"""Texts of the screen. The source language is Italian, written in the code; a catalogue per context translates it.

    tr = translator("billing")
    tr("Nuovo lancio")                       "Nuovo lancio", or "New run" in English
    tr("{n} fatture emesse", n=12)

Everything goes through QCoreApplication.translate, so Qt's own texts and ours follow the same switch. Catalogues are JSON files
``resources/translations/<language>/<context>.json`` (Italian → translation); a test keeps them complete.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTranslator

FOLDER = pathlib.Path(getattr(sys, "_MEIPASS", pathlib.Path(__file__).parents[2])) / "resources" / "translations"
LANGUAGES = ("it", "en")


class CatalogueTranslator(QTranslator):
    """Looks texts up in the JSON catalogues of one language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._texts = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted((FOLDER / language).glob("*.json"))}

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return self._texts.get(context, {}).get(source)

    def isEmpty(self) -> bool:
        return not self._texts


_installed: list[QTranslator] = []


def use_language(language: str) -> None:
    """Switch the language of everything drawn from now on (the main window rebuilds its docks)."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    if language != "it":
        translator_ = CatalogueTranslator(language)
        QCoreApplication.installTranslator(translator_)
        _installed.append(translator_)


def translator(context: str) -> Callable[..., str]:
    """The `tr` of a module: Italian text in, text in the language of the screen out, with `{names}` filled."""

    def tr(text: str, **values: object) -> str:
        found = QCoreApplication.translate(context, text)
        return found.format(**values) if values else found

    return tr


def one_or_many(count: int, one: str, many: str) -> str:
    """The words for a count: one thing is said as one. Both are translated texts."""
    return one if count == 1 else many
