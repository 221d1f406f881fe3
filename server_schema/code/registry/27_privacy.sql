-- role: cms_bookkeeper
-- Who may be written to, what we know of a person, and what can be forgotten.

create or replace function registry.family(wanted_company int, subject bigint) returns bigint[]
language sql stable security definer set search_path = '' as $$
  with recursive member as (
    select party_id, survivor_id from registry.party where company_id = wanted_company and party_id = subject
    union
    select p.party_id, p.survivor_id from registry.party as p join member on p.company_id = wanted_company and p.survivor_id = member.party_id
  )
  select array_agg(party_id order by party_id) from member
$$;
comment on function registry.family(int, bigint) is 'A party and those that were merged into it.';

create or replace function registry.may_contact(wanted_company int, subject bigint, channel text, contact bigint default null) returns boolean
language plpgsql stable security definer set search_path = '' as $$
-- channel: email, letter, fax, phone. A refusal of the party holds for all its people; one of a person for that person.
#variable_conflict use_column
begin
  perform sec.require(wanted_company, 'registry.read');
  if may_contact.channel <> all (array['email', 'letter', 'fax', 'phone']) then
    perform sec.refuse('CM054', 'channel_unknown', jsonb_build_object('channel', may_contact.channel));
  end if;
  return exists (select from registry.party where company_id = wanted_company and party_id = subject and erased_on is null)
    and (contact is null or exists (select from registry.contact_person where company_id = wanted_company and contact_person_id = contact
                                      and party_id = any (registry.family(wanted_company, subject))))
    and not exists (
      select from registry.refusal as said
      join registry.party on party.company_id = said.company_id and party.party_id = subject
      where said.company_id = wanted_company and said.party_id in (subject, party.survivor_id)
        and said.channel = may_contact.channel and said.withdrawn_on is null
        and (said.contact_person_id is null or said.contact_person_id = contact));
end $$;
comment on function registry.may_contact(int, bigint, text, bigint) is
  'Whether advertising may be sent by this channel. Every sending side asks it; not for what the law or the contract wants sent (invoices, notices).';

create or replace function registry.reach(wanted_company int, parties bigint[], channel text)
returns table (party_id bigint, address text, left_out text)
language plpgsql stable security definer set search_path = '' as $$
-- One row a party: where to send, or why not: 'refused', 'no_address', 'erased', 'merged'.
#variable_conflict use_column
begin
  perform sec.require(wanted_company, 'registry.read');
  if reach.channel <> all (array['email', 'letter', 'fax', 'phone']) then
    perform sec.refuse('CM054', 'channel_unknown', jsonb_build_object('channel', reach.channel));
  end if;
  return query
  select party.party_id, place.address,
    case when party.erased_on is not null then 'erased'
         when party.survivor_id is not null then 'merged'
         when exists (select from registry.refusal as said where said.company_id = wanted_company and said.party_id = party.party_id
                      and said.channel = reach.channel and said.withdrawn_on is null and said.contact_person_id is null) then 'refused'
         when place.address = '' then 'no_address'
         else '' end
  from registry.party
  cross join lateral (select case reach.channel
    when 'email' then party.email
    when 'fax' then party.fax
    when 'phone' then coalesce(nullif(party.phone, ''), party.mobile)
    else case when party.street <> '' and party.town <> '' then
      party.street || ' ' || party.street_number || ', ' || party.postal_code || ' ' || party.town || ' ' || party.province_code else '' end end as address) as place
  where party.company_id = wanted_company and party.party_id = any (parties);
end $$;
comment on function registry.reach(int, bigint[], text) is 'Addresses for advertising to many parties, and why some are left out.';

-- one person's data (art. 15 and 20 of Regulation (EU) 2016/679) ------------------------------------------------------------------
create or replace function registry.collect_person(wanted_company int, subject bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- {table: [rows]} of the party and of those merged into it.
declare
  ids    bigint[] := registry.family(wanted_company, subject);
  named  record;
  found  jsonb;
  report jsonb := '{}';
begin
  for named in select * from registry.tables_of_person() where owned_by <> '' order by table_name loop
    execute format('select coalesce(jsonb_agg(to_jsonb(t) - array[''search_key'', ''search_text'', ''file'', ''content''] order by t.*::text), ''[]'') from %s as t where company_id = $1 and (%s)',
                   named.table_name::regclass, named.owned_by)
      into found using wanted_company, ids;
    report := report || jsonb_build_object(named.table_name, found);
  end loop;
  return report || jsonb_build_object('base.audit_entry', coalesce((
    select jsonb_agg(jsonb_build_object('at', at, 'operation', operation, 'row_before', row_before - array['search_key', 'search_text']) order by audit_id)
    from base.audit_entry where company_id = wanted_company and table_name = 'registry.party' and record_id = any (ids)), '[]'));
end $$;

create or replace function registry.export_person(wanted_company int, subject bigint, origin text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
-- Everything we hold on a party, and a row in the register of requests.
declare
  collected jsonb;
begin
  perform sec.require(wanted_company, 'registry.privacy');
  if not exists (select from registry.party as p where company_id = wanted_company and party_id = subject) then
    perform sec.refuse('CM055', 'person_not_here');
  end if;
  collected := registry.collect_person(wanted_company, subject);
  insert into registry.privacy_request (company_id, party_id, kind, origin, report)
  values (wanted_company, subject, 'export', origin, (select jsonb_object_agg(key, jsonb_array_length(value)) from jsonb_each(collected)));
  return collected;
end $$;
comment on function registry.export_person(int, bigint, text) is 'Right of access and portability: all rows of a person, by table.';

-- erasure (art. 17), minus what must stay (art. 17(3)(b) and (e)) --------------------------------------------------------------------
create or replace function registry.erasure_obstacle(wanted_company int, subject bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  ids   bigint[] := registry.family(wanted_company, subject);
  found bigint;
begin
  if not exists (select from registry.party as p where company_id = wanted_company and party_id = subject and survivor_id is null) then
    return jsonb_build_object('key', 'person_not_here');
  elsif exists (select from registry.party as p where company_id = wanted_company and party_id = subject and erased_on is not null
                and coalesce(registry.books_until(wanted_company, ids) >= current_date, true)) then
    return jsonb_build_object('key', 'erased_already');
  end if;
  select count(*) into found from customers.contract
  where company_id = wanted_company and customer_id = any (ids) and state in ('draft', 'active', 'suspended') and (ends_on is null or ends_on >= current_date);
  if found > 0 then
    return jsonb_build_object('key', 'erasure_contract_in_force', 'contracts', found);
  end if;
  select count(*) into found from ledger.open_item where company_id = wanted_company and customer_id = any (ids) and settled_amount <> amount;
  if found > 0 then
    return jsonb_build_object('key', 'erasure_items_open', 'items', found);
  end if;
  return null;
end $$;

create or replace function registry.books_until(wanted_company int, ids bigint[]) returns date
language sql stable security definer set search_path = '' as $$
  -- art. 2220 c.c.: ten years from the last entry; counted from the end of its year
  select (date_trunc('year', max(document_on)) + interval '11 years')::date - 1
  from (select document_on from billing.invoice where company_id = wanted_company and customer_id = any (ids) and state = 'issued'
        union all select on_date from ledger.payment where company_id = wanted_company and customer_id = any (ids)
        union all select document_on from ledger.open_item where company_id = wanted_company and customer_id = any (ids)) as book
$$;

create or replace function registry.preview_erasure(wanted_company int, subject bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- {obstacle, until, tables: [{table, rows, what, why}]}: what registry.erase_person would do.
declare
  ids    bigint[];
  until  date;
  named  record;
  many   bigint;
  report jsonb := '[]';
begin
  perform sec.require(wanted_company, 'registry.privacy');
  ids := registry.family(wanted_company, subject);
  until := registry.books_until(wanted_company, ids);
  for named in select * from registry.tables_of_person() where owned_by <> '' order by table_name loop
    execute format('select count(*) from %s as t where company_id = $1 and (%s)', named.table_name::regclass, named.owned_by)
      into many using wanted_company, ids;
    if many > 0 then
      report := report || jsonb_build_object('table', named.table_name, 'rows', many,
        'what', case when named.table_name = 'registry.party' and until >= current_date then 'shorten' else named.on_erasure end,
        'why', case when named.table_name = 'registry.party' and until >= current_date then 'books' else named.kept_for end);
    end if;
  end loop;
  select count(*) into many from base.audit_entry where company_id = wanted_company and table_name = 'registry.party' and record_id = any (ids);
  return jsonb_build_object('obstacle', registry.erasure_obstacle(wanted_company, subject), 'until', until,
    'tables', report || jsonb_build_object('table', 'base.audit_entry', 'rows', many, 'what', 'keep', 'why', 'accountability'));
end $$;

create or replace function registry.erase_person(wanted_company int, subject bigint, origin text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
-- While books of the party must be kept, its name, codes and address stay (they are on every document); otherwise nothing readable does.
declare
  ids      bigint[];
  obstacle jsonb;
  report   jsonb;
begin
  perform sec.require(wanted_company, 'registry.privacy');
  ids := registry.family(wanted_company, subject);
  perform from registry.party as p where company_id = wanted_company and party_id = any (ids) order by party_id for update;
  obstacle := registry.erasure_obstacle(wanted_company, subject);
  if obstacle is not null then
    perform sec.refuse('CM055', obstacle ->> 'key', obstacle);
  end if;
  report := registry.preview_erasure(wanted_company, subject) - 'obstacle';
  update registry.contact_person set name = 'Cancellato', job = '', work_phone = '', private_phone = '', mobile = '', email = '', pec = '', notes = '',
    acts_for = '{}', valid_to = greatest(valid_from, current_date), row_version = row_version + 1
  where company_id = wanted_company and party_id = any (ids);
  update registry.note set words = 'Cancellato', spoken_to = '', outcome = '', row_version = row_version + 1
  where company_id = wanted_company and party_id = any (ids);
  update registry.note_event set words = '' where company_id = wanted_company and words <> ''
    and note_id in (select note_id from registry.note where company_id = wanted_company and party_id = any (ids));
  -- what hangs on contracts and documents is kept with them; the rest goes with its content
  update registry.attachment set name = 'Cancellato', description = '', content_id = null, removed_at = coalesce(removed_at, now()),
    removed_by = coalesce(removed_by, sec.person_id())
  where company_id = wanted_company and party_id = any (ids) and subject_table in ('registry.party', 'registry.note', 'registry.contact_person');
  perform registry.sweep_contents(wanted_company);
  update registry.merge set taken = '{}' where company_id = wanted_company and (survivor_id = any (ids) or merged_id = any (ids));
  update registry.merge_row set value_before = null where company_id = wanted_company and value_before is not null and merge_id in (
    select merge_id from registry.merge where company_id = wanted_company and (survivor_id = any (ids) or merged_id = any (ids)));
  delete from registry.twin where company_id = wanted_company and (party_id = any (ids) or other_id = any (ids));
  update registry.party set phone = '', mobile = '', fax = '', email = '', pec = '', website = '', notes = '', erased_on = current_date,
    class_1 = null, class_2 = null, class_3 = null, class_4 = null, class_5 = null, class_6 = null, class_7 = null, row_version = row_version + 1
  where company_id = wanted_company and party_id = any (ids);
  if not coalesce((report ->> 'until')::date >= current_date, false) then
    update registry.party set name = 'Cancellato ' || party_id, first_name = '', last_name = '', vat_number = null, tax_code = null, street = '',
      street_number = '', postal_code = '', town = '', istat_code = null, province_code = '', row_version = row_version + 1
    where company_id = wanted_company and party_id = any (ids);
  end if;
  update registry.party_role set until_on = greatest(since_on, current_date), row_version = row_version + 1
  where company_id = wanted_company and party_id = any (ids) and until_on is null and role <> 'customer';
  insert into registry.privacy_request (company_id, party_id, kind, origin, report) values (wanted_company, subject, 'erasure', origin, report);
  return report;
end $$;
comment on function registry.erase_person(int, bigint, text) is 'Right to erasure: empties what may go, keeps what the law wants kept, reports both.';

grant execute on function registry.may_contact(int, bigint, text, bigint), registry.reach(int, bigint[], text), registry.export_person(int, bigint, text),
  registry.preview_erasure(int, bigint), registry.erase_person(int, bigint, text) to cms_people;
