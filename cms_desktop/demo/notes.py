"""Notes and tasks of the last months on one customer in four, with notices for what is still to be done, and what an hour costs."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg

from cms_desktop.demo.customers import Plan

MOST = 2_000  # notes of a company


def write_notes(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """By and for the persons who may write notes in the company."""
    values = {"company": plan.company_id, "today": plan.today, "seed": plan.seed, "most": MOST}
    for statement in (_COSTS, _NOTES, _EVENTS, _NOTICES, _TIME):
        connection.execute(statement, values)


_COSTS: LiteralString = """
with made as (
  insert into registry.hourly_cost (company_id, person_id, valid_from, amount)
  select distinct on (h.person_id, v.since) h.company_id, h.person_id, v.since, v.amount + h.person_id %% 5
  from base.permission as h, (values (date '2023-01-01', 27.00), (date_trunc('year', %(today)s::date)::date, 28.50)) as v(since, amount)
  where h.company_id = %(company)s and h.function = 'registry.note' and h.person_id %% 2 = 0
  on conflict do nothing
)
insert into registry.hourly_cost (company_id, valid_from, amount) values (%(company)s, '2020-01-01', 26.50)
on conflict do nothing
"""
_NOTES: LiteralString = """
with people as (
  select array_agg(person_id order by person_id) as ids from base.permission where company_id = %(company)s and function = 'registry.note'
), facts as (
  select row_number() over () as n, words, outcome, days from (values
    ('Chiede di spostare la fascia della ronda dopo le 23: il magazzino chiude più tardi.', 'Fascia spostata dal primo del mese.', 5),
    ('Segnala che il sensore del cancello posteriore dà falsi allarmi quando piove.', 'Tecnico uscito, sensore sostituito.', 3),
    ('Vuole un preventivo per due telecamere sul parcheggio.', 'Preventivo inviato via PEC.', 7),
    ('Ha cambiato banca: manda il nuovo IBAN entro la settimana.', 'IBAN aggiornato in anagrafica.', 4),
    ('Non trova la fattura del mese scorso: rimandarla alla PEC giusta.', 'Fattura rimandata.', 1),
    ('Consegnate due copie delle chiavi del capannone, mazzo in centrale.', '', 0),
    ('Molto soddisfatto dell''intervento di domenica notte.', '', 0),
    ('In ferie dal 5 al 20: chiamare il custode per ogni allarme.', '', 0)) as t(words, outcome, days)
), chosen as (
  select customer_id, row_number() over (order by customer_id) as n from customers.customer
  where company_id = %(company)s and mod(abs(hashint8(customer_id + %(seed)s)), 4) = 0 order by customer_id limit %(most)s
), drawn as (
  select c.customer_id, f.words, f.outcome, f.days, people.ids[1 + mod(c.n, cardinality(people.ids))::int] as author,
    case when f.days > 0 then people.ids[1 + mod(c.n * 7 + 3, cardinality(people.ids))::int] end as executor,
    %(today)s::date - mod(c.n * 13, 60)::int as on_day, mod(c.n, 3) > 0 and f.days > 0 as is_done
  from chosen as c cross join people join facts as f on f.n = 1 + mod(c.n * 5, 8)
)
insert into registry.note (company_id, party_id, subject_table, read_function, words, happened_on, min_rank, executor_id, assigned_by,
                           assigned_at, due_on, task_state, done_at, done_by, outcome, minutes, created_at, created_by)
select %(company)s, customer_id, 'customers.customer', 'customers.read', words, on_day, 0, executor, case when executor is not null then author end,
  case when executor is not null then on_day + time '10:20' end, case when executor is not null then on_day + days end,
  case when executor is null then null when is_done then 'done' else 'open' end, case when is_done then on_day + time '16:40' end,
  case when is_done then executor end, case when is_done then outcome else '' end, case when is_done then 15 + mod(customer_id, 6) * 5 else 0 end,
  on_day + time '10:20', author
from drawn order by on_day
"""
_EVENTS: LiteralString = """
insert into registry.note_event (company_id, note_id, at, kind, words, minutes, created_by)
select company_id, note_id, done_at, 'done', outcome, minutes, done_by from registry.note where company_id = %(company)s and task_state = 'done'
"""
_NOTICES: LiteralString = """
insert into base.notice (company_id, person_id, kind, author_id, title, body, read_function, party_id, subject_table, source_table, source_id,
                         created_at, due_at)
select n.company_id, n.executor_id, 'registry.task', n.created_by, p.name, n.words, n.read_function, n.party_id, n.subject_table,
  'registry.note', n.note_id, n.created_at, n.created_at
from registry.note as n join registry.party as p using (company_id, party_id)
where n.company_id = %(company)s and n.task_state = 'open' and n.executor_id <> n.created_by and n.happened_on > %(today)s::date - 15
"""
_TIME: LiteralString = """
insert into registry.time_cost (company_id, party_id, note_id, person_id, worked_on, minutes, hourly_cost, amount, created_by)
select n.company_id, n.party_id, n.note_id, n.done_by, n.done_at::date, n.minutes, cost, round(cost * n.minutes / 60, 2), n.done_by
from registry.note as n, registry.cost_of_an_hour(n.company_id, n.done_by, n.done_at::date) as cost
where n.company_id = %(company)s and n.task_state = 'done' and n.minutes > 0
"""
