"""Changing many records in one go: what a list asks for, what a preview answers. Shared by screen and queries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from cms_desktop.core.listing import ListQuery

SHOWN_ROWS = 200  # rows of a preview that are listed one by one; all are counted


@dataclass(frozen=True)
class Target:
    """Which records: those with these ids, or (no ids) every row of the list with this query."""

    ids: tuple[int, ...] = ()
    query: ListQuery | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence about a record: Italian text with `{names}` for `values`."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


@dataclass(frozen=True)
class ChangeRow:
    """One record of a preview. `refusal` says why it stays as it is; `is_same` that it has the value already."""

    record_id: int
    name: str
    before: object
    after: object
    is_same: bool = False
    refusal: str = ""


@dataclass(frozen=True)
class ChangePreview:
    """What would happen: how many change, have the value already, are refused (reason → how many); the first rows."""

    changing: int
    same: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[ChangeRow, ...] = ()

    @property
    def count(self) -> int:
        return self.changing + self.same + sum(self.refused.values())


@dataclass(frozen=True)
class MassChangeRow:
    """A mass change of mine. It can be taken back until `undone_at` is set."""

    mass_change_id: int
    list: str
    kind: str
    title: str
    row_count: int
    created_at: datetime.datetime
    undone_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Undone:
    """What taking back came to: records put back, records left because somebody changed (or uses) them since."""

    restored: int
    left: int = 0
