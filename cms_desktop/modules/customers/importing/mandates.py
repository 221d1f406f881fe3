"""SDD mandates of customers as a target of imports. A mandate with signature and IBAN is active, any other a draft."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.cells import find_doubles, read_choice, read_date, read_text
from cms_desktop.documents.importing.records import RecordTable, by_code
from cms_desktop.modules.customers.importing.known import REFERENCE_FIELDS, find_parties
from cms_desktop.modules.customers.rules import master as rules

FIELDS = (
    *REFERENCE_FIELDS,
    ImportField("reference", "Riferimento del mandato", ("riferimento del mandato", "riferimento mandato", "mandato", "umr", "rum", "codice mandato"), True),
    ImportField("scheme", "Schema", ("schema", "tipo mandato", "core b2b")),
    ImportField("iban", "IBAN", ("iban", "codice iban", "coordinate bancarie"), True),
    ImportField("signed_on", "Data di firma", ("data di firma", "data firma", "firma", "data mandato", "sottoscritto il")),
    ImportField("holder_name", "Intestatario del conto", ("intestatario del conto", "intestatario conto", "titolare conto")),
    ImportField("holder_tax_code", "Codice fiscale dell'intestatario", ("codice fiscale dell intestatario", "cf intestatario")),
    ImportField("sequence_state", "Prossimo addebito", ("prossimo addebito", "sequenza", "tipo sequenza")),
)  # fmt: skip
SCHEMES = {"core": "CORE", "b2b": "B2B", "base": "CORE"}
SEQUENCES = {"frst": "FRST", "primo": "FRST", "prima": "FRST", "rcur": "RCUR", "ricorrente": "RCUR", "successivo": "RCUR"}
MANDATE = RecordTable(
    "customers.mandate",
    "mandate_id",
    {"customer_id": "bigint", "reference": "text", "scheme": "text", "iban": "text", "holder_name": "text", "holder_tax_code": "text",
     "signed_on": "date", "state": "text", "sequence_state": "text"},
)  # fmt: skip


def clean(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    for key in ("party_vat_number", "party_tax_code", "iban", "holder_tax_code"):
        row.values[key] = fiscal.compact(str(row.values.get(key) or ""))
    read_text(row, "reference", "Riferimento del mandato", is_required=True, longest=35)
    read_text(row, "holder_name", "Intestatario del conto", longest=70)
    signed = read_date(row, "signed_on", "Data di firma", today)
    if signed is not None and signed > today:
        row.refuse("La data di firma {day} è nel futuro.", day=signed.strftime("%d/%m/%Y"))
    read_choice(row, "scheme", "Schema", SCHEMES, usual="CORE")
    read_choice(row, "sequence_state", "Prossimo addebito", SEQUENCES, usual="FRST")
    row.values["state"] = "active" if signed and row.values["iban"] else "draft"
    if not row.errors:
        try:
            rules.refuse_mandate_problems(row.values)
        except InvalidInput as problem:
            row.refuse(problem.text, **problem.values)
    if row.values["state"] == "draft":
        row.warn("Manca la data di firma o l'IBAN: il mandato resta in bozza.")


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping) -> None:
    """Whose mandates they are, and which references are there already."""
    for batch in batches(rows):
        find_parties(unit, batch, only_customers=True)
    good = [row for row in rows if not row.errors]
    find_doubles(good, "reference")
    present = by_code(unit, "customers.mandate", "mandate_id", [row.values["reference"] for row in good], code="reference")
    for row in good:
        row.code = row.values["reference"]
        if row.code.upper() in present and row.outcome == "created":
            row.outcome, row.record_id = "duplicate", present[row.code.upper()]
            row.warn("Il mandato {code} c'è già.", code=row.code)


def write(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    given: list[tuple[WorkRow, dict[str, Any]]] = [(row, {**row.values, "customer_id": row.values["party_id"]}) for row in rows]
    for row, number in zip(rows, MANDATE.add(unit, given, journal), strict=True):
        row.record_id = number


MANDATES = ImportTarget(
    key="mandates",
    context="customers",
    right="customers.import",
    title="Mandati SDD",
    nouns=("mandato", "mandati"),
    fields=FIELDS,
    clean=clean,
    resolve=resolve,
    write=write,
    name_title="Cliente",
    code_title="Riferimento",
    tables=frozenset({"customers.mandate"}),
)
