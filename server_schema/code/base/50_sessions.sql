-- role: cms_search
-- Who is and was connected, for administrators. base.session is readable only through here.

create or replace function base.session_log() returns table (
  company_id int, session_id bigint, person_id int, opened_at timestamptz, host text, address inet, client_version text)
language sql stable security definer set search_path = '' as $$
-- Sessions opened by the persons of the companies I administer, once per company.
  select distinct p.company_id, s.session_id, s.person_id, s.opened_at, s.host, s.address, s.client_version
  from base.permission as p
  join base.session as s using (person_id)
  where p.function = 'base.read' and p.company_id = any ((select sec.companies('base.administer'))::int[])
$$;

create or replace function base.person_sessions() returns table (
  company_id int, person_id int, last_opened_at timestamptz, last_host text, last_client_version text, open_connections int)
language sql stable security definer set search_path = '' as $$
-- Every person of the companies I administer: the last session and how many connections stand open now.
  select p.company_id, p.person_id, s.opened_at, s.host, s.client_version, coalesce(now_open.many, 0)
  from base.permission as p
  join base.person as who using (person_id)
  left join lateral (
    select one.opened_at, one.host, one.client_version from base.session as one
    where one.person_id = p.person_id order by one.session_id desc limit 1) as s on true
  left join (
    select usename, count(*)::int as many from pg_catalog.pg_stat_activity
    where datname = current_database() group by usename) as now_open on now_open.usename = who.role_name::name
  where p.function = 'base.read' and p.company_id = any ((select sec.companies('base.administer'))::int[])
$$;
grant execute on function base.session_log(), base.person_sessions() to cms_people;
