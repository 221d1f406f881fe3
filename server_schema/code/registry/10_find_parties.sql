-- role: cms_search

create or replace function registry.word_conditions(words text) returns text
language sql immutable set search_path = '' as $$
-- One LIKE for each word, with the word in the text of the query: the index cannot serve LIKE ALL (array). Null when no word is long enough for it.
  select case when max(length(word)) >= 3 then
    string_agg(pg_catalog.format('search_text operator(pg_catalog.~~) %L', '%' || pg_catalog.regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'),
               ' and ' order by pg_catalog.length(word) desc) end
  from pg_catalog.regexp_split_to_table(pg_catalog.btrim(base.fold(words)), '\s+') as word
$$;

create or replace function registry.is_frequent(wanted_company int, conditions text, most int) returns boolean
language plpgsql stable set search_path = '' as $$
-- True when a few hundred pages of a large table say that more than so many of its rows hold the words: then the index of the words would list
-- them all only to be told that they are too many.
declare
  pages constant int := 250;
  all_pages  bigint := (select relpages from pg_catalog.pg_class where oid = 'registry.party'::regclass);
  hits       bigint;
begin
  if all_pages < 20 * pages then
    return false;
  end if;
  execute pg_catalog.format('select count(*) from registry.party tablesample system (%s) repeatable (1) where company_id = $1 and %s',
                            100.0 * pages / all_pages, conditions)
    into hits using wanted_company;
  return hits * all_pages / pages > most;
end $$;
revoke all on function registry.word_conditions(text), registry.is_frequent(int, text, int) from public;

create or replace function registry.find_parties(wanted_company int, words text, most int default 2000) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- Parties whose name, partita IVA, codice fiscale and town contain every one of the words. Null: more than `most` of them, or words
-- too short for the index.
declare
  conditions text := registry.word_conditions(words);
  found      bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  if conditions is null or registry.is_frequent(wanted_company, conditions, most) then
    return null;
  end if;
  execute pg_catalog.format(
    'select array_agg(party_id) from (select party_id from registry.party where company_id = $1 and %s limit $2) as hit', conditions)
    into found using wanted_company, most + 1;
  return case when pg_catalog.cardinality(found) > most then null else coalesce(found, '{}') end;
end $$;
comment on function registry.find_parties(int, text, int) is
  'Substring search by the trigram index, which row-level security forbids to a person''s own query. Checks registry.read first.';

create or replace function registry.find_parties_in_order(
  wanted_company int, words text, after_key text, after_id bigint, frequent_from int, most int) returns bigint[]
language plpgsql stable security definer set search_path = '' set enable_bitmapscan = off set enable_seqscan = off as $$
-- The first of the parties that contain the words, in the order of their names, after a place in it; null when the words are not so frequent
-- that registry.find_parties refuses them. Read from the index of the names alone.
declare
  conditions text := registry.word_conditions(words);
  found      bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  if conditions is null or not registry.is_frequent(wanted_company, conditions, frequent_from) then
    return null;
  end if;
  execute pg_catalog.format(
    'select array_agg(party_id) from (select party_id from registry.party where company_id = $1 and (search_key, party_id) > ($2, $3) and %s '
    'order by search_key, party_id limit $4) as hit', conditions)
    into found using wanted_company, coalesce(after_key, ''), coalesce(after_id, 0), most;
  return coalesce(found, '{}');
end $$;
comment on function registry.find_parties_in_order(int, text, text, bigint, int, int) is
  'The next hits of a search for frequent words, by name. Checks registry.read first.';
grant execute on function registry.find_parties(int, text, int), registry.find_parties_in_order(int, text, text, bigint, int, int) to cms_people;
