-- role: cms_bookkeeper

create or replace function registry.note_all_twins(of_company int) returns bigint
language plpgsql volatile set search_path = '' as $$
-- For the nightly job and registry.look_for_twins. Goes through all parties: same partita IVA, same codice fiscale, same telephone with a like name, same name in the same town. A group of more
-- than ten is no twin (the number of a switchboard, a name of all the world). Pairs that somebody decided about stay decided. Returns the new pairs.
declare
  added bigint;
  sum_of bigint := 0;
  step  record;
begin
  for step in select * from (values
    (1, 'vat_number', 'vat_country || vat_number', 'vat_number is not null', 'true'),
    (2, 'tax_code', 'tax_code', 'tax_code is not null', 'true'),
    (3, 'phone', 'registry.phone_key(phone)', 'phone <> ''''', 'ext.similarity(one.search_key, other.search_key) >= 0.3'),
    (4, 'name', 'search_key || ''|'' || town', 'town <> ''''', 'true')) as t (number, reason, key, filled, alike)
  loop
    raise notice 'progress %/4 %', step.number - 1, step.reason;
    execute format(
      'with grouped as (
         select array_agg(party_id order by party_id) as ids from registry.party
         where company_id = $1 and survivor_id is null and erased_on is null and %s group by %s having count(*) between 2 and 10
       ), pair as (
         select a.id as party_id, b.id as other_id from grouped cross join unnest(ids) as a (id) cross join unnest(ids) as b (id) where a.id < b.id
       )
       insert into registry.twin as known (company_id, party_id, other_id, reasons)
       select $1, pair.party_id, pair.other_id, array[$2] from pair
       join registry.party as one on one.company_id = $1 and one.party_id = pair.party_id
       join registry.party as other on other.company_id = $1 and other.party_id = pair.other_id
       where %s
         and not (one.vat_number is not null and other.vat_number is not null and one.vat_number <> other.vat_number)
         and not (one.tax_code is not null and other.tax_code is not null and one.tax_code <> other.tax_code and length(one.tax_code) = 16)
       on conflict (company_id, party_id, other_id) do update set reasons = known.reasons || excluded.reasons, row_version = known.row_version + 1
       where known.verdict = ''open'' and not known.reasons @> excluded.reasons', step.filled, step.key, step.alike)
      using of_company, step.reason;
    get diagnostics added = row_count;
    sum_of := sum_of + added;
  end loop;
  return sum_of;
end $$;

create or replace function registry.look_for_twins(wanted_company int) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'registry.merge');
  return registry.note_all_twins(wanted_company);
end $$;
comment on function registry.look_for_twins(int) is 'Searches all parties for twins and notes the pairs.';
grant execute on function registry.look_for_twins(int) to cms_people;
