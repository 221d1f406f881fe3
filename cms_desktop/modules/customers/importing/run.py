"""Customers as a target of imports: towns placed, duplicates found, codes given, parties and customers written by sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportMapping, ImportOption, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.engine import ask
from cms_desktop.modules.customers.actions.numbers import fresh_codes
from cms_desktop.modules.customers.importing import statements
from cms_desktop.modules.customers.importing.clean import clean_row
from cms_desktop.modules.registry.importing.fields import FIELDS, KIND, PREFIX, refine
from cms_desktop.modules.registry.importing.places import find_doubles_in_list, place_towns
from cms_desktop.modules.registry.rules import MAY_BE_NULL

TEXTS = (
    "kind", "name", "vat_country", "vat_number", "tax_code", "street", "street_number", "postal_code", "town", "istat_code",
    "province_code", "country", "phone", "email", "pec", "website", "notes", "recipient_code", "iban", "bank_name",
)  # fmt: skip
ON_DUPLICATE = ImportOption(
    "on_duplicate", "Clienti già presenti", (("skip", "Lasciali come sono"), ("fill", "Completa solo i campi vuoti")), "skip"
)


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Towns, duplicates in the list, customers known already, codes."""
    for batch in batches(rows):
        place_towns(unit, batch)
    find_doubles_in_list(rows)
    for batch in batches(rows):
        _find_known(unit, batch, mapping)
    _give_codes(unit, rows)


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
