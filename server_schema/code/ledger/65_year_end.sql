-- role: cms_bookkeeper

create or replace function ledger.close_year(wanted_company int, wanted_year int) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- The entries of the end of a year, as the trade makes them: costs and revenues to profit and loss, its balance to the result of the year,
-- the other accounts to the closing balance; on the first of January the opening. All can be reversed.
declare
  last_on date := case when wanted_year between 1900 and 9998 then make_date(wanted_year, 12, 31) end;
  r       jsonb;
  gain    numeric;
  sheet   text[] := array['asset', 'liability', 'equity', 'memo'];
  side    int;
  words   text;
begin
  perform sec.require(wanted_company, 'ledger.close');
  r := ledger.accounts_by_role(wanted_company, array['profit_and_loss', 'year_result', 'closing_balance', 'opening_balance']);
  if wanted_year is null or wanted_year not between 1900 and 9998 or last_on >= current_date then
    perform sec.refuse('CM149', 'year_is_not_over', jsonb_build_object('year', wanted_year));
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('ledger.close_year'), wanted_company);
  if exists (select from ledger.journal_entry as e where e.company_id = wanted_company and e.source = 'year_closing' and e.on_date = last_on and e.reverses_id is null
             and not exists (select from ledger.journal_entry as o where o.company_id = wanted_company and o.reverses_id = e.journal_entry_id)) then
    perform sec.refuse('CM149', 'year_is_closed', jsonb_build_object('year', wanted_year));
  end if;
  create temp table year_end on commit drop as
    select a.account_id, a.kind, a.code, b.debit_amount - b.credit_amount as amount
    from ledger.balances_on(wanted_company, last_on) as b
    join ledger.account as a on a.company_id = wanted_company and a.account_id = b.account_id
    where b.debit_amount <> b.credit_amount;
  select coalesce(sum(amount), 0) into gain from year_end where kind in ('income', 'expense');
  if not exists (select from year_end) then
    perform sec.refuse('CM149', 'year_is_empty', jsonb_build_object('year', wanted_year));
  end if;
  perform ledger.write_balances(wanted_company, last_on, 'Chiusura dei costi', 'year_result', r ->> 'profit_and_loss', array['expense'], 1, -1);
  perform ledger.write_balances(wanted_company, last_on, 'Rettifiche dei costi', 'year_result', r ->> 'profit_and_loss', array['expense'], -1, -1);
  perform ledger.write_balances(wanted_company, last_on, 'Chiusura dei ricavi', 'year_result', r ->> 'profit_and_loss', array['income'], -1, -1);
  perform ledger.write_balances(wanted_company, last_on, 'Rettifiche dei ricavi', 'year_result', r ->> 'profit_and_loss', array['income'], 1, -1);
  if gain <> 0 then
    perform ledger.write_entry(wanted_company, last_on, case when gain < 0 then 'Utile dell''esercizio ' else 'Perdita dell''esercizio ' end || wanted_year,
      'year_result', null, array[(r ->> 'profit_and_loss')::bigint, (r ->> 'year_result')::bigint], array[null, null]::bigint[],
      array[greatest(-gain, 0), greatest(gain, 0)], array[greatest(gain, 0), greatest(-gain, 0)], array['', ''], null, '');
    update year_end set amount = amount + gain where account_id = (r ->> 'year_result')::bigint;
    if not found then
      insert into year_end values ((r ->> 'year_result')::bigint, 'equity', '', gain);
    end if;
  end if;
  foreach side in array array[1, -1] loop
    words := case side when 1 then ' attività' else ' passività e netto' end;
    perform ledger.write_balances(wanted_company, last_on, 'Bilancio di chiusura:' || words, 'year_closing', r ->> 'closing_balance', sheet, side, -1);
    perform ledger.write_balances(wanted_company, last_on + 1, 'Bilancio di apertura:' || words, 'year_opening', r ->> 'opening_balance', sheet, side, 1);
  end loop;
  drop table year_end;
  return jsonb_build_object('year', wanted_year, 'result', -gain);
end $$;

create or replace function ledger.write_balances(
  wanted_company int, on_day date, words text, wanted_source text, counterpart text, kinds text[], side int, turn int) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of ledger.close_year, whose table `year_end` it reads: the accounts of these kinds that stand on one side (1: debit), written as they are
-- (turn 1) or taken back (-1), against one account.
declare
  accounts bigint[];
  amounts  numeric[];
  many     int;
begin
  select array_agg(account_id order by code), array_agg(turn * amount order by code) into accounts, amounts
  from year_end where kind = any (kinds) and pg_catalog.sign(amount) = side and account_id <> counterpart::bigint;
  if accounts is null then
    return;
  end if;
  accounts := accounts || counterpart::bigint;
  amounts := amounts || -(select sum(a) from unnest(amounts) as a);
  many := cardinality(accounts);
  perform ledger.write_entry(wanted_company, on_day, words, wanted_source, null, accounts, array_fill(null::bigint, array[many]),
    (select array_agg(greatest(a, 0) order by n) from unnest(amounts) with ordinality as t(a, n)),
    (select array_agg(greatest(-a, 0) order by n) from unnest(amounts) with ordinality as t(a, n)), array_fill(''::text, array[many]), null, '');
end $$;

grant execute on function ledger.close_year(int, int) to cms_people;
