"""Parties that lists name: by their number, partita IVA, codice fiscale, or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, WorkRow
from cms_desktop.documents.importing.engine import ask

# Of several that answer, one is taken only when it is known by something stronger than the others, or is the only one of its kind.
_FIND = """
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, number bigint, vat_number text, tax_code text, name text)
), known as (
  select w.n, -1 as place, w.number as party_id from wanted as w where w.number is not null
  union all
  select w.n, 1, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.vat_number = w.vat_number where w.vat_number <> ''
  union all
  select w.n, 2, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.tax_code = w.tax_code where w.tax_code <> ''
  union all
  select w.n, 3, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.search_key = base.fold(w.name) where w.name <> ''
), best as (
  select distinct on (k.n) k.n, k.place, k.party_id, p.name, count(*) over (partition by k.n, k.place) as many
  from known as k
  join registry.party as p on p.company_id = :company and p.party_id = k.party_id and p.survivor_id is null
  order by k.n, k.place, k.party_id
)
select n, party_id, name, '' as code, many from best
"""
REFERENCE_FIELDS = (
    ImportField("party_number", "Numero di anagrafica", ("numero di anagrafica", "numero anagrafica", "n anagrafica")),
    ImportField(
        "party_name", "Anagrafica", ("anagrafica", "ragione sociale", "rag soc", "denominazione", "cliente", "azienda", "fornitore")
    ),
    ImportField("party_vat_number", "Partita IVA", ("partita iva", "p iva", "piva", "iva cliente")),
    ImportField("party_tax_code", "Codice fiscale", ("codice fiscale", "cod fiscale", "cf", "c f", "cod fisc")),
)


def find_parties(unit: UnitOfWork, rows: Sequence[WorkRow]) -> None:
    """Put the party each row speaks of into `values["party_id"]`; refuse a row whose party is not there, or is one of several."""
    wanted = [{"n": row.number, "number": party_number(row), **reference_of(row)} for row in rows]
    take_answers(rows, {answer.n: answer for answer in ask(unit, _FIND, wanted)})


def reference_of(row: WorkRow) -> dict[str, Any]:
    names = {"vat_number": "party_vat_number", "tax_code": "party_tax_code", "name": "party_name"}
    return {key: row.values.get(field, "") for key, field in names.items()}


def party_number(row: WorkRow) -> int | None:
    """The party's own number, where the list has it; one that cannot be is nobody's."""
    text = str(row.values.get("party_number") or "")
    return (int(text) if text.isdecimal() and len(text) < 16 else 0) if text else None


def take_answers(rows: Sequence[WorkRow], found: Mapping[int, Any]) -> None:
    """Each row gets its party (`party_id`, `party_name`, and `name` unless it has one), or is refused."""
    for row in rows:
        answer = found.get(row.number)
        keys = ("party_number", "party_code", "party_vat_number", "party_tax_code", "party_name")
        said = next((str(row.values[key]) for key in keys if row.values.get(key)), "")
        if not said:
            row.refuse("La riga non dice di chi è: serve il codice, la partita IVA o il nome.")
        elif answer is None:
            row.refuse("«{who}» non si trova: importa prima la sua anagrafica.", who=said)
        elif answer.many > 1:
            row.refuse("«{who}» è il nome di {count} anagrafiche: scrivi il codice o la partita IVA.", who=said, count=answer.many)
        else:
            row.values["party_id"] = answer.party_id
            row.values["party_name"] = answer.name
            row.values.setdefault("name", answer.name)
            row.code = row.code or answer.code
