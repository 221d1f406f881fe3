"""Contracts of a demonstration company in full: types of service, terms and clauses, hourly lines, pauses, a tariff change of this year."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan


def add_contract_details(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """After the customers are there and before anything is billed. A handful of statements, whatever their number."""
    values = {"company": plan.company_id, "seed": plan.seed, "today": plan.today, "tariff_on": plan.today.replace(month=1, day=1)}
    with connection.cursor() as cursor:
        for statement in (_TYPES, _TYPE_OF_LINE, _HEADS, _HOURLY, _BANDS, _PAUSES, _RUN, _RUN_LINES, _RUN_PRICES, _RUN_SUMS):
            cursor.execute(statement, values)
        cursor.execute("select customers.apply_prices(%(company)s)", values)


_TYPES: LiteralString = """
insert into customers.service_type (company_id, code, description, kind, unit, list_price, vat_code_id)
select %(company)s, 'S' || to_char(row_number() over (order by min(s.service_id)), 'FM00'), name, 'recurring', 'mese',
       percentile_disc(0.04) within group (order by s.monthly_price), min(s.vat_code_id)
from customers.service as s cross join lateral (select btrim(regexp_replace(s.description, '[0-9]+', '')) as name) as n
where s.company_id = %(company)s
group by name
union all
select %(company)s, code, description, kind, unit, price, (select vat_code_id from base.vat_code where company_id = %(company)s and code = '22')
from (values ('PIA', 'Piantonamento', 'hourly', 'ora', 21.50), ('INT', 'Intervento su allarme', 'interventions', 'intervento', 35.00),
             ('PAS', 'Passaggi a richiesta', 'passages', 'passaggio', 4.50), ('INS', 'Installazione e attivazione', 'one_off', '', 280.00))
  as v(code, description, kind, unit, price)
"""
_TYPE_OF_LINE: LiteralString = """
update customers.service as s set service_type_id = t.service_type_id, row_version = s.row_version + 1,
  pro_rata = (array['actual', 'actual', 'actual', 'thirtieths', 'whole_months'])[1 + pg_temp.pick(s.contract_id, 201, %(seed)s, 5)]
from customers.service_type as t
where s.company_id = %(company)s and t.company_id = %(company)s and t.description = btrim(regexp_replace(s.description, '[0-9]+', ''))
"""
_HEADS: LiteralString = """
update customers.contract as c
set profile = case p.kind when 'person' then 'consumer' else 'business' end, signed_on = c.starts_on - 3 - pg_temp.pick(c.contract_id, 211, %(seed)s, 25),
  duration_months = case when c.ends_on is null and d.kind > 0 then (array[12, 12, 24, 36])[1 + pg_temp.pick(c.contract_id, 212, %(seed)s, 4)] end,
  renewal_months = case when c.ends_on is null and d.kind > 2 then 12 end,
  notice_count = (array[30, 60, 90, 3])[1 + d.notice], notice_unit = case d.notice when 3 then 'months' else 'days' end,
  notice_channel = (array['registered', 'pec', 'any'])[1 + pg_temp.pick(c.contract_id, 214, %(seed)s, 3)],
  deposit_amount = case when d.kind = 7 then 250 + 50 * pg_temp.pick(c.contract_id, 215, %(seed)s, 10) else 0 end,
  deposit_received_on = case when d.kind = 7 then c.starts_on end,
  is_indexed = d.clause < 62, index_share = case when d.clause < 40 then 75 else 100 end,
  index_base_on = case when d.clause between 2 and 61 then make_date(2025, extract(month from c.starts_on)::int, 1) end,
  index_month = case when d.clause < 62 then extract(month from c.starts_on)::int end,
  index_cap = case when d.clause < 20 then 3 end, row_version = c.row_version + 1
from registry.party as p,
     lateral (select pg_temp.pick(p.party_id, 216, %(seed)s, 24) as kind, pg_temp.pick(p.party_id, 213, %(seed)s, 4) as notice,
                     pg_temp.pick(p.party_id, 217, %(seed)s, 100) as clause) as d
where c.company_id = %(company)s and p.company_id = %(company)s and p.party_id = c.customer_id
"""
_HOURLY: LiteralString = """
insert into customers.service (company_id, contract_id, description, quantity, monthly_price, vat_code_id, frequency_months, starts_on,
  service_type_id, kind, unit_price, minimum_quantity, free_quota)
select c.company_id, c.contract_id, t.description, 1, 0, t.vat_code_id, 1, c.starts_on, t.service_type_id, t.kind,
  t.list_price + pg_temp.pick(c.contract_id, 221, %(seed)s, 5) - 1, case t.kind when 'hourly' then 4 end, case t.kind when 'interventions' then 2 end
from customers.contract as c
join customers.service_type as t on t.company_id = c.company_id and t.kind in ('hourly', 'interventions')
where c.company_id = %(company)s and pg_temp.pick(c.contract_id, 222, %(seed)s, 20) = case t.kind when 'hourly' then 0 else 1 end
"""
_BANDS: LiteralString = """
insert into customers.service_price (company_id, service_id, band, valid_from, price, origin)
select s.company_id, s.service_id, b.band, s.starts_on, round(s.unit_price * b.factor, 2), 'initial'
from customers.service as s cross join (values ('night', 1.25), ('holiday', 1.45), ('overtime', 1.30)) as b(band, factor)
where s.company_id = %(company)s and s.kind = 'hourly'
"""
_PAUSES: LiteralString = """
insert into customers.service_suspension (company_id, service_id, starts_on, ends_on, reason, is_yearly)
select s.company_id, s.service_id, case when g.draw < 3 then make_date(2024, 8, 1) else %(today)s::date - 40 end,
  case when g.draw < 3 then make_date(2024, 8, 31) end, case when g.draw < 3 then 'chiusura estiva' else 'lavori in corso nella sede' end, g.draw < 3
from customers.service as s cross join lateral (select pg_temp.pick(s.service_id, 231, %(seed)s, 250) as draw) as g
where s.company_id = %(company)s and s.kind = 'recurring' and g.draw < 4
"""
_RUN: LiteralString = """
insert into customers.price_run (company_id, number, title, kind, state, effective_on, parameters, confirmed_at, created_at,
  confirmed_by, created_by)
select %(company)s, 'P-' || extract(year from %(tariff_on)s::date) || '/0001', 'Listino ' || extract(year from %(tariff_on)s::date) || ', +2,50%%',
  'tariff', 'confirmed', %(tariff_on)s, '{"percent": "2.5", "step": "0.10"}', %(tariff_on)s::timestamptz - interval '30 days',
  %(tariff_on)s::timestamptz - interval '31 days', clerk, clerk
from (select min(person_id) as clerk from base.permission where company_id = %(company)s and function = 'customers.reprice') as t
"""
_RUN_LINES: LiteralString = """
insert into customers.price_run_line (company_id, price_run_id, service_id, contract_id, customer_id, quantity, old_price, new_price, percent, valid_from, reason)
select s.company_id, r.price_run_id, s.service_id, s.contract_id, c.customer_id, s.quantity, s.monthly_price,
  customers.adjusted_price(s.monthly_price, 2.5, 0, 0.10), 2.5, r.effective_on,
  case when pg_temp.pick(c.customer_id, 241, %(seed)s, 30) = 0 then 'prezzo concordato' else '' end
from customers.service as s
join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
join customers.price_run as r on r.company_id = s.company_id
where s.company_id = %(company)s and s.kind = 'recurring' and s.starts_on < r.effective_on - 180 and coalesce(c.ends_on, 'infinity') >= r.effective_on
  and pg_temp.pick(c.customer_id, 242, %(seed)s, 3) = 0
order by s.service_id
"""
_RUN_PRICES: LiteralString = """
insert into customers.service_price (company_id, service_id, valid_from, price, origin, price_run_id)
select company_id, service_id, valid_from, new_price, 'run', price_run_id from customers.price_run_line
where company_id = %(company)s and reason = '' order by service_id
"""
_RUN_SUMS: LiteralString = """
select customers.sum_price_run(%(company)s, price_run_id), base.next_internal_number(%(company)s, 'customers.price_run', extract(year from effective_on)::int)
from customers.price_run where company_id = %(company)s
"""
