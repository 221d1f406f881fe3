"""Customers of one company with their contracts and services: a handful of statements, whatever their number."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from cms_desktop.core.fiscal import tax_code_for
from cms_desktop.demo import words
from cms_desktop.demo.companies import DemoCompany


@dataclass(frozen=True)
class Plan:
    """What one company gets. `first` is the row number of its first customer; history goes from `since` to the month before `today`."""

    company: DemoCompany
    company_id: int
    first: int
    customers: int
    seed: int
    since: datetime.date
    today: datetime.date

    @property
    def incomplete(self) -> int:
        """How many new customers still lack a datum, so that a run shows blocked rows."""
        return min(200, max(1, self.customers // 40))

    @property
    def month(self) -> datetime.date:
        return self.today.replace(day=1)


def add_customers(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Parties, customers, contracts, services. Leaves nothing behind in the session."""
    _run(connection, plan, _PARTIES, _CUSTOMERS, _DEALS, _CONTRACTS, _SERVICES, _COUNTERS)


def add_parties(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """The parties alone, without customers."""
    _run(connection, plan, _PARTIES)


def _run(connection: psycopg.Connection[Any], plan: Plan, *statements: LiteralString) -> None:
    values = {
        "company": plan.company_id, "first": plan.first, "last": plan.first + plan.customers - 1, "seed": plan.seed,
        "since": plan.since, "today": plan.today, "month": plan.month, "incomplete": plan.first + plan.customers - plan.incomplete,
        "city": plan.company.city, "province": plan.company.province, "neighbour": plan.company.neighbour,
    } | _vocabularies()  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists nearby, zone, client, deal")
        for statement in (_PLACES, _ZONES, _CLIENTS):
            cursor.execute(statement, values)
        cursor.execute("analyze nearby, client")
        for statement in statements:
            cursor.execute(statement, values)
        cursor.execute("drop table if exists nearby, zone, client, deal")


def _vocabularies() -> dict[str, Any]:
    birth = datetime.date(1970, 1, 1)
    people = [*words.MEN, *words.WOMEN]
    offers = words.OFFERS
    return {
        "surnames": words.SURNAMES, "people": people, "men": len(words.MEN),
        "surname_codes": [tax_code_for(surname, "Anna", birth, "F", "L219")[:3] for surname in words.SURNAMES],
        "name_codes": [tax_code_for("Rossi", name, birth, "F", "L219")[3:6] for name in people],
        "streets": list(words.STREETS), "trades": list(words.TRADES), "epithets": list(words.EPITHETS), "forms": list(words.FORMS),
        "shops": list(words.SHOPS), "offices": list(words.OFFICES), "dedications": list(words.DEDICATIONS), "houses": list(words.HOUSES),
        "recipients": list(words.RECIPIENT_CODES), "branches": [abi + cab for abi, cab, _ in words.BANKS],
        "banks": [name for _, _, name in words.BANKS],
        "term_kinds": list(words.TERMS), "term_codes": [" ".join(codes) for codes in words.TERMS.values()],
        "offer_kinds": [offer[0] for offer in offers], "offers": [offer[1] for offer in offers],
        "low": [offer[2] for offer in offers], "high": [offer[3] for offer in offers],
        "fewest": [offer[4] for offer in offers], "most": [offer[5] for offer in offers],
    }  # fmt: skip


# Zone 0 is the company's city, 1 its province, 2 its region, 3 the neighbouring region.
_PLACES: LiteralString = """
create temp table nearby on commit drop as
  select zone, row_number() over (partition by zone order by istat_code) - 1 as place, istat_code, cadastral_code, name, province_code, caps
  from (select t.istat_code, t.cadastral_code, t.name, t.province_code, c.caps,
               case when t.province_code = %(province)s and t.name = %(city)s then 0 when t.province_code = %(province)s then 1
                    when p.region = %(neighbour)s then 3 else 2 end as zone
        from base.town as t
        join base.province as p using (province_code)
        join (select istat_code, array_agg(postal_code order by postal_code) as caps from base.postal_code group by 1) as c using (istat_code)
        where t.valid_to is null
          and p.region in (%(neighbour)s, (select region from base.province where province_code = %(province)s))) as t
"""
_ZONES: LiteralString = "create temp table zone on commit drop as select zone, count(*) as many from nearby group by 1"

_CLIENTS: LiteralString = """
create temp table client on commit drop as
select g, kind, is_incomplete, nextval('registry.party_party_id_seq') as party_id,
  (%(surnames)s::text[])[surname] as surname, (%(people)s::text[])[person] as first_name,
  (%(surname_codes)s::text[])[surname] || (%(name_codes)s::text[])[person] || to_char(born_on, 'YY')
    || substr('ABCDEHLMPRST', extract(month from born_on)::int, 1)
    || lpad((extract(day from born_on)::int + case when person > %(men)s then 40 else 0 end)::text, 2, '0') as tax_code_start,
  n.istat_code, n.cadastral_code, n.name as town, n.province_code,
  pg_temp.one_of(n.caps, g, 9, %(seed)s) as postal_code, pg_temp.one_of(%(streets)s::text[], g, 10, %(seed)s) as street,
  (1 + pg_temp.pick(g, 11, %(seed)s, 180))::text as street_number,
  kind = 'public_body' and row_number() over (partition by n.istat_code, kind order by g) = 1 as is_town_hall,
  to_char(100000 + (g * 48611 + %(seed)s * 7) %% 900000, 'FM000000') as serial, starts_on
from (
  select g, g >= %(incomplete)s as is_incomplete,
    case when draw < 44 then 'company' when draw < 58 then 'sole_trader' when draw < 74 then 'person'
         when draw < 82 then 'public_body' else 'condominium' end as kind,
    case when near < 38 then 0 when near < 75 then 1 when near < 94 then 2 else 3 end as zone,
    1 + pg_temp.pick(g, 3, %(seed)s, cardinality(%(surnames)s::text[])) as surname,
    1 + pg_temp.pick(g, 4, %(seed)s, cardinality(%(people)s::text[])) as person,
    date '1944-01-01' + pg_temp.pick(g, 5, %(seed)s, 21000) as born_on,
    case when g >= %(incomplete)s then %(month)s::date
         when pg_temp.pick(g, 6, %(seed)s, 100) < 62 then %(since)s::date - 20 - pg_temp.pick(g, 7, %(seed)s, 1800)
         else %(since)s::date + pg_temp.pick(g, 7, %(seed)s, greatest(1, %(month)s::date - %(since)s::date - 20)) end as starts_on
  from (select g, pg_temp.pick(g, 1, %(seed)s, 100) as draw, pg_temp.pick(g, 2, %(seed)s, 100) as near
        from generate_series(%(first)s::bigint, %(last)s::bigint) as g) as t
) as t
join zone as z using (zone)
join nearby as n on n.zone = t.zone and n.place = pg_temp.pick(g, 8, %(seed)s, z.many)
order by starts_on, g
"""

_PARTIES: LiteralString = """
insert into registry.party (company_id, party_id, kind, name, first_name, last_name, vat_number, tax_code, street, street_number, postal_code,
  town, istat_code, province_code, phone, email, pec, created_at)
overriding system value
select %(company)s, party_id, kind, name, case when kind in ('person', 'sole_trader') then first_name else '' end,
  case when kind in ('person', 'sole_trader') then surname else '' end,
  case when not lacks_code and kind in ('company', 'sole_trader') then number end,
  case when lacks_code then null when kind in ('person', 'sole_trader') then person_code || pg_temp.check_letter(person_code) else number end,
  case when lacks_address then '' else street end, case when lacks_address then '' else street_number end, postal_code, town, istat_code,
  province_code,
  case province_code when 'MI' then '02 ' when 'TO' then '011 ' else '0' || (121 + pg_temp.pick(g, 21, %(seed)s, 60))::text || ' ' end || '555' || right(serial, 4),
  case when kind <> 'condominium' or g %% 3 = 0 then slug || '@posta.example' else '' end,
  case when kind in ('company', 'public_body', 'sole_trader') then slug || '@pec.example' else '' end,
  least(starts_on, %(today)s::date) + time '10:00'
from (
  select c.*, tax_code_start || cadastral_code as person_code,
    is_incomplete and g %% 3 = 1 as lacks_address, is_incomplete and g %% 3 = 2 as lacks_code,
    pg_temp.with_check_digit(case kind when 'condominium' then '9' when 'public_body' then '8' else '0' end
      || to_char(100000 + (g * 48611 + %(seed)s * 7919) %% 899981, 'FM000000')
      || case when substr(istat_code, 1, 3) <= '100' then substr(istat_code, 1, 3) else '015' end) as number,
    case kind
      when 'company' then case g %% 5
        when 0 then pg_temp.one_of(%(trades)s::text[], g, 22, %(seed)s) || ' ' || pg_temp.one_of(%(epithets)s::text[], g, 23, %(seed)s)
        when 1 then surname || ' & ' || pg_temp.one_of(%(surnames)s::text[], g, 24, %(seed)s)
        when 2 then pg_temp.one_of(%(trades)s::text[], g, 22, %(seed)s) || ' F.lli ' || surname
        else pg_temp.one_of(%(trades)s::text[], g, 22, %(seed)s) || ' ' || surname end || ' ' || pg_temp.one_of(%(forms)s::text[], g, 25, %(seed)s)
      when 'sole_trader' then pg_temp.one_of(%(shops)s::text[], g, 26, %(seed)s) || ' di ' || surname || ' ' || first_name
      when 'person' then surname || ' ' || first_name
      when 'condominium' then pg_temp.one_of(%(houses)s::text[], g, 27, %(seed)s) || ' ' || street || ' ' || street_number
      else case when is_town_hall then 'Comune di ' || town
        else pg_temp.one_of(%(offices)s::text[], g, 28, %(seed)s) || ' ' || pg_temp.one_of(%(dedications)s::text[], g, 29, %(seed)s) || ' di ' || town end
    end as name,
    lower(translate(case when kind in ('person', 'sole_trader') then first_name || '.' || surname else surname || serial end, ' ''', '')) as slug
  from client as c
) as t
order by party_id
"""

_CUSTOMERS: LiteralString = """
insert into customers.customer (company_id, customer_id, code, state, since_on, recipient_code, is_split_payment, payment_term_id, iban, bank_name)
select %(company)s, party_id, to_char(row_number() over (order by party_id), 'FM000000'),
  case when is_prospect then 'prospect' else 'active' end, starts_on,
  case kind when 'public_body' then 'UF' || upper(substr(md5(g::text || %(seed)s::text), 1, 4))
            when 'company' then case when g %% 4 = 0 then '0000000' else pg_temp.one_of(%(recipients)s::text[], g, 31, %(seed)s) end
            when 'sole_trader' then case when g %% 2 = 0 then '0000000' else pg_temp.one_of(%(recipients)s::text[], g, 31, %(seed)s) end
            else '0000000' end,
  kind = 'public_body', p.payment_term_id,
  case when p.method in ('MP12', 'MP19') then pg_temp.italian_iban((%(branches)s::text[])[bank] || to_char(g * 7919 + 10000, 'FM000000000000'))
       else '' end,
  case when p.method in ('MP12', 'MP19') then (%(banks)s::text[])[bank] else '' end
from (
  select c.*, 1 + pg_temp.pick(g, 32, %(seed)s, cardinality(%(banks)s::text[])) as bank,
    not is_incomplete and kind <> 'public_body' and pg_temp.pick(g, 33, %(seed)s, 100) < 3 as is_prospect,
    case when not (is_incomplete and g %% 3 = 0)
         then pg_temp.one_of(string_to_array((%(term_codes)s::text[])[array_position(%(term_kinds)s::text[], kind)], ' '), g, 34, %(seed)s)
    end as term
  from client as c
) as t
left join base.payment_term as p on p.company_id = %(company)s and p.code = t.term
order by party_id
"""

_DEALS: LiteralString = """
create temp table deal on commit drop as
select nextval('customers.contract_contract_id_seq') as contract_id, t.* from (
  select c.g, c.party_id, c.kind, c.serial, part, is_incomplete,
    case when part = 2 then least(c.starts_on + 90 + pg_temp.pick(c.g, 41, %(seed)s, 200), %(month)s::date - 1)
         when pg_temp.pick(c.g, 42, %(seed)s, 10) < 7 then date_trunc('month', c.starts_on::timestamp)::date else c.starts_on end as starts_on,
    (array[1, 1, 1, 1, 1, 2, 3, 3, 6, 12])[case when is_incomplete then 1 else 1 + pg_temp.pick(c.g * 2 + part, 43, %(seed)s, 10) end] as months,
    is_incomplete or pg_temp.pick(c.g * 2 + part, 44, %(seed)s, 10) < 7 as is_in_advance
  from client as c
  join customers.customer as k on k.company_id = %(company)s and k.customer_id = c.party_id and k.state <> 'prospect'
  cross join generate_series(1, case when is_incomplete or pg_temp.pick(c.g, 45, %(seed)s, 100) >= 14 then 1 else 2 end) as part
  order by 7, c.g, part
) as t
"""

_CONTRACTS: LiteralString = """
insert into customers.contract (company_id, contract_id, customer_id, number, title, starts_on, ends_on, order_reference, cig_code)
overriding system value
select %(company)s, contract_id, party_id,
  'C-' || extract(year from starts_on) || '/' || to_char(row_number() over (partition by extract(year from starts_on) order by contract_id), 'FM99990000'),
  case kind when 'public_body' then 'Affidamento servizi di vigilanza' when 'person' then 'Protezione abitazione'
            when 'condominium' then 'Sicurezza parti comuni' else 'Servizi di vigilanza e sicurezza' end,
  starts_on,
  case when not is_incomplete and pg_temp.pick(g * 2 + part, 51, %(seed)s, 100) < 9
       then greatest(starts_on, %(since)s::date) + 150 + pg_temp.pick(g * 2 + part, 52, %(seed)s, 700) end,
  case when kind = 'public_body' then 'ODA ' || extract(year from starts_on) || '/' || serial else '' end,
  case when kind = 'public_body' then upper(substr(md5('cig' || contract_id::text || %(seed)s::text), 1, 10)) else '' end
from deal order by contract_id
"""

_SERVICES: LiteralString = """
with offer as (
  select o.*, row_number() over (partition by kind order by description) - 1 as place, count(*) over (partition by kind) as many
  from unnest(%(offer_kinds)s::text[], %(offers)s::text[], %(low)s::numeric[], %(high)s::numeric[], %(fewest)s::int[], %(most)s::int[])
    as o(kind, description, low, high, fewest, most))
insert into customers.service (company_id, contract_id, description, quantity, monthly_price, vat_code_id, frequency_months, anchor_month,
  is_in_advance, starts_on)
select %(company)s, d.contract_id, replace(o.description, '{n}', (2 + pg_temp.pick(d.g, 61, %(seed)s, 4))::text),
  o.fewest + pg_temp.pick(d.g * 8 + s, 62, %(seed)s, o.most - o.fewest + 1),
  round(o.low + (o.high - o.low) * pg_temp.pick(d.g * 8 + s, 63, %(seed)s, 21) / 20, case when o.high < 40 then 2 else 0 end),
  v.vat_code_id, d.months, extract(month from d.starts_on)::int, d.is_in_advance, d.starts_on
from deal as d
cross join lateral generate_series(1, 1 + pg_temp.pick(d.g * 2 + part, 64, %(seed)s, 3)) as s
join base.vat_code as v on v.company_id = %(company)s and v.code = '22'
join offer as o on o.kind = d.kind and o.place = (pg_temp.pick(d.g * 2 + part, 65, %(seed)s, o.many) + s) %% o.many
order by d.contract_id, s
"""

_COUNTERS: LiteralString = """
insert into base.counter (company_id, name, year, last_number)
select company_id, 'customers.customer', 0, count(*) from customers.customer where company_id = %(company)s group by 1
union all
select company_id, 'customers.contract', extract(year from starts_on), count(*) from customers.contract where company_id = %(company)s group by 1, 3
"""
