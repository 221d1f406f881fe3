-- role: cms_role_keeper
-- Sessions of the program: what the client tells of itself, and how an administrator ends one.

create or replace function sec.check_session(token text) returns void
language plpgsql stable security definer set search_path = '' as $$
-- The client asks this on every new connection of an open session: a session that was ended says who did it and why.
declare
  ended base.session;
begin
  select s.* into ended from base.session as s join base.person as p using (person_id)
  where p.role_name = session_user::text and s.token_digest = sec.token_digest(token) and s.ended_at is not null and s.end_reason <> 'left';
  if found then
    perform sec.refuse('CM016', 'session_ended', jsonb_build_object('reason', ended.end_reason, 'at', ended.ended_at, 'note', ended.end_note,
      'by', coalesce((select display_name from base.person where person_id = ended.ended_by), '')));
  end if;
end $$;

create or replace function sec.report_session(token text, in_company int, idle_seconds int, screen_locked boolean) returns void
language plpgsql security definer set search_path = '' as $$
-- The sign of life of a client, once a minute: where it works and since when nobody touched it. It also makes the log of refusals be read.
declare
  mine bigint;
begin
  update base.session as s
  set last_seen_at = now(), is_locked = coalesce(screen_locked, false),
      idle_since = case when idle_seconds between 60 and 31536000 then now() - make_interval(secs => idle_seconds) end,
      company_id = (select company_id from base.company where company_id = in_company and company_id = any (sec.my_companies()))
  from base.person as p
  where p.person_id = s.person_id and p.role_name = session_user::text and s.token_digest = sec.token_digest(token) and s.token_digest <> '' and s.ended_at is null
  returning s.session_id into mine;
  if mine is not null then
    begin
      perform sec.read_refusals();
    exception when others then null;
    end;
  end if;
end $$;

create or replace function sec.leave_session(token text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update base.session as s set ended_at = now(), end_reason = 'left'
  from base.person as p
  where p.person_id = s.person_id and p.role_name = session_user::text and s.token_digest = sec.token_digest(token) and s.token_digest <> '' and s.ended_at is null;
end $$;

create or replace function sec.close_session(wanted_company int, target_session bigint, note text) returns int
language plpgsql security definer set search_path = '' as $$
-- Ends one session and its connections; returns how many connections were closed. Allowed for a session opened in my company, or of a person whose every
-- company I administer. Never one's own.
declare
  found_session base.session;
  target        base.person;
  many          int;
begin
  perform sec.require(wanted_company, 'base.administer');
  select s.* into found_session from base.session as s where s.session_id = target_session and s.ended_at is null;
  select * into target from base.person where person_id = found_session.person_id;
  if target.person_id is null or not exists (select from base.permission where person_id = target.person_id and company_id = wanted_company) then
    perform sec.refuse('CM018', 'session_unknown');
  elsif found_session.token_digest = '' or target.person_id = sec.person_id() then
    perform sec.refuse('CM006', 'own_rights');
  elsif not sec.administers_everywhere(target.person_id) and found_session.company_id is distinct from wanted_company then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  update base.session set ended_at = now(), end_reason = 'forced', ended_by = sec.person_id(), end_note = left(coalesce(note, ''), 200)
  where session_id = target_session;
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
  values (wanted_company, sec.person_id(), session_user, 'base.session', 'U', 1, target_session);
  perform pg_notify('cms_' || place.company_id, 'base.session')
  from (select distinct company_id from base.permission where person_id = target.person_id) as place;
  select count(pg_catalog.pg_terminate_backend(pid)) into many from pg_catalog.pg_stat_activity
  where usename = target.role_name::name and datname = current_database() and application_name like '%#' || target_session;
  return many;
end $$;

create or replace function sec.close_connection(wanted_company int, target int, process int) returns boolean
language plpgsql security definer set search_path = '' as $$
-- Closes a connection that belongs to no session (psql, a spreadsheet) of a person whose every company I administer.
declare
  found base.person := sec.check_target(wanted_company, target);
begin
  if not sec.administers_everywhere(target) then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
  values (wanted_company, sec.person_id(), session_user, 'base.session', 'U', 1, target);
  return coalesce((select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
                   where pid = process and usename = found.role_name::name and datname = current_database()), false);
end $$;

create or replace function sec.release_person(wanted_company int, target int) returns void
language plpgsql security definer set search_path = '' as $$
-- Takes the locks off a person before their time.
begin
  perform sec.check_target(wanted_company, target);
  if not sec.administers_everywhere(target) then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  delete from base.door_lock where person_id = target;
  update base.person set locked_until = null, row_version = row_version + 1 where person_id = target and locked_until is not null;
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
  values (wanted_company, sec.person_id(), session_user, 'base.door_lock', 'D', 1, target);
  perform pg_notify('cms_' || place.company_id, 'base.person')
  from (select distinct company_id from base.permission where person_id = target) as place;
end $$;

create or replace function sec.require_change(wanted_company int, target int) returns void
language plpgsql security definer set search_path = '' as $$
-- The person must choose a new password at the next login; whoever is inside goes on until then.
declare
  before base.person := sec.check_target(wanted_company, target);
begin
  if not sec.administers_everywhere(target) then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  update base.password_history as h set change_wanted = true
  where h.person_id = target and h.set_at = (select max(set_at) from base.password_history where person_id = target);
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id, row_before)
  values (wanted_company, sec.person_id(), session_user, 'base.person', 'U', 1, target, to_jsonb(before));
end $$;

create or replace function sec.administers_installation() returns boolean
language sql stable security definer set search_path = '' as $$
  select sec.person_id() is not null and not exists (
    select from base.company where is_active and not company_id = any ((select sec.companies('base.administer'))::int[]))
$$;

create or replace function sec.set_security_rules(wanted_company int, seen_version int, rules jsonb) returns int
language plpgsql security definer set search_path = '' as $$
-- The rules hold for the whole installation: only who administers every company of it sets them. Floors are constraints of the table.
declare
  before base.security_rule;
  after  base.security_rule;
begin
  perform sec.require(wanted_company, 'base.administer');
  if not sec.administers_installation() then
    perform sec.refuse('CM019', 'installation_rules');
  end if;
  select * into before from base.security_rule for update;
  if before.row_version is distinct from seen_version then
    perform sec.refuse('CM002', 'conflict', jsonb_build_object('table', 'base.security_rule'));
  end if;
  after := jsonb_populate_record(before, coalesce(rules, '{}') - '{only_row,row_version,changed_at,changed_by}'::text[]);
  update base.security_rule
  set attempts = after.attempts, window_minutes = after.window_minutes, lock_minutes = after.lock_minutes,
      everywhere_attempts = after.everywhere_attempts, password_length = after.password_length, password_days = after.password_days,
      password_reuse = after.password_reuse, temporary_days = after.temporary_days, keep_log_days = after.keep_log_days,
      changed_at = now(), changed_by = sec.person_id(), row_version = row_version + 1;
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id, row_before)
  select company_id, sec.person_id(), session_user, 'base.security_rule', 'U', 1, 1, to_jsonb(before) from base.company where is_active;
  perform pg_notify('cms_' || company_id, 'base.security_rule') from base.company where is_active;
  return before.row_version + 1;
end $$;

grant execute on function sec.check_session(text), sec.report_session(text, int, int, boolean), sec.leave_session(text),
  sec.close_session(int, bigint, text), sec.close_connection(int, int, int), sec.release_person(int, int), sec.require_change(int, int),
  sec.administers_installation(), sec.set_security_rules(int, int, jsonb) to cms_people;
grant execute on function sec.administers_installation() to cms_gatekeeper;
