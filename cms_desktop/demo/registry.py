"""Rubrica, suppliers, prospects, classification, refusals and a few twins of one company: a handful of statements, whatever their number."""

from __future__ import annotations

from typing import LiteralString

import psycopg

from cms_desktop.demo import words
from cms_desktop.demo.customers import Plan

SECTORS = ("Banche", "Oreficerie", "Grande distribuzione", "Logistica", "Enti pubblici", "Condomini", "Sanità", "Privati")
ZONES = ("Centro", "Cintura", "Provincia", "Fuori regione")
SOURCES = ("Passaparola", "Gara", "Fiera", "Sito web", "Segnalazione di agente")


def add_registry(connection: psycopg.Connection, plan: Plan) -> None:
    """Needs the customers of the plan. The functions pg_temp.pick and pg_temp.one_of must be there."""
    values = {
        "company": plan.company_id, "seed": plan.seed, "today": plan.today, "since": plan.since, "province": plan.company.province,
        "city": plan.company.city, "surnames": list(words.SURNAMES), "people": [*words.MEN, *words.WOMEN], "trades": list(words.TRADES),
        "forms": list(words.FORMS), "streets": list(words.STREETS), "suppliers": max(6, plan.customers // 9), "prospects": max(4, plan.customers // 14),
        "sectors": list(SECTORS), "zones": list(ZONES), "sources": list(SOURCES),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_FIELDS, _VALUES, _OTHERS, _ROLES, _CLASSES, _PEOPLE, _REFUSALS, _DOUBLES, _TWINS):
            cursor.execute(statement, values)


_FIELDS: LiteralString = """
insert into registry.classification (company_id, position, name) values (%(company)s, 1, 'Settore'), (%(company)s, 2, 'Zona'), (%(company)s, 3, 'Provenienza')
"""
_VALUES: LiteralString = """
insert into registry.classification_value (company_id, position, name, sort_order)
select %(company)s, field.position, one.name, one.place
from (values (1, %(sectors)s::text[]), (2, %(zones)s::text[]), (3, %(sources)s::text[])) as field (position, names)
cross join lateral unnest(field.names) with ordinality as one (name, place)
"""

_OTHERS: LiteralString = """
with town as materialized (
  select t.istat_code, t.name, t.province_code, row_number() over (order by t.istat_code) - 1 as place,
    (select min(postal_code) from base.postal_code as c where c.istat_code = t.istat_code) as cap
  from (select * from base.town where province_code = %(province)s and valid_to is null order by istat_code limit 30) as t
)
insert into registry.party (company_id, kind, name, vat_number, tax_code, street, street_number, postal_code, town, istat_code, province_code, phone,
  email, pec, created_at)
select %(company)s, 'company', fresh.name, number, number, pg_temp.one_of(%(streets)s::text[], g, 63, %(seed)s), (1 + pg_temp.pick(g, 64, %(seed)s, 140))::text,
  town.cap, town.name, town.istat_code, town.province_code, '0' || (121 + pg_temp.pick(g, 65, %(seed)s, 60))::text || ' 77' || to_char(g, 'FM00000'),
  'info@fornitore' || g || '.example', 'fornitore' || g || '@pec.example',
  %(today)s::date - pg_temp.pick(g, 66, %(seed)s, 700) + time '10:00'
from (
  select g, pg_temp.one_of(%(trades)s::text[], g, 61, %(seed)s) || ' ' || (%(surnames)s::text[])[1 + pg_temp.pick(g, 62, %(seed)s, cardinality(%(surnames)s::text[]))]
      || ' ' || pg_temp.one_of(%(forms)s::text[], g, 60, %(seed)s) as name,
    pg_temp.with_check_digit('0' || to_char(100000 + (g * 48611 + %(seed)s * 31) %% 899981, 'FM000000') || '100') as number
  from generate_series(1::bigint, %(suppliers)s::bigint + %(prospects)s) as g
) as fresh
join town on town.place = pg_temp.pick(fresh.g, 67, %(seed)s, 30)
"""

_ROLES: LiteralString = """
insert into registry.party_role (company_id, party_id, role, since_on, search_key)
select %(company)s, party_id, case when place <= %(suppliers)s then 'supplier' else 'prospect' end, created_on, search_key
from (select p.*, row_number() over (order by party_id) as place from registry.party as p
      where company_id = %(company)s and not exists (select from registry.party_role as r where r.company_id = p.company_id and r.party_id = p.party_id)) as fresh
union all
select %(company)s, party_id, 'supplier', created_on, search_key from registry.party
where company_id = %(company)s and kind = 'company' and party_id %% 41 = 0
  and exists (select from customers.customer where company_id = %(company)s and customer_id = party_id)
"""

_CLASSES: LiteralString = """
update registry.party as p set row_version = row_version + 1,
  class_1 = (select classification_value_id from registry.classification_value as v where v.company_id = p.company_id and v.position = 1 and v.name =
    case p.kind when 'public_body' then 'Enti pubblici' when 'condominium' then 'Condomini' when 'person' then 'Privati'
                else (%(sectors)s::text[])[1 + pg_temp.pick(p.party_id, 71, %(seed)s, 4)] end),
  class_2 = (select classification_value_id from registry.classification_value as v where v.company_id = p.company_id and v.position = 2 and v.name =
    case when p.town = %(city)s then 'Centro' when p.province_code = %(province)s then 'Cintura' else 'Fuori regione' end),
  class_3 = case when p.party_id %% 3 = 0 then (select classification_value_id from registry.classification_value as v
    where v.company_id = p.company_id and v.position = 3 and v.sort_order = 1 + pg_temp.pick(p.party_id, 72, %(seed)s, 5)) end
where company_id = %(company)s
"""

_PEOPLE: LiteralString = """
insert into registry.contact_person (company_id, party_id, name, job, work_phone, mobile, email, acts_for, sort_order, valid_from, valid_to)
select %(company)s, party_id, first_name || ' ' || surname, jobs.job, phone,
  '3' || (20 + pg_temp.pick(party_id * 3 + place, 83, %(seed)s, 70))::text || ' 55' || to_char(pg_temp.pick(party_id * 3 + place, 84, %(seed)s, 100000), 'FM00000'),
  lower(translate(first_name || '.' || surname, ' ''', '')) || '@posta.example', jobs.acts, place, created_on,
  case when (party_id + place) %% 19 = 0 then greatest(created_on, %(today)s::date - 40) end
from (
  select p.party_id, p.kind, p.phone, p.created_on, place,
    (%(people)s::text[])[1 + pg_temp.pick(p.party_id * 3 + place, 81, %(seed)s, cardinality(%(people)s::text[]))] as first_name,
    (%(surnames)s::text[])[1 + pg_temp.pick(p.party_id * 3 + place, 82, %(seed)s, cardinality(%(surnames)s::text[]))] as surname
  from registry.party as p cross join generate_series(1, case p.kind when 'company' then 2 when 'public_body' then 2 else 1 end) as place
  where p.company_id = %(company)s and p.kind <> 'person'
) as t
cross join lateral (select
  case when kind = 'condominium' then 'Amministratore' when kind = 'public_body' and place = 1 then 'RUP' when kind = 'public_body' then 'Economato'
       when place = 1 then (array['Titolare', 'Direttore', 'Amministratore delegato'])[1 + pg_temp.pick(party_id, 85, %(seed)s, 3)]
       else (array['Amministrazione', 'Responsabile sicurezza', 'Ufficio acquisti'])[1 + pg_temp.pick(party_id, 86, %(seed)s, 3)] end as job,
  case when place = 1 then array['sign_contracts', 'alarm'] when pg_temp.pick(party_id, 86, %(seed)s, 3) = 0 then array['receive_invoices', 'administration']
       when pg_temp.pick(party_id, 86, %(seed)s, 3) = 1 then array['alarm', 'site_access', 'technical'] else array['order_services', 'complaints'] end as acts) as jobs
order by party_id, place
"""

_REFUSALS: LiteralString = """
insert into registry.refusal (company_id, party_id, channel, refused_on, origin, withdrawn_on, withdrawn_origin)
select %(company)s, party_id, (array['email', 'email', 'phone', 'letter', 'fax'])[1 + pg_temp.pick(party_id, 91, %(seed)s, 5)],
  greatest(created_on, %(today)s::date - pg_temp.pick(party_id, 92, %(seed)s, 400)), (array['telefonata', 'PEC', 'modulo in agenzia', 'e-mail'])[1 + pg_temp.pick(party_id, 93, %(seed)s, 4)],
  case when party_id %% 5 = 0 then %(today)s::date end, case when party_id %% 5 = 0 then 'modulo' else '' end
from registry.party where company_id = %(company)s and pg_temp.pick(party_id, 90, %(seed)s, 100) < 6
"""

_DOUBLES: LiteralString = """
insert into registry.party (company_id, kind, name, vat_number, tax_code, phone, town, province_code, created_at)
select %(company)s, kind, replace(replace(upper(name), ' S.R.L.', ' SRL'), ' S.P.A.', ' SPA'), case when party_id %% 2 = 0 then vat_number end, null,
  case when party_id %% 2 = 1 then replace(phone, ' ', '/') else '' end, town, province_code, %(today)s::date - 12 + time '11:00'
from registry.party as p
where company_id = %(company)s and kind = 'company' and vat_number is not null and phone <> ''
  and exists (select from customers.customer where company_id = %(company)s and customer_id = party_id)
order by pg_temp.pick(party_id, 95, %(seed)s, 100000), party_id limit 5
"""

_TWINS: LiteralString = """
insert into registry.twin (company_id, party_id, other_id, reasons)
select %(company)s, one.party_id, other.party_id,
  case when one.vat_number = other.vat_number then array['vat_number', 'name'] else array['phone', 'name'] end
from registry.party as other
join registry.party as one on one.company_id = %(company)s and one.party_id < other.party_id
  and (one.vat_number = other.vat_number or registry.phone_key(one.phone) = registry.phone_key(other.phone))
where other.company_id = %(company)s and other.created_on = %(today)s::date - 12 and other.name = upper(other.name) and one.phone <> ''
on conflict do nothing
"""
