"""Rows pasted from a spreadsheet: reading the clipboard, and what a check of them answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cms_desktop.core.mass_change import Sentence

Outcome = Literal["new", "changed", "same", "error"]
MOST_PASTED = 5_000  # rows; longer lists are for the import


@dataclass(frozen=True)
class FieldChange:
    """A field of a row that would change; `key` names it."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class PastedRow:
    """What would become of a row. `number` counts the pasted rows of data from 1; `sentences` say what to do or what was repaired."""

    number: int
    name: str
    outcome: Outcome
    changes: tuple[FieldChange, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class PasteCheck:
    """Every row with its outcome; nothing was written."""

    rows: tuple[PastedRow, ...] = ()

    def count(self, outcome: Outcome) -> int:
        return sum(1 for one in self.rows if one.outcome == outcome)

    @property
    def to_write(self) -> int:
        return self.count("new") + self.count("changed")


def read_clipboard(text: str) -> list[list[str]]:
    """The cells of a spreadsheet's clipboard: tabs between cells, quotes around those that hold tabs or line breaks.

    Empty lines are left out; all rows get the length of the longest.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in plain or '"' in plain:
        rows = [[" ".join(cell.split()) for cell in row] for row in csv.reader(io.StringIO(plain), delimiter="\t")]
    else:
        rows = [[" ".join(line.split())] for line in plain.split("\n")]
    rows = [row for row in rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def without_titles(cells: Sequence[Sequence[str]], has_titles: bool) -> list[Sequence[str]]:
    return list(cells[1:] if has_titles else cells)
