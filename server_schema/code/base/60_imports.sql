-- role: cms_bookkeeper

create or replace function base.import_target(wanted text) returns table(needed_right text, tables text[])
language sql immutable set search_path = '' as $$
-- What a list can be imported into: the right it takes, and the tables it may write, those that others refer to first.
  select t.needed_right, t.tables from (values
    ('customers', 'customers.import', array['registry.party', 'customers.customer']),
    ('contracts', 'customers.import', array['customers.contract', 'customers.service']),
    ('sites', 'customers.import', array['customers.site', 'customers.plant']),
    ('plants', 'customers.import', array['customers.plant']),
    ('keys', 'customers.import', array['customers.held_key']),
    ('service_types', 'customers.import', array['customers.service_type']),
    ('letters', 'customers.import', array['customers.intent_letter']),
    ('appointments', 'customers.import', array['customers.appointment']),
    ('mandates', 'customers.import', array['customers.mandate']),
    ('items', 'billing.charge', array['billing.chargeable_item']),
    ('parties', 'registry.import', array['registry.party', 'registry.party_role']),
    ('contacts', 'registry.import', array['registry.contact_person']),
    ('vat_codes', 'base.administer', array['base.vat_code']),
    ('payment_terms', 'base.administer', array['base.payment_term', 'base.payment_installment']),
    ('document_series', 'base.administer', array['base.document_series']),
    ('bank_accounts', 'base.administer', array['base.bank_account']),
    ('calendar_days', 'base.administer', array['base.calendar_day'])
  ) as t(target, needed_right, tables) where t.target = wanted
$$;

create or replace function base.require_import(wanted_company int, run bigint) returns base.import_run
language plpgsql stable security definer set search_path = '' as $$
-- The import, if its right is held; who has no right at all in the company learns nothing.
declare
  found base.import_run;
begin
  select * into found from base.import_run where company_id = wanted_company and import_run_id = run;
  perform sec.require(wanted_company, coalesce((select needed_right from base.import_target(found.target)), 'base.administer'));
  if found.import_run_id is null then
    perform sec.refuse('CM091', 'import_unknown');
  end if;
  return found;
end $$;

create or replace function base.open_import(
  wanted_company int, target_name text, file_name text, sha256 bytea, row_count int, mapping jsonb) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  run bigint;
begin
  perform sec.require(wanted_company, coalesce((select needed_right from base.import_target(target_name)), 'base.administer'));
  if not exists (select from base.import_target(target_name)) then
    perform sec.refuse('CM091', 'import_unknown');
  end if;
  insert into base.import_run (company_id, target, file_name, sha256, mapping, row_count, created_by)
  values (wanted_company, target_name, left(file_name, 255), sha256, mapping, row_count, sec.person_id()) returning import_run_id into run;
  return run;
end $$;

create or replace function base.note_import(wanted_company int, run bigint, operation text, written_table text, noted jsonb) returns int
language plpgsql security definer set search_path = '' as $$
-- Rows of an import that is being made now: created ones (they must be of this transaction and person), or ones about to be changed,
-- whose image is kept. `noted` is [{"n": line, "id": record, "name": what it is known by}].
declare
  this_run base.import_run := base.require_import(wanted_company, run);
  key_name name;
  many     int;
begin
  if this_run.created_at <> now() or this_run.created_by is distinct from sec.person_id() or this_run.state <> 'done'
     or operation not in ('I', 'U') or not written_table = any (select unnest(tables) from base.import_target(this_run.target)) then
    perform sec.refuse('CM092', 'import_is_closed');
  end if;
  key_name := sec.record_key(written_table::regclass);
  execute format(
    'insert into base.import_row (company_id, import_run_id, table_name, record_id, line_no, operation, name, row_version, row_before, created_by)
     select $1, $2, $3, t.%1$I, r.n, $4, left(r.name, 200), t.row_version, case $4 when ''U'' then to_jsonb(t) end, $5
     from jsonb_to_recordset($6) as r(n int, id bigint, name text)
     join %2$s as t on t.company_id = $1 and t.%1$I = r.id
     where $4 = ''U'' or (t.created_at = now() and t.created_by = $5)
     on conflict do nothing', key_name, written_table::regclass)
    using wanted_company, run, written_table, operation, sec.person_id(), noted;
  get diagnostics many = row_count;
  return many;
end $$;

create or replace function base.close_import(wanted_company int, run bigint, created int, changed int, duplicates int, errors int) returns void
language plpgsql security definer set search_path = '' as $$
-- The figures of an import, and the versions its records have now: whoever writes one of them later changes that.
declare
  this_run base.import_run := base.require_import(wanted_company, run);
  tab      text;
begin
  if this_run.created_at <> now() or this_run.created_by is distinct from sec.person_id() then
    perform sec.refuse('CM092', 'import_is_closed');
  end if;
  for tab in select distinct table_name from base.import_row where company_id = wanted_company and import_run_id = run loop
    execute format(
      'update base.import_row as i set row_version = t.row_version from %1$s as t
       where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and t.company_id = $1 and t.%2$I = i.record_id
         and i.row_version <> t.row_version', tab::regclass, sec.record_key(tab::regclass)) using wanted_company, run, tab;
  end loop;
  update base.import_run set created_count = created, changed_count = changed, duplicate_count = duplicates, error_count = errors
  where company_id = wanted_company and import_run_id = run;
end $$;

create or replace function base.references_to(tab regclass)
returns table(child regclass, child_columns name[], own_columns name[], goes_along boolean)
language sql stable set search_path = '' as $$
-- The foreign keys that point at a table, with the columns on both sides, and whether their rows go when the row they point at goes.
  select k.conrelid::regclass,
         (select array_agg(a.attname order by p.place) from unnest(k.conkey) with ordinality as p(number, place)
          join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = p.number),
         (select array_agg(a.attname order by p.place) from unnest(k.confkey) with ordinality as p(number, place)
          join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = p.number),
         k.confdeltype = 'c'
  from pg_catalog.pg_constraint as k where k.contype = 'f' and k.confrelid = tab
$$;

create or replace function base.import_obstacles(wanted_company int, run bigint)
returns table(line_no int, name text, table_name text, reason text, by_table text)
language plpgsql stable security definer set search_path = '' as $$
-- Why an import cannot be taken back: records changed or gone since, and records it created that others refer to. Rows that triggers
-- made in the import's own transaction belong to it.
declare
  this_run base.import_run := base.require_import(wanted_company, run);
  tab      text;
  pointer  record;
  is_own   text;
begin
  for tab in select distinct i.table_name from base.import_row as i where i.company_id = wanted_company and i.import_run_id = run loop
    return query execute format(
      'select i.line_no, i.name, i.table_name, case when t.row_version is null then ''gone'' else ''changed'' end, ''''::text
       from base.import_row as i
       left join %1$s as t on t.company_id = $1 and t.%2$I = i.record_id
       where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and t.row_version is distinct from i.row_version',
      tab::regclass, sec.record_key(tab::regclass)) using wanted_company, run, tab;
    for pointer in select * from base.references_to(tab::regclass) loop
      is_own := base.is_own_row(pointer.child, this_run.created_at, pointer.goes_along);
      return query execute format(
        'select distinct on (i.line_no) i.line_no, i.name, i.table_name, ''used''::text, $4
         from base.import_row as i
         join %1$s as t on t.company_id = $1 and t.%2$I = i.record_id
         join %3$s as c on %4$s
         where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and i.operation = ''I'' and not (%5$s)
           and not exists (select from base.import_row as o where o.company_id = $1 and o.import_run_id = $2 and o.table_name = $4
                           and o.record_id = (to_jsonb(c) ->> %6$L)::bigint)',
        tab::regclass, sec.record_key(tab::regclass), pointer.child,
        (select string_agg(format('c.%I = t.%I', one, other), ' and ') from unnest(pointer.child_columns, pointer.own_columns) as p(one, other)),
        is_own, sec.record_key(pointer.child)) using wanted_company, run, tab, pointer.child::text;
    end loop;
  end loop;
end $$;

create or replace function base.is_own_row(child regclass, moment timestamptz, goes_along boolean) returns text
language sql stable set search_path = '' as $$
-- A condition on `c`, a row of `child`: made in the transaction of that moment, and not changed since. A table that does not say when its
-- rows were made is kept by triggers: its rows belong to the record if they go along with it, and are a use of it if not.
  select coalesce(string_agg(condition, ' and '), goes_along::text) from (
    select format('c.created_at = %L::timestamptz', moment) as condition from pg_catalog.pg_attribute
    where attrelid = child and attname = 'created_at' and not attisdropped
    union all
    select 'c.row_version = 1' from pg_catalog.pg_attribute
    where attrelid = child and attname = 'row_version' and not attisdropped
      and exists (select from pg_catalog.pg_attribute where attrelid = child and attname = 'created_at' and not attisdropped)) as t
$$;

create or replace function base.undo_import(wanted_company int, run bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Takes an import back as a whole: what it created goes, what it changed is as it was. Refused while one record was touched since.
declare
  this_run base.import_run := base.require_import(wanted_company, run);
  written  text[] := (select tables from base.import_target(this_run.target));
  place    int;
  first    record;
begin
  select * into this_run from base.import_run where company_id = wanted_company and import_run_id = run for update;
  if this_run.state <> 'done' then
    perform sec.refuse('CM093', 'import_is_undone');
  end if;
  perform base.lock_import(wanted_company, run);
  select count(*) over () as touched, o.* into first from base.import_obstacles(wanted_company, run) as o order by o.line_no limit 1;
  if found then
    perform sec.refuse('CM094', 'import_was_touched',
      jsonb_build_object('count', first.touched, 'line', first.line_no, 'name', first.name, 'reason', first.reason));
  end if;
  for place in reverse cardinality(written) .. 1 loop
    perform base.remove_imported(wanted_company, run, written[place], this_run.created_at);
    perform base.restore_imported(wanted_company, run, written[place]);
  end loop;
  update base.import_run set state = 'undone', undone_at = now(), undone_by = sec.person_id()
  where company_id = wanted_company and import_run_id = run;
  return jsonb_build_object('removed', this_run.created_count, 'restored', this_run.changed_count);
exception when foreign_key_violation then
  perform sec.refuse('CM094', 'import_was_touched', jsonb_build_object('count', 1, 'line', 0, 'name', '', 'reason', 'used'));
end $$;

create or replace function base.lock_import(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- The records of an import, locked in order: nobody changes one while it is looked at.
declare
  tab text;
begin
  for tab in select distinct table_name from base.import_row where company_id = wanted_company and import_run_id = run order by 1 loop
    execute format(
      'select from %1$s as t where t.company_id = $1
       and t.%2$I in (select record_id from base.import_row where company_id = $1 and import_run_id = $2 and table_name = $3)
       order by t.%2$I for update', tab::regclass, sec.record_key(tab::regclass)) using wanted_company, run, tab;
  end loop;
end $$;

create or replace function base.remove_imported(wanted_company int, run bigint, tab text, moment timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
-- Deletes what the import created in a table, after the rows that triggers had put beside them.
declare
  pointer record;
begin
  for pointer in select * from base.references_to(tab::regclass) loop
    if base.is_own_row(pointer.child, moment, false) <> 'false' then
      execute format(
        'delete from %1$s as c using %2$s as t, base.import_row as i
         where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and i.operation = ''I''
           and t.company_id = $1 and t.%3$I = i.record_id and %4$s and c.created_at = $4', pointer.child, tab::regclass,
        sec.record_key(tab::regclass),
        (select string_agg(format('c.%I = t.%I', one, other), ' and ') from unnest(pointer.child_columns, pointer.own_columns) as p(one, other)))
        using wanted_company, run, tab, moment;
    end if;
  end loop;
  execute format(
    'delete from %1$s as t using base.import_row as i
     where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and i.operation = ''I'' and t.company_id = $1 and t.%2$I = i.record_id',
    tab::regclass, sec.record_key(tab::regclass)) using wanted_company, run, tab;
end $$;

create or replace function base.restore_imported(wanted_company int, run bigint, tab text) returns void
language plpgsql security definer set search_path = '' as $$
-- Puts what the import changed in a table back as it was; columns that came later stay.
declare
  sets text := (
    select string_agg(format('%1$I = r.%1$I', attname), ', ' order by attnum) from pg_catalog.pg_attribute
    where attrelid = tab::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
      and attname not in ('company_id', 'created_at', 'created_by', 'changed_at', 'changed_by', 'row_version', sec.record_key(tab::regclass))
      and exists (select from base.import_row as i where i.company_id = wanted_company and i.import_run_id = run and i.table_name = tab
                  and i.row_before ? attname));
begin
  if sets is not null then
    execute format(
      'update %1$s as t set %3$s, row_version = t.row_version + 1
       from base.import_row as i cross join lateral jsonb_populate_record(null::%1$s, i.row_before) as r
       where i.company_id = $1 and i.import_run_id = $2 and i.table_name = $3 and i.operation = ''U'' and t.company_id = $1 and t.%2$I = i.record_id',
      tab::regclass, sec.record_key(tab::regclass), sets) using wanted_company, run, tab;
  end if;
end $$;

grant execute on function base.open_import(int, text, text, bytea, int, jsonb), base.note_import(int, bigint, text, text, jsonb),
  base.close_import(int, bigint, int, int, int, int), base.import_obstacles(int, bigint), base.undo_import(int, bigint) to cms_people;
