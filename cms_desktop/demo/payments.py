"""Payments of the past: most customers pay, some late, some in part, some never. Each is allocated and posted."""

from __future__ import annotations

import datetime
from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan


def collect(connection: psycopg.Connection[Any], plan: Plan, due_from: datetime.date, due_to: datetime.date, clerk: int) -> None:
    """Payments of the items due between two days that had arrived by today."""
    values = {"company": plan.company_id, "seed": plan.seed, "today": plan.today, "due_from": due_from, "due_to": due_to, "clerk": clerk}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists paid")
        for statement in (_PAID, _PAYMENTS, _ALLOCATIONS, _ENTRIES, _LINES):
            cursor.execute(statement, values)
        cursor.execute("drop table paid")


# A customer has a habit, an item its own chance. An effect the bank reports paid is paid; one that came back is sometimes made good later.
_PAID: LiteralString = """
create temp table paid on commit drop as
with answered as materialized (
  select distinct on (l.open_item_id) l.open_item_id, f.state, f.outcome_on
  from bank_effects.effect as f join bank_effects.effect_item as l using (company_id, effect_id)
  where f.company_id = %(company)s and f.due_on between %(due_from)s and %(due_to)s
  order by l.open_item_id, f.effect_id desc)
select nextval('ledger.payment_payment_id_seq') as payment_id, nextval('ledger.journal_entry_journal_entry_id_seq') as entry_id, t.*
from (
  select i.open_item_id, i.customer_id, i.document_number, b.bank_account_id, w.paid_on,
    case when e.state = 'paid' then 'MP12' when i.method = 'MP12' then 'MP05' else i.method end as method,
    case when e.state is distinct from 'paid' and chance between 900 and 929 then round(i.amount * (3 + chance %% 5) / 10, 2) else i.amount end as amount
  from ledger.open_item as i
  left join answered as e on e.open_item_id = i.open_item_id
  cross join lateral (select pg_temp.pick(i.customer_id, 81, %(seed)s, 100) as habit,
                             pg_temp.pick(i.source_id * 8 + i.installment, 82, %(seed)s, 1000) as chance,
                             pg_temp.pick(i.source_id * 8 + i.installment, 83, %(seed)s, 45) as delay) as h
  cross join lateral (select case
      when e.state = 'paid' then e.outcome_on
      when e.state = 'presented' then null
      when e.state = 'unpaid' then case when chance < 600 then e.outcome_on + 15 + delay end
      when habit >= 97 and i.due_on > %(today)s::date - 200 or chance >= 975 then null
      when habit >= 82 then i.due_on + 12 + delay
      when i.method = 'MP19' then i.due_on
      else greatest(i.document_on, i.due_on - 2 + delay / 5) end as paid_on) as w
  join base.bank_account as b on b.company_id = i.company_id and b.is_default
  where i.company_id = %(company)s and i.settled_amount = 0 and i.amount > 0 and i.due_on between %(due_from)s and %(due_to)s
    and w.paid_on <= %(today)s
  order by w.paid_on, i.open_item_id
) as t
"""
_PAYMENTS: LiteralString = """
insert into ledger.payment (company_id, payment_id, customer_id, on_date, method, amount, description, bank_account_id, created_by)
overriding system value
select %(company)s, payment_id, customer_id, paid_on, method, amount,
  case method when 'MP12' then 'Effetto pagato, fattura ' when 'MP19' then 'Addebito SEPA, fattura ' when 'MP01' then 'Incasso contanti, fattura '
    else 'Bonifico, fattura ' end || document_number, case when method <> 'MP01' then bank_account_id end, %(clerk)s
from paid order by payment_id
"""
_ALLOCATIONS: LiteralString = """
insert into ledger.allocation (company_id, payment_id, open_item_id, amount, on_date, created_by)
select %(company)s, payment_id, open_item_id, amount, paid_on, %(clerk)s from paid order by payment_id
"""
_ENTRIES: LiteralString = """
insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, created_by)
overriding system value
select %(company)s, p.entry_id, p.paid_on, 'Incasso fattura ' || p.document_number || ' ' || c.name, 'payment', p.payment_id, %(clerk)s
from paid as p join registry.party as c on c.company_id = %(company)s and c.party_id = p.customer_id order by p.entry_id
"""
_LINES: LiteralString = """
insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, created_by)
select %(company)s, p.entry_id, l.line_no, a.account_id, case l.line_no when 2 then p.customer_id end,
  case l.line_no when 1 then p.amount else 0 end, case l.line_no when 2 then p.amount else 0 end, %(clerk)s
from paid as p
cross join (values (1), (2)) as l(line_no)
join ledger.account as a on a.company_id = %(company)s
  and a.role = case when l.line_no = 2 then 'receivable' when p.method = 'MP01' then 'cash' else 'bank' end
order by p.entry_id, l.line_no
"""
