-- role: cms_bookkeeper
-- Credit notes: what is left to credit, the check under lock, setting off and letting periods go, credit notes of a whole run.

create or replace function billing.left_to_credit(wanted_company int, invoices bigint[])
returns table (invoice_id bigint, line_no smallint, vat_code_id bigint, left_amount numeric)
language sql stable set search_path = '' rows 1000 as $$
-- What issued credit notes have left of issued invoices, line by line. Where a credit note took an amount off without naming a line, what is
-- left of that VAT code as a whole (line_no null). Runs as the caller: policies hold.
  with line as (
    select l.invoice_id, l.line_no, l.vat_code_id, l.line_amount
    from billing.invoice_line as l
    join billing.invoice as i on i.company_id = l.company_id and i.invoice_id = l.invoice_id
    where l.company_id = wanted_company and l.invoice_id = any (invoices) and i.state = 'issued' and i.document_type <> 'TD04'),
  credit as (
    select c.credited_invoice_id as invoice_id, c.credited_line_no as line_no, c.vat_code_id, sum(c.line_amount) as amount
    from billing.invoice_line as c
    join billing.invoice as n on n.company_id = c.company_id and n.invoice_id = c.invoice_id and n.state = 'issued'
    where c.company_id = wanted_company and c.credited_invoice_id = any (invoices)
    group by 1, 2, 3),
  loose as (select distinct c.invoice_id, c.vat_code_id from credit as c where c.line_no is null)
  select l.invoice_id, l.line_no, l.vat_code_id, l.line_amount + coalesce(c.amount, 0)
  from line as l left join credit as c on c.invoice_id = l.invoice_id and c.line_no = l.line_no
  where l.line_amount + coalesce(c.amount, 0) <> 0
    and not exists (select from loose as o where o.invoice_id = l.invoice_id and o.vat_code_id = l.vat_code_id)
  union all
  select t.invoice_id, null, t.vat_code_id, sum(t.amount)
  from (select l.invoice_id, l.vat_code_id, l.line_amount as amount from line as l
        union all select c.invoice_id, c.vat_code_id, c.amount from credit as c) as t
  where exists (select from loose as o where o.invoice_id = t.invoice_id and o.vat_code_id = t.vat_code_id)
  group by t.invoice_id, t.vat_code_id having sum(t.amount) <> 0
$$;

create or replace function billing.check_credits(wanted_company int, crediting bigint[]) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- The invoices that these credit notes credit are locked, in order: who credits the same ones waits. They are issued invoices of the same
-- customer, not later than the note, and nothing is credited twice: no line, and no VAT code of an invoice, beyond what it was.
declare
  wrong record;
begin
  perform from billing.invoice
  where company_id = wanted_company and invoice_id in (
    select credited_invoice_id from billing.invoice_line where company_id = wanted_company and invoice_id = any (crediting))
  order by invoice_id for no key update;
  select o.document_number into wrong
  from billing.invoice as n
  join billing.invoice_line as l on l.company_id = n.company_id and l.invoice_id = n.invoice_id
  left join billing.invoice as o on o.company_id = l.company_id and o.invoice_id = l.credited_invoice_id
  where n.company_id = wanted_company and n.invoice_id = any (crediting)
    and (case when o.invoice_id is null then exists (
                select from billing.invoice_reference as r
                left join billing.invoice as k on k.company_id = n.company_id and k.customer_id = n.customer_id and k.document_number = r.number
                where r.company_id = n.company_id and r.invoice_id = n.invoice_id and r.kind = 'invoice'
                  and (r.referred_invoice_id is not null or k.invoice_id is not null))
              else o.state <> 'issued' or o.document_type = 'TD04' or o.customer_id is distinct from n.customer_id
                   or o.document_on > n.document_on end)
  limit 1;
  if found then
    perform sec.refuse('CM115', 'credited_document', jsonb_build_object('number', coalesce(wrong.document_number, '')));
  end if;
  select o.document_number, t.line_no into wrong
  from (
    select c.credited_invoice_id, c.credited_line_no as line_no, l.line_amount as amount, sum(c.line_amount) as credited
    from billing.invoice_line as c
    join billing.invoice as n on n.company_id = c.company_id and n.invoice_id = c.invoice_id and (n.state = 'issued' or n.invoice_id = any (crediting))
    left join billing.invoice_line as l on l.company_id = c.company_id and l.invoice_id = c.credited_invoice_id and l.line_no = c.credited_line_no
    where c.company_id = wanted_company and c.credited_line_no is not null and c.credited_invoice_id in (
      select credited_invoice_id from billing.invoice_line where company_id = wanted_company and invoice_id = any (crediting))
    group by c.credited_invoice_id, c.credited_line_no, l.line_amount
    union all
    select c.credited_invoice_id, null, v.amount, sum(c.line_amount)
    from billing.invoice_line as c
    join billing.invoice as n on n.company_id = c.company_id and n.invoice_id = c.invoice_id and (n.state = 'issued' or n.invoice_id = any (crediting))
    cross join lateral (select sum(l.line_amount) as amount from billing.invoice_line as l
                        where l.company_id = c.company_id and l.invoice_id = c.credited_invoice_id and l.vat_code_id = c.vat_code_id) as v
    where c.company_id = wanted_company and c.credited_invoice_id in (
      select credited_invoice_id from billing.invoice_line where company_id = wanted_company and invoice_id = any (crediting))
    group by c.credited_invoice_id, c.vat_code_id, v.amount) as t
  join billing.invoice as o on o.company_id = wanted_company and o.invoice_id = t.credited_invoice_id
  where t.amount is null or (t.credited <> 0 and (sign(t.credited) = sign(t.amount) or abs(t.credited) > abs(t.amount)))
  order by t.line_no nulls last limit 1;
  if found then
    perform sec.refuse('CM114', 'credited_too_much', jsonb_build_object('number', wrong.document_number, 'line', coalesce(wrong.line_no, 0)));
  end if;
end $$;

create or replace function billing.settle_credits(wanted_company int, day date) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Part of billing.issue_set, whose table `issued` it reads. Credit notes that say so let go the periods that are credited in full, and are set
-- off against what is open of their invoices, due first first: a payment in which no money moves, one for each note.
begin
  update billing.invoice_line as o set holds_period = false
  from (select l.credited_invoice_id, l.credited_line_no
        from issued as n
        join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = n.invoice_id and i.releases_periods
        join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = n.invoice_id and l.credited_line_no is not null
        group by 1, 2) as c
  where o.company_id = wanted_company and o.invoice_id = c.credited_invoice_id and o.line_no = c.credited_line_no and o.holds_period
    and o.service_id is not null
    and o.line_amount = (select -sum(k.line_amount) from billing.invoice_line as k
                         join billing.invoice as m on m.company_id = k.company_id and m.invoice_id = k.invoice_id and m.state = 'issued'
                         where k.company_id = wanted_company and k.credited_invoice_id = o.invoice_id and k.credited_line_no = o.line_no);
  create temp table credit_item on commit drop as
    select n.invoice_id, n.document_number, n.customer_id, c.open_item_id, -c.open_amount as amount,
           nextval('ledger.payment_payment_id_seq') as payment_id
    from issued as n
    join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = n.invoice_id and i.compensates
    join ledger.open_item as c on c.company_id = wanted_company and c.source = 'invoice' and c.source_id = n.invoice_id;
  perform from ledger.open_item
  where company_id = wanted_company and source = 'invoice' and settled_amount <> amount and source_id in (
    select l.credited_invoice_id from credit_item as c
    join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = c.invoice_id)
  order by open_item_id for update;
  create temp table set_off on commit drop as
    select * from (
      select c.payment_id, d.open_item_id, c.open_item_id as credit_item_id,
             least(d.open_amount, c.amount - coalesce(sum(d.open_amount) over (
               partition by c.payment_id order by d.due_on, d.open_item_id rows between unbounded preceding and 1 preceding), 0)) as amount
      from credit_item as c
      cross join lateral (select distinct l.credited_invoice_id from billing.invoice_line as l
                          where l.company_id = wanted_company and l.invoice_id = c.invoice_id) as l
      join ledger.open_item as d on d.company_id = wanted_company and d.source = 'invoice' and d.source_id = l.credited_invoice_id
        and d.open_amount > 0) as t
    where t.amount > 0;
  insert into ledger.payment (company_id, payment_id, customer_id, on_date, method, amount, kind, reference, description, created_by)
  overriding system value
  select wanted_company, c.payment_id, c.customer_id, day, 'MP22', 0, 'compensation', c.document_number, 'Compensazione', sec.person_id()
  from credit_item as c where exists (select from set_off as s where s.payment_id = c.payment_id) order by c.payment_id;
  insert into ledger.allocation (company_id, payment_id, open_item_id, amount, on_date, created_by)
  select wanted_company, s.payment_id, s.open_item_id, s.amount, day, sec.person_id() from set_off as s
  union all
  select wanted_company, s.payment_id, s.credit_item_id, -sum(s.amount), day, sec.person_id() from set_off as s group by s.payment_id, s.credit_item_id
  order by 2, 3;
  drop table credit_item, set_off;
end $$;

create or replace function billing.credit_run(
  wanted_company int, run bigint, series bigint, document_on date, reason text, compensates boolean, releases_periods boolean) returns bigint
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Prepares the credit notes of a whole issued run, for what is left of each invoice: a run of its own, looked at and issued like any other.
declare
  credited billing.billing_run;
  made     bigint;
begin
  perform sec.require(wanted_company, 'billing.prepare');
  credited := billing.lock_run(wanted_company, run, 'issued');
  if credited.credits_run_id is not null or document_on is null or document_on < credited.document_on
     or not billing.series_takes(wanted_company, series, 'TD04') then
    perform sec.refuse('CM116', 'run_credit', jsonb_build_object('number', credited.number, 'on', credited.document_on));
  end if;
  raise notice 'progress 1/4 due';
  create temp table remaining on commit drop as
    select r.invoice_id, r.line_no, r.vat_code_id, r.left_amount, null::bigint as note_id
    from billing.left_to_credit(wanted_company, array(
      select invoice_id from billing.invoice where company_id = wanted_company and billing_run_id = run)) as r;
  if not exists (select from remaining) then
    perform sec.refuse('CM116', 'run_credit', jsonb_build_object('number', credited.number, 'on', credited.document_on));
  end if;
  insert into billing.billing_run (company_id, number, title, state, period_start, period_end, document_on, document_series_id, grouping,
    credits_run_id, created_by)
  values (wanted_company, 'L-' || extract(year from document_on) || '/'
            || lpad(base.next_internal_number(wanted_company, 'billing.run', extract(year from document_on)::int)::text, 4, '0'),
    'Storno di ' || credited.number || ' ' || credited.title, 'preview', credited.period_start, credited.period_end, document_on, series,
    credited.grouping, run, sec.person_id())
  returning billing_run_id into made;
  perform billing.write_credits(wanted_company, made, series, document_on, reason, compensates, releases_periods);
  drop table remaining;
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, made);
  return made;
end $$;

create or replace function billing.write_credits(
  wanted_company int, run bigint, series bigint, document_on date, reason text, compensates boolean, releases_periods boolean) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Part of billing.credit_run, whose table `remaining` it reads: one credit note for each invoice, with the buyer as the invoice had them.
begin
  update remaining as r set note_id = n.note_id
  from (select invoice_id, nextval('billing.invoice_invoice_id_seq') as note_id
        from (select distinct invoice_id from remaining order by 1) as d) as n
  where n.invoice_id = r.invoice_id;
  analyze remaining;
  raise notice 'progress 2/4 documents';
  insert into billing.invoice (company_id, invoice_id, billing_run_id, document_type, state, document_series_id, year, document_on, customer_id,
    contract_id, payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount, notes, language, compensates, releases_periods,
    created_by)
  overriding system value
  select wanted_company, n.note_id, run, 'TD04', 'draft', series, extract(year from write_credits.document_on)::int, write_credits.document_on, o.customer_id,
         o.contract_id, o.payment_term_id, o.buyer, 0, 0, 0, 0, coalesce(reason, ''), o.language, coalesce(write_credits.compensates, false),
         coalesce(write_credits.releases_periods, false), sec.person_id()
  from (select distinct invoice_id, note_id from remaining) as n
  join billing.invoice as o on o.company_id = wanted_company and o.invoice_id = n.invoice_id
  order by n.note_id;
  insert into billing.invoice_reference (company_id, invoice_id, position, kind, number, on_date, referred_invoice_id, created_by)
  select wanted_company, n.note_id, 1, 'invoice', o.document_number, o.document_on, o.invoice_id, sec.person_id()
  from (select distinct invoice_id, note_id from remaining) as n
  join billing.invoice as o on o.company_id = wanted_company and o.invoice_id = n.invoice_id;
  insert into billing.invoice_withholding (company_id, invoice_id, position, kind, reason, rate, share, created_by)
  select wanted_company, n.note_id, w.position, w.kind, w.reason, w.rate, w.share, sec.person_id()
  from (select distinct invoice_id, note_id from remaining) as n
  join billing.invoice_withholding as w on w.company_id = wanted_company and w.invoice_id = n.invoice_id;
  raise notice 'progress 3/4 writing';
  insert into billing.invoice_line (company_id, invoice_id, line_no, service_id, holds_period, description, period_start, period_end, quantity, unit,
    unit_price, line_amount, vat_code_id, line_kind, is_withheld, service_type_id, site_id, account_id, credited_invoice_id, credited_line_no,
    created_by)
  select wanted_company, r.note_id, row_number() over (partition by r.note_id order by r.line_no, r.vat_code_id), l.service_id, false,
         coalesce(l.description, 'Storno del residuo'), l.period_start, l.period_end, coalesce(l.quantity, 1), coalesce(l.unit, ''),
         round(r.left_amount / coalesce(l.quantity, 1), 8), -r.left_amount, r.vat_code_id, coalesce(l.line_kind, ''),
         coalesce(l.is_withheld, false), l.service_type_id, l.site_id, l.account_id, r.invoice_id, r.line_no, sec.person_id()
  from remaining as r
  left join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = r.invoice_id and l.line_no = r.line_no
  order by r.note_id;
  perform billing.tax_drafts(wanted_company, array(select distinct note_id from remaining));
end $$;

create or replace function billing.take_periods_back(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- Credit notes that are undone: the lines they credited hold their periods again, unless those were billed anew meanwhile.
begin
  create temp table regained on commit drop as
    select o.* from billing.invoice_line as o
    where o.company_id = wanted_company and not o.holds_period and o.service_id is not null
      and (o.invoice_id, o.line_no) in (
        select l.credited_invoice_id, l.credited_line_no from billing.invoice_line as l
        join billing.invoice as i on i.company_id = l.company_id and i.invoice_id = l.invoice_id
        where i.company_id = wanted_company and i.billing_run_id = run and i.releases_periods);
  if exists (select from regained as r join billing.invoice_line as n on n.company_id = wanted_company and n.service_id = r.service_id
             and n.holds_period and n.period_start <= r.period_end and n.period_end >= r.period_start) then
    perform sec.refuse('CM027', 'run_cannot_be_undone', jsonb_build_object('obstacle', 'billed_again'));
  end if;
  update billing.invoice_line as o set holds_period = true
  from regained as r where o.company_id = wanted_company and o.invoice_id = r.invoice_id and o.line_no = r.line_no;
  drop table regained;
end $$;

grant execute on function billing.left_to_credit(int, bigint[]),
  billing.credit_run(int, bigint, bigint, date, text, boolean, boolean) to cms_people;
