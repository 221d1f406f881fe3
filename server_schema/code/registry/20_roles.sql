-- role: cms_bookkeeper
-- What follows from a written party, role or customer by itself.

create or replace function registry.count_parties() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A party that was merged into another counts no more.
begin
  if tg_op = 'INSERT' then
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, 'party', date_trunc('month', created_on)::date, count(*)
    from rows_now where survivor_id is null group by 1, 3;
  elsif tg_op = 'DELETE' then
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, 'party', date_trunc('month', created_on)::date, -count(*)
    from rows_before where survivor_id is null group by 1, 3;
  else
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, 'party', date_trunc('month', created_on)::date, sum(one)
    from (select company_id, created_on, 1 as one from rows_now where survivor_id is null
          union all select company_id, created_on, -1 from rows_before where survivor_id is null) as difference
    group by 1, 3 having sum(one) <> 0;
  end if;
  if found then
    perform registry.fold_counts();
  end if;
  return null;
end $$;

create or replace function registry.count_roles() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, role, date_trunc('month', since_on)::date, count(*) from rows_now where until_on is null group by 1, 2, 3;
  elsif tg_op = 'DELETE' then
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, role, date_trunc('month', since_on)::date, -count(*) from rows_before where until_on is null group by 1, 2, 3;
  else
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, role, date_trunc('month', since_on)::date, sum(one)
    from (select company_id, role, since_on, 1 as one from rows_now where until_on is null
          union all select company_id, role, since_on, -1 from rows_before where until_on is null) as difference
    group by 1, 2, 3 having sum(one) <> 0;
  end if;
  if found then
    perform registry.fold_counts();
  end if;
  return null;
end $$;

create or replace function registry.fold_counts() returns void
language plpgsql security definer set search_path = '' as $$
-- About once in a hundred statements the differences become one row again. Rows that somebody else holds stay for the next time.
begin
  if random() < 0.01 then
    with old as (
      select company_id, section_count_id from registry.section_count for update skip locked
    ), gone as (
      delete from registry.section_count as kept using old
      where kept.company_id = old.company_id and kept.section_count_id = old.section_count_id
      returning kept.company_id, kept.section, kept.month, kept.parties
    )
    insert into registry.section_count (company_id, section, month, parties)
    select company_id, section, month, sum(parties) from gone group by 1, 2, 3 having sum(parties) <> 0;
  end if;
end $$;

create or replace function registry.keep_customer_roles() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A customer's role follows customers.customer: prospect while its state says so, customer from then on.
begin
  if tg_op = 'INSERT' then
    insert into registry.party_role (company_id, party_id, role, since_on, search_key)
    select fresh.company_id, fresh.customer_id, case fresh.state when 'prospect' then 'prospect' else 'customer' end, fresh.since_on, party.search_key
    from rows_now as fresh
    join registry.party on party.company_id = fresh.company_id and party.party_id = fresh.customer_id
    on conflict do nothing;
    update registry.party_role as role set until_on = greatest(role.since_on, current_date), row_version = role.row_version + 1
    from rows_now as fresh
    where role.company_id = fresh.company_id and role.party_id = fresh.customer_id and role.role = 'prospect' and role.until_on is null
      and fresh.state <> 'prospect';
  elsif exists (select from rows_before join rows_now using (company_id, customer_id) where (rows_before.state = 'prospect') <> (rows_now.state = 'prospect')) then
    insert into registry.party_role (company_id, party_id, role, since_on, search_key)
    select fresh.company_id, fresh.customer_id, case fresh.state when 'prospect' then 'prospect' else 'customer' end, current_date, party.search_key
    from rows_now as fresh
    join rows_before as before on before.company_id = fresh.company_id and before.customer_id = fresh.customer_id
      and (before.state = 'prospect') <> (fresh.state = 'prospect')
    join registry.party on party.company_id = fresh.company_id and party.party_id = fresh.customer_id
    on conflict do nothing;
    update registry.party_role as role set until_on = greatest(role.since_on, current_date), row_version = role.row_version + 1
    from rows_now as fresh
    join rows_before as before on before.company_id = fresh.company_id and before.customer_id = fresh.customer_id
      and (before.state = 'prospect') <> (fresh.state = 'prospect')
    where role.company_id = fresh.company_id and role.party_id = fresh.customer_id and role.until_on is null
      and role.role = case fresh.state when 'prospect' then 'customer' else 'prospect' end;
  end if;
  return null;
end $$;

create or replace function registry.keep_role_names() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update registry.party_role set search_key = new.search_key, row_version = row_version + 1
  where company_id = new.company_id and party_id = new.party_id and search_key <> new.search_key;
  return null;
end $$;

create or replace function registry.take_name() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.search_key := coalesce((select search_key from registry.party where company_id = new.company_id and party_id = new.party_id), '');
  return new;
end $$;

create or replace function registry.check_classes() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A value stands only in the field whose list it belongs to.
declare
  wrong int;
begin
  select given.position into wrong
  from (values (1, new.class_1), (2, new.class_2), (3, new.class_3), (4, new.class_4), (5, new.class_5), (6, new.class_6), (7, new.class_7))
    as given (position, value_id)
  join registry.classification_value as value
    on value.company_id = new.company_id and value.classification_value_id = given.value_id and value.position <> given.position
  limit 1;
  if wrong is not null then
    perform sec.refuse('CM050', 'class_of_another_field', jsonb_build_object('position', wrong));
  end if;
  return new;
end $$;

grant execute on function registry.count_parties(), registry.count_roles(), registry.keep_customer_roles(), registry.keep_role_names(),
  registry.take_name(), registry.check_classes() to cms_owner;
