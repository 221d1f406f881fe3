-- role: cms_search

create or replace function registry.find_parties(wanted_company int, words text, most int default 2000) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- Parties whose name, partita IVA, codice fiscale and town contain every one of the words. Null: more than `most` of them, or words
-- too short for the index; a plain scan in the order of the list then meets its first page soon.
declare
  patterns text[];
  found    bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  select array_agg('%' || pg_catalog.regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') into patterns
  from pg_catalog.regexp_split_to_table(base.fold(words), '\s+') as word where pg_catalog.length(word) >= 3;
  if patterns is null then
    return null;
  end if;
  select array_agg(party_id) into found
  from (select party_id from registry.party
        where company_id = wanted_company and search_text operator(pg_catalog.~~) all (patterns)
          and not exists (select from pg_catalog.regexp_split_to_table(base.fold(words), '\s+') as word
                          where pg_catalog.strpos(search_text, word) = 0)
        limit most + 1) as hit;
  return case when pg_catalog.cardinality(found) > most then null else coalesce(found, '{}') end;
end $$;
comment on function registry.find_parties(int, text, int) is
  'Substring search by the trigram index, which row-level security forbids to a person''s own query. Checks registry.read first.';
grant execute on function registry.find_parties(int, text, int) to cms_people;
