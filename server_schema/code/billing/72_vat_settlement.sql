-- role: cms_bookkeeper
-- The settlement of VAT by month or quarter (art. 1 DPR 100/1998, art. 7 DPR 542/1999) in the lines of the periodic communication (VP).

create or replace function billing.vat_period(of_company int, day date, out first_day date, out last_day date)
language plpgsql stable security definer set search_path = '' as $$
-- The period of a day: a month, or a quarter where the company settles by quarter (parameter vat_period_months, from the year's start).
declare
  months int := coalesce(base.rate_on(of_company, 'vat_period_months', date_trunc('year', day::timestamp)::date), 1);
begin
  first_day := case months when 3 then date_trunc('quarter', day::timestamp) else date_trunc('month', day::timestamp) end::date;
  last_day := (first_day + make_interval(months => case months when 3 then 3 else 1 end))::date - 1;
end $$;

create or replace function billing.vat_due_on(of_company int, period_end date, is_quarter boolean) returns date
language sql stable security definer set search_path = '' as $$
-- The 16th of the next month; of the second month for quarters, the last with the yearly balance in March. What falls into the first twenty
-- days of August is due on the 20th (art. 37 c. 11-bis DL 223/2006), what falls on a rest day on the next working day.
  select base.next_working_day(of_company, case when extract(month from d) = 8 then d + 4 else d end)
  from (select (date_trunc('month', period_end::timestamp)
                + make_interval(months => case when not is_quarter then 1 when extract(month from period_end) = 12 then 3 else 2 end))::date + 15 as d) as t
$$;

create or replace function billing.vat_code_of(period_end date, is_quarter boolean) returns text
language sql immutable set search_path = '' as $$
-- The tribute code of form F24: 6001 to 6012, 6031 to 6033, 6099 for the yearly balance of who settles by quarter.
  select case when not is_quarter then '60' || to_char(period_end, 'MM') when extract(month from period_end) = 12 then '6099'
              else '603' || extract(quarter from period_end) end
$$;

drop function if exists billing.vat_figures(int, date, date);
create or replace function billing.vat_figures(
  of_company int, first_day date, last_day date, out active_net numeric, out passive_net numeric, out sales_vat numeric, out reverse_vat numeric,
  out collected_vat numeric, out split_vat numeric, out suspended_vat numeric, out own_purchases_vat numeric)
language sql stable security definer set search_path = '' as $$
-- What the registers say of some days. Amounts excluded (N1) or outside VAT without duty to invoice (N2.2) are no turnover.
  select coalesce(sum(r.net_amount) filter (where not r.is_self and r.nature not in ('N1', 'N2.2')), 0),
         coalesce(sum(r.net_amount) filter (where r.is_self), 0),
         coalesce(sum(r.vat_amount) filter (where not r.is_self and r.exigibility = 'I'), 0),
         coalesce(sum(r.vat_amount) filter (where r.document_type in ('TD16', 'TD17', 'TD18', 'TD19')), 0),
         (select coalesce(sum(k.vat_amount), 0) from billing.vat_collection as k
          where k.company_id = of_company and k.due_on between first_day and last_day),
         coalesce(sum(r.vat_amount) filter (where not r.is_self and r.exigibility = 'S'), 0),
         coalesce(sum(r.vat_amount) filter (where not r.is_self and r.exigibility = 'D'), 0),
         coalesce(sum(r.vat_amount) filter (where r.is_self), 0)
  from (select i.invoice_id, i.document_type, i.document_type in ('TD16', 'TD17', 'TD18', 'TD19', 'TD20') as is_self, v.nature, v.exigibility,
               v.net_amount, v.vat_amount
        from billing.invoice as i join billing.invoice_vat as v on v.company_id = i.company_id and v.invoice_id = i.invoice_id
        where i.company_id = of_company and i.state = 'issued' and i.document_on between first_day and last_day) as r
$$;

create or replace function billing.vat_advance(of_company int, last_day date, is_quarter boolean) returns numeric
language plpgsql stable security definer set search_path = '' as $$
-- The advance of December by the historical method (art. 6 L. 405/1990): 88 percent of what the last period of the year before came to,
-- its own advance included; nothing below 103.29 euro. For the last period of a year only.
declare
  before_amount numeric;
  proposed      numeric;
begin
  if extract(month from last_day) <> 12 then
    return 0;
  end if;
  select greatest(s.result_amount + s.advance_amount, 0) into before_amount from billing.vat_settlement as s
  where s.company_id = of_company and s.state = 'confirmed' and s.period_end = (last_day - interval '1 year')::date;
  proposed := round(coalesce(before_amount, 0) * coalesce(base.rate_on(of_company, 'vat_advance_percent', last_day), 88) / 100, 2);
  return case when proposed < coalesce(base.rate_on(of_company, 'vat_advance_minimum', last_day), 103.29) then 0 else proposed end;
end $$;

create or replace function billing.compute_vat(of_company int, day date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- The settlement of the period of a day, a row of billing.vat_settlement: as it was confirmed, or what the books and the amounts typed in
-- come to now.
declare
  s          billing.vat_settlement;
  f          record;
  period     record;
  before     billing.vat_settlement;
  same_year  boolean;
  is_quarter boolean;
begin
  select * into s from billing.vat_settlement as t
  where t.company_id = of_company and t.state = 'confirmed' and day between t.period_start and t.period_end;
  if found then
    return to_jsonb(s);
  end if;
  select * into period from billing.vat_period(of_company, day);
  is_quarter := period.last_day - period.first_day > 40;
  select * into before from billing.vat_settlement as t
  where t.company_id = of_company and t.state = 'confirmed' and t.period_end = period.first_day - 1;
  same_year := coalesce(extract(year from before.period_end) = extract(year from period.first_day), false);
  select * into s from billing.vat_settlement as t
  where t.company_id = of_company and t.state = 'draft' and t.period_start = period.first_day;
  if not found then
    s.company_id := of_company;
    s.state := 'draft';
    s.purchases_net := 0;
    s.purchases_vat := 0;
    s.tax_credits := 0;
    s.year_credit := case when before.vat_settlement_id is not null and not same_year then greatest(-before.result_amount, 0) else 0 end;
    s.advance_amount := billing.vat_advance(of_company, period.last_day, is_quarter);
  end if;
  select * into f from billing.vat_figures(of_company, period.first_day, period.last_day);
  s.period_start := period.first_day;
  s.period_end := period.last_day;
  s.active_net := f.active_net;
  s.passive_net := f.passive_net + s.purchases_net;
  s.due_vat := f.sales_vat + f.reverse_vat + f.collected_vat;
  s.deducted_vat := f.own_purchases_vat + s.purchases_vat;
  s.carried_debt := case when same_year and before.is_carried then before.result_amount else 0 end;
  s.carried_credit := case when same_year then greatest(-before.result_amount, 0) else 0 end;
  s.result_amount := s.due_vat - s.deducted_vat + s.carried_debt - s.carried_credit - s.year_credit - s.tax_credits;
  s.interest_amount := case when is_quarter and extract(month from period.last_day) <> 12
    then round(greatest(s.result_amount, 0) * coalesce(base.rate_on(of_company, 'vat_quarter_interest', period.last_day), 1) / 100, 2) else 0 end;
  s.result_amount := s.result_amount + s.interest_amount - s.advance_amount;
  -- Little debts wait for the next period: of months up to October, of quarters up to June (DPR 100/1998 art. 1 c. 4, DPR 542/1999 art. 7,
  -- D.Lgs. 1/2024 art. 9, D.Lgs. 108/2024 art. 2: the rest goes by 16 December, by 16 November).
  s.is_carried := s.result_amount > 0 and s.result_amount <= coalesce(base.rate_on(of_company, 'vat_minimum_payment', period.last_day), 100)
    and extract(month from period.last_day) <= case when is_quarter then 6 else 10 end;
  s.payable_on := case when s.result_amount > 0 and not s.is_carried then billing.vat_due_on(of_company, period.last_day, is_quarter) end;
  s.snapshot := to_jsonb(f);
  return to_jsonb(s);
end $$;

create or replace function billing.vat_proposal(wanted_company int, day date) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- The settlement with what a screen says of it besides: tribute code, legal due date, advance by the historical method, documents.
declare
  s          billing.vat_settlement;
  is_quarter boolean;
begin
  perform sec.require(wanted_company, 'ledger.read');
  s := jsonb_populate_record(null::billing.vat_settlement, billing.compute_vat(wanted_company, day));
  is_quarter := s.period_end - s.period_start > 40;
  return to_jsonb(s) || jsonb_build_object('is_quarter', is_quarter, 'tribute_code', billing.vat_code_of(s.period_end, is_quarter),
    'due_on', billing.vat_due_on(wanted_company, s.period_end, is_quarter),
    'advance_proposal', billing.vat_advance(wanted_company, s.period_end, is_quarter));
end $$;

create or replace function billing.save_vat(
  wanted_company int, day date, purchases_net numeric, purchases_vat numeric, year_credit numeric, tax_credits numeric, advance numeric) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Keeps the amounts that the books do not know: purchases of suppliers, credits, the advance paid.
declare
  period record;
begin
  perform sec.require(wanted_company, 'ledger.vat');
  select * into period from billing.vat_period(wanted_company, day);
  if exists (select from billing.vat_settlement as s where s.company_id = wanted_company and s.state = 'confirmed' and s.period_end >= period.first_day) then
    perform sec.refuse('CM156', 'vat_settled_already');
  end if;
  if num_nulls(day, purchases_net, purchases_vat, year_credit, tax_credits, advance) > 0 or least(year_credit, tax_credits, advance) < 0 then
    perform sec.refuse('CM157', 'vat_amounts');
  end if;
  return billing.write_vat(wanted_company, period.first_day, period.last_day, purchases_net, purchases_vat, year_credit, tax_credits, advance);
end $$;

create or replace function billing.write_vat(of_company int, first_day date, last_day date, net numeric, vat numeric, credit numeric, taxes numeric,
  advance numeric) returns bigint
language sql security definer set search_path = '' as $$
-- The draft of a period. For functions that have checked the right and the amounts themselves.
  insert into billing.vat_settlement as s (company_id, period_start, period_end, purchases_net, purchases_vat, year_credit, tax_credits,
    advance_amount, created_by)
  values (of_company, first_day, last_day, net, vat, credit, taxes, advance, sec.person_id())
  on conflict (company_id, period_start) where state <> 'reopened' do update
  set period_end = excluded.period_end, purchases_net = excluded.purchases_net, purchases_vat = excluded.purchases_vat,
      year_credit = excluded.year_credit, tax_credits = excluded.tax_credits, advance_amount = excluded.advance_amount
  returning vat_settlement_id
$$;

create or replace function billing.confirm_vat(wanted_company int, day date, expected numeric) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Freezes the settlement of a period with its figures and the totals of its registers, and posts it. Periods go one after the other, each once
-- it is over; refused when the result is not the expected one any more. Numbering of documents waits meanwhile.
declare
  s billing.vat_settlement;
begin
  perform sec.require(wanted_company, 'ledger.vat');
  if day is null then
    perform sec.refuse('CM157', 'vat_amounts');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('billing.vat_settlement', wanted_company));
  perform from base.document_counter as c where c.company_id = wanted_company order by c.document_series_id, c.year for update;
  s := jsonb_populate_record(null::billing.vat_settlement, billing.compute_vat(wanted_company, day));
  if s.state = 'confirmed' or exists (select from billing.vat_settlement as t
                                      where t.company_id = wanted_company and t.state = 'confirmed' and t.period_end >= s.period_start) then
    perform sec.refuse('CM156', 'vat_settled_already');
  end if;
  if s.period_end >= current_date then
    perform sec.refuse('CM152', 'month_not_over', jsonb_build_object('on', s.period_end));
  end if;
  if exists (select from billing.vat_settlement as t where t.company_id = wanted_company and t.state = 'confirmed')
     and not exists (select from billing.vat_settlement as t
                     where t.company_id = wanted_company and t.state = 'confirmed' and t.period_end = s.period_start - 1) then
    perform sec.refuse('CM158', 'earlier_period_open');
  end if;
  if s.result_amount is distinct from expected then
    perform sec.refuse('CM159', 'vat_changed', jsonb_build_object('result', s.result_amount::text));
  end if;
  return billing.freeze_vat(wanted_company, to_jsonb(s));
end $$;

create or replace function billing.freeze_vat(of_company int, settlement jsonb) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Writes a computed settlement as confirmed, with the totals of its registers, and posts it. The caller has checked that it may be.
declare
  s    billing.vat_settlement := jsonb_populate_record(null::billing.vat_settlement, settlement);
  made bigint;
begin
  made := billing.write_vat(of_company, s.period_start, s.period_end, s.purchases_net, s.purchases_vat, s.year_credit, s.tax_credits, s.advance_amount);
  update billing.vat_settlement as t
  set state = 'confirmed', active_net = s.active_net, passive_net = s.passive_net, due_vat = s.due_vat, deducted_vat = s.deducted_vat,
      carried_debt = s.carried_debt, carried_credit = s.carried_credit, interest_amount = s.interest_amount, result_amount = s.result_amount,
      is_carried = s.is_carried, payable_on = s.payable_on, confirmed_at = now(), confirmed_by = sec.person_id(),
      snapshot = s.snapshot || jsonb_build_object('registers', billing.vat_snapshot(of_company, s.period_start, s.period_end))
  where t.company_id = of_company and t.vat_settlement_id = made;
  perform billing.post_vat(of_company, made, 'vat_settlement', false);
  return made;
end $$;

create or replace function billing.reopen_vat(wanted_company int, day date, reason text) returns void
language plpgsql security definer set search_path = '' as $$
-- The last confirmed settlement was wrong: its entry is reversed, its amounts are a draft again; what was confirmed stays on record.
declare
  s billing.vat_settlement;
begin
  perform sec.require(wanted_company, 'ledger.vat');
  perform pg_advisory_xact_lock(hashtextextended('billing.vat_settlement', wanted_company));
  select * into s from billing.vat_settlement as t
  where t.company_id = wanted_company and t.state = 'confirmed' order by t.period_end desc limit 1;
  if s.vat_settlement_id is null or day is null or day not between s.period_start and s.period_end or btrim(coalesce(reason, '')) = '' then
    perform sec.refuse('CM156', 'vat_settled_already');
  end if;
  perform billing.post_vat(wanted_company, s.vat_settlement_id, 'vat_reopened', true);
  update billing.vat_settlement as t set state = 'reopened', snapshot = s.snapshot || jsonb_build_object('reopened', reason)
  where t.company_id = wanted_company and t.vat_settlement_id = s.vat_settlement_id;
  perform billing.write_vat(wanted_company, s.period_start, s.period_end, s.purchases_net, s.purchases_vat, s.year_credit, s.tax_credits,
    s.advance_amount);
end $$;

create or replace function billing.vat_snapshot(of_company int, first_day date, last_day date) returns jsonb
language sql stable security definer set search_path = '' as $$
-- The totals of every register as they stood: what a later look is compared with.
  select coalesce(jsonb_agg(to_jsonb(t) order by t.register, t.series, t.code), '[]')
  from (select k.register, s.code as series, r.code, r.rate, r.nature, r.exigibility, count(distinct r.invoice_id) as documents,
               sum(r.net_amount) as net, sum(r.vat_amount) as vat
        from (values ('sales'), ('purchases'), ('collected')) as k(register)
        cross join lateral billing.vat_rows(of_company, k.register, null, first_day, last_day) as r
        join base.document_series as s on s.company_id = of_company and s.document_series_id = r.document_series_id
        group by 1, 2, 3, 4, 5, 6) as t
$$;

create or replace function billing.post_vat(of_company int, settlement bigint, wanted_source text, is_reversal boolean) returns void
language plpgsql security definer set search_path = '' as $$
-- VAT of sales (with the split part, which the customer owes the State) and of purchases, interest: against the account of the tax office.
declare
  s     billing.vat_settlement;
  r     jsonb;
  entry bigint;
begin
  select * into s from billing.vat_settlement where company_id = of_company and vat_settlement_id = settlement;
  r := ledger.accounts_by_role(of_company, array['vat_sales', 'vat_split', 'vat_purchases', 'vat_due', 'vat_interest']);
  if (s.due_vat, s.deducted_vat, s.interest_amount, (s.snapshot ->> 'split_vat')::numeric) = (0, 0, 0, 0) then
    return;
  end if;
  insert into ledger.journal_entry (company_id, on_date, description, source, source_id, created_by)
  values (of_company, s.period_end, case when is_reversal then 'Storno liquidazione IVA ' else 'Liquidazione IVA ' end
    || to_char(s.period_start, 'DD/MM/YYYY') || ' – ' || to_char(s.period_end, 'DD/MM/YYYY'), wanted_source, settlement, sec.person_id())
  returning journal_entry_id into entry;
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, debit_amount, credit_amount, created_by)
  select of_company, entry, l.line_no, (r ->> l.role)::bigint, greatest(l.amount, 0), greatest(-l.amount, 0), sec.person_id()
  from (select n.line_no, n.role, n.amount * case when is_reversal then -1 else 1 end as amount
        from (values (1, 'vat_sales', s.due_vat + (s.snapshot ->> 'split_vat')::numeric), (2, 'vat_split', -(s.snapshot ->> 'split_vat')::numeric),
                     (3, 'vat_purchases', -s.deducted_vat), (4, 'vat_interest', s.interest_amount),
                     (5, 'vat_due', -(s.due_vat - s.deducted_vat + s.interest_amount))) as n(line_no, role, amount)) as l
  where l.amount <> 0;
end $$;

grant execute on function billing.vat_proposal(int, date), billing.save_vat(int, date, numeric, numeric, numeric, numeric, numeric),
  billing.confirm_vat(int, date, numeric), billing.reopen_vat(int, date, text) to cms_people;
