-- role: cms_search

create or replace function customers.find_sites(wanted_company int, words text, most int default 2000) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
-- Sites whose name, street and town contain every one of the words, whose customer's name does, or that hold a plant whose code begins
-- with them. Null: more than `most` of them, or words too short for the index; a plain scan then meets its first page soon.
declare
  wanted     text[] := pg_catalog.regexp_split_to_array(pg_catalog.btrim(base.fold(words)), '\s+');
  code       text := pg_catalog.upper(pg_catalog.btrim(words));
  conditions text;
  found      bigint[];
begin
  perform sec.require(wanted_company, 'customers.read');
  if pg_catalog.length(code) < 3 then
    return null;
  end if;
  select string_agg(pg_catalog.format('search_text operator(pg_catalog.~~) %L', '%' || pg_catalog.regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'),
                    ' and ' order by pg_catalog.length(word) desc) into conditions
  from unnest(wanted) as word;
  execute pg_catalog.format(
    'select array_agg(site_id) from (
       (select site_id from customers.site where company_id = $1 and %1$s limit $2)
       union
       (select s.site_id from (select party_id from registry.party where company_id = $1 and %1$s limit $2) as p
        join customers.site as s on s.company_id = $1 and s.customer_id = p.party_id limit $2)
       union
       (select site_id from customers.plant where company_id = $1 and code >= $3 and code < $3 || chr(1114111) limit $2)) as hit', conditions)
    into found using wanted_company, most + 1, code;
  return case when pg_catalog.cardinality(found) > most then null else coalesce(found, '{}') end;
end $$;
comment on function customers.find_sites(int, text, int) is
  'Search by the trigram index, which row-level security forbids to a person''s own query. Checks customers.read first.';
grant execute on function customers.find_sites(int, text, int) to cms_people;
