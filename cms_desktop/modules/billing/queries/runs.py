"""Queries about runs: list, preview rows compared with the period before, differences, what is due."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.core.listing import ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import DocumentCounter, DocumentSeries, Person, SeriesKind
from cms_desktop.modules.billing.records import (
    Difference,
    DueService,
    Run,
    RunDifferences,
    RunDocument,
    RunExclusion,
    SeriesChoice,
)
from cms_desktop.modules.billing.tables import BillingRun
from cms_desktop.modules.billing.tables import RunExclusion as ExclusionTable
from cms_desktop.modules.customers.tables import Contract
from cms_desktop.modules.registry.tables import Party

from .comparison import COMPARISON, COMPARISON_COLUMNS, joined_by_set

_maker, _issuer = orm.aliased(Person.__table__, name="maker"), orm.aliased(Person.__table__, name="issuer")
_run, _series = BillingRun.__table__.c, DocumentSeries.__table__.c
_RUNS = (
    sa.join(
        BillingRun.__table__,
        DocumentSeries.__table__,
        sa.and_(_series.company_id == _run.company_id, _series.document_series_id == _run.document_series_id),
    )
    .outerjoin(_maker, _maker.c.person_id == _run.created_by)
    .outerjoin(_issuer, _issuer.c.person_id == _run.issued_by)
)
RUNS = Listing(
    source=_RUNS,
    company=_run.company_id,
    columns={
        "number": ListColumn(_run.number, is_nullable=False),
        "title": ListColumn(_run.title, folded=sa.func.base.fold(_run.title)),
        "state": ListColumn(_run.state, is_nullable=False),
        "document_on": ListColumn(_run.document_on, is_nullable=False),
        "period_start": ListColumn(_run.period_start, is_nullable=False),
        "period_end": ListColumn(_run.period_end, is_nullable=False),
        "invoice_count": ListColumn(_run.invoice_count, is_summed=True, is_nullable=False),
        "net_amount": ListColumn(_run.net_amount, is_summed=True, is_nullable=False),
        "vat_amount": ListColumn(_run.vat_amount, is_summed=True, is_nullable=False),
        "total_amount": ListColumn(_run.total_amount, is_summed=True, is_nullable=False),
        "payable_amount": ListColumn(_run.payable_amount, is_summed=True, is_nullable=False),
        "issued_on": ListColumn(sa.cast(_run.issued_at, sa.Date)),
        "days_to_issue": ListColumn(
            sa.cast(_run.issued_at, sa.Date).op("-", return_type=sa.Integer())(sa.cast(_run.created_at, sa.Date)),
        ),
        "created_by": ListColumn(sa.func.coalesce(_maker.c.display_name, ""), is_nullable=False),
    },
    row_id=_run.billing_run_id,
    default=Sort("number", descending=True),
    extra=(
        _run.billing_run_id.label("run_id"),
        _run.document_series_id.label("series_id"),
        _series.code.label("series_code"),
        _series.name.label("series_name"),
        _run.grouping,
        _run.first_number,
        _run.last_number,
        _run.issued_at,
        _run.created_at,
        sa.func.coalesce(_issuer.c.display_name, "").label("issued_by"),
        _run.parameters,
        _run.run_template_id.label("template_id"),
        _run.retried_run_id,
        _run.refreshed_at,
        _run.credits_run_id,
    ),
)
_RUN_FIELDS = tuple(Run.__dataclass_fields__)


def _as_run(row: Any) -> Run:
    return Run(**{name: getattr(row, name) for name in _RUN_FIELDS})


def list_runs(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[Run]:
    """Runs, the newest first unless asked otherwise."""
    page = RUNS.page(unit, query, after)
    return Page(tuple(_as_run(row) for row in page.rows), page.after)


def sum_runs(unit: UnitOfWork, query: ListQuery) -> Totals:
    return RUNS.totals(unit, query)


def find_run(unit: UnitOfWork, run_id: int) -> Run | None:
    columns = (*(column.expression.label(key) for key, column in RUNS.columns.items()), *RUNS.extra)
    statement = sa.select(*columns).select_from(_RUNS).where(_run.company_id == unit.company_id, _run.billing_run_id == run_id)
    rows = unit.rows(statement)
    return _as_run(rows[0]) if rows else None


# ---- preview ----------------------------------------------------------------------------------------------------------


def _documents_of(unit: UnitOfWork, run_id: int) -> Listing:
    rows = sa.text(COMPARISON).bindparams(company=unit.company_id, run=run_id).columns(**COMPARISON_COLUMNS).subquery("document")
    c = rows.c
    plain = ("line_count", "percent", "is_new", "is_ended", "is_price_changed", "is_beyond", "is_blocked", "is_excluded", "reason", "is_first",
             "is_caught_up")  # fmt: skip
    summed = ("before_amount", "net_amount", "difference")
    return Listing(
        source=rows,
        company=c.company_id,
        columns={
            "customer": ListColumn(c.customer, folded=c.customer_key),
            "contract": ListColumn(c.contract, is_nullable=False),
            **{key: ListColumn(c[key]) for key in plain},
            **{key: ListColumn(c[key], is_summed=True, is_nullable=False) for key in summed},
        },
        row_id=c.row_id,
        default=Sort("customer"),
        extra=(c.row_id, c.invoice_id, c.customer_code),
    )


def list_run_documents(unit: UnitOfWork, run_id: int, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[RunDocument]:
    """Rows of the preview (of an issued run: its invoices), each beside what the same services cost one period before."""
    with joined_by_set(unit):
        page = _documents_of(unit, run_id).page(unit, query, after)
    names = tuple(RunDocument.__dataclass_fields__)
    return Page(tuple(RunDocument(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_run_documents(unit: UnitOfWork, run_id: int, query: ListQuery) -> Totals:
    with joined_by_set(unit):
        return _documents_of(unit, run_id).totals(unit, query)


def sum_run_differences(unit: UnitOfWork, run_id: int) -> RunDifferences:
    """The bridge and the tiles; every count is the number of rows that `list_run_documents` gives under the same mark."""
    parts = ("before_amount", "included_amount", "new_effect", "ended_effect", "price_effect", "other_effect", "excluded_effect")
    marks = ("is_new", "is_ended", "is_price_changed", "is_beyond", "is_blocked", "is_excluded", "is_first", "is_caught_up")
    wanted = [f"coalesce(sum({part}), 0) as {part}" for part in parts]
    wanted += [f"count(*) filter (where {mark}) as {mark}" for mark in marks]
    wanted += ["count(*) as rows", "coalesce(sum(difference) filter (where is_beyond), 0) as beyond_effect"]
    wanted += [f"coalesce(sum(net_amount) filter (where {one}), 0) as {name}_amount"
               for one, name in (("is_blocked", "blocked"), ("is_first", "first"), ("is_caught_up", "caught_up"))]  # fmt: skip
    with joined_by_set(unit):
        row = unit.rows(sa.text(f"select {', '.join(wanted)} from ({COMPARISON}) as document"), {"run": run_id})[0]  # noqa: S608
    return RunDifferences(
        before=row.before_amount,
        now=row.included_amount,
        new=Difference(row.is_new, row.new_effect),
        ended=Difference(row.is_ended, row.ended_effect),
        price=Difference(row.is_price_changed, row.price_effect),
        other=Difference(0, row.other_effect),
        excluded=Difference(row.is_excluded, row.excluded_effect),
        beyond=Difference(row.is_beyond, row.beyond_effect),
        blocked=Difference(row.is_blocked, -row.blocked_amount),
        first=Difference(row.is_first, row.first_amount),
        caught_up=Difference(row.is_caught_up, row.caught_up_amount),
        row_count=row.rows,
    )


def list_run_exclusions(unit: UnitOfWork, run_id: int) -> list[RunExclusion]:
    """What an issued run left out, and why."""
    c, party, contract = ExclusionTable.__table__.c, Party.__table__.c, Contract.__table__.c
    statement = (
        sa.select(party.name, sa.func.coalesce(contract.number, ""), c.net_amount, c.reason)
        .select_from(ExclusionTable.__table__)
        .join(Party.__table__, sa.and_(party.company_id == c.company_id, party.party_id == c.customer_id))
        .outerjoin(Contract.__table__, sa.and_(contract.company_id == c.company_id, contract.contract_id == c.contract_id))
        .where(c.company_id == unit.company_id, c.billing_run_id == run_id)
        .order_by(party.search_key, c.run_exclusion_id)
    )
    return [RunExclusion(*row) for row in unit.rows(statement)]


# ---- what is due ------------------------------------------------------------------------------------------------------


def _due_between(unit: UnitOfWork, start: datetime.date, end: datetime.date) -> Listing:
    text = """
      select d.service_id, d.contract_id, d.customer_id, d.covered_start, d.covered_end, d.line_amount,
             case when d.description like '%{%' then billing.rendered(d.description, 'it', d.covered_start, d.covered_end, coalesce(t.name, ''), c.number,
                                                                      c.cig_code, c.order_reference) else d.description end as description,
             c.number as contract, p.name as customer, p.search_key as customer_key,
             d.service_id || '/' || d.covered_start as row_id, cast(:company as int) as company_id
      from billing.due_services(:company, :start, :end) as d
      join customers.contract as c on c.company_id = :company and c.contract_id = d.contract_id
      join registry.party as p on p.company_id = :company and p.party_id = d.customer_id
      left join customers.site as t on t.company_id = :company and t.site_id = d.site_id"""
    rows = (
        sa.text(text)
        .bindparams(sa.bindparam("company", unit.company_id, sa.Integer), sa.bindparam("start", start, sa.Date), sa.bindparam("end", end, sa.Date))
        .columns(
            company_id=sa.Integer, row_id=sa.Text, customer=sa.Text, customer_key=sa.Text, contract=sa.Text, description=sa.Text,
            covered_start=sa.Date, covered_end=sa.Date, line_amount=sa.Numeric(14, 2),
        )
        .subquery("due")
    )  # fmt: skip
    c = rows.c
    return Listing(
        source=rows,
        company=c.company_id,
        columns={
            "customer": ListColumn(c.customer, folded=c.customer_key),
            "contract": ListColumn(c.contract, is_nullable=False),
            "description": ListColumn(c.description, folded=sa.func.base.fold(c.description)),
            "period_start": ListColumn(c.covered_start, is_nullable=False),
            "period_end": ListColumn(c.covered_end, is_nullable=False),
            "amount": ListColumn(c.line_amount, is_summed=True, is_nullable=False),
        },
        row_id=c.row_id,
        default=Sort("customer"),
        extra=(c.row_id,),
    )


def list_due_services(
    unit: UnitOfWork, start: datetime.date, end: datetime.date, query: ListQuery, after: tuple[object, ...] | None = None
) -> Page[DueService]:
    """Periods of services that fall due between two days and are in no invoice and no draft."""
    with joined_by_set(unit):
        page = _due_between(unit, start, end).page(unit, query, after)
    names = tuple(DueService.__dataclass_fields__)
    return Page(tuple(DueService(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_due_services(unit: UnitOfWork, start: datetime.date, end: datetime.date, query: ListQuery) -> Totals:
    with joined_by_set(unit):
        return _due_between(unit, start, end).totals(unit, query)


def _takes_invoices(series: Any) -> Any:
    """Series told what they take, invoices among it; and those told nothing."""
    kind = SeriesKind.__table__.c
    told = sa.and_(kind.company_id == series.company_id, kind.document_series_id == series.document_series_id)
    return sa.or_(sa.exists().where(told, kind.document_type == "TD01"), ~sa.exists().where(told))


def list_series(unit: UnitOfWork, year: int) -> list[SeriesChoice]:
    """Sales series in use, with the next number of the year."""
    series, counter = DocumentSeries.__table__.c, DocumentCounter.__table__.c
    same = sa.and_(counter.company_id == series.company_id, counter.document_series_id == series.document_series_id, counter.year == year)
    statement = (
        sa.select(
            series.document_series_id,
            series.code,
            series.name,
            sa.func.coalesce(counter.last_number, 0) + 1,
            counter.last_document_on,
        )
        .select_from(sa.outerjoin(DocumentSeries.__table__, DocumentCounter.__table__, same))
        .where(series.company_id == unit.company_id, series.is_active, _takes_invoices(series))
        .order_by(series.document_series_id)
    )
    return [SeriesChoice(*row) for row in unit.rows(statement)]
