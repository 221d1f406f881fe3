-- role: cms_bookkeeper
-- Two records of one party become one, and can be two again.
--
-- The merged party keeps its row (survivor_id says whose it is now) and everything that was issued or booked in its name: numbered documents,
-- journal, open items, payments and effects never change their holder. What lives on (contracts, people, roles, refusals) passes over.

create or replace function registry.has_version(table_name text) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from pg_catalog.pg_attribute where attrelid = table_name::regclass and attname = 'row_version' and not attisdropped)
$$;

create or replace function registry.merge_obstacle(wanted_company int, survivor bigint, merged bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- Why the two cannot be merged: {key, facts}; null when they can.
declare
  one   registry.party;
  other registry.party;
  drafts bigint;
begin
  select * into one from registry.party where company_id = wanted_company and party_id = survivor;
  select * into other from registry.party where company_id = wanted_company and party_id = merged;
  if one.party_id is null or other.party_id is null or survivor = merged then
    return jsonb_build_object('key', 'merge_unknown');
  elsif one.survivor_id is not null or other.survivor_id is not null or one.erased_on is not null or other.erased_on is not null then
    return jsonb_build_object('key', 'merge_done_already', 'name', case when one.survivor_id is null and one.erased_on is null then other.name else one.name end);
  elsif exists (select from customers.customer where company_id = wanted_company and customer_id = merged) then
    if not exists (select from customers.customer where company_id = wanted_company and customer_id = survivor) then
      return jsonb_build_object('key', 'merge_customer_survives', 'name', other.name);
    end if;
    select count(*) into drafts from billing.invoice where company_id = wanted_company and customer_id = merged and state = 'draft';
    if drafts > 0 then
      return jsonb_build_object('key', 'merge_in_preview', 'name', other.name, 'drafts', drafts);
    end if;
    if (one.vat_number <> other.vat_number or (one.vat_number is null and other.vat_number is null and one.tax_code <> other.tax_code))
       and exists (select from billing.invoice where company_id = wanted_company and customer_id = merged and state = 'issued')
       and exists (select from billing.invoice where company_id = wanted_company and customer_id = survivor and state = 'issued') then
      return jsonb_build_object('key', 'merge_two_subjects', 'one', coalesce(one.vat_number, one.tax_code), 'other', coalesce(other.vat_number, other.tax_code));
    end if;
  end if;
  return null;
end $$;

create or replace function registry.count_moves(wanted_company int, survivor bigint, merged bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- [{table, moves, stays}] for every table that names the merged party.
declare
  named   record;
  counted record;
  report  jsonb := '[]';
begin
  for named in select * from registry.tables_of_person() where reference <> '' order by table_name, reference loop
    execute format('select count(*) filter (where %s) as moves, count(*) as every from %s as t where company_id = $1 and %I = $3',
                   case named.on_merge when 'move' then coalesce(nullif(named.moves_if, ''), 'true') else 'false' end,
                   named.table_name::regclass, named.reference)
      into counted using wanted_company, survivor, merged;
    if counted.every > 0 then
      report := report || jsonb_build_object('table', named.table_name, 'moves', counted.moves, 'stays', counted.every - counted.moves);
    end if;
  end loop;
  return report;
end $$;

create or replace function registry.preview_merge(wanted_company int, survivor bigint, merged bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'registry.merge');
  return jsonb_build_object(
    'obstacle', registry.merge_obstacle(wanted_company, survivor, merged),
    'tables', registry.count_moves(wanted_company, survivor, merged),
    'open_amount', coalesce((select open_amount from customers.balance where company_id = wanted_company and customer_id = merged), 0),
    'fields', coalesce((select jsonb_object_agg(mine.key, jsonb_build_array(mine.value, theirs.value))
                        from jsonb_each(to_jsonb(one)) as mine join jsonb_each(to_jsonb(other)) as theirs using (key)
                        where mine.key = any (registry.fields_to_choose())), '{}'))
    from registry.party as one join registry.party as other on other.company_id = one.company_id and other.party_id = merged
    where one.company_id = wanted_company and one.party_id = survivor;
end $$;
comment on function registry.preview_merge(int, bigint, bigint) is 'What a merge would move and what stays, the fields of both side by side, and what forbids it.';

create or replace function registry.fields_to_choose() returns text[]
language sql immutable set search_path = '' as $$
  select array['kind', 'name', 'first_name', 'last_name', 'vat_country', 'vat_number', 'tax_code', 'street', 'street_number', 'postal_code', 'town',
    'istat_code', 'province_code', 'country', 'phone', 'mobile', 'fax', 'email', 'pec', 'website', 'notes',
    'class_1', 'class_2', 'class_3', 'class_4', 'class_5', 'class_6', 'class_7']
$$;

create or replace function registry.merge_parties(wanted_company int, survivor bigint, merged bigint, fields text[], survivor_version int, merged_version int)
returns bigint
language plpgsql security definer set search_path = '' as $$
-- `fields`: those of the survivor that take the merged party's value. Returns the merge.
#variable_conflict use_column
declare
  obstacle  jsonb;
  this      bigint;
  before    jsonb;
  loser     jsonb;
  field     text;
  named     record;
  counts    jsonb;
begin
  perform sec.require(wanted_company, 'registry.merge');
  perform from registry.party where company_id = wanted_company and party_id in (survivor, merged) order by party_id for update;
  select to_jsonb(p) into before from registry.party as p where company_id = wanted_company and party_id = survivor and row_version = survivor_version;
  select to_jsonb(p) into loser from registry.party as p where company_id = wanted_company and party_id = merged and row_version = merged_version;
  if before is null or loser is null then
    perform sec.refuse('CM002', 'conflict', jsonb_build_object('table', 'registry.party'));
  end if;
  obstacle := registry.merge_obstacle(wanted_company, survivor, merged);
  if obstacle is not null then
    perform sec.refuse('CM051', obstacle ->> 'key', obstacle);
  end if;
  if exists (select from customers.customer where company_id = wanted_company and customer_id = merged) then
    perform sec.require(wanted_company, 'customers.write');
  end if;
  counts := registry.count_moves(wanted_company, survivor, merged);
  insert into registry.merge (company_id, survivor_id, merged_id, report) values (wanted_company, survivor, merged, counts) returning merge_id into this;

  for named in select * from registry.tables_of_person() where on_merge = 'move' order by table_name loop
    execute format(
      'with moved as (update %s as t set %I = $2%s where company_id = $1 and %I = $3 and (%s) returning %I as id)
       insert into registry.merge_row (company_id, merge_id, table_name, column_name, record_id)
       select $1, $4, $5, $6, id from moved',
      named.table_name::regclass, named.reference, case when registry.has_version(named.table_name) then ', row_version = row_version + 1' else '' end,
      named.reference, coalesce(nullif(named.moves_if, ''), 'true'), sec.record_key(named.table_name::regclass))
      using wanted_company, survivor, merged, this, named.table_name, named.reference;
  end loop;
  perform registry.close_what_stays(wanted_company, merged, this);

  if not fields <@ registry.fields_to_choose() then
    perform sec.refuse('CM051', 'merge_unknown');
  end if;
  if cardinality(fields) > 0 then
    select string_agg(format('%I = other.%I', name, name), ', ') into field from unnest(fields) as name;
    execute format('update registry.party as p set %s, row_version = p.row_version + 1 from registry.party as other
                    where p.company_id = $1 and p.party_id = $2 and other.company_id = $1 and other.party_id = $3', field)
      using wanted_company, survivor, merged;
    update registry.merge set taken = (select jsonb_object_agg(name, jsonb_build_array(before -> name, loser -> name)) from unnest(fields) as name)
    where company_id = wanted_company and merge_id = this;
  end if;
  update registry.party_role as role set search_key = party.search_key, row_version = role.row_version + 1
  from registry.party where role.company_id = wanted_company and role.party_id = survivor and party.company_id = wanted_company
    and party.party_id = survivor and role.search_key <> party.search_key;
  for named in select distinct table_name from registry.merge_row where company_id = wanted_company and merge_id = this loop
    if registry.has_version(named.table_name) then
      execute format('update registry.merge_row as noted set version_now = t.row_version from %s as t
                      where noted.company_id = $1 and noted.merge_id = $2 and noted.table_name = $3 and t.company_id = $1 and t.%I = noted.record_id',
                     named.table_name::regclass, sec.record_key(named.table_name::regclass))
        using wanted_company, this, named.table_name;
    end if;
  end loop;
  update registry.party set survivor_id = survivor, row_version = row_version + 1 where company_id = wanted_company and party_id = merged;
  update registry.twin set verdict = 'merged', row_version = row_version + 1
  where company_id = wanted_company and party_id = least(survivor, merged) and other_id = greatest(survivor, merged);
  return this;
end $$;
comment on function registry.merge_parties(int, bigint, bigint, text[], int, int) is 'Merge one party into another; registry.undo_merge takes it back.';

create or replace function registry.close_what_stays(wanted_company int, merged bigint, this bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- Roles that the survivor has too end for the merged party, and so does its being a customer: it has no contract any more.
begin
  with ended as (
    update registry.party_role set until_on = greatest(since_on, current_date), row_version = row_version + 1
    where company_id = wanted_company and party_id = merged and until_on is null returning party_role_id, row_version
  )
  insert into registry.merge_row (company_id, merge_id, table_name, column_name, record_id, version_now, value_before)
  select wanted_company, this, 'registry.party_role', 'until_on', party_role_id, row_version, 'null' from ended;
  with old as (
    select customer_id, state from customers.customer
    where company_id = wanted_company and customer_id = merged and state in ('active', 'suspended', 'terminating')
  ), ended as (
    update customers.customer as k set state = 'terminated', row_version = k.row_version + 1 from old
    where k.company_id = wanted_company and k.customer_id = old.customer_id returning k.customer_id, k.row_version, old.state
  )
  insert into registry.merge_row (company_id, merge_id, table_name, column_name, record_id, version_now, value_before)
  select wanted_company, this, 'customers.customer', 'state', customer_id, row_version, to_jsonb(state) from ended;
end $$;

create or replace function registry.merge_touched(wanted_company int, this bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- What changed since a merge and would be lost by undoing it: [{table, rows}].
declare
  kept    registry.merge;
  named   record;
  changed bigint;
  report  jsonb := '[]';
begin
  select * into kept from registry.merge where company_id = wanted_company and merge_id = this;
  for named in select table_name, column_name from registry.merge_row where company_id = wanted_company and merge_id = this group by 1, 2 order by 1, 2 loop
    execute format('select count(*) from registry.merge_row as r left join %s as t on t.company_id = r.company_id and t.%I = r.record_id
                    where r.company_id = $1 and r.merge_id = $2 and r.table_name = $3 and r.column_name = $4 and %s',
                   named.table_name::regclass, sec.record_key(named.table_name::regclass),
                   case when registry.has_version(named.table_name) then 't.row_version is distinct from r.version_now'
                        else format('t.%I is distinct from $5', named.column_name) end)
      into changed using wanted_company, this, named.table_name, named.column_name, kept.survivor_id;
    if changed > 0 then
      report := report || jsonb_build_object('table', named.table_name, 'rows', changed);
    end if;
  end loop;
  select count(*) into changed
  from jsonb_each(kept.taken) as field
  join registry.party as p on p.company_id = wanted_company and p.party_id = kept.survivor_id
  where to_jsonb(p) -> field.key is distinct from field.value -> 1;
  if changed > 0 or exists (select from registry.party where company_id = wanted_company and party_id = kept.survivor_id
                            and (survivor_id is not null or erased_on is not null)) then
    report := report || jsonb_build_object('table', 'registry.party', 'rows', greatest(changed, 1));
  end if;
  select count(distinct invoice.invoice_id) into changed
  from registry.merge_row as r
  join customers.service on service.company_id = r.company_id and service.contract_id = r.record_id
  join billing.invoice_line as line on line.company_id = r.company_id and line.service_id = service.service_id
  join billing.invoice on invoice.company_id = r.company_id and invoice.invoice_id = line.invoice_id and invoice.customer_id = kept.survivor_id
  where r.company_id = wanted_company and r.merge_id = this and r.table_name = 'customers.contract';
  if changed > 0 then
    report := report || jsonb_build_object('table', 'billing.invoice', 'rows', changed);
  end if;
  return report;
end $$;

create or replace function registry.undo_merge(wanted_company int, merge bigint) returns void
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  kept    registry.merge;
  touched jsonb;
  named   record;
  field   text;
begin
  perform sec.require(wanted_company, 'registry.merge');
  select * into kept from registry.merge where company_id = wanted_company and merge_id = undo_merge.merge for update;
  if kept.merge_id is null or kept.undone_at is not null then
    perform sec.refuse('CM052', 'merge_undone_already');
  end if;
  if exists (select from registry.merge_row where company_id = wanted_company and merge_id = kept.merge_id and table_name like 'customers.%') then
    perform sec.require(wanted_company, 'customers.write');
  end if;
  touched := registry.merge_touched(wanted_company, kept.merge_id);
  if touched <> '[]' then
    perform sec.refuse('CM053', 'merge_touched_since', jsonb_build_object(
      'touched', (select string_agg(one ->> 'table' || ': ' || (one ->> 'rows'), ', ') from jsonb_array_elements(touched) as one)));
  end if;
  update registry.party set survivor_id = null, row_version = row_version + 1 where company_id = wanted_company and party_id = kept.merged_id;
  -- who was suspended or terminating comes back by way of being active
  update customers.customer set state = 'active', row_version = row_version + 1
  where company_id = wanted_company and customer_id = kept.merged_id and state = 'terminated'
    and exists (select from registry.merge_row where company_id = wanted_company and merge_id = kept.merge_id and table_name = 'customers.customer');
  for named in select distinct table_name, column_name from registry.merge_row where company_id = wanted_company and merge_id = kept.merge_id loop
    execute format('update %s as t set %I = (coalesce(r.value_before, to_jsonb($3)) #>> ''{}''::text[])::%s%s
                    from registry.merge_row as r
                    where r.company_id = $1 and r.merge_id = $2 and r.table_name = $4 and r.column_name = $5 and t.company_id = $1 and t.%I = r.record_id',
                   named.table_name::regclass, named.column_name,
                   (select format_type(atttypid, null) from pg_catalog.pg_attribute
                    where attrelid = named.table_name::regclass and attname = named.column_name),
                   case when registry.has_version(named.table_name) then ', row_version = t.row_version + 1' else '' end,
                   sec.record_key(named.table_name::regclass))
      using wanted_company, kept.merge_id, kept.merged_id, named.table_name, named.column_name;
  end loop;
  if kept.taken <> '{}' then
    select string_agg(format('%I = ($3::jsonb -> %L ->> 0)%s', key, key, case when key like 'class\_%' then '::bigint' else '' end), ', ') into field
    from jsonb_object_keys(kept.taken) as key;
    execute format('update registry.party set %s, row_version = row_version + 1 where company_id = $1 and party_id = $2', field)
      using wanted_company, kept.survivor_id, kept.taken;
  end if;
  update registry.party_role as role set search_key = party.search_key, row_version = role.row_version + 1
  from registry.party where party.company_id = wanted_company and party.party_id in (kept.survivor_id, kept.merged_id)
    and role.company_id = wanted_company and role.party_id = party.party_id and role.search_key <> party.search_key;
  update registry.twin set verdict = 'open', row_version = row_version + 1
  where company_id = wanted_company and party_id = least(kept.survivor_id, kept.merged_id) and other_id = greatest(kept.survivor_id, kept.merged_id);
  update registry.merge set undone_at = now(), undone_by = sec.person_id() where company_id = wanted_company and merge_id = kept.merge_id;
end $$;
comment on function registry.undo_merge(int, bigint) is 'Two parties again, as before the merge. CM053 with what was touched since.';

grant execute on function registry.preview_merge(int, bigint, bigint), registry.merge_parties(int, bigint, bigint, text[], int, int),
  registry.undo_merge(int, bigint) to cms_people;
