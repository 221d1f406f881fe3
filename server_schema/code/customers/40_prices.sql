-- role: cms_bookkeeper
-- The price history of contract lines. customers.service says the price in force, customers.service_price which one held when.

create or replace function customers.keep_prices() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A new line begins its history; a price changed on the line itself holds for everything not billed yet (never before the price it replaces).
declare
  me int := sec.person_id();
begin
  if tg_op = 'INSERT' then
    insert into customers.service_price (company_id, service_id, valid_from, price, origin, created_by)
    select company_id, service_id, starts_on, case kind when 'recurring' then monthly_price else unit_price end, 'initial', me from rows_now;
    insert into customers.service_billing (company_id, service_id) select company_id, service_id from rows_now;
    return null;
  end if;
  insert into customers.service_price as p (company_id, service_id, valid_from, price, origin, created_by)
  select n.company_id, n.service_id, greatest(coalesce(b.billed_until + 1, n.starts_on), h.valid_from), n.price, 'manual', me
  from (select *, case kind when 'recurring' then monthly_price else unit_price end as price from rows_now) as n
  join (select company_id, service_id, case kind when 'recurring' then monthly_price else unit_price end as price from rows_before) as o
    using (company_id, service_id)
  left join customers.service_billing as b using (company_id, service_id)
  left join lateral (
    select p.valid_from, p.price from customers.service_price as p
    where p.company_id = n.company_id and p.service_id = n.service_id and p.band = '' and p.is_applied
    order by p.valid_from desc limit 1) as h on true
  where n.price <> o.price and n.price is distinct from h.price
  on conflict on constraint one_price_a_day do update
    set price = excluded.price, is_applied = true,
        origin = case when p.origin = 'run' then 'manual' else p.origin end, price_run_id = null;
  return null;
end $$;
grant execute on function customers.keep_prices() to cms_owner;

create or replace function customers.set_price(wanted_company int, wanted_service bigint, on_date date, new_price numeric, wanted_band text default '') returns void
language plpgsql security definer set search_path = '' as $$
-- A price from a day on. No price: the band is no longer priced. Refused where the day is billed already, or before the line starts.
declare
  me     int := sec.person_id();
  line   customers.service;
  until  date;
begin
  perform sec.require(wanted_company, 'customers.write');
  select * into line from customers.service where company_id = wanted_company and service_id = wanted_service for update;
  if line.service_id is null then
    perform sec.refuse('CM080', 'line_is_gone');
  end if;
  if new_price is null and coalesce(wanted_band, '') <> '' then
    delete from customers.service_price where company_id = wanted_company and service_id = wanted_service and band = wanted_band;
    return;
  end if;
  select billed_until into until from customers.service_billing where company_id = wanted_company and service_id = wanted_service;
  if on_date is null or new_price is null or on_date < line.starts_on or (until >= on_date and line.kind = 'recurring') then
    perform sec.refuse('CM081', 'price_day', jsonb_build_object('starts', line.starts_on, 'until', until));
  end if;
  insert into customers.service_price as p (company_id, service_id, band, valid_from, price, origin, is_applied, created_by)
  values (wanted_company, wanted_service, coalesce(wanted_band, ''), on_date, new_price, 'manual', on_date <= current_date, me)
  on conflict on constraint one_price_a_day do update
    set price = excluded.price, is_applied = excluded.is_applied, price_run_id = null,
        origin = case when p.origin = 'run' then 'manual' else p.origin end;
  perform customers.apply_prices(wanted_company, array[wanted_service]);
end $$;

create or replace function customers.apply_prices(wanted_company int, services bigint[] default null) returns int
language plpgsql security definer set search_path = '' as $$
-- For functions that checked the right: what the history says of today goes into the lines (all, or those named).
declare
  changed int;
begin
  update customers.service_price set is_applied = true
  where company_id = wanted_company and not is_applied and valid_from <= current_date and (services is null or service_id = any (services));
  -- on tables never analysed the planner expects one price and would look through all of them for each line
  perform set_config('enable_nestloop', case when services is null or cardinality(services) > 1000 then 'off' else 'on' end, true);
  with now as materialized (
    select distinct on (p.service_id) p.service_id, p.price
    from customers.service_price as p
    where p.company_id = wanted_company and p.band = '' and p.is_applied and (services is null or p.service_id = any (services))
    order by p.service_id, p.valid_from desc)
  update customers.service as s
  set monthly_price = case s.kind when 'recurring' then now.price else 0 end, unit_price = case s.kind when 'recurring' then 0 else now.price end,
      row_version = s.row_version + 1
  from now
  where s.company_id = wanted_company and s.service_id = now.service_id
    and now.price <> case s.kind when 'recurring' then s.monthly_price else s.unit_price end;
  get diagnostics changed = row_count;
  perform set_config('enable_nestloop', 'on', true);
  return changed;
end $$;

create or replace function customers.apply_due_prices(wanted_company int) returns int
language plpgsql security definer set search_path = '' as $$
-- Prices whose day has come. Cheap when there are none: asked whenever somebody who may write opens the contracts.
declare
  due bigint[];
begin
  perform sec.require(wanted_company, 'customers.write');
  select array_agg(distinct service_id) into due from customers.service_price
  where company_id = wanted_company and not is_applied and valid_from <= current_date;
  return case when due is null then 0 else customers.apply_prices(wanted_company, due) end;
end $$;
grant execute on function customers.set_price(int, bigint, date, numeric, text), customers.apply_due_prices(int) to cms_people;
