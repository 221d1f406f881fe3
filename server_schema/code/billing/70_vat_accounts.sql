-- role: cms_bookkeeper

create or replace function billing.open_vat_accounts(of_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- The accounts of purchases' VAT, of the tax office and of quarterly interest, unless the company has its own for that role. For the deployer.
begin
  insert into ledger.account (company_id, code, name, kind, role)
  select of_company, a.code, a.name, a.kind, a.role
  from (values ('14.25', 'IVA a credito su acquisti', 'asset', 'vat_purchases'), ('26.05', 'Erario c/IVA', 'liability', 'vat_due'),
               ('66.12', 'Interessi su IVA trimestrale', 'expense', 'vat_interest')) as a(code, name, kind, role)
  where not exists (select from ledger.account as o where o.company_id = of_company and o.role = a.role)
  on conflict (company_id, code) do nothing;
end $$;
grant execute on function billing.open_vat_accounts(int) to cms_deployer, cms_owner;

create or replace function billing.first_open_day(of_company int) returns date
language sql stable security definer set search_path = '' as $$
-- The first day whose VAT is neither settled nor printed for good; null while everything is open.
  select greatest(
    (select max(period_end) + 1 from billing.vat_settlement where company_id = of_company and state = 'confirmed'),
    (select (max(month_on) + interval '1 month')::date from billing.register_print where company_id = of_company and register = 'collected'))
$$;

create or replace function billing.keep_registers() returns trigger
language plpgsql security definer set search_path = '' as $$
-- No document gets or gives back a number with a date in a period that is settled or printed for good: the register would be another one.
declare
  day    date := case when new.last_number > old.last_number then new.last_document_on when new.last_number < old.last_number then old.last_document_on end;
  closed date;
begin
  if day is null then
    return new;
  end if;
  select greatest(
    (select max(period_end) from billing.vat_settlement where company_id = new.company_id and state = 'confirmed'),
    (select (max(month_on) + interval '1 month')::date - 1 from billing.register_print
     where company_id = new.company_id and (document_series_id = new.document_series_id or document_series_id is null and register = 'purchases')))
  into closed;
  if day <= closed then
    perform sec.refuse('CM150', 'vat_period_closed', jsonb_build_object('on', closed, 'day', day));
  end if;
  return new;
end $$;

create or replace function billing.move_deferred_vat() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Nearly no allocation meets an invoice with deferred VAT. Planned anew at each statement: one row or a hundred thousand.
declare
  one record;
begin
  for one in execute
    'select a.company_id, array_agg(a.allocation_id) as allocations
     from rows_now as a
     join ledger.open_item as i on i.company_id = a.company_id and i.open_item_id = a.open_item_id and i.source = ''invoice''
     where exists (select from billing.invoice_vat as v where v.company_id = i.company_id and v.invoice_id = i.source_id and v.exigibility = ''D'')
     group by a.company_id'
  loop
    perform billing.collect_deferred_vat(one.company_id, one.allocations);
  end loop;
  return null;
end $$;

create or replace function billing.collect_deferred_vat(of_company int, allocations bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- VAT of exigibility D (art. 6 c. 5 DPR 633/72, art. 32-bis DL 83/2012) falls due as its invoice is collected, and goes back when an
-- allocation does. What is due in all is always the whole VAT times the settled part, rounded: at full settlement it is exact.
-- It counts on the day of the allocation, or in the first open period when that day is settled already. Two clerks with instalments of
-- the same invoice wait for each other: what the second one reads is what the first one left.
declare
  me   int  := sec.person_id();
  open_on date := billing.first_open_day(of_company);
  r    jsonb := ledger.accounts_by_role(of_company, array['vat_sales', 'vat_suspended']);
begin
  perform from billing.invoice
  where company_id = of_company and invoice_id in (
    select i.source_id from ledger.allocation as a join ledger.open_item as i using (company_id, open_item_id)
    where a.company_id = of_company and a.allocation_id = any (allocations))
  order by invoice_id for no key update;
  with moved as (
    select i.source_id as invoice_id, a.payment_id, a.on_date, min(a.allocation_id) as place, sum(a.amount) as amount
    from ledger.allocation as a join ledger.open_item as i using (company_id, open_item_id)
    where a.company_id = of_company and a.allocation_id = any (allocations) group by 1, 2, 3
  ), step as (
    select m.*, w.total, w.settled - sum(m.amount) over (partition by m.invoice_id)
           + sum(m.amount) over (partition by m.invoice_id order by m.place) as reached
    from moved as m
    join (select source_id as invoice_id, sum(amount) as total, sum(settled_amount) as settled from ledger.open_item
          where company_id = of_company and source = 'invoice' and source_id in (select invoice_id from moved) group by 1) as w using (invoice_id)
    where w.total <> 0
  ), written as (
    insert into billing.vat_collection (company_id, invoice_id, vat_code_id, payment_id, on_date, due_on, net_amount, vat_amount, created_by)
    select of_company, s.invoice_id, v.vat_code_id, s.payment_id, s.on_date, greatest(s.on_date, open_on),
           round(v.net_amount * s.reached / s.total, 2) - round(v.net_amount * (s.reached - s.amount) / s.total, 2),
           round(v.vat_amount * s.reached / s.total, 2) - round(v.vat_amount * (s.reached - s.amount) / s.total, 2), me
    from step as s join billing.invoice_vat as v on v.company_id = of_company and v.invoice_id = s.invoice_id and v.exigibility = 'D'
    order by s.place, v.vat_code_id
    returning *
  ), summed as (
    select min(vat_collection_id) as source_id, payment_id, due_on, sum(vat_amount) as vat
    from written group by payment_id, due_on having sum(vat_amount) <> 0
  ), entry as (
    insert into ledger.journal_entry (company_id, on_date, description, source, source_id, created_by)
    select of_company, due_on, case when vat > 0 then 'IVA differita esigibile per incasso' else 'IVA differita di nuovo sospesa' end,
           'vat_collected', source_id, me
    from summed order by source_id
    returning journal_entry_id, source_id)
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, debit_amount, credit_amount, created_by)
  select of_company, e.journal_entry_id, l.line_no, l.account_id, greatest(l.amount, 0), greatest(-l.amount, 0), me
  from entry as e join summed as s using (source_id)
  cross join lateral (values (1, (r ->> 'vat_suspended')::bigint, s.vat), (2, (r ->> 'vat_sales')::bigint, -s.vat)) as l(line_no, account_id, amount);
end $$;

grant execute on function billing.keep_registers(), billing.move_deferred_vat() to cms_owner;
