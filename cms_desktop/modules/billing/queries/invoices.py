"""Queries about invoices and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from cms_desktop.core import formats
from cms_desktop.core.listing import Filter, FoundRecord, ListQuery, Page, Sort, Totals, Value
from cms_desktop.db.listing import Expression, ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import FileCounts, InvoiceRow
from cms_desktop.modules.billing.tables import BillingRun, Invoice, Transmission

_invoice, _run, _file = Invoice.__table__.c, BillingRun.__table__.c, Transmission.__table__.c
_of_invoice = sa.and_(_file.company_id == _invoice.company_id, _file.invoice_id == _invoice.invoice_id)
_was_rejected = sa.exists().where(_of_invoice, _file.state == "rejected")
_living = sa.select(_file.company_id, _file.invoice_id, _file.state, _file.file_name).where(_file.state != "rejected").subquery("living")
FILE_STATE = sa.func.coalesce(_living.c.state, sa.case((_was_rejected.correlate(Invoice.__table__), "rejected"), else_="none"))
_customer = sa.func.coalesce(_invoice.supplier, _invoice.buyer)["name"].astext
_number = sa.func.coalesce(_invoice.document_number, _invoice.pro_forma_number)
_drafted = sa.and_(_invoice.state == "draft", _invoice.billing_run_id.is_(None))
_STAGES: dict[Value, Expression] = {  # of a document; drafts of runs belong to their run
    "issued": sa.and_(_invoice.state == "issued", _invoice.supplier_id.is_(None)),
    "self": sa.and_(_invoice.state == "issued", _invoice.supplier_id.is_not(None)),
    "draft": sa.and_(_drafted, _invoice.pro_forma_number.is_(None)),
    "pro_forma": sa.and_(_drafted, _invoice.pro_forma_number.is_not(None)),
}
STAGE = sa.case(*((condition, sa.literal(str(name))) for name, condition in _STAGES.items()), else_="")
DRAFTS = ListQuery((Filter("stage", "in", ("draft", "pro_forma")),))
SELF_INVOICES = ListQuery((Filter("stage", "=", ("self",)),))


def _in_stages(stages: tuple[Value, ...]) -> Expression:
    return sa.or_(*(_STAGES[one] for one in stages if one in _STAGES))


def _of_stage(query: ListQuery) -> ListQuery:
    """Sales that are issued, unless the query asks for another stage."""
    if any(one.key == "stage" for one in query.filters):
        return query
    return replace(query, filters=(*query.filters, Filter("stage", "=", ("issued",))))


def _has_file_in(states: tuple[Value, ...]) -> Expression:
    """FILE_STATE in these states, said in a way that whole tables can be joined by."""
    no_living = _living.c.invoice_id.is_(None)
    said: dict[Value, Expression] = {
        "none": ~sa.exists().where(_of_invoice).correlate(Invoice.__table__),
        "rejected": sa.and_(no_living, _was_rejected.correlate(Invoice.__table__)),
    }
    return sa.or_(*(said.get(state, _living.c.state == state) for state in states))


INVOICES = Listing(
    source=sa.outerjoin(
        Invoice.__table__,
        BillingRun.__table__,
        sa.and_(_run.company_id == _invoice.company_id, _run.billing_run_id == _invoice.billing_run_id),
    ).outerjoin(_living, sa.and_(_living.c.company_id == _invoice.company_id, _living.c.invoice_id == _invoice.invoice_id)),
    company=_invoice.company_id,
    columns={
        "invoice_id": ListColumn(_invoice.invoice_id, is_nullable=False),
        "number": ListColumn(_number, folded=sa.func.base.fold(_number)),
        "document_on": ListColumn(_invoice.document_on, is_nullable=False),
        "customer": ListColumn(_customer, folded=sa.func.base.fold(_customer)),
        "customer_id": ListColumn(_invoice.customer_id),
        "document_type": ListColumn(_invoice.document_type, is_nullable=False),
        "stage": ListColumn(STAGE, is_nullable=False, holds=_in_stages),
        "net_amount": ListColumn(_invoice.net_amount, is_summed=True, is_nullable=False),
        "vat_amount": ListColumn(_invoice.vat_amount, is_summed=True, is_nullable=False),
        "total_amount": ListColumn(_invoice.total_amount, is_summed=True, is_nullable=False),
        "payable_amount": ListColumn(_invoice.payable_amount, is_summed=True, is_nullable=False),
        "run": ListColumn(sa.func.coalesce(_run.number, ""), is_nullable=False),
        "run_id": ListColumn(_invoice.billing_run_id),
        "stamp_amount": ListColumn(_invoice.stamp_amount, is_nullable=False),
        "has_stamp": ListColumn(_invoice.stamp_amount != 0, is_nullable=False),
        "file_state": ListColumn(FILE_STATE, is_nullable=False, holds=_has_file_in),
    },
    row_id=_invoice.invoice_id,
    default=Sort("document_on", descending=True),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(sa.func.base.fold(_customer), sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_invoice.document_number), sa.func.base.fold(text)) > 0,
    ),
    extra=(sa.func.coalesce(_living.c.file_name, "").label("file_name"),),
)


def list_invoices(
    unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None
) -> Page[InvoiceRow]:
    """Issued documents of sale, the newest first unless asked otherwise (drafts and self-invoices by their `stage`); credit notes count negative."""
    page = INVOICES.page(unit, _of_stage(query), after, limit)
    names = tuple(InvoiceRow.__dataclass_fields__)
    return Page(
        tuple(InvoiceRow(**{name: getattr(row, name) for name in names} | {"number": row.number or ""}) for row in page.rows), page.after
    )


def sum_invoices(unit: UnitOfWork, query: ListQuery) -> Totals:
    return INVOICES.totals(unit, _of_stage(query))


def list_invoices_without_file(unit: UnitOfWork, run_id: int) -> list[int]:
    """Invoices of a run that have no living FatturaPA file yet, in order of number."""
    statement = (
        sa.select(_invoice.invoice_id)
        .where(
            _invoice.company_id == unit.company_id,
            _invoice.billing_run_id == run_id,
            _invoice.state == "issued",
            ~sa.exists().where(_of_invoice, _file.state != "rejected"),
        )
        .order_by(_invoice.number)
    )
    return [row.invoice_id for row in unit.rows(statement)]


def list_invoice_ids(unit: UnitOfWork, run_id: int) -> list[int]:
    """Invoices of a run in order of number."""
    where = (_invoice.company_id == unit.company_id, _invoice.billing_run_id == run_id, _invoice.state == "issued")
    return [row.invoice_id for row in unit.rows(sa.select(_invoice.invoice_id).where(*where).order_by(_invoice.number))]


def count_files(unit: UnitOfWork, run_id: int) -> FileCounts:
    """Files of a run: still missing, ready, already out of the house."""
    statement = (
        sa.select(
            sa.func.count().filter(_living.c.state.is_(None)),
            sa.func.count().filter(_living.c.state == "ready"),
            sa.func.count().filter(_living.c.state.not_in(("ready",))),
        )
        .select_from(
            sa.outerjoin(
                Invoice.__table__,
                _living,
                sa.and_(_living.c.company_id == _invoice.company_id, _living.c.invoice_id == _invoice.invoice_id),
            )
        )
        .where(_invoice.company_id == unit.company_id, _invoice.billing_run_id == run_id, _invoice.state == "issued")
    )
    return FileCounts(*unit.rows(statement)[0])


def list_ready_files(unit: UnitOfWork, run_id: int | None = None, invoice_ids: Sequence[int] | None = None) -> list[int]:
    """Files that wait to be sent: of a run, of some invoices, or all of the company."""
    statement = (
        sa.select(_file.transmission_id)
        .join_from(Transmission.__table__, Invoice.__table__, _of_invoice)
        .where(_file.company_id == unit.company_id, _file.state == "ready")
        .order_by(_file.transmission_id)
    )
    if run_id is not None:
        statement = statement.where(_invoice.billing_run_id == run_id)
    if invoice_ids is not None:
        statement = statement.where(_invoice.invoice_id.in_(invoice_ids))
    return [row.transmission_id for row in unit.rows(statement)]


def find_file(unit: UnitOfWork, invoice_id: int) -> tuple[str, bytes] | None:
    """Name and content of the living file of an invoice."""
    where = (_file.company_id == unit.company_id, _file.invoice_id == invoice_id, _file.state != "rejected")
    rows = unit.rows(sa.select(_file.file_name, _file.content).where(*where))
    return (rows[0].file_name, rows[0].content) if rows else None


def find_records(unit: UnitOfWork, text: str, most: int = 6) -> list[FoundRecord]:
    """Invoices and runs for the search of the command palette, the newest first."""
    invoices = INVOICES.page(unit, _of_stage(ListQuery(search=text)), None, most).rows
    found = [
        FoundRecord("Fatture", "receipt-euro", row.number, row.customer, formats.money(row.total_amount), "invoices", row.invoice_id)
        for row in invoices
    ]
    word = sa.func.base.fold(text)
    statement = (
        sa.select(_run.billing_run_id, _run.number, _run.title, _run.total_amount)
        .where(
            _run.company_id == unit.company_id,
            sa.or_(sa.func.strpos(sa.func.base.fold(_run.title), word) > 0, sa.func.strpos(sa.func.base.fold(_run.number), word) > 0),
        )
        .order_by(_run.billing_run_id.desc())
        .limit(most)
    )
    runs = unit.rows(statement)
    return found + [
        FoundRecord("Lanci", "layers", row.number, row.title, formats.money(row.total_amount), "runs", row.billing_run_id) for row in runs
    ]
