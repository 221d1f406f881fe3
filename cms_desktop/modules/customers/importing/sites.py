"""Sites of customers, with their plant, as a target of imports."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportOption, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.cells import find_doubles, read_choice, read_text
from cms_desktop.documents.importing.records import RecordTable, by_code
from cms_desktop.modules.customers.importing.known import REFERENCE_FIELDS, find_parties
from cms_desktop.modules.registry.importing.clean import clean_place
from cms_desktop.modules.registry.importing.places import place_towns

FIELDS = (
    *REFERENCE_FIELDS,
    ImportField("code", "Codice sede", ("codice sede", "cod sede", "sede codice")),
    ImportField("name", "Nome della sede", ("nome della sede", "nome sede", "sede", "filiale", "punto", "obiettivo", "descrizione sede"), True),
    ImportField("street", "Indirizzo", ("indirizzo", "via", "indirizzo sede")),
    ImportField("street_number", "Civico", ("civico", "numero civico", "n civico")),
    ImportField("postal_code", "CAP", ("cap", "codice postale")),
    ImportField("town", "Comune", ("comune", "citta", "localita")),
    ImportField("istat_code", "Codice ISTAT del comune", ("codice istat", "istat")),
    ImportField("province_code", "Provincia", ("provincia", "prov", "sigla")),
    ImportField("country", "Nazione", ("nazione", "stato")),
    ImportField("phone", "Telefono", ("telefono", "tel")),
    ImportField("instructions", "Istruzioni", ("istruzioni", "consegne", "note", "note operative")),
    ImportField("plant_code", "Codice impianto", ("codice impianto", "impianto", "cod impianto", "radio", "codice radio")),
    ImportField("plant_kind", "Tipo di impianto", ("tipo di impianto", "tipo impianto")),
)  # fmt: skip
PLANT_KINDS = {
    "intrusione": "intrusion", "antintrusione": "intrusion", "rapina": "hold_up", "antirapina": "hold_up", "video": "video", "tvcc": "video",
    "videosorveglianza": "video", "incendio": "fire", "antincendio": "fire", "accessi": "access", "controllo accessi": "access",
    "tecnologico": "technical", "soccorso": "rescue", "satellitare": "tracking", "gps": "tracking", "altro": "other",
}  # fmt: skip
PLANT_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}")
TEXTS = (
    "code",
    "name",
    "street",
    "street_number",
    "postal_code",
    "town",
    "istat_code",
    "province_code",
    "country",
    "phone",
    "instructions",
)
SITE = RecordTable("customers.site", "site_id", {"customer_id": "bigint", **dict.fromkeys(TEXTS, "text")})
PLANT = RecordTable("customers.plant", "plant_id", {"site_id": "bigint", "code": "text", "kind": "text"})
ON_DUPLICATE = ImportOption(
    "on_duplicate",
    "Sedi già presenti",
    (("skip", "Lasciale come sono"), ("fill", "Completa solo i campi vuoti"), ("change", "Aggiornale con i valori del file")),
    "skip",
)


def clean(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    for key, title in (("name", "Nome della sede"), ("street", "Indirizzo"), ("street_number", "Civico"), ("phone", "Telefono")):
        read_text(row, key, title, is_required=key == "name")
    read_text(row, "instructions", "Istruzioni", longest=4000)
    for key in ("code", "plant_code"):
        row.values[key] = str(row.values.get(key) or "").upper()
    for key in ("party_vat_number", "party_tax_code"):
        row.values[key] = fiscal.compact(str(row.values.get(key) or ""))
    clean_place(row)
    read_choice(row, "plant_kind", "Tipo di impianto", PLANT_KINDS, usual="intrusion")
    if row.values["plant_code"] and not PLANT_CODE.fullmatch(row.values["plant_code"]):
        row.refuse("Il codice impianto «{code}» ha fino a 20 lettere, cifre, punti, barre o trattini.", code=row.values["plant_code"])


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Whose sites they are, towns, sites and plants that are there, codes for new ones."""
    for batch in batches(rows):
        find_parties(unit, batch, only_customers=True)
    for batch in batches(rows):
        place_towns(unit, batch)
    good = [row for row in rows if not row.errors]
    find_doubles(good, "code")
    find_doubles([row for row in good if row.outcome == "created"], "plant_code")
    present = by_code(unit, "customers.site", "site_id", [row.values["code"] for row in good])
    plants = by_code(unit, "customers.plant", "plant_id", [row.values["plant_code"] for row in good])
    for row in (one for one in good if one.outcome == "created"):
        row.code = row.values["code"]
        row.record_id = present.get(row.code)
        if row.record_id is not None:
            row.outcome = "updated" if mapping.option("on_duplicate") in ("fill", "change") else "duplicate"
            row.warn("La sede {code} c'è già.", code=row.code)
        elif row.values["plant_code"] in plants:
            row.refuse("L'impianto {code} c'è già, in un'altra sede.", code=row.values["plant_code"])
    _give_codes(unit, [row for row in good if row.outcome == "created" and not row.code])


def _give_codes(unit: UnitOfWork, rows: Sequence[WorkRow]) -> None:
    """S000001 and so on; codes typed by hand are jumped over."""
    waiting = list(rows)
    while waiting:
        first = unit.call("base.next_number", "customers.site", 0, len(waiting))
        codes = [f"S{number:06d}" for number in range(first, first + len(waiting))]
        free = [code for code in codes if code not in by_code(unit, "customers.site", "site_id", codes)]
        for row, code in zip(waiting, free, strict=False):
            row.code = row.values["code"] = code
        waiting = waiting[len(free) :]


def write(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping, journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    for row, number in zip(fresh, SITE.add(unit, [(row, _site(row)) for row in fresh], journal), strict=True):
        row.record_id = number
    plants = [row for row in fresh if row.values["plant_code"]]
    given = [(row, {"site_id": row.record_id, "code": row.values["plant_code"], "kind": row.values["plant_kind"]}) for row in plants]
    PLANT.add(unit, given, journal)
    known = [row for row in rows if row.outcome == "updated"]
    values = {row.number: {key: value for key, value in _site(row).items() if key not in ("code", "customer_id")} for row in known}
    changed = SITE.change(
        unit, [(row, row.record_id or 0, values[row.number]) for row in known], journal, only_empty=mapping.option("on_duplicate") == "fill"
    )
    for row in known:
        row.outcome = "updated" if row.record_id in changed else "duplicate"


def _site(row: WorkRow) -> dict[str, Any]:
    values: dict[str, Any] = {key: row.values.get(key) or "" for key in TEXTS}
    return values | {
        "customer_id": row.values["party_id"],
        "istat_code": values["istat_code"] or None,
        "country": values["country"] or "IT",
    }


SITES = ImportTarget(
    key="sites",
    context="customers",
    right="customers.import",
    title="Sedi e impianti",
    nouns=("sede", "sedi"),
    fields=FIELDS,
    options=(ON_DUPLICATE,),
    clean=clean,
    resolve=resolve,
    write=write,
    name_title="Nome della sede",
    tables=frozenset({"customers.site", "customers.plant"}),
)
