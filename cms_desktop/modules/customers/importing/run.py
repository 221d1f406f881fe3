"""Customers as a target of imports: towns placed, duplicates found, codes given, parties and customers written by sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportMapping, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.engine import ask
from cms_desktop.modules.customers.actions.numbers import fresh_codes
from cms_desktop.modules.customers.importing import statements
from cms_desktop.modules.customers.importing.clean import clean_row
from cms_desktop.modules.customers.importing.mapping import FIELDS, KIND, ON_DUPLICATE, PREFIX, refine
from cms_desktop.modules.registry.rules import MAY_BE_NULL

TEXTS = (
    "kind", "name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code", "town", "istat_code",
    "province_code", "country", "phone", "email", "pec", "website", "notes", "recipient_code", "iban", "bank_name",
)  # fmt: skip


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Towns, duplicates in the list, customers known already, codes."""
    for batch in batches(rows):
        place_towns(unit, batch)
    find_doubles_in_list(rows)
    for batch in batches(rows):
        _find_known(unit, batch, mapping)
    _give_codes(unit, rows)


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
    found = {answer.n: answer for answer in ask(unit, statements.PLACE_TOWNS, wanted)}
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


def _find_known(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Customers that are there already: they stay as they are, or get what they lack."""
    wanted = [
        {
            "n": row.number,
            "name": row.name,
            **{key: row.values.get(key, "") for key in ("vat_number", "tax_code", "town", "code")},
        }
        for row in rows
        if row.outcome == "created"
    ]
    found = {answer.n: answer for answer in ask(unit, statements.FIND_KNOWN, wanted)}
    for row in rows:
        answer = found.get(row.number)
        if answer is None or row.outcome != "created":
            continue
        if answer.reason == "code":
            row.refuse("Il codice cliente {code} è già di «{name}».", code=answer.code, name=answer.name)
            continue
        row.code, row.record_id = answer.code, answer.customer_id
        row.outcome = "updated" if mapping.option("on_duplicate") == "fill" else "duplicate"
        row.warn("È già cliente: {code} «{name}».", code=answer.code, name=answer.name)


def _give_codes(unit: UnitOfWork, rows: Sequence[WorkRow]) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    taken: dict[str, int] = {}
    for row in fresh:
        row.code = str(row.values.get("code", "")).strip()
        if row.code and row.code in taken:
            row.refuse("Il codice cliente {code} è anche alla riga {number}.", code=row.code, number=taken[row.code])
        elif row.code:
            taken[row.code] = row.number
    without = [row for row in fresh if row.outcome == "created" and not row.code]
    if without:
        codes = iter(code for code in fresh_codes(unit, len(without) + len(taken)) if code not in taken)
        for row in without:
            row.code = next(codes)


def write(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping, journal: Journal) -> None:
    """New parties with their customers; what known ones lack."""
    created = {row.code: row for row in rows if row.outcome == "created"}
    for answer in ask(unit, statements.ADD_CUSTOMERS, [_stored(row) for row in created.values()]):
        created[answer.code].record_id = answer.customer_id
    for table in ("registry.party", "customers.customer"):
        journal.added(table, created.values(), [row.record_id or 0 for row in created.values()])
    changed = [row for row in rows if row.outcome == "updated"]
    if changed:
        _fill(unit, changed, journal)


def _fill(unit: UnitOfWork, rows: Sequence[WorkRow], journal: Journal) -> None:
    stored = [_stored(row) for row in rows]
    gaining: set[int] = set()
    for table, find, fill in (
        ("registry.party", statements.GAINING_PARTIES, statements.FILL_PARTIES),
        ("customers.customer", statements.GAINING_CUSTOMERS, statements.FILL_CUSTOMERS),
    ):
        found = {answer.customer_id for answer in ask(unit, find, stored)}
        those = [row for row in rows if row.record_id in found]
        journal.changing(table, those, [row.record_id or 0 for row in those])
        ask(unit, fill, [_stored(row) for row in those])
        gaining |= found
    for row in rows:
        row.outcome = "updated" if row.record_id in gaining else "duplicate"


def _stored(row: WorkRow) -> dict[str, Any]:
    values = row.values
    stored = {key: values.get(key) or (None if key in MAY_BE_NULL else "") for key in TEXTS}
    return stored | {"n": row.number, "code": row.code, "since_on": values.get("since_on"), "customer_id": row.record_id}


CUSTOMERS = ImportTarget(
    key="customers",
    context="customers",
    right="customers.import",
    title="Clienti",
    nouns=("cliente", "clienti"),
    fields=FIELDS,
    options=(KIND, ON_DUPLICATE, PREFIX),
    clean=clean_row,
    resolve=resolve,
    write=write,
    propose=refine,
    name_title="Ragione sociale",
    code_title="Codice",
    tables=frozenset({"registry.party", "customers.customer"}),
)
