"""Set-based writing of plain records: what targets without a way of their own use.

TERMS = RecordTable("base.payment_term", "payment_term_id", {"code": "text", "description": "text", "method": "text"})
TERMS.add(unit, [(row, {"code": …}) …], journal)
TERMS.change(unit, [(row, id, {"description": …}) …], journal, only_empty=True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.target import Journal, WorkRow


@dataclass(frozen=True)
class RecordTable:
    """A table with a key of its own (or that of another, `is_given`) and columns with their SQL types. Names are the program's own."""

    table: str
    key: str
    columns: Mapping[str, str]
    is_given: bool = False

    @property
    def _record(self) -> str:
        return f"r(n int, id bigint, {', '.join(f'{name} {kind}' for name, kind in self.columns.items())})"

    @property
    def _given(self) -> str:
        return f"jsonb_to_recordset(cast(:rows as jsonb)) as {self._record}"

    def add(self, unit: UnitOfWork, rows: Sequence[tuple[WorkRow, Mapping[str, Any]]], journal: Journal) -> list[int]:
        """Create a record for each; their ids in the same order. Columns that no row names take the table's own default."""
        named = [name for name in self.columns if any(name in values for _, values in rows)]
        if not rows:
            return []
        columns = ", ".join(named)
        statement = (
            f"insert into {self.table} (company_id, {columns}) select :company, {columns} from {self._given} "  # noqa: S608 - own names
            f"order by r.n returning {self.key} as id"
        )
        given = [{"n": place, **{name: values.get(name) for name in named}} for place, (_, values) in enumerate(rows)]
        ids = [answer.id for answer in ask(unit, statement, given)]
        ids = [values[self.key] for _, values in rows] if self.is_given else sorted(ids)  # ids are given in the order of the rows
        journal.added(self.table, [row for row, _ in rows], ids)
        return ids

    def change(
        self, unit: UnitOfWork, rows: Sequence[tuple[WorkRow, int, Mapping[str, Any]]], journal: Journal, *, only_empty: bool
    ) -> set[int]:
        """Give records the values that are filled (with `only_empty` only where they have none); ids of those that changed by it."""
        if not rows:
            return set()
        given = [{"n": place, "id": number, **values} for place, (_, number, values) in enumerate(rows)]
        new = {name: self._new(name, kind, only_empty=only_empty) for name, kind in self.columns.items() if name != self.key}
        differs = " or ".join(f"t.{name} is distinct from {value}" for name, value in new.items())
        place = f"t.company_id = :company and t.{self.key} = r.id and ({differs})"
        found = {
            answer.id
            for answer in ask(unit, f"select r.id from {self._given} join {self.table} as t on {place}", given)  # noqa: S608
        }
        first = {number: row for row, number, _ in reversed(rows) if number in found}
        journal.changing(self.table, first.values(), first.keys())
        sets = ", ".join(f"{name} = {value}" for name, value in new.items())
        ask(
            unit,
            f"update {self.table} as t set {sets}, row_version = t.row_version + 1 from {self._given} where {place} returning 1",  # noqa: S608
            [one for one in given if one["id"] in found],
        )
        return found

    def _new(self, name: str, kind: str, *, only_empty: bool) -> str:
        filled = f"coalesce(nullif(r.{name}, ''), t.{name})" if kind == "text" else f"coalesce(r.{name}, t.{name})"
        if not only_empty:
            return filled
        is_empty = f"t.{name} is null or t.{name} = ''" if kind == "text" else f"t.{name} is null"
        return f"case when {is_empty} then {filled} else t.{name} end"


def by_code(unit: UnitOfWork, table: str, key: str, codes: Sequence[str], *, code: str = "code") -> dict[str, int]:
    """The records of some codes, written in whatever case: code in capitals → id."""
    statement = (
        f"select t.{key} as id, upper(t.{code}) as code from {table} as t "  # noqa: S608 - own names
        f"where t.company_id = :company and upper(t.{code}) in (select upper(r.code) from jsonb_to_recordset(cast(:rows as jsonb)) as r(code text))"
    )
    wanted = [{"code": one} for one in dict.fromkeys(codes) if one]
    return {answer.code: answer.id for answer in ask(unit, statement, wanted)} if wanted else {}
