-- role: cms_bookkeeper

create or replace function billing.prepare_run(
  wanted_company int, run_title text, window_start date, window_end date, document_on date, series bigint, wanted_grouping text) returns bigint
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.prepare');
  return billing.make_preview(wanted_company, run_title, window_start, window_end, document_on, series, wanted_grouping);
end $$;
grant execute on function billing.prepare_run(int, text, date, date, date, bigint, text) to cms_people;

create or replace function billing.make_preview(
  wanted_company int, run_title text, window_start date, window_end date, document_on date, series bigint, wanted_grouping text) returns bigint
language plpgsql security definer set search_path = '' set work_mem = '128MB' set default_statistics_target = 10 as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves.
-- Makes the preview: draft invoices with lines and VAT summary, blocked ones excluded with their reason. One transaction, set by set.
declare
  me       int := sec.person_id();
  run      bigint;
  run_no   text;
  stamp    jsonb;
begin
  if window_end < window_start or window_end > window_start + 366 then
    perform sec.refuse('CM024', 'run_period');
  end if;
  perform pg_advisory_xact_lock(hashtext('billing.prepare_run'), wanted_company);
  run_no := 'L-' || extract(year from document_on) || '/' || lpad(base.next_internal_number(wanted_company, 'billing.run', extract(year from document_on)::int)::text, 4, '0');
  insert into billing.billing_run (company_id, number, title, state, period_start, period_end, document_on, document_series_id, grouping, created_by)
  values (wanted_company, run_no, run_title, 'preview', window_start, window_end, document_on, series, wanted_grouping, me)
  returning billing_run_id into run;
  raise notice 'progress 1/4 due';
  create temp table due on commit drop as
    select d.*, case wanted_grouping when 'contract' then d.contract_id else d.customer_id end as group_id,
           v.rate, v.nature, case when k.is_split_payment and v.rate > 0 then 'S' else v.exigibility end as exigibility,
           k.vat_code_id is not null as has_vat
    from billing.due_services(wanted_company, window_start, window_end) as d
    join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = d.vat_code_id
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = d.customer_id;
  if exists (select from base.vat_code where company_id = wanted_company and replaced_by is not null and valid_to < document_on) then
    update due as d set vat_code_id = v.vat_code_id, rate = v.rate, nature = v.nature  -- a rate that changed: base.vat_codes_on
    from base.vat_codes_on(wanted_company, document_on) as e
    join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = e.effective_id
    where e.vat_code_id = d.vat_code_id and e.effective_id <> d.vat_code_id;
  end if;
  analyze due (group_id, contract_id, customer_id, service_id);
  stamp := coalesce((select value from base.parameter where company_id = wanted_company and key = 'stamp_duty' and valid_from <= document_on
                     order by valid_from desc limit 1), '{"natures": ["N2.1", "N2.2", "N3.5", "N3.6", "N4"], "over": 77.47, "amount": 2.00}');
  raise notice 'progress 2/4 documents';
  create temp table vat_of on commit drop as
    select group_id, vat_code_id, min(rate) as rate, min(nature) as nature, min(exigibility) as exigibility,
           sum(line_amount) as net_amount, round(sum(line_amount) * min(rate) / 100, 2) as vat_amount
    from due group by group_id, vat_code_id;
  create temp table document on commit drop as
    select nextval('billing.invoice_invoice_id_seq') as invoice_id, t.*
    from (
      select g.*, k.code, p.search_key, k.recipient_code, k.is_split_payment,
             coalesce(case when wanted_grouping = 'contract' then c.payment_term_id end, k.payment_term_id) as payment_term_id,
             jsonb_build_object('name', p.name, 'kind', p.kind, 'first_name', p.first_name, 'last_name', p.last_name,
               'vat_country', p.vat_country, 'vat_number', p.vat_number, 'tax_code', p.tax_code, 'street', p.street,
               'street_number', p.street_number, 'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code,
               'country', p.country, 'recipient_code', k.recipient_code, 'pec', p.pec, 'code', k.code, 'iban', k.iban,
               'bank_name', k.bank_name, 'order_reference', c.order_reference, 'cig_code', c.cig_code, 'cup_code', c.cup_code,
               'contract_number', c.number) as buyer,
             case
               when p.vat_number is null and p.tax_code is null then 'fiscal_code_missing'
               when p.street = '' or p.town = '' or (p.country = 'IT' and (length(p.postal_code) <> 5 or translate(p.postal_code, '0123456789', '') <> '')) then 'address_incomplete'
               when p.kind = 'public_body' and length(k.recipient_code) <> 6 then 'office_code_missing'
               when p.kind <> 'public_body' and length(k.recipient_code) = 6 then 'recipient_code_wrong'
               when coalesce(case when wanted_grouping = 'contract' then c.payment_term_id end, k.payment_term_id) is null then 'payment_term_missing'
               else '' end as reason
      from (select group_id, min(customer_id) as customer_id, min(contract_id) as contract_id from due group by group_id) as g
      join customers.customer as k on k.company_id = wanted_company and k.customer_id = g.customer_id
      join registry.party as p on p.company_id = wanted_company and p.party_id = g.customer_id
      join customers.contract as c on c.company_id = wanted_company and c.contract_id = g.contract_id
      order by p.search_key, g.group_id
    ) as t;
  analyze vat_of (group_id);
  analyze document (group_id, invoice_id);
  raise notice 'progress 3/4 writing';
  perform billing.write_drafts(wanted_company, run, document_on, series, wanted_grouping, stamp);
  perform billing.tax_run(wanted_company, run, document_on);
  drop table due, vat_of, document;
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, run);
  return run;
end $$;

create or replace function billing.sum_run(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update billing.billing_run as r
  set invoice_count = t.invoices, net_amount = t.net, vat_amount = t.vat, total_amount = t.total, payable_amount = t.payable
  from (select count(*) as invoices, coalesce(sum(net_amount), 0) as net, coalesce(sum(vat_amount), 0) as vat,
               coalesce(sum(total_amount), 0) as total, coalesce(sum(payable_amount), 0) as payable
        from billing.invoice where company_id = wanted_company and billing_run_id = run and not is_excluded) as t
  where r.company_id = wanted_company and r.billing_run_id = run;
end $$;
