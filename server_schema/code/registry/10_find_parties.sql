-- role: cms_search

create or replace function registry.word_conditions(words text) returns text
language sql immutable set search_path = '' as $$
-- One LIKE for each word, with the word in the text of the query: the index cannot serve LIKE ALL (array). Null when no word is long enough for it.
  select case when max(length(word)) >= 3 then
    string_agg(pg_catalog.format('search_text operator(pg_catalog.~~) %L', '%' || pg_catalog.regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'),
               ' and ' order by pg_catalog.length(word) desc) end
  from pg_catalog.regexp_split_to_table(pg_catalog.btrim(base.fold(words)), '\s+') as word
$$;

create or replace function registry.expected_hits(wanted_company int, conditions text) returns bigint
language plpgsql stable set search_path = '' as $$
-- How many parties hold the words, as a few hundred pages of a large table say; 0 in a small one. The index of the words would list them all
-- only to be told that they are too many.
declare
  pages constant int := 250;
  all_pages  bigint := (select relpages from pg_catalog.pg_class where oid = 'registry.party'::regclass);
  hits       bigint;
begin
  if all_pages < 20 * pages then
    return 0;
  end if;
  execute pg_catalog.format('select count(*) from registry.party tablesample system (%s) repeatable (1) where company_id = $1 and %s',
                            100.0 * pages / all_pages, conditions)
    into hits using wanted_company;
  return hits * all_pages / pages;
end $$;
revoke all on function registry.word_conditions(text), registry.expected_hits(int, text) from public;

create or replace function registry.find_parties(wanted_company int, words text, most int default 2000) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- Parties whose name, partita IVA, codice fiscale and town contain every one of the words. Null: more than `most` of them, or words
-- too short for the index.
declare
  conditions text := registry.word_conditions(words);
  found      bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  if conditions is null or registry.expected_hits(wanted_company, conditions) > most then
    return null;
  end if;
  execute pg_catalog.format(
    'select array_agg(party_id) from (select party_id from registry.party where company_id = $1 and %s limit $2) as hit', conditions)
    into found using wanted_company, most + 1;
  return case when pg_catalog.cardinality(found) > most then null else coalesce(found, '{}') end;
end $$;
comment on function registry.find_parties(int, text, int) is
  'Substring search by the trigram index, which row-level security forbids to a person''s own query. Checks registry.read first.';

create or replace function registry.next_hits(
  wanted_company int, conditions text, after_key text, after_id bigint, most int) returns bigint[]
language plpgsql stable set search_path = '' set enable_bitmapscan = off set enable_seqscan = off as $$
-- The next parties under these conditions by name, read from the index of the names alone.
declare
  found bigint[];
begin
  execute pg_catalog.format(
    'select array_agg(party_id) from (select party_id from registry.party where company_id = $1 and (search_key, party_id) > ($2, $3) and %s '
    'order by search_key, party_id limit $4) as hit', conditions)
    into found using wanted_company, after_key, after_id, most;
  return coalesce(found, '{}');
end $$;
revoke all on function registry.next_hits(int, text, text, bigint, int) from public;

create or replace function registry.find_parties_in_order(
  wanted_company int, words text, after_key text, after_id bigint, frequent_from int, most int) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- The first `most` of the parties that contain the words, in the order of their names, after a place in it; null when hardly more than those are
-- expected in all. Found by the index of the words as long as they are not expected `frequent_from` times.
declare
  conditions text := registry.word_conditions(words);
  expected   bigint;
  found      bigint[];
begin
  perform sec.require(wanted_company, 'registry.read');
  expected := case when conditions is not null then registry.expected_hits(wanted_company, conditions) end;
  if expected is null or expected <= most then
    return null;
  end if;
  if expected > frequent_from then
    return registry.next_hits(wanted_company, conditions, coalesce(after_key, ''), coalesce(after_id, 0), most);
  end if;
  execute pg_catalog.format(
    'with hit as materialized (select search_key, party_id from registry.party where company_id = $1 and %s) '
    'select array_agg(party_id) from (select party_id from hit where (search_key, party_id) > ($2, $3) order by search_key, party_id limit $4) as near',
    conditions)
    into found using wanted_company, coalesce(after_key, ''), coalesce(after_id, 0), most;
  return coalesce(found, '{}');
end $$;
comment on function registry.find_parties_in_order(int, text, text, bigint, int, int) is
  'The next hits of a search for frequent words, by name. Checks registry.read first.';
grant execute on function registry.find_parties(int, text, int), registry.find_parties_in_order(int, text, text, bigint, int, int) to cms_people;
