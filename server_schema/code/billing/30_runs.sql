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
    and not billing.is_blocking(exclusion_reason) and not billing.is_blocking(reason);
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

create or replace function billing.refresh_run(wanted_company int, run bigint, only_blocked boolean default false, choices jsonb default null)
returns int
language plpgsql security definer set search_path = '' as $$
-- Makes a preview anew from what is due now, under its number; rows that a person left out stay out, with their reason. `only_blocked`: only the
-- rows that could not be issued, whose data may be mended by now. `choices`: other parameters from now on. Returns how many rows are still blocked.
declare
  this_run  billing.billing_run;
  customers bigint[];
begin
  perform sec.require(wanted_company, 'billing.prepare');
  perform pg_advisory_xact_lock(hashtext('billing.prepare_run'), wanted_company);
  this_run := billing.lock_run(wanted_company, run, 'preview');
  if this_run.credits_run_id is not null then  -- what is due has nothing to do with it
    perform sec.refuse('CM116', 'run_credit', jsonb_build_object('number', this_run.number, 'on', this_run.document_on));
  end if;
  if choices is not null then
    update billing.billing_run set parameters = billing.checked_parameters(choices) - 'template'
    where company_id = wanted_company and billing_run_id = run;
  end if;
  create temp table left_out on commit drop as
    select group_key, document_type, exclusion_reason from billing.invoice
    where company_id = wanted_company and billing_run_id = run and is_excluded and not billing.is_blocking(exclusion_reason) and group_key is not null;
  if only_blocked then
    select coalesce(array_agg(distinct customer_id), '{}') into customers from billing.invoice
    where company_id = wanted_company and billing_run_id = run and billing.is_blocking(exclusion_reason);
  end if;
  perform billing.delete_documents(wanted_company, run, only_blocked => only_blocked);
  perform billing.fill_run(wanted_company, run, customers);
  update billing.invoice as i set is_excluded = true, exclusion_reason = o.exclusion_reason
  from left_out as o
  where i.company_id = wanted_company and i.billing_run_id = run and i.group_key = o.group_key and not i.is_excluded;
  if found then
    perform billing.sum_run(wanted_company, run);
  end if;
  drop table left_out;
  update billing.billing_run set refreshed_at = now() where company_id = wanted_company and billing_run_id = run;
  return (select count(*) from billing.invoice where company_id = wanted_company and billing_run_id = run and billing.is_blocking(exclusion_reason));
end $$;

create or replace function billing.retry_run(wanted_company int, run bigint, document_on date) returns bigint
language plpgsql security definer set search_path = '' as $$
-- A run of its own for what an issued one could not issue, with the same parameters, on a date the series still takes.
declare
  this_run billing.billing_run;
begin
  perform sec.require(wanted_company, 'billing.prepare');
  this_run := billing.lock_run(wanted_company, run, 'issued');
  if not exists (select from billing.run_exclusion as e
                 where e.company_id = wanted_company and e.billing_run_id = run and billing.is_blocking(e.reason)) then
    perform sec.refuse('CM126', 'nothing_to_retry', jsonb_build_object('number', this_run.number));
  end if;
  return billing.make_preview(wanted_company, this_run.title, this_run.period_start, this_run.period_end, coalesce(document_on, this_run.document_on),
    this_run.document_series_id, this_run.grouping,
    this_run.parameters || case when this_run.run_template_id is null then '{}' else jsonb_build_object('template', this_run.run_template_id) end, run);
end $$;

create or replace function billing.delete_documents(
  wanted_company int, run bigint, only_excluded boolean default false, only_blocked boolean default false) returns void
language plpgsql security definer set search_path = '' as $$
begin
  create temp table doomed on commit drop as
    select invoice_id from billing.invoice
    where company_id = wanted_company and billing_run_id = run and (is_excluded or not only_excluded)
      and (not only_blocked or billing.is_blocking(exclusion_reason));
  if exists (select from billing.chargeable_item where company_id = wanted_company and invoice_id in (select invoice_id from doomed)) then
    delete from billing.charged_part where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
    update billing.chargeable_item set invoice_id = null, charged_quantity = null, row_version = row_version + 1
    where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  end if;
  delete from billing.invoice_withholding where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice_fund where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice_reference where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice_vat where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice_line where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.transmission where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  delete from billing.invoice where company_id = wanted_company and invoice_id in (select invoice_id from doomed);
  drop table doomed;
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
    when exists (select from billing.invoice_line where company_id = wanted_company and credited_invoice_id in (select invoice_id from undone)) then 'credited'
    when exists (select from billing.transmission where company_id = wanted_company and state <> 'ready'
                 and invoice_id in (select invoice_id from undone)) then 'sent'
    when exists (select from ledger.open_item where company_id = wanted_company and source = 'invoice' and settled_amount <> 0
                 and source_id in (select invoice_id from undone)) then 'collected'
    else '' end;
  if obstacle <> '' then
    perform sec.refuse('CM027', 'run_cannot_be_undone', jsonb_build_object('obstacle', obstacle));
  end if;
  if this_run.credits_run_id is not null then
    perform billing.take_periods_back(wanted_company, run);
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
  billing.undo_run(int, bigint), billing.refresh_run(int, bigint, boolean, jsonb), billing.retry_run(int, bigint, date) to cms_people;
