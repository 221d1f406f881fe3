"""The form of a document made by hand: whose, which kind, its lines, what it refers to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal

from cms_desktop.core.dates import local_today
from cms_desktop.core.money import ZERO
from cms_desktop.modules.billing.columns.words import document_types, reference_kinds
from cms_desktop.modules.billing.manual.records import (
    CREDIT_NOTE,
    DEBIT_NOTE,
    SALES,
    SELF_INVOICES,
    DocumentChoices,
    DocumentDraft,
    DraftLine,
    DraftReference,
)
from cms_desktop.ui.fields import Find, GridColumn, GridField, LookupChoice, Unread
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, Values
from cms_desktop.ui.translation import translator

tr = translator("billing")
KINDS = (*SALES, *SELF_INVOICES)
LINE_KEYS = ("line_kind", "period_start", "period_end", "site_id", "credited_invoice_id", "credited_line_no")  # ride along, not shown


def line_amount(row: dict[str, Any]) -> Decimal | None:
    """What a row of the grid comes to; None while a figure is missing."""
    figures = [row.get("quantity"), row.get("unit_price"), row.get("discount_percent") or ZERO]
    if not all(isinstance(one, Decimal) for one in figures):
        return None
    return DraftLine(quantity=row["quantity"], unit_price=row["unit_price"], discount_percent=row.get("discount_percent") or ZERO).amount


def line_columns() -> list[GridColumn]:
    return [
        GridColumn("service_type_id", tr("Servizio"), "choice", 84, shows_code=True),
        GridColumn("description", tr("Descrizione"), default=""),
        GridColumn("quantity", tr("Q.tà"), "amount", 72, decimals=3, default=Decimal(1)),
        GridColumn("unit", tr("U.M."), width=56, default="", longest=10),
        GridColumn("unit_price", tr("Prezzo €"), "amount", 96, decimals=8),
        GridColumn("discount_percent", tr("Sc. %"), "amount", 64),
        GridColumn("vat_code_id", tr("IVA"), "choice", 64, shows_code=True),
        GridColumn("amount", tr("Importo €"), "amount", 104, compute=line_amount),
    ]


def reference_columns() -> list[GridColumn]:
    return [
        GridColumn("kind", tr("Che cosa"), "choice", 176, choices=tuple(reference_kinds().items()), default="order"),
        GridColumn("number", tr("Numero"), longest=20, default=""),
        GridColumn("on_date", tr("Data"), "date", 104),
        GridColumn("item", tr("Voce"), width=72, longest=20, default=""),
        GridColumn("cig_code", "CIG", width=124, longest=15, default=""),
        GridColumn("cup_code", "CUP", width=140, longest=15, default=""),
    ]


class DocumentForm(RecordForm):
    """`draft()` of RecordForm is what was typed; `document(…)` the document that stands here."""

    party_chosen = Signal(object)  # LookupChoice of a customer

    def __init__(self, find_customer: Find, find_supplier: Find) -> None:
        self.lines = GridField(tr("Righe"), line_columns(), required=True, least_rows=4)
        self.references = GridField(tr("Riferimenti"), reference_columns(), least_rows=2)
        self._choices = DocumentChoices()
        super().__init__(self._sections(find_customer, find_supplier), save_text=tr("Salva bozza"))
        for grid in (self.lines, self.references):
            grid.hide_title()  # the section says it
        customer: Any = self.fields["customer"]
        customer.chosen.connect(self.party_chosen)
        self.lines.row_edited.connect(self._on_cell)

    def _sections(self, find_customer: Find, find_supplier: Find) -> list[FormSection]:
        is_own = lambda values: values["document_type"] in SELF_INVOICES
        is_credit = lambda values: values["document_type"] == CREDIT_NOTE
        names = document_types()
        kind = FieldSpec(
            "document_type", tr("Tipo di documento"), "choice", True, choices=[(one, f"{one} · {names[one]}") for one in KINDS]
        )
        head = [
            [(kind, 5), (FieldSpec("document_on", tr("Data"), "date", True, check=_day_problem), 3),
             (FieldSpec("series", tr("Sezionale"), "choice", True, choices=[]), 4)],
            [(FieldSpec("customer", tr("Cliente"), "lookup", True, find=find_customer, visible=lambda values: not is_own(values)), 8),
             (FieldSpec("payment_term", tr("Pagamento"), "choice", choices=[], options={"empty": tr("come il cliente")},
                        visible=lambda values: not is_own(values)), 4)],
            [(FieldSpec("supplier", tr("Fornitore"), "lookup", True, find=find_supplier, visible=is_own), 6),
             (FieldSpec("received_number", tr("N. del suo documento"), "text", visible=is_own, options={"longest": 20}), 3),
             (FieldSpec("received_on", tr("Del"), "date", visible=is_own), 3)],
        ]  # fmt: skip
        notes = FieldSpec("notes", tr("Causale e note in fattura"), "multiline", options={"lines": 2})
        hand = FieldSpec("is_vat_by_hand", tr("Codici IVA scelti a mano"), "check", visible=lambda values: not is_own(values))
        settle = FieldSpec("compensates", tr("Compensa con la fattura"), "check", visible=is_credit)
        release = FieldSpec("releases_periods", tr("Periodi di nuovo fatturabili"), "check", visible=is_credit)
        return [
            FormSection(tr("Documento"), head),
            FormSection(tr("Righe"), [[(FieldSpec("lines", tr("Righe"), make=lambda _spec: self.lines, required=True, check=_lines_problem), 12)]],
                        detail=tr("Invio va alla cella dopo, F4 apre l'elenco, Ctrl+D copia la riga, Ctrl+Canc la toglie.")),
            FormSection(tr("Riferimenti e note"), [
                [(FieldSpec("references", tr("Riferimenti"), make=lambda _spec: self.references, check=_references_problem), 12)],
                [(notes, 7), (hand, 5)], [(settle, 6), (release, 6)],
            ], detail=tr("Ordini, CIG e CUP, DDT, fatture collegate")),
        ]  # fmt: skip

    # -- what is offered
    def set_choices(self, choices: DocumentChoices) -> None:
        self._choices = choices
        series: Any = self.fields["series"]
        series.set_choices(list(choices.series_names.items()))
        terms: Any = self.fields["payment_term"]
        terms.set_choices(list(choices.payment_terms.items()))
        self.lines.set_choices("vat_code_id", [(key, f"{one['code']} · {one['description']}") for key, one in choices.vat_codes.items()])
        self.lines.set_choices("service_type_id", [(key, f"{one.code} · {one.description}") for key, one in choices.service_types.items()])

    def propose_series(self, is_public_body: bool) -> None:
        """The series that takes this kind of document; what the person chose among those that may stays."""
        allowed = self._choices.series.get((self.value("document_type"), is_public_body), ())
        if allowed and self.value("series") not in allowed:
            self.set_value("series", allowed[0])

    def _usual_vat(self) -> int | None:
        """The code of most lines, else the highest rate in use."""
        rows = [row["vat_code_id"] for row in self.lines.model.rows if row.get("vat_code_id") is not None]
        if rows:
            return rows[-1]
        return max(self._choices.vat_codes, key=lambda key: self._choices.vat_codes[key]["rate"], default=None)

    def _on_cell(self, place: int, key: str) -> None:
        """A type of service brings its words, unit, price and VAT into what is empty; any first cell brings the usual VAT."""
        row = self.lines.model.rows[place]
        more: dict[str, Any] = {}
        chosen = self._choices.service_types.get(row.get("service_type_id") or 0)
        if key == "service_type_id" and chosen is not None:
            more |= {} if row.get("description") else {"description": chosen.description}
            more |= {} if row.get("unit") else {"unit": chosen.unit[:10]}
            if row.get("unit_price") is None and chosen.list_price is not None:
                more["unit_price"] = chosen.list_price
            if chosen.vat_code_id in self._choices.vat_codes:
                more["vat_code_id"] = chosen.vat_code_id
        if row.get("vat_code_id") is None and "vat_code_id" not in more:
            others = [one for number, one in enumerate(self.lines.model.rows) if number != place and one.get("vat_code_id") is not None]
            more["vat_code_id"] = others[-1]["vat_code_id"] if others else self._usual_vat()
        if more:
            self.lines.fill(place, more)

    # -- a document in and out
    def show_document(self, document: DocumentDraft, *, is_new: bool) -> None:
        choice = LookupChoice(document.customer_id or document.supplier_id, document.party_name) if document.party_name else None
        self.load(
            {
                "document_type": document.document_type, "document_on": document.document_on, "series": document.series_id,
                "customer": None if document.is_self_invoice else choice, "supplier": choice if document.is_self_invoice else None,
                "payment_term": document.payment_term_id, "received_number": document.received_number, "received_on": document.received_on,
                "notes": document.notes, "is_vat_by_hand": document.is_vat_by_hand, "compensates": document.compensates,
                "releases_periods": document.releases_periods, "lines": tuple(_row_of(one) for one in document.lines),
                "references": tuple(_reference_row(one) for one in document.references),
            },
            is_new=is_new,
        )  # fmt: skip

    def document(self, old: DocumentDraft) -> DocumentDraft:
        """What stands in the form; ids, version and language are those of `old`."""
        values = self.values()
        is_own = values["document_type"] in SELF_INVOICES
        party = values["supplier" if is_own else "customer"]
        key, name = (party.key, party.text) if isinstance(party, LookupChoice) else (None, "")
        return DocumentDraft(
            values["document_type"], values["document_on"] or local_today(), values["series"], old.invoice_id, old.version,
            None if is_own else key, key if is_own else None, name, old.contract_id if key == old.customer_id else None,
            None if is_own else values["payment_term"], values["notes"] or "", old.language, bool(values["is_vat_by_hand"]),
            bool(values["compensates"]), bool(values["releases_periods"]), values["received_number"] or "", values["received_on"],
            old.pro_forma_number, tuple(_line_of(row) for row in values["lines"]),
            tuple(_reference_of(row) for row in values["references"] if row.get("number") or row.get("invoice_id")),
        )  # fmt: skip

    def is_computable(self) -> bool:
        """Far enough for the server to compute it."""
        values = self.values()
        party = values["supplier" if values["document_type"] in SELF_INVOICES else "customer"]
        return (
            isinstance(party, LookupChoice) and values["series"] is not None and values["document_on"] is not None
            and bool(values["lines"]) and not self.lines.entry_problem() and _lines_problem(values["lines"], values) is None
        )  # fmt: skip


def rows_of(lines: Sequence[DraftLine]) -> tuple[dict[str, Any], ...]:
    """Lines as the grid holds them."""
    return tuple(_row_of(one) for one in lines)


# ---- rows of the grids --------------------------------------------------------------------------------------------------------


def _row_of(line: DraftLine) -> dict[str, Any]:
    row = {
        key: getattr(line, key) for key in ("service_type_id", "description", "quantity", "unit", "unit_price", "vat_code_id", *LINE_KEYS)
    }
    return row | {"discount_percent": line.discount_percent or None}


def _line_of(row: dict[str, Any]) -> DraftLine:
    return DraftLine(
        (row.get("description") or "").strip(), row.get("quantity") or ZERO, row.get("unit_price") or ZERO, row.get("vat_code_id"),
        row.get("unit") or "", row.get("discount_percent") or ZERO, row.get("service_type_id"),
        **{key: row[key] for key in LINE_KEYS if row.get(key) is not None},
    )  # fmt: skip


def _reference_row(one: DraftReference) -> dict[str, Any]:
    keys = ("kind", "number", "on_date", "item", "agreement_code", "cig_code", "cup_code", "invoice_id")
    return {key: getattr(one, key) for key in keys} | {"line_numbers": list(one.line_numbers)}


def _reference_of(row: dict[str, Any]) -> DraftReference:
    return DraftReference(
        row.get("kind") or "order", row.get("number") or "", row.get("on_date"), row.get("item") or "", row.get("agreement_code") or "",
        row.get("cig_code") or "", row.get("cup_code") or "", tuple(row.get("line_numbers") or ()), row.get("invoice_id"),
    )  # fmt: skip


# ---- what is wrong ------------------------------------------------------------------------------------------------------------


def _day_problem(day: Any, _values: Values) -> FieldProblem | None:
    if isinstance(day, datetime.date) and day > local_today():
        return FieldProblem(tr("La data è nel futuro: lo SdI rifiuterebbe il documento."), local_today(), tr("Usa oggi"))
    return None


def _lines_problem(rows: Sequence[dict[str, Any]], _values: Values) -> FieldProblem | None:
    for number, row in enumerate(rows, start=1):
        if any(isinstance(cell, Unread) for cell in row.values()):
            continue
        if not (row.get("description") or "").strip():
            return FieldProblem(tr("Riga {n}: scrivi la descrizione.", n=number))
        if not row.get("quantity") or row["quantity"] < 0:
            return FieldProblem(tr("Riga {n}: la quantità deve essere maggiore di zero.", n=number))
        if row.get("unit_price") is None:
            return FieldProblem(tr("Riga {n}: scrivi il prezzo.", n=number))
        if row.get("vat_code_id") is None:
            return FieldProblem(tr("Riga {n}: scegli il codice IVA (F4).", n=number))
    return None


def _references_problem(rows: Sequence[dict[str, Any]], values: Values) -> FieldProblem | None:
    for number, row in enumerate(rows, start=1):
        if not row.get("number") and not row.get("invoice_id"):
            return FieldProblem(tr("Riferimento {n}: scrivi il numero.", n=number))
    if values["document_type"] in (CREDIT_NOTE, DEBIT_NOTE) and not any(row.get("kind") == "invoice" for row in rows):
        return FieldProblem(tr("Richiama la fattura: aggiungi un riferimento «Fattura collegata»."))
    return None
