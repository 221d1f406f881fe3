-- role: cms_bookkeeper
-- What notes and attachments hang on, and who may see them. The functions below look past row-level security: they ask here first.

create or replace function registry.check_subject(
  wanted_company int, about_table text, about_id bigint, out party bigint, out record bigint, out needed_function text)
language plpgsql stable set search_path = '' as $$
-- `record` is null where the party itself is meant. Refuses a record that is not there exactly like one that may not be seen.
declare
  kind registry.subject_kind;
begin
  select * into kind from registry.subject_kind where subject_table = about_table;
  if kind.subject_table is null or about_id is null then
    perform sec.refuse('CM070', 'subject_unknown');
  end if;
  perform sec.require(wanted_company, kind.read_function);
  if about_table = 'registry.note' and not registry.may_see_note(wanted_company, about_id) then
    perform sec.refuse('CM070', 'subject_unknown');
  end if;
  begin
    execute format('select %s from %I.%I where company_id = $1 and %I = $2',
                   case kind.party_column when '' then 'null::bigint' else quote_ident(kind.party_column) end,
                   split_part(about_table, '.', 1), split_part(about_table, '.', 2), kind.key_column)
      into strict party using wanted_company, about_id;
  exception when no_data_found then
    perform sec.refuse('CM070', 'subject_unknown');
  end;
  record := case when about_table in ('registry.party', 'customers.customer') then null else about_id end;
  needed_function := kind.read_function;
  if about_table = 'registry.note' then
    select n.read_function into needed_function from registry.note as n where n.company_id = wanted_company and n.note_id = about_id;
  end if;
end $$;

create or replace function registry.may_see_note(wanted_company int, wanted_note bigint) returns boolean
language sql stable set search_path = '' as $$
-- The same words as the policy of registry.note; a test holds the two together.
  select exists (
    select from registry.note as n
    where n.company_id = wanted_company and n.note_id = wanted_note
      and n.company_id = any (sec.companies('registry.read')) and n.company_id = any (sec.companies(n.read_function))
      and (not n.is_private or n.created_by = sec.person_id() or n.min_rank <= sec.my_rank()))
$$;

create or replace function registry.require_note(wanted_company int, wanted_note bigint) returns void
language plpgsql set search_path = '' as $$
-- Locks the note. One that is not there and one that may not be seen are refused alike.
begin
  if wanted_note is null or not registry.may_see_note(wanted_company, wanted_note) then
    perform sec.refuse('CM071', 'note_unknown');
  end if;
  perform from registry.note where company_id = wanted_company and note_id = wanted_note for update;
end $$;

create or replace function registry.note_readers(wanted_company int, needed_function text, least_rank int, also_needed text default 'registry.read')
returns int[] language sql stable set search_path = '' as $$
-- Persons who may work now and read notes on such a record, of this rank or a higher one.
  select coalesce(array_agg(p.person_id), '{}')
  from base.person as p
  where p.is_active and (p.expires_on is null or p.expires_on >= current_date) and sec.rank_level(p.rank) >= least_rank
    and not exists (
      select from unnest(array['registry.read', needed_function, also_needed]) as needed
      where not exists (select from base.permission as held
                        where held.company_id = wanted_company and held.person_id = p.person_id and held.function = needed))
$$;

create or replace function registry.executors(wanted_company int) returns table (person_id int, display_name text, job_title text, rank_level int)
language plpgsql stable security definer set search_path = '' as $$
-- Whom a task can be given to.
begin
  perform sec.require(wanted_company, 'registry.read');
  return query
    select p.person_id, p.display_name, p.job_title, sec.rank_level(p.rank) from base.person as p
    where p.person_id = any (registry.note_readers(wanted_company, 'registry.note', 0))
    order by base.fold(p.display_name);
end $$;
grant execute on function registry.executors(int) to cms_people;
