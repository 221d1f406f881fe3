"""Texts of a target and of its rows in the language of the screen."""

from __future__ import annotations

from cms_desktop.core import formats
from cms_desktop.documents.importing import ImportTarget, RowText
from cms_desktop.ui.translation import translator


def said(target: ImportTarget, text: str, **values: object) -> str:
    """A text of the target: its own, or one that all targets use."""
    own = translator(target.context)(text, **values)
    return own if own != (text.format(**values) if values else text) else translator("importing")(text, **values)


def words_of(target: ImportTarget, sentence: RowText) -> str:
    """A sentence about a row: the target's own, one that all targets say, or one of the fiscal checks."""
    values = dict(sentence.values)
    if "title" in values:
        values["title"] = said(target, str(values["title"]))
    for context in (target.context, "importing", "fiscal", "errors"):
        text = translator(context)(sentence.text)
        if text != sentence.text:
            return text.format(**values) if values else text
    return sentence.text.format(**values) if values else sentence.text


def counted(target: ImportTarget, count: int) -> str:
    """ "1 cliente", "12 clienti"."""
    return f"{formats.number(count)} {said(target, target.nouns[0] if count == 1 else target.nouns[1])}"
