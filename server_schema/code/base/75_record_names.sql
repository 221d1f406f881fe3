-- role: cms_owner
-- What records are called and how they stand, with the rights of who asks: row-level security decides what is seen.

create or replace function base.key_of(wanted_table text) returns text
language sql stable set search_path = '' as $$
-- The column that numbers the rows: the one of the primary key besides company_id; null where there are more.
  select case count(*) filter (where a.attname <> 'company_id') when 1 then max(a.attname) filter (where a.attname <> 'company_id')
              when 0 then max(a.attname) end::text
  from pg_catalog.pg_index as i
  join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = pg_catalog.to_regclass(wanted_table) and i.indisprimary
$$;

create or replace function base.record_now(of_company int, wanted_table text, wanted_record bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
-- The row as it stands; null when it is gone or not visible to who asks.
declare
  key   text := base.key_of(wanted_table);
  tab   regclass := pg_catalog.to_regclass(wanted_table);
  found jsonb;
  has_company boolean := exists (select from pg_catalog.pg_attribute where attrelid = tab and attname = 'company_id' and not attisdropped);
begin
  if key is not null then
    execute format('select to_jsonb(t) from %s as t where t.%I = $2 %s', tab, key, case when has_company then 'and t.company_id = $1' else '' end)
      into found using of_company, wanted_record;
  end if;
  return found;
exception when insufficient_privilege then
  return null;
end $$;

create or replace function base.references_of(wanted_table text) returns table (field text, target text)
language sql stable set search_path = '' as $$
-- Columns whose numbers are records of another table, from the foreign keys; who did something is a person.
  select a.attname::text, n.nspname || '.' || c.relname
  from pg_catalog.pg_constraint as k
  join pg_catalog.pg_class as c on c.oid = k.confrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  cross join lateral unnest(k.conkey) as place
  join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = place
  where k.contype = 'f' and k.conrelid = pg_catalog.to_regclass(wanted_table) and a.attname <> 'company_id' and a.atttypid in (20, 23)
    and (select count(*) from unnest(k.conkey) as other join pg_catalog.pg_attribute as b on b.attrelid = k.conrelid and b.attnum = other
         where b.attname <> 'company_id') = 1
  union
  select a.attname::text, 'base.person'
  from pg_catalog.pg_attribute as a
  where a.attrelid = pg_catalog.to_regclass(wanted_table) and a.attname ~ '(_by|^person_id)$' and a.atttypid = 23
    and a.attname not in ('created_by', 'changed_by', 'replaced_by')
$$;

create or replace function base.record_names(of_company int, wanted_table text, wanted bigint[]) returns table (record_id bigint, name text)
language plpgsql stable set search_path = '' as $$
-- What records are called, as far as who asks may see them. A customer is called as its party.
declare
  named text := case wanted_table when 'customers.customer' then 'registry.party' else wanted_table end;
  tab   regclass := pg_catalog.to_regclass(named);
  key   text := base.key_of(named);
  label text := (
    select a.attname from pg_catalog.pg_attribute as a
    join unnest(array['display_name', 'name', 'document_number', 'number', 'description', 'title', 'code', 'subject', 'login'])
      with ordinality as wish(column_name, place) on wish.column_name = a.attname
    where a.attrelid = tab and not a.attisdropped order by wish.place limit 1);
  has_company boolean := exists (select from pg_catalog.pg_attribute where attrelid = tab and attname = 'company_id' and not attisdropped);
begin
  if key is not null and label is not null then
    return query execute format('select t.%I::bigint, t.%I::text from %s as t where t.%I = any ($2) %s', key, label, tab, key,
      case when has_company then 'and t.company_id = $1' else '' end) using of_company, wanted;
  end if;
exception when insufficient_privilege then
  return;
end $$;

grant execute on function base.key_of(text), base.record_now(int, text, bigint), base.references_of(text), base.record_names(int, text, bigint[])
  to cms_people;
