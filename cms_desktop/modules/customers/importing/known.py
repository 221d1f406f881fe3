"""Parties that lists name: by partita IVA, codice fiscale, customer code, or name (and town)."""

from __future__ import annotations

from collections.abc import Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, WorkRow
from cms_desktop.documents.importing.engine import ask

# Of several that answer, one is taken only when it is known by something stronger than the others, or is the only one of its kind.
_FIND = """
with wanted as (
  select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, code text, vat_number text, tax_code text, name text, town text)
), known as (
  select w.n, 0 as place, c.customer_id as party_id from wanted as w join customers.customer as c
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
        {
            "n": row.number, "code": row.values.get("party_code", ""), "vat_number": row.values.get("party_vat_number", ""),
            "tax_code": row.values.get("party_tax_code", ""), "name": row.values.get("party_name", ""), "town": "",
        }
        for row in rows
    ]  # fmt: skip
    found = {answer.n: answer for answer in ask(unit, _FIND, wanted, only_customers=only_customers)}
    for row in rows:
        answer = found.get(row.number)
        said = next(
            (str(row.values[key]) for key in ("party_code", "party_vat_number", "party_tax_code", "party_name") if row.values.get(key)), ""
        )
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
