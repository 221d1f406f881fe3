-- role: cms_owner
-- Pure calculations of contracts; the same rules in Python are in modules/customers/rules/, a property test holds them together.

create or replace function customers.term_end(
  starts_on date, duration_months int, renewal_months int, ends_on date, on_day date) returns date
language sql immutable parallel safe as $$
  select case
    when ends_on is not null then ends_on
    when duration_months is null then null
    when renewal_months is null or on_day < (starts_on + make_interval(months => duration_months))::date
      then (starts_on + make_interval(months => duration_months))::date - 1
    when (starts_on + make_interval(months => duration_months + k.whole * renewal_months))::date > on_day
      then (starts_on + make_interval(months => duration_months + k.whole * renewal_months))::date - 1
    else (starts_on + make_interval(months => duration_months + (k.whole + 1) * renewal_months))::date - 1
  end
  from (select (((extract(year from on_day) - extract(year from starts_on)) * 12 + extract(month from on_day) - extract(month from starts_on))::int
                - duration_months) / nullif(renewal_months, 0) as whole) as k
$$;
comment on function customers.term_end(date, int, int, date, date) is
  'Last day of the term in course on a day: the end when there is one, else the first duration and then renewals as often as needed. '
  'Null: without end.';

create or replace function customers.notice_by(term_end date, notice_count int, notice_unit text) returns date
language sql immutable parallel safe as $$
  select case notice_unit when 'months' then (term_end - make_interval(months => notice_count))::date else term_end - notice_count end
$$;
comment on function customers.notice_by(date, int, text) is 'Last day on which a notice still stops the renewal: so many days or months before the last day of the term.';

create or replace function customers.price_clause_on(starts_on date, index_base_on date, index_month int, on_day date) returns date
language sql immutable parallel safe as $$
  select case when index_month is null then (coalesce(index_base_on, starts_on) + make_interval(years => 1))::date
    else make_date(extract(year from on_day)::int
      + case when index_month < extract(month from on_day)::int or (index_month = extract(month from on_day)::int and extract(day from on_day) > 1)
        then 1 else 0 end, index_month, 1) end
$$;
comment on function customers.price_clause_on(date, date, int, date) is
  'When the price clause lets the fee be adjusted next: the first day of its month, or a year after the base month (the start) where it names none.';

create or replace function customers.units_of(convention text, first_day date, last_day date, day_before date, months int) returns int
language sql immutable parallel safe as $$
-- How much of a billing period an interval is: days; days of months of 30; months begun (not those already begun by `day_before`); all or nothing.
  select case convention
    when 'actual' then last_day - first_day + 1
    when 'thirtieths' then 360 * (extract(year from last_day + 1) - extract(year from first_day))::int
      + 30 * (extract(month from last_day + 1) - extract(month from first_day))::int
      + least(extract(day from last_day + 1)::int, 30) - least(extract(day from first_day)::int, 30)
    when 'whole_months' then
      (extract(year from last_day) * 12 + extract(month from last_day))::int
      - greatest((extract(year from first_day) * 12 + extract(month from first_day))::int,
                 coalesce((extract(year from day_before) * 12 + extract(month from day_before))::int + 1, 0)) + 1
    else case when day_before is null then months else 0 end
  end
$$;

create or replace function customers.units_of_period(convention text, first_day date, last_day date, months int) returns int
language sql immutable parallel safe as $$
-- What a whole billing period is in the same measure.
  select case convention when 'actual' then last_day - first_day + 1 when 'thirtieths' then 30 * months else months end
$$;

create or replace function customers.adjusted_price(old_price numeric, percent numeric, amount numeric, step numeric) returns numeric
language sql immutable parallel safe as $$
-- A price changed by percent, then by an amount, rounded half up to the step (0.01, 0.05, 0.10, 1.00); never under zero.
  select greatest(round((old_price * (100 + coalesce(percent, 0)) / 100 + coalesce(amount, 0)) / step) * step, 0)
$$;

create or replace function customers.index_percent(
  base_value numeric, base_coefficient numeric, value numeric, coefficient numeric, share numeric, floor_percent numeric, cap_percent numeric) returns numeric
language sql immutable parallel safe as $$
-- The variation of the index, rounded to a decimal as ISTAT publishes it, of which the clause gives a share, within floor and cap.
  select least(greatest(round((value * coefficient / (base_value * base_coefficient) - 1) * 100, 1) * share / 100, floor_percent), cap_percent)
$$;
grant execute on function customers.term_end(date, int, int, date, date), customers.notice_by(date, int, text),
  customers.price_clause_on(date, date, int, date), customers.units_of(text, date, date, date, int),
  customers.units_of_period(text, date, date, int), customers.adjusted_price(numeric, numeric, numeric, numeric),
  customers.index_percent(numeric, numeric, numeric, numeric, numeric, numeric, numeric) to cms_people, cms_search, cms_bookkeeper;
