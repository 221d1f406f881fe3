-- role: cms_search
-- The history of one record, for whoever may read the record.

create or replace function base.history_right(wanted_table text) returns text
language plpgsql stable security definer set search_path = '' as $$
-- The function that lets a person read the rows of a table, taken from its policy. Where a policy says more than «of these companies»
-- (private notes, own tasks), reading the rows is not reading their past: only the register of changes shows it.
declare
  found text[];
begin
  if wanted_table in ('base.person', 'base.password', 'base.permission') then
    return 'base.administer';
  elsif wanted_table = 'base.company' then
    return 'base.read';
  end if;
  select array_agg(coalesce(substring(qual from
           '^\(company_id = ANY \(\( SELECT sec\.companies\(''([a-z_.]+)''::text\) AS companies\)::integer\[\]\)\)$'), 'base.audit'))
  into found
  from pg_catalog.pg_policies
  where schemaname || '.' || tablename = wanted_table and cmd in ('SELECT', 'ALL') and permissive = 'PERMISSIVE';
  return case when cardinality(found) = 1 then found[1] else 'base.audit' end;
end $$;
revoke all on function base.history_right(text) from public;

create or replace function base.record_history(wanted_company int, wanted_table text, wanted_record bigint)
returns table (company_id int, audit_id bigint, at timestamptz, person_id int, person_name text, operation text, row_before jsonb)
language plpgsql stable security definer set search_path = '' as $$
-- What happened to one record, the newest first; the last five hundred times. Needs the right that reads the record.
begin
  perform sec.require(wanted_company, base.history_right(wanted_table));
  return query
    select a.company_id, a.audit_id, a.at, a.person_id, coalesce(p.display_name, a.login), a.operation::text, a.row_before
    from base.audit_entry as a left join base.person as p using (person_id)
    where a.company_id = wanted_company and a.table_name = wanted_table and a.record_id = wanted_record
    order by a.audit_id desc limit 500;
end $$;
revoke all on function base.record_history(int, text, bigint) from public;
grant execute on function base.record_history(int, text, bigint) to cms_people;
