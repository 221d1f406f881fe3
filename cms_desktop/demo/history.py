"""The past of one company: every month billed as a clerk would have, and contracts that came to their end."""

from __future__ import annotations

import datetime
from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan

MONTH_NAMES = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)


def next_month(day: datetime.date) -> datetime.date:
    """The first of the month after."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def bill_month(connection: psycopg.Connection[Any], plan: Plan, month: datetime.date, clerk: int) -> int:
    """Prepare and issue the run of a month on its last day. Returns how many invoices it made."""
    last_day = next_month(month) - datetime.timedelta(days=1)
    moment = datetime.datetime.combine(last_day, datetime.time(16, 30), datetime.UTC)
    title = f"Canoni {MONTH_NAMES[month.month - 1]} {month.year}"
    with connection.cursor() as cursor:
        cursor.execute(
            "select billing.make_preview(%(company)s, %(title)s, %(first)s, %(last)s, %(last)s, document_series_id, 'contract') "
            "from base.document_series where company_id = %(company)s and code = 'V'",
            {"company": plan.company_id, "title": title, "first": month, "last": last_day},
        )
        run = cursor.fetchall()[0][0]
        place = {"company": plan.company_id, "run": run, "moment": moment, "clerk": clerk}
        cursor.execute(_LIVING, place)
        count: int = cursor.fetchall()[0][0]
        if count:
            cursor.execute("select billing.issue_documents(%(company)s, %(run)s, %(moment)s)", place)
        else:
            cursor.execute("select billing.delete_documents(%(company)s, %(run)s)", place)
        cursor.execute(_STAMP_RUN if count else _DISCARD_RUN, place)
    return count


_LIVING: LiteralString = """
select count(*) from billing.invoice where company_id = %(company)s and billing_run_id = %(run)s and not is_excluded"""
_STAMP_RUN: LiteralString = """
update billing.billing_run
set created_at = %(moment)s - interval '25 minutes', created_by = %(clerk)s, issued_by = %(clerk)s
where company_id = %(company)s and billing_run_id = %(run)s"""
_DISCARD_RUN: LiteralString = """
update billing.billing_run set state = 'discarded', created_at = %(moment)s, created_by = %(clerk)s
where company_id = %(company)s and billing_run_id = %(run)s"""


def close_contracts(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Contracts that ended are terminated, and so are the customers who have no other."""
    with connection.cursor() as cursor:
        for statement in (_END_CONTRACTS, _END_CUSTOMERS):
            cursor.execute(statement, {"company": plan.company_id, "month": plan.month})


_END_CONTRACTS: LiteralString = """
update customers.contract set state = 'terminated', row_version = row_version + 1
where company_id = %(company)s and ends_on < %(month)s"""
_END_CUSTOMERS: LiteralString = """
update customers.customer as k set state = t.state, row_version = k.row_version + 1
from (select customer_id, case when bool_and(state = 'terminated') then 'terminated' else 'terminating' end as state
      from customers.contract where company_id = %(company)s group by customer_id having bool_and(ends_on is not null)) as t
where k.company_id = %(company)s and k.customer_id = t.customer_id"""
