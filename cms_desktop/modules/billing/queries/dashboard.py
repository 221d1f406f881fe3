"""The figures of the dashboard. Each is the count or sum of a list under the query that stands beside it here."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from decimal import Decimal

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import BLOCKING_REASONS, BillingFigures, CountAndAmount, MonthFigures, ToCheck
from cms_desktop.modules.billing.tables import BillingRun, Invoice, MonthTotal

from .figures import average_days_to_issue, sum_files, sum_prepared
from .runs import list_runs, sum_due_services

NO_FILE = ListQuery((Filter("file_state", "=", ("none",)),))
READY_FILES = ListQuery((Filter("file_state", "=", ("ready",)),))
PREVIEWS = ListQuery((Filter("state", "=", ("preview",)),))


def month_days(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_query(day: datetime.date, key: str = "document_on") -> ListQuery:
    """The query that shows the rows of a month."""
    return ListQuery((Filter(key, "between", month_days(day)),))


def sum_months(unit: UnitOfWork, year: int) -> dict[datetime.date, MonthFigures]:
    """What each month of a year invoiced, net; credit notes subtracted."""
    c = MonthTotal.__table__.c
    where = (c.company_id == unit.company_id, c.month_on.between(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
    return {row[0]: MonthFigures(row[1], row[2]) for row in unit.rows(sa.select(c.month_on, c.invoice_count, c.net_amount).where(*where))}


def find_figures(unit: UnitOfWork, today: datetime.date) -> BillingFigures:
    """What the dashboard shows about billing on a day, from kept totals; what falls due comes from `find_due`."""
    this_year, last_year = sum_months(unit, today.year), sum_months(unit, today.year - 1)
    months = [datetime.date(today.year, month, 1) for month in range(1, 13)]
    last_year_month = today.replace(year=today.year - 1, day=1)
    files = sum_files(unit)
    none, ready = files["none"], files.get("ready", CountAndAmount())
    return BillingFigures(
        today=today,
        month=this_year.get(today.replace(day=1), MonthFigures()),
        month_last_year=last_year.get(last_year_month, MonthFigures()),
        months=tuple(this_year[m].net_amount if m in this_year else (ZERO if m <= today else None) for m in months),
        months_last_year=tuple(_last_year(last_year, m) for m in months),
        prepared=sum_prepared(unit),
        unsent=CountAndAmount(none.count + ready.count, none.amount + ready.amount),
        refused=files["rejected"],
        undelivered=files.get("undeliverable", CountAndAmount()),
        days_to_issue=average_days_to_issue(unit, today.year),
        ready_files=ready.count,
        runs=list_runs(unit, ListQuery()).rows[:6],
        to_check=tuple(list_to_check(unit, files)),
    )


def find_due(unit: UnitOfWork, today: datetime.date) -> CountAndAmount:
    """What falls due until the end of the month and is billed nowhere, net: worked out from every contract."""
    due = sum_due_services(unit, *month_days(today), ListQuery())
    return CountAndAmount(due.count, Decimal(due.sums["amount"]))


def _last_year(figures: dict[datetime.date, MonthFigures], month: datetime.date) -> Decimal | None:
    found = figures.get(month.replace(year=month.year - 1))
    return found.net_amount if found else None


def list_to_check(unit: UnitOfWork, files: Mapping[str, CountAndAmount]) -> list[ToCheck]:
    """What waits for somebody, the most pressing first; `files`: documents by the state of their file."""
    run, invoice = BillingRun.__table__.c, Invoice.__table__.c
    blocked = sa.and_(
        invoice.company_id == run.company_id,
        invoice.billing_run_id == run.billing_run_id,
        invoice.exclusion_reason != "",  # said for the index of what is left out
        invoice.exclusion_reason.in_(BLOCKING_REASONS),
    )
    statement = (
        sa.select(
            run.billing_run_id,
            run.number,
            run.total_amount,
            run.invoice_count,
            sa.func.count(invoice.invoice_id).label("blocked"),
        )
        .select_from(BillingRun.__table__)
        .outerjoin(Invoice.__table__, blocked)
        .where(run.company_id == unit.company_id, run.state == "preview")
        .group_by(run.billing_run_id, run.number, run.total_amount, run.invoice_count)
        .order_by(run.billing_run_id)
    )
    previews = unit.rows(statement)
    found = [ToCheck("blocked", row.blocked, row.billing_run_id, row.number) for row in previews if row.blocked]
    for kind, state in (("refused", "rejected"), ("undelivered", "undeliverable"), ("no_file", "none"), ("files", "ready")):
        one = files.get(state, CountAndAmount())
        if one.count:
            found.append(ToCheck(kind, one.count, amount=one.amount))
    return found + [ToCheck("preview", row.invoice_count, row.billing_run_id, row.number, row.total_amount) for row in previews]
