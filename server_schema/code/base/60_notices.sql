-- role: cms_bookkeeper
-- Notices: written by the functions of every module, read and tidied by the one person they are for.

create or replace function base.next_summary(wanted_company int) returns timestamptz
language plpgsql stable set search_path = '' as $$
-- When the next daily summary is due: at the hour the company set (parameter notices_summary_hour, before it was in the catalogue notices.summary_hour, else 8), Italian time.
declare
  today    date := (now() at time zone 'Europe/Rome')::date;
  set_hour int  := coalesce((
    select (value #>> '{}')::int from base.parameter
    where company_id = wanted_company and key in ('notices_summary_hour', 'notices.summary_hour') and valid_from <= today and value #>> '{}' ~ '^([01]?[0-9]|2[0-3])$'
    order by valid_from desc limit 1), 8);
  moment   timestamptz := (today + make_time(set_hour, 0, 0)) at time zone 'Europe/Rome';
begin
  return case when moment > now() then moment else (today + 1 + make_time(set_hour, 0, 0)) at time zone 'Europe/Rome' end;
end $$;

create or replace function base.deliver(
  wanted_company int, recipients int[], notice_kind text, notice_title text, notice_body text, needed_function text, needed_rank int,
  about_party bigint, about_table text, about_id bigint, from_table text, from_id bigint, due timestamptz default now()) returns int
language plpgsql set search_path = '' as $$
-- One notice for each recipient, as they chose: now, in the daily summary, or not at all. Returns how many were written.
-- Whoever may not read the record, has too low a rank or may not work gets none.
declare
  delivered int;
begin
  insert into base.notice (company_id, person_id, kind, author_id, title, body, read_function, min_rank, party_id, subject_table, subject_id,
                           source_table, source_id, due_at, is_digest)
  select wanted_company, p.person_id, k.kind, sec.person_id(), left(notice_title, 200), left(notice_body, 500), needed_function, needed_rank,
         about_party, about_table, about_id, from_table, from_id,
         case when k.may_wait and c.choice = 'digest' then greatest(due, base.next_summary(wanted_company)) else due end,
         k.may_wait and coalesce(c.choice = 'digest', false)
  from base.notice_kind as k
  join base.person as p on p.person_id = any (recipients)
  left join base.notice_choice as c on c.company_id = wanted_company and c.person_id = p.person_id and c.kind = k.kind
  where k.kind = notice_kind and p.is_active and sec.rank_level(p.rank) >= needed_rank
    and not (k.may_wait and coalesce(c.choice = 'mute', false))
    and exists (select from base.permission as held
                where held.company_id = wanted_company and held.person_id = p.person_id and held.function = needed_function);
  get diagnostics delivered = row_count;
  delete from base.notice  -- what is long done goes when its reader gets something new
  where company_id = wanted_company and person_id = any (recipients) and done_at < now() - interval '90 days' and not is_kept;
  return delivered;
end $$;
comment on function base.deliver(int, int[], text, text, text, text, int, bigint, text, bigint, text, bigint, timestamptz) is
  'For functions of cms_bookkeeper in every module; persons cannot call it.';

create or replace function base.settle_notices(wanted_company int, kinds text[], from_table text, from_id bigint, of_person int default null)
returns void language plpgsql set search_path = '' as $$
-- What a notice asked for is done, or no longer asked: it leaves the list of its readers.
begin
  update base.notice set done_at = now()
  where company_id = wanted_company and source_table = from_table and source_id = from_id and kind = any (kinds) and done_at is null
    and (of_person is null or person_id = of_person);
end $$;
