-- role: cms_bookkeeper
-- Functions whose result has other columns than in earlier releases: they cannot be replaced, so what is old goes before it is made anew.

do $$
declare
  old record;
begin
  for old in
    select p.oid::regprocedure as name from pg_catalog.pg_proc as p
    where p.pronamespace = 'billing'::regnamespace
      and ((p.proname in ('due_services', 'due_periods') and pg_catalog.pg_get_function_result(p.oid) not like '%site_id%'))
  loop
    execute format('drop function %s', old.name);
  end loop;
end $$;
