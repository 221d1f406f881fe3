-- role: cms_owner
-- The one helper every table of a company goes through, from its first day.
--
--   call sec.protect('customers.customer', 'customers');
--
-- style 'editable': people write it under row-level security; versions are kept row by row.
-- style 'guarded':  people only read; it is written by functions of cms_bookkeeper that check the right themselves.
-- audit 'images':   updates and deletes keep the old row; 'summary': one entry per statement (rows that never change once final).
create or replace procedure sec.protect(
  tab regclass, module text, style text default 'editable', audit text default 'images',
  read_function text default null, write_function text default null)
language plpgsql set search_path = '' as $$
declare
  allowed   text := 'company_id = any ((select sec.companies(%L))::int[])';
  may_read  text := format(allowed, coalesce(read_function, module || '.read'));
  may_write text := format(allowed, coalesce(write_function, module || '.write'));
  key_name  text := sec.record_key(tab);
  call_it   text := format(' for each statement execute function sec.record_change(%L, %L, %L)', key_name, audit, style);
begin
  if style not in ('editable', 'guarded') or audit not in ('images', 'summary') then
    raise exception 'sec.protect: unknown style % or audit %', style, audit;
  end if;
  execute format('alter table %s enable row level security', tab);
  execute format('alter table %s force row level security', tab);
  execute format('create policy may_read on %s for select to cms_people using (%s)', tab, may_read);
  execute format('grant select on %s to cms_people, cms_search', tab);
  execute format('grant select, insert, update, delete on %s to cms_bookkeeper', tab);
  if pg_catalog.pg_get_serial_sequence(tab::text, key_name) is not null then
    execute format('grant usage on sequence %s to cms_bookkeeper', pg_catalog.pg_get_serial_sequence(tab::text, key_name));
  end if;
  if style = 'editable' then
    execute format('create policy may_add    on %s for insert to cms_people with check (%s)', tab, may_write);
    execute format('create policy may_change on %s for update to cms_people using (%s) with check (%s)', tab, may_write, may_write);
    execute format('create policy may_remove on %s for delete to cms_people using (%s)', tab, may_write);
    execute format('grant insert, update, delete on %s to cms_people', tab);
    execute format('create trigger keep_version before update on %s for each row execute function sec.keep_version()', tab);
  end if;
  execute format('create trigger record_add    after insert on %s referencing new table as rows_now', tab) || call_it;
  execute format('create trigger record_change after update on %s referencing old table as rows_before', tab) || call_it;
  execute format('create trigger record_remove after delete on %s referencing old table as rows_before', tab) || call_it;
end $$;

create or replace function sec.record_key(tab regclass) returns text
language plpgsql stable set search_path = '' as $$
begin
  -- the second column of the primary key (company_id is the first); company_id itself where there is no other
  return (
    select coalesce(max(attribute.attname) filter (where place.ordinality = 2), 'company_id')
    from pg_catalog.pg_index as key
    cross join lateral unnest(key.indkey) with ordinality as place(attnum, ordinality)
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = key.indrelid and attribute.attnum = place.attnum
    where key.indrelid = tab and key.indisprimary);
end $$;
