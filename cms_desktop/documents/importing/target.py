"""What an import is made of: the spec of a target, a row on its way, what became of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from cms_desktop.db.unit_of_work import UnitOfWork
    from cms_desktop.documents.importing.mapping import ImportMapping

RowOutcome = Literal["created", "updated", "duplicate", "error"]
BATCH = 2_000  # rows of one statement: progress moves, a cancel is heard


@dataclass(frozen=True)
class RowText:
    """A sentence about a row: Italian text with `{names}` for `values`."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


@dataclass
class WorkRow:
    """A row on its way. `number` is its line in the file (titles are line 1); `code` and `name` are what it is known by."""

    number: int
    values: dict[str, Any]
    errors: list[RowText] = field(default_factory=list)
    warnings: list[RowText] = field(default_factory=list)
    outcome: RowOutcome = "created"
    code: str = ""
    record_id: int | None = None

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")

    def warn(self, text: str, /, **values: object) -> None:
        self.warnings.append(RowText(text, values))

    def refuse(self, text: str, /, **values: object) -> None:
        self.errors.append(RowText(text, values))
        self.outcome = "error"


class Journal(Protocol):
    """Where a target says what it wrote: what stands here can be taken back."""

    def changing(self, table: str, rows: Iterable[WorkRow], ids: Iterable[int]) -> None:
        """Records that are about to be changed, each by the row beside it: their images are kept."""

    def added(self, table: str, rows: Iterable[WorkRow], ids: Iterable[int]) -> None:
        """Records that were created, each by the row beside it."""


@dataclass(frozen=True)
class ImportField:
    """A field that a column can fill. `synonyms`: titles by which lists call it, plain (see `plain_title`)."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    example: str = ""


@dataclass(frozen=True)
class ImportOption:
    """How rows are treated: a choice of (value, Italian text), or with `tick` a yes or no about what the mapping offers."""

    key: str
    title: str
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    tick: str = ""


@dataclass(frozen=True)
class ImportTarget:
    """A kind of record that lists can bring in.

    `clean` reads one row (pure); `resolve` looks up what is known already and says for each row what will become of it; `write`
    stores a batch of created and updated rows by sets and tells the journal. Texts are Italian, translated in `context`.
    """

    key: str
    context: str
    right: str
    title: str
    nouns: tuple[str, str]
    fields: tuple[ImportField, ...]
    clean: Callable[[WorkRow, ImportMapping, datetime.date], None]
    resolve: Callable[[UnitOfWork, Sequence[WorkRow], ImportMapping], None]
    write: Callable[[UnitOfWork, Sequence[WorkRow], ImportMapping, Journal], None]
    options: tuple[ImportOption, ...] = ()
    propose: Callable[[ImportMapping, Sequence[str]], ImportMapping] | None = None
    name_title: str = "Nome"
    code_title: str = "Codice"
    is_feminine: bool = False
    tables: frozenset[str] = frozenset()

    def field(self, key: str) -> ImportField:
        return next(one for one in self.fields if one.key == key)


@dataclass(frozen=True)
class ImportedRow:
    """What became of a row."""

    number: int
    name: str
    outcome: RowOutcome
    code: str = ""
    errors: tuple[RowText, ...] = ()
    warnings: tuple[RowText, ...] = ()
    record_id: int | None = None


@dataclass(frozen=True)
class ImportResult:
    """Every row with its outcome. After a dry run nothing was stored, and codes are those it would have given."""

    rows: tuple[ImportedRow, ...]
    is_dry_run: bool
    counts: Mapping[RowOutcome, int] = field(default_factory=dict)
    run_id: int | None = None

    @property
    def warning_count(self) -> int:
        return sum(1 for row in self.rows if row.warnings)

    @property
    def written(self) -> int:
        return self.counts.get("created", 0) + self.counts.get("updated", 0)


def batches(rows: Sequence[WorkRow], *outcomes: RowOutcome) -> Iterator[list[WorkRow]]:
    """Rows without errors (of some outcomes only, when named), a statement's worth at a time."""
    good = [row for row in rows if not row.errors and (not outcomes or row.outcome in outcomes)]
    for start in range(0, len(good), BATCH):
        yield good[start : start + BATCH]
