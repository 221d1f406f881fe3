"""The fiscal tables: columns, form and way of saving of each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.due_dates import due_on, skip_months
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import bank_coordinates, check_creditor_identifier, check_iban, check_sia_code, creditor_identifier
from cms_desktop.core.money import split_amount
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.editor.checks import fiscal
from cms_desktop.modules.base.records import InstallmentRecord, PaymentTermRecord, SeriesRecord, SeriesUse, StoredRecord
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.fields import MonthsField
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import translator

tr = translator("base")
Values = Mapping[str, Any]


def _same(record: StoredRecord) -> Values:
    return record.values


def _as_typed(values: Values) -> Values:
    return values


def _name_of(record: StoredRecord) -> str:
    return str(record.values.get("name") or record.values.get("subject") or "")


@dataclass(frozen=True)
class TableSpec:
    """One tab. `note(values)` is the line below the form that follows the typing; `required` is the right that changes records;
    `name` says which record it is, in questions."""

    key: str
    title: str
    noun: Noun
    table_name: str
    columns: Sequence[Column]
    lines: Sequence[Sequence[tuple[FieldSpec, int]]]
    load: Callable[[Any], Sequence[StoredRecord]]
    save: Callable[[Any, int | None, int, Values], int]
    defaults: Values = field(default_factory=dict)
    to_form: Callable[[StoredRecord], Values] = _same
    from_form: Callable[[Values], Values] = _as_typed
    note: Callable[[Values], str] | None = None
    remove: Callable[[Any, int, int], None] | None = None
    detail_width: int = 440
    required: str = "base.administer"
    name: Callable[[StoredRecord], str] = _name_of

    def sections(self) -> list[FormSection]:
        return [FormSection(self.title, self.lines)]


def _of(key: str) -> Callable[[StoredRecord], Any]:
    return lambda record: record[key]


def _active_column() -> Column:
    def chip(record: StoredRecord) -> tuple[str, str]:
        return (tr("In uso"), "positive") if record["is_active"] else (tr("Non più usato"), "neutral")

    return Column("is_active", tr("Stato"), chip, kind="chip", width=130)


def _active_field() -> FieldSpec:
    return FieldSpec("is_active", tr("In uso"), "check")


# ---- VAT --------------------------------------------------------------------------------------------------------------

NATURES = ("N1", "N2.1", "N2.2", *(f"N3.{n}" for n in range(1, 7)), "N4", "N5", *(f"N6.{n}" for n in range(1, 10)), "N7")


def _nature_problem(value: Any, values: Values) -> FieldProblem | None:
    if value and values.get("rate"):
        return FieldProblem(tr("Solo con aliquota zero: togli la natura o metti 0."), None, tr("Togli la natura"))
    return None


def _rate_problem(value: Any, values: Values) -> FieldProblem | None:
    if value == 0 and not values.get("nature"):
        return FieldProblem(tr("Con aliquota zero scegli la natura."))
    return None


def vat_codes() -> TableSpec:
    exigibility = [("I", tr("Immediata")), ("D", tr("Differita")), ("S", tr("Scissione dei pagamenti"))]
    names = dict(exigibility)
    return TableSpec(
        "vat", tr("IVA"), Noun(tr("codice"), tr("codici")), "base.vat_code",
        [
            Column("code", tr("Codice"), _of("code"), kind="strong", width=90),
            Column("description", tr("Descrizione"), _of("description"), width=200, stretch=True),
            Column("rate", tr("Aliquota %"), _of("rate"), kind="money", width=100),
            Column("nature", tr("Natura"), _of("nature"), kind="code", width=80),
            Column("exigibility", tr("Esigibilità"), lambda record: names[record["exigibility"]], width=190),
            Column("valid_to", tr("Fino al"), _of("valid_to"), kind="date", width=100, gives_way=1),
            _active_column(),
        ],
        [
            [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 8}), 4), (FieldSpec("description", tr("Descrizione"), required=True), 8)],
            [(FieldSpec("rate", tr("Aliquota %"), "amount", required=True, check=_rate_problem, options={"lowest": Decimal(0), "highest": Decimal(100)}), 4),
             (FieldSpec("nature", tr("Natura"), "choice", choices=[(one, one) for one in NATURES], check=_nature_problem, options={"empty": tr("Nessuna")}), 8)],
            [(FieldSpec("exigibility", tr("Esigibilità"), "choice", choices=exigibility, required=True), 12)],
            [(FieldSpec("legal_reference", tr("Riferimento normativo"), note=tr("stampato in fattura")), 12)],
            [(FieldSpec("valid_from", tr("Vale dal"), "date"), 6), (FieldSpec("valid_to", tr("Fino al"), "date"), 6)],
            [(_active_field(), 6)],
        ],
        queries.list_vat_codes, actions.save_vat_code, {"exigibility": "I", "is_active": True},
        from_form=lambda values: {**values, "nature": values["nature"] or ""},
        to_form=lambda record: {**record.values, "nature": record["nature"] or None},
    )  # fmt: skip


# ---- payment terms ----------------------------------------------------------------------------------------------------


def methods() -> list[tuple[str, str]]:
    """FatturaPA ModalitaPagamento codes in use in the trade."""
    return [
        ("MP12", tr("RiBa")), ("MP05", tr("Bonifico")), ("MP19", tr("SEPA Direct Debit")), ("MP01", tr("Contanti")),
        ("MP02", tr("Assegno")), ("MP08", tr("Carta di pagamento")), ("MP23", tr("PagoPA")),
    ]  # fmt: skip


def _installments_problem(value: Any, _values: Values) -> FieldProblem | None:
    try:
        parts = rules.parse_installments(str(value))
    except InvalidInput as error:
        return FieldProblem(error_text(error))
    total = sum((part.share for part in parts), Decimal(0))
    return None if total == 100 else FieldProblem(tr("Le quote fanno {total}%: devono fare 100%.", total=formats.number(total, 2)))


def due_example(values: Values) -> str:
    """What the term means for an invoice of today of 1,000 euro."""
    text = str(values.get("installments") or "")
    if not text or _installments_problem(text, values) is not None:
        return ""
    parts, today = rules.parse_installments(text), local_today()
    amounts = split_amount(Decimal(1000), [part.share for part in parts])
    dues = [
        f"{formats.amount(amount)} {tr('il')} {formats.date(_due(today, part, values))}"
        for amount, part in zip(amounts, parts, strict=True)
    ]
    return tr("Fattura di oggi, {day}, da 1.000,00 €:", day=formats.date(today)) + "\n" + "\n".join(dues)


def _due(document_on: datetime.date, part: InstallmentRecord, values: Values) -> datetime.date:
    due = due_on(document_on, part.days, part.rule, part.fixed_day)
    return skip_months(due, values.get("skipped_months") or (), values.get("skipped_to_day") or 10)


def _save_term(unit: Any, record_id: int | None, version: int, values: Values) -> int:
    own = {key: value for key, value in values.items() if key != "installments"}
    return actions.save_payment_term(unit, record_id, version, own, installments=values["installments"])


def _term_form(record: StoredRecord) -> Values:
    assert isinstance(record, PaymentTermRecord)
    return {**record.values, "installments": rules.installments_text(record.installments)}


def payment_terms() -> TableSpec:
    names = dict(methods())
    return TableSpec(
        "terms", tr("Pagamenti"), Noun(tr("condizione"), tr("condizioni"), feminine=True), "base.payment_term",
        [
            Column("code", tr("Codice"), _of("code"), kind="strong", width=110),
            Column("description", tr("Descrizione"), _of("description"), width=200, stretch=True),
            Column("method", tr("Modo"), lambda record: names.get(record["method"], record["method"]), width=150),
            Column("installments", tr("Rate"), lambda record: _term_form(record)["installments"], width=180),
            _active_column(),
        ],
        [
            [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 12}), 4), (FieldSpec("description", tr("Descrizione"), required=True), 8)],
            [(FieldSpec("method", tr("Modo di pagamento"), "choice", choices=methods(), required=True), 12)],
            [(FieldSpec("installments", tr("Rate"), required=True, check=_installments_problem, note=tr("30/60/90 FM · 60 FM +10 · 50% 30; 50% 60")), 12)],
            [(FieldSpec("skipped_months", tr("Mesi esclusi"), make=lambda spec: MonthsField(spec.label, hint=tr("8, 12"))), 7),
             (FieldSpec("skipped_to_day", tr("Si paga il"), "int", note=tr("del mese dopo"), required=True, options={"lowest": 1, "highest": 31}), 5)],
            [(_active_field(), 6)],
        ],
        queries.list_payment_terms, _save_term, {"method": "MP12", "is_active": True, "skipped_months": [], "skipped_to_day": 10}, _term_form,
        lambda values: {**values, "installments": rules.parse_installments(values["installments"])}, due_example,
    )  # fmt: skip


# ---- series, banks, parameters ----------------------------------------------------------------------------------------


def _series_note(values: Values) -> str:
    if not values.get("last_number"):
        return tr("Nessun documento emesso quest'anno: il primo avrà il numero 1.")
    day = formats.date(values["last_document_on"])
    return tr("Ultimo documento di quest'anno: {n} del {day}.", n=formats.number(values["last_number"]), day=day)


def series_documents() -> list[tuple[str, bool, str]]:
    """The documents a series may take: type, for public bodies, name."""
    return [
        ("TD01", False, tr("Fatture")),
        ("TD01", True, tr("Fatture a enti pubblici")),
        ("TD04", False, tr("Note di credito")),
        ("TD04", True, tr("Note di credito a enti pubblici")),
        ("TD02", False, tr("Acconti su fattura")),
        ("TD05", False, tr("Note di debito")),
        ("TD24", False, tr("Fatture differite")),
        ("TD25", False, tr("Fatture differite triangolari")),
        ("TD16", False, tr("Integrazioni per inversione contabile")),
        ("TD17", False, tr("Autofatture, servizi esteri")),
        ("TD18", False, tr("Acquisti intracomunitari di beni")),
        ("TD19", False, tr("Acquisti di beni da non residenti")),
        ("TD20", False, tr("Autofatture per regolarizzare")),
    ]


def _uses() -> list[tuple[str, str]]:
    return [("", tr("no")), ("taken", tr("ammesso")), ("default", tr("proposto"))]


def _use_key(document_type: str, is_public_body: bool) -> str:
    return f"use_{document_type}_{'public' if is_public_body else 'others'}"


def _series_form(record: StoredRecord) -> Values:
    assert isinstance(record, SeriesRecord)
    found = {(one.document_type, one.is_public_body): "default" if one.is_default else "taken" for one in record.uses}
    return {**record.values, **{_use_key(kind, body): found.get((kind, body), "") for kind, body, _name in series_documents()}}


def _save_series(unit: Any, record_id: int | None, version: int, values: Values) -> int:
    own = {key: value for key, value in values.items() if not key.startswith("use_")}
    wanted = [(kind, body, values.get(_use_key(kind, body))) for kind, body, _name in series_documents()]
    kinds = [SeriesUse(kind, body, use == "default") for kind, body, use in wanted if use]
    return actions.save_document_series(unit, record_id, version, own, kinds=kinds)


def document_series() -> TableSpec:
    return TableSpec(
        "series", tr("Sezionali"), Noun(tr("sezionale"), tr("sezionali")), "base.document_series",
        [
            Column("code", tr("Codice"), _of("code"), kind="strong", width=100),
            Column("name", tr("Nome"), _of("name"), width=200, stretch=True),
            Column("last_number", tr("Ultimo numero"), _of("last_number"), kind="int", width=130),
            Column("last_document_on", tr("del"), _of("last_document_on"), kind="date", width=110),
            _active_column(),
        ],
        [
            [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 4}), 4), (FieldSpec("name", tr("Nome"), required=True), 8)],
            *[[(FieldSpec(_use_key(kind, body), name, "choice", choices=_uses()), 6) for kind, body, name in series_documents()[place : place + 2]]
              for place in range(0, len(series_documents()), 2)],
            [(_active_field(), 6)],
        ],
        queries.list_document_series, _save_series, {"is_active": True, **{_use_key(kind, body): "" for kind, body, _name in series_documents()}},
        _series_form, note=_series_note,
    )  # fmt: skip


def _bic_problem(value: Any, _values: Values) -> FieldProblem | None:
    if value and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", str(value)):
        return FieldProblem(tr("Il BIC ha 8 o 11 caratteri: sei lettere, poi lettere o cifre (UNCRITMMXXX)."))
    return None


def _bank_note(values: Values) -> str:
    """ABI and CAB, and the bank's letters that follow from the IBAN."""
    found = bank_coordinates(str(values.get("iban") or ""))
    return tr("ABI {abi} · CAB {cab} · conto {account}", abi=found.abi, cab=found.cab, account=found.account) if found else ""


def _creditor_check(vat_number: str) -> Callable[[Any, Values], FieldProblem | None]:
    """The identifier is made of the company's own VAT number (or of the tax code of a person)."""
    formal = fiscal(check_creditor_identifier)

    def check(value: Any, values: Values) -> FieldProblem | None:
        found = formal(value, values)
        code = str(value or "")
        if found is not None or not code or not vat_number or not code.startswith("IT") or code[7:12] != "00000":
            return found
        right = creditor_identifier(vat_number, code[4:7])
        if code != right:
            return FieldProblem(tr("Non è della partita IVA dell'azienda: usare {fix}?", fix=right), right, tr("Usa {fix}", fix=right))
        return None

    return check


def bank_accounts(vat_number: str = "") -> TableSpec:
    return TableSpec(
        "banks", tr("Banche"), Noun(tr("conto"), tr("conti")), "base.bank_account",
        [
            Column("name", tr("Banca"), _of("name"), kind="strong", width=180, stretch=True),
            Column("iban", tr("IBAN"), _of("iban"), kind="code", width=250),
            Column("sia_code", tr("SIA"), _of("sia_code"), kind="code", width=80),
            Column("credit_line_amount", tr("Affidamento €"), _of("credit_line_amount"), kind="money", width=130),
            Column("is_default", tr("Predefinito"), _of("is_default"), kind="check", width=100),
            _active_column(),
        ],
        [
            [(FieldSpec("name", tr("Nome del conto"), required=True), 12)],
            [(FieldSpec("iban", tr("IBAN"), "code", required=True, check=fiscal(check_iban), ok_text=tr("IBAN corretto")), 12)],
            [(FieldSpec("branch", tr("Filiale")), 8), (FieldSpec("bic", tr("BIC"), "code", check=_bic_problem, options={"longest": 11}), 4)],
            [(FieldSpec("sia_code", tr("Codice SIA"), "code", check=fiscal(check_sia_code), note=tr("per le RiBa"), options={"longest": 5}), 6),
             (FieldSpec("cuc_code", tr("Codice CUC"), "code", options={"longest": 8}), 6)],
            [(FieldSpec("creditor_identifier", tr("Identificativo del creditore SEPA"), "code", check=_creditor_check(vat_number), note=tr("calcolato dalla partita IVA")), 12)],
            [(FieldSpec("credit_line_amount", tr("Affidamento per effetti"), "amount", options={"lowest": Decimal(0)}), 6)],
            [(FieldSpec("is_default", tr("Conto predefinito"), "check"), 6), (_active_field(), 6)],
        ],
        queries.list_bank_accounts, actions.save_bank_account,
        {"is_active": True, "credit_line_amount": Decimal(0), "creditor_identifier": creditor_identifier(vat_number) if vat_number else ""},
        from_form=lambda values: {**values, "credit_line_amount": values["credit_line_amount"] or Decimal(0)}, note=_bank_note,
    )  # fmt: skip


def all_tables(vat_number: str = "") -> list[TableSpec]:
    """`vat_number`: of the company, from which its creditor identifier follows."""
    return [vat_codes(), payment_terms(), document_series(), bank_accounts(vat_number)]
