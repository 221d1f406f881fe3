-- role: cms_bookkeeper

create or replace function billing.due_periods(wanted_company int, window_start date, window_end date)
returns table (service_id bigint, contract_id bigint, customer_id bigint, covered_start date, covered_end date, quantity numeric,
               monthly_price numeric, vat_code_id bigint, description text, pro_rata text, months int, period_start date, period_end date)
language sql stable rows 100000 as $$
-- Periods of recurring services that fall due in the window and were never billed. In advance: due on the first covered day; in arrears: on the last.
-- A terminated contract is still billed for what it covered until its end. Only what does not lie after all that was billed of the service
-- (customers.service_billing) is looked for among its lines: a run reads no history.
  select s.service_id, s.contract_id, c.customer_id, p.covered_start, p.covered_end, s.quantity, s.monthly_price, s.vat_code_id, s.description,
         s.pro_rata, s.frequency_months, p.period_start, p.period_end
  from customers.service as s
  join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
  join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  left join customers.service_billing as b on b.company_id = s.company_id and b.service_id = s.service_id
  cross join lateral generate_series(
    base.period_start(window_start, s.frequency_months, s.anchor_month)::timestamp, window_end::timestamp,
    make_interval(months => s.frequency_months)) as g(first_moment)
  cross join lateral (select g.first_moment::date as period_start,
                             (g.first_moment + make_interval(months => s.frequency_months))::date - 1 as period_end) as w
  cross join lateral (select w.period_start, w.period_end,
                             greatest(w.period_start, s.starts_on, c.starts_on) as covered_start,
                             least(w.period_end, s.ends_on, c.ends_on) as covered_end) as p
  where s.company_id = wanted_company
    and s.kind = 'recurring'
    and not s.is_suspended
    and (c.state = 'active' or (c.state = 'terminated' and c.ends_on is not null))
    and k.state in ('active', 'terminating')
    and p.covered_start <= p.covered_end
    and case when s.is_in_advance then p.covered_start else p.covered_end end between window_start and window_end
    and case when b.service_id is not null and (b.billed_until is null or b.billed_until < p.covered_start) then true
        else not exists (select from billing.invoice_line as o
                         where o.company_id = wanted_company and o.service_id = s.service_id
                           and o.period_start <= p.covered_end and o.period_end >= p.covered_start) end
$$;

create or replace function billing.due_services(wanted_company int, window_start date, window_end date)
returns table (service_id bigint, contract_id bigint, customer_id bigint, covered_start date, covered_end date, quantity numeric,
               unit_price numeric, line_amount numeric, vat_code_id bigint, description text)
language sql stable rows 100000 set search_path = '' set enable_nestloop = off set jit = off as $$
-- What is due, with its amount. Most services have one price and no pause: theirs is a product. Those whose price changed within reach of the
-- window, or that pause, are cut into pieces of one price; the amount is rounded once. One-off lines are due on their day.
-- Joined by hash whatever the statistics say: on tables never analysed the planner expects one row and would loop over all of them.
  with touched as materialized (
    select p.service_id from customers.service_price as p
    join customers.service as s on s.company_id = p.company_id and s.service_id = p.service_id
    where p.company_id = wanted_company and p.band = '' and p.origin <> 'initial'
      and (not p.is_applied or p.valid_from > base.period_start(window_start, s.frequency_months, s.anchor_month))
    union
    select u.service_id from customers.service_suspension as u where u.company_id = wanted_company),
  pause as (
    select u.service_id, u.mode, range_agg(daterange((u.starts_on + make_interval(years => y))::date,
                                                     coalesce((u.ends_on + make_interval(years => y))::date, 'infinity'), '[]')) as days
    from customers.service_suspension as u
    cross join lateral generate_series(0, case when u.is_yearly
      then greatest(extract(year from window_end)::int - extract(year from u.starts_on)::int + 1, 0) else 0 end) as y
    where u.company_id = wanted_company
    group by u.service_id, u.mode),
  price as (
    select p.service_id, p.price,
           case when row_number() over w = 1 then '-infinity' else p.valid_from end as from_on,
           coalesce(lead(p.valid_from) over w - 1, 'infinity') as to_on
    from customers.service_price as p
    join touched as t on t.service_id = p.service_id
    where p.company_id = wanted_company and p.band = ''
    window w as (partition by p.service_id order by p.valid_from)),
  piece as (
    select d.*, p.price, lower(r.days) as first_day, upper(r.days) - 1 as last_day,
           lag(upper(r.days) - 1) over (partition by d.service_id, d.covered_start order by lower(r.days)) as day_before
    from touched as t
    join billing.due_periods(wanted_company, window_start, window_end) as d on d.service_id = t.service_id
    join price as p on p.service_id = d.service_id and p.from_on <= d.covered_end and p.to_on >= d.covered_start
    left join pause as u on u.service_id = d.service_id and u.mode = 'days'
    left join pause as v on v.service_id = d.service_id and v.mode = 'period'
    cross join lateral unnest(datemultirange(daterange(greatest(d.covered_start, p.from_on), least(d.covered_end, p.to_on), '[]'))
                              - coalesce(u.days, '{}')) as r(days)
    where not coalesce(v.days, '{}') @> d.covered_start),
  cut as (
    select service_id, min(contract_id) as contract_id, min(customer_id) as customer_id, covered_start, min(covered_end) as covered_end,
           min(quantity) as quantity, min(vat_code_id) as vat_code_id, min(description) as description,
           min(covered_end) - covered_start + 1 - sum(last_day - first_day + 1) as days_off,
           round(min(quantity) * sum(price * customers.units_of(pro_rata, first_day, last_day, day_before, months)) * min(months)
                 / customers.units_of_period(min(pro_rata), min(period_start), min(period_end), min(months)), 2) as amount
    from piece group by service_id, covered_start)
  select d.service_id, d.contract_id, d.customer_id, d.covered_start, d.covered_end, d.quantity, round(a.amount / d.quantity, 8), a.amount,
         d.vat_code_id, d.description
  from billing.due_periods(wanted_company, window_start, window_end) as d
  left join touched as t on t.service_id = d.service_id
  cross join lateral (select case when d.pro_rata = 'actual' or (d.covered_start = d.period_start and d.covered_end = d.period_end)
    then round(d.quantity * d.monthly_price * d.months * (d.covered_end - d.covered_start + 1) / (d.period_end - d.period_start + 1), 2)
    else round(d.quantity * d.monthly_price * d.months * customers.units_of(d.pro_rata, d.covered_start, d.covered_end, null, d.months)
               / customers.units_of_period(d.pro_rata, d.period_start, d.period_end, d.months), 2) end as amount) as a
  where t.service_id is null and a.amount > 0
  union all
  select c.service_id, c.contract_id, c.customer_id, c.covered_start, c.covered_end, c.quantity, round(c.amount / c.quantity, 8), c.amount,
         c.vat_code_id, c.description || case when c.days_off > 0 then ' (sospeso ' || c.days_off || ' giorni)' else '' end
  from cut as c where c.amount > 0
  union all
  select s.service_id, s.contract_id, c.customer_id, s.starts_on, s.starts_on, s.quantity, s.unit_price, round(s.quantity * s.unit_price, 2),
         s.vat_code_id, s.description
  from customers.service as s
  join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
  join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  where s.company_id = wanted_company and s.kind = 'one_off' and s.starts_on between window_start and window_end
    and not s.is_suspended and round(s.quantity * s.unit_price, 2) > 0
    and (c.state = 'active' or (c.state = 'terminated' and c.ends_on is not null and c.ends_on >= s.starts_on))
    and k.state in ('active', 'terminating')
    and not exists (select from billing.invoice_line as o where o.company_id = wanted_company and o.service_id = s.service_id)
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
