"""What the exchange system answered: receipts in a list, the answers about one invoice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.sdi.records import ReceiptRow, SdiError
from cms_desktop.modules.billing.tables import Invoice, SdiMessage, Transmission

REFUSALS = ListQuery((Filter("kind", "=", ("NS",)),))
UNDELIVERED = ListQuery((Filter("kind", "=", ("MC",)),))
UNMATCHED = ListQuery((Filter("is_matched", "=", (False,)),))
_message, _file, _invoice = SdiMessage.__table__.c, Transmission.__table__.c, Invoice.__table__.c
_customer = sa.func.coalesce(_invoice.buyer["name"].astext, "")
_number = sa.func.coalesce(_invoice.document_number, "")
_first_error = sa.func.coalesce(sa.func.concat_ws(" ", _message.errors[0]["code"].astext, _message.errors[0]["text"].astext), "")
_words = sa.case((_first_error != "", _first_error), else_=_message.note)
MESSAGES = Listing(
    source=sa.outerjoin(
        SdiMessage.__table__,
        Transmission.__table__,
        sa.and_(_file.company_id == _message.company_id, _file.transmission_id == _message.transmission_id),
    ).outerjoin(Invoice.__table__, sa.and_(_invoice.company_id == _file.company_id, _invoice.invoice_id == _file.invoice_id)),
    company=_message.company_id,
    columns={
        "message_id": ListColumn(_message.sdi_message_id, is_nullable=False),
        "created_at": ListColumn(_message.created_at, is_nullable=False),
        "received_at": ListColumn(_message.received_at),
        "kind": ListColumn(_message.kind, is_nullable=False),
        "channel": ListColumn(_message.channel, is_nullable=False),
        "about_file": ListColumn(_message.about_file, folded=sa.func.lower(_message.about_file), is_nullable=False),
        "sdi_identifier": ListColumn(_message.sdi_identifier, is_nullable=False),
        "number": ListColumn(_number, folded=sa.func.base.fold(_number), is_nullable=False),
        "customer": ListColumn(_customer, folded=sa.func.base.fold(_customer), is_nullable=False),
        "invoice_id": ListColumn(_invoice.invoice_id),
        "words": ListColumn(_words, folded=sa.func.base.fold(_words), is_nullable=False),
        "is_matched": ListColumn(_message.transmission_id.is_not(None), is_nullable=False),
    },
    row_id=_message.sdi_message_id,
    default=Sort("created_at", descending=True),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(sa.func.base.fold(_customer), sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.lower(_message.about_file), sa.func.lower(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_number), sa.func.base.fold(text)) > 0,
    ),
    extra=(
        _message.state.label("state"),
        _message.errors.label("errors"),
        _message.note.label("note"),
        _message.recipient_code.label("recipient_code"),
        _message.delivered_at.label("delivered_at"),
        _file.state.label("file_state"),
    ),
)


def list_receipts(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[ReceiptRow]:
    """Receipts, the last read first."""
    page = MESSAGES.page(unit, query, after)
    return Page(tuple(_row(row) for row in page.rows), page.after)


def sum_receipts(unit: UnitOfWork, query: ListQuery) -> Totals:
    return MESSAGES.totals(unit, query)


def _row(row: Any) -> ReceiptRow:
    facts = {name: getattr(row, name) for name in ReceiptRow.__dataclass_fields__ if name != "errors"}
    return ReceiptRow(**facts, errors=tuple(SdiError(**one) for one in row.errors))


def list_refused_invoices(unit: UnitOfWork, run_id: int | None = None) -> list[int]:
    """Issued invoices whose only files were refused: they wait to go again."""
    refused = sa.exists().where(_file.company_id == _invoice.company_id, _file.invoice_id == _invoice.invoice_id, _file.state == "rejected")
    living = sa.exists().where(_file.company_id == _invoice.company_id, _file.invoice_id == _invoice.invoice_id, _file.state != "rejected")
    statement = (
        sa.select(_invoice.invoice_id)
        .where(_invoice.company_id == unit.company_id, _invoice.state == "issued", refused, ~living)
        .order_by(_invoice.invoice_id)
    )
    if run_id is not None:
        statement = statement.where(_invoice.billing_run_id == run_id)
    return [row.invoice_id for row in unit.rows(statement)]
