-- role: cms_bookkeeper
-- One person of a rubrica as the data subject: what we know of them, handed over or erased. The party they belong to is another subject
-- (27_privacy.sql).

create or replace function registry.require_contact_person(wanted_company int, wanted_contact bigint) returns bigint
language plpgsql stable set search_path = '' as $$
-- The party of a person, for whoever may ask.
declare
  owner bigint;
begin
  perform sec.require(wanted_company, 'registry.privacy');
  select party_id into owner from registry.contact_person where company_id = wanted_company and contact_person_id = wanted_contact;
  if owner is null then
    perform sec.refuse('CM170', 'contact_not_here');
  end if;
  return owner;
end $$;

create or replace function registry.tables_of_contact()
returns table (table_name text, on_erasure text, kept_for text) language sql immutable set search_path = '' as $$
-- Every table that names a person of the rubrica; a test holds the list to the catalogue. 'unlink': the row stays without the name.
  values ('registry.contact_person', 'clear', ''), ('registry.refusal', 'keep', 'objection'), ('registry.note', 'unlink', ''),
         ('customers.site_contact', 'delete', ''), ('registry.privacy_request', 'keep', 'accountability')
$$;

create or replace function registry.rows_of_contact(wanted_company int, wanted_contact bigint, wanted_table text) returns jsonb
language plpgsql stable set search_path = '' as $$
-- Notes only as far as the person who asks may see them.
declare
  found jsonb;
begin
  execute format(
    'select coalesce(jsonb_agg(to_jsonb(t) - array[''search_key'', ''search_text''] order by t.*::text), ''[]'') from %s as t '
    'where company_id = $1 and contact_person_id = $2 and %s', wanted_table::regclass,
    case wanted_table when 'registry.note' then 'registry.may_see_note($1, t.note_id)' else 'true' end)
    into found using wanted_company, wanted_contact;
  return found;
end $$;

create or replace function registry.export_contact(wanted_company int, wanted_contact bigint, origin text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
-- {table: [rows]}, and a row in the register of requests.
declare
  owner  bigint := registry.require_contact_person(wanted_company, wanted_contact);
  report jsonb;
begin
  select jsonb_object_agg(table_name, registry.rows_of_contact(wanted_company, wanted_contact, table_name)) into report
  from registry.tables_of_contact();
  report := report || jsonb_build_object('base.audit_entry', coalesce((
    select jsonb_agg(jsonb_build_object('at', at, 'operation', operation, 'row_before', row_before - array['search_key', 'search_text']) order by audit_id)
    from base.audit_entry where company_id = wanted_company and table_name = 'registry.contact_person' and record_id = wanted_contact), '[]'));
  insert into registry.privacy_request (company_id, party_id, contact_person_id, kind, origin, report)
  values (wanted_company, owner, wanted_contact, 'export', origin,
          (select jsonb_object_agg(key, jsonb_array_length(value)) from jsonb_each(report)));
  return report;
end $$;
comment on function registry.export_contact(int, bigint, text) is 'Right of access and portability of one person of a rubrica: all rows, by table.';

create or replace function registry.preview_contact_erasure(wanted_company int, wanted_contact bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- {tables: [{table, rows, what, why}]}: what registry.erase_contact would do.
declare
  named  record;
  many   bigint;
  report jsonb := '[]';
begin
  perform registry.require_contact_person(wanted_company, wanted_contact);
  for named in select * from registry.tables_of_contact() loop
    execute format('select count(*) from %s where company_id = $1 and contact_person_id = $2', named.table_name::regclass)
      into many using wanted_company, wanted_contact;
    if many > 0 then
      report := report || jsonb_build_object('table', named.table_name, 'rows', many, 'what', named.on_erasure, 'why', named.kept_for);
    end if;
  end loop;
  select count(*) into many from base.audit_entry
  where company_id = wanted_company and table_name = 'registry.contact_person' and record_id = wanted_contact;
  return jsonb_build_object('tables',
    report || jsonb_build_object('table', 'base.audit_entry', 'rows', many, 'what', 'keep', 'why', 'accountability'));
end $$;

create or replace function registry.erase_contact(wanted_company int, wanted_contact bigint, origin text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
-- Nothing readable of the person is left in the rubrica; what was said and decided with them stays with the party, without their name.
declare
  owner  bigint := registry.require_contact_person(wanted_company, wanted_contact);
  report jsonb := registry.preview_contact_erasure(wanted_company, wanted_contact);
begin
  delete from customers.site_contact where company_id = wanted_company and contact_person_id = wanted_contact;
  update registry.note set spoken_to = '', contact_person_id = null, row_version = row_version + 1
  where company_id = wanted_company and contact_person_id = wanted_contact;
  update registry.contact_person set name = 'Cancellato', job = '', work_phone = '', private_phone = '', mobile = '', email = '', pec = '', notes = '',
    acts_for = '{}', valid_to = greatest(valid_from, current_date), row_version = row_version + 1
  where company_id = wanted_company and contact_person_id = wanted_contact;
  insert into registry.privacy_request (company_id, party_id, contact_person_id, kind, origin, report)
  values (wanted_company, owner, wanted_contact, 'erasure', origin, report);
  return report;
end $$;
comment on function registry.erase_contact(int, bigint, text) is 'Right to erasure of one person of a rubrica.';

grant execute on function registry.export_contact(int, bigint, text), registry.preview_contact_erasure(int, bigint),
  registry.erase_contact(int, bigint, text) to cms_people;
