"""Parties that lists name: by partita IVA, codice fiscale, customer code, or name (and town)."""

from __future__ import annotations

from collections.abc import Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, WorkRow
from cms_desktop.documents.importing.engine import ask
from cms_desktop.modules.registry.importing.known import party_number, reference_of, take_answers

# Of several that answer, one is taken only when it is known by something stronger than the others, or is the only one of its kind.
_FIND = """
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, number bigint, code text, vat_number text, tax_code text, name text, town text)
), known as (
  select w.n, -1 as place, w.number as party_id from wanted as w where w.number is not null
  union all
  select w.n, 0, c.customer_id from wanted as w join customers.customer as c
    on c.company_id = :company and c.code = w.code where w.code <> ''
  union all
  select w.n, 1, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.vat_number = w.vat_number where w.vat_number <> ''
  union all
  select w.n, 2, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.tax_code = w.tax_code where w.tax_code <> ''
  union all
  select w.n, 3, p.party_id from wanted as w join registry.party as p
    on p.company_id = :company and p.search_key = base.fold(w.name) and (w.town = '' or base.fold(p.town) = base.fold(w.town))
    where w.name <> ''
), best as (
  select distinct on (k.n) k.n, k.place, k.party_id, p.name, c.code,
         count(*) over (partition by k.n, k.place) as many
  from known as k
  join registry.party as p on p.company_id = :company and p.party_id = k.party_id and p.survivor_id is null
  left join customers.customer as c on c.company_id = :company and c.customer_id = k.party_id
  where not :only_customers or c.customer_id is not null
  order by k.n, k.place, k.party_id
)
select n, party_id, name, coalesce(code, '') as code, many from best
"""
REFERENCE_FIELDS = (
    ImportField("party_number", "Numero di anagrafica", ("numero di anagrafica", "numero anagrafica", "n anagrafica")),
    ImportField("party_code", "Codice cliente", ("codice cliente", "cod cliente", "codice", "cod", "codcli", "cod cli", "cliente codice")),
    ImportField(
        "party_name", "Cliente", ("cliente", "ragione sociale", "rag soc", "denominazione", "intestatario", "nominativo cliente", "azienda")
    ),
    ImportField("party_vat_number", "Partita IVA", ("partita iva", "p iva", "piva", "iva cliente")),
    ImportField("party_tax_code", "Codice fiscale", ("codice fiscale", "cod fiscale", "cf", "c f", "cod fisc")),
)


def find_parties(unit: UnitOfWork, rows: Sequence[WorkRow], *, only_customers: bool) -> None:
    """Put the party each row speaks of into `values["party_id"]`, its name into `values["name"]` unless the row has one; refuse a
    row whose party is not there, or is one of several."""
    wanted = [
        {"n": row.number, "number": party_number(row), "code": row.values.get("party_code", ""), "town": "", **reference_of(row)}
        for row in rows
    ]
    take_answers(rows, {answer.n: answer for answer in ask(unit, _FIND, wanted, only_customers=only_customers)})
