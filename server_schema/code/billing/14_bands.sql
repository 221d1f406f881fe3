-- role: cms_bookkeeper
-- Hours by the bands of the day and the calendar, and the texts of lines. Pure; the same split in Python is in modules/billing/bands.py.

create or replace function billing.day_pieces(starts timestamptz, ends timestamptz, night_from time, night_to time)
returns table (on_date date, day_seconds numeric, night_seconds numeric)
language sql immutable set search_path = '' as $$
-- The days of Rome an interval touches, with the seconds by day and by night in each; together they are its length, summer time or not.
-- A night from 22 to 6 belongs to two days; equal hours mean that there is no night.
  select p.on_date, p.seconds - n.seconds, n.seconds
  from generate_series((starts at time zone 'Europe/Rome')::date::timestamp,
                       ((ends - interval '1 microsecond') at time zone 'Europe/Rome')::date::timestamp, interval '1 day') as g(midnight)
  cross join lateral (select greatest(starts, g.midnight at time zone 'Europe/Rome') as since,
                             least(ends, (g.midnight + interval '1 day') at time zone 'Europe/Rome') as until) as d
  cross join lateral (select g.midnight::date as on_date, extract(epoch from d.until - d.since)::numeric as seconds) as p
  cross join lateral (
    select coalesce(sum(greatest(0, extract(epoch from
             least(d.until, (g.midnight + w.until) at time zone 'Europe/Rome')
             - greatest(d.since, (g.midnight + w.since) at time zone 'Europe/Rome'))::numeric)), 0) as seconds
    from (values (night_from::interval, case when night_from > night_to then interval '1 day' else night_to::interval end),
                 (interval '0', case when night_from > night_to then night_to::interval else interval '0' end)) as w(since, until)
    where night_from <> night_to) as n
$$;

create or replace function billing.split_hours(
  wanted_company int, starts timestamptz, ends timestamptz, night_from time, night_to time, town text)
returns table (part text, seconds numeric)
language sql stable set search_path = '' as $$
-- day, night, rest (Sunday or holiday, by day), rest_night. Runs as the caller.
  select case when r.is_rest then 'rest' || w.suffix else coalesce(nullif(ltrim(w.suffix, '_'), ''), 'day') end, sum(w.seconds)
  from billing.day_pieces(starts, ends, night_from, night_to) as d
  cross join lateral (select base.is_rest_day(wanted_company, d.on_date, town) as is_rest) as r
  cross join lateral (values ('', d.day_seconds), ('_night', d.night_seconds)) as w(suffix, seconds)
  where w.seconds > 0
  group by 1
$$;

create or replace function billing.month_name(month int, language text) returns text
language sql immutable set search_path = '' as $$
  select (case language
    when 'en' then array['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
    when 'de' then array['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember']
    when 'fr' then array['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre']
    else array['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre']
  end)[month]
$$;

create or replace function billing.months_text(from_on date, to_on date, language text) returns text
language sql immutable set search_path = '' as $$
-- "maggio 2026", "maggio–luglio 2026", "dicembre 2025–gennaio 2026"
  select case when to_char(from_on, 'YYYYMM') <> to_char(to_on, 'YYYYMM')
              then billing.month_name(extract(month from from_on)::int, language)
                   || case when extract(year from from_on) <> extract(year from to_on) then to_char(from_on, ' YYYY') else '' end || '–' else '' end
         || billing.month_name(extract(month from to_on)::int, language) || to_char(to_on, ' YYYY')
$$;

create or replace function billing.period_text(from_on date, to_on date, language text) returns text
language sql immutable set search_path = '' as $$
  select case language when 'en' then 'from ' when 'de' then 'vom ' when 'fr' then 'du ' else 'dal ' end || to_char(from_on, 'DD/MM/YYYY')
         || case language when 'en' then ' to ' when 'de' then ' bis ' when 'fr' then ' au ' else ' al ' end || to_char(to_on, 'DD/MM/YYYY')
$$;

create or replace function billing.rendered(
  words text, language text, from_on date, to_on date, site_name text, contract_number text, cig_code text, order_reference text) returns text
language sql immutable set search_path = '' as $$
-- The placeholders of a line: {mese} {periodo} {dal} {al} {anno} {sede} {contratto} {cig} {ordine}. One that is none of these stays as it is.
  select btrim(replace(replace(replace(replace(replace(replace(replace(replace(replace(words,
    '{mese}', coalesce(billing.months_text(from_on, to_on, language), '')), '{periodo}', coalesce(billing.period_text(from_on, to_on, language), '')),
    '{dal}', coalesce(to_char(from_on, 'DD/MM/YYYY'), '')), '{al}', coalesce(to_char(to_on, 'DD/MM/YYYY'), '')),
    '{anno}', coalesce(to_char(from_on, 'YYYY'), '')), '{sede}', coalesce(site_name, '')), '{contratto}', coalesce(contract_number, '')),
    '{cig}', coalesce(cig_code, '')), '{ordine}', coalesce(order_reference, '')))
$$;

create or replace function billing.part_text(part text, item_kind text, language text) returns text
language sql immutable set search_path = '' as $$
-- What a line of items counts; 'minimum' is what is missing to the agreed least hours.
  select (case part
    when 'night' then array['ore notturne', 'night hours', 'Nachtstunden', 'heures de nuit']
    when 'holiday' then array['ore festive', 'Sunday and holiday hours', 'Sonn- und Feiertagsstunden', 'heures de dimanche et jours fériés']
    when 'overtime' then array['ore straordinarie', 'overtime hours', 'Überstunden', 'heures supplémentaires']
    when 'minimum' then array['integrazione al minimo', 'minimum hours', 'Mindeststunden', 'complément au minimum']
    else case item_kind
      when 'hourly' then array['ore', 'hours', 'Stunden', 'heures']
      when 'passage' then array['passaggi', 'passages', 'Kontrollgänge', 'passages']
      else array['interventi', 'interventions', 'Einsätze', 'interventions'] end
  end)[case language when 'en' then 2 when 'de' then 3 when 'fr' then 4 else 1 end]
$$;

create or replace function billing.group_key(how text, customer bigint, contract bigint, site bigint) returns bigint
language sql immutable as $$
-- What stands in one document has one key; without a site the contract decides. Orders get theirs in billing.join_orders.
  select case how when 'customer' then customer * 8 when 'site' then coalesce(site * 8 + 2, contract * 8 + 1) else contract * 8 + 1 end
$$;

create or replace function billing.is_blocking(reason text) returns boolean
language sql immutable as $$
-- Reasons that only a mended datum takes away.
  select reason in ('fiscal_code_missing', 'address_incomplete', 'office_code_missing', 'recipient_code_wrong', 'payment_term_missing',
                    'intent_letter_missing')
$$;
grant execute on function billing.day_pieces(timestamptz, timestamptz, time, time),
  billing.split_hours(int, timestamptz, timestamptz, time, time, text), billing.is_blocking(text), billing.group_key(text, bigint, bigint, bigint),
  billing.rendered(text, text, date, date, text, text, text, text), billing.months_text(date, date, text), billing.month_name(int, text),
  billing.period_text(date, date, text) to cms_people;

create or replace function billing.ids_of(list jsonb) returns bigint[]
language sql immutable set search_path = '' as $$
-- Numbers of a JSON list; null when there is none, or an empty one: no choice was made.
  select array_agg(value::bigint) from jsonb_array_elements_text(case jsonb_typeof(list) when 'array' then list else '[]' end) as e(value)
$$;

create or replace function billing.texts_of(list jsonb) returns text[]
language sql immutable set search_path = '' as $$
  select array_agg(value) from jsonb_array_elements_text(case jsonb_typeof(list) when 'array' then list else '[]' end) as e(value)
$$;
