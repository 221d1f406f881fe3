-- role: cms_bookkeeper

create or replace function customers.guard_life_cycle() returns trigger
language plpgsql set search_path = '' as $$
-- Which state may follow which; since when and why it is in the new one. The same table in Python: customers.rules.LIFE_CYCLE.
begin
  if not exists (select from (values
    ('prospect', 'active'), ('prospect', 'terminated'),
    ('active', 'suspended'), ('active', 'terminating'), ('active', 'terminated'),
    ('suspended', 'active'), ('suspended', 'terminating'), ('suspended', 'terminated'),
    ('terminating', 'active'), ('terminating', 'suspended'), ('terminating', 'terminated'),
    ('terminated', 'active'), ('terminated', 'prospect')) as step(before, after) where (before, after) = (old.state, new.state)) then
    perform sec.refuse('CM060', 'life_cycle_step', jsonb_build_object('before', old.state, 'after', new.state));
  end if;
  if (new.state_on, new.state_reason) = (old.state_on, old.state_reason) then
    new.state_on := current_date;
    new.state_reason := '';
  end if;
  return new;
end $$;

create or replace function customers.keep_life_cycle() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    insert into customers.life_cycle_event (company_id, customer_id, to_state, on_date, reason, created_by)
    select company_id, customer_id, state, since_on, state_reason, sec.person_id() from rows_now order by company_id, customer_id;
  else
    insert into customers.life_cycle_event (company_id, customer_id, from_state, to_state, on_date, reason, created_by)
    select n.company_id, n.customer_id, b.state, n.state, n.state_on, n.state_reason, sec.person_id()
    from rows_now as n join rows_before as b on (b.company_id, b.customer_id) = (n.company_id, n.customer_id)
    where n.state <> b.state
    order by n.company_id, n.customer_id;
  end if;
  return null;
end $$;
comment on function customers.keep_life_cycle() is 'Every state a customer enters leaves an event: when, why, by whom.';

create or replace function customers.check_appointments() returns trigger
language plpgsql security definer set search_path = '' as $$
-- At no time do the agents of a customer share more than all, nor is there more than one collector. The customers are locked, so that
-- two people who appoint at once are seen by each other.
declare
  wrong record;
begin
  perform from customers.customer
  where (company_id, customer_id) in (select company_id, customer_id from rows_now) order by company_id, customer_id for no key update;
  select a.role, a.starts_on into wrong
  from customers.appointment as a
  join customers.appointment as b on b.company_id = a.company_id and b.customer_id = a.customer_id and b.role = a.role
    and b.starts_on <= a.starts_on and coalesce(b.ends_on, 'infinity') >= a.starts_on
  where (a.company_id, a.customer_id) in (select company_id, customer_id from rows_now)
  group by a.company_id, a.appointment_id, a.role, a.starts_on
  having case a.role when 'agent' then sum(b.share) > 100 else count(*) > 1 end
  limit 1;
  if found then
    perform sec.refuse('CM061', case wrong.role when 'agent' then 'agents_share_too_much' else 'two_collectors' end,
      jsonb_build_object('on', wrong.starts_on));
  end if;
  return null;
end $$;

grant execute on function customers.guard_life_cycle(), customers.keep_life_cycle(), customers.check_appointments() to cms_owner;
