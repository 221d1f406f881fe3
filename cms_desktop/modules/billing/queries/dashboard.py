"""The figures of the dashboard. Each is the count or sum of a list under the query that stands beside it here."""

from __future__ import annotations

import calendar
import datetime
from decimal import Decimal

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import BLOCKING_REASONS, BillingFigures, MonthFigures, ToCheck
from cms_desktop.modules.billing.tables import BillingRun, Invoice, MonthTotal

from .invoices import list_ready_files, sum_invoices
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
    """Everything the dashboard shows about billing on a day."""
    this_year, last_year = sum_months(unit, today.year), sum_months(unit, today.year - 1)
    months = [datetime.date(today.year, month, 1) for month in range(1, 13)]
    due = sum_due_services(unit, *month_days(today), ListQuery())
    last_year_month = today.replace(year=today.year - 1, day=1)
    return BillingFigures(
        today=today,
        month=this_year.get(today.replace(day=1), MonthFigures()),
        month_last_year=last_year.get(last_year_month, MonthFigures()),
        months=tuple(this_year[m].net_amount if m in this_year else (ZERO if m <= today else None) for m in months),
        months_last_year=tuple(_last_year(last_year, m) for m in months),
        due_count=due.count,
        due_amount=Decimal(due.sums["amount"]),
        ready_files=len(list_ready_files(unit)),
        runs=list_runs(unit, ListQuery()).rows[:6],
        to_check=tuple(list_to_check(unit)),
    )


def _last_year(figures: dict[datetime.date, MonthFigures], month: datetime.date) -> Decimal | None:
    found = figures.get(month.replace(year=month.year - 1))
    return found.net_amount if found else None


def list_to_check(unit: UnitOfWork) -> list[ToCheck]:
    """What waits for somebody, the most pressing first."""
    run, invoice = BillingRun.__table__.c, Invoice.__table__.c
    statement = (
        sa.select(
            run.billing_run_id,
            run.number,
            run.total_amount,
            run.invoice_count,
            sa.func.count().filter(invoice.exclusion_reason.in_(BLOCKING_REASONS)).label("blocked"),
        )
        .select_from(BillingRun.__table__)
        .outerjoin(Invoice.__table__, sa.and_(invoice.company_id == run.company_id, invoice.billing_run_id == run.billing_run_id))
        .where(run.company_id == unit.company_id, run.state == "preview")
        .group_by(run.billing_run_id, run.number, run.total_amount, run.invoice_count)
        .order_by(run.billing_run_id)
    )
    previews = unit.rows(statement)
    found = [ToCheck("blocked", row.blocked, row.billing_run_id, row.number) for row in previews if row.blocked]
    without = sum_invoices(unit, NO_FILE)
    if without.count:
        found.append(ToCheck("no_file", without.count, amount=Decimal(without.sums["total_amount"])))
    ready = sum_invoices(unit, READY_FILES)
    if ready.count:
        found.append(ToCheck("files", ready.count, amount=Decimal(ready.sums["total_amount"])))
    return found + [ToCheck("preview", row.invoice_count, row.billing_run_id, row.number, row.total_amount) for row in previews]
