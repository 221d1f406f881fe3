"""The import itself: clean, place, find duplicates, write. A dry run does all of it and takes it back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.dates import local_today
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.actions.numbers import fresh_codes
from cms_desktop.modules.customers.importing import statements
from cms_desktop.modules.customers.importing.clean import CleanRow, RowOutcome, RowText, clean_row
from cms_desktop.modules.customers.importing.mapping import ImportMapping, check_mapping
from cms_desktop.modules.registry.rules import MAY_BE_NULL

BATCH = 2_000  # rows of one statement: progress moves, a cancel is heard
TEXTS = (
    "kind", "name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code", "town", "istat_code",
    "province_code", "country", "phone", "email", "pec", "website", "notes", "recipient_code", "iban", "bank_name",
)  # fmt: skip


@dataclass(frozen=True)
class ImportedRow:
    """What became of a row of the file."""

    number: int
    name: str
    outcome: RowOutcome
    code: str = ""
    errors: tuple[RowText, ...] = ()
    warnings: tuple[RowText, ...] = ()
    customer_id: int | None = None


@dataclass(frozen=True)
class ImportResult:
    """Every row with its outcome. After a dry run nothing was stored, and codes are those it would have given."""

    rows: tuple[ImportedRow, ...]
    is_dry_run: bool
    counts: Mapping[RowOutcome, int] = field(default_factory=dict)

    @property
    def warning_count(self) -> int:
        return sum(1 for row in self.rows if row.warnings)


@dataclass
class _Row:
    """A cleaned row on its way."""

    clean: CleanRow
    outcome: RowOutcome = "created"
    code: str = ""
    customer_id: int | None = None


def import_customers(
    unit: UnitOfWork, headers: Sequence[str], cells: Sequence[Sequence[str]], mapping: ImportMapping, *, is_dry_run: bool
) -> ImportResult:
    """Import the rows of a file. Needs `customers.import`. Progress: (rows, total, "clean" or "write"). Nothing is left by a cancel."""
    check_mapping(mapping, headers)
    unit.value(sa.text("select sec.require(:company, 'customers.import')"))
    with unit.session.begin_nested() as attempt:
        rows = [_Row(clean) for clean in _cleaned(unit, cells, mapping)]
        for batch in _batches(rows):
            place_towns(unit, batch)
        _find_doubles_in_file(rows)
        for batch in _batches(rows):
            _find_known(unit, batch, mapping)
        _give_codes(unit, rows)
        _write(unit, rows)
        if is_dry_run:
            attempt.rollback()
    return _result(rows, is_dry_run)


def _cleaned(unit: UnitOfWork, cells: Sequence[Sequence[str]], mapping: ImportMapping) -> Iterator[CleanRow]:
    today = local_today()
    for place, row in enumerate(cells):
        if place % BATCH == 0:
            unit.on_progress(place, len(cells), "clean")
            unit.value(sa.text("select 1"))  # a cancel is heard here, too
        yield clean_row(row, mapping, place + 2, today=today)


def _batches(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    good = [row for row in rows if not row.clean.errors]
    for start in range(0, len(good), BATCH):
        yield good[start : start + BATCH]


def _ask(unit: UnitOfWork, statement: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> list[Any]:
    """Run a set-based statement over rows handed over as one JSON parameter."""
    return unit.rows(sa.text(statement), {"rows": json.dumps(list(rows), default=str), **more})


def place_towns(unit: UnitOfWork, rows: Sequence[Any]) -> None:
    """Fill town, ISTAT code and province from each other where the file leaves no doubt; report what does not fit."""
    wanted = [
        {
            "n": row.clean.number,
            **{key: row.clean.values.get(key, "") for key in ("istat_code", "town", "province_code", "province_name", "postal_code")},
        }
        for row in rows
        if row.clean.values["country"] == "IT"
    ]
    found = {answer.n: answer for answer in _ask(unit, statements.PLACE_TOWNS, wanted)}
    for row in rows:
        values, answer = row.clean.values, found.get(row.clean.number)
        istat = values.get("istat_code", "")
        values["istat_code"] = answer.istat_code if answer else ""
        if answer is None:
            if values.get("town") and values["country"] == "IT":
                row.clean.warn("Comune «{town}» non trovato nell'elenco ISTAT.", town=values["town"])
            continue
        if istat and istat != answer.istat_code:
            row.clean.warn("Codice ISTAT {code} non corrisponde al comune {town}.", code=istat, town=answer.name)
        values["town"] = values.get("town") or answer.name
        values["province_code"] = values["province_code"] or answer.province_code
        if values.get("postal_code") and not answer.has_cap:
            row.clean.warn("Il CAP {cap} non è fra quelli di {town}.", cap=values["postal_code"], town=answer.name)


def _keys(row: CleanRow) -> list[tuple[str, str]]:
    """What makes two rows the same customer: a fiscal code; without one, name and town."""
    codes = [(key, row.values[key]) for key in ("vat_number", "tax_code") if row.values.get(key)]
    return codes or [("name", f"{row.name.casefold()}|{str(row.values.get('town', '')).casefold()}")]


def _find_doubles_in_file(rows: Sequence[_Row]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.clean.errors:
            row.outcome = "error"
            continue
        first = next((seen[key] for key in _keys(row.clean) if key in seen), None)
        if first is not None:
            row.outcome = "duplicate"
            row.clean.warn("Uguale alla riga {number} dello stesso file.", number=first)
        for key in _keys(row.clean):
            seen.setdefault(key, row.clean.number)


def _find_known(unit: UnitOfWork, rows: Sequence[_Row], mapping: ImportMapping) -> None:
    """Customers that are there already: they stay as they are, or get what they lack."""
    wanted = [
        {
            "n": row.clean.number,
            "name": row.clean.name,
            **{key: row.clean.values.get(key, "") for key in ("vat_number", "tax_code", "town", "code")},
        }
        for row in rows
        if row.outcome == "created"
    ]
    found = {answer.n: answer for answer in _ask(unit, statements.FIND_KNOWN, wanted)}
    for row in rows:
        answer = found.get(row.clean.number)
        if answer is None or row.outcome != "created":
            continue
        if answer.reason == "code":
            row.outcome = "error"
            row.clean.refuse("Il codice cliente {code} è già di «{name}».", code=answer.code, name=answer.name)
            continue
        row.code, row.customer_id = answer.code, answer.customer_id
        row.outcome = "updated" if mapping.on_duplicate == "fill" else "duplicate"
        row.clean.warn("È già cliente: {code} «{name}».", code=answer.code, name=answer.name)


def _give_codes(unit: UnitOfWork, rows: Sequence[_Row]) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    taken: dict[str, int] = {}
    for row in fresh:
        row.code = str(row.clean.values.get("code", "")).strip()
        if row.code and row.code in taken:
            row.outcome = "error"
            row.clean.refuse("Il codice cliente {code} è anche alla riga {number}.", code=row.code, number=taken[row.code])
        elif row.code:
            taken[row.code] = row.clean.number
    without = [row for row in fresh if row.outcome == "created" and not row.code]
    if without:
        codes = iter(code for code in fresh_codes(unit, len(without) + len(taken)) if code not in taken)
        for row in without:
            row.code = next(codes)


def _write(unit: UnitOfWork, rows: Sequence[_Row]) -> None:
    todo = [row for row in rows if row.outcome in ("created", "updated")]
    for start in range(0, len(todo), BATCH):
        unit.on_progress(start, len(todo), "write")
        batch = todo[start : start + BATCH]
        created = {row.code: row for row in batch if row.outcome == "created"}
        for answer in _ask(unit, statements.ADD_CUSTOMERS, [_stored(row) for row in created.values()]):
            created[answer.code].customer_id = answer.customer_id
        changed = [row for row in batch if row.outcome == "updated"]
        if changed:
            filled = {answer.customer_id for answer in _ask(unit, statements.FILL_PARTIES, [_stored(row) for row in changed])}
            filled |= {answer.customer_id for answer in _ask(unit, statements.FILL_CUSTOMERS, [_stored(row) for row in changed])}
            for row in changed:
                row.outcome = "updated" if row.customer_id in filled else "duplicate"
    unit.on_progress(len(todo), len(todo), "write")


def _stored(row: _Row) -> dict[str, Any]:
    values = row.clean.values
    stored = {key: values.get(key) or (None if key in MAY_BE_NULL else "") for key in TEXTS}
    return stored | {"n": row.clean.number, "code": row.code, "since_on": values.get("since_on"), "customer_id": row.customer_id}


def _result(rows: Sequence[_Row], is_dry_run: bool) -> ImportResult:
    done = tuple(
        ImportedRow(
            row.clean.number, row.clean.name, row.outcome, row.code if row.outcome != "error" else "", tuple(row.clean.errors),
            tuple(row.clean.warnings), None if is_dry_run and row.outcome == "created" else row.customer_id,
        )
        for row in rows
    )  # fmt: skip
    return ImportResult(done, is_dry_run, Counter(row.outcome for row in done))
