"""Suppliers, prospects and plain parties as a target of imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportMapping, ImportOption, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.registry.importing.clean import clean_party
from cms_desktop.modules.registry.importing.fields import KIND, PARTY_FIELDS, PREFIX, refine
from cms_desktop.modules.registry.importing.places import find_doubles_in_list, place_towns
from cms_desktop.modules.registry.rules import MAY_BE_NULL

COLUMNS = (
    "kind", "name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code", "town", "istat_code", "province_code",
    "country", "phone", "email", "pec", "website", "notes",
)  # fmt: skip
PARTY = RecordTable("registry.party", "party_id", dict.fromkeys(COLUMNS, "text"))
# the name is stamped by a trigger of the table; customers get their role from customers.customer
ROLE = RecordTable("registry.party_role", "party_role_id", {"party_id": "bigint", "role": "text", "search_key": "text"})
ROLES = ImportOption(
    "role", "Che cosa sono", (("supplier", "Fornitori"), ("prospect", "Potenziali clienti"), ("none", "Solo anagrafiche")), "supplier"
)
ON_DUPLICATE = ImportOption(
    "on_duplicate",
    "Anagrafiche già presenti",
    (("skip", "Lasciale come sono"), ("fill", "Completa solo i campi vuoti"), ("change", "Aggiornale con i valori del file")),
    "skip",
)
_FIND_KNOWN = """
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, name text, vat_number text, tax_code text, town text)
), known as (
  select w.n, 1 as place, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.vat_number = w.vat_number where w.vat_number <> ''
  union all
  select w.n, 2, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.tax_code = w.tax_code where w.tax_code <> ''
  union all
  select w.n, 3, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.search_key = base.fold(w.name) and base.fold(p.town) = base.fold(w.town)
    where (w.vat_number = '' and w.tax_code = '') or (p.vat_number is null and p.tax_code is null)
)
select distinct on (k.n) k.n, p.party_id, p.name,
  exists (select from registry.party_role as o where o.company_id = :company and o.party_id = p.party_id and o.role = :role
          and o.until_on is null) as has_role
from known as k join registry.party as p on p.company_id = :company and p.party_id = k.party_id and p.survivor_id is null
order by k.n, k.place, k.party_id
"""


def clean(row: WorkRow, mapping: ImportMapping, _today: datetime.date) -> None:
    clean_party(row, mapping)


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Towns, duplicates in the list, parties known already: these get the role they lack, and what they lack if the person says so."""
    for batch in batches(rows):
        place_towns(unit, batch)
    find_doubles_in_list(rows)
    role = mapping.option("role")
    for batch in batches(rows, "created"):
        wanted = [
            {"n": row.number, "name": row.name, **{key: row.values.get(key, "") for key in ("vat_number", "tax_code", "town")}}
            for row in batch
        ]
        found = {answer.n: answer for answer in ask(unit, _FIND_KNOWN, wanted, role=role)}
        for row in batch:
            answer = found.get(row.number)
            if answer is None:
                continue
            row.record_id = answer.party_id
            row.values["lacks_role"] = role != "none" and not answer.has_role
            is_changed = row.values["lacks_role"] or mapping.option("on_duplicate") in ("fill", "change")
            row.outcome = "updated" if is_changed else "duplicate"
            row.warn("È già in anagrafica: «{name}».", name=answer.name)


def write(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping, journal: Journal) -> None:
    """New parties, what known ones lack, roles."""
    role = mapping.option("role")
    fresh = [row for row in rows if row.outcome == "created"]
    for row, number in zip(fresh, PARTY.add(unit, [(row, _stored(row)) for row in fresh], journal), strict=True):
        row.record_id = number
    known = [row for row in rows if row.outcome == "updated"]
    filled: set[int] = set()
    if mapping.option("on_duplicate") in ("fill", "change"):
        filled = PARTY.change(
            unit, [(row, row.record_id or 0, _stored(row)) for row in known], journal, only_empty=mapping.option("on_duplicate") == "fill"
        )
    for row in known:
        row.outcome = "updated" if row.values["lacks_role"] or row.record_id in filled else "duplicate"
    if role != "none":
        lacking = fresh + [row for row in known if row.values["lacks_role"]]
        ROLE.add(unit, [(row, {"party_id": row.record_id, "role": role, "search_key": ""}) for row in lacking], journal)


def _stored(row: WorkRow) -> dict[str, Any]:
    return {key: row.values.get(key) or (None if key in MAY_BE_NULL else "") for key in COLUMNS}


PARTIES = ImportTarget(
    key="parties",
    context="registry",
    right="registry.import",
    title="Fornitori e potenziali clienti",
    nouns=("anagrafica", "anagrafiche"),
    fields=PARTY_FIELDS,
    options=(KIND, ROLES, ON_DUPLICATE, PREFIX),
    clean=clean,
    resolve=resolve,
    write=write,
    propose=refine,
    name_title="Ragione sociale",
    tables=frozenset({"registry.party", "registry.party_role"}),
)
