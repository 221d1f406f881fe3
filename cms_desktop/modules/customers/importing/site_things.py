"""Plants and keys of sites as targets of imports; the site is told by its code, a key also by its plant."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, WorkRow
from cms_desktop.documents.importing.cells import read_choice, read_date, read_number, read_text, read_yes_no
from cms_desktop.documents.importing.coded import ON_DUPLICATE, coded_writer, meet_known
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.customers.importing.sites import PLANT_CODE, PLANT_KINDS

SITE_CODE = ImportField("site_code", "Codice sede", ("codice sede", "cod sede", "sede codice", "sede"))
SITE_NUMBER = ImportField("site_number", "Numero della sede", ("numero della sede", "numero sede", "n sede"))
PLANT = RecordTable(
    "customers.plant", "plant_id",
    {"site_id": "bigint", "code": "text", "kind": "text", "description": "text", "maker": "text", "installed_on": "date",
     "removed_on": "date", "notes": "text"},
)  # fmt: skip
KEY = RecordTable(
    "customers.held_key", "held_key_id",
    {"site_id": "bigint", "plant_id": "bigint", "number": "text", "description": "text", "piece_count": "int", "seal": "text",
     "kept_at": "text", "received_on": "date", "received_from": "text", "is_receipt_signed": "boolean", "returned_on": "date",
     "returned_to": "text"},
)  # fmt: skip
_PLACES = """
select r.n, s.site_id, s.name, p.plant_id, p.site_id as site_of_plant
from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, site_number bigint, site_code text, plant_code text)
left join customers.site as s on s.company_id = :company
  and (s.site_id = r.site_number or (r.site_number is null and s.code = r.site_code and r.site_code <> ''))
left join customers.plant as p on p.company_id = :company and p.code = r.plant_code and r.plant_code <> ''
"""


def _find_places(unit: UnitOfWork, rows: Sequence[WorkRow], *, by_plant: bool) -> None:
    """The site of each row, told by its own code or by the plant's."""
    wanted = [
        {
            "n": row.number,
            "site_number": _number(row),
            "site_code": row.values.get("site_code", ""),
            "plant_code": row.values["plant_code"] if by_plant else "",
        }
        for row in rows
    ]
    found = {one.n: one for one in ask(unit, _PLACES, wanted)} if wanted else {}
    for row in rows:
        answer, site, plant = found[row.number], str(row.values.get("site_code", "")), str(row.values.get("plant_code", ""))
        row.values["plant_id"] = answer.plant_id
        row.values["site_id"] = answer.site_id or answer.site_of_plant
        if (site or _number(row) is not None) and answer.site_id is None:
            row.refuse("La sede {code} non c'è.", code=site or row.values["site_number"])
        elif by_plant and plant and answer.plant_id is None:
            row.refuse("L'impianto {code} non c'è.", code=plant)
        elif row.values["site_id"] is None:
            row.refuse("La riga non dice di quale sede: serve il codice della sede.")
        elif answer.site_id and answer.site_of_plant and answer.site_id != answer.site_of_plant:
            row.refuse("L'impianto {code} è di un'altra sede.", code=plant)


def _number(row: WorkRow) -> int | None:
    text = str(row.values.get("site_number") or "")
    return (int(text) if text.isdecimal() and len(text) < 16 else 0) if text else None


def _clean_plant(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    row.code = row.values["code"] = read_text(row, "code", "Codice impianto", is_required=True).upper()
    row.values["site_code"] = str(row.values.get("site_code") or "").upper()
    row.values["name"] = read_text(row, "description", "Descrizione", longest=200)
    read_choice(row, "kind", "Tipo di impianto", PLANT_KINDS, usual="intrusion")
    read_text(row, "maker", "Centrale", longest=100)
    read_text(row, "notes", "Note", longest=4000)
    first, last = read_date(row, "installed_on", "Installato il", today), read_date(row, "removed_on", "Rimosso il", today)
    if first and last and last < first:
        row.refuse("La fine viene prima dell'inizio.")
    if row.code and not PLANT_CODE.fullmatch(row.code):
        row.refuse("Il codice impianto «{code}» ha fino a 20 lettere, cifre, punti, barre o trattini.", code=row.code)


def _clean_key(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    row.code = row.values["number"] = read_text(row, "number", "Numero della chiave", is_required=True, longest=20).upper()
    for key in ("site_code", "plant_code"):
        row.values[key] = str(row.values.get(key) or "").upper()
    row.values["name"] = read_text(row, "description", "Descrizione", longest=200)
    for key, title in (("seal", "Sigillo"), ("kept_at", "Dove si tiene"), ("received_from", "Consegnata da"), ("returned_to", "Resa a")):
        read_text(row, key, title, longest=100)
    count = read_number(row, "piece_count", "Pezzi", least=1, most=999)
    row.values["piece_count"] = 1 if count is None else int(count)
    received = row.values["received_on"] = read_date(row, "received_on", "Ricevuta il", today) or today
    returned = read_date(row, "returned_on", "Resa il", today)
    read_yes_no(row, "is_receipt_signed", "Ricevuta firmata", usual=False)
    if returned and returned < received:
        row.refuse("La fine viene prima dell'inizio.")


def _resolve_plants(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    _find_places(unit, [row for row in rows if not row.errors], by_plant=False)
    meet_known(unit, rows, mapping, PLANT)


def _resolve_keys(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    _find_places(unit, [row for row in rows if not row.errors], by_plant=True)
    meet_known(unit, rows, mapping, KEY, "number")


PLANTS = ImportTarget(
    key="plants", context="customers", right="customers.import", title="Impianti", nouns=("impianto", "impianti"),
    fields=(
        ImportField("code", "Codice impianto", ("codice impianto", "impianto", "codice", "cod", "radio", "codice radio"), True, "AR1020"),
        SITE_CODE,
        SITE_NUMBER,
        ImportField("kind", "Tipo di impianto", ("tipo di impianto", "tipo impianto", "tipo")),
        ImportField("description", "Descrizione", ("descrizione",)),
        ImportField("maker", "Centrale", ("centrale", "marca", "costruttore", "modello")),
        ImportField("installed_on", "Installato il", ("installato il", "data installazione", "installazione")),
        ImportField("removed_on", "Rimosso il", ("rimosso il", "data rimozione", "rimozione")),
        ImportField("notes", "Note", ("note", "annotazioni")),
    ),
    options=(ON_DUPLICATE,), clean=_clean_plant, resolve=_resolve_plants, write=coded_writer(PLANT, fixed=("site_id",)),
    name_title="Descrizione", code_title="Codice impianto", tables=frozenset({"customers.plant"}),
)  # fmt: skip
KEYS = ImportTarget(
    key="keys", context="customers", right="customers.import", title="Chiavi in custodia", nouns=("chiave", "chiavi"),
    fields=(
        ImportField("number", "Numero della chiave", ("numero della chiave", "numero chiave", "chiave", "numero", "cartellino"), True, "K 102"),
        SITE_CODE,
        SITE_NUMBER,
        ImportField("plant_code", "Codice impianto", ("codice impianto", "impianto")),
        ImportField("description", "Descrizione", ("descrizione", "che cosa apre", "apre")),
        ImportField("piece_count", "Pezzi", ("pezzi", "quantita", "n pezzi")),
        ImportField("seal", "Sigillo", ("sigillo", "busta")),
        ImportField("kept_at", "Dove si tiene", ("dove si tiene", "posto", "bacheca", "custodita", "armadio")),
        ImportField("received_on", "Ricevuta il", ("ricevuta il", "data consegna", "consegnata il", "presa in carico")),
        ImportField("received_from", "Consegnata da", ("consegnata da", "da chi")),
        ImportField("is_receipt_signed", "Ricevuta firmata", ("ricevuta firmata", "firmata")),
        ImportField("returned_on", "Resa il", ("resa il", "data restituzione", "restituita il")),
        ImportField("returned_to", "Resa a", ("resa a", "restituita a")),
    ),
    options=(ON_DUPLICATE,), clean=_clean_key, resolve=_resolve_keys, write=coded_writer(KEY, "number", ("site_id", "plant_id")),
    name_title="Descrizione", code_title="Numero della chiave", is_feminine=True, tables=frozenset({"customers.held_key"}),
)  # fmt: skip
