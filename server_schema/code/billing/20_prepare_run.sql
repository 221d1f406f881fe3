-- role: cms_bookkeeper

create or replace function billing.due_services(wanted_company int, window_start date, window_end date)
returns table (service_id bigint, contract_id bigint, customer_id bigint, covered_start date, covered_end date, quantity numeric,
               unit_price numeric, line_amount numeric, vat_code_id bigint, description text)
language sql stable rows 100000 set search_path = '' set enable_nestloop = off set jit = off as $$
-- Periods of services that fall due in the window and were never billed. In advance: due on the first covered day; in arrears: on the last.
-- Joined by hash whatever the statistics say: on tables never analysed the planner expects one row and would loop over all of them.
  select s.service_id, s.contract_id, c.customer_id, p.covered_start, p.covered_end, s.quantity,
         round(a.amount / s.quantity, 8), a.amount, s.vat_code_id, s.description
  from customers.service as s
  join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
  join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  cross join lateral generate_series(
    base.period_start(window_start, s.frequency_months, s.anchor_month)::timestamp, window_end::timestamp,
    make_interval(months => s.frequency_months)) as g(first_moment)
  cross join lateral (select g.first_moment::date as period_start,
                             (g.first_moment + make_interval(months => s.frequency_months))::date - 1 as period_end) as w
  cross join lateral (select w.period_start, w.period_end,
                             greatest(w.period_start, s.starts_on, c.starts_on) as covered_start,
                             least(w.period_end, s.ends_on, c.ends_on) as covered_end) as p
  cross join lateral (select round(s.quantity * s.monthly_price * s.frequency_months
                             * (p.covered_end - p.covered_start + 1) / (p.period_end - p.period_start + 1), 2) as amount) as a
  where s.company_id = wanted_company
    and not s.is_suspended
    and c.state = 'active'
    and k.state in ('active', 'terminating')
    and p.covered_start <= p.covered_end
    and case when s.is_in_advance then p.covered_start else p.covered_end end between window_start and window_end
    and a.amount > 0
    and not exists (select from billing.invoice_line as o
                    where o.company_id = wanted_company and o.service_id = s.service_id
                      and o.period_start <= p.covered_end and o.period_end >= p.covered_start)
$$;

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
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
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
               when p.street = '' or p.town = '' or (p.country = 'IT' and p.postal_code !~ '^[0-9]{5}$') then 'address_incomplete'
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
  drop table due, vat_of, document;
  raise notice 'progress 4/4 totals';
  perform billing.sum_run(wanted_company, run);
  return run;
end $$;

create or replace function billing.hold(wanted_company int, parent regclass, key_column name, children text) returns void
language plpgsql security definer set search_path = '' as $$
-- The rows of `parent` that the query `children` names are there and stay until this transaction ends: what a foreign key would find out
-- and lock row by row, in one statement.
declare
  missing boolean;
begin
  execute format(
    'with wanted as materialized (select distinct id from (%1$s) as t(id) where id is not null),
          held as materialized (select p.%2$I as id from %3$s as p where p.company_id = $1 and p.%2$I in (select id from wanted) for key share)
     select (select count(*) from wanted) <> (select count(*) from held)', children, key_column, parent)
    into missing using wanted_company;
  if missing then
    raise foreign_key_violation using message = format('a row of %s is gone', parent), table = parent::text;
  end if;
end $$;

create or replace function billing.write_drafts(
  wanted_company int, run bigint, document_on date, series bigint, wanted_grouping text, stamp jsonb) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.make_preview, whose tables `due`, `vat_of` and `document` it reads. References are held by set, then written unchecked.
declare
  me int := sec.person_id();
begin
  perform billing.hold(wanted_company, 'customers.customer', 'customer_id', 'select customer_id from document');
  perform billing.hold(wanted_company, 'customers.contract', 'contract_id', 'select contract_id from due');
  perform billing.hold(wanted_company, 'customers.service', 'service_id', 'select service_id from due');
  perform billing.hold(wanted_company, 'base.vat_code', 'vat_code_id', 'select vat_code_id from vat_of');
  perform billing.hold(wanted_company, 'base.payment_term', 'payment_term_id', 'select payment_term_id from document');
  perform billing.hold(wanted_company, 'base.document_series', 'document_series_id', format('select %s::bigint', series));
  insert into billing.invoice (company_id, invoice_id, billing_run_id, state, document_series_id, year, document_on, customer_id, contract_id,
    payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount, stamp_amount, is_excluded, exclusion_reason, created_by)
  overriding system value
  select wanted_company, d.invoice_id, run, 'draft', series, extract(year from document_on)::int, document_on, d.customer_id,
         case when wanted_grouping = 'contract' then d.contract_id end,
         coalesce(d.payment_term_id, (select min(payment_term_id) from base.payment_term where company_id = wanted_company)), d.buyer,
         t.net_amount, t.vat_amount, t.net_amount + t.vat_amount, t.net_amount + t.vat_amount - t.split_amount,
         case when t.stampable > (stamp ->> 'over')::numeric then (stamp ->> 'amount')::numeric else 0 end,
         d.reason <> '', d.reason, me
  from document as d
  join (select group_id, sum(net_amount) as net_amount, sum(vat_amount) as vat_amount,
               coalesce(sum(vat_amount) filter (where exigibility = 'S'), 0) as split_amount,
               coalesce(sum(net_amount) filter (where stamp -> 'natures' ? nature), 0) as stampable
        from vat_of group by group_id) as t using (group_id)
  order by d.invoice_id;
  insert into billing.invoice_line (company_id, invoice_id, line_no, service_id, description, period_start, period_end, quantity, unit_price,
    line_amount, vat_code_id, created_by)
  select wanted_company, d.invoice_id, row_number() over (partition by d.invoice_id order by due.contract_id, due.service_id, due.covered_start),
         due.service_id, due.description, due.covered_start, due.covered_end, due.quantity, due.unit_price, due.line_amount, due.vat_code_id, me
  from due join document as d using (group_id);
  insert into billing.invoice_vat (company_id, invoice_id, vat_code_id, rate, nature, exigibility, net_amount, vat_amount, created_by)
  select wanted_company, d.invoice_id, v.vat_code_id, v.rate, v.nature, v.exigibility, v.net_amount, v.vat_amount, me
  from vat_of as v join document as d using (group_id)
  order by d.invoice_id, v.vat_code_id;
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
