-- role: cms_bookkeeper
-- Tariff changes and ISTAT adjustments of many lines at once: preview, confirmation, undo. Each set by set, in one transaction.

create or replace function customers.index_of(wanted_company int, wanted_index text, wanted_month date)
returns table (value numeric, coefficient numeric)
language sql stable security definer set search_path = '' as $$
-- Part of the price runs. The company's own figure of a month, else the published one, with the coefficient that makes bases comparable.
  select v.value, b.coefficient
  from (select o.value, o.base_year, 1 as place from customers.price_index as o
        where o.company_id = wanted_company and o.index_code = wanted_index and o.month_on = wanted_month
        union all
        select i.value, i.base_year, 2 from base.price_index as i where i.index_code = wanted_index and i.month_on = wanted_month
        order by place limit 1) as v
  join base.price_index_base as b on b.index_code = wanted_index and b.base_year = v.base_year
$$;

create or replace function customers.prepare_price_run(
  wanted_company int, run_kind text, run_title text, effective_on date, parameters jsonb) returns bigint
language plpgsql security definer set search_path = '' set work_mem = '128MB' set enable_nestloop = off as $$
-- parameters: percent and amount (tariff) or index_on (indexation); step; and, each optional, whom it concerns: service_types, kinds, provinces,
-- contracts (arrays), profile, classes ({position of the field of classification: [values]}, all of them must hold).
declare
  me       int := sec.person_id();
  run      bigint;
  step     numeric := coalesce((parameters ->> 'step')::numeric, 0.01);
  percent  numeric := coalesce((parameters ->> 'percent')::numeric, 0);
  amount   numeric := coalesce((parameters ->> 'amount')::numeric, 0);
  index_on date := (parameters ->> 'index_on')::date;
  target_value numeric;
  target_coefficient numeric;
begin
  perform sec.require(wanted_company, 'customers.reprice');
  if coalesce(run_kind, '') not in ('tariff', 'indexation') or effective_on is null or effective_on not between date '1990-01-01' and date '2199-12-31'
     or btrim(coalesce(run_title, '')) = '' or step not in (0.01, 0.05, 0.10, 1.00)
     or (run_kind = 'tariff' and (percent = 0) = (amount = 0)) or percent not between -90 and 500 or amount not between -100000 and 100000
     or (parameters ? 'classes' and (jsonb_typeof(parameters -> 'classes') <> 'object'
           or exists (select from jsonb_each(parameters -> 'classes') as w where w.key !~ '^[1-7]$' or jsonb_typeof(w.value) <> 'array')))
     or (run_kind = 'indexation' and (index_on is null or extract(day from index_on) <> 1)) then
    perform sec.refuse('CM082', 'price_run_parameters');
  end if;
  if run_kind = 'indexation' then
    select i.value, i.coefficient into target_value, target_coefficient from customers.index_of(wanted_company, 'FOI', index_on) as i;
    if target_value is null then
      perform sec.refuse('CM083', 'index_missing', jsonb_build_object('month', index_on));
    end if;
  end if;
  insert into customers.price_run (company_id, number, title, kind, state, effective_on, parameters, index_on, created_by)
  values (wanted_company, 'P-' || extract(year from effective_on) || '/'
            || lpad(base.next_internal_number(wanted_company, 'customers.price_run', extract(year from effective_on)::int)::text, 4, '0'),
          btrim(run_title), run_kind, 'preview', effective_on, parameters, case run_kind when 'indexation' then index_on end, me)
  returning price_run_id into run;
  raise notice 'progress 1/3 lines';
  create temp table reached on commit drop as
    select s.service_id, s.contract_id, c.customer_id, s.kind, s.quantity, s.is_index_excluded, s.price_locked_until, c.profile, c.is_indexed,
           c.index_share, c.index_base_on, c.index_month, c.index_cap, c.index_floor, s.starts_on
    from customers.service as s
    join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
    join registry.party as p on p.company_id = c.company_id and p.party_id = c.customer_id
    where s.company_id = wanted_company and s.kind in ('recurring', 'hourly', 'passages', 'interventions')
      and c.state in ('active', 'suspended')
      and coalesce(s.ends_on, 'infinity') >= effective_on and coalesce(c.ends_on, 'infinity') >= effective_on
      and (parameters -> 'service_types' is null or parameters -> 'service_types' @> to_jsonb(s.service_type_id))
      and (parameters -> 'kinds' is null or parameters -> 'kinds' ? p.kind)
      and (parameters -> 'provinces' is null or parameters -> 'provinces' ? p.province_code)
      and (parameters -> 'contracts' is null or parameters -> 'contracts' @> to_jsonb(s.contract_id))
      and (coalesce(parameters ->> 'profile', '') = '' or c.profile = parameters ->> 'profile')
      and (parameters -> 'classes' is null or not exists (
             select from jsonb_each(parameters -> 'classes') as wanted
             where not coalesce(wanted.value @> to_jsonb((array[p.class_1, p.class_2, p.class_3, p.class_4, p.class_5, p.class_6, p.class_7])
                                                         [wanted.key::int]), false)));
  analyze reached (service_id);
  raise notice 'progress 2/3 prices';
  insert into customers.price_run_line (company_id, price_run_id, service_id, band, contract_id, customer_id, quantity, old_price, new_price, percent,
    base_on, valid_from, reason, created_by)
  select wanted_company, run, r.service_id, h.band, r.contract_id, r.customer_id, r.quantity, h.price, n.price, n.percent, r.index_base_on,
         greatest(effective_on, r.starts_on, case r.kind when 'recurring' then b.billed_until + 1 end),
         case
           when run_kind = 'indexation' and not r.is_indexed then 'clause_missing'
           when run_kind = 'indexation' and r.is_index_excluded then 'line_excluded'
           when run_kind = 'indexation' and f.value is null then 'base_missing'
           when run_kind = 'indexation' and extract(month from effective_on) <> r.index_month then 'another_month'
           when run_kind = 'indexation' and (index_on <= r.index_base_on
             or (r.profile = 'consumer' and index_on < r.index_base_on + interval '12 months')) then 'too_early'
           when r.price_locked_until >= effective_on then 'price_locked'
           when h.has_later then 'later_price'
           when n.price = h.price then 'unchanged'
           else '' end,
         me
  from reached as r
  join (select distinct on (p.service_id, p.band) p.service_id, p.band, p.price,
               max(p.valid_from) over (partition by p.service_id, p.band) > effective_on as has_later
        from customers.service_price as p
        where p.company_id = wanted_company
        order by p.service_id, p.band, p.valid_from > effective_on, abs(p.valid_from - effective_on)) as h on h.service_id = r.service_id
  left join customers.service_billing as b on b.company_id = wanted_company and b.service_id = r.service_id
  left join (select distinct on (i.month_on) i.month_on, i.value, x.coefficient
             from (select month_on, value, base_year, 1 as place from customers.price_index where company_id = wanted_company and index_code = 'FOI'
                   union all select month_on, value, base_year, 2 from base.price_index where index_code = 'FOI') as i
             join base.price_index_base as x on x.index_code = 'FOI' and x.base_year = i.base_year
             order by i.month_on, i.place) as f on run_kind = 'indexation' and f.month_on = r.index_base_on
  cross join lateral (select case run_kind when 'tariff' then percent
    else customers.index_percent(f.value, f.coefficient, target_value, target_coefficient, r.index_share, r.index_floor, r.index_cap) end as percent) as q
  cross join lateral (select q.percent, coalesce(customers.adjusted_price(h.price, q.percent, amount, step), h.price) as price) as n;
  drop table reached;
  raise notice 'progress 3/3 totals';
  perform customers.sum_price_run(wanted_company, run);
  return run;
end $$;

create or replace function customers.sum_price_run(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- Lines, contracts, and what the recurring ones cost a month before and after.
begin
  update customers.price_run as r
  set line_count = t.lines, contract_count = t.contracts, excluded_count = t.excluded, old_amount = t.old, new_amount = t.new
  from (select count(*) filter (where l.reason = '') as lines, count(distinct l.contract_id) filter (where l.reason = '') as contracts,
               count(*) filter (where l.reason <> '') as excluded,
               coalesce(sum(round(l.quantity * l.old_price, 2)) filter (where l.reason = '' and s.kind = 'recurring'), 0) as old,
               coalesce(sum(round(l.quantity * l.new_price, 2)) filter (where l.reason = '' and s.kind = 'recurring'), 0) as new
        from customers.price_run_line as l
        join customers.service as s on s.company_id = l.company_id and s.service_id = l.service_id
        where l.company_id = wanted_company and l.price_run_id = run) as t
  where r.company_id = wanted_company and r.price_run_id = run;
end $$;

create or replace function customers.lock_price_run(wanted_company int, run bigint, wanted_state text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  this_run customers.price_run;
begin
  select * into this_run from customers.price_run where company_id = wanted_company and price_run_id = run for update;
  if this_run.price_run_id is null or this_run.state <> wanted_state then
    perform sec.refuse('CM084', 'price_run_state', jsonb_build_object('state', this_run.state, 'number', this_run.number));
  end if;
  return to_jsonb(this_run);
end $$;

create or replace function customers.exclude_prices(wanted_company int, run bigint, services bigint[], why text) returns int
language plpgsql security definer set search_path = '' as $$
-- Takes lines out of the run (why given) or back in (why empty; not those that the rules keep out).
declare
  changed int;
begin
  perform sec.require(wanted_company, 'customers.reprice');
  perform customers.lock_price_run(wanted_company, run, 'preview');
  update customers.price_run_line set reason = left(btrim(coalesce(why, '')), 200)
  where company_id = wanted_company and price_run_id = run and service_id = any (services)
    and reason not in ('clause_missing', 'line_excluded', 'base_missing', 'another_month', 'too_early', 'price_locked', 'later_price', 'unchanged');
  get diagnostics changed = row_count;
  perform customers.sum_price_run(wanted_company, run);
  return changed;
end $$;

create or replace function customers.discard_price_run(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'customers.reprice');
  perform customers.lock_price_run(wanted_company, run, 'preview');
  delete from customers.price_run_line where company_id = wanted_company and price_run_id = run;
  update customers.price_run set state = 'discarded' where company_id = wanted_company and price_run_id = run;
end $$;

create or replace function customers.confirm_price_run(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' set work_mem = '128MB' set enable_nestloop = off as $$
-- Writes the new prices into the history, from the first day that is not billed yet. Refused when a price moved since the preview.
declare
  me       int := sec.person_id();
  this_run customers.price_run;
  moved    bigint;
begin
  perform sec.require(wanted_company, 'customers.reprice');
  this_run := jsonb_populate_record(null::customers.price_run, customers.lock_price_run(wanted_company, run, 'preview'));
  if this_run.line_count = 0 then
    perform sec.refuse('CM085', 'nothing_to_reprice');
  end if;
  perform pg_advisory_xact_lock(hashtext('billing.prepare_run'), wanted_company);  -- no preview of invoices meanwhile
  raise notice 'progress 1/3 checks';
  perform 1 from customers.service where company_id = wanted_company
    and service_id in (select service_id from customers.price_run_line where company_id = wanted_company and price_run_id = run and reason = '')
  order by service_id for update;
  update customers.price_run_line as l
  set valid_from = greatest(this_run.effective_on, l.valid_from, b.billed_until + 1)
  from customers.service_billing as b, customers.service as s
  where l.company_id = wanted_company and l.price_run_id = run and l.reason = '' and b.company_id = wanted_company and b.service_id = l.service_id
    and s.company_id = wanted_company and s.service_id = l.service_id and s.kind = 'recurring' and b.billed_until >= l.valid_from;
  select count(*) into moved
  from customers.price_run_line as l
  left join lateral (
    select p.price, p.valid_from from customers.service_price as p
    where p.company_id = wanted_company and p.service_id = l.service_id and p.band = l.band
    order by p.valid_from desc limit 1) as h on true
  where l.company_id = wanted_company and l.price_run_id = run and l.reason = '' and (h.price is distinct from l.old_price or h.valid_from > l.valid_from);
  if moved > 0 then
    perform sec.refuse('CM086', 'prices_moved', jsonb_build_object('count', moved));
  end if;
  raise notice 'progress 2/3 history';
  insert into customers.service_price as p (company_id, service_id, band, valid_from, price, origin, price_run_id, is_applied, created_by)
  select wanted_company, service_id, band, valid_from, new_price, 'run', run, valid_from <= current_date, me
  from customers.price_run_line where company_id = wanted_company and price_run_id = run and reason = ''
  order by service_id, band
  on conflict on constraint one_price_a_day do nothing;
  get diagnostics moved = row_count;
  if moved <> this_run.line_count then  -- the line has a price of that very day: it cannot be replaced, only followed
    perform sec.refuse('CM086', 'prices_moved', jsonb_build_object('count', this_run.line_count - moved));
  end if;
  raise notice 'progress 3/3 contracts';
  perform customers.apply_prices(wanted_company, array(
    select service_id from customers.service_price where company_id = wanted_company and price_run_id = run and is_applied));
  if this_run.kind = 'indexation' then
    update customers.contract as c set index_base_on = this_run.index_on, row_version = c.row_version + 1
    where c.company_id = wanted_company and c.contract_id in (
      select contract_id from customers.price_run_line where company_id = wanted_company and price_run_id = run and reason = '');
  end if;
  update customers.price_run set state = 'confirmed', confirmed_at = now(), confirmed_by = me
  where company_id = wanted_company and price_run_id = run;
  return jsonb_build_object('count', this_run.line_count, 'contracts', this_run.contract_count);
end $$;

create or replace function customers.undo_price_run(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' set work_mem = '128MB' set enable_nestloop = off as $$
-- Takes a confirmed run back as a whole: possible while nothing was billed at its prices and no later price stands on them.
declare
  me       int := sec.person_id();
  this_run customers.price_run;
  billed   bigint;
  later    bigint;
  lines    bigint[];
begin
  perform sec.require(wanted_company, 'customers.reprice');
  this_run := jsonb_populate_record(null::customers.price_run, customers.lock_price_run(wanted_company, run, 'confirmed'));
  perform pg_advisory_xact_lock(hashtext('billing.prepare_run'), wanted_company);
  select count(*) filter (where b.billed_until >= l.valid_from), count(*) filter (where p.service_price_id is null or n.valid_from > l.valid_from),
         array_agg(distinct l.service_id)
  into billed, later, lines
  from customers.price_run_line as l
  left join customers.service_billing as b on b.company_id = wanted_company and b.service_id = l.service_id
  left join customers.service_price as p on p.company_id = wanted_company and p.service_id = l.service_id and p.band = l.band
   and p.price_run_id = run
  left join (select service_id, band, max(valid_from) as valid_from from customers.service_price
             where company_id = wanted_company group by 1, 2) as n on n.service_id = l.service_id and n.band = l.band
  where l.company_id = wanted_company and l.price_run_id = run and l.reason = '';
  if billed > 0 or later > 0 then
    perform sec.refuse('CM087', 'price_run_cannot_be_undone', jsonb_build_object('billed', billed, 'later', later));
  end if;
  delete from customers.service_price where company_id = wanted_company and price_run_id = run;
  perform customers.apply_prices(wanted_company, lines);
  if this_run.kind = 'indexation' then
    update customers.contract as c set index_base_on = t.base_on, row_version = c.row_version + 1
    from (select contract_id, min(base_on) as base_on from customers.price_run_line
          where company_id = wanted_company and price_run_id = run and reason = '' group by contract_id) as t
    where c.company_id = wanted_company and c.contract_id = t.contract_id and c.index_base_on = this_run.index_on;
  end if;
  update customers.price_run set state = 'undone', undone_at = now(), undone_by = me where company_id = wanted_company and price_run_id = run;
  return jsonb_build_object('count', this_run.line_count);
end $$;

create or replace function customers.mark_letters(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'customers.reprice');
  perform customers.lock_price_run(wanted_company, run, 'confirmed');
  update customers.price_run set letters_at = now() where company_id = wanted_company and price_run_id = run;
end $$;

revoke execute on function customers.index_of(int, text, date) from public;
grant execute on function customers.prepare_price_run(int, text, text, date, jsonb), customers.exclude_prices(int, bigint, bigint[], text),
  customers.discard_price_run(int, bigint), customers.confirm_price_run(int, bigint), customers.undo_price_run(int, bigint),
  customers.mark_letters(int, bigint) to cms_people;
