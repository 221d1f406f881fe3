-- role: cms_bookkeeper

create or replace function base.removable_tables() returns table(tab text, needed_right text, place int)
language sql immutable set search_path = '' as $$
-- The tables whose pasted records may be taken away again, those that hang on others first, with the right it takes.
  values ('customers.customer', 'customers.write', 1), ('registry.party', 'customers.write', 2)
$$;

create or replace function base.remove_created(wanted_company int, paste bigint) returns bigint[]
language plpgsql security definer set search_path = '' as $$
-- Takes away the records that a paste of mine created, each with what triggers added in the same moment; who is used by others, or was
-- changed since, stays. Only records made by me in the very transaction of the paste: the list of rows alone proves nothing.
declare
  change  base.mass_change;
  target  record;
  written record;
  pointer record;
  many    int;
  gone    bigint[] := '{}';
begin
  perform sec.require(wanted_company, 'base.mass_change');
  select * into change from base.mass_change
  where company_id = wanted_company and mass_change_id = paste and created_by = sec.person_id();
  if change.mass_change_id is null then
    return gone;
  end if;
  for target in
    select distinct record_id from base.mass_change_row where company_id = wanted_company and mass_change_id = paste and before is null
  loop
    begin
      for written in
        select r.tab, r.needed_right from base.removable_tables() as r join base.mass_change_row as m
          on m.company_id = wanted_company and m.mass_change_id = paste and m.table_name = r.tab and m.record_id = target.record_id
        where m.before is null order by r.place
      loop
        perform sec.require(wanted_company, written.needed_right);
        for pointer in select * from base.references_to(written.tab::regclass) loop
          execute format('delete from %1$s as c using %2$s as t where t.company_id = $1 and t.%3$I = $2 and %4$s and %5$s',
            pointer.child, written.tab::regclass, sec.record_key(written.tab::regclass),
            (select string_agg(format('c.%I = t.%I', one, other), ' and ')
             from unnest(pointer.child_columns, pointer.own_columns) as p(one, other)),
            base.is_own_row(pointer.child, change.created_at, pointer.goes_along)) using wanted_company, target.record_id;
        end loop;
        execute format(
          'delete from %1$s where company_id = $1 and %2$I = $2 and row_version = 1 and created_at = $3 and created_by = $4',
          written.tab::regclass, sec.record_key(written.tab::regclass))
          using wanted_company, target.record_id, change.created_at, change.created_by;
        get diagnostics many = row_count;
        if many = 0 then
          raise foreign_key_violation;
        end if;
      end loop;
      gone := gone || target.record_id;
    exception when foreign_key_violation then
      null;
    end;
  end loop;
  return gone;
end $$;

revoke execute on function base.removable_tables(), base.remove_created(int, bigint) from public;
grant execute on function base.remove_created(int, bigint) to cms_people;
comment on function base.remove_created(int, bigint) is 'Removes what a paste created and nobody uses; returns the ids of what went.';
