"""Contracts with their recurring services as a target of imports: one row a service, rows of the same contract beside each other."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportOption, ImportTarget, Journal, WorkRow, batches
from cms_desktop.documents.importing.cells import read_choice, read_date, read_number, read_text
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable, by_code
from cms_desktop.modules.customers.actions.numbers import fresh_contract_numbers
from cms_desktop.modules.customers.importing.known import REFERENCE_FIELDS, find_parties
from cms_desktop.modules.customers.importing.service_types import LINE_KINDS

FREQUENCIES = {
    "mensile": "1", "mese": "1", "1": "1", "bimestrale": "2", "2": "2", "trimestrale": "3", "3": "3", "quadrimestrale": "4", "4": "4",
    "semestrale": "6", "6": "6", "annuale": "12", "annuo": "12", "anno": "12", "12": "12", "monthly": "1", "quarterly": "3", "yearly": "12",
}  # fmt: skip
ADVANCE = {"anticipato": "true", "anticipata": "true", "ant": "true", "posticipato": "false", "posticipata": "false", "post": "false"}
FIELDS = (
    *REFERENCE_FIELDS,
    ImportField("number", "Numero contratto", ("numero contratto", "contratto", "n contratto", "nr contratto", "num contratto", "cod contratto")),
    ImportField("title", "Oggetto", ("oggetto", "titolo", "descrizione contratto")),
    ImportField("starts_on", "Inizio contratto", ("inizio contratto", "decorrenza", "data inizio", "inizio", "dal", "data contratto"), True, "01/01/2026"),
    ImportField("ends_on", "Fine contratto", ("fine contratto", "scadenza", "data fine", "fine", "al")),
    ImportField("payment_term", "Termine di pagamento", ("termine di pagamento", "pagamento", "condizioni di pagamento", "cod pagamento")),
    ImportField("order_reference", "Ordine", ("ordine", "riferimento ordine", "oda")),
    ImportField("cig_code", "CIG", ("cig", "codice cig")),
    ImportField("cup_code", "CUP", ("cup", "codice cup")),
    ImportField("description", "Servizio", ("servizio", "descrizione", "descrizione servizio", "tipo servizio", "prestazione"), True, "Vigilanza notturna"),
    ImportField("quantity", "Quantità", ("quantita", "qta", "q ta", "numero", "n")),
    ImportField("monthly_price", "Canone mensile", ("canone mensile", "canone", "prezzo", "prezzo mensile", "importo mensile", "importo", "prezzo unitario", "prezzo orario"), True, "120,00"),
    ImportField("kind", "Si conta", ("si conta", "tipo di riga", "conteggio", "come si conta"), example="a ore"),
    ImportField("service_type", "Tipo di servizio", ("tipo di servizio", "codice servizio", "cod servizio")),
    ImportField("vat_code", "Codice IVA", ("codice iva", "cod iva", "aliquota", "aliquota iva", "iva"), True, "22"),
    ImportField("frequency_months", "Cadenza", ("cadenza", "periodicita", "frequenza", "fatturazione")),
    ImportField("is_in_advance", "Anticipato o posticipato", ("anticipato o posticipato", "anticipato posticipato", "ant post", "modo fatturazione")),
    ImportField("service_starts_on", "Inizio servizio", ("inizio servizio", "attivazione", "data attivazione")),
    ImportField("service_ends_on", "Fine servizio", ("fine servizio", "cessazione", "data cessazione")),
)  # fmt: skip
ON_DUPLICATE = ImportOption(
    "on_duplicate", "Contratti già presenti", (("skip", "Lasciali come sono"), ("add", "Aggiungi loro i servizi")), "skip"
)
CONTRACT = RecordTable(
    "customers.contract",
    "contract_id",
    {"customer_id": "bigint", "number": "text", "title": "text", "starts_on": "date", "ends_on": "date", "payment_term_id": "bigint",
     "order_reference": "text", "cig_code": "text", "cup_code": "text"},
)  # fmt: skip
SERVICE = RecordTable(
    "customers.service",
    "service_id",
    {"contract_id": "bigint", "description": "text", "quantity": "numeric", "monthly_price": "numeric", "vat_code_id": "bigint",
     "frequency_months": "int", "anchor_month": "int", "is_in_advance": "boolean", "starts_on": "date", "ends_on": "date", "kind": "text",
     "unit_price": "numeric", "service_type_id": "bigint"},
)  # fmt: skip
_PRESENT = """
select upper(c.number) as number, c.contract_id, c.customer_id from customers.contract as c
where c.company_id = :company and upper(c.number) in (select upper(r.number) from jsonb_to_recordset(cast(:rows as jsonb)) as r(number text))
"""


@dataclass
class ContractOfRows:
    """The contract that some rows are of."""

    first: WorkRow
    customer_id: int
    number: str
    contract_id: int | None = None
    rows: list[WorkRow] = field(default_factory=list)


def clean(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    for key in ("party_vat_number", "party_tax_code", "cig_code", "cup_code", "number", "vat_code", "payment_term", "service_type"):
        row.values[key] = (
            fiscal.compact(str(row.values.get(key) or "")) if key in ("cig_code", "cup_code") else str(row.values.get(key) or "").upper()
        )
    read_text(row, "title", "Oggetto")
    read_text(row, "order_reference", "Ordine")
    read_text(row, "description", "Servizio", is_required=True)
    starts = read_date(row, "starts_on", "Inizio contratto", today, is_required=True)
    ends = read_date(row, "ends_on", "Fine contratto", today)
    service_starts = read_date(row, "service_starts_on", "Inizio servizio", today) or starts
    service_ends = read_date(row, "service_ends_on", "Fine servizio", today)
    if (starts and ends and ends < starts) or (service_starts and service_ends and service_ends < service_starts):
        row.refuse("La fine viene prima dell'inizio.")
    row.values["service_starts_on"] = service_starts
    quantity = read_number(row, "quantity", "Quantità", least=Decimal("0.001"), most=Decimal("999999999"))
    row.values["quantity"] = Decimal(1) if quantity is None else quantity
    read_number(row, "monthly_price", "Canone mensile", least=0, most=Decimal("9999999999"), is_required=True)
    read_choice(row, "kind", "Si conta", LINE_KINDS, usual="recurring")
    read_choice(row, "frequency_months", "Cadenza", FREQUENCIES, usual="1")
    read_choice(row, "is_in_advance", "Anticipato o posticipato", ADVANCE, usual="true")
    for key, length in (("cig_code", 10), ("cup_code", 15)):
        if row.values[key] and (len(row.values[key]) != length or not row.values[key].isalnum()):
            row.refuse("{title} ha {count} lettere o cifre: «{text}» no.", title=key[:3].upper(), count=length, text=row.values[key])


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Customers, VAT codes and terms by their codes; rows gathered into contracts; contracts that are there; numbers for new ones."""
    for batch in batches(rows):
        find_parties(unit, batch, only_customers=True)
    _find_codes(unit, rows)
    contracts = _gather(rows)
    for batch in batches(rows):
        present = {
            one.number: one for one in ask(unit, _PRESENT, [{"number": row.values["number"]} for row in batch if row.values["number"]])
        }
        for row in batch:
            _meet_present(row, present.get(row.values["number"]), mapping)
    _number(unit, [one for one in contracts if one.contract_id is None and any(not row.errors for row in one.rows)])
    for row in _good(rows):
        row.code = row.values["contract"].number


def _good(rows: Sequence[WorkRow]) -> list[WorkRow]:
    """Rows that can still become services."""
    return [row for row in rows if not row.errors]


def _find_codes(unit: UnitOfWork, rows: Sequence[WorkRow]) -> None:
    good = _good(rows)
    vat_codes = by_code(unit, "base.vat_code", "vat_code_id", [row.values["vat_code"].rstrip("%") for row in good])
    terms = by_code(unit, "base.payment_term", "payment_term_id", [row.values["payment_term"] for row in good])
    types = by_code(unit, "customers.service_type", "service_type_id", [row.values["service_type"] for row in good])
    for row in good:
        row.values["service_type_id"] = types.get(row.values["service_type"])
        if row.values["service_type"] and row.values["service_type_id"] is None:
            row.refuse("Il tipo di servizio «{code}» non c'è in tabella.", code=row.values["service_type"])
        row.values["vat_code_id"] = vat_codes.get(row.values["vat_code"].rstrip("%"))
        row.values["payment_term_id"] = terms.get(row.values["payment_term"])
        if row.values["vat_code_id"] is None:
            row.refuse("Il codice IVA «{code}» non c'è in tabella.", code=row.values["vat_code"])
        if row.values["payment_term"] and row.values["payment_term_id"] is None:
            row.refuse("Il termine di pagamento «{code}» non c'è in tabella.", code=row.values["payment_term"])


def _gather(rows: Sequence[WorkRow]) -> list[ContractOfRows]:
    """Rows of one number are one contract; without a number, rows of one customer with the same start, end and object."""
    found: dict[tuple[Any, ...], ContractOfRows] = {}
    for row in _good(rows):
        values = row.values
        without = (values["party_id"], values["starts_on"], values["ends_on"], values["title"].casefold(), values["order_reference"])
        key = (values["number"],) if values["number"] else without
        contract = found.setdefault(key, ContractOfRows(row, values["party_id"], values["number"]))
        if contract.customer_id != values["party_id"]:
            row.refuse("Il contratto {number} è di un altro cliente alla riga {line}.", number=contract.number, line=contract.first.number)
            continue
        contract.rows.append(row)
        values["contract"] = contract
    return list(found.values())


def _meet_present(row: WorkRow, present: Any, mapping: ImportMapping) -> None:
    if present is None or row.errors:
        return
    if present.customer_id != row.values["party_id"]:
        row.refuse("Il contratto {number} è già di un altro cliente.", number=row.values["number"])
        return
    row.values["contract"].contract_id = present.contract_id
    row.outcome = "updated" if mapping.option("on_duplicate") == "add" else "duplicate"
    row.warn("Il contratto {number} c'è già.", number=row.values["number"])


def _number(unit: UnitOfWork, contracts: Sequence[ContractOfRows]) -> None:
    by_year: dict[int, list[ContractOfRows]] = defaultdict(list)
    for one in contracts:
        if not one.number:
            by_year[one.first.values["starts_on"].year].append(one)
    taken = {one.number for one in contracts if one.number}
    for year, those in sorted(by_year.items()):
        numbers = iter(number for number in fresh_contract_numbers(unit, year, len(those) + len(taken)) if number not in taken)
        for one in those:
            one.number = next(numbers)


def write(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    """Contracts that are not there yet, then a service for each row."""
    fresh = list(
        {id(row.values["contract"]): row.values["contract"] for row in rows if row.values["contract"].contract_id is None}.values()
    )
    ids = CONTRACT.add(
        unit, [(one.first, {**one.first.values, "customer_id": one.customer_id, "number": one.number}) for one in fresh], journal
    )
    for one, number in zip(fresh, ids, strict=True):
        one.contract_id = number
    for row, number in zip(rows, SERVICE.add(unit, [(row, _service(row)) for row in rows], journal), strict=True):
        row.record_id = number


def _service(row: WorkRow) -> dict[str, Any]:
    values = row.values
    starts: datetime.date = values["service_starts_on"]
    kind, price = values["kind"], values["monthly_price"]
    is_monthly, is_once = kind == "recurring", kind in ("one_off", "deposit")
    return {
        "contract_id": values["contract"].contract_id, "description": values["description"], "quantity": values["quantity"],
        "monthly_price": price if is_monthly else 0, "unit_price": 0 if is_monthly else price, "kind": kind,
        "service_type_id": values["service_type_id"], "vat_code_id": values["vat_code_id"], "frequency_months": int(values["frequency_months"]),
        "anchor_month": starts.month, "is_in_advance": values["is_in_advance"] == "true", "starts_on": starts,
        "ends_on": starts if is_once else values["service_ends_on"],
    }  # fmt: skip


CONTRACTS = ImportTarget(
    key="contracts",
    context="customers",
    right="customers.import",
    title="Contratti e servizi",
    nouns=("servizio", "servizi"),
    fields=FIELDS,
    options=(ON_DUPLICATE,),
    clean=clean,
    resolve=resolve,
    write=write,
    name_title="Cliente",
    code_title="Contratto",
    tables=frozenset({"customers.contract", "customers.service"}),
)
