-- role: cms_search

create or replace function registry.plain_name(name text) returns text
language sql immutable strict parallel safe as $$
  select pg_catalog.btrim(pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.replace(base.fold($1), '.', ''),
    '\m(srl|spa|snc|sas|srls|scrl|scarl|sapa|soc|coop|societa|cooperativa|per azioni|a responsabilita limitata|a r l|a rl|arl|unipersonale|a socio unico|'
    'in liquidazione|ditta|impresa|individuale|e c|& c|cond|condominio)\M', ' ', 'g'), '[^a-z0-9]+', ' ', 'g'))
$$;
comment on function registry.plain_name(text) is 'A name without its legal form, however that is written: «ALFA SRL» and «Alfa S.r.l.» are both «alfa».';
grant execute on function registry.plain_name(text) to public;

create or replace function registry.find_twins(
  wanted_company int, vat_number text, tax_code text, phone text, mobile text, name text, besides bigint default 0, most int default 5)
returns table (party_id bigint, party_name text, town text, reasons text[], likeness real)
language plpgsql stable security definer set search_path = '' as $$
-- Other parties with the same codes or telephone, or with a name very like this one; the surest first. A pair that somebody declared
-- different is not said again. Row-level security would forbid the indexes of likeness and telephone to a person's own query.
#variable_conflict use_column
declare
  numbers text[] := array(select key from unnest(array[registry.phone_key(phone), registry.phone_key(mobile)]) as key
                          where pg_catalog.length(key) >= 6);
  folded  text := pg_catalog.btrim(base.fold(find_twins.name));
begin
  perform sec.require(wanted_company, 'registry.read');
  return query
  with hit as (
    (select party.party_id, 'vat_number' as reason from registry.party
     where company_id = wanted_company and find_twins.vat_number <> '' and party.vat_number = find_twins.vat_number limit 20)
    union all
    (select party.party_id, 'tax_code' from registry.party
     where company_id = wanted_company and find_twins.tax_code <> '' and party.tax_code = find_twins.tax_code limit 20)
    union all
    (select party.party_id, 'phone' from registry.party
     where company_id = wanted_company and party.phone <> '' and registry.phone_key(party.phone) = any (numbers) limit 20)
    union all
    (select party.party_id, 'phone' from registry.party
     where company_id = wanted_company and party.mobile <> '' and registry.phone_key(party.mobile) = any (numbers) limit 20)
    union all
    (select like_it.party_id, 'name' from registry.like_names(wanted_company, find_twins.name) as like_it (party_id))
  ), twin as (
    select hit.party_id, array_agg(distinct hit.reason order by hit.reason desc) as reasons from hit group by 1
  )
  select twin.party_id, party.name, party.town, twin.reasons,
    greatest(ext.similarity(party.search_key, folded), ext.similarity(registry.plain_name(party.name), registry.plain_name(find_twins.name)))
  from twin
  join registry.party on party.company_id = wanted_company and party.party_id = twin.party_id
  where party.survivor_id is null and party.party_id <> besides
    and not exists (
      select from registry.twin as said
      where said.company_id = wanted_company and said.verdict = 'different'
        and said.party_id = least(besides, twin.party_id) and said.other_id = greatest(besides, twin.party_id))
  order by case when twin.reasons && array['vat_number', 'tax_code'] then 0 else 1 end, 5 desc, cardinality(twin.reasons) desc, 1
  limit most;
end $$;
comment on function registry.find_twins(int, text, text, text, text, text, bigint, int) is
  'Parties that may be the same as the one being written. Checks registry.read first.';
grant execute on function registry.find_twins(int, text, text, text, text, text, bigint, int) to cms_people;

create or replace function registry.like_names(wanted_company int, name text) returns setof bigint
language plpgsql stable security definer set search_path = '' as $$
-- Names that share all significant words with this one (one may lack when there are three or more), by the index of their keys; of those
-- the most alike by trigrams, as they are written or without their legal forms.
#variable_conflict use_column
declare
  plain      text   := registry.plain_name(like_names.name);
  wanted     text[] := registry.name_keys(case when plain = '' then like_names.name else plain end);
  folded     text   := pg_catalog.btrim(base.fold(like_names.name));
  conditions text;
begin
  if pg_catalog.length(folded) < 4 or cardinality(wanted) = 0 then
    return;
  end if;
  -- first all of them; only when nobody has them all, all but one
  conditions := pg_catalog.format('registry.name_keys(name) operator(pg_catalog.@>) %L::text[]', wanted);
  for attempt in 1..case when cardinality(wanted) between 3 and 6 then 2 else 1 end loop
    return query execute pg_catalog.format(
      'select party_id from (
         select party_id, likeness, ext.similarity(registry.plain_name(name), $3) as bare from (
           select party_id, name, ext.similarity(search_key, $2) as likeness from registry.party
           where company_id = $1 and (%s) and survivor_id is null limit 1000) as candidate
         order by likeness desc limit 80) as near  -- taking the legal form off costs a tenth of a millisecond a name
       where likeness >= 0.5 or bare >= 0.6 order by greatest(likeness, bare) desc, party_id limit 20', conditions)
      using wanted_company, folded, plain;
    exit when found;
    select string_agg(pg_catalog.format('registry.name_keys(name) operator(pg_catalog.@>) %L::text[]', array_remove(wanted, key)), ' or ')
      into conditions from unnest(wanted) as key;
  end loop;
end $$;
