-- role: cms_bookkeeper
-- Closing and opening periods, the balances kept of closed ones, the definitive journal.

create or replace function ledger.lock_period(wanted_company int, until_on date, why text) returns void
language plpgsql security definer set search_path = '' as $$
-- Close the books until a day, or open them again (an earlier day, or none) with the right to do so and a reason. What is printed stays closed.
declare
  closed  date;
  printed date;
begin
  perform sec.require(wanted_company, 'ledger.close');
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('ledger.period_lock'), wanted_company);
  closed := ledger.closed_until(wanted_company);
  if until_on is not distinct from closed or until_on > current_date or length(why) > 500 then
    perform sec.refuse('CM146', 'lock_day', jsonb_build_object('closed', closed));
  end if;
  if closed is not null and (until_on is null or until_on < closed) then
    perform sec.require(wanted_company, 'ledger.reopen');
    if coalesce(btrim(why), '') = '' then
      perform sec.refuse('CM146', 'reopen_reason');
    end if;
    select max(p.until_on) into printed from ledger.journal_print as p where p.company_id = wanted_company;
    if printed is not null and (until_on is null or until_on < printed) then
      perform sec.refuse('CM146', 'journal_is_printed', jsonb_build_object('printed', printed));
    end if;
    delete from ledger.account_balance where company_id = wanted_company and (until_on is null or balance_on > until_on);
  end if;
  insert into ledger.period_lock (company_id, closed_until, reason, created_by)
  values (wanted_company, until_on, coalesce(btrim(why), ''), sec.person_id());
  if until_on is not null and (closed is null or until_on > closed) then
    insert into ledger.account_balance (company_id, account_id, balance_on, debit_amount, credit_amount, created_by)
    select wanted_company, b.account_id, until_on, b.debit_amount, b.credit_amount, sec.person_id()
    from ledger.balances_on(wanted_company, until_on) as b
    on conflict do nothing;
  end if;
end $$;

create or replace function ledger.balances_on(wanted_company int, day date)
returns table (account_id bigint, debit_amount numeric, credit_amount numeric)
language sql stable set search_path = '' rows 200 as $$
-- What stood on each account at the end of a day: what a closed period kept, and what came after it. The closing and opening of the balance
-- sheet at the turn of a year, which take each other back, do not count. Reads with the rights of who asks.
  with kept as materialized (select max(b.balance_on) as on_day from ledger.account_balance as b
                             where b.company_id = wanted_company and b.balance_on <= day)
  select t.account_id, sum(t.debit_amount), sum(t.credit_amount)
  from (select b.account_id, b.debit_amount, b.credit_amount from ledger.account_balance as b
        where b.company_id = wanted_company and b.balance_on = (select k.on_day from kept as k)
        union all
        select l.account_id, sum(l.debit_amount), sum(l.credit_amount)
        from ledger.journal_entry as e
        join ledger.journal_line as l on l.company_id = wanted_company and l.journal_entry_id = e.journal_entry_id
        where e.company_id = wanted_company and e.on_date <= day and e.on_date > (select coalesce(k.on_day, date '0001-01-01') from kept as k)
          and e.source not in ('year_closing', 'year_opening')
        group by l.account_id) as t
  group by t.account_id
$$;

create or replace function ledger.trial_balance(wanted_company int, from_on date, until_on date)
returns table (account_id bigint, opening numeric, debit_amount numeric, credit_amount numeric)
language sql stable set search_path = '' rows 200 as $$
-- Bilancio di verifica: balance before the period (debit positive) and movements in it, before the entries that close its costs and revenues.
-- Costs and revenues begin anew each year; what earlier years earned and no closing entry moved yet is a row without account. Sums to nothing.
  with ends as (select * from ledger.balances_on(wanted_company, until_on)),
  starts as (select * from ledger.balances_on(wanted_company, from_on - 1)),
  years as (select b.account_id, b.debit_amount - b.credit_amount as amount
            from ledger.balances_on(wanted_company, make_date(extract(year from from_on)::int, 1, 1) - 1) as b
            join ledger.account as a on a.company_id = wanted_company and a.account_id = b.account_id and a.kind in ('income', 'expense')),
  hidden as (select l.account_id, sum(l.debit_amount) as debit_amount, sum(l.credit_amount) as credit_amount
             from ledger.journal_entry as e
             join ledger.journal_line as l on l.company_id = wanted_company and l.journal_entry_id = e.journal_entry_id
             where e.company_id = wanted_company and e.source = 'year_result' and e.on_date between from_on and until_on group by 1)
  select e.account_id, coalesce(s.debit_amount - s.credit_amount, 0) - coalesce(y.amount, 0),
         e.debit_amount - coalesce(s.debit_amount, 0) - coalesce(h.debit_amount, 0),
         e.credit_amount - coalesce(s.credit_amount, 0) - coalesce(h.credit_amount, 0)
  from ends as e
  left join starts as s on s.account_id = e.account_id
  left join years as y on y.account_id = e.account_id
  left join hidden as h on h.account_id = e.account_id
  union all
  select null, sum(y.amount), 0, 0 from years as y having sum(y.amount) <> 0
$$;

create or replace function ledger.number_journal(wanted_company int, until_on date) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Libro giornale (art. 2216 c.c.): every entry until a day of a closed period gets its number for good, in order of date, each year from 1
-- without a gap. Returns a print per year: what was numbered.
declare
  closed date := ledger.closed_until(wanted_company);
  one    record;
  last   bigint;
  made   jsonb := '[]';
begin
  perform sec.require(wanted_company, 'ledger.close');
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('ledger.period_lock'), wanted_company);
  if until_on is null or closed is null or until_on > closed then
    perform sec.refuse('CM146', 'close_first', jsonb_build_object('closed', closed));
  end if;
  for one in
    select extract(year from e.on_date)::int as year, count(*) as many, max(e.on_date) as last_on
    from ledger.journal_entry as e
    where e.company_id = wanted_company and e.on_date <= until_on and e.number is null
      and e.on_date > coalesce((select max(p.until_on) from ledger.journal_print as p where p.company_id = wanted_company), date '0001-01-01')
    group by 1 order by 1
  loop
    select coalesce(max(last_number), 0) into last from ledger.journal_print where company_id = wanted_company and year = one.year;
    update ledger.journal_entry as e set number = n.number
    from (select journal_entry_id, last + row_number() over (order by on_date, journal_entry_id) as number
          from ledger.journal_entry
          where company_id = wanted_company and number is null and on_date between make_date(one.year, 1, 1) and least(until_on, make_date(one.year, 12, 31))
         ) as n
    where e.company_id = wanted_company and e.journal_entry_id = n.journal_entry_id;
    insert into ledger.journal_print (company_id, year, first_number, last_number, until_on, debit_amount, created_by)
    select wanted_company, one.year, last + 1, last + one.many, least(until_on, make_date(one.year, 12, 31)), sum(l.debit_amount), sec.person_id()
    from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
    where e.company_id = wanted_company and extract(year from e.on_date) = one.year and e.number > last;
    made := made || jsonb_build_object('year', one.year, 'first', last + 1, 'last', last + one.many);
  end loop;
  if made = '[]' then
    perform sec.refuse('CM146', 'nothing_to_number');
  end if;
  return made;
end $$;

grant execute on function ledger.lock_period(int, date, text), ledger.balances_on(int, date), ledger.trial_balance(int, date, date),
  ledger.number_journal(int, date) to cms_people;
