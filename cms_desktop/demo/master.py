"""Master data of the demonstration's customers: sites, plants, keys, mandates, agents, fiscal and administrative conditions."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan

AGENTS = ("Agenzia Ferrero S.a.s.", "Gallo Rappresentanze S.r.l.", "Rinaldi & Costa S.n.c.", "Agenzia Nord S.r.l.")
COLLECTORS = ("Esazioni Bruno S.a.s.", "Marchetti Incassi S.r.l.")
FILLED = (
    "customers.site", "customers.plant", "customers.held_key", "customers.mandate", "customers.appointment", "customers.intent_letter",
    "customers.life_cycle_event",
)  # fmt: skip


def add_master_data(connection: psycopg.Connection[Any], plan: Plan, clerk: int) -> None:
    """What hangs on the customers of one company; a handful of statements, whatever their number."""
    values = {
        "company": plan.company_id, "seed": plan.seed, "today": plan.today, "month": plan.month, "clerk": clerk, "agents": list(AGENTS),
        "collectors": list(COLLECTORS), "letters": "AR" if plan.first == 1 else "SM",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (
            _FISCAL,
            _STATES,
            _AUTHORS,
            _SITES,
            _PLACES,
            _PLANTS,
            _KEYS,
            _MANDATES,
            _PARTNERS,
            _APPOINTMENTS,
            _LETTERS,
            _COUNTERS,
        ):
            cursor.execute(statement, values)


_FISCAL: LiteralString = """
update customers.customer as k set row_version = k.row_version + 1,
  is_withholding = p.kind = 'condominium', withholding_kind = case when p.kind = 'condominium' then 'RT02' else '' end,
  withholding_reason = case when p.kind = 'condominium' then 'W' else '' end, withholding_rate = case when p.kind = 'condominium' then 4 else 0 end,
  ipa_code = case when p.kind = 'public_body' then 'C_' || left(upper(md5(p.party_id::text)), 4) else '' end,
  administration_reference = case when p.kind = 'public_body' then 'SERV-' || p.party_id %% 90 + 10 else '' end,
  skipped_months = case when p.kind = 'company' and pg_temp.pick(p.party_id, 71, %(seed)s, 100) < 12 then '{8}'::int[]
                        when p.kind = 'company' and pg_temp.pick(p.party_id, 71, %(seed)s, 100) < 18 then '{8,12}' else '{}' end,
  riba_fee_policy = case when t.method = 'MP12' then (array['effect', 'effect', 'invoice', 'due_month', 'invoice_month', 'due_in_invoice_month', 'none'])
                         [1 + pg_temp.pick(p.party_id, 72, %(seed)s, 7)] else 'none' end,
  riba_fee_amount = case when t.method = 'MP12' and pg_temp.pick(p.party_id, 73, %(seed)s, 10) < 2 then 3.50 end,
  credit_limit_amount = case when p.kind in ('company', 'sole_trader') and pg_temp.pick(p.party_id, 74, %(seed)s, 10) < 4
                             then (1 + pg_temp.pick(p.party_id, 75, %(seed)s, 20)) * 500 end,
  dunning_class = case p.kind when 'public_body' then 'gentle' when 'condominium' then 'gentle' else 'standard' end,
  invoice_delivery = case when p.kind in ('person', 'condominium') then 'mail' else 'none' end,
  invoice_grouping = case when pg_temp.pick(p.party_id, 76, %(seed)s, 20) = 0 then 'site' else '' end
from registry.party as p, base.payment_term as t
where k.company_id = %(company)s and (p.company_id, p.party_id) = (k.company_id, k.customer_id)
  and t.company_id = k.company_id and t.payment_term_id = k.payment_term_id
"""

_STATES: LiteralString = """
update customers.customer set row_version = row_version + 1, state = 'terminating', state_on = %(today)s::date - customer_id::int %% 40,
  state_reason = (array['Disdetta per raccomandata', 'Disdetta per PEC', 'Passa a un altro istituto', 'Chiude l''attività'])[1 + customer_id %% 4]
where company_id = %(company)s and state = 'active' and pg_temp.pick(customer_id, 77, %(seed)s, 1000) < 12
"""

_AUTHORS: LiteralString = """
update customers.life_cycle_event set created_by = %(clerk)s where company_id = %(company)s and created_by is null
"""

_SITES: LiteralString = """
insert into customers.site (company_id, customer_id, code, name, street, street_number, postal_code, town, istat_code, province_code, phone,
  instructions)
select %(company)s, party_id, 'S' || to_char(row_number() over (order by party_id, part), 'FM000000'),
  case when part = 1 then case kind when 'person' then 'Abitazione' when 'condominium' then 'Parti comuni' when 'public_body' then 'Sede principale'
    when 'sole_trader' then 'Negozio' else 'Sede' end
  else (array['Magazzino', 'Deposito', 'Filiale', 'Cantiere', 'Archivio'])[1 + pg_temp.pick(party_id, 81, %(seed)s, 5)] || ' ' || town end,
  street, case when part = 1 then street_number else (street_number::int + part * 6)::text end, postal_code, town, istat_code, province_code,
  case when part = 1 then phone else '' end,
  case pg_temp.pick(party_id * 3 + part, 82, %(seed)s, 6)
    when 0 then 'Ingresso dal cortile, cancello con telecomando. Cane nel giardino la notte.'
    when 1 then 'Suonare al custode. Quadro elettrico a destra della porta.' when 2 then 'Controllare il retro e la porta tagliafuoco.'
    else '' end
from (
  select p.*, part from registry.party as p
  join customers.customer as k on k.company_id = p.company_id and k.customer_id = p.party_id and k.state <> 'prospect'
  cross join lateral generate_series(1, case when p.kind in ('company', 'public_body') and pg_temp.pick(p.party_id, 83, %(seed)s, 100) < 30
                                             then 2 + pg_temp.pick(p.party_id, 84, %(seed)s, 3) else 1 end) as part
  where p.company_id = %(company)s and p.street <> ''
) as t
order by party_id, part
"""

# services are rendered at the sites of their customer in turn; a few are left without, as in every real archive
_PLACES: LiteralString = """
update customers.service as s set site_id = placed.site_id, row_version = s.row_version + 1
from (
  select v.service_id, t.sites[1 + v.place %% cardinality(t.sites)] as site_id
  from (select s.service_id, c.customer_id, row_number() over (partition by c.customer_id order by s.service_id) - 1 as place
        from customers.service as s join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
        where s.company_id = %(company)s) as v
  join (select customer_id, array_agg(site_id order by site_id) as sites from customers.site where company_id = %(company)s group by 1) as t
    on t.customer_id = v.customer_id and t.customer_id %% 25 <> 0
) as placed
where s.company_id = %(company)s and s.service_id = placed.service_id
"""

_PLANTS: LiteralString = """
insert into customers.plant (company_id, site_id, code, kind, description, maker, installed_on)
select %(company)s, site_id, %(letters)s || to_char(row_number() over (order by site_id, part), 'FM0000000'),
  (array['intrusion', 'intrusion', 'video', 'hold_up', 'fire', 'technical'])[kind_no],
  (array['Volumetrici e contatti', 'Perimetrale esterno', 'Telecamere con registrazione', 'Pulsanti antirapina', 'Rilevatori di fumo', 'Cella frigorifera'])[kind_no],
  (array['Bentel Absoluta', 'Tecnoalarm EV', 'Hikvision DVR', 'Paradox MG', 'Notifier AM', 'Elkron MP'])[kind_no],
  greatest(k.since_on, date '2015-01-01')
from (
  select s.*, part, case part when 1 then 1 else 1 + pg_temp.pick(s.site_id * 5 + part, 85, %(seed)s, 6) end as kind_no
  from customers.site as s
  cross join lateral generate_series(1, 1 + (pg_temp.pick(s.site_id, 86, %(seed)s, 100) < 25)::int) as part
  where s.company_id = %(company)s and pg_temp.pick(s.site_id, 87, %(seed)s, 100) < 82
) as t
join customers.customer as k on k.company_id = t.company_id and k.customer_id = t.customer_id
order by site_id, part
"""

_KEYS: LiteralString = """
insert into customers.held_key (company_id, site_id, number, description, piece_count, seal, kept_at, received_on, received_from, is_receipt_signed)
select %(company)s, s.site_id, 'K' || to_char(row_number() over (order by s.site_id), 'FM00000'),
  (array['Ingresso e cancello', 'Portone', 'Ingresso, magazzino e quadro allarme', 'Cancello carraio'])[1 + s.site_id %% 4], 1 + s.site_id %% 4,
  'B' || to_char(40000 + s.site_id * 7 %% 50000, 'FM00000'), 'Bacheca ' || 1 + s.site_id %% 6 || ', gancio ' || 1 + s.site_id %% 80,
  greatest(k.since_on, date '2015-01-01'), '', s.site_id %% 9 <> 0
from customers.site as s
join customers.customer as k on k.company_id = s.company_id and k.customer_id = s.customer_id
where s.company_id = %(company)s and pg_temp.pick(s.site_id, 88, %(seed)s, 100) < 28
order by s.site_id
"""

_MANDATES: LiteralString = """
insert into customers.mandate (company_id, customer_id, reference, scheme, iban, signed_on, state, sequence_state, last_collected_on, state_on)
select %(company)s, k.customer_id, 'SDD-' || to_char(row_number() over (order by k.customer_id), 'FM000000'),
  case when p.kind in ('company', 'public_body') and k.customer_id %% 3 = 0 then 'B2B' else 'CORE' end, k.iban, k.since_on,
  case when k.customer_id %% 41 = 0 then 'suspended' else 'active' end, case when k.since_on < %(month)s::date - 40 then 'RCUR' else 'FRST' end,
  case when k.since_on < %(month)s::date - 40 then case when k.customer_id %% 53 = 0 then %(month)s::date - 1200 else %(month)s::date - 3 end end, k.since_on
from customers.customer as k
join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
join base.payment_term as t on t.company_id = k.company_id and t.payment_term_id = k.payment_term_id and t.method = 'MP19'
where k.company_id = %(company)s and k.iban <> ''
order by k.customer_id
"""

_PARTNERS: LiteralString = """
insert into registry.party (company_id, kind, name, vat_number, tax_code, street, street_number, postal_code, town, istat_code, province_code, phone)
select %(company)s, 'company', n.name, code, code, p.street, p.street_number, p.postal_code, p.town, p.istat_code, p.province_code, p.phone
from unnest(%(agents)s::text[] || %(collectors)s::text[]) with ordinality as n(name, place)
cross join lateral pg_temp.with_check_digit('0' || to_char(990000 + %(company)s * 100 + n.place, 'FM000000') || '001') as code
join (select *, row_number() over (order by party_id) as place from registry.party where company_id = %(company)s and street <> '') as p
  on p.place = n.place
"""

_APPOINTMENTS: LiteralString = """
with agent as (select party_id, row_number() over (order by party_id) - 1 as place, count(*) over () as many from registry.party
               where company_id = %(company)s and name = any (%(agents)s)),
collector as (select party_id, row_number() over (order by party_id) - 1 as place, count(*) over () as many from registry.party
              where company_id = %(company)s and name = any (%(collectors)s))
insert into customers.appointment (company_id, customer_id, role, party_id, share, starts_on)
select %(company)s, k.customer_id, 'agent', a.party_id, 100, k.since_on
from customers.customer as k join agent as a on a.place = pg_temp.pick(k.customer_id, 91, %(seed)s, a.many::int)
where k.company_id = %(company)s and pg_temp.pick(k.customer_id, 92, %(seed)s, 100) < 60
union all
select %(company)s, k.customer_id, 'collector', c.party_id, 100, k.since_on
from customers.customer as k
join base.payment_term as t on t.company_id = k.company_id and t.payment_term_id = k.payment_term_id and t.code = 'ES'
join collector as c on c.place = pg_temp.pick(k.customer_id, 93, %(seed)s, c.many::int)
where k.company_id = %(company)s
"""

_LETTERS: LiteralString = """
insert into customers.intent_letter (company_id, customer_id, number, issued_on, protocol, plafond_amount, valid_from, valid_to, vat_code_id)
select %(company)s, k.customer_id, (1 + k.customer_id %% 7)::text || '/' || extract(year from %(today)s::date),
  date_trunc('year', %(today)s::timestamp)::date + 7, to_char(%(today)s::date, 'YY') || '0108' || to_char(10000000000 + k.customer_id, 'FM00000000000') || '-000001',
  (10 + k.customer_id %% 40) * 1000, date_trunc('year', %(today)s::timestamp)::date + 7, (date_trunc('year', %(today)s::timestamp) + interval '1 year')::date - 1,
  (select vat_code_id from base.vat_code where company_id = %(company)s and code = 'N3.5')
from customers.customer as k join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id and p.kind = 'company'
where k.company_id = %(company)s and pg_temp.pick(k.customer_id, 94, %(seed)s, 100) < 4
order by k.customer_id
"""

_COUNTERS: LiteralString = """
insert into base.counter (company_id, name, year, last_number)
select %(company)s, t.* from (values
  ('customers.site', 0, (select count(*) from customers.site where company_id = %(company)s)),
  ('customers.key', 0, (select count(*) from customers.held_key where company_id = %(company)s)),
  ('customers.mandate', 0, (select count(*) from customers.mandate where company_id = %(company)s))) as t where t.column3 > 0
"""
