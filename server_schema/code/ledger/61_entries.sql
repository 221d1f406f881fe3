-- role: cms_bookkeeper
-- Entries are never changed: what is wrong is reversed. Nothing gets into a closed period, nothing gets out of it.

create or replace function ledger.closed_until(of_company int) returns date
language sql stable security definer set search_path = '' as $$
  select closed_until from ledger.period_lock where company_id = of_company order by period_lock_id desc limit 1
$$;

create or replace function ledger.check_open(of_company int, day date) returns void
language plpgsql security definer set search_path = '' as $$
-- CM142 when the day lies in a closed period. Who closes waits for whoever asked here, and the other way round.
declare
  closed date;
begin
  perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtext('ledger.period_lock'), of_company);
  closed := ledger.closed_until(of_company);
  if day <= closed then
    perform sec.refuse('CM142', 'period_closed', jsonb_build_object('day', day, 'closed', closed));
  end if;
end $$;

create or replace function ledger.check_entries() returns trigger
language plpgsql security definer set search_path = '' as $$
-- No entry is written or taken away in a closed period. One with a definitive number is never taken away, nor one the accountant has.
declare
  one record;
begin
  for one in execute 'select company_id, min(on_date) as day from ' || case tg_argv[0] when 'add' then 'rows_now' else 'rows_before' end || ' group by 1' loop
    perform ledger.check_open(one.company_id, one.day);
  end loop;
  if tg_argv[0] = 'remove' then
    execute 'select journal_entry_id as entry from rows_before where number is not null limit 1' into one;
    if one.entry is not null then
      perform sec.refuse('CM143', 'entry_is_final', jsonb_build_object('entry', one.entry));
    end if;
  end if;
  return null;
end $$;

create or replace function ledger.keep_entries() returns trigger
language plpgsql security definer set search_path = '' as $$
-- The only change of an entry is its definitive number, once.
begin
  if exists (select from rows_before as o left join rows_now as n using (company_id, journal_entry_id)
             where to_jsonb(o) - 'number' is distinct from to_jsonb(n) - 'number' or o.number is not null) then
    perform sec.refuse('CM143', 'entry_is_kept');
  end if;
  return null;
end $$;

create or replace function ledger.keep_lines() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Lines are never changed, and go away only with their whole entry.
declare
  wrong bigint;
begin
  if tg_op = 'UPDATE' then
    perform sec.refuse('CM143', 'entry_is_kept');
  end if;
  execute
    'select l.journal_entry_id from (select distinct company_id, journal_entry_id from rows_before) as t
     join ledger.journal_line as l on l.company_id = t.company_id and l.journal_entry_id = t.journal_entry_id limit 1' into wrong;
  if wrong is null then
    execute
      'select e.journal_entry_id from (select distinct company_id, journal_entry_id from rows_before) as t
       join ledger.journal_entry as e on e.company_id = t.company_id and e.journal_entry_id = t.journal_entry_id
       where e.number is not null or e.on_date <= (select ledger.closed_until(e.company_id)) limit 1' into wrong;
  end if;
  if wrong is not null then
    perform sec.refuse('CM143', 'entry_is_kept', jsonb_build_object('entry', wrong));
  end if;
  return null;
end $$;

-- by hand ----------------------------------------------------------------------------------------------------------------
create or replace function ledger.post_entry(
  wanted_company int, on_day date, words text, accounts bigint[], customers bigint[], debits numeric[], credits numeric[], texts text[],
  template bigint default null) returns bigint
language plpgsql security definer set search_path = '' as $$
-- An entry by hand. One place of the arrays is a line. From a recurring template: its next day moves on.
declare
  which bigint;
begin
  perform sec.require(wanted_company, 'ledger.post');
  perform ledger.check_day(wanted_company, on_day);
  perform ledger.check_lines(wanted_company, words, accounts, customers, debits, credits, texts);
  which := ledger.write_entry(wanted_company, on_day, btrim(words), 'manual', null, accounts, customers, debits, credits, texts, null, '');
  if template is not null then
    update ledger.journal_template
    set next_on = (next_on + make_interval(months => every_months))::date
    where company_id = wanted_company and journal_template_id = template and every_months is not null;
  end if;
  return which;
end $$;

create or replace function ledger.check_lines(
  wanted_company int, words text, accounts bigint[], customers bigint[], debits numeric[], credits numeric[], texts text[]) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  many int := coalesce(cardinality(accounts), 0);
  debit numeric;
  credit numeric;
begin
  if coalesce(btrim(words), '') = '' or length(words) > 500 then
    perform sec.refuse('CM144', 'entry_words');
  end if;
  if many not between 2 and 999 or cardinality(debits) is distinct from many or cardinality(credits) is distinct from many
     or cardinality(customers) is distinct from many or cardinality(texts) is distinct from many
     or exists (select from unnest(debits, credits, texts) as l(debit, credit, text)
                where l.debit is null or l.credit is null or least(l.debit, l.credit) < 0 or (l.debit = 0) = (l.credit = 0)
                  or greatest(l.debit, l.credit) > 999999999999 or l.debit <> round(l.debit, 2) or l.credit <> round(l.credit, 2)
                  or length(l.text) > 500) then
    perform sec.refuse('CM144', 'entry_lines');
  end if;
  select sum(d), sum(c) into debit, credit from unnest(debits, credits) as l(d, c);
  if debit <> credit then
    perform sec.refuse('CM144', 'entry_difference', jsonb_build_object('difference', debit - credit));
  end if;
  if exists (select from unnest(accounts) as l(account) where not exists (
       select from ledger.account as a where a.company_id = wanted_company and a.account_id = l.account and a.is_postable and a.is_active)) then
    perform sec.refuse('CM144', 'entry_account');
  end if;
  if exists (select from unnest(accounts, customers) as l(account, customer)
             left join ledger.account as a on a.company_id = wanted_company and a.account_id = l.account
             where (a.role = 'receivable' and l.customer is null)
                or (l.customer is not null and not exists (
                     select from customers.customer as k where k.company_id = wanted_company and k.customer_id = l.customer))) then
    perform sec.refuse('CM144', 'entry_customer');
  end if;
end $$;

create or replace function ledger.write_entry(
  wanted_company int, on_day date, words text, wanted_source text, wanted_source_id bigint, accounts bigint[], customers bigint[],
  debits numeric[], credits numeric[], texts text[], reversed bigint, why text) returns bigint
language plpgsql security definer set search_path = '' as $$
-- For functions that have checked right and lines. Without an own source the entry is its own source.
declare
  which bigint := nextval('ledger.journal_entry_journal_entry_id_seq');
begin
  insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, reverses_id, reason, created_by)
  overriding system value
  values (wanted_company, which, on_day, words, wanted_source, coalesce(wanted_source_id, which), reversed, why, sec.person_id());
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, description, created_by)
  select wanted_company, which, l.place, l.account, l.customer, l.debit, l.credit, coalesce(btrim(l.text), ''), sec.person_id()
  from unnest(accounts, customers, debits, credits, texts) with ordinality as l(account, customer, debit, credit, text, place);
  return which;
end $$;

create or replace function ledger.reverse_entry(wanted_company int, which bigint, on_day date, why text) returns bigint
language plpgsql security definer set search_path = '' as $$
-- The same entry with its sides changed, linked to the first. What comes from a document is taken back by the document's own verb.
declare
  was ledger.journal_entry;
begin
  perform sec.require(wanted_company, 'ledger.post');
  perform ledger.check_day(wanted_company, on_day);
  select * into was from ledger.journal_entry where company_id = wanted_company and journal_entry_id = which for update;
  if was.journal_entry_id is null or was.source not in ('manual', 'reversal', 'year_result', 'year_closing', 'year_opening') then
    perform sec.refuse('CM145', 'entry_of_a_document');
  end if;
  if exists (select from ledger.journal_entry where company_id = wanted_company and reverses_id = which) then
    perform sec.refuse('CM145', 'entry_reversed_already');
  end if;
  if on_day < was.on_date or (was.source like 'year%' and on_day <> was.on_date) or coalesce(btrim(why), '') = '' or length(why) > 500 then
    perform sec.refuse('CM145', 'reversal_day', jsonb_build_object('day', was.on_date));
  end if;
  return ledger.write_entry(wanted_company, on_day, left('Storno: ' || was.description, 500),
                            case when was.source like 'year%' then was.source else 'reversal' end, case when was.source not like 'year%' then which end, l.accounts, l.customers, l.credits, l.debits,
                            l.texts, which, btrim(why))
  from (select array_agg(account_id order by line_no) as accounts, array_agg(customer_id order by line_no) as customers,
               array_agg(debit_amount order by line_no) as debits, array_agg(credit_amount order by line_no) as credits,
               array_agg(description order by line_no) as texts
        from ledger.journal_line where company_id = wanted_company and journal_entry_id = which) as l;
end $$;

grant execute on function ledger.check_entries(), ledger.keep_entries(), ledger.keep_lines() to cms_owner;
grant execute on function ledger.post_entry(int, date, text, bigint[], bigint[], numeric[], numeric[], text[], bigint),
  ledger.reverse_entry(int, bigint, date, text) to cms_people;
