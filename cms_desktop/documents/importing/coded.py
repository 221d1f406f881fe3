"""Records that a code tells apart: new codes are created, known ones changed when the person says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing.cells import find_doubles
from cms_desktop.documents.importing.mapping import ImportMapping
from cms_desktop.documents.importing.records import RecordTable, by_code
from cms_desktop.documents.importing.target import ImportOption, Journal, WorkRow

ON_DUPLICATE = ImportOption(
    "on_duplicate", "Codici già presenti", (("skip", "Lasciali come sono"), ("change", "Aggiornali con i valori del file")), "skip"
)


def meet_known(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping, table: RecordTable, code: str = "code") -> None:
    """Codes that stand in the list twice, or are there already."""
    good = [row for row in rows if not row.errors]
    find_doubles(good, code)
    present = by_code(unit, table.table, table.key, [row.code for row in good], code=code)
    for row in good:
        row.record_id = present.get(row.code.upper())
        if row.record_id is not None and row.outcome == "created":
            row.outcome = "updated" if mapping.option("on_duplicate") == "change" else "duplicate"
            row.warn("Il codice {code} c'è già.", code=row.code)


def coded_resolver(table: RecordTable, code: str = "code") -> Callable[[UnitOfWork, Sequence[WorkRow], ImportMapping], None]:
    return lambda unit, rows, mapping: meet_known(unit, rows, mapping, table, code)


def write_coded(
    unit: UnitOfWork, table: RecordTable, rows: Sequence[WorkRow], journal: Journal, code: str = "code", fixed: Sequence[str] = ()
) -> set[int]:
    """New codes; known ones that differ (but for code and `fixed` columns). Returns the ids of those that changed."""
    fresh = [row for row in rows if row.outcome == "created"]
    given = [(row, {key: row.values[key] for key in table.columns}) for row in fresh]
    for row, number in zip(fresh, table.add(unit, given, journal), strict=True):
        row.record_id = number
    known = [row for row in rows if row.outcome == "updated"]
    columns = [key for key in table.columns if key != code and key not in fixed]
    values = [(row, row.record_id or 0, {key: row.values[key] for key in columns}) for row in known]
    changed = table.change(unit, values, journal, only_empty=False)
    for row in known:
        row.outcome = "updated" if row.record_id in changed else "duplicate"
    return changed


def coded_writer(
    table: RecordTable, code: str = "code", fixed: Sequence[str] = ()
) -> Callable[[UnitOfWork, Sequence[WorkRow], ImportMapping, Journal], None]:
    def write(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
        write_coded(unit, table, rows, journal, code, fixed)

    return write
