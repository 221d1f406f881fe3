"""Every text of the screen exists in English, with the same placeholders."""

from __future__ import annotations

import ast
import json
import pathlib
import string
from collections.abc import Iterator

import pytest

from cms_desktop.core import errors as error_classes
from cms_desktop.db import errors as database_errors

ROOT = pathlib.Path(__file__).parents[1]
ENGLISH = ROOT / "resources" / "translations" / "en"
SOURCES = sorted((ROOT / "cms_desktop").rglob("*.py"))
ERRORS = {name for name, value in vars(error_classes).items() if isinstance(value, type) and issubclass(value, Exception)}


def _placeholders(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def _first_text(call: ast.Call) -> str | None:
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    return None


def _texts(path: pathlib.Path) -> Iterator[tuple[str, str]]:
    """(context, Italian text) of everything a file says."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    context = next(
        (
            _first_text(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "translator"
        ),
        None,
    )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        text = _first_text(node)
        if text and name == "tr" and context:
            yield context, text
        elif text and name in ERRORS and name != "NoCompanyChosen":
            yield "errors", text


def _every_text() -> set[tuple[str, str]]:
    found = {pair for path in SOURCES for pair in _texts(path)}
    found |= {("errors", text) for _, text in database_errors.BUSINESS.values()}
    found |= {("errors", text) for _, text, _ in database_errors.CONSTRAINTS.values()}
    found |= {("errors", text) for _, text in [*database_errors.STATES.values(), *database_errors.CLASSES.values()] if text}
    return found


def _catalogue(context: str) -> dict[str, str]:
    path = ENGLISH / f"{context}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@pytest.mark.parametrize("context", sorted({context for context, _ in _every_text()}))
def test_every_text_has_its_english(context: str) -> None:
    known = _catalogue(context)
    missing = sorted(text for place, text in _every_text() if place == context and not known.get(text, "").strip())
    assert missing == []


@pytest.mark.parametrize("file", sorted(ENGLISH.glob("*.json")), ids=lambda file: file.stem)
def test_a_translation_keeps_the_placeholders(file: pathlib.Path) -> None:
    wrong = {it: en for it, en in json.loads(file.read_text(encoding="utf-8")).items() if _placeholders(it) != _placeholders(en)}
    assert wrong == {}
