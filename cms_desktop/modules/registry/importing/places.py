"""Towns of imported parties, and parties that stand in a list twice."""

from __future__ import annotations

from collections.abc import Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import WorkRow
from cms_desktop.documents.importing.engine import ask

PLACE_TOWNS = """
select r.n, t.istat_code, t.name, t.province_code,
       exists (select from base.postal_code as p where p.istat_code = t.istat_code and p.postal_code = r.postal_code) as has_cap
from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, istat_code text, town text, province_code text, province_name text, postal_code text)
cross join lateral (
  select town.*
  from (
    select * from base.town where r.town <> '' and search_key = base.fold(r.town)
    union all
    select * from base.town where r.town = '' and r.istat_code <> '' and istat_code = r.istat_code
    union all
    select * from base.town where r.town = '' and r.istat_code = '' and r.postal_code <> '' and istat_code = (
      select min(p.istat_code) from base.postal_code as p where p.postal_code = r.postal_code having count(*) = 1)
  ) as town left join base.province as province using (province_code)
  where town.valid_to is null
    and (r.province_code = '' or town.province_code = r.province_code)
    and (r.province_name = '' or base.fold(province.name) = base.fold(r.province_name))
  order by (town.istat_code = r.istat_code) desc, exists (
    select from base.postal_code as p where p.istat_code = town.istat_code and p.postal_code = r.postal_code) desc, town.istat_code
  limit 1
) as t
"""


def place_towns(unit: UnitOfWork, rows: Sequence[WorkRow]) -> None:
    """Fill town, ISTAT code and province from each other where the file leaves no doubt; report what does not fit."""
    wanted = [
        {
            "n": row.number,
            **{key: row.values.get(key, "") for key in ("istat_code", "town", "province_code", "province_name", "postal_code")},
        }
        for row in rows
        if row.values["country"] == "IT"
    ]
    found = {answer.n: answer for answer in ask(unit, PLACE_TOWNS, wanted)}
    for row in rows:
        values, answer = row.values, found.get(row.number)
        istat = values.get("istat_code", "")
        values["istat_code"] = answer.istat_code if answer else ""
        if answer is None:
            if values.get("town") and values["country"] == "IT":
                row.warn("Comune «{town}» non trovato nell'elenco ISTAT.", town=values["town"])
            continue
        if istat and istat != answer.istat_code:
            row.warn("Codice ISTAT {code} non corrisponde al comune {town}.", code=istat, town=answer.name)
        values["town"] = values.get("town") or answer.name
        values["province_code"] = values["province_code"] or answer.province_code
        if values.get("postal_code") and not answer.has_cap:
            row.warn("Il CAP {cap} non è fra quelli di {town}.", cap=values["postal_code"], town=answer.name)


def _keys(row: WorkRow) -> list[tuple[str, str]]:
    """What makes two rows the same customer: a fiscal code; without one, name and town."""
    codes = [(key, row.values[key]) for key in ("vat_number", "tax_code") if row.values.get(key)]
    return codes or [("name", f"{row.name.casefold()}|{str(row.values.get('town', '')).casefold()}")]


def find_doubles_in_list(rows: Sequence[WorkRow]) -> None:
    """The second row of the same party is left out, and says of which row it is the double."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.errors:
            row.outcome = "error"
            continue
        first = next((seen[key] for key in _keys(row) if key in seen), None)
        if first is not None:
            row.outcome = "duplicate"
            row.warn("Uguale alla riga {number} dello stesso file.", number=first)
        for key in _keys(row):
            seen.setdefault(key, row.number)
