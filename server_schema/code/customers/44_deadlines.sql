-- role: cms_owner
-- Questions of whole companies, one pass each; they run as who asks, so that the policies hold.

create or replace function customers.contract_deadlines(wanted_company int, since date, until date)
returns table (kind text, on_day date, contract_id bigint, customer_id bigint, notice_by date, term_end date)
language sql stable rows 10000 as $$
-- renewal: a term begins by itself; notice: last useful day against it; expiry: a contract ends; price_clause: the fee may be adjusted;
-- deposit: to be returned (shown from its first day on, as long as it is not).
-- The ends of the terms are counted in whole renewals from the start, without a call a row: a hundred thousand contracts take a second.
  with contract as not materialized (
    select c.contract_id, c.customer_id, c.starts_on, c.ends_on, c.duration_months, c.renewal_months, c.notice_count, c.notice_unit,
           c.renewal_months is not null and c.ends_on is null as is_tacit,
           extract(year from c.starts_on)::int * 12 + extract(month from c.starts_on)::int + c.duration_months as first_end
    from customers.contract as c
    where c.company_id = wanted_company and c.state in ('active', 'suspended') and (c.duration_months is not null or c.ends_on is not null)),
  reach as (
    select extract(year from since)::int * 12 + extract(month from since)::int as first_month,
           extract(year from until)::int * 12 + extract(month from until)::int as last_month),
  term as materialized (
    select c.contract_id, c.customer_id, true as is_tacit,
           (c.starts_on + make_interval(months => c.duration_months + k * c.renewal_months))::date - 1 as term_end, c.notice_count, c.notice_unit
    from contract as c cross join reach as r
    cross join lateral (select greatest((r.first_month - c.first_end) / c.renewal_months - 1, 0) as first_k,
      (r.last_month + 2 + case c.notice_unit when 'days' then c.notice_count / 28 else c.notice_count end - c.first_end) / c.renewal_months + 1 as last_k) as w
    cross join lateral generate_series(w.first_k, least(greatest(w.last_k, 0), w.first_k + 1200)) as k
    where c.is_tacit
    union all
    select c.contract_id, c.customer_id, false, coalesce(c.ends_on, (c.starts_on + make_interval(months => c.duration_months))::date - 1),
           c.notice_count, c.notice_unit
    from contract as c where not c.is_tacit),
  noticed as (select t.*, customers.notice_by(t.term_end, t.notice_count, t.notice_unit) as notice_by from term as t where t.is_tacit)
  select 'renewal', n.term_end + 1, n.contract_id, n.customer_id, n.notice_by, n.term_end
  from noticed as n where n.term_end + 1 between since and until
  union all
  select 'notice', n.notice_by, n.contract_id, n.customer_id, n.notice_by, n.term_end
  from noticed as n where n.notice_by between since and until
  union all
  select 'expiry', t.term_end, t.contract_id, t.customer_id, null, t.term_end
  from term as t where not t.is_tacit and t.term_end between since and until
  union all
  select 'price_clause', p.on_day, c.contract_id, c.customer_id, null, null
  from customers.contract as c
  cross join lateral (select customers.price_clause_on(c.starts_on, c.index_base_on, c.index_month, since) as on_day) as p
  where c.company_id = wanted_company and c.state in ('active', 'suspended') and c.is_indexed and p.on_day between since and until
  union all
  select 'deposit', greatest(c.ends_on, since), c.contract_id, c.customer_id, null, c.ends_on
  from customers.contract as c
  where c.company_id = wanted_company and c.deposit_received_on is not null and c.deposit_returned_on is null
    and c.state = 'terminated' and c.ends_on <= until
$$;

create or replace function customers.inconsistencies(wanted_company int, rule text)
returns table (row_id bigint, customer_id bigint, contract_id bigint, what text, since_on date, amount numeric)
language sql stable rows 1000 as $$
-- Rows that break one rule. The rule is known when the question is planned or started: only its branch runs.
  with line as not materialized (
    select s.*, c.customer_id, c.state, c.starts_on as contract_starts_on, c.ends_on as contract_ends_on,
           round(s.quantity * s.monthly_price, 2) as fee,
           coalesce(s.ends_on, 'infinity') >= current_date and coalesce(c.ends_on, 'infinity') >= current_date as is_live
    from customers.service as s
    join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
    where s.company_id = wanted_company)
  select c.contract_id, c.customer_id, c.contract_id, c.title, c.starts_on, 0.00
  from customers.contract as c
  where rule = 'contract_without_service' and c.company_id = wanted_company and c.state = 'active' and coalesce(c.ends_on, 'infinity') >= current_date
    and not exists (select from customers.service as s where s.company_id = wanted_company and s.contract_id = c.contract_id
                    and coalesce(s.ends_on, 'infinity') >= current_date)
  union all
  select l.service_id, l.customer_id, l.contract_id, l.description, least(l.ends_on, l.contract_ends_on) + 1, l.fee
  from line as l join customers.service_billing as b on b.company_id = wanted_company and b.service_id = l.service_id
  where rule = 'ended_but_billed' and b.billed_until > least(l.ends_on, l.contract_ends_on)
  union all
  select l.service_id, l.customer_id, l.contract_id, l.description, l.starts_on, l.fee
  from line as l join customers.service_billing as b on b.company_id = wanted_company and b.service_id = l.service_id
  where rule = 'never_billed' and l.is_live and l.state = 'active' and l.kind = 'recurring' and l.fee > 0 and not l.is_suspended
    and b.billed_until is null and greatest(l.starts_on, l.contract_starts_on) + l.frequency_months * 31 + 31 < current_date
  union all
  select l.service_id, l.customer_id, l.contract_id, l.description, b.billed_until + 1, l.fee
  from line as l join customers.service_billing as b on b.company_id = wanted_company and b.service_id = l.service_id
  where rule = 'billing_behind' and l.is_live and l.state = 'active' and l.kind = 'recurring' and l.fee > 0 and not l.is_suspended
    and b.billed_until + l.frequency_months * 31 + 31 < current_date
  union all
  select t.site_id, t.customer_id, null, t.code || ' · ' || t.name, t.created_at::date, 0.00
  from customers.site as t
  where rule = 'site_without_contract' and t.company_id = wanted_company and t.is_active
    and not exists (select from line as l where l.site_id = t.site_id and l.is_live and l.state <> 'terminated')
  union all
  select l.service_id, l.customer_id, l.contract_id, l.description, l.starts_on,
         round(l.quantity * (y.list_price - greatest(l.monthly_price, l.unit_price)), 2)
  from line as l join customers.service_type as y on y.company_id = wanted_company and y.service_type_id = l.service_type_id
  where rule = 'below_list_price' and l.is_live and l.state = 'active' and greatest(l.monthly_price, l.unit_price) < y.list_price
  union all
  select l.service_id, l.customer_id, l.contract_id, l.description, u.starts_on, l.fee
  from line as l
  left join (select s.service_id, min(s.starts_on) as starts_on from customers.service_suspension as s
             where s.company_id = wanted_company and s.ends_on is null and s.starts_on <= current_date group by 1) as u on u.service_id = l.service_id
  where rule = 'suspended_without_end' and l.is_live and l.state in ('active', 'suspended') and (l.is_suspended or u.service_id is not null)
  union all
  select o.service_id, o.customer_id, o.contract_id, o.description, o.starts_on, o.fee
  from (select l.*, max(coalesce(l.ends_on, 'infinity')) over (partition by l.contract_id, l.service_type_id, l.site_id
                  order by l.starts_on, l.service_id rows between unbounded preceding and 1 preceding) >= l.starts_on as overlaps
        from line as l where rule = 'overlapping_lines' and l.is_live and l.state = 'active' and l.service_type_id is not null and l.kind = 'recurring') as o
  where o.overlaps
  union all
  select c.contract_id, c.customer_id, c.contract_id, c.title, e.last_day + 1,
         coalesce((select sum(round(s.quantity * s.monthly_price, 2)) from customers.service as s
                   where s.company_id = wanted_company and s.contract_id = c.contract_id and coalesce(s.ends_on, 'infinity') >= current_date), 0)
  from customers.contract as c
  -- what renews itself is never over
  cross join lateral (select case when c.ends_on is not null then c.ends_on when c.renewal_months is null
                             then (c.starts_on + make_interval(months => c.duration_months))::date - 1 end as last_day) as e
  where rule = 'term_is_over' and c.company_id = wanted_company and c.state in ('active', 'suspended') and e.last_day < current_date
  union all
  select c.contract_id, c.customer_id, c.contract_id, c.title, c.starts_on,
         coalesce((select sum(round(s.quantity * s.monthly_price, 2)) from customers.service as s
                   where s.company_id = wanted_company and s.contract_id = c.contract_id and coalesce(s.ends_on, 'infinity') >= current_date), 0)
  from customers.contract as c join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  where rule = 'customer_is_gone' and c.company_id = wanted_company and c.state = 'active' and k.state = 'terminated'
  union all
  select c.contract_id, c.customer_id, c.contract_id, c.title, c.starts_on, 0.00
  from customers.contract as c
  where rule = 'index_without_base' and c.company_id = wanted_company and c.state = 'active' and c.is_indexed and c.index_base_on is null
$$;
grant execute on function customers.contract_deadlines(int, date, date), customers.inconsistencies(int, text) to cms_people, cms_bookkeeper;
