-- role: cms_owner

create or replace function base.value_on(of_company int, wanted_key text, on_date date) returns jsonb
language sql stable parallel safe set search_path = '' as $$
-- The value in force on a day: what the law says (base.law_value) and what the company wrote, the latest start wins, the company's first.
  select found.value
  from (select p.valid_from, p.value, 1 as own from base.parameter as p
        where p.company_id = of_company and p.key = wanted_key and p.valid_from <= value_on.on_date
        union all
        select l.valid_from, l.value, 0 from base.law_value as l where l.key = wanted_key and l.valid_from <= value_on.on_date) as found
  order by found.valid_from desc, found.own desc limit 1
$$;
comment on function base.value_on(int, text, date) is 'Value of a dated parameter on a day, null when there is none yet.';

create or replace function base.rate_on(of_company int, wanted_key text, on_date date) returns numeric
language sql stable parallel safe set search_path = '' as $$
  select (base.value_on(of_company, wanted_key, rate_on.on_date) #>> '{}')::numeric
$$;

create or replace function base.value_periods(of_company int, wanted_key text, from_on date, to_on date)
returns table (starts_on date, ends_on date, value jsonb)
language sql stable parallel safe set search_path = '' as $$
-- The values in force between two days, one row a period: what interest is computed on.
  with known as (
    select distinct on (found.valid_from) found.valid_from, found.value
    from (select p.valid_from, p.value, 1 as own from base.parameter as p where p.company_id = of_company and p.key = wanted_key
          union all
          select l.valid_from, l.value, 0 from base.law_value as l where l.key = wanted_key) as found
    order by found.valid_from, found.own desc
  ), spans as (
    select k.valid_from, lead(k.valid_from) over (order by k.valid_from) - 1 as last_on, k.value from known as k
  )
  select greatest(s.valid_from, from_on), least(coalesce(s.last_on, to_on), to_on), s.value
  from spans as s
  where s.valid_from <= to_on and coalesce(s.last_on, to_on) >= from_on
  order by 1
$$;

create or replace function base.vat_codes_on(of_company int, on_date date) returns table (vat_code_id bigint, effective_id bigint)
language sql stable parallel safe set search_path = '' as $$
-- For every VAT code the one that stands for it on a day: itself, or what replaced it when it ended (a change of rate).
  with recursive chain as (
    select v.vat_code_id as first_id, v.vat_code_id as now_id, 0 as steps from base.vat_code as v where v.company_id = of_company
    union all
    select c.first_id, v.replaced_by, c.steps + 1
    from chain as c join base.vat_code as v on v.company_id = of_company and v.vat_code_id = c.now_id
    where v.replaced_by is not null and v.valid_to < vat_codes_on.on_date and c.steps < 20
  )
  select distinct on (c.first_id) c.first_id, c.now_id from chain as c order by c.first_id, c.steps desc
$$;
comment on function base.vat_codes_on(int, date) is 'VAT code → the code in force in its place on a day. Join it where documents are made.';

create or replace function base.series_for(of_company int, wanted_type text, for_public_body boolean) returns bigint
language sql stable parallel safe set search_path = '' as $$
-- The series proposed for a kind of document; for public bodies their own, otherwise the general one. Null when none is named.
  select k.document_series_id
  from base.series_kind as k join base.document_series as s using (company_id, document_series_id)
  where k.company_id = of_company and k.document_type = wanted_type and k.is_default and s.is_active
    and (not k.is_public_body or for_public_body)
  order by k.is_public_body desc limit 1
$$;

grant execute on function base.value_on(int, text, date), base.rate_on(int, text, date), base.value_periods(int, text, date, date),
  base.vat_codes_on(int, date), base.series_for(int, text, boolean) to cms_people, cms_search, cms_bookkeeper;
