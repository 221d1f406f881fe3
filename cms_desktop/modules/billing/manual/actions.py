"""What is done with documents by hand: compute, save, discard, issue, number as pro-forma, credit a run."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.manual import queries
from cms_desktop.modules.billing.manual.records import DocumentDraft, DraftFigures, DraftLine, DraftReference, IssuedDocument, SavedDraft
from cms_desktop.modules.billing.queries import documents as document_queries

FIRST_NUMBER, FIRST_FILE = "1", "00001"  # stand for what a draft gets when it is issued


def save_document(unit: UnitOfWork, draft: DocumentDraft) -> SavedDraft:
    """Write a draft with its taxes; nothing is numbered. Refused when somebody else wrote it meanwhile."""
    got = unit.call("billing.save_document", sa.cast(facts_of(draft), postgresql.JSONB))
    return SavedDraft(got["invoice"], got["version"])


def compute_document(unit: UnitOfWork, draft: DocumentDraft) -> DraftFigures:
    """What the server would make of a draft, and what the exchange system would say. Written and taken back: nothing stays."""
    point = unit.session.begin_nested()
    try:
        saved = save_document(unit, draft)
        return find_figures(unit, saved.invoice_id)
    finally:
        point.rollback()


def find_figures(unit: UnitOfWork, invoice_id: int) -> DraftFigures:
    """A stored draft as a document, with what stands in the way of issuing it."""
    found = document_queries.invoice_documents(unit, [invoice_id], drafts=True)
    if not found:
        raise InvalidInput("La bozza non c'è più: aggiorna l'elenco.")
    problems = check_document(replace(found[0], number=FIRST_NUMBER, transmission_number=FIRST_FILE), today=local_today())
    return DraftFigures(found[0], queries.draft_obstacle(unit, invoice_id), tuple(problems))


def preview_pdf(unit: UnitOfWork, draft: DocumentDraft) -> bytes:
    """A draft on paper, marked as such (or as a pro-forma)."""
    from reports.invoice.layout import invoice_pdf  # slow to load: only who prints waits for it

    return invoice_pdf(compute_document(unit, draft).document, find_letterhead(unit))


def discard_document(unit: UnitOfWork, invoice_id: int) -> None:
    """Throw a draft away; nothing was numbered, nothing is missing afterwards."""
    unit.call("billing.discard_document", invoice_id)


def issue_document(unit: UnitOfWork, draft: DocumentDraft) -> IssuedDocument:
    """Save a draft as it stands, then number, post and open its items, in one transaction."""
    saved = save_document(unit, draft)
    got = unit.call("billing.issue_document", saved.invoice_id, saved.version)
    return IssuedDocument(saved.invoice_id, f"{got['series']} {draft.document_on.year}/{got['first']}")


def number_pro_forma(unit: UnitOfWork, draft: DocumentDraft) -> tuple[SavedDraft, str]:
    """Save a draft and give it a pro-forma number, outside the books; it stays a draft. Returns the draft and its number."""
    saved = save_document(unit, draft)
    got = unit.call("billing.number_pro_forma", saved.invoice_id, saved.version)
    return SavedDraft(saved.invoice_id, got["version"]), got["number"]


def credit_run(
    unit: UnitOfWork, run_id: int, series_id: int, document_on: datetime.date, reason: str, *, compensates: bool, releases_periods: bool
) -> int:
    """Prepare the credit notes of a whole issued run; returns the new run, to be looked at and issued like any other."""
    if not reason.strip():
        raise InvalidInput("Scrivi perché il lancio si storna: sta in ogni nota di credito.", field="reason")
    made: int = unit.call("billing.credit_run", run_id, series_id, document_on, reason.strip(), compensates, releases_periods)
    return made


# ---- a draft as the server wants it -----------------------------------------------------------------------------------------


def facts_of(draft: DocumentDraft) -> dict[str, Any]:
    return {
        "invoice": draft.invoice_id,
        "version": draft.version if draft.invoice_id is not None else None,
        "document_type": draft.document_type,
        "series": draft.series_id,
        "document_on": draft.document_on.isoformat(),
        "customer": draft.customer_id,
        "supplier": draft.supplier_id,
        "contract": draft.contract_id,
        "payment_term": draft.payment_term_id,
        "notes": draft.notes,
        "language": draft.language,
        "is_vat_by_hand": draft.is_vat_by_hand,
        "compensates": draft.compensates,
        "releases_periods": draft.releases_periods,
        "received_number": draft.received_number,
        "received_on": _day(draft.received_on),
        "lines": [_line(line) for line in draft.lines],
        "references": [_reference(one) for one in draft.references],
    }


def _line(line: DraftLine) -> dict[str, Any]:
    return {
        "description": line.description,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "unit_price": str(line.unit_price),
        "discount_percent": str(line.discount_percent),
        "vat_code": line.vat_code_id,
        "service_type": line.service_type_id,
        "site": line.site_id,
        "period_start": _day(line.period_start),
        "period_end": _day(line.period_end),
        "line_kind": line.line_kind,
        "credited_invoice": line.credited_invoice_id,
        "credited_line": line.credited_line_no,
    }


def _reference(one: DraftReference) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "number": one.number,
        "on_date": _day(one.on_date),
        "item": one.item,
        "agreement_code": one.agreement_code,
        "cig_code": one.cig_code,
        "cup_code": one.cup_code,
        "line_numbers": list(one.line_numbers),
        "invoice": one.invoice_id,
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day is not None else None
