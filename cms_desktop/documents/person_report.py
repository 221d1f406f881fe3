"""One person's data as a spreadsheet that can be read: a sheet a kind of record, a column a field."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

HIDDEN = frozenset({"company_id", "row_version"})
WIDEST = 60


def write_person_report(path: pathlib.Path, tables: Mapping[str, Sequence[Mapping[str, Any]]], *, word: Callable[[str], str] = str) -> None:
    """Write `tables` (title → rows) to `path`; `word` is what a field is called. Empty tables and columns are left out; texts that would be formulas stay texts."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        if rows:
            _add_sheet(book, title, rows, word)
    if not book.sheetnames:
        book.create_sheet("-")
    book.save(path)


def _add_sheet(book: Workbook, title: str, rows: Sequence[Mapping[str, Any]], word: Callable[[str], str]) -> None:
    sheet = book.create_sheet(_free_title(book, title))
    keys = [key for key in rows[0] if key not in HIDDEN and any(row.get(key) not in (None, "", [], {}) for row in rows)]
    for place, key in enumerate(keys, 1):
        sheet.cell(1, place, word(key)).font = Font(bold=True)
        widest = len(word(key))
        for line, row in enumerate(rows, 2):
            text = _as_text(row.get(key))
            cell = sheet.cell(line, place)
            cell.value, cell.data_type = text, "s"
            widest = max(widest, len(text))
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, widest + 2)
    sheet.freeze_panes = "A2"


def _free_title(book: Workbook, title: str) -> str:
    short = re.sub(r"[\[\]:*?/\\]", " ", title)[:28]
    return short if short not in book.sheetnames else f"{short} {len(book.sheetnames)}"


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_as_text(one)}" for key, one in value.items() if one not in (None, ""))
    if isinstance(value, list | tuple):
        return ", ".join(_as_text(one) for one in value)
    return str(value)
