-- role: cms_bookkeeper
create or replace function sec.record_change() returns trigger
language plpgsql security definer set search_path = '' as $$
-- One call per statement. tg_argv[0]: name of the record's own key column; tg_argv[1]: 'images' or 'summary';
-- tg_argv[2]: 'editable' (people insert it themselves: who, when and version must be the true ones) or 'guarded'.
declare
  me            int  := sec.person_id();
  source_rows   text := case tg_op when 'INSERT' then 'rows_now' else 'rows_before' end;
  full_name     text := tg_table_schema || '.' || tg_table_name;
  key_column    text := tg_argv[0];
  is_summary    boolean := tg_op = 'INSERT' or tg_argv[1] = 'summary';
  touched       int[];
  company       int;
begin
  if is_summary then
    execute format(
      'with done as (
         insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
         select company_id, $1, session_user, $2, $3, count(*), case when count(*) = 1 then min(%I) end
         from %I group by company_id returning company_id)
       select array_agg(company_id) from done', key_column, source_rows)
      into touched using me, full_name, left(tg_op, 1);
  else
    execute format(
      'with done as (
         insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id, row_before)
         select company_id, $1, session_user, $2, $3, 1, %I, to_jsonb(r) from %I as r returning company_id)
       select array_agg(distinct company_id) from done', key_column, source_rows)
      into touched using me, full_name, left(tg_op, 1);
  end if;
  if tg_op = 'INSERT' and me is not null then
    execute 'select company_id from rows_now where created_by is distinct from $1' || case tg_argv[2] when 'editable' then
      ' or created_at is distinct from now() or row_version <> 1 or changed_at is not null or changed_by is not null' else '' end || ' limit 1'
      into company using me;
    if company is not null then
      raise exception using errcode = 'CM004', message = 'author_is_forged';
    end if;
  end if;
  if touched is not null then
    foreach company in array touched loop
      perform pg_notify('cms_' || company, full_name);
    end loop;
  end if;
  return null;
end $$;
comment on function sec.record_change() is
  'Audit and notification of one statement. Inserted rows carry their author themselves, so an insert leaves one summary entry per company; '
  'updates and deletes keep the row as it was.';
grant execute on function sec.record_change() to cms_owner;
