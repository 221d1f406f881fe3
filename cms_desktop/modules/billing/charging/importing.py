"""Items charged by use as a target of imports: timesheets, lists of passages and of interventions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.cells import find_doubles, read_choice, read_date, read_number, read_text
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.billing.charging.records import LINE_KIND
from cms_desktop.modules.billing.charging.rules import moments, parse_time

KINDS = {
    "ore": "hourly", "ora": "hourly", "h": "hourly", "piantonamento": "hourly", "servizio a ore": "hourly", "passaggi": "passage",
    "passaggio": "passage", "ronda": "passage", "interventi": "intervention", "intervento": "intervention",
}  # fmt: skip
BANDS = {
    "ordinaria": "", "ordinario": "", "diurna": "", "notturna": "night", "notturno": "night", "festiva": "holiday", "festivo": "holiday",
    "straordinaria": "overtime", "straordinario": "overtime",
}  # fmt: skip
SOURCE = "import"
ITEM = RecordTable(
    "billing.chargeable_item",
    "chargeable_item_id",
    {"kind": "text", "service_id": "bigint", "site_id": "bigint", "on_date": "date", "starts_at": "timestamptz", "ends_at": "timestamptz",
     "quantity": "numeric", "band": "text", "description": "text", "source": "text", "source_id": "text"},
)  # fmt: skip
FIELDS = (
    ImportField("number", "Numero", ("numero", "id", "n", "progressivo", "rapportino", "numero rapporto"), True, "R-1042"),
    ImportField("kind", "Tipo", ("tipo", "tipo prestazione", "prestazione", "voce"), True, "ore"),
    ImportField("contract", "Contratto", ("contratto", "numero contratto", "n contratto", "cod contratto")),
    ImportField("site", "Codice sede", ("codice sede", "sede", "cod sede", "obiettivo")),
    ImportField("on_date", "Giorno", ("giorno", "data", "del"), True, "31/10/2026"),
    ImportField("starts", "Dalle", ("dalle", "ora inizio", "inizio", "dalle ore", "entrata"), False, "22:00"),
    ImportField("ends", "Alle", ("alle", "ora fine", "fine", "alle ore", "uscita"), False, "06:00"),
    ImportField("quantity", "Quantità", ("quantita", "qta", "ore", "numero passaggi", "durata")),
    ImportField("band", "Fascia", ("fascia", "maggiorazione", "tipo ora")),
    ImportField("description", "Note", ("note", "descrizione", "motivo")),
)
_FIND = """
with wanted as (select * from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, kind text, contract text, site text, on_date date, number text))
select w.n, t.site_id, count(s.service_id) as many, min(s.service_id) as service_id, min(p.name) as name,
       exists (select from billing.chargeable_item as i where i.company_id = :company and i.source = :source and i.source_id = w.number) as is_there
from wanted as w
left join customers.site as t on t.company_id = :company and w.site <> '' and t.code = w.site
left join customers.contract as c on c.company_id = :company and w.contract <> '' and upper(c.number) = upper(w.contract)
left join customers.service as s on s.company_id = :company and s.kind = w.kind and w.on_date >= s.starts_on and w.on_date <= coalesce(s.ends_on, 'infinity')
  and (w.contract = '' or s.contract_id = c.contract_id) and (w.site = '' or s.site_id = t.site_id or (s.site_id is null and w.contract <> ''))
  and (w.contract <> '' or t.site_id is not null)
left join customers.contract as k on k.company_id = :company and k.contract_id = s.contract_id
left join registry.party as p on p.company_id = :company and p.party_id = k.customer_id
group by w.n, t.site_id, w.number
"""


def clean(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    number = read_text(row, "number", "Numero", is_required=True, longest=100)
    row.code = number
    kind = read_choice(row, "kind", "Tipo", KINDS)
    read_choice(row, "band", "Fascia", BANDS, usual="")
    read_text(row, "description", "Note", longest=500)
    for key in ("contract", "site"):
        row.values[key] = str(row.values.get(key) or "").strip().upper()
    day = read_date(row, "on_date", "Giorno", today, is_required=True)
    quantity = read_number(row, "quantity", "Quantità", least=0)
    row.values["starts_at"] = row.values["ends_at"] = None
    try:
        start, end = (parse_time(str(row.values.get(key) or "").split(" ")[-1].removesuffix(":00") or "") for key in ("starts", "ends"))
    except InvalidInput as problem:
        row.refuse(problem.text, **problem.values)
        return
    if (start is None) != (end is None):
        row.refuse("Servono sia l'inizio sia la fine, o nessuno dei due.")
    elif start is not None and end is not None and day is not None:
        begin, last = moments(day, start, end)
        row.values["starts_at"], row.values["ends_at"] = begin.isoformat(), last.isoformat()
        if kind == "hourly":
            quantity = None
    elif not quantity and kind == "hourly":
        row.refuse("Per le ore servono l'inizio e la fine, o la quantità.")
    row.values["quantity"] = str(quantity) if quantity else "1"
    if not row.values["contract"] and not row.values["site"]:
        row.refuse("La riga non dice dove: serve il contratto o il codice della sede.")


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping) -> None:
    """Which contract line each is charged to; those that are there already stay as they are."""
    good = [row for row in rows if not row.errors]
    find_doubles(good, "number")
    for batch in batches(good):
        wanted = [
            {"n": row.number, "kind": LINE_KIND[row.values["kind"]], "contract": row.values["contract"], "site": row.values["site"],
             "on_date": str(row.values["on_date"]), "number": row.values["number"]}
            for row in batch
        ]  # fmt: skip
        found = {answer.n: answer for answer in ask(unit, _FIND, wanted, source=SOURCE)}
        for row in (one for one in batch if one.outcome == "created"):
            _settle(row, found[row.number])


def _settle(row: WorkRow, answer: Any) -> None:
    row.values["name"] = answer.name or row.values["site"] or row.values["contract"]
    row.values["site_id"], row.values["service_id"] = answer.site_id, answer.service_id if answer.many == 1 else None
    if answer.is_there:
        row.outcome = "duplicate"
        row.warn("La prestazione {code} c'è già.", code=row.code)
    elif row.values["site"] and answer.site_id is None:
        row.refuse("La sede {code} non c'è: importa prima le sedi.", code=row.values["site"])
    elif answer.many == 0 and answer.site_id is None:
        row.refuse("Nel contratto {code} non c'è una riga che si conti così.", code=row.values["contract"])
    elif answer.many != 1 and answer.site_id is None:
        row.refuse("Nel contratto {code} più righe si contano così: scrivi la sede.", code=row.values["contract"])
    elif answer.many != 1:
        row.warn("Riga di contratto da scegliere: la prestazione resta da attribuire.")


def write(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    given = [(row, {key: row.values.get(key) for key in ITEM.columns if key not in ("source", "source_id", "on_date")}
              | {"source": SOURCE, "source_id": row.values["number"], "on_date": str(row.values["on_date"])}) for row in fresh]  # fmt: skip
    for row, number in zip(fresh, ITEM.add(unit, given, journal), strict=True):
        row.record_id = number


ITEMS = ImportTarget(
    key="items",
    context="billing",
    right="billing.charge",
    title="Prestazioni",
    nouns=("prestazione", "prestazioni"),
    fields=FIELDS,
    options=(),
    clean=clean,
    resolve=resolve,
    write=write,
    name_title="Cliente",
    tables=frozenset({"billing.chargeable_item"}),
)
