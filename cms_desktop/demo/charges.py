"""What the demonstration companies charge by use: three months of hours and interventions, and templates of their runs."""

from __future__ import annotations

import datetime
from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan

MONTHS = 3  # of items before today


def add_templates(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """The runs an institute makes: monthly fees, quarterly fees by site, what was done by use."""
    connection.execute(_TEMPLATES, {"company": plan.company_id})


def add_items(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Shifts and interventions of the last months up to today; the runs of the history bill those of their time."""
    first = plan.month
    for _ in range(MONTHS):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    place = {"company": plan.company_id, "seed": plan.seed, "first": max(first, plan.since), "last": plan.today}
    connection.execute(_SHIFTS, place)
    connection.execute(_INTERVENTIONS, place)


def void_some(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """A few false alarms among what is still to bill."""
    connection.execute(_VOID, {"company": plan.company_id, "seed": plan.seed})


_TEMPLATES: LiteralString = """
insert into billing.run_template (company_id, name, title, months, document_day, document_series_id, grouping, parameters)
select %(company)s, t.name, t.title, t.months, t.day, s.document_series_id, t.grouping, t.parameters::jsonb
from base.document_series as s
cross join (values ('Canoni anticipati mensili', 'Canoni {mese}', 1, 'start', 'contract', '{"kinds": ["recurring"]}'),
                   ('Canoni trimestrali per sede', 'Canoni {mese}', 3, 'start', 'site', '{"kinds": ["recurring"], "threshold": 10}'),
                   ('Prestazioni del mese', 'Prestazioni {mese}', 1, 'end', 'contract', '{"kinds": ["hourly", "passages", "interventions"]}'),
                   ('Una tantum', 'Una tantum {mese}', 1, 'today', 'customer', '{"one_off": "only"}'))
  as t(name, title, months, day, grouping, parameters)
where s.company_id = %(company)s and s.code = 'V'"""
_SHIFTS: LiteralString = """
insert into billing.chargeable_item (company_id, kind, service_id, on_date, starts_at, ends_at, quantity, source, source_id, created_by)
select %(company)s, 'hourly', s.service_id, d.day, m.starts, m.starts + h.length, extract(epoch from h.length) / 3600, 'operations_room',
       'T-' || s.service_id || '-' || to_char(d.day, 'YYMMDD'), null
from customers.service as s
cross join lateral (select g::date as day from generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') as g
                    where pg_temp.pick(s.service_id, extract(doy from g)::int, %(seed)s, 5) = 0) as d
cross join lateral (select make_interval(hours => 6 + pg_temp.pick(s.service_id, extract(doy from d.day)::int + 400, %(seed)s, 7)) as length) as h
cross join lateral (select (d.day + make_interval(hours => 14 + pg_temp.pick(s.service_id, 401, %(seed)s, 9))) at time zone 'Europe/Rome' as starts) as m
where s.company_id = %(company)s and s.kind = 'hourly' and d.day between s.starts_on and coalesce(s.ends_on, 'infinity')"""
_INTERVENTIONS: LiteralString = """
insert into billing.chargeable_item (company_id, kind, service_id, on_date, quantity, description, source, source_id, created_by)
select %(company)s, 'intervention', s.service_id, d.day, 1,
       (array['Allarme da sensore perimetrale', 'Mancato inserimento', 'Assenza rete elettrica', 'Porta trovata aperta'])[
         1 + pg_temp.pick(s.service_id, extract(doy from d.day)::int + 800, %(seed)s, 4)],
       'operations_room', 'I-' || s.service_id || '-' || to_char(d.day, 'YYMMDD'), null
from customers.service as s
cross join lateral (select g::date as day from generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') as g
                    where pg_temp.pick(s.service_id, extract(doy from g)::int + 900, %(seed)s, 20) = 0) as d
where s.company_id = %(company)s and s.kind = 'interventions' and d.day between s.starts_on and coalesce(s.ends_on, 'infinity')"""
_VOID: LiteralString = """
update billing.chargeable_item set voided_at = now(), void_reason = 'falso allarme', row_version = row_version + 1
where company_id = %(company)s and kind = 'intervention' and invoice_id is null and pg_temp.pick(chargeable_item_id, 999, %(seed)s, 6) = 0"""
