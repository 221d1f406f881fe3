"""Customers pasted from a spreadsheet: known ones are found by code or fiscal code and changed, the others are added.

An empty cell leaves the stored value as it is: pasting never empties a field.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AlreadyDone
from cms_desktop.core.fiscal import compact
from cms_desktop.core.mass_change import MassChangeRow, Sentence
from cms_desktop.core.pasting import FieldChange, PasteCheck, PastedRow
from cms_desktop.db import mass_change
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportMapping, WorkRow
from cms_desktop.documents.importing.engine import read_row
from cms_desktop.documents.importing.mapping import propose_mapping
from cms_desktop.modules.customers.actions.numbers import fresh_codes
from cms_desktop.modules.customers.importing import CUSTOMERS, statements
from cms_desktop.modules.customers.importing.clean import clean_row
from cms_desktop.modules.customers.importing.run import TEXTS
from cms_desktop.modules.customers.mass_change import LIST
from cms_desktop.modules.customers.rules import CUSTOMER_FIELDS, NUMBER_WIDTH
from cms_desktop.modules.customers.tables import Customer
from cms_desktop.modules.registry.importing.clean import repaired_digits
from cms_desktop.modules.registry.importing.fields import FIELD_TITLES
from cms_desktop.modules.registry.importing.places import place_towns
from cms_desktop.modules.registry.rules import MAY_BE_NULL
from cms_desktop.modules.registry.tables import Party

KEYS = tuple(FIELD_TITLES)
Cells = Sequence[Sequence[str]]

KNOWN = """
with wanted as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, code text, vat_number text, tax_code text)),
found as (
  select w.n, 1 as place, c.customer_id from wanted as w
    join customers.customer as c on c.company_id = :company and c.code = w.code where w.code <> ''
  union all
  select w.n, 2, p.party_id from wanted as w
    join registry.party as p on p.company_id = :company and p.vat_number = w.vat_number where w.vat_number <> '' and w.code = ''
  union all
  select w.n, 3, p.party_id from wanted as w
    join registry.party as p on p.company_id = :company and p.tax_code = w.tax_code where w.tax_code <> '' and w.code = ''
)
select distinct on (f.n) f.n, c.customer_id, c.row_version as customer_version, p.row_version as party_version,
       to_jsonb(p) as party, to_jsonb(c) as customer
from found as f
join customers.customer as c on c.company_id = :company and c.customer_id = f.customer_id
join registry.party as p on p.company_id = :company and p.party_id = f.customer_id
order by f.n, f.place, c.customer_id
"""


@dataclass
class _Row:
    number: int
    given: dict[str, str]  # what the cells say, by field
    clean: WorkRow | None = None
    known: Any = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    outcome: str = "new"
    sentences: list[Sentence] = field(default_factory=list)


def propose(titles: Sequence[str]) -> dict[str, int]:
    """Field → column, by the usual titles."""
    return dict(propose_mapping(CUSTOMERS, titles).columns)


def check(unit: UnitOfWork, cells: Cells, columns: Mapping[str, int]) -> PasteCheck:
    """What would become of each row; writes nothing."""
    return PasteCheck(tuple(_shown(row) for row in _rows(unit, cells, columns)))


def paste(unit: UnitOfWork, cells: Cells, columns: Mapping[str, int], title: str = "") -> MassChangeRow:
    """Add and change all rows that can be stored; the others stay out. All or nothing with anything unexpected."""
    unit.value(sa.text("select sec.require(:company, 'customers.write')"))
    rows = _rows(unit, cells, columns)
    number = mass_change.begin_change(unit, LIST, "paste", title or LIST)
    changed = [row for row in rows if row.outcome == "changed"]
    for table, key, fields in ((Party.__table__, "party_id", None), (Customer.__table__, "customer_id", CUSTOMER_FIELDS)):
        _change(unit, number, table, key, changed, fields)
    added = _add(unit, number, [row for row in rows if row.outcome == "new"])
    mass_change.end_change(unit, number, len(changed) + added)
    return next(one for one in mass_change.list_changes(unit, LIST) if one.mass_change_id == number)


# ---- reading --------------------------------------------------------------------------------------------------------------


def _rows(unit: UnitOfWork, cells: Cells, columns: Mapping[str, int]) -> list[_Row]:
    rows = [_Row(n, {key: line[place].strip() for key, place in columns.items() if place < len(line)}) for n, line in enumerate(cells, 1)]
    _find_known(unit, rows)
    today, seen = local_today(), dict[int, int]()
    for row in rows:
        if row.known is None:
            _read_new(row, today)
        elif row.known.customer_id in seen:
            row.outcome = "error"
            row.sentences.append(Sentence("È lo stesso cliente della riga {number}.", {"number": seen[row.known.customer_id]}))
        else:
            seen[row.known.customer_id] = row.number
            _read_known(row, today)
    new = [row for row in rows if row.outcome == "new" and row.clean is not None]
    place_towns(unit, [row.clean for row in new if row.clean is not None and not row.clean.errors])
    for row in new:
        _take_sentences(row)
    _refuse_doubles(rows)
    return rows


def _find_known(unit: UnitOfWork, rows: Sequence[_Row]) -> None:
    wanted = [
        {"n": row.number, "code": _code(row.given.get("code", "")), "vat_number": _vat(row.given.get("vat_number", "")),
         "tax_code": repaired_digits(compact(row.given.get("tax_code", "")))}
        for row in rows
    ]  # fmt: skip
    found = {one.n: one for one in unit.rows(sa.text(KNOWN), {"rows": json.dumps(wanted)})}
    for row in rows:
        row.known = found.get(row.number)


def _code(text: str) -> str:
    return text.zfill(NUMBER_WIDTH) if text.isdigit() else text.upper()


def _vat(text: str) -> str:
    code = compact(text)
    return repaired_digits(code.removeprefix("IT"))


def _cleaned(cells: Sequence[str], number: int, today: datetime.date) -> WorkRow:
    mapping = ImportMapping({key: place for place, key in enumerate(KEYS)}, {"kind": "company"})
    clean = read_row(cells, mapping, number)
    clean_row(clean, mapping, today)
    return clean


def _read_new(row: _Row, today: datetime.date) -> None:
    line = [row.given.get(key, "") for key in KEYS]
    row.clean = _cleaned(line, row.number, today)
    if row.given.get("code") and not row.given.get("name"):
        code = row.given["code"]
        row.clean.errors.clear()
        row.clean.refuse("Nessun cliente ha il codice {code}: correggilo, o aggiungi la ragione sociale per crearlo.", code=code)


def _read_known(row: _Row, today: datetime.date) -> None:
    """The stored values under those that are given, read together: only what is given can change."""
    stored = {**row.known.party, **row.known.customer}
    merged = [row.given.get(key) or _as_text(stored.get(key)) for key in KEYS]
    row.clean = _cleaned(merged, row.number, today)
    for key, text in row.given.items():
        after, before = row.clean.values.get(key), stored.get(key)
        after = after.isoformat() if isinstance(after, datetime.date) else after
        if text and key != "code" and after not in ("", None) and after != (before or ""):
            row.changes[key] = (before, after)
    row.outcome = "changed" if row.changes else "same"
    row.clean.warnings.clear()  # what is wrong with a stored record is not the matter of this row
    _take_sentences(row)


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _take_sentences(row: _Row) -> None:
    assert row.clean is not None
    if row.clean.errors and row.outcome != "same":
        row.outcome = "error"
    found = row.clean.errors or row.clean.warnings
    row.sentences += [Sentence(one.text, one.values) for one in found]


def _refuse_doubles(rows: Sequence[_Row]) -> None:
    """Two new rows with the same code or fiscal code would be one customer twice."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.outcome != "new" or row.clean is None:
            continue
        for key in ("code", "vat_number", "tax_code"):
            value = str(row.clean.values.get(key) or "")
            if value and (key, value) in seen:
                row.outcome = "error"
                row.sentences = [Sentence("Uguale alla riga {number} di quelle incollate.", {"number": seen[key, value]})]
            elif value:
                seen[key, value] = row.number


def _shown(row: _Row) -> PastedRow:
    assert row.clean is not None or row.outcome == "error"
    stored = row.known.party["name"] if row.known is not None else ""
    name = stored or (row.clean.name if row.clean is not None else "") or row.given.get("name", "")
    changes = tuple(FieldChange(key, _words(before), _words(after)) for key, (before, after) in row.changes.items())
    return PastedRow(row.number, name, row.outcome, changes if row.outcome == "changed" else (), tuple(row.sentences))  # type: ignore[arg-type]


def _words(value: Any) -> str:
    text = _as_text(value)
    try:
        return formats.date(datetime.date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


# ---- writing --------------------------------------------------------------------------------------------------------------


def _change(unit: UnitOfWork, number: int, table: Any, key: str, rows: Sequence[_Row], fields: Sequence[str] | None) -> None:
    own = [name for name in (fields or [one for one in KEYS if one in table.c and one not in CUSTOMER_FIELDS]) if name in table.c]
    version = "customer_version" if fields else "party_version"
    wanted = []
    for row in rows:
        after = {name: new for name, (_old, new) in row.changes.items() if name in own}
        if after:
            before = {name: old for name, (old, _new) in row.changes.items() if name in own}
            record = {"record_id": row.known.customer_id, "version": getattr(row.known, version)}
            wanted.append({**record, "after": after, "before": before})
    stored = mass_change.write_values(unit, table, key, wanted)
    if len(stored) != len(wanted):
        raise AlreadyDone("Qualcuno ha cambiato uno di questi clienti proprio adesso: rifai l'anteprima.", key="paste_changed")
    mass_change.keep_rows(
        unit,
        number,
        table,
        [{"record_id": one["record_id"], "version": stored[one["record_id"]], "before": one["before"]} for one in wanted],
    )


def _add(unit: UnitOfWork, number: int, rows: Sequence[_Row]) -> int:
    if not rows:
        return 0
    wanted = []
    codes = iter(fresh_codes(unit, len(rows)))
    for row in rows:
        assert row.clean is not None
        values = row.clean.values
        stored = {key: values.get(key) or (None if key in MAY_BE_NULL else "") for key in TEXTS}
        code = _code(str(values.get("code") or "")) or next(codes)
        wanted.append(stored | {"n": row.number, "code": code, "since_on": values.get("since_on"), "customer_id": None})
    made = unit.rows(sa.text(statements.ADD_CUSTOMERS), {"rows": json.dumps(wanted, default=str)})
    for table in (Customer.__table__, Party.__table__):
        mass_change.keep_rows(unit, number, table, [{"record_id": one.customer_id, "version": 1, "before": None} for one in made])
    return len(made)
