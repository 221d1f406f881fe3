-- role: cms_bookkeeper

create or replace function customers.guard_consumed() returns trigger
language plpgsql set search_path = '' as $$
-- What of a letter of intent was used is written by the functions that issue invoices, by nobody else.
begin
  if new.consumed_amount is distinct from (case tg_op when 'UPDATE' then old.consumed_amount else 0 end) and sec.person_id() is not null
     and current_user <> 'cms_bookkeeper' then
    perform sec.refuse('CM004', 'author_is_forged');
  end if;
  return new;
end $$;

create or replace function customers.guard_mandate() returns trigger
language plpgsql set search_path = '' as $$
-- Which state may follow which (customers.rules.MANDATE_STEPS says the same); the last collection is written by the functions that collect.
begin
  if tg_op = 'UPDATE' and new.state <> old.state then
    if not exists (select from (values
      ('draft', 'active'), ('draft', 'revoked'), ('active', 'suspended'), ('active', 'revoked'), ('active', 'expired'),
      ('suspended', 'active'), ('suspended', 'revoked'), ('suspended', 'expired')) as step(before, after)
      where (before, after) = (old.state, new.state)) then
      perform sec.refuse('CM062', 'mandate_step', jsonb_build_object('before', old.state, 'after', new.state));
    end if;
    if (new.state_on, new.state_reason) = (old.state_on, old.state_reason) then
      new.state_on := current_date;
      new.state_reason := '';
    end if;
  end if;
  if tg_op = 'UPDATE' and (new.customer_id <> old.customer_id
     or (new.last_collected_on is distinct from old.last_collected_on and sec.person_id() is not null and current_user <> 'cms_bookkeeper')) then
    perform sec.refuse('CM004', 'author_is_forged');
  end if;
  if tg_op = 'UPDATE' and old.state in ('revoked', 'expired')
     and (new.iban, new.reference, new.creditor_identifier) is distinct from (old.iban, old.reference, old.creditor_identifier) then
    perform sec.refuse('CM062', 'mandate_is_over');
  end if;
  return new;
end $$;

create or replace function customers.keep_amendments() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Once collected by, a mandate is known to the bank: what changes of it is announced with the next collection, until it is accepted. Two
-- changes in a row are one, from what the bank knows to what holds now; a change taken back needs no announcement.
declare
  change record;
begin
  if new.last_collected_on is null then
    return null;
  end if;
  for change in
    select * from (values ('iban', old.iban, new.iban), ('reference', old.reference, new.reference),
      ('creditor_identifier', old.creditor_identifier, new.creditor_identifier)) as t(kind, before, after) where before <> after
  loop
    insert into customers.mandate_amendment (company_id, mandate_id, kind, old_value, new_value, created_by)
    values (new.company_id, new.mandate_id, change.kind, change.before, change.after, sec.person_id())
    on conflict (company_id, mandate_id, kind) where state <> 'accepted'
    do update set new_value = excluded.new_value, state = 'pending', sent_on = null;
    delete from customers.mandate_amendment
    where company_id = new.company_id and mandate_id = new.mandate_id and kind = change.kind and state <> 'accepted' and old_value = new_value;
  end loop;
  return null;
end $$;

create or replace function customers.settle_amendment(wanted_company int, amendment bigint, outcome text) returns text
language plpgsql security definer set search_path = '' as $$
-- outcome: 'sent' with a presentation, then 'accepted' or 'refused' by the bank; a refused one is pending again and goes out once more.
declare
  this customers.mandate_amendment;
begin
  perform sec.require(wanted_company, 'customers.write');
  select * into this from customers.mandate_amendment
  where company_id = wanted_company and mandate_amendment_id = amendment for update;
  if not found or this.state = 'accepted' or outcome is null or outcome not in ('sent', 'accepted', 'refused')
     or (this.state = 'pending' and outcome = 'refused') then
    perform sec.refuse('CM063', 'amendment_state');
  end if;
  update customers.mandate_amendment
  set state = case outcome when 'refused' then 'pending' else outcome end,
      sent_on = case outcome when 'sent' then current_date when 'refused' then null else sent_on end,
      refused_count = refused_count + (outcome = 'refused')::int,
      accepted_on = case outcome when 'accepted' then current_date end
  where company_id = wanted_company and mandate_amendment_id = amendment;
  return case outcome when 'refused' then 'pending' else outcome end;
end $$;

create or replace function customers.lapse_mandates(of_company int) returns int
language plpgsql set search_path = '' as $$
-- For the nightly job and customers.expire_mandates. A mandate lapses 36 months after its last collection, or after its signature when nothing
-- was ever collected. Returns how many did.
declare
  many int;
begin
  update customers.mandate
  set state = 'expired', state_on = (coalesce(last_collected_on, signed_on) + interval '36 months')::date, row_version = row_version + 1,
      state_reason = '36 mesi senza incassi'
  where company_id = of_company and state in ('active', 'suspended')
    and coalesce(last_collected_on, signed_on) + interval '36 months' < current_date;
  get diagnostics many = row_count;
  return many;
end $$;

create or replace function customers.expire_mandates(wanted_company int) returns int
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'customers.write');
  return customers.lapse_mandates(wanted_company);
end $$;

grant execute on function customers.guard_consumed(), customers.guard_mandate(), customers.keep_amendments() to cms_owner;
grant execute on function customers.settle_amendment(int, bigint, text), customers.expire_mandates(int) to cms_people;
