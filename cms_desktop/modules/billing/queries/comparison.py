"""The preview of a run beside the period before, as one SELECT.

Every line is compared with the line of the same service one period (or one run window, if longer) earlier, in an issued invoice:
a quarterly fee with last quarter's, a monthly one with last month's. A line without such a sister is new; a sister without a line,
whose service, contract or customer ended or stopped, is ended. The rest of the difference is price (the same part of the period
at the two prices) and quantity or part of the period. What is charged by use is compared with the last invoice that charged the same line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.records import BLOCKING_REASONS

_BLOCKED = "('" + "', '".join(BLOCKING_REASONS) + "')"
_ORDER = "(o.customer_id, o.cig_code, o.cup_code, base.fold(btrim(o.order_reference)))"

COMPARISON = f"""
  with run as materialized (
    select *, greatest(1, extract(year from age(period_end + 1, period_start)) * 12
                          + extract(month from age(period_end + 1, period_start)))::int as months,
           coalesce((parameters ->> 'threshold')::numeric, 20) / 100 as threshold
    from billing.billing_run where company_id = :company and billing_run_id = :run
  ),
  line as (
    select i.invoice_id, coalesce(i.group_key, billing.group_key(run.grouping, i.customer_id, i.contract_id, null)) as group_id, l.service_id,
           l.line_amount, l.quantity, l.unit_price, l.period_start, l.period_end, 1 as many
    from run
    join billing.invoice as i on i.company_id = :company and i.billing_run_id = run.billing_run_id
    join billing.invoice_line as l on l.company_id = :company and l.invoice_id = i.invoice_id
  ),
  present as (
    select l.*, s.frequency_months, s.anchor_month, greatest(s.frequency_months, run.months) as step, run.document_on,
           b.first_billed_on,
           case when s.is_in_advance then l.period_start else l.period_end end < run.period_start as is_caught_up
    from run
    cross join (
      select * from line where period_start is not null or service_id is null
      union all
      select invoice_id, min(group_id), service_id, sum(line_amount), 0, 0, null, null, count(*)::int
      from line where period_start is null and service_id is not null group by invoice_id, service_id) as l
    left join customers.service as s on s.company_id = :company and s.service_id = l.service_id
    left join customers.service_billing as b on b.company_id = :company and b.service_id = l.service_id
  ),
  compared as (
    select p.*, coalesce(b.line_amount, u.amount) as before_amount,
           p.unit_price / ((p.period_end - p.period_start + 1)::numeric / (wp.last - wp.first)) as full_price,
           b.unit_price / ((b.period_end - b.period_start + 1)::numeric / (wb.last - wb.first)) as full_price_before,
           (p.period_end - p.period_start + 1)::numeric / (wp.last - wp.first) as share
    from present as p
    left join lateral (
      select sum(o.line_amount) as amount from billing.invoice_line as o
      where p.period_start is null and o.company_id = :company and o.service_id = p.service_id and o.period_start is null and o.line_amount > 0
        and o.invoice_id = (
          select oi.invoice_id from billing.invoice_line as ol
          join billing.invoice as oi on oi.company_id = :company and oi.invoice_id = ol.invoice_id
          where ol.company_id = :company and ol.service_id = p.service_id and ol.period_start is null and ol.line_amount > 0
            and oi.state = 'issued' and oi.invoice_id < p.invoice_id and oi.document_on > p.document_on - make_interval(months => p.step + 1)
          order by oi.document_on desc, oi.invoice_id desc limit 1)) as u on true
    left join lateral (
      select o.line_amount, o.unit_price, o.period_start, o.period_end
      from billing.invoice_line as o
      where o.company_id = :company and o.service_id = p.service_id and o.invoice_id <> p.invoice_id
        and (select oi.state from billing.invoice as oi where oi.company_id = :company and oi.invoice_id = o.invoice_id) = 'issued'
        and o.period_start >= p.period_start - make_interval(months => p.step)
        and o.period_start < p.period_start - make_interval(months => p.step - p.frequency_months)
      order by o.period_start desc limit 1) as b on true
    left join lateral (
      select f.first, (f.first + make_interval(months => p.frequency_months))::date as last
      from (select base.period_start(p.period_start, p.frequency_months, p.anchor_month) as first) as f) as wp on true
    left join lateral (
      select f.first, (f.first + make_interval(months => p.frequency_months))::date as last
      from (select base.period_start(b.period_start, p.frequency_months, p.anchor_month) as first) as f) as wb on true
  ),
  judged as (
    select *, case when abs(full_price - full_price_before) > 0.02
                   then round((full_price - full_price_before) * quantity * share, 2) else 0 end as price_effect
    from compared
  ),
  of_group as (
    select invoice_id, group_id, sum(many) as line_count, sum(line_amount) as net_amount, coalesce(sum(before_amount), 0) as before_amount,
           coalesce(sum(line_amount) filter (where before_amount is null and line_amount > 0), 0) as new_effect,
           coalesce(sum(price_effect), 0) as price_effect, bool_or(before_amount is null and line_amount > 0) as is_new,
           bool_or(price_effect <> 0) as is_price_changed, bool_or(coalesce(is_caught_up, false)) as is_caught_up,
           bool_and(before_amount is null) and coalesce(min(first_billed_on) >= min(period_start), true) as is_first
    from judged group by invoice_id, group_id
  ),
  ended as (
    select case coalesce(nullif(k.invoice_grouping, ''), run.grouping) when 'order' then 8 * (
             select min(o.contract_id) from customers.contract as o where o.company_id = :company
               and {_ORDER} = {_ORDER.replace("o.", "c.")}) + 3
             else billing.group_key(coalesce(nullif(k.invoice_grouping, ''), run.grouping), c.customer_id, c.contract_id, s.site_id) end as group_id,
           min(c.customer_id) as customer_id, sum(o.line_amount) as amount
    from run
    join customers.service as s on s.company_id = :company
    join customers.contract as c on c.company_id = :company and c.contract_id = s.contract_id
    join customers.customer as k on k.company_id = :company and k.customer_id = c.customer_id
    cross join lateral (select greatest(s.frequency_months, run.months) as step) as g
    join billing.invoice_line as o on o.company_id = :company and o.service_id = s.service_id
      and o.period_start >= run.period_start - make_interval(months => g.step + s.frequency_months) and o.period_start < run.period_start
    join billing.invoice as oi on oi.company_id = :company and oi.invoice_id = o.invoice_id and oi.state = 'issued'
      and oi.billing_run_id is distinct from run.billing_run_id
    cross join lateral (
      select (base.period_start(o.period_start, s.frequency_months, s.anchor_month)
              + make_interval(months => g.step + case when s.is_in_advance then 0 else s.frequency_months end))::date
             - case when s.is_in_advance then 0 else 1 end as again_on) as w
    where (s.is_suspended or c.state <> 'active' or k.state not in ('active', 'terminating')
           or least(s.ends_on, c.ends_on) < (base.period_start(o.period_start, s.frequency_months, s.anchor_month)
                                             + make_interval(months => g.step))::date)
      and w.again_on between run.period_start and run.period_end
      and not exists (select from present as p where p.service_id = s.service_id)
    group by 1
  ),
  document as (
    select :company as company_id, coalesce(g.invoice_id, -e.group_id) as row_id, g.invoice_id, coalesce(g.group_id, e.group_id) as group_id,
           coalesce(i.customer_id, e.customer_id) as party_id, i.contract_id as own_contract_id,
           coalesce(g.line_count, 0)::int as line_count, coalesce(g.net_amount, 0) as net_amount,
           coalesce(g.before_amount, 0) + coalesce(e.amount, 0) as before_amount, coalesce(g.new_effect, 0) as new_effect,
           coalesce(g.price_effect, 0) as price_effect, -coalesce(e.amount, 0) as ended_effect,
           coalesce(g.is_new, false) as is_new, e.amount is not null as is_ended, coalesce(g.is_price_changed, false) as is_price_changed,
           coalesce(g.is_first, false) as is_first, coalesce(g.is_caught_up, false) as is_caught_up,
           coalesce(i.is_excluded, false) as is_excluded, coalesce(i.exclusion_reason, '') as reason
    from of_group as g
    full join ended as e on e.group_id = g.group_id
    left join billing.invoice as i on i.company_id = :company and i.invoice_id = g.invoice_id
  )
  select d.company_id, d.row_id, d.invoice_id, p.name as customer, p.search_key as customer_key, k.code as customer_code,
         case d.group_id % 8 when 2 then coalesce(t.name, '') when 3 then coalesce(nullif(c.cig_code, ''), nullif(c.order_reference, ''), c.number)
                             else coalesce(c.number, '') end as contract,
         d.line_count, d.before_amount, d.net_amount, d.net_amount - d.before_amount as difference,
         case when d.before_amount <> 0 then round(100 * (d.net_amount - d.before_amount) / abs(d.before_amount), 1) end as percent,
         d.is_new, d.is_ended, d.is_price_changed, d.is_first, d.is_caught_up, d.is_excluded, d.reason, billing.is_blocking(d.reason) as is_blocked,
         d.before_amount <> 0 and abs(d.net_amount - d.before_amount) > run.threshold * abs(d.before_amount) as is_beyond,
         d.new_effect, d.ended_effect, d.price_effect,
         d.net_amount - d.before_amount - d.new_effect - d.ended_effect - d.price_effect as other_effect,
         case when d.is_excluded then -d.net_amount else 0 end as excluded_effect,
         case when d.is_excluded then 0 else d.net_amount end as included_amount
  from document as d
  cross join run
  join registry.party as p on p.company_id = :company and p.party_id = d.party_id
  join customers.customer as k on k.company_id = :company and k.customer_id = d.party_id
  left join customers.contract as c on c.company_id = :company
    and c.contract_id = case when d.group_id % 8 in (1, 3, 4) then d.group_id / 8 else d.own_contract_id end
  left join customers.site as t on t.company_id = :company and t.site_id = case d.group_id % 8 when 2 then d.group_id / 8 end
"""  # noqa: S608 — only constants of this file are put in

_MONEY, _FLAG = sa.Numeric(14, 2), sa.Boolean
COMPARISON_COLUMNS: dict[str, Any] = {
    "company_id": sa.Integer, "row_id": sa.BigInteger, "invoice_id": sa.BigInteger, "customer": sa.Text, "customer_key": sa.Text,
    "customer_code": sa.Text, "contract": sa.Text, "line_count": sa.Integer, "before_amount": _MONEY, "net_amount": _MONEY,
    "difference": _MONEY, "percent": sa.Numeric, "is_new": _FLAG, "is_ended": _FLAG, "is_price_changed": _FLAG, "is_excluded": _FLAG,
    "is_first": _FLAG, "is_caught_up": _FLAG,
    "reason": sa.Text, "is_blocked": _FLAG, "is_beyond": _FLAG,
}  # fmt: skip


@contextmanager
def joined_by_set(unit: UnitOfWork) -> Iterator[None]:
    """Inside, joins are made by hash: right after a first large run the server has no statistics yet and would loop over rows."""
    unit.rows(sa.text("select set_config('enable_nestloop', 'off', true)"))
    yield
    unit.rows(sa.text("select set_config('enable_nestloop', 'on', true)"))
