-- role: cms_role_keeper
-- Administration of persons. Audit this file whenever it changes: it owns CREATEROLE.

create or replace function sec.administers_everywhere(target int) returns boolean
language plpgsql stable security definer set search_path = '' as $$
-- A person's password and login belong to all their companies: only who administers every one of them may touch them.
begin
  return not exists (
    select from base.permission
    where person_id = target and not company_id = any (sec.companies('base.administer')));
end $$;

create or replace function sec.check_target(wanted_company int, target int) returns base.person
language plpgsql stable security definer set search_path = '' as $$
declare
  found base.person;
begin
  perform sec.require(wanted_company, 'base.administer');
  select * into found from base.person where person_id = target;
  if found.person_id is null or not exists (select from base.permission where person_id = target and company_id = wanted_company) then
    perform sec.refuse('CM005', 'person_unknown');
  end if;
  if target = sec.person_id() then
    perform sec.refuse('CM006', 'own_rights');
  end if;
  return found;
end $$;

create or replace function sec.check_secret(verifier text, hash text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  -- Whatever PostgreSQL does not take for a verifier it takes for a password in clear; without one the role could not log in any more.
  if verifier is null or hash is null
     or verifier !~ '^SCRAM-SHA-256\$(409[6-9]|4[1-9][0-9]{2}|[5-9][0-9]{3}|[1-9][0-9]{4,5}):[A-Za-z0-9+/]{20,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$'
     or hash !~ '^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$' then
    perform sec.refuse('CM007', 'secret_is_malformed');
  end if;
end $$;

create or replace function sec.create_person(
  wanted_company int, new_login text, new_name text, new_job text, new_email text, verifier text, hash text) returns int
language plpgsql security definer set search_path = '' as $$
declare
  new_role text := current_database() || '_' || new_login;
  new_id   int;
begin
  if session_user <> 'cms_deployer' and not (select rolsuper from pg_catalog.pg_roles where rolname = session_user) then
    perform sec.require(wanted_company, 'base.administer');
  end if;
  perform sec.check_secret(verifier, hash);
  if octet_length(new_role) > 63 then
    perform sec.refuse('CM008', 'login_too_long');
  end if;
  insert into base.person (login, role_name, display_name, job_title, email, created_by)
  values (new_login, new_role, new_name, new_job, new_email, sec.person_id())
  returning person_id into new_id;
  insert into base.password_history (person_id, hash, verifier_digest, is_temporary) values (new_id, hash, sec.token_digest(verifier), true);
  insert into base.permission (company_id, person_id, function, created_by) values (wanted_company, new_id, 'base.read', sec.person_id());
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
  values (wanted_company, sec.person_id(), session_user, 'base.person', 'I', 1, new_id);
  perform pg_notify('cms_' || wanted_company, 'base.person');
  execute format('create role %I login password %L connection limit 16', new_role, verifier);
  execute format('grant cms_people to %I with inherit true, set false', new_role);
  execute format('alter role %I set statement_timeout = %L', new_role, '10min');
  return new_id;
end $$;

create or replace function sec.keep_an_administrator(target int, companies int[] default null) returns void
language plpgsql security definer set search_path = '' as $$
-- A company always has somebody who administers it today. Called after the change; two administrators who remove each other wait here for one another.
declare
  place int;
begin
  for place in
    select company_id from base.company where is_active and (companies is null and company_id in (select company_id from base.permission where person_id = target)
                                                              or company_id = any (companies)) order by company_id
  loop
    perform from base.permission where company_id = place and function = 'base.administer' for update;  -- rows that people cannot lock
    if not exists (
      select from base.permission join base.person using (person_id)
      where company_id = place and function = 'base.administer' and is_active and (expires_on is null or expires_on >= current_date)) then
      perform sec.refuse('CM017', 'last_administrator');
    end if;
  end loop;
end $$;

create or replace function sec.end_sessions(wanted_company int, target int, reason text) returns void
language plpgsql security definer set search_path = '' as $$
-- Ends every session of a person, from wherever; the caller has checked the right.
declare
  their_role text := (select role_name from base.person where person_id = target);
begin
  update base.session set ended_at = now(), end_reason = reason, ended_by = sec.person_id()
  where person_id = target and ended_at is null and session_id in (select one.session_id from base.session as one where one.person_id = target);
  perform pg_notify('cms_' || place.company_id, 'base.session')
  from (select distinct company_id from base.permission where person_id = target) as place;
  perform pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where usename = their_role::name and datname = current_database();
end $$;

create or replace function sec.grant_functions(wanted_company int, target int, wanted text[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Sets the person's functions in the company to exactly these. base.read stays with whoever has any.
begin
  perform sec.check_target(wanted_company, target);
  delete from base.permission
  where company_id = wanted_company and person_id = target and not function = any (wanted) and function <> 'base.read';
  insert into base.permission (company_id, person_id, function, created_by)
  select wanted_company, target, function, sec.person_id() from unnest(wanted) as function
  on conflict do nothing;
  perform sec.keep_an_administrator(target, array[wanted_company]);
end $$;

create or replace function sec.admit_person(wanted_company int, existing_login text) returns int
language plpgsql security definer set search_path = '' as $$
-- A colleague of another company of mine gets a place in this one; the functions follow by sec.grant_functions.
declare
  target int;
begin
  perform sec.require(wanted_company, 'base.administer');
  select person_id into target from base.person
  where login = existing_login and person_id = any (sec.colleagues()) and person_id <> sec.person_id();
  if target is null then
    perform sec.refuse('CM005', 'person_unknown');
  end if;
  insert into base.permission (company_id, person_id, function, created_by)
  values (wanted_company, target, 'base.read', sec.person_id()) on conflict do nothing;
  return target;
end $$;

create or replace function sec.dismiss_person(wanted_company int, target int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.check_target(wanted_company, target);
  delete from base.permission where company_id = wanted_company and person_id = target;
  perform sec.keep_an_administrator(target, array[wanted_company]);
end $$;

create or replace function sec.update_person(
  wanted_company int, target int, seen_version int, new_name text, new_job text, new_email text, new_rank text,
  new_active boolean, new_expires_on date) returns int
language plpgsql security definer set search_path = '' as $$
declare
  before base.person := sec.check_target(wanted_company, target);
  after  int;
begin
  if not sec.administers_everywhere(target) then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  update base.person
  set display_name = new_name, job_title = new_job, email = new_email, rank = new_rank, is_active = new_active,
      expires_on = new_expires_on, row_version = row_version + 1, locked_until = case when new_active then null else locked_until end
  where person_id = target and row_version = seen_version
  returning row_version into after;
  if after is null then
    perform sec.refuse('CM002', 'conflict', jsonb_build_object('table', 'base.person'));
  end if;
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id, row_before)
  values (wanted_company, sec.person_id(), session_user, 'base.person', 'U', 1, target, to_jsonb(before));
  perform pg_notify('cms_' || place.company_id, 'base.person')
  from (select distinct company_id from base.permission where person_id = target) as place;
  execute format('alter role %I %s', before.role_name, case when new_active then 'login' else 'nologin' end);
  perform sec.keep_an_administrator(target);
  if not new_active then
    perform sec.end_sessions(wanted_company, target, 'suspended');
  end if;
  return after;
end $$;

create or replace function sec.reset_password(wanted_company int, target int, verifier text, hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  found base.person := sec.check_target(wanted_company, target);
begin
  if not sec.administers_everywhere(target) then
    perform sec.refuse('CM009', 'person_of_other_companies');
  end if;
  perform sec.check_secret(verifier, hash);
  update base.person set must_change_password = true, password_changed_at = now(), locked_until = null where person_id = target;
  insert into base.password_history (person_id, hash, verifier_digest, is_temporary) values (target, hash, sec.token_digest(verifier), true);
  delete from base.door_lock where person_id = target;
  perform sec.end_sessions(wanted_company, target, 'reset');
  insert into base.audit_entry (company_id, person_id, login, table_name, operation, row_count, record_id)
  values (wanted_company, sec.person_id(), session_user, 'base.password', 'U', 1, target);
  perform pg_notify('cms_' || wanted_company, 'base.person');
  execute format('alter role %I password %L', found.role_name, verifier);
end $$;

create or replace function sec.person_at_the_door() returns int
language plpgsql stable security definer set search_path = '' as $$
-- Like sec.person_id, but also who has yet to change the password: for the change itself.
begin
  return (
    select person_id from base.person
    where role_name = session_user::text and is_active
      and (expires_on is null or expires_on >= current_date)
      and (locked_until is null or locked_until <= now()));
end $$;

create or replace function sec.change_my_password(verifier text, hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  me int := sec.person_at_the_door();
begin
  if me is null then
    perform sec.refuse('CM010', 'not_a_person');
  end if;
  perform sec.check_secret(verifier, hash);
  if exists (select from base.password_history as old where old.person_id = me and old.hash = change_my_password.hash) then
    perform sec.refuse('CM007', 'secret_is_malformed');
  end if;
  insert into base.password_history (person_id, hash, verifier_digest) values (me, hash, sec.token_digest(verifier));
  update base.person set must_change_password = false, password_changed_at = now() where person_id = me;
  execute format('alter role %I password %L', session_user, verifier);
end $$;

create or replace function sec.my_password_hashes(how_many int default 8) returns setof text
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
    select hash from base.password_history where person_id = sec.person_at_the_door() order by set_at desc limit least(how_many, 24);
end $$;

revoke all on function sec.keep_an_administrator(int, int[]), sec.end_sessions(int, int, text), sec.check_target(int, int), sec.administers_everywhere(int), sec.check_secret(text, text), sec.person_at_the_door() from public;
grant execute on function
  sec.create_person(int, text, text, text, text, text, text), sec.grant_functions(int, int, text[]), sec.admit_person(int, text),
  sec.dismiss_person(int, int), sec.update_person(int, int, int, text, text, text, text, boolean, date),
  sec.reset_password(int, int, text, text), sec.change_my_password(text, text), sec.my_password_hashes(int)
  to cms_people, cms_deployer;
