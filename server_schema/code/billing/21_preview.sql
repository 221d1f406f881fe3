-- role: cms_bookkeeper

create or replace function billing.prepare_run(
  wanted_company int, run_title text, window_start date, window_end date, document_on date, series bigint, wanted_grouping text,
  choices jsonb default '{}') returns bigint
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.prepare');
  return billing.make_preview(wanted_company, run_title, window_start, window_end, document_on, series, wanted_grouping, choices);
end $$;
grant execute on function billing.prepare_run(int, text, date, date, date, bigint, text, jsonb) to cms_people;

create or replace function billing.make_preview(
  wanted_company int, run_title text, window_start date, window_end date, document_on date, series bigint, wanted_grouping text,
  choices jsonb default '{}', retried bigint default null) returns bigint
language plpgsql security definer set search_path = '' as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves.
-- Makes the preview: draft invoices with lines and VAT summary, blocked ones excluded with their reason. One transaction, set by set.
declare
  me       int := sec.person_id();
  run      bigint;
  run_no   text;
  template bigint;
begin
  if window_end < window_start or window_end > window_start + 366 then
    perform sec.refuse('CM024', 'run_period');
  end if;
  choices := billing.checked_parameters(choices);
  select t.run_template_id into template from billing.run_template as t
  where t.company_id = wanted_company and t.run_template_id = (choices ->> 'template')::bigint;
  perform pg_advisory_xact_lock(hashtext('billing.prepare_run'), wanted_company);
  run_no := 'L-' || extract(year from document_on) || '/' || lpad(base.next_internal_number(wanted_company, 'billing.run', extract(year from document_on)::int)::text, 4, '0');
  insert into billing.billing_run (company_id, number, title, state, period_start, period_end, document_on, document_series_id, grouping, parameters,
                                   run_template_id, retried_run_id, created_by)
  values (wanted_company, run_no, run_title, 'preview', window_start, window_end, document_on, series, wanted_grouping, choices - 'template',
          template, retried, me)
  returning billing_run_id into run;
  perform billing.fill_run(wanted_company, run);
  return run;
end $$;

create or replace function billing.checked_parameters(choices jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
-- Only what is known, each of its kind; what makes no choice is left out.
declare
  one record;
begin
  if choices is null then
    return '{}';
  end if;
  if jsonb_typeof(choices) <> 'object' or length(choices::text) > 10000 then
    perform sec.refuse('CM125', 'run_parameters', '{"name": ""}');
  end if;
  for one in select p.key, p.value, jsonb_typeof(p.value) as type from jsonb_each(choices) as p loop
    if not coalesce(case one.key
      when 'service_types' then billing.is_list(one.value, '^[0-9]{1,18}$')
      when 'kinds' then billing.is_list(one.value, '^(recurring|hourly|passages|interventions|one_off)$')
      when 'party_kinds' then billing.is_list(one.value, '^(company|sole_trader|person|public_body|condominium)$')
      when 'classes' then one.type = 'object' and not exists (
        select from jsonb_each(case one.type when 'object' then one.value else '{}' end) as c(position, ids)
        where c.position !~ '^[1-7]$' or not billing.is_list(c.ids, '^[0-9]{1,18}$'))
      when 'one_off' then one.value #>> '{}' in ('with', 'without', 'only')
      when 'catch_up_months' then one.value #>> '{}' ~ '^([0-9]|1[0-9]|2[0-4])$'
      when 'threshold' then one.value #>> '{}' ~ '^[0-9]{1,3}(\.[0-9])?$'
      when 'template' then one.value #>> '{}' ~ '^[0-9]{1,18}$'
    end, false) then
      perform sec.refuse('CM125', 'run_parameters', jsonb_build_object('name', left(one.key, 40)));
    end if;
  end loop;
  return (select coalesce(jsonb_object_agg(p.key, p.value), '{}') from jsonb_each(choices) as p where p.value not in ('[]', '{}'));
end $$;

create or replace function billing.is_list(list jsonb, pattern text) returns boolean
language sql immutable set search_path = '' as $$
  select jsonb_typeof(list) = 'array' and not exists (
    select from jsonb_array_elements(case jsonb_typeof(list) when 'array' then list else '[]' end) as e(value)
    where e.value #>> '{}' is null or e.value #>> '{}' !~ pattern)
$$;

create or replace function billing.fill_run(wanted_company int, run bigint, only_customers bigint[] default null) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set default_statistics_target = 10 as $$
-- The drafts of a run from what is due now and in no other document. Set by set; what is rare is looked for only where it is.
declare
  this_run billing.billing_run;
  limited  boolean;
  stamp    jsonb;
begin
  select * into strict this_run from billing.billing_run where company_id = wanted_company and billing_run_id = run;
  raise notice 'progress 1/4 due';
  limited := billing.choose_customers(wanted_company, this_run, only_customers);
  perform billing.find_due(wanted_company, this_run, limited);
  perform billing.add_charges(wanted_company, this_run, limited);
  perform billing.add_minimums(wanted_company, this_run, limited);
  perform billing.join_orders(wanted_company);
  perform billing.take_off_advances(wanted_company);
  if exists (select from base.vat_code where company_id = wanted_company and replaced_by is not null and valid_to < this_run.document_on) then
    update due as d set vat_code_id = v.vat_code_id, rate = v.rate, nature = v.nature  -- a rate that changed: base.vat_codes_on
    from base.vat_codes_on(wanted_company, this_run.document_on) as e
    join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = e.effective_id
    where e.vat_code_id = d.vat_code_id and e.effective_id <> d.vat_code_id;
  end if;
  perform billing.write_texts(wanted_company);
  analyze due (group_id, contract_id, customer_id, service_id);
  stamp := billing.stamp_rule(wanted_company, this_run.document_on);
  raise notice 'progress 2/4 documents';
  perform billing.join_documents(wanted_company);
  raise notice 'progress 3/4 writing';
  perform billing.write_drafts(wanted_company, run, this_run.document_on, this_run.document_series_id, this_run.grouping, stamp);
  perform billing.write_charges(wanted_company);
  perform billing.tax_run(wanted_company, run, this_run.document_on);
  drop table due, vat_of, document, wanted_customer;
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, run);
end $$;

create or replace function billing.choose_customers(wanted_company int, this_run billing.billing_run, only_customers bigint[]) returns boolean
language plpgsql security definer set search_path = '' as $$
-- Into `wanted_customer`: the group of customers the run is limited to, if it is to one (the answer). Fields of the registry's classification
-- must each have one of their chosen values; a retry takes those that failed in the run before.
declare
  kinds   text[] := billing.texts_of(this_run.parameters -> 'party_kinds');
  classes jsonb  := nullif(this_run.parameters -> 'classes', '{}');
begin
  create temp table wanted_customer (customer_id bigint primary key) on commit drop;
  if only_customers is null and kinds is null and classes is null and this_run.retried_run_id is null then
    return false;
  end if;
  insert into wanted_customer
  select k.customer_id
  from customers.customer as k
  join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
  where k.company_id = wanted_company and (only_customers is null or k.customer_id = any (only_customers)) and (kinds is null or p.kind = any (kinds))
    and (classes is null or (
      select bool_and(coalesce((array[p.class_1, p.class_2, p.class_3, p.class_4, p.class_5, p.class_6, p.class_7])[c.position::int]
                               = any (billing.ids_of(c.ids)), false)) from jsonb_each(classes) as c(position, ids)))
    and (this_run.retried_run_id is null or k.customer_id in (
      select e.customer_id from billing.run_exclusion as e
      where e.company_id = wanted_company and e.billing_run_id = this_run.retried_run_id and billing.is_blocking(e.reason)));
  analyze wanted_customer;
  return true;
end $$;

create or replace function billing.find_due(wanted_company int, this_run billing.billing_run, is_limited boolean) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Into `due`: lines by period and one-off lines. A customer who wants his documents otherwise has his own grouping; an advance (acconto) stands
-- in a document of its own. With catch-up, periods that fell due before the run's and were skipped come along.
declare
  types   bigint[] := billing.ids_of(this_run.parameters -> 'service_types');
  kinds   text[]   := billing.texts_of(this_run.parameters -> 'kinds');
  one_off text     := coalesce(this_run.parameters ->> 'one_off', 'with');
  first   date     := (this_run.period_start - make_interval(months => coalesce((this_run.parameters ->> 'catch_up_months')::int, 0)))::date;
begin
  create temp table due on commit drop as
    select d.service_id, d.contract_id, d.customer_id, d.covered_start, d.covered_end, d.quantity, d.unit_price, d.line_amount, d.vat_code_id,
           d.description, d.kind, d.site_id, d.service_type_id, g.grouping,
           case when d.is_advance then d.contract_id * 8 + 4 else billing.group_key(g.grouping, d.customer_id, d.contract_id, d.site_id) end as group_id,
           v.rate, v.nature, case when k.is_split_payment and v.rate > 0 then 'S' else v.exigibility end as exigibility,
           k.vat_code_id is not null as has_vat, case when d.is_advance then 'TD02' else 'TD01' end as document_type, null::int as charge_no,
           d.covered_start as text_from, d.covered_end as text_to, ''::text as part
    from billing.due_services(wanted_company, first, this_run.period_end) as d
    join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = d.vat_code_id
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = d.customer_id
    cross join lateral (select case k.invoice_grouping when '' then this_run.grouping else k.invoice_grouping end as grouping) as g
    where (types is null or d.service_type_id = any (types)) and (kinds is null or d.kind = any (kinds))
      and case one_off when 'only' then d.kind = 'one_off' when 'without' then d.kind <> 'one_off' else true end
      and (not is_limited or d.customer_id in (select w.customer_id from wanted_customer as w));
end $$;

create or replace function billing.join_orders(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- One document per order: the contracts of a customer with the same CIG, CUP and order reference go together under the first of them.
begin
  if not exists (select from due where grouping = 'order' and document_type = 'TD01') then
    return;
  end if;
  update due as d set group_id = o.lead_id * 8 + 3
  from (select c.contract_id, min(c.contract_id) over (partition by c.customer_id, c.cig_code, c.cup_code, base.fold(btrim(c.order_reference))) as lead_id
        from customers.contract as c
        where c.company_id = wanted_company and c.contract_id in (select contract_id from due where grouping = 'order')) as o
  where d.grouping = 'order' and d.document_type = 'TD01' and o.contract_id = d.contract_id;
end $$;

create or replace function billing.write_texts(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- The texts of lines as the customer reads them: the type's own text where it has one, the placeholders filled in the language in which the
-- customer is written to, what a line of items counts.
declare
  language_of text := case when exists (
    select from pg_catalog.pg_attribute where attrelid = 'registry.party'::regclass and attname = 'language' and not attisdropped)
    then 'p.language' else '''it''' end;
begin
  if exists (select from customers.service_type where company_id = wanted_company and invoice_text <> '') then
    update due as d set description = replace(t.invoice_text, '{riga}', d.description)
    from customers.service_type as t
    where t.company_id = wanted_company and t.service_type_id = d.service_type_id and t.invoice_text <> '' and d.kind <> 'balance';
  end if;
  if not exists (select from due where description like '%{%' or charge_no is not null or part <> '') then
    return;
  end if;
  execute format($run$
    update due as d
    set description = left(billing.rendered(d.description, l.language, d.text_from, d.text_to, coalesce((
        select t.name from customers.site as t where t.company_id = $1 and t.site_id = d.site_id), ''), c.number, c.cig_code, c.order_reference)
      || case when d.charge_no is null and d.part = '' then ''
              else ' – ' || billing.part_text(d.part, case d.kind when 'hourly' then 'hourly' when 'passages' then 'passage' else 'intervention' end, l.language)
                   || case when d.description ~ '\{(mese|periodo|dal)\}' then '' else ' ' || billing.period_text(d.text_from, d.text_to, l.language) end end, 1000)
    from customers.contract as c
    join registry.party as p on p.company_id = c.company_id and p.party_id = c.customer_id
    cross join lateral (select %s as language) as l
    where c.company_id = $1 and c.contract_id = d.contract_id
      and (d.description like '%%{%%' or d.charge_no is not null or d.part <> '')$run$, language_of) using wanted_company;
end $$;

create or replace function billing.join_documents(wanted_company int) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set default_statistics_target = 10 as $$
-- Into `vat_of` and `document`, from `due`: what billing.write_drafts writes. The contract's payment term counts where all is of one contract
-- and the customer did not ask for one document.
begin
  create temp table vat_of on commit drop as
    select group_id, vat_code_id, min(rate) as rate, min(nature) as nature, min(exigibility) as exigibility,
           sum(line_amount) as net_amount, round(sum(line_amount) * min(rate) / 100, 2) as vat_amount
    from due group by group_id, vat_code_id;
  create temp table document on commit drop as
    select nextval('billing.invoice_invoice_id_seq') as invoice_id, t.*
    from (
      select g.*, k.code, p.search_key, k.recipient_code, k.is_split_payment, case when g.grouping = 'contract' then g.contract_id end as own_contract_id,
             coalesce(case when g.grouping <> 'customer' and g.is_of_one_contract then c.payment_term_id end, k.payment_term_id) as payment_term_id,
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
               when coalesce(case when g.grouping <> 'customer' and g.is_of_one_contract then c.payment_term_id end, k.payment_term_id) is null then 'payment_term_missing'
               else '' end as reason
      from (select group_id, min(customer_id) as customer_id, min(contract_id) as contract_id, min(grouping) as grouping,
                   min(contract_id) = max(contract_id) as is_of_one_contract, min(document_type) as document_type,
                   case when min(grouping) = 'site' then min(site_id) end as site_id
            from due group by group_id) as g
      join customers.customer as k on k.company_id = wanted_company and k.customer_id = g.customer_id
      join registry.party as p on p.company_id = wanted_company and p.party_id = g.customer_id
      join customers.contract as c on c.company_id = wanted_company and c.contract_id = g.contract_id
      order by p.search_key, g.group_id
    ) as t;
  analyze vat_of (group_id);
  analyze document (group_id, invoice_id);
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
