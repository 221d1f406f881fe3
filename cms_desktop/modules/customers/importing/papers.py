"""Letters of intent, and who sells to or collects from a customer (agents, collectors), as targets of imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from cms_desktop.core import fiscal
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, Journal, WorkRow
from cms_desktop.documents.importing.cells import read_choice, read_date, read_number, read_text
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.customers.importing.known import REFERENCE_FIELDS, find_parties
from cms_desktop.modules.customers.rules.master import PROTOCOL

ROLES = {
    "agente": "agent", "produttore": "agent", "venditore": "agent", "commerciale": "agent", "esattore": "collector", "incaricato": "collector",
    "incaricato dell incasso": "collector",
}  # fmt: skip
LETTER = RecordTable(
    "customers.intent_letter", "intent_letter_id",
    {"customer_id": "bigint", "number": "text", "issued_on": "date", "protocol": "text", "plafond_amount": "numeric", "valid_from": "date",
     "valid_to": "date", "revoked_on": "date"},
)  # fmt: skip
APPOINTMENT = RecordTable(
    "customers.appointment", "appointment_id",
    {"customer_id": "bigint", "role": "text", "party_id": "bigint", "share": "numeric", "starts_on": "date", "ends_on": "date", "notes": "text"},
)  # fmt: skip
_LETTERS = """
select r.n, t.intent_letter_id as id from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, customer_id bigint, number text, issued_on date)
join customers.intent_letter as t on t.company_id = :company and t.customer_id = r.customer_id and t.number = r.number and t.issued_on = r.issued_on
"""
_APPOINTMENTS = """
select r.n, t.appointment_id as id
from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, customer_id bigint, role text, party_id bigint, starts_on date)
join customers.appointment as t
  on t.company_id = :company and t.customer_id = r.customer_id and t.role = r.role and t.party_id = r.party_id and t.starts_on = r.starts_on
"""
_WHO = """
select r.n, min(p.party_id) as party_id, count(distinct p.party_id) as many
from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, who text)
join registry.party as p on p.company_id = :company and p.survivor_id is null
  and (p.search_key = base.fold(r.who) or (p.vat_number = r.who and r.who <> '') or (p.tax_code = r.who and r.who <> ''))
group by r.n
"""


def _clean_reference(row: WorkRow) -> None:
    for key in ("party_vat_number", "party_tax_code"):
        row.values[key] = fiscal.compact(str(row.values.get(key) or ""))


def _clean_letter(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    _clean_reference(row)
    read_text(row, "number", "Numero", is_required=True, longest=20)
    issued = read_date(row, "issued_on", "Data", today, is_required=True)
    row.values["protocol"] = protocol = read_text(row, "protocol", "Protocollo di ricezione").replace(" ", "")
    read_number(row, "plafond_amount", "Plafond", least=Decimal("0.01"), most=Decimal("999999999999"), is_required=True)
    first = row.values["valid_from"] = read_date(row, "valid_from", "Vale dal", today) or issued
    last = read_date(row, "valid_to", "al", today)
    if first is not None and last is None:
        last = datetime.date(first.year, 12, 31)  # a declaration holds for one calendar year at most (D.L. 746/1983)
    row.values["valid_to"] = last
    read_date(row, "revoked_on", "Revocata il", today)
    if first and last and last < first:
        row.refuse("La fine viene prima dell'inizio.")
    if protocol and not PROTOCOL.fullmatch(protocol):
        row.refuse("Il protocollo ha 17 cifre, un trattino e 6 cifre: «{text}» no.", text=protocol)


def _clean_appointment(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    _clean_reference(row)
    read_choice(row, "role", "Incarico", ROLES, usual="agent")
    read_text(row, "who", "Chi", is_required=True)
    share = read_number(row, "share", "Quota", least=Decimal("0.01"), most=100)
    row.values["share"] = Decimal(100) if share is None else share
    first = row.values["starts_on"] = read_date(row, "starts_on", "Dal", today) or today
    last = read_date(row, "ends_on", "al", today)
    read_text(row, "notes", "Note", longest=1000)
    if last and last < first:
        row.refuse("La fine viene prima dell'inizio.")


def _meet(unit: UnitOfWork, rows: Sequence[WorkRow], statement: str, keys: Sequence[str]) -> None:
    """Rows that stand in the list twice, or are there already, are left out."""
    seen: dict[tuple[object, ...], int] = {}
    good = [row for row in rows if not row.errors]
    for row in good:
        own = tuple(row.values[key] for key in keys)
        if own in seen:
            row.outcome = "duplicate"
            row.warn("Uguale alla riga {number} dello stesso file.", number=seen[own])
        seen.setdefault(own, row.number)
    wanted = [{"n": row.number, **{key: row.values[key] for key in keys}} for row in good]
    found = {one.n: one.id for one in ask(unit, statement, wanted)} if wanted else {}
    for row in good:
        if row.number in found and row.outcome == "created":
            row.outcome, row.record_id = "duplicate", found[row.number]
            row.warn("C'è già.")


def _resolve_letters(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping) -> None:
    good = [row for row in rows if not row.errors]
    find_parties(unit, good, only_customers=True)
    for row in good:
        row.values["customer_id"] = row.values.get("party_id")
    _meet(unit, rows, _LETTERS, ("customer_id", "number", "issued_on"))


def _resolve_appointments(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping) -> None:
    good = [row for row in rows if not row.errors]
    find_parties(unit, good, only_customers=True)
    found = {one.n: one for one in ask(unit, _WHO, [{"n": row.number, "who": row.values["who"]} for row in good])} if good else {}
    for row in (one for one in good if not one.errors):
        answer = found.get(row.number)
        row.values["customer_id"] = row.values["party_id"]
        if answer is None:
            row.refuse("«{who}» non si trova: importa prima la sua anagrafica.", who=row.values["who"])
        elif answer.many > 1:
            row.refuse(
                "«{who}» è il nome di {count} anagrafiche: scrivi il codice o la partita IVA.", who=row.values["who"], count=answer.many
            )
        else:
            row.values["party_id"] = answer.party_id
    _meet(unit, rows, _APPOINTMENTS, ("customer_id", "role", "party_id", "starts_on"))


def _write_letters(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    _add(unit, LETTER, rows, journal)


def _write_appointments(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    _add(unit, APPOINTMENT, rows, journal)


def _add(unit: UnitOfWork, table: RecordTable, rows: Sequence[WorkRow], journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    given = [(row, {key: row.values[key] for key in table.columns}) for row in fresh]
    for row, number in zip(fresh, table.add(unit, given, journal), strict=True):
        row.record_id = number


LETTERS = ImportTarget(
    key="letters", context="customers", right="customers.import", title="Dichiarazioni d'intento", nouns=("dichiarazione", "dichiarazioni"),
    fields=(
        *REFERENCE_FIELDS,
        ImportField("number", "Numero", ("numero", "numero dichiarazione", "n dichiarazione"), True),
        ImportField("issued_on", "Data", ("data", "data dichiarazione", "del"), True, "01/01/2026"),
        ImportField("protocol", "Protocollo di ricezione", ("protocollo di ricezione", "protocollo", "protocollo telematico")),
        ImportField("plafond_amount", "Plafond", ("plafond", "importo", "importo massimo"), True, "50.000,00"),
        ImportField("valid_from", "Vale dal", ("vale dal", "dal", "inizio")),
        ImportField("valid_to", "al", ("al", "vale fino al", "fine")),
        ImportField("revoked_on", "Revocata il", ("revocata il", "revoca")),
    ),
    clean=_clean_letter, resolve=_resolve_letters, write=_write_letters, name_title="Cliente", is_feminine=True,
    tables=frozenset({"customers.intent_letter"}),
)  # fmt: skip
APPOINTMENTS = ImportTarget(
    key="appointments", context="customers", right="customers.import", title="Agenti ed esattori dei clienti", nouns=("incarico", "incarichi"),
    fields=(
        *REFERENCE_FIELDS,
        ImportField("role", "Incarico", ("incarico", "ruolo", "tipo"), example="agente"),
        ImportField("who", "Chi", ("chi", "agente", "esattore", "produttore", "nome agente"), True),
        ImportField("share", "Quota", ("quota", "quota percentuale", "percentuale")),
        ImportField("starts_on", "Dal", ("dal", "inizio", "decorrenza")),
        ImportField("ends_on", "al", ("al", "fine")),
        ImportField("notes", "Note", ("note", "annotazioni")),
    ),
    clean=_clean_appointment, resolve=_resolve_appointments, write=_write_appointments, name_title="Cliente",
    tables=frozenset({"customers.appointment"}),
)  # fmt: skip
