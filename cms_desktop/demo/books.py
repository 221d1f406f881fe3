"""Books of the past: which account each service goes to, costs by hand month by month, a closed year, what the accountant got."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan
from cms_desktop.modules.ledger import exports
from cms_desktop.modules.ledger.book_queries import EXPORT_LINES
from cms_desktop.modules.ledger.book_records import ExportLine


def add_posting_rules(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Before anything is invoiced: services with accounts of their own, public bodies apart."""
    connection.execute(_RULES, {"company": plan.company_id})


def add_books(connection: psycopg.Connection[Any], plan: Plan, bookkeeper: int) -> None:
    """Last of all: entries by hand of every month, a model of one, an export, the year before this one closed and numbered."""
    closed = datetime.date(plan.today.year - 1, 12, 31)
    values = {
        "company": plan.company_id,
        "seed": plan.seed,
        "since": plan.since,
        "month": plan.month,
        "clerk": bookkeeper,
        "closed": closed,
    }
    with connection.cursor() as cursor:
        for statement in (_COSTS, _COST_ENTRIES, _COST_LINES, _TEMPLATE, _TEMPLATE_LINES):
            cursor.execute(statement, values)
        cursor.execute("drop table costs")
    _export(connection, plan, bookkeeper)
    if plan.since <= closed:
        with connection.cursor() as cursor:
            for statement in (_LOCK, _BALANCES, _NUMBERS, _PRINTS):
                cursor.execute(statement, values)


def _export(connection: psycopg.Connection[Any], plan: Plan, bookkeeper: int) -> None:
    """The month before the last one, as the accountant got it."""
    last = (plan.month - datetime.timedelta(days=1)).replace(day=1) - datetime.timedelta(days=1)
    values: dict[str, Any] = {
        "company": plan.company_id,
        "first": last.replace(day=1),
        "last": last,
        "clerk": bookkeeper,
        "year": last.year,
    }
    row = connection.execute(_EXPORT, values).fetchone()
    if row is None:
        return
    values["export"], number = row
    for statement in _EXPORTED:
        connection.execute(statement, values)
    found = connection.execute(EXPORT_LINES.replace(":company", "%(company)s").replace(":export", "%(export)s"), values)
    content = exports.csv_content(ExportLine(*line) for line in found)
    values |= {
        "name": exports.file_name(number, values["first"], last, "csv"),
        "content": content,
        "digest": hashlib.sha256(content).digest(),
    }
    connection.execute(
        "update ledger.journal_export set file_name = %(name)s, content = %(content)s, sha256 = %(digest)s "
        "where company_id = %(company)s and journal_export_id = %(export)s",
        values,
    )


_RULES: LiteralString = """
insert into ledger.posting_rule (company_id, service_type_id, customer_kind, account_id)
select %(company)s, t.service_type_id, '', a.account_id
from customers.service_type as t
join (values ('ronda', '58.03'), ('ispezion', '58.03'), ('allarm', '58.04'), ('televigil', '58.04'), ('videosorv', '58.04'), ('intervent', '58.05'),
             ('piantona', '58.02'), ('portier', '58.07'), ('manutenz', '58.10.02'), ('nolegg', '58.10.03'), ('install', '58.10.01'))
  as w(word, code) on strpos(base.fold(t.description), base.fold(w.word)) > 0
join ledger.account as a on a.company_id = t.company_id and a.code = w.code
where t.company_id = %(company)s
on conflict do nothing
"""
# What a company of this size spends in a month; by the share of its revenue.
_COSTS: LiteralString = """
create temp table costs on commit drop as
select nextval('ledger.journal_entry_journal_entry_id_seq') as entry_id, t.*
from (
  select (m.month + make_interval(months => 1))::date - 1 - c.days_before as on_date, c.words || ' ' || to_char(m.month, 'MM/YYYY') as words, c.debit, c.credit,
         round(m.revenue * c.share * (0.94 + 0.12 * pg_temp.pick(extract(epoch from m.month)::bigint / 86400 + c.place, 301, %(seed)s, 100) / 100.0), 2) as amount
  from (select month_on as month, net_amount as revenue from billing.month_total
        where company_id = %(company)s and month_on >= %(since)s and month_on < %(month)s) as m
  cross join (values (1, 'Stipendi guardie', '64.01', '28.01', 0.420, 0), (2, 'Stipendi impiegati', '64.02', '28.01', 0.060, 0),
                     (3, 'Contributi previdenziali', '64.10', '27.01', 0.140, 0), (4, 'Carburante pattuglie', '60.05', '25.01', 0.031, 2),
                     (5, 'Affitto sede e centrale', '63.01', '25.01', 0.018, 25), (6, 'Telefonia e ponti radio', '62.10', '25.01', 0.012, 9),
                     (7, 'Manutenzione automezzi', '62.05', '25.01', 0.014, 12), (8, 'Spese di tenuta conto', '66.01', '18.01', 0.0004, 1),
                     (9, 'Pagamento stipendi', '28.01', '18.01', 0.300, 15)) as c(place, words, debit, credit, share, days_before)
  where m.revenue > 0 order by 1, c.place) as t
where t.amount > 0
"""
_COST_ENTRIES: LiteralString = """
insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, created_by) overriding system value
select %(company)s, entry_id, on_date, words, 'manual', entry_id, %(clerk)s from costs order by entry_id
"""
_COST_LINES: LiteralString = """
insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, debit_amount, credit_amount, created_by)
select %(company)s, c.entry_id, l.line_no, a.account_id, case l.line_no when 1 then c.amount else 0 end, case l.line_no when 2 then c.amount else 0 end, %(clerk)s
from costs as c cross join (values (1), (2)) as l(line_no)
join ledger.account as a on a.company_id = %(company)s and a.code = case l.line_no when 1 then c.debit else c.credit end
order by c.entry_id, l.line_no
"""
_TEMPLATE: LiteralString = """
insert into ledger.journal_template (company_id, name, description, every_months, next_on, created_by)
values (%(company)s, 'Affitto sede e centrale', 'Affitto sede e centrale', 1, (%(month)s::date + interval '5 days')::date, %(clerk)s),
       (%(company)s, 'Giroconto cassa in banca', 'Versamento contanti in banca', null, null, %(clerk)s)
"""
_TEMPLATE_LINES: LiteralString = """
insert into ledger.journal_template_line (company_id, journal_template_id, line_no, account_id, is_debit, amount, created_by)
select t.company_id, t.journal_template_id, v.line_no, a.account_id, v.line_no = 1, v.amount, %(clerk)s
from ledger.journal_template as t
join (values ('Affitto sede e centrale', 1, '63.01', 2400.00), ('Affitto sede e centrale', 2, '25.01', 2400.00),
             ('Giroconto cassa in banca', 1, '18.01', null), ('Giroconto cassa in banca', 2, '18.05', null)) as v(name, line_no, code, amount) on v.name = t.name
join ledger.account as a on a.company_id = t.company_id and a.code = v.code
where t.company_id = %(company)s
"""
_EXPORT: LiteralString = """
insert into ledger.journal_export (company_id, number, from_on, until_on, is_repeat, file_format, entry_count, debit_amount, created_by)
select %(company)s, 'X-' || %(year)s || '/0001', %(first)s, %(last)s, false, 'csv', count(distinct e.journal_entry_id), sum(l.debit_amount), %(clerk)s
from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
where e.company_id = %(company)s and e.on_date between %(first)s and %(last)s having count(*) > 0
returning journal_export_id, number
"""
_EXPORTED: tuple[LiteralString, ...] = (
    "insert into base.counter (company_id, name, year, last_number) values (%(company)s, 'ledger.export', %(year)s, 1)",
    """
insert into ledger.journal_export_entry (company_id, journal_entry_id, journal_export_id, created_by)
select %(company)s, journal_entry_id, %(export)s, %(clerk)s from ledger.journal_entry
where company_id = %(company)s and on_date between %(first)s and %(last)s
""",
)
_LOCK: LiteralString = """
insert into ledger.period_lock (company_id, closed_until, reason, created_by)
values (%(company)s, %(closed)s, 'Bilancio approvato', %(clerk)s)
"""
_BALANCES: LiteralString = """
insert into ledger.account_balance (company_id, account_id, balance_on, debit_amount, credit_amount, created_by)
select %(company)s, b.account_id, %(closed)s, b.debit_amount, b.credit_amount, %(clerk)s from ledger.balances_on(%(company)s, %(closed)s) as b
"""
_NUMBERS: LiteralString = """
update ledger.journal_entry as e set number = n.number
from (select journal_entry_id, row_number() over (partition by extract(year from on_date) order by on_date, journal_entry_id) as number
      from ledger.journal_entry where company_id = %(company)s and on_date <= %(closed)s) as n
where e.company_id = %(company)s and e.journal_entry_id = n.journal_entry_id
"""
_PRINTS: LiteralString = """
insert into ledger.journal_print (company_id, year, first_number, last_number, until_on, debit_amount, created_by)
select %(company)s, extract(year from e.on_date), 1, max(e.number), make_date(extract(year from e.on_date)::int, 12, 31), sum(l.debit_amount), %(clerk)s
from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
where e.company_id = %(company)s and e.number is not null group by extract(year from e.on_date) order by 2
"""
