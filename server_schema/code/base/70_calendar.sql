-- role: cms_owner
-- Days that are no working days. The same rules in Python are in modules/base/calendar.py and a test holds the two together.

create or replace function base.easter_sunday(year int) returns date
language plpgsql immutable parallel safe set search_path = '' as $$
-- Gregorian reckoning (Meeus, Jones, Butcher).
declare
  a int := year % 19;
  b int := year / 100;
  c int := year % 100;
  h int := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  l int := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  n int := h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
begin
  return make_date(year, n / 31, n % 31 + 1);
end $$;

create or replace function base.calendar_of(of_company int, from_on date, to_on date, town text default null)
returns table (on_date date, kind text, name text)
language sql stable parallel safe set search_path = '' as $$
-- The special days of a span: national, patron (of the town), holiday (of the company), closing (offices shut, no feast).
-- A patron the company wrote for a town stands instead of the listed one.
  with years as materialized (
    select y, base.easter_sunday(y) as easter
    from generate_series(extract(year from from_on)::int - 1, extract(year from to_on)::int) as y
  ), own as (
    select d.kind, d.name, d.starts_on, d.ends_on, d.is_yearly, d.easter_offset, extract(year from d.starts_on)::int as first_year
    from base.calendar_day as d
    where d.company_id = of_company and (d.istat_code is null or d.istat_code = town)
  ), listed as (
    select 'national' as kind, h.name, h.month, h.day, h.easter_offset, h.valid_from, h.valid_to from base.national_holiday as h
    union all
    select 'patron', p.name, p.month, p.day, p.easter_offset, null, null from base.town_patron as p
    where p.istat_code = town and not exists (select from own where own.kind = 'patron')
  ), found as (
    select coalesce(years.easter + l.easter_offset, (make_date(2000, l.month, l.day) + make_interval(years => y - 2000))::date) as first_on,
           0 as more, l.kind, l.name, l.valid_from, l.valid_to
    from listed as l cross join years
    union all
    select coalesce(years.easter + own.easter_offset, (own.starts_on + make_interval(years => y - own.first_year))::date),
           own.ends_on - own.starts_on, own.kind, own.name, own.starts_on, null
    from own cross join years where own.is_yearly
    union all
    select own.starts_on, own.ends_on - own.starts_on, own.kind, own.name, null, null from own where not own.is_yearly
  )
  select found.first_on + n, found.kind, found.name
  from found cross join lateral generate_series(0, found.more) as n
  where found.first_on + n between from_on and to_on
    and (found.valid_from is null or found.first_on >= found.valid_from) and (found.valid_to is null or found.first_on <= found.valid_to)
$$;
comment on function base.calendar_of(int, date, date, text) is 'National, patron, own holidays and closing days between two dates, for a town (ISTAT code).';

create or replace function base.is_holiday(of_company int, on_date date, town text default null) returns boolean
language sql stable parallel safe set search_path = '' as $$
  select exists (select from base.calendar_of(of_company, is_holiday.on_date, is_holiday.on_date, town) as d where d.kind <> 'closing')
$$;
comment on function base.is_holiday(int, date, text) is 'Is the day a feast in the town: national, patron, or of the company. Sundays as such are not; closing days neither.';

create or replace function base.is_rest_day(of_company int, on_date date, town text default null) returns boolean
language sql stable parallel safe set search_path = '' as $$
  select extract(isodow from is_rest_day.on_date) = 7 or base.is_holiday(of_company, is_rest_day.on_date, town)
$$;
comment on function base.is_rest_day(int, date, text) is 'Sunday or holiday: what hourly services bill as festivo.';

create or replace function base.next_working_day(of_company int, on_date date, town text default null) returns date
language sql stable parallel safe set search_path = '' as $$
  select min(d)::date
  from generate_series(next_working_day.on_date::timestamp, next_working_day.on_date + 21, interval '1 day') as d
  where extract(isodow from d) < 6
    and d::date not in (select c.on_date from base.calendar_of(of_company, next_working_day.on_date, next_working_day.on_date + 21, town) as c
                        where c.kind <> 'closing')
$$;
comment on function base.next_working_day(int, date, text) is 'The day itself, or the first after it that is no Saturday, Sunday or holiday: when a bank moves money.';

grant execute on function base.easter_sunday(int), base.calendar_of(int, date, date, text), base.is_holiday(int, date, text),
  base.is_rest_day(int, date, text), base.next_working_day(int, date, text) to cms_people, cms_search, cms_bookkeeper;
