"""Every text of the module has its English, with the same places to fill."""

from __future__ import annotations

import ast
import json
import pathlib
import string

ROOT = pathlib.Path(__file__).parents[3]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_is_translated_with_its_fields() -> None:
    english: dict[str, str] = {}
    for context in ("base", "masters", "notices"):
        english |= json.loads((ROOT / f"resources/translations/en/{context}.json").read_text(encoding="utf-8"))
    texts = {
        str(node.args[0].value)
        for file in (ROOT / "cms_desktop/modules/base").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr" and node.args
        if isinstance(node.args[0], ast.Constant)
    }
    assert texts == set(english)
    assert [text for text, other in english.items() if _fields(text) != _fields(other)] == []
