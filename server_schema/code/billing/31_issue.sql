-- role: cms_bookkeeper

create or replace function billing.issue_run(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.issue');
  return billing.issue_documents(wanted_company, run, now());
end $$;

create or replace function billing.issue_documents(wanted_company int, run bigint, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves. Issues the whole run in one transaction, or nothing.
declare
  me       int := sec.person_id();
  this_run billing.billing_run;
  got      jsonb;
begin
  this_run := billing.lock_run(wanted_company, run, 'preview');
  insert into billing.run_exclusion (company_id, billing_run_id, customer_id, contract_id, net_amount, reason, created_by)
  select company_id, billing_run_id, customer_id, contract_id, net_amount, exclusion_reason, me
  from billing.invoice where company_id = wanted_company and billing_run_id = run and is_excluded;
  if found then
    perform billing.delete_documents(wanted_company, run, true);
  end if;
  if this_run.credits_run_id is not null then
    perform billing.check_credits(wanted_company, array(
      select invoice_id from billing.invoice where company_id = wanted_company and billing_run_id = run));
  end if;
  got := billing.issue_set(wanted_company, run, null, this_run.document_series_id, this_run.document_on, moment);
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, run);
  update billing.billing_run
  set state = 'issued', first_number = (got ->> 'first')::bigint, last_number = (got ->> 'last')::bigint, issued_at = moment, issued_by = me
  where company_id = wanted_company and billing_run_id = run;
  return got;
end $$;

create or replace function billing.issue_set(
  wanted_company int, run bigint, invoices bigint[], series_id bigint, day date, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = '' set work_mem = '128MB' set default_statistics_target = 10 as $$
-- Numbers, issues, posts and opens the items of the drafts of a run, or of some documents made by hand, all of one series and day and locked
-- by the caller. The table `issued` is what posting and items read.
declare
  me    int := sec.person_id();
  code  text := (select s.code from base.document_series as s where s.company_id = wanted_company and s.document_series_id = series_id);
  first bigint;
  many  int;
begin
  select count(*) into many from billing.invoice as i
  where i.company_id = wanted_company and (run is null or i.billing_run_id = run) and (run is not null or i.invoice_id = any (invoices));
  if many = 0 then
    perform sec.refuse('CM026', 'nothing_to_issue');
  end if;
  raise notice 'progress 1/4 numbers';
  first := base.take_document_numbers(wanted_company, series_id, day, many);
  create temp table issued on commit drop as
    select invoice_id, nextval('ledger.journal_entry_journal_entry_id_seq') as entry_id, place as number,
           code || ' ' || year || '/' || place as document_number, document_on, document_type, customer_id, payment_term_id,
           document_type <> 'TD01' or billing_run_id is null or is_stamp_charged or (withholding_amount, fund_amount, rounding_amount) <> (0, 0, 0)
             as is_special,
           coalesce(supplier, buyer) ->> 'name' as name, net_amount, vat_amount, payable_amount
    from (select *, first - 1 + row_number() over (order by invoice_id) as place
          from billing.invoice as i
          where i.company_id = wanted_company and (run is null or i.billing_run_id = run) and (run is not null or i.invoice_id = any (invoices))
          order by invoice_id) as i;
  analyze issued (invoice_id, entry_id, payment_term_id);
  update billing.invoice as i
  set state = 'issued', number = n.number, document_number = n.document_number, issued_at = moment, issued_by = me
  from issued as n where i.company_id = wanted_company and (run is null or i.billing_run_id = run) and i.invoice_id = n.invoice_id;
  raise notice 'progress 2/4 posting';
  perform billing.post_invoices(wanted_company, run);
  raise notice 'progress 3/4 items';
  perform billing.open_items(wanted_company, day);
  if exists (select from issued where document_type = 'TD04') then
    perform billing.settle_credits(wanted_company, day);
  end if;
  drop table issued;
  return jsonb_build_object('first', first, 'last', first + many - 1, 'count', many, 'series', code);
end $$;

drop function if exists billing.open_items(int, bigint);
create or replace function billing.open_items(wanted_company int, day date) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.issue_set, whose table `issued` it reads: its invoices, which this transaction has locked, hold their customers.
-- One open item per instalment of the payment term; the last takes the rounding remainder, so their sum is what is due. Months in which
-- nothing falls due are the customer's own, else those of the term. A credit note is one negative item, due on its day.
declare
  me int := sec.person_id();
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
        cross join lateral (select base.due_on(day, n.days, n.rule, n.fixed_day) as plain_due_on) as d
        where n.company_id = wanted_company) as t on t.payment_term_id = i.payment_term_id
  cross join lateral (select case when not t.is_last then round(i.payable_amount * t.share / 100, 2)
    when t.shares_before is null then i.payable_amount
    else i.payable_amount - (select sum(round(i.payable_amount * s / 100, 2)) from unnest(t.shares_before) as s) end as amount) as p
  where p.amount <> 0 and i.document_type <> 'TD04'
  order by i.invoice_id, t.position;
  insert into ledger.open_item (company_id, customer_id, source, source_id, installment, document_number, document_on, due_on, method, amount, created_by)
  select wanted_company, i.customer_id, 'invoice', i.invoice_id, 1, i.document_number, i.document_on, i.document_on,
         m.method, i.payable_amount, me
  from issued as i join base.payment_term as m on m.company_id = wanted_company and m.payment_term_id = i.payment_term_id
  where i.document_type = 'TD04' and i.payable_amount <> 0;
end $$;

grant execute on function billing.issue_run(int, bigint) to cms_people;
