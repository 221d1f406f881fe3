"""Types of service as a target of imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, WorkRow
from cms_desktop.documents.importing.cells import read_choice, read_number, read_text, read_yes_no
from cms_desktop.documents.importing.coded import ON_DUPLICATE, coded_writer, meet_known
from cms_desktop.documents.importing.records import RecordTable, by_code

LINE_KINDS = {
    "canone": "recurring", "canoni": "recurring", "mensile": "recurring", "ricorrente": "recurring", "a canone": "recurring",
    "ora": "hourly", "ore": "hourly", "orario": "hourly", "a ore": "hourly", "oraria": "hourly", "passaggio": "passages",
    "passaggi": "passages", "a passaggio": "passages", "ronda": "passages", "intervento": "interventions", "interventi": "interventions",
    "a intervento": "interventions", "una tantum": "one_off", "una volta": "one_off", "importo unico": "one_off", "deposito": "deposit",
    "cauzione": "deposit",
}  # fmt: skip
TYPE = RecordTable(
    "customers.service_type", "service_type_id",
    {"code": "text", "description": "text", "kind": "text", "unit": "text", "list_price": "numeric", "vat_code_id": "bigint",
     "is_active": "boolean"},
)  # fmt: skip


def _clean(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    row.code = row.values["code"] = read_text(row, "code", "Codice", is_required=True, longest=8).upper()
    row.values["name"] = read_text(row, "description", "Descrizione", is_required=True)
    read_choice(row, "kind", "Si conta", LINE_KINDS, usual="recurring")
    read_text(row, "unit", "Unità", longest=20)
    read_number(row, "list_price", "Prezzo di listino", least=0, most=Decimal("9999999999"))
    row.values["vat_code"] = str(row.values.get("vat_code") or "").upper().rstrip("%")
    read_yes_no(row, "is_active", "In uso", usual=True)


def _resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    good = [row for row in rows if not row.errors]
    vat_codes = by_code(unit, "base.vat_code", "vat_code_id", [row.values["vat_code"] for row in good])
    for row in good:
        row.values["vat_code_id"] = vat_codes.get(row.values["vat_code"])
        if row.values["vat_code"] and row.values["vat_code_id"] is None:
            row.refuse("Il codice IVA «{code}» non c'è in tabella.", code=row.values["vat_code"])
    meet_known(unit, rows, mapping, TYPE)


SERVICE_TYPES = ImportTarget(
    key="service_types", context="customers", right="customers.import", title="Tipi di servizio", nouns=("tipo di servizio", "tipi di servizio"),
    fields=(
        ImportField("code", "Codice", ("codice", "cod", "sigla", "code"), True, "RON"),
        ImportField("description", "Descrizione", ("descrizione", "servizio", "tipo", "nome"), True, "Ronda notturna"),
        ImportField("kind", "Si conta", ("si conta", "modo", "conteggio", "come si conta"), example="a canone"),
        ImportField("unit", "Unità", ("unita", "unita di misura", "um", "u m")),
        ImportField("list_price", "Prezzo di listino", ("prezzo di listino", "listino", "prezzo", "importo")),
        ImportField("vat_code", "Codice IVA", ("codice iva", "cod iva", "iva", "aliquota")),
        ImportField("is_active", "In uso", ("in uso", "attivo", "si offre ancora")),
    ),
    options=(ON_DUPLICATE,), clean=_clean, resolve=_resolve, write=coded_writer(TYPE), name_title="Descrizione",
    tables=frozenset({"customers.service_type"}),
)  # fmt: skip
