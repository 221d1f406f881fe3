"""VAT of the demonstration: months settled up to two months ago, with purchases as a company of the trade has them."""

from __future__ import annotations

from typing import Any

import psycopg

from cms_desktop.demo.customers import Plan

# Purchases bear about a third of the VAT of sales; one month in seven more than all of it, so that there is a credit to carry over.
TYPE_IN = """
select billing.write_vat(%(company)s, m.day, (m.day + interval '1 month')::date - 1, round(p.vat / 0.22, 2), p.vat, 0, 0, 0)
from (select %(month)s::date as day) as m
cross join lateral billing.vat_figures(%(company)s, m.day, (m.day + interval '1 month')::date - 1) as f
cross join lateral (select round(f.sales_vat * case when extract(month from m.day)::int %% 7 = 2 then 1.1 else 0.32 end, 2) as vat) as p
"""
FREEZE = "select billing.freeze_vat(%(company)s, billing.compute_vat(%(company)s, %(month)s))"


def settle_months(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Confirm the months of the history in order but the last two, which are for the visitor to settle."""
    months = connection.execute(
        "select d::date from generate_series(%(since)s::date, %(month)s::date - interval '3 months', interval '1 month') as d",
        {"since": plan.since, "month": plan.month},
    ).fetchall()
    for (month,) in months:
        for order in (TYPE_IN, FREEZE):
            connection.execute(order, {"company": plan.company_id, "month": month})
