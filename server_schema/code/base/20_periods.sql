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
    when rule = 'NET' then document_on + days
    when fixed_day is null then (m.month_on + make_interval(months => 1))::date - 1
    else least((m.month_on + make_interval(months => 1))::date + fixed_day - 1, (m.month_on + make_interval(months => 2))::date - 1)
  end
  from (select case when days % 30 = 0
    then pg_catalog.date_trunc('month', document_on::timestamp) + make_interval(months => days / 30)
    else pg_catalog.date_trunc('month', (document_on + days)::timestamp) end as month_on) as m
$$;
comment on function base.due_on(date, int, text, int) is
  'NET: exact days. EOM: whole months for multiples of 30 days (else exact days), then the end of that month; with a fixed day, that day of the month after.';
grant execute on function base.period_start(date, int, int), base.due_on(date, int, text, int) to cms_people, cms_search, cms_bookkeeper;
