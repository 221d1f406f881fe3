-- role: cms_bookkeeper

create or replace function customers.transfer_contract(
  wanted_company int, wanted_contract bigint, target_customer bigint, on_date date, deed text, version int) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Subentro: the contract ends the day before, a copy of it begins for another customer, each line followed by its successor. What was billed or
-- is still to be billed before that day stays with the old customer. Returns the new contract.
declare
  me     int := sec.person_id();
  old    customers.contract;
  made   bigint;
  until  date;
begin
  perform sec.require(wanted_company, 'customers.write');
  select * into old from customers.contract where company_id = wanted_company and contract_id = wanted_contract for update;
  if old.contract_id is null or old.row_version is distinct from version then
    perform sec.refuse('CM002', 'conflict');
  end if;
  if old.state not in ('active', 'suspended') or on_date is null or on_date <= old.starts_on or on_date > coalesce(old.ends_on, on_date)
     or old.customer_id is not distinct from target_customer
     or not exists (select from customers.customer where company_id = wanted_company and customer_id = target_customer
                    and state in ('prospect', 'active')) then
    perform sec.refuse('CM088', 'transfer_impossible');
  end if;
  select max(b.billed_until) into until
  from customers.service as s join customers.service_billing as b on b.company_id = s.company_id and b.service_id = s.service_id
  where s.company_id = wanted_company and s.contract_id = wanted_contract;
  if until >= on_date then
    perform sec.refuse('CM089', 'transfer_billed', jsonb_build_object('until', until));
  end if;
  insert into customers.contract (company_id, customer_id, number, title, state, starts_on, ends_on, payment_term_id, order_reference, cig_code, cup_code,
    profile, signed_on, duration_months, renewal_months, notice_count, notice_unit, notice_channel, is_indexed, index_share, index_base_on, index_month,
    index_cap, index_floor, replaces_contract_id, created_by)
  values (wanted_company, target_customer, customers.number_after(wanted_company, old.number), old.title, old.state, on_date, old.ends_on, null,
    old.order_reference, old.cig_code, old.cup_code, old.profile, on_date, old.duration_months, old.renewal_months, old.notice_count, old.notice_unit,
    old.notice_channel, old.is_indexed, old.index_share, old.index_base_on, old.index_month, old.index_cap, old.index_floor, wanted_contract, me)
  returning contract_id into made;
  insert into customers.service (company_id, contract_id, description, quantity, monthly_price, vat_code_id, frequency_months, anchor_month, is_in_advance,
    starts_on, ends_on, is_suspended, service_type_id, kind, site_id, unit_price, minimum_quantity, planned_quantity, free_quota, quota_months, pro_rata,
    agent_share, is_index_excluded, price_locked_until, is_advance, replaces_service_id, created_by)
  select company_id, made, description, quantity, monthly_price, vat_code_id, frequency_months, anchor_month, is_in_advance,
    greatest(on_date, starts_on), ends_on, is_suspended, service_type_id, kind, site_id, unit_price, minimum_quantity, planned_quantity, free_quota,
    quota_months, pro_rata, agent_share, is_index_excluded, price_locked_until, is_advance, service_id, me
  from customers.service
  where company_id = wanted_company and contract_id = wanted_contract and coalesce(ends_on, 'infinity') >= on_date and kind not in ('one_off', 'deposit')
    and not exists (select from customers.service as n where n.company_id = wanted_company and n.replaces_service_id = service.service_id)
  order by service_id;
  insert into customers.service_price as o (company_id, service_id, band, valid_from, price, origin, is_applied, created_by)
  select distinct on (n.service_id, p.band) wanted_company, n.service_id, p.band, n.starts_on, p.price, 'initial', true, me
  from customers.service as n
  join customers.service_price as p on p.company_id = wanted_company and p.service_id = n.replaces_service_id and p.valid_from <= n.starts_on
  where n.company_id = wanted_company and n.contract_id = made
  order by n.service_id, p.band, p.valid_from desc
  on conflict on constraint one_price_a_day do update set price = excluded.price where o.price <> excluded.price;
  insert into customers.service_price (company_id, service_id, band, valid_from, price, origin, is_applied, created_by)
  select wanted_company, n.service_id, p.band, p.valid_from, p.price, 'manual', p.valid_from <= current_date, me
  from customers.service as n
  join customers.service_price as p on p.company_id = wanted_company and p.service_id = n.replaces_service_id and p.valid_from > n.starts_on
  where n.company_id = wanted_company and n.contract_id = made;
  perform customers.apply_prices(wanted_company, array(
    select service_id from customers.service where company_id = wanted_company and contract_id = made));
  insert into customers.service_suspension (company_id, service_id, starts_on, ends_on, reason, mode, is_yearly, created_by)
  select wanted_company, n.service_id, u.starts_on, u.ends_on, u.reason, u.mode, u.is_yearly, me
  from customers.service as n join customers.service_suspension as u on u.company_id = wanted_company and u.service_id = n.replaces_service_id
  where n.company_id = wanted_company and n.contract_id = made and (u.is_yearly or coalesce(u.ends_on, 'infinity') >= on_date);
  update customers.service
  set ends_on = on_date - 1, row_version = row_version + 1
  where company_id = wanted_company and contract_id = wanted_contract and starts_on < on_date and coalesce(ends_on, 'infinity') >= on_date;
  update customers.service
  set is_suspended = true, row_version = row_version + 1
  where company_id = wanted_company and contract_id = wanted_contract and starts_on >= on_date and not is_suspended;
  update customers.contract set state = 'terminated', ends_on = on_date - 1, end_reason = 'transfer', row_version = row_version + 1
  where company_id = wanted_company and contract_id = wanted_contract;
  insert into customers.contract_transfer (company_id, from_contract_id, to_contract_id, from_customer_id, to_customer_id, on_date, deed, created_by)
  values (wanted_company, wanted_contract, made, old.customer_id, target_customer, on_date, left(btrim(coalesce(deed, '')), 300), me);
  return made;
end $$;

create or replace function customers.number_after(wanted_company int, number text) returns text
language plpgsql security definer set search_path = '' as $$
-- C-2024/0012 → C-2024/0012-2 → C-2024/0012-3 …: the chain of one relation shows in its numbers.
declare
  stem  text := regexp_replace(number, '-S[0-9]+$', '');
begin
  return (select stem || '-S' || n from generate_series(2, 1000) as n
          where not exists (select from customers.contract as c where c.company_id = wanted_company and c.number = stem || '-S' || n)
          order by n limit 1);
end $$;
grant execute on function customers.transfer_contract(int, bigint, bigint, date, text, int) to cms_people;
