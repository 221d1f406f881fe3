-- role: cms_owner
create or replace function sec.keep_version() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.row_version is distinct from old.row_version + 1 then
    raise exception using errcode = 'CM002', message = 'conflict',
      detail = jsonb_build_object('table', tg_table_schema || '.' || tg_table_name)::text;
  end if;
  if new.company_id is distinct from old.company_id then
    raise exception using errcode = 'CM003', message = 'company_is_fixed';
  end if;
  new.created_at := old.created_at;
  new.created_by := old.created_by;
  new.changed_at := now();
  new.changed_by := sec.person_id();
  return new;
end $$;
comment on function sec.keep_version() is 'Refuses a lost update; stamps who and when.';

