-- role: cms_search

create or replace function registry.find_contacts(wanted_company int, words text, most int default 2000) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- People whose name, job, mail or telephone contain every one of the words. Null: more than `most` of them, or words too short for the index.
declare
  wanted     text[] := pg_catalog.regexp_split_to_array(pg_catalog.btrim(base.fold(words)), '\s+');
  conditions text;
  found      bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  if words ~ '^[0-9 +./-]+$' then  -- a telephone number, however it is spaced
    wanted := array[registry.phone_key(words)];
  end if;
  select string_agg(pg_catalog.format('search_text operator(pg_catalog.~~) %L', '%' || pg_catalog.regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'),
                    ' and ' order by pg_catalog.length(word) desc) into conditions
  from unnest(wanted) as word;
  if not exists (select from unnest(wanted) as word where pg_catalog.length(word) >= 3) then
    return null;
  end if;
  execute pg_catalog.format(
    'select array_agg(contact_person_id) from (select contact_person_id from registry.contact_person where company_id = $1 and %s limit $2) as hit',
    conditions) into found using wanted_company, most + 1;
  return case when pg_catalog.cardinality(found) > most then null else coalesce(found, '{}') end;
end $$;
comment on function registry.find_contacts(int, text, int) is
  'Substring search over the people of all parties by the trigram index. Checks registry.read first.';
grant execute on function registry.find_contacts(int, text, int) to cms_people;
