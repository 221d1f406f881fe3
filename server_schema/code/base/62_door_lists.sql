-- role: cms_gatekeeper
-- What administrators see of the door: who is in, who came and was refused, who is locked. The tables themselves are closed to everybody.

create or replace function base.open_sessions() returns table (
  company_id int, entry_id bigint, session_id bigint, person_id int, opened_at timestamptz, host text, address text, client_version text,
  working_in int, idle_since timestamptz, is_locked boolean, connections int, process int)
language sql stable security definer set search_path = '' as $$
-- Open now: sessions of the program with a living connection, and connections outside the program (psql, a spreadsheet), each on its own (session null).
  with places as materialized (
    select p.company_id, p.person_id, who.role_name from base.permission as p join base.person as who using (person_id)
    where p.function = 'base.read' and p.company_id = any ((select sec.companies('base.administer'))::int[])
  ), living as materialized (
    select a.pid, a.usename::text as role_name, a.client_addr, a.backend_start, a.application_name,
      substring(a.application_name from '#([0-9]{1,18})$')::bigint as claimed
    from pg_catalog.pg_stat_activity as a
    where a.datname = current_database() and a.backend_type = 'client backend'
      and a.usename::text in (select role_name from places)
  ), tied as (
    select l.*, s.session_id, s.person_id, s.opened_at, s.host, s.client_version, s.company_id as working_in, s.idle_since, s.is_locked
    from living as l
    left join (base.session as s join base.person as owner using (person_id))
      on s.session_id = l.claimed and s.ended_at is null and owner.role_name = l.role_name
  ), grouped as (
    select role_name, session_id, min(coalesce(opened_at, backend_start)) as opened_at, min(coalesce(host, '')) as host, min(sec.address_text(client_addr)) as address,
      min(coalesce(client_version, left(application_name, 40))) as client_version, min(working_in) as working_in, min(idle_since) as idle_since,
      bool_or(coalesce(is_locked, false)) as is_locked, count(*)::int as connections, case when session_id is null then min(pid) end as process
    from tied group by role_name, session_id, case when session_id is null then pid end)
  select pl.company_id, coalesce(g.session_id * 2, g.process::bigint * 2 + 1), g.session_id, pl.person_id, g.opened_at, g.host, g.address, g.client_version,
    g.working_in, g.idle_since, g.is_locked, g.connections, g.process
  from grouped as g join places as pl using (role_name)
$$;

create or replace function base.login_log(since timestamptz default '-infinity') returns table (
  company_id int, entry_id bigint, person_id int, at timestamptz, host text, address text, client_version text, outcome text, attempts int,
  ended_at timestamptz, end_reason text)
language sql stable security definer set search_path = '' as $$
-- Every login and every refusal of the persons of the companies I administer. Names that are nobody's belong to the installation: shown to who administers
-- all of it.
  with places as materialized (
    select p.company_id, p.person_id from base.permission as p
    where p.function = 'base.read' and p.company_id = any ((select sec.companies('base.administer'))::int[]))
  select pl.company_id, s.session_id * 2, s.person_id, s.opened_at, s.host, sec.address_text(s.address), s.client_version, 'entered', 1, s.ended_at, s.end_reason
  from places as pl join base.session as s using (person_id) where s.opened_at >= since
  union all
  select pl.company_id, r.refusal_id * 2 + 1, r.person_id, r.at, '', r.address, r.application, r.reason, r.attempts, null, ''
  from places as pl join base.login_refusal as r using (person_id) where r.at >= since
  union all
  select place, r.refusal_id * 2 + 1, null, r.at, '', r.address, r.application, 'unknown', r.attempts, null, ''
  from unnest((select sec.companies('base.administer'))::int[]) as place cross join base.login_refusal as r
  where r.person_id is null and r.at >= since and (select sec.administers_installation())
$$;

create or replace function base.person_doors() returns table (
  company_id int, person_id int, door_locked_until timestamptz, locked_addresses int, password_set_at timestamptz, password_expires_at timestamptz,
  is_temporary boolean)
language sql stable security definer set search_path = '' as $$
-- Locks and password of every person of the companies I administer.
  select p.company_id, p.person_id, locks.until, coalesce(locks.many, 0), coalesce(who.password_changed_at, who.created_at),
    case when rule.password_days > 0 then coalesce(who.password_changed_at, who.created_at) + make_interval(days => rule.password_days) end,
    coalesce(who.must_change_password and last.is_temporary, false)
  from base.permission as p
  join base.person as who using (person_id)
  cross join base.security_rule as rule
  left join lateral (
    select max(l.locked_until) as until, count(*)::int as many from base.door_lock as l where l.person_id = p.person_id and l.locked_until > now()) as locks on true
  left join lateral (
    select h.is_temporary from base.password_history as h where h.person_id = p.person_id order by h.set_at desc limit 1) as last on true
  where p.function = 'base.read' and p.company_id = any ((select sec.companies('base.administer'))::int[])
$$;
grant execute on function base.open_sessions(), base.login_log(timestamptz), base.person_doors() to cms_people;
