"""Every text of the shared screen pieces has its English."""

from __future__ import annotations

import ast
import json
import pathlib

ROOT = pathlib.Path(__file__).parents[2]


def test_every_text_of_the_building_blocks_is_translated() -> None:
    english = json.loads((ROOT / "resources/translations/en/ui.json").read_text(encoding="utf-8"))
    texts = {
        str(node.args[0].value)
        for file in (ROOT / "cms_desktop/ui").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr" and node.args
        if isinstance(node.args[0], ast.Constant)
    }
    assert texts - set(english) == set()
