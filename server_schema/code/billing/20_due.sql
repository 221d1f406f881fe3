-- role: cms_bookkeeper

create or replace function billing.due_periods(wanted_company int, window_start date, window_end date)
returns table (service_id bigint, contract_id bigint, customer_id bigint, covered_start date, covered_end date, quantity numeric,
               monthly_price numeric, vat_code_id bigint, description text, pro_rata text, months int, period_start date, period_end date,
               site_id bigint, service_type_id bigint)
language sql stable rows 100000 as $$
-- Periods of recurring services that fall due in the window and were never billed. In advance: due on the first covered day; in arrears: on the last.
-- A terminated contract is still billed for what it covered until its end. Only what does not lie after all that was billed of the service
-- (customers.service_billing) is looked for among its lines: a run reads no history.
  select s.service_id, s.contract_id, c.customer_id, p.covered_start, p.covered_end, s.quantity, s.monthly_price, s.vat_code_id, s.description,
         s.pro_rata, s.frequency_months, p.period_start, p.period_end, s.site_id, s.service_type_id
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
                         where o.company_id = wanted_company and o.service_id = s.service_id and o.holds_period
                           and o.period_start <= p.covered_end and o.period_end >= p.covered_start) end
$$;

create or replace function billing.due_services(wanted_company int, window_start date, window_end date)
returns table (service_id bigint, contract_id bigint, customer_id bigint, covered_start date, covered_end date, quantity numeric,
               unit_price numeric, line_amount numeric, vat_code_id bigint, description text, kind text, site_id bigint, service_type_id bigint,
               is_advance boolean)
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
           min(site_id) as site_id, min(service_type_id) as service_type_id, min(covered_end) - covered_start + 1 - sum(last_day - first_day + 1) as days_off,
           round(min(quantity) * sum(price * customers.units_of(pro_rata, first_day, last_day, day_before, months)) * min(months)
                 / customers.units_of_period(min(pro_rata), min(period_start), min(period_end), min(months)), 2) as amount
    from piece group by service_id, covered_start)
  select d.service_id, d.contract_id, d.customer_id, d.covered_start, d.covered_end, d.quantity, round(a.amount / d.quantity, 8), a.amount,
         d.vat_code_id, d.description, 'recurring', d.site_id, d.service_type_id, false
  from billing.due_periods(wanted_company, window_start, window_end) as d
  left join touched as t on t.service_id = d.service_id
  cross join lateral (select case when d.pro_rata = 'actual' or (d.covered_start = d.period_start and d.covered_end = d.period_end)
    then round(d.quantity * d.monthly_price * d.months * (d.covered_end - d.covered_start + 1) / (d.period_end - d.period_start + 1), 2)
    else round(d.quantity * d.monthly_price * d.months * customers.units_of(d.pro_rata, d.covered_start, d.covered_end, null, d.months)
               / customers.units_of_period(d.pro_rata, d.period_start, d.period_end, d.months), 2) end as amount) as a
  where t.service_id is null and a.amount > 0
  union all
  select c.service_id, c.contract_id, c.customer_id, c.covered_start, c.covered_end, c.quantity, round(c.amount / c.quantity, 8), c.amount,
         c.vat_code_id, c.description || case when c.days_off > 0 then ' (sospeso ' || c.days_off || ' giorni)' else '' end,
         'recurring', c.site_id, c.service_type_id, false
  from cut as c where c.amount > 0
  union all
  select s.service_id, s.contract_id, c.customer_id, s.starts_on, s.starts_on, s.quantity, s.unit_price, round(s.quantity * s.unit_price, 2),
         s.vat_code_id, s.description, 'one_off', s.site_id, s.service_type_id, s.is_advance
  from customers.service as s
  join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
  join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  where s.company_id = wanted_company and s.kind = 'one_off' and s.starts_on between window_start and window_end
    and not s.is_suspended and round(s.quantity * s.unit_price, 2) > 0
    and (c.state = 'active' or (c.state = 'terminated' and c.ends_on is not null and c.ends_on >= s.starts_on))
    and k.state in ('active', 'terminating')
    and not exists (select from billing.invoice_line as o where o.company_id = wanted_company and o.service_id = s.service_id and o.holds_period)
$$;
