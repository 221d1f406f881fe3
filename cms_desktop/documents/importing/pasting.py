"""Cells pasted into a list, brought in by the target of its import: the same checks, the same undo, no file between.

`fixed` are fields that the place itself says (the customer whose sites are in view): every row gets them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.mass_change import MassChangeRow, Sentence
from cms_desktop.core.pasting import FieldChange, Outcome, PasteCheck, PastedRow
from cms_desktop.db.unit_of_work import Base, UnitOfWork
from cms_desktop.documents.importing.engine import run_import
from cms_desktop.documents.importing.history import list_imports
from cms_desktop.documents.importing.mapping import ImportMapping
from cms_desktop.documents.importing.target import ImportedRow, ImportResult, ImportTarget, RowText

Cells = Sequence[Sequence[str]]
OUTCOMES: dict[str, Outcome] = {"created": "new", "updated": "changed", "duplicate": "same", "error": "error"}
OWN_COLUMNS = {"row_version", "changed_at", "changed_by", "search_key", "search_text"}


def _run(
    unit: UnitOfWork, target: ImportTarget, cells: Cells, columns: Mapping[str, int], fixed: Mapping[str, str], **more: Any
) -> ImportResult:
    width = max((len(line) for line in cells), default=0)
    rows = [[*line, *[""] * (width - len(line)), *fixed.values()] for line in cells]
    places = {**columns, **{key: width + place for place, key in enumerate(fixed)}}
    options = {option.key: option.usual for option in target.options if not option.tick} | {
        "on_duplicate": next((value for wanted in ("change", "add") for value, _words in _choices(target) if value == wanted), "skip")
    }
    headers = [str(place) for place in range(width + len(fixed))]
    return run_import(unit, target, headers, rows, ImportMapping(places, options), first_number=1, **more)


def _choices(target: ImportTarget) -> Sequence[tuple[str, str]]:
    return next((option.choices for option in target.options if option.key == "on_duplicate"), ())


def check_pasted(unit: UnitOfWork, target: ImportTarget, cells: Cells, columns: Mapping[str, int], fixed: Mapping[str, str]) -> PasteCheck:
    """What would become of each row; writes nothing."""
    changes: dict[int, list[FieldChange]] = {}
    look = lambda inner, run_id: changes.update(_written(inner, target, run_id))
    result = _run(unit, target, cells, columns, fixed, is_dry_run=True, look=look)
    return PasteCheck(tuple(_shown(row, changes.get(row.number, [])) for row in result.rows))


def paste_cells(
    unit: UnitOfWork, target: ImportTarget, cells: Cells, columns: Mapping[str, int], fixed: Mapping[str, str], title: str
) -> MassChangeRow:
    """Bring in the rows that can be stored; the others stay out. The id is that of the import, which takes it back."""
    result = _run(unit, target, cells, columns, fixed, is_dry_run=False)
    assert result.run_id is not None
    made = next(one for one in list_imports(unit, [target.key]) if one.import_run_id == result.run_id)
    return MassChangeRow(result.run_id, target.key, "paste", title, result.written, made.created_at)


def _written(unit: UnitOfWork, target: ImportTarget, run_id: int) -> dict[int, list[FieldChange]]:
    """By row: the columns of known records that the import changed, before and after."""
    found: dict[int, list[FieldChange]] = defaultdict(list)
    for name in sorted(target.tables):
        key = next(one.name for one in Base.metadata.tables[name].primary_key.columns if one.name != "company_id")
        rows = unit.rows(
            sa.text(
                f"select i.line_no, i.row_before as before, to_jsonb(t) as after from base.import_row as i "  # noqa: S608 - own names
                f"join {name} as t on t.company_id = i.company_id and t.{key} = i.record_id "
                "where i.company_id = :company and i.import_run_id = :run and i.table_name = :name and i.operation = 'U'"
            ),
            {"run": run_id, "name": name},
        )
        for one in rows:
            for column, now in one.after.items():
                if column not in OWN_COLUMNS and one.before.get(column) != now:
                    found[one.line_no].append(FieldChange(column, _words(one.before.get(column)), _words(now)))
    return found


def _words(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(row: ImportedRow, changes: Sequence[FieldChange]) -> PastedRow:
    outcome = OUTCOMES[row.outcome]
    said: Sequence[RowText] = row.errors or row.warnings
    name = row.name or row.code
    sentences = tuple(Sentence(one.text, one.values) for one in said if outcome != "changed" or not changes)
    return PastedRow(row.number, name, outcome, tuple(changes) if outcome == "changed" else (), sentences)
