"""What targets and their rows say exists in English, too."""

from __future__ import annotations

import ast
import json
import pathlib
from collections.abc import Iterator

from cms_desktop.documents.importing import ImportTarget
from cms_desktop.modules.base.importing import TARGETS as BASE_TARGETS
from cms_desktop.modules.customers.importing import TARGETS
from cms_desktop.modules.registry.importing import TARGETS as REGISTRY_TARGETS

ROOT = pathlib.Path(__file__).parents[3]
SOURCES = [
    *(ROOT / "cms_desktop" / "documents" / "importing").glob("*.py"),
    *(ROOT / "cms_desktop" / "modules").glob("*/importing/*.py"),
    ROOT / "cms_desktop" / "modules" / "base" / "importing.py",
    ROOT / "cms_desktop" / "modules" / "base" / "importing_more.py",
]


def _english(*contexts: str) -> set[str]:
    folder = ROOT / "resources" / "translations" / "en"
    return {text for one in contexts for text in json.loads((folder / f"{one}.json").read_text(encoding="utf-8"))}


def _texts(target: ImportTarget) -> Iterator[str]:
    yield from (target.title, *target.nouns, target.name_title, target.code_title)
    yield from (field.title for field in target.fields)
    for option in target.options:
        yield from (option.title, *(text for _, text in option.choices), *([option.tick] if option.tick else []))


def test_titles_and_choices_of_every_target_have_their_english() -> None:
    for target in (*TARGETS, *BASE_TARGETS, *REGISTRY_TARGETS):
        assert set(_texts(target)) - _english(target.context, "importing") == set(), target.key


def test_what_is_said_about_rows_has_its_english() -> None:
    said = {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("warn", "refuse") and isinstance(node.args[0], ast.Constant)
    }
    assert len(said) > 40
    assert said - _english("customers", "importing", "fiscal", "errors") == set()
