"""Figures of the dashboard that come from kept totals, and the lists of the best. Each equals a list under the query that stands beside it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.core.money import ZERO
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import BestRow, CountAndAmount, InvoicedLine
from cms_desktop.modules.billing.tables import BillingRun, FileTotal, Invoice, InvoiceLine, MonthTotal, Transmission
from cms_desktop.modules.customers.tables import Service, ServiceType
from cms_desktop.modules.registry.tables import Party

UNSENT = ListQuery((Filter("file_state", "in", ("none", "ready")),))
REFUSED_FILES = ListQuery((Filter("file_state", "=", ("rejected",)),))
UNDELIVERED_FILES = ListQuery((Filter("file_state", "=", ("undeliverable",)),))
SOON = datetime.timedelta(days=7)
BEST = 6

_invoice, _line, _run = Invoice.__table__.c, InvoiceLine.__table__.c, BillingRun.__table__.c
_file, _total, _month = Transmission.__table__.c, FileTotal.__table__.c, MonthTotal.__table__.c
_service, _type, _party = Service.__table__.c, ServiceType.__table__.c, Party.__table__.c


def year_days(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def year_query(year: int) -> ListQuery:
    """The documents of a year."""
    return ListQuery((Filter("document_on", "between", year_days(year)),))


def soon_query(today: datetime.date) -> ListQuery:
    """Open items that fall due from today to a week from now."""
    return ListQuery((Filter("due_on", "between", (today, today + SOON)),))


def issued_runs_query(year: int) -> ListQuery:
    """The runs issued in a year: what the average days to issue is of."""
    return ListQuery((Filter("state", "=", ("issued",)), Filter("issued_on", "between", year_days(year))))


def customer_query(customer_id: int, year: int) -> ListQuery:
    return ListQuery((Filter("customer_id", "=", (customer_id,)), *year_query(year).filters))


def type_query(type_id: int | None, first: datetime.date, last: datetime.date) -> ListQuery:
    """The lines of a type of service in a span of days; 0 stands for no type."""
    return ListQuery((Filter("type_id", "=", (type_id or 0,)), Filter("document_on", "between", (first, last))))


# ---- files by state -----------------------------------------------------------------------------------------------------------


def sum_files(unit: UnitOfWork) -> dict[str, CountAndAmount]:
    """Issued documents by the state of their file, 'none' and 'rejected' (refused, no other file lives) among them.

    Living files are counted by a trigger, documents by month; only the refused ones, which are few, are looked at one by one.
    """
    kept = unit.rows(
        sa.select(_total.state, sa.func.sum(_total.file_count), sa.func.sum(_total.total_amount))
        .where(_total.company_id == unit.company_id)
        .group_by(_total.state)
    )
    found = {row[0]: CountAndAmount(int(row[1]), Decimal(row[2])) for row in kept if row[0] != "rejected"}
    everything = unit.rows(
        sa.select(sa.func.coalesce(sa.func.sum(_month.invoice_count), 0), sa.func.coalesce(sa.func.sum(_month.total_amount), 0)).where(
            _month.company_id == unit.company_id
        )
    )[0]
    found["rejected"] = _sum_refused(unit)
    with_file = sum((one.count for one in found.values()), 0), sum((one.amount for one in found.values()), ZERO)
    found["none"] = CountAndAmount(int(everything[0]) - with_file[0], Decimal(everything[1]) - with_file[1])
    return found


def _sum_refused(unit: UnitOfWork) -> CountAndAmount:
    living = sa.alias(Transmission.__table__, "living")
    refused = (
        sa.select(_file.invoice_id)
        .where(
            _file.company_id == unit.company_id,
            _file.state == "rejected",
            ~sa.exists().where(
                living.c.company_id == _file.company_id, living.c.invoice_id == _file.invoice_id, living.c.state != "rejected"
            ),
        )
        .distinct()
        .cte("refused")
        .prefix_with("materialized")
    )
    row = unit.rows(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_invoice.total_amount), 0))
        .select_from(sa.join(refused, Invoice.__table__, _invoice.invoice_id == refused.c.invoice_id))
        .where(_invoice.company_id == unit.company_id, _invoice.supplier_id.is_(None))
    )[0]
    return CountAndAmount(int(row[0]), Decimal(row[1]))


# ---- runs ---------------------------------------------------------------------------------------------------------------------


def sum_prepared(unit: UnitOfWork) -> CountAndAmount:
    """Documents in runs that wait for their confirmation, net."""
    row = unit.rows(
        sa.select(sa.func.coalesce(sa.func.sum(_run.invoice_count), 0), sa.func.coalesce(sa.func.sum(_run.net_amount), 0)).where(
            _run.company_id == unit.company_id, _run.state == "preview"
        )
    )[0]
    return CountAndAmount(int(row[0]), Decimal(row[1]))


def average_days_to_issue(unit: UnitOfWork, year: int) -> Decimal | None:
    """Days from the preparation of a run to its issue, each document counted; None while nothing was issued in the year."""
    issued, made = sa.cast(_run.issued_at, sa.Date), sa.cast(_run.created_at, sa.Date)
    days = issued.op("-", return_type=sa.Integer())(made)
    first, last = year_days(year)
    row = unit.rows(
        sa.select(sa.func.sum(days * _run.invoice_count), sa.func.sum(_run.invoice_count)).where(
            _run.company_id == unit.company_id, _run.state == "issued", issued.between(first, last)
        )
    )[0]
    return (Decimal(row[0]) / Decimal(row[1])).quantize(Decimal("0.1")) if row[1] else None


# ---- the best -----------------------------------------------------------------------------------------------------------------


def list_best_customers(unit: UnitOfWork, year: int, most: int = BEST) -> list[BestRow]:
    """Who was invoiced most in a year, net."""
    first, last = year_days(year)
    sums = (
        sa.select(_invoice.customer_id, sa.func.count().label("many"), sa.func.sum(_invoice.net_amount).label("net"))
        .where(
            _invoice.company_id == unit.company_id,
            _invoice.state == "issued",
            _invoice.document_on.between(first, last),
            _invoice.customer_id.is_not(None),
        )
        .group_by(_invoice.customer_id)
        .cte("sums")
    )
    best = sa.select(sums).order_by(sums.c.net.desc(), sums.c.customer_id).limit(most).cte("best").prefix_with("materialized")
    whole = sa.select(sa.func.sum(sums.c.net)).scalar_subquery()
    statement = (
        sa.select(best.c.customer_id, sa.func.coalesce(_party.name, ""), best.c.many, best.c.net, whole)
        .select_from(
            sa.outerjoin(best, Party.__table__, sa.and_(_party.company_id == unit.company_id, _party.party_id == best.c.customer_id))
        )
        .order_by(best.c.net.desc(), best.c.customer_id)
    )
    return [_best(row) for row in unit.rows(statement)]


def list_types(unit: UnitOfWork, first: datetime.date, last: datetime.date) -> list[BestRow]:
    """What was invoiced in a span of days by type of service, net; the largest first."""
    key = sa.func.coalesce(_line.service_type_id, _service.service_type_id)
    sums = (
        sa.select(key.label("type_id"), sa.func.count().label("many"), sa.func.sum(_line.line_amount).label("net"))
        .select_from(
            sa.join(
                Invoice.__table__,
                InvoiceLine.__table__,
                sa.and_(_line.company_id == _invoice.company_id, _line.invoice_id == _invoice.invoice_id),
            ).outerjoin(Service.__table__, sa.and_(_service.company_id == _line.company_id, _service.service_id == _line.service_id))
        )
        .where(
            _invoice.company_id == unit.company_id,
            _invoice.state == "issued",
            _invoice.supplier_id.is_(None),
            _invoice.document_on.between(first, last),
        )
        .group_by(key)
        .cte("sums")
        .prefix_with("materialized")
    )
    statement = (
        sa.select(
            sums.c.type_id,
            sa.func.coalesce(_type.description, ""),
            sums.c.many,
            sums.c.net,
            sa.select(sa.func.sum(sums.c.net)).scalar_subquery(),
        )
        .select_from(
            sa.outerjoin(sums, ServiceType.__table__, sa.and_(_type.company_id == unit.company_id, _type.service_type_id == sums.c.type_id))
        )
        .order_by(sums.c.net.desc())
    )
    return [_best(row) for row in unit.rows(statement)]


def _best(row: Any) -> BestRow:
    key, name, many, net, whole = row
    share = (100 * Decimal(net) / Decimal(whole)).quantize(Decimal("0.1")) if whole else ZERO
    return BestRow(key, name, int(many), Decimal(net), share)


# ---- lines of issued documents ------------------------------------------------------------------------------------------------

_type_id = sa.func.coalesce(_line.service_type_id, _service.service_type_id, 0)
_customer = _invoice.buyer["name"].astext
_row_id = sa.cast(_line.invoice_id, sa.Text) + "/" + sa.cast(_line.line_no, sa.Text)
LINES = Listing(
    source=sa.join(
        InvoiceLine.__table__,
        Invoice.__table__,
        sa.and_(_line.company_id == _invoice.company_id, _line.invoice_id == _invoice.invoice_id),
    )
    .outerjoin(Service.__table__, sa.and_(_service.company_id == _line.company_id, _service.service_id == _line.service_id))
    .outerjoin(
        ServiceType.__table__,
        sa.and_(
            _type.company_id == _line.company_id, _type.service_type_id == sa.func.coalesce(_line.service_type_id, _service.service_type_id)
        ),
    ),
    company=_line.company_id,
    columns={
        "number": ListColumn(_invoice.document_number, folded=sa.func.base.fold(_invoice.document_number)),
        "document_on": ListColumn(_invoice.document_on, is_nullable=False),
        "customer": ListColumn(_customer, folded=sa.func.base.fold(_customer)),
        "type_name": ListColumn(sa.func.coalesce(_type.description, ""), is_nullable=False),
        "type_id": ListColumn(_type_id, is_nullable=False),
        "description": ListColumn(_line.description, folded=sa.func.base.fold(_line.description)),
        "net_amount": ListColumn(_line.line_amount, is_summed=True, is_nullable=False),
        "invoice_id": ListColumn(_line.invoice_id, is_nullable=False),
    },
    row_id=_row_id,
    default=Sort("document_on", descending=True),
    where=(_invoice.state == "issued", _invoice.supplier_id.is_(None)),
    extra=(_row_id.label("row_id"),),
)


def list_lines(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[InvoicedLine]:
    """Lines of issued documents, the newest first unless asked otherwise."""
    page = LINES.page(unit, query, after)
    names = tuple(InvoicedLine.__dataclass_fields__)
    return Page(tuple(InvoicedLine(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_lines(unit: UnitOfWork, query: ListQuery) -> Totals:
    return LINES.totals(unit, query)
