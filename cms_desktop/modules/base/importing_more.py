"""Document series, the company's bank accounts and the days of its calendar as targets of imports."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from cms_desktop.core import fiscal
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, Journal, WorkRow
from cms_desktop.documents.importing.cells import read_choice, read_date, read_number, read_text, read_yes_no
from cms_desktop.documents.importing.coded import ON_DUPLICATE, coded_resolver, coded_writer
from cms_desktop.documents.importing.engine import ask
from cms_desktop.documents.importing.records import RecordTable

SERIES_CODE = re.compile(r"[A-Z0-9]{1,4}")
DAY_KINDS = {
    "chiusura": "closing", "ferie": "closing", "chiusura aziendale": "closing", "festivo": "holiday", "festa": "holiday", "festivita": "holiday",
}  # fmt: skip
SERIES = RecordTable("base.document_series", "document_series_id", {"code": "text", "name": "text", "is_active": "boolean"})
BANK = RecordTable(
    "base.bank_account", "bank_account_id",
    {"iban": "text", "name": "text", "branch": "text", "bic": "text", "sia_code": "text", "cuc_code": "text", "credit_line_amount": "numeric",
     "is_active": "boolean"},
)  # fmt: skip
DAY = RecordTable(
    "base.calendar_day", "calendar_day_id", {"kind": "text", "name": "text", "starts_on": "date", "ends_on": "date", "is_yearly": "boolean"}
)
_DAYS = """
select r.n, t.calendar_day_id as id from jsonb_to_recordset(cast(:rows as jsonb)) as r(n int, name text, starts_on date)
join base.calendar_day as t on t.company_id = :company and t.starts_on = r.starts_on and base.fold(t.name) = base.fold(r.name)
"""


def _clean_series(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    row.code = row.values["code"] = read_text(row, "code", "Codice", is_required=True).upper()
    read_text(row, "name", "Nome", is_required=True, longest=60)
    read_yes_no(row, "is_active", "In uso", usual=True)
    if row.code and not SERIES_CODE.fullmatch(row.code):
        row.refuse("Il codice di un sezionale ha fino a 4 lettere o cifre: «{code}» no.", code=row.code)


def _clean_bank(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    row.code = row.values["iban"] = fiscal.compact(read_text(row, "iban", "IBAN", is_required=True))
    read_text(row, "name", "Nome del conto", is_required=True, longest=100)
    read_text(row, "branch", "Filiale", longest=100)
    for key, title in (("bic", "BIC"), ("sia_code", "Codice SIA"), ("cuc_code", "Codice CUC")):
        row.values[key] = fiscal.compact(read_text(row, key, title, longest=11))
    amount = read_number(row, "credit_line_amount", "Affidamento per effetti", least=0, most=999_999_999_999)
    row.values["credit_line_amount"] = amount or 0
    read_yes_no(row, "is_active", "In uso", usual=True)
    for problem in (fiscal.check_iban(row.code) if row.code else None, fiscal.check_sia_code(row.values["sia_code"])):
        if problem is not None:
            row.refuse(problem.text, **problem.values)


def _clean_day(row: WorkRow, _mapping: ImportMapping, today: datetime.date) -> None:
    read_text(row, "name", "Nome", is_required=True, longest=80)
    read_choice(row, "kind", "Tipo", DAY_KINDS, usual="closing")
    first = read_date(row, "starts_on", "Primo giorno", today, is_required=True)
    last = row.values["ends_on"] = read_date(row, "ends_on", "Ultimo giorno", today) or first
    read_yes_no(row, "is_yearly", "Torna ogni anno", usual=False)
    if first and last and not 0 <= (last - first).days <= (179 if row.values["is_yearly"] else 366):
        row.refuse("L'ultimo giorno segue il primo, al più tardi dopo un anno.")


def _resolve_days(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping) -> None:
    """Days that stand in the list twice, or are in the calendar already, are left out."""
    seen: dict[tuple[object, ...], int] = {}
    good = [row for row in rows if not row.errors]
    for row in good:
        own = (row.name.casefold(), row.values["starts_on"])
        if own in seen:
            row.outcome = "duplicate"
            row.warn("Uguale alla riga {number} dello stesso file.", number=seen[own])
        seen.setdefault(own, row.number)
    wanted = [{"n": row.number, "name": row.name, "starts_on": row.values["starts_on"]} for row in good]
    found = {one.n: one.id for one in ask(unit, _DAYS, wanted)} if wanted else {}
    for row in good:
        if row.number in found and row.outcome == "created":
            row.outcome, row.record_id = "duplicate", found[row.number]
            row.warn("C'è già.")


def _write_days(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    given = [(row, {key: row.values[key] for key in DAY.columns}) for row in fresh]
    for row, number in zip(fresh, DAY.add(unit, given, journal), strict=True):
        row.record_id = number


_IN_USE = ImportField("is_active", "In uso", ("in uso", "attivo", "valido"))
DOCUMENT_SERIES = ImportTarget(
    key="document_series", context="base", right="base.administer", title="Sezionali", nouns=("sezionale", "sezionali"),
    fields=(
        ImportField("code", "Codice", ("codice", "cod", "sigla", "sezionale"), True, "V"),
        ImportField("name", "Nome", ("nome", "descrizione", "denominazione"), True, "Vendite"),
        _IN_USE,
    ),
    options=(ON_DUPLICATE,), clean=_clean_series, resolve=coded_resolver(SERIES), write=coded_writer(SERIES),
    tables=frozenset({"base.document_series"}),
)  # fmt: skip
BANK_ACCOUNTS = ImportTarget(
    key="bank_accounts", context="base", right="base.administer", title="Conti bancari dell'azienda", nouns=("conto", "conti"),
    fields=(
        ImportField("iban", "IBAN", ("iban", "codice iban", "conto"), True, "IT60X0542811101000000123456"),
        ImportField("name", "Nome del conto", ("nome del conto", "banca", "nome", "descrizione"), True),
        ImportField("branch", "Filiale", ("filiale", "agenzia")),
        ImportField("bic", "BIC", ("bic", "swift")),
        ImportField("sia_code", "Codice SIA", ("codice sia", "sia")),
        ImportField("cuc_code", "Codice CUC", ("codice cuc", "cuc")),
        ImportField("credit_line_amount", "Affidamento per effetti", ("affidamento per effetti", "affidamento", "fido", "castelletto")),
        _IN_USE,
    ),
    options=(ON_DUPLICATE,), clean=_clean_bank, resolve=coded_resolver(BANK, "iban"), write=coded_writer(BANK, "iban"),
    name_title="Nome del conto", code_title="IBAN", tables=frozenset({"base.bank_account"}),
)  # fmt: skip
CALENDAR_DAYS = ImportTarget(
    key="calendar_days", context="base", right="base.administer", title="Giorni del calendario", nouns=("giorno", "giorni"),
    fields=(
        ImportField("name", "Nome", ("nome", "descrizione", "festa", "motivo"), True, "Ferie estive"),
        ImportField("kind", "Tipo", ("tipo",), example="chiusura"),
        ImportField("starts_on", "Primo giorno", ("primo giorno", "dal", "giorno", "data", "inizio"), True, "10/08/2026"),
        ImportField("ends_on", "Ultimo giorno", ("ultimo giorno", "al", "fine")),
        ImportField("is_yearly", "Torna ogni anno", ("torna ogni anno", "ogni anno", "annuale")),
    ),
    clean=_clean_day, resolve=_resolve_days, write=_write_days, tables=frozenset({"base.calendar_day"}),
)  # fmt: skip
MORE = (DOCUMENT_SERIES, BANK_ACCOUNTS, CALENDAR_DAYS)
