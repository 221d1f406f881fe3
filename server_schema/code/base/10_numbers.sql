-- role: cms_bookkeeper

create or replace function base.next_number(wanted_company int, counter_name text, counter_year int, how_many int default 1) returns bigint
language plpgsql security definer set search_path = '' as $$
-- The first of `how_many` fresh numbers. For codes and internal numbers; fiscal numbers come from base.document_counter.
-- A counter is named <module>.<thing> and belongs to who writes in that module; counters of guarded documents are out of reach.
declare
  last bigint;
begin
  perform sec.require(wanted_company, split_part(counter_name, '.', 1) || '.write');
  if how_many is null or how_many not between 1 and 10000000 then
    perform sec.refuse('CM021', 'number_request');
  end if;
  insert into base.counter as c (company_id, name, year, last_number) values (wanted_company, counter_name, counter_year, how_many)
  on conflict (company_id, name, year) do update set last_number = c.last_number + how_many
  returning last_number into last;
  return last - how_many + 1;
end $$;
grant execute on function base.next_number(int, text, int, int) to cms_people;

create or replace function base.take_document_numbers(wanted_company int, series bigint, document_on date, how_many int) returns bigint
language plpgsql security definer set search_path = '' as $$
-- The first of `how_many` consecutive numbers of a series and year. The counter row stays locked until the transaction ends:
-- whoever comes next waits, and after a rollback the numbers were never taken. Only functions of the bookkeeper may call it.
declare
  wanted_year int := extract(year from document_on);
  counter     base.document_counter;
begin
  insert into base.document_counter (company_id, document_series_id, year, created_by)
  values (wanted_company, series, wanted_year, sec.person_id()) on conflict do nothing;
  select * into counter from base.document_counter
  where company_id = wanted_company and document_series_id = series and year = wanted_year for update;
  if counter.last_document_on > document_on then
    perform sec.refuse('CM022', 'date_before_last_document', jsonb_build_object('last', counter.last_document_on, 'asked', document_on));
  end if;
  update base.document_counter set last_number = last_number + how_many, last_document_on = document_on
  where company_id = wanted_company and document_series_id = series and year = wanted_year;
  return counter.last_number + 1;
end $$;

create or replace function base.next_internal_number(wanted_company int, counter_name text, counter_year int) returns bigint
language plpgsql security definer set search_path = '' as $$
-- For functions of the bookkeeper, which have checked the right themselves.
declare
  last bigint;
begin
  insert into base.counter as c (company_id, name, year, last_number) values (wanted_company, counter_name, counter_year, 1)
  on conflict (company_id, name, year) do update set last_number = c.last_number + 1
  returning last_number into last;
  return last;
end $$;
