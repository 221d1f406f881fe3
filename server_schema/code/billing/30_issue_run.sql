-- role: cms_bookkeeper

create or replace function billing.exclude_invoices(wanted_company int, run bigint, invoices bigint[], reason text) returns int
language plpgsql security definer set search_path = '' as $$
-- Takes drafts out of the run (reason given) or back in (reason empty; not those blocked for a missing datum).
declare
  changed int;
begin
  perform sec.require(wanted_company, 'billing.prepare');
  update billing.invoice set is_excluded = reason <> '', exclusion_reason = reason
  where company_id = wanted_company and billing_run_id = run and state = 'draft' and invoice_id = any (invoices)
    and exclusion_reason not in ('fiscal_code_missing', 'address_incomplete', 'office_code_missing', 'recipient_code_wrong', 'payment_term_missing');
  get diagnostics changed = row_count;
  perform billing.sum_run(wanted_company, run);
  return changed;
end $$;

create or replace function billing.discard_run(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.prepare');
  perform billing.lock_run(wanted_company, run, 'preview');
  perform billing.delete_documents(wanted_company, run);
  update billing.billing_run set state = 'discarded' where company_id = wanted_company and billing_run_id = run;
end $$;

create or replace function billing.lock_run(wanted_company int, run bigint, wanted_state text) returns billing.billing_run
language plpgsql security definer set search_path = '' as $$
declare
  this_run billing.billing_run;
begin
  select * into this_run from billing.billing_run where company_id = wanted_company and billing_run_id = run for update;
  if this_run.billing_run_id is null or this_run.state <> wanted_state then
    perform sec.refuse('CM025', 'run_state', jsonb_build_object('state', this_run.state, 'number', this_run.number));
  end if;
  return this_run;
end $$;

create or replace function billing.delete_documents(wanted_company int, run bigint, only_excluded boolean default false) returns void
language plpgsql security definer set search_path = '' as $$
begin
  create temp table doomed on commit drop as
    select invoice_id from billing.invoice
    where company_id = wanted_company and billing_run_id = run and (is_excluded or not only_excluded);
  delete from billing.invoice_vat where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice_line where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.transmission where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  drop table doomed;
end $$;

create or replace function billing.issue_run(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.issue');
  return billing.issue_documents(wanted_company, run, now());
end $$;

create or replace function billing.issue_documents(wanted_company int, run bigint, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = '' set work_mem = '128MB' set default_statistics_target = 10 as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves.
-- Numbers, issues, posts and opens the items of the whole run in one transaction. All of it or nothing.
declare
  me      int := sec.person_id();
  this_run billing.billing_run;
  series  text;
  first   bigint;
  many    int;
begin
  this_run := billing.lock_run(wanted_company, run, 'preview');
  insert into billing.run_exclusion (company_id, billing_run_id, customer_id, contract_id, net_amount, reason, created_by)
  select company_id, billing_run_id, customer_id, contract_id, net_amount, exclusion_reason, me
  from billing.invoice where company_id = wanted_company and billing_run_id = run and is_excluded;
  if found then
    perform billing.delete_documents(wanted_company, run, true);
  end if;
  select count(*) into many from billing.invoice where company_id = wanted_company and billing_run_id = run;
  if many = 0 then
    perform sec.refuse('CM026', 'nothing_to_issue');
  end if;
  raise notice 'progress 1/4 numbers';
  first := base.take_document_numbers(wanted_company, this_run.document_series_id, this_run.document_on, many);
  select code into series from base.document_series where company_id = wanted_company and document_series_id = this_run.document_series_id;
  create temp table issued on commit drop as
    select invoice_id, nextval('ledger.journal_entry_journal_entry_id_seq') as entry_id, place as number,
           series || ' ' || year || '/' || place as document_number, document_on, customer_id, payment_term_id, buyer ->> 'name' as name,
           net_amount, vat_amount, payable_amount
    from (select *, first - 1 + row_number() over (order by invoice_id) as place
          from billing.invoice where company_id = wanted_company and billing_run_id = run order by invoice_id) as i;
  analyze issued (invoice_id, entry_id, payment_term_id);
  update billing.invoice as i
  set state = 'issued', number = n.number, document_number = n.document_number, issued_at = moment, issued_by = me
  from issued as n where i.company_id = wanted_company and i.billing_run_id = run and i.invoice_id = n.invoice_id;
  raise notice 'progress 2/4 posting';
  perform billing.post_invoices(wanted_company, run);
  raise notice 'progress 3/4 items';
  perform billing.open_items(wanted_company, run);
  drop table issued;
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, run);
  update billing.billing_run
  set state = 'issued', first_number = first, last_number = first + many - 1, issued_at = moment, issued_by = me
  where company_id = wanted_company and billing_run_id = run;
  return jsonb_build_object('first', first, 'last', first + many - 1, 'count', many, 'series', series);
end $$;

create or replace function billing.post_invoices(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.issue_documents, whose table `issued` it reads: its invoices, which this transaction has locked, hold their customers.
-- Receivable (what the customer pays) and split VAT on the left; revenue, VAT due now and VAT due on collection on the right.
declare
  me int := sec.person_id();
  r  jsonb := ledger.accounts_by_role(wanted_company, array['receivable', 'revenue', 'vat_sales', 'vat_suspended', 'vat_split']);
begin
  perform billing.hold(wanted_company, 'ledger.account', 'account_id', format('select value::bigint from jsonb_each_text(%L)', r));
  insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, created_by)
  overriding system value
  select wanted_company, entry_id, document_on, 'Fattura ' || document_number || ' ' || name, 'invoice', invoice_id, me
  from issued order by entry_id;
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, created_by)
  select wanted_company, i.entry_id, l.line_no, l.account_id, case l.line_no when 1 then i.customer_id end, l.debit, l.credit, me
  from issued as i
  left join (select v.invoice_id, coalesce(sum(v.vat_amount) filter (where v.exigibility = 'S'), 0) as split,
                    coalesce(sum(v.vat_amount) filter (where v.exigibility = 'D'), 0) as later
             from billing.invoice_vat as v
             join billing.invoice as o on o.company_id = wanted_company and o.billing_run_id = run and o.invoice_id = v.invoice_id
             where v.company_id = wanted_company and v.exigibility <> 'I'
             group by v.invoice_id) as v on v.invoice_id = i.invoice_id
  cross join lateral (values
    (1, (r ->> 'receivable')::bigint,    i.payable_amount,                    0::numeric),
    (2, (r ->> 'vat_split')::bigint,     coalesce(v.split, 0),                0::numeric),
    (3, (r ->> 'revenue')::bigint,       0::numeric,                          i.net_amount),
    (4, (r ->> 'vat_sales')::bigint,     0::numeric,                          i.vat_amount - coalesce(v.later, 0)),
    (5, (r ->> 'vat_suspended')::bigint, 0::numeric,                          coalesce(v.later, 0))
  ) as l(line_no, account_id, debit, credit)
  where l.debit <> 0 or l.credit <> 0
  order by i.entry_id, l.line_no;
end $$;

create or replace function billing.open_items(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.issue_documents, whose table `issued` it reads: its invoices, which this transaction has locked, hold their customers.
-- One open item per instalment of the payment term; the last takes the rounding remainder, so their sum is what is due. Months in which
-- nothing falls due are the customer's own, else those of the term.
declare
  me      int := sec.person_id();
  doc_on  date := (select document_on from billing.billing_run where company_id = wanted_company and billing_run_id = run);
begin
  insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, due_on, method, amount, created_by)
  select wanted_company, i.customer_id, 'invoice', i.invoice_id, t.position, i.document_number, i.document_on,
         case when k.skipped_months = '{}' then t.due_on else base.skip_months(t.plain_due_on, k.skipped_months, k.skipped_to_day) end,
         t.method, p.amount, me
  from issued as i
  join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
  join (select n.payment_term_id, n.position, n.share, m.method, d.plain_due_on,
               base.skip_months(d.plain_due_on, m.skipped_months, m.skipped_to_day) as due_on,
               n.position = max(n.position) over (partition by n.payment_term_id) as is_last,
               array_agg(n.share) over (partition by n.payment_term_id order by n.position
                                        rows between unbounded preceding and 1 preceding) as shares_before
        from base.payment_installment as n join base.payment_term as m using (company_id, payment_term_id)
        cross join lateral (select base.due_on(doc_on, n.days, n.rule, n.fixed_day) as plain_due_on) as d
        where n.company_id = wanted_company) as t on t.payment_term_id = i.payment_term_id
  cross join lateral (select case when not t.is_last then round(i.payable_amount * t.share / 100, 2)
    when t.shares_before is null then i.payable_amount
    else i.payable_amount - (select sum(round(i.payable_amount * s / 100, 2)) from unnest(t.shares_before) as s) end as amount) as p
  where p.amount <> 0
  order by i.invoice_id, t.position;
end $$;

create or replace function billing.undo_run(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Takes an issued run back as a whole: possible while nothing was sent, collected or presented, and while its numbers are the last of the series.
declare
  this_run billing.billing_run;
  counter  base.document_counter;
  obstacle text;
begin
  perform sec.require(wanted_company, 'billing.undo');
  this_run := billing.lock_run(wanted_company, run, 'issued');
  select * into counter from base.document_counter
  where company_id = wanted_company and document_series_id = this_run.document_series_id and year = extract(year from this_run.document_on) for update;
  create temp table undone on commit drop as
    select invoice_id from billing.invoice where company_id = wanted_company and billing_run_id = run;
  obstacle := case
    when counter.last_number <> this_run.last_number then 'later_numbers'
    when exists (select from billing.transmission where company_id = wanted_company and state <> 'ready'
                 and invoice_id in (select invoice_id from undone)) then 'sent'
    when exists (select from ledger.open_item where company_id = wanted_company and source = 'invoice' and settled_amount <> 0
                 and source_id in (select invoice_id from undone)) then 'collected'
    else '' end;
  if obstacle <> '' then
    perform sec.refuse('CM027', 'run_cannot_be_undone', jsonb_build_object('obstacle', obstacle));
  end if;
  begin
    delete from ledger.open_item where company_id = wanted_company and source = 'invoice' and source_id in (select invoice_id from undone);
  exception when foreign_key_violation then  -- something above the books holds one of them: it was presented to a bank
    perform sec.refuse('CM027', 'run_cannot_be_undone', jsonb_build_object('obstacle', 'presented'));
  end;
  delete from ledger.journal_line where company_id = wanted_company and journal_entry_id in (
    select journal_entry_id from ledger.journal_entry
    where company_id = wanted_company and source = 'invoice' and source_id in (select invoice_id from undone));
  delete from ledger.journal_entry where company_id = wanted_company and source = 'invoice' and source_id in (select invoice_id from undone);
  drop table undone;
  perform billing.delete_documents(wanted_company, run);
  update base.document_counter
  set last_number = this_run.first_number - 1,
      last_document_on = (select max(document_on) from billing.invoice
                          where company_id = wanted_company and document_series_id = this_run.document_series_id
                            and year = counter.year and number is not null)
  where company_id = wanted_company and document_series_id = this_run.document_series_id and year = counter.year;
  update billing.billing_run set state = 'undone' where company_id = wanted_company and billing_run_id = run;
  return jsonb_build_object('count', this_run.invoice_count, 'first', this_run.first_number, 'last', this_run.last_number);
end $$;

grant execute on function billing.exclude_invoices(int, bigint, bigint[], text), billing.discard_run(int, bigint),
  billing.issue_run(int, bigint), billing.undo_run(int, bigint) to cms_people;
