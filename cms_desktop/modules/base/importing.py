"""VAT codes and payment terms as targets of imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportField, ImportMapping, ImportTarget, Journal, WorkRow
from cms_desktop.documents.importing.cells import read_choice, read_number, read_text, read_yes_no
from cms_desktop.documents.importing.coded import ON_DUPLICATE, coded_resolver, coded_writer, write_coded
from cms_desktop.documents.importing.records import RecordTable
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.importing_more import MORE
from cms_desktop.modules.base.records import InstallmentRecord

NATURES = {
    *("N1", "N2.1", "N2.2", "N4", "N5", "N7"), *(f"N3.{number}" for number in range(1, 7)), *(f"N6.{number}" for number in range(1, 10))
}  # fmt: skip
EXIGIBILITIES = {
    "immediata": "I",
    "i": "I",
    "differita": "D",
    "d": "D",
    "scissione": "S",
    "scissione dei pagamenti": "S",
    "split": "S",
    "s": "S",
}
METHODS = {
    "riba": "MP12", "ri ba": "MP12", "ricevuta bancaria": "MP12", "bonifico": "MP05", "bonifico bancario": "MP05", "sdd": "MP19", "rid": "MP19",
    "sepa": "MP19", "sepa direct debit": "MP19", "addebito diretto": "MP19", "contanti": "MP01", "rimessa diretta": "MP05", "assegno": "MP02",
    "carta": "MP08", "carta di pagamento": "MP08", "pagopa": "MP23", **{f"mp{number:02d}": f"MP{number:02d}" for number in range(1, 24)},
}  # fmt: skip
VAT_CODE = RecordTable(
    "base.vat_code",
    "vat_code_id",
    {"code": "text", "description": "text", "rate": "numeric", "nature": "text", "legal_reference": "text", "exigibility": "text",
     "is_active": "boolean"},
)  # fmt: skip
TERM = RecordTable(
    "base.payment_term", "payment_term_id", {"code": "text", "description": "text", "method": "text", "is_active": "boolean"}
)
INSTALLMENT = RecordTable(
    "base.payment_installment",
    "installment_id",
    {"payment_term_id": "bigint", "position": "int", "share": "numeric", "days": "int", "rule": "text", "fixed_day": "int"},
)


def _clean_vat_code(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    row.code = read_text(row, "code", "Codice", is_required=True, longest=20).upper()
    row.values["code"] = row.code
    row.values["name"] = read_text(row, "description", "Descrizione", is_required=True)
    rate = read_number(row, "rate", "Aliquota", least=0, most=100, is_required=True)
    nature = row.values["nature"] = str(row.values.get("nature") or "").upper().replace(" ", "")
    read_text(row, "legal_reference", "Riferimento normativo")
    read_choice(row, "exigibility", "Esigibilità", EXIGIBILITIES, usual="I")
    read_yes_no(row, "is_active", "In uso", usual=True)
    if nature and nature not in NATURES:
        row.refuse("La natura {nature} non è fra quelle della fattura elettronica.", nature=nature)
    if rate is not None and (rate == 0) != bool(nature):
        row.refuse("Con aliquota zero serve la natura, con un'aliquota no.")


def _clean_term(row: WorkRow, _mapping: ImportMapping, _today: datetime.date) -> None:
    row.code = read_text(row, "code", "Codice", is_required=True, longest=20).upper()
    row.values["code"] = row.code
    row.values["name"] = read_text(row, "description", "Descrizione", is_required=True)
    read_choice(row, "method", "Modo di pagamento", METHODS)
    read_yes_no(row, "is_active", "In uso", usual=True)
    text = read_text(row, "installments", "Rate", is_required=True)
    parts: tuple[InstallmentRecord, ...] = ()
    if text:
        try:
            parts = rules.parse_installments(text)
        except InvalidInput as problem:
            row.refuse(problem.text, **problem.values)
    if parts and rules.installments_problem(parts):
        total = sum((one.share for one in parts), Decimal(0))
        row.refuse(rules.installments_problem(parts), total=f"{total:f}".replace(".", ","))
    row.values["parts"] = parts


def _write_terms(unit: UnitOfWork, rows: Sequence[WorkRow], _mapping: ImportMapping, journal: Journal) -> None:
    fresh = [row for row in rows if row.outcome == "created"]
    known = [row for row in rows if row.outcome == "updated"]
    write_coded(unit, TERM, rows, journal)
    INSTALLMENT.add(unit, [(row, one) for row in fresh for one in _parts(row)], journal)
    for row in known:
        row.warn("Le rate di un termine che c'è già restano quelle: si cambiano dalla sua scheda.")


def _parts(row: WorkRow) -> list[dict[str, Any]]:
    return [
        {
            "payment_term_id": row.record_id,
            "position": place,
            "share": one.share,
            "days": one.days,
            "rule": one.rule,
            "fixed_day": one.fixed_day,
        }
        for place, one in enumerate(row.values["parts"], start=1)
    ]


_CODE = ImportField("code", "Codice", ("codice", "cod", "sigla", "code"), True)
_DESCRIPTION = ("descrizione", "denominazione", "nome", "description")
VAT_CODES = ImportTarget(
    key="vat_codes",
    context="base",
    right="base.administer",
    title="Codici IVA",
    nouns=("codice IVA", "codici IVA"),
    fields=(
        _CODE,
        ImportField("description", "Descrizione", _DESCRIPTION, True, "Aliquota ordinaria"),
        ImportField("rate", "Aliquota", ("aliquota", "percentuale", "aliq", "iva", "rate"), True, "22"),
        ImportField("nature", "Natura", ("natura", "natura iva", "codice natura")),
        ImportField("legal_reference", "Riferimento normativo", ("riferimento normativo", "norma", "articolo", "rif normativo")),
        ImportField("exigibility", "Esigibilità", ("esigibilita", "esigibilita iva")),
        ImportField("is_active", "In uso", ("in uso", "attivo", "valido")),
    ),
    options=(ON_DUPLICATE,),
    clean=_clean_vat_code,
    resolve=coded_resolver(VAT_CODE),
    write=coded_writer(VAT_CODE),
    name_title="Descrizione",
    tables=frozenset({"base.vat_code"}),
)
PAYMENT_TERMS = ImportTarget(
    key="payment_terms",
    context="base",
    right="base.administer",
    title="Termini di pagamento",
    nouns=("termine di pagamento", "termini di pagamento"),
    fields=(
        _CODE,
        ImportField("description", "Descrizione", _DESCRIPTION, True, "RiBa 30/60 giorni fine mese"),
        ImportField("method", "Modo di pagamento", ("modo di pagamento", "modalita", "tipo pagamento", "metodo", "mezzo"), True, "RiBa"),
        ImportField("installments", "Rate", ("rate", "scadenze", "giorni", "dilazione"), True, "30/60 FM"),
        ImportField("is_active", "In uso", ("in uso", "attivo", "valido")),
    ),
    options=(ON_DUPLICATE,),
    clean=_clean_term,
    resolve=coded_resolver(TERM),
    write=_write_terms,
    name_title="Descrizione",
    tables=frozenset({"base.payment_term", "base.payment_installment"}),
)
TARGETS = (VAT_CODES, PAYMENT_TERMS, *MORE)
