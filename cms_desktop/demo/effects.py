"""RiBa of the past: one presentation a month and bank, most effects paid, some unpaid; part of what falls due soon is left to present."""

from __future__ import annotations

import datetime
from typing import Any, LiteralString

import psycopg

from cms_desktop.core.fiscal import bank_coordinates
from cms_desktop.demo.customers import Plan
from cms_desktop.demo.history import next_month
from cms_desktop.modules.bank_effects.riba.records import RibaBatch, RibaCreditor, RibaEffect
from cms_desktop.modules.bank_effects.riba.write import riba_file

MOST_IN_FILE = 20_000  # effects; larger presentations of the past keep no file


def present_effects(connection: psycopg.Connection[Any], plan: Plan, due_from: datetime.date, due_to: datetime.date, clerk: int) -> None:
    """Presentations of what falls due between two days, with their outcome where the bank has answered by today."""
    this_month_to = next_month(plan.today) - datetime.timedelta(days=1)
    values = {
        "company": plan.company_id, "seed": plan.seed, "today": plan.today, "due_from": due_from, "clerk": clerk,
        "due_to": min(due_to, next_month(this_month_to + datetime.timedelta(days=1)) - datetime.timedelta(days=1)),
        "this_month_to": this_month_to,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists shown, batch, effect")
        for statement in (_SHOWN, _BATCHES, _EFFECTS, _ADD_BATCHES, _ADD_EFFECTS, _ADD_ITEMS, _COUNT_BATCHES, _COUNT_RECEIPTS):
            cursor.execute(statement, values)
        cursor.execute("drop table shown, batch, effect")


_SHOWN: LiteralString = """
create temp table shown on commit drop as
select i.open_item_id, i.customer_id, i.due_on, i.open_amount as amount, i.document_number, i.document_on,
  date_trunc('month', i.due_on::timestamp)::date as due_month,
  least(date_trunc('month', i.due_on::timestamp)::date + 9, %(today)s::date - case when i.due_on <= %(this_month_to)s then 3 else 1 end)
    as presented_on,
  b.bank_account_id
from ledger.open_item as i
join customers.customer as k using (company_id, customer_id)
join (select bank_account_id, row_number() over (order by bank_account_id) - 1 as place
      from base.bank_account where company_id = %(company)s) as b on b.place = pg_temp.pick(i.customer_id, 72, %(seed)s, 2)
where i.company_id = %(company)s and i.method = 'MP12' and i.settled_amount = 0 and k.iban <> '' and i.due_on between %(due_from)s and %(due_to)s
  and (i.due_on <= %(today)s
       or pg_temp.pick(i.customer_id, 71, %(seed)s, 100) < case when i.due_on <= %(this_month_to)s then 65 else 30 end)
"""
_BATCHES: LiteralString = """
create temp table batch on commit drop as
select nextval('bank_effects.effect_batch_effect_batch_id_seq') as effect_batch_id, t.*,
  'E-' || t.year || '/' || lpad((coalesce(c.last_number, 0) + row_number() over (partition by t.year order by due_month, bank_account_id))::text, 4, '0')
    as number
from (select bank_account_id, due_month, max(presented_on) as presented_on, extract(year from max(presented_on))::int as year,
             min(due_on) as due_from, max(due_on) as due_to
      from shown group by 1, 2 order by 2, 1) as t
left join base.counter as c on c.company_id = %(company)s and c.name = 'bank_effects.batch' and c.year = t.year
"""
_EFFECTS: LiteralString = """
create temp table effect on commit drop as
select nextval('bank_effects.effect_effect_id_seq') as effect_id, t.*,
  (select coalesce(max(last_number), 0) from base.counter where company_id = %(company)s and name = 'bank_effects.receipt' and year = 0)
    + row_number() over (order by effect_batch_id, due_on, customer_id) as receipt_number,
  case when due_on + 6 > %(today)s then 'presented' when is_bad then 'unpaid' else 'paid' end as state,
  case when due_on + 6 <= %(today)s then due_on + case when is_bad then 6 else 1 end end as outcome_on
from (select b.effect_batch_id, s.customer_id, s.due_on, sum(s.amount) as amount, array_agg(s.open_item_id order by s.open_item_id) as items,
             string_agg('FATT. ' || s.document_number || ' DEL ' || to_char(s.document_on, 'DD/MM/YYYY'), ' '
                        order by s.document_on, s.open_item_id) as reference,
             pg_temp.pick(s.customer_id * 16384 + (s.due_on - date '2000-01-01'), 73, %(seed)s, 1000)
               < case when pg_temp.pick(s.customer_id, 74, %(seed)s, 100) < 6 then 350 else 18 end as is_bad
      from shown as s join batch as b using (bank_account_id, due_month)
      group by 1, 2, 3 order by 1, 3, 2) as t
"""
_ADD_BATCHES: LiteralString = """
insert into bank_effects.effect_batch (company_id, effect_batch_id, number, state, bank_account_id, due_from, due_to, effect_count, total_amount,
  file_name, presented_at, presented_by, created_at, created_by)
overriding system value
select %(company)s, b.effect_batch_id, b.number, 'presented', b.bank_account_id, b.due_from, b.due_to, e.many, e.amount,
  'RIBA-' || replace(b.number, '/', '-') || '.txt', b.presented_on + time '10:40', %(clerk)s, b.presented_on + time '10:25', %(clerk)s
from batch as b
join (select effect_batch_id, count(*) as many, sum(amount) as amount from effect group by 1) as e using (effect_batch_id)
order by b.effect_batch_id
"""
_ADD_EFFECTS: LiteralString = """
insert into bank_effects.effect (company_id, effect_id, effect_batch_id, customer_id, receipt_number, due_on, amount, debtor, debtor_abi, debtor_cab,
  reference, state, outcome_on, created_at, created_by)
overriding system value
select %(company)s, e.effect_id, e.effect_batch_id, e.customer_id, e.receipt_number, e.due_on, e.amount,
  jsonb_build_object('name', p.name, 'tax_code', coalesce(p.tax_code, p.vat_number), 'street', btrim(p.street || ' ' || p.street_number),
    'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code, 'bank_name', k.bank_name, 'code', k.code),
  substr(k.iban, 6, 5), substr(k.iban, 11, 5), e.reference, e.state, e.outcome_on, b.presented_on + time '10:25', %(clerk)s
from effect as e
join batch as b using (effect_batch_id)
join registry.party as p on p.company_id = %(company)s and p.party_id = e.customer_id
join customers.customer as k on k.company_id = %(company)s and k.customer_id = e.customer_id
order by e.effect_id
"""
_ADD_ITEMS: LiteralString = """
insert into bank_effects.effect_item (company_id, effect_id, open_item_id, amount, is_living, created_by)
select %(company)s, e.effect_id, s.open_item_id, s.amount, e.state <> 'unpaid', %(clerk)s
from effect as e cross join lateral unnest(e.items) as item join shown as s on s.open_item_id = item
order by e.effect_id, s.open_item_id
"""
_COUNT_BATCHES: LiteralString = """
insert into base.counter as c (company_id, name, year, last_number)
select %(company)s, 'bank_effects.batch', year, count(*) from batch group by year
on conflict (company_id, name, year) do update set last_number = c.last_number + excluded.last_number
"""
_COUNT_RECEIPTS: LiteralString = """
insert into base.counter as c (company_id, name, year, last_number)
select %(company)s, 'bank_effects.receipt', 0, max(receipt_number) from effect having count(*) > 0
on conflict (company_id, name, year) do update set last_number = excluded.last_number
"""


def write_files(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """The files of the presentations, as they went to the bank."""
    batches = connection.execute(_BATCHES_WITHOUT_FILE, {"company": plan.company_id, "most": MOST_IN_FILE}).fetchall()
    for batch_id, number, created_on, iban, *creditor in batches:
        effects = tuple(RibaEffect(*row) for row in connection.execute(_EFFECTS_OF_FILE, {"company": plan.company_id, "batch": batch_id}))
        place = bank_coordinates(iban)
        assert place is not None
        name, tax_code, sia_code, street, city = creditor
        head = RibaCreditor(name, tax_code, sia_code, place.abi, place.cab, place.account, street, city)
        content = riba_file(RibaBatch(head, created_on, number.replace("/", "-")[:20], effects))
        connection.execute(
            "update bank_effects.effect_batch set file_content = %s where company_id = %s and effect_batch_id = %s",
            (content, plan.company_id, batch_id),
        )


_BATCHES_WITHOUT_FILE: LiteralString = """
select b.effect_batch_id, b.number, (b.presented_at)::date, a.iban, c.name, c.tax_code, a.sia_code, btrim(c.street || ' ' || c.street_number),
  c.postal_code || ' ' || c.town || ' ' || c.province_code
from bank_effects.effect_batch as b
join base.bank_account as a using (company_id, bank_account_id)
join base.company as c using (company_id)
where b.company_id = %(company)s and b.file_content is null and b.effect_count <= %(most)s
order by b.effect_batch_id
"""
_EFFECTS_OF_FILE: LiteralString = """
select receipt_number, due_on, amount, debtor ->> 'name', debtor ->> 'tax_code', debtor ->> 'street', debtor ->> 'postal_code', debtor ->> 'town',
  debtor_abi, debtor_cab, reference, debtor ->> 'code', debtor ->> 'province_code', debtor ->> 'bank_name'
from bank_effects.effect where company_id = %(company)s and effect_batch_id = %(batch)s order by receipt_number
"""
