-- role: cms_owner
-- Pure calculations; the same rules in Python are in modules/billing/rules.py and a property test holds the two together.

create or replace function base.period_start(on_date date, frequency_months int, anchor_month int) returns date
language sql immutable parallel safe as $$
  select (pg_catalog.date_trunc('month', on_date::timestamp)
          - make_interval(months => (extract(month from on_date)::int - anchor_month + 12) % frequency_months))::date
$$;
comment on function base.period_start(date, int, int) is 'First day of the billing period that holds the day; periods of n months start in the anchor month.';

create or replace function base.due_on(document_on date, days int, rule text, fixed_day int) returns date
language sql immutable parallel safe as $$
  select case
    when rule = 'NET' and fixed_day is null then document_on + days
    when rule = 'NET' then
      case when base.day_of_month(t.later, 0, fixed_day) >= t.later then base.day_of_month(t.later, 0, fixed_day) else base.day_of_month(t.later, 1, fixed_day) end
    when rule = 'DAY' then
      case when base.day_of_month(t.month_on, 0, fixed_day) >= document_on then base.day_of_month(t.month_on, 0, fixed_day) else base.day_of_month(t.month_on, 1, fixed_day) end
    when fixed_day is null then base.day_of_month(t.month_on, 0, 31)
    else base.day_of_month(t.month_on, 1, fixed_day)
  end
  from (select document_on + days as later,
               case when days % 30 = 0 then (pg_catalog.date_trunc('month', document_on::timestamp) + make_interval(months => days / 30))::date
                    else document_on + days end as month_on) as t
$$;
comment on function base.due_on(date, int, text, int) is
  'NET: exact days; with a fixed day the next such day. EOM: whole months for multiples of 30 days (else exact days), then the end of that '
  'month; with a fixed day, that day of the month after. DAY: the months as for EOM, then that day of that month, never before the document.';

create or replace function base.day_of_month(on_date date, months_later int, day int) returns date
language sql immutable parallel safe as $$
  select least(m.first_on + day - 1, (m.first_on + make_interval(months => 1))::date - 1)
  from (select (pg_catalog.date_trunc('month', on_date::timestamp) + make_interval(months => months_later))::date as first_on) as m
$$;
comment on function base.day_of_month(date, int, int) is 'That day of the month so many months after the date''s; the last one in a shorter month.';

create or replace function base.skip_months(due_on date, skipped_months int[], to_day int) returns date
language sql immutable parallel safe as $$
  select case when extract(month from due_on)::int <> all (skipped_months) then due_on
    else (select base.day_of_month(due_on, later, to_day) from generate_series(1, 11) as later
          where extract(month from base.day_of_month(due_on, later, 1))::int <> all (skipped_months) order by later limit 1) end
$$;
comment on function base.skip_months(date, int[], int) is
  'A due date in a month in which the customer pays nobody (August, December) moves to that day of the next month that is not skipped.';
grant execute on function base.period_start(date, int, int), base.due_on(date, int, text, int), base.day_of_month(date, int, int),
  base.skip_months(date, int[], int) to cms_people, cms_search, cms_bookkeeper;
