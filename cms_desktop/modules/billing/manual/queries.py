"""What is asked about documents made by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import list_document_series, list_payment_terms, list_vat_codes
from cms_desktop.modules.billing.manual.records import (
    SALES,
    SELF_INVOICES,
    CreditableInvoice,
    CreditableLine,
    DocumentChoices,
    DocumentDraft,
    DraftLine,
    DraftReference,
    PartyFacts,
)
from cms_desktop.modules.billing.tables import Invoice, InvoiceLine, InvoiceReference
from cms_desktop.modules.customers.pricing.queries import list_service_types
from cms_desktop.modules.registry.queries import list_parties

_invoice, _line, _reference = Invoice.__table__.c, InvoiceLine.__table__.c, InvoiceReference.__table__.c


def find_draft(unit: UnitOfWork, invoice_id: int) -> DocumentDraft:
    """A draft as it was saved."""
    row = _head(unit, invoice_id)
    if row is None or row.state != "draft" or row.billing_run_id is not None:
        raise InvalidInput("La bozza non c'è più: qualcuno l'ha emessa o scartata. Aggiorna l'elenco.")
    return _draft(unit, row)


def copy_of(unit: UnitOfWork, invoice_id: int) -> DocumentDraft:
    """A new draft with what another document says; what it credits or was made for does not come along."""
    row = _head(unit, invoice_id)
    if row is None:
        raise InvalidInput("Il documento non c'è più: aggiorna l'elenco.")
    old = _draft(unit, row)
    lines = tuple(
        DraftLine(one.description, one.quantity, one.unit_price, one.vat_code_id, one.unit, one.discount_percent, one.service_type_id, one.site_id,
                  one.period_start, one.period_end, one.line_kind)
        for one in old.lines if one.line_kind != "stamp"
    )  # fmt: skip
    kept = tuple(one for one in old.references if one.kind not in ("invoice", "delivery") and one.invoice_id is None)
    return DocumentDraft(
        old.document_type, old.document_on, old.series_id, customer_id=old.customer_id, supplier_id=old.supplier_id, party_name=old.party_name,
        contract_id=old.contract_id, payment_term_id=old.payment_term_id, notes=old.notes, language=old.language,
        is_vat_by_hand=old.is_vat_by_hand, lines=lines, references=kept,
    )  # fmt: skip


def _head(unit: UnitOfWork, invoice_id: int) -> Any | None:
    rows = unit.rows(sa.select(Invoice.__table__).where(_invoice.company_id == unit.company_id, _invoice.invoice_id == invoice_id))
    return rows[0] if rows else None


def _draft(unit: UnitOfWork, row: Any) -> DocumentDraft:
    place = (unit.company_id, row.invoice_id)
    lines = unit.rows(
        sa.select(InvoiceLine.__table__).where(sa.tuple_(_line.company_id, _line.invoice_id) == place).order_by(_line.line_no)
    )
    told = unit.rows(
        sa.select(InvoiceReference.__table__)
        .where(sa.tuple_(_reference.company_id, _reference.invoice_id) == place)
        .order_by(_reference.position)
    )
    return DocumentDraft(
        row.document_type, row.document_on, row.document_series_id, row.invoice_id, row.row_version, row.customer_id, row.supplier_id,
        (row.supplier or row.buyer)["name"], row.contract_id, row.payment_term_id, row.notes, row.language, row.is_vat_by_hand, row.compensates,
        row.releases_periods, row.received_number, row.received_on, row.pro_forma_number or "",
        tuple(_draft_line(one) for one in lines if one.line_kind != "stamp" or one.credited_invoice_id is not None),
        tuple(_draft_reference(one) for one in told),
    )  # fmt: skip


def _draft_line(row: Any) -> DraftLine:
    return DraftLine(
        row.description, row.quantity, row.unit_price, row.vat_code_id, row.unit, row.discount_percent, row.service_type_id, row.site_id,
        row.period_start, row.period_end, row.line_kind, row.credited_invoice_id, row.credited_line_no,
    )  # fmt: skip


def _draft_reference(row: Any) -> DraftReference:
    return DraftReference(
        row.kind, row.number, row.on_date, row.item, row.agreement_code, row.cig_code, row.cup_code, tuple(row.line_numbers),
        row.referred_invoice_id,
    )  # fmt: skip


def draft_obstacle(unit: UnitOfWork, invoice_id: int) -> str:
    """Why a draft cannot be issued as its customer stands: one of BLOCKING_REASONS, or empty."""
    where = (_invoice.company_id == unit.company_id, _invoice.invoice_id == invoice_id)
    return str(unit.value(sa.select(_invoice.exclusion_reason).where(*where)) or "")


# ---- what the editor offers -------------------------------------------------------------------------------------------------


def find_choices(unit: UnitOfWork) -> DocumentChoices:
    """VAT codes, terms, types of service and series in use."""
    vat = {one.record_id: one.values for one in list_vat_codes(unit) if one.values["is_active"]}
    terms = {one.record_id: one.values["description"] for one in list_payment_terms(unit) if one.values["is_active"]}
    types = {one.service_type_id: one for one in list_service_types(unit) if one.is_active}
    series = [one for one in list_document_series(unit) if one.values["is_active"]]
    names = {one.record_id: f"{one.values['code']} · {one.values['name']}" for one in series}
    uses: dict[tuple[str, bool], list[tuple[bool, int]]] = defaultdict(list)
    for one in series:
        for use in one.uses:
            uses[use.document_type, use.is_public_body].append((not use.is_default, one.record_id))
    found: dict[tuple[str, bool], tuple[int, ...]] = {}
    for kind in (*SALES, *SELF_INVOICES):
        for is_public in (False, True):
            found[kind, is_public] = _series_of(uses, kind, is_public)
    return DocumentChoices(vat, terms, types, found, names)


def _series_of(uses: dict[tuple[str, bool], list[tuple[bool, int]]], kind: str, is_public: bool) -> tuple[int, ...]:
    """Those that take a kind, the proposed first; a kind of sale that no series names goes where invoices go."""
    named = any(uses.get((kind, body)) for body in (False, True))
    kind = kind if named or kind in SELF_INVOICES else "TD01"
    own, other = sorted(uses.get((kind, is_public), [])), sorted(uses.get((kind, not is_public), []))
    return tuple(dict.fromkeys(number for _rank, number in (*own, *other)))


def find_customer(unit: UnitOfWork, customer_id: int) -> PartyFacts | None:
    """What a customer brings into a document."""
    text = """
      select k.customer_id, p.name, p.kind = 'public_body' as is_public, k.payment_term_id, k.vat_code_id, p.language
      from customers.customer as k join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
      where k.company_id = :company and k.customer_id = :customer"""
    rows = unit.rows(sa.text(text), {"customer": customer_id})
    if not rows:
        return None
    row = rows[0]
    language = "en" if row.language == "en" else "it"
    return PartyFacts(row.customer_id, row.name, row.is_public, row.payment_term_id, row.vat_code_id, language)


def find_suppliers(unit: UnitOfWork, text: str, most: int = 50) -> Sequence[Any]:
    """Parties of the registry by name, VAT number or town: any of them may have sold something."""
    return list_parties(unit, ListQuery(search=text), None, most).rows


# ---- what can be credited ---------------------------------------------------------------------------------------------------


def find_creditable(unit: UnitOfWork, invoice_id: int) -> CreditableInvoice:
    """An issued invoice with what is left to credit of each line."""
    text = """
      select i.invoice_id, i.document_number, i.document_on, i.customer_id, i.buyer ->> 'name' as name, i.buyer ->> 'kind' = 'public_body' as is_public,
             i.payment_term_id, i.total_amount, i.document_type,
             (select coalesce(sum(o.open_amount), 0) from ledger.open_item as o
              where o.company_id = i.company_id and o.source = 'invoice' and o.source_id = i.invoice_id) as open_amount
      from billing.invoice as i where i.company_id = :company and i.invoice_id = :invoice and i.state = 'issued' and i.customer_id is not null"""
    rows = unit.rows(sa.text(text), {"invoice": invoice_id})
    if not rows or rows[0].document_type == "TD04":
        raise InvalidInput("Una nota di credito si fa su una fattura emessa: scegline una dall'elenco.")
    row = rows[0]
    return CreditableInvoice(
        row.invoice_id, row.document_number, row.document_on, row.customer_id, row.name, row.is_public, row.payment_term_id, row.total_amount,
        row.open_amount, tuple(_creditable_lines(unit, invoice_id)),
    )  # fmt: skip


def _creditable_lines(unit: UnitOfWork, invoice_id: int) -> list[CreditableLine]:
    text = """
      select r.invoice_id, r.line_no, coalesce(l.description, '') as description, coalesce(l.quantity, 1) as quantity, coalesce(l.unit, '') as unit,
             r.vat_code_id, v.code, coalesce(l.line_amount, r.left_amount) as line_amount, r.left_amount, l.period_start, l.period_end,
             coalesce(l.line_kind, '') as line_kind
      from billing.left_to_credit(:company, array[:invoice]::bigint[]) as r
      join base.vat_code as v on v.company_id = :company and v.vat_code_id = r.vat_code_id
      left join billing.invoice_line as l on l.company_id = :company and l.invoice_id = r.invoice_id and l.line_no = r.line_no
      order by r.line_no nulls last, r.vat_code_id"""
    return [CreditableLine(*row) for row in unit.rows(sa.text(text), {"invoice": invoice_id})]
