-- Once per cluster and database, by an administrator of the server (a superuser). Idempotent.
-- Group roles belong to the whole cluster; a person's own login role is <database>_<login>.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('cms_owner',       'nologin',                'Owns every object of CMS Desktop. Nobody logs in as it.'),
      ('cms_people',      'nologin',                'Group of all persons; holds every table grant. What a person may do is decided by rows.'),
      ('cms_search',      'nologin bypassrls',      'Owns functions that look across row-level security after checking the right themselves.'),
      ('cms_bookkeeper',  'nologin bypassrls',      'Owns the functions that write guarded tables: numbers, invoices, journal, effects.'),
      ('cms_role_keeper', 'nologin createrole bypassrls','Owns the functions that create and lock the login roles of persons.'),
      ('cms_gatekeeper',  'nologin bypassrls',      'Owns the functions that watch the door: refusals in the log of the server, locks, open sessions.'),
      ('cms_receiver',    'nologin',                'Group of the alarm receiver service.'),
      ('cms_deployer',    'nologin',                'Applies the schema. Gets LOGIN and a secret from the administrator.')
    ) as t (name, attributes, purpose)
  loop
    begin
      if not exists (select from pg_roles where rolname = wanted.name) then
        execute format('create role %I %s', wanted.name, wanted.attributes);
      end if;
    exception when duplicate_object or unique_violation then
      null;  -- a neighbour's database of the same cluster is being made at this very moment
    end;
    execute format('comment on role %I is %L', wanted.name, wanted.purpose);
  end loop;
end $$;

grant cms_owner to cms_deployer with inherit true, set true;
grant cms_search, cms_bookkeeper to cms_owner with inherit false, set true;
grant cms_role_keeper, cms_gatekeeper to cms_owner with inherit false, set true;
grant cms_bookkeeper, cms_search, cms_role_keeper, cms_gatekeeper to cms_deployer with inherit false, set true;
grant cms_people to cms_role_keeper with admin true, inherit false;
grant pg_signal_backend to cms_role_keeper with inherit true, set false;  -- a suspended person's connections are closed at once

-- The gatekeeper reads the log of the server for refused passwords, which never reach our SQL. These functions, without the role
-- pg_read_server_files, open files of the data and log folders only.
grant execute on function pg_read_binary_file(text, bigint, bigint, boolean), pg_current_logfile(text), pg_ls_logdir() to cms_gatekeeper;
grant select (rolname, rolpassword) on pg_catalog.pg_authid to cms_gatekeeper;  -- was a password set by hand? only a digest is compared
grant pg_read_all_stats to cms_gatekeeper with inherit true, set false;         -- where open connections come from

-- bulk writers of documents check their references by set: see billing.hold
grant set on parameter session_replication_role to cms_bookkeeper;

revoke all on schema public from public;
-- large objects belong to whoever makes them and to no company: nobody makes any
revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public;
alter default privileges for role cms_owner revoke execute on functions from public;
alter default privileges for role cms_search revoke execute on functions from public;
alter default privileges for role cms_bookkeeper revoke execute on functions from public;
alter default privileges for role cms_role_keeper revoke execute on functions from public;
alter default privileges for role cms_gatekeeper revoke execute on functions from public;

create schema if not exists ext authorization cms_owner;
grant usage on schema ext to cms_people, cms_search, cms_bookkeeper, cms_role_keeper, cms_gatekeeper;
create extension if not exists pg_trgm with schema ext;
create extension if not exists btree_gin with schema ext;

create schema if not exists sec authorization cms_owner;
