"""The fiscal tables: columns, form and way of saving of each."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.due_dates import due_on, skip_months
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import check_creditor_identifier, check_iban, check_sia_code
from cms_desktop.core.money import split_amount
from cms_desktop.modules.base import actions, queries, rules
from cms_desktop.modules.base.editor.checks import fiscal
from cms_desktop.modules.base.records import InstallmentRecord, PaymentTermRecord, StoredRecord
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


@dataclass(frozen=True)
class TableSpec:
    """One tab. `note(values)` is the line below the form that follows the typing."""

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
            _active_column(),
        ],
        [
            [(FieldSpec("code", tr("Codice"), "code", required=True, options={"longest": 8}), 4), (FieldSpec("description", tr("Descrizione"), required=True), 8)],
            [(FieldSpec("rate", tr("Aliquota %"), "amount", required=True, check=_rate_problem, options={"lowest": Decimal(0), "highest": Decimal(100)}), 4),
             (FieldSpec("nature", tr("Natura"), "choice", choices=[(one, one) for one in NATURES], check=_nature_problem, options={"empty": tr("Nessuna")}), 8)],
            [(FieldSpec("exigibility", tr("Esigibilità"), "choice", choices=exigibility, required=True), 12)],
            [(FieldSpec("legal_reference", tr("Riferimento normativo"), note=tr("stampato in fattura")), 12)],
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
            [(FieldSpec("installments", tr("Rate"), required=True, check=_installments_problem, note=tr("30/60/90 FM · 30 DF · 60 FM +10 · 90 G15 · 50% 30; 50% 60")), 12)],
            [(FieldSpec("skipped_months", tr("Mesi esclusi"), make=lambda spec: MonthsField(spec.label, hint=tr("8, 12"))), 7),
             (FieldSpec("skipped_to_day", tr("si paga il giorno"), "int", note=tr("del mese dopo"), required=True, options={"lowest": 1, "highest": 31}), 5)],
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
            [(_active_field(), 6)],
        ],
        queries.list_document_series, actions.save_document_series, {"is_active": True},
        note=_series_note,
    )  # fmt: skip


def bank_accounts() -> TableSpec:
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
            [(FieldSpec("sia_code", tr("Codice SIA"), "code", check=fiscal(check_sia_code), note=tr("per le RiBa"), options={"longest": 5}), 6),
             (FieldSpec("cuc_code", tr("Codice CUC"), "code", options={"longest": 8}), 6)],
            [(FieldSpec("creditor_identifier", tr("Identificativo del creditore SEPA"), "code", check=fiscal(check_creditor_identifier)), 12)],
            [(FieldSpec("credit_line_amount", tr("Affidamento per effetti"), "amount", options={"lowest": Decimal(0)}), 6)],
            [(FieldSpec("is_default", tr("Conto predefinito"), "check"), 6), (_active_field(), 6)],
        ],
        queries.list_bank_accounts, actions.save_bank_account, {"is_active": True, "credit_line_amount": Decimal(0)},
        from_form=lambda values: {**values, "credit_line_amount": values["credit_line_amount"] or Decimal(0)},
    )  # fmt: skip


def _json_problem(value: Any, _values: Values) -> FieldProblem | None:
    try:
        json.loads(value)
    except ValueError:
        return FieldProblem(tr("Scrivi un valore JSON: un numero, un testo fra virgolette, oppure un oggetto fra graffe."))
    return None


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def parameters() -> TableSpec:
    return TableSpec(
        "parameters", tr("Parametri"), Noun(tr("valore"), tr("valori")), "base.parameter",
        [
            Column("key", tr("Parametro"), _of("key"), kind="strong", width=160),
            Column("valid_from", tr("Vale dal"), _valid_from, width=110),
            Column("value", tr("Valore"), lambda record: _compact(record["value"]), kind="code", width=300, stretch=True),
        ],
        [
            [(FieldSpec("key", tr("Parametro"), "code", required=True, options={"upper": False}), 7), (FieldSpec("valid_from", tr("Vale dal"), "date", required=True), 5)],
            [(FieldSpec("value", tr("Valore (JSON)"), "multiline", required=True, check=_json_problem, options={"lines": 6}), 12)],
        ],
        queries.list_parameters, actions.save_parameter, {"valid_from": local_today()},
        to_form=lambda record: {**record.values, "value": json.dumps(record["value"], ensure_ascii=False, indent=2)},
        from_form=lambda values: {**values, "value": json.loads(values["value"])},
    )  # fmt: skip


def _valid_from(record: StoredRecord) -> str:
    return tr("sempre") if record["valid_from"].year == 1900 else formats.date(record["valid_from"])


def all_tables() -> list[TableSpec]:
    return [vat_codes(), payment_terms(), document_series(), bank_accounts(), parameters()]
