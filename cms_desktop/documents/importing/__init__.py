"""Import of lists (a file, or cells pasted from a spreadsheet) into any master table: one engine, a small spec per target.

    sheet = read_rows(path)                                      or headers and rows from the clipboard
    mapping = propose_mapping(target, sheet.headers)             which column fills which field
    result = run_import(unit, target, sheet.headers, sheet.rows, mapping, source=source_of(path), is_dry_run=True)
    run_import(…, is_dry_run=False).run_id                       the import as an object: base.import_run
    list_obstacles(unit, run_id); undo_import(unit, run_id)      taken back as a whole, while nobody touched it

A dry run is the same code, taken back at the end. Nothing is left behind by an error or a cancel.
"""

from .engine import ImportSource, run_import, source_of
from .history import ImportRun, Obstacle, UndoneImport, find_same_source, list_imports, list_obstacles, undo_import
from .mapping import ImportMapping, check_mapping, plain_title, propose_mapping, signature
from .target import (
    ImportedRow,
    ImportField,
    ImportOption,
    ImportResult,
    ImportTarget,
    Journal,
    RowOutcome,
    RowText,
    WorkRow,
    batches,
)

__all__ = [
    "ImportField",
    "ImportMapping",
    "ImportOption",
    "ImportResult",
    "ImportRun",
    "ImportSource",
    "ImportTarget",
    "ImportedRow",
    "Journal",
    "Obstacle",
    "RowOutcome",
    "RowText",
    "UndoneImport",
    "WorkRow",
    "batches",
    "check_mapping",
    "find_same_source",
    "list_imports",
    "list_obstacles",
    "plain_title",
    "propose_mapping",
    "run_import",
    "signature",
    "source_of",
    "undo_import",
]
