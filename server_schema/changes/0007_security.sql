-- Who may come in, who is in, who was refused: rules of the installation, locks of the door, sessions that can be closed.

-- one row for the whole installation: a password and a login belong to all companies of a person. The checks are floors nobody can go below.
create table base.security_rule (
  only_row              boolean primary key default true check (only_row),
  attempts              int not null default 5 constraint attempts_floor check (attempts between 3 and 10),
  window_minutes        int not null default 15 constraint window_floor check (window_minutes between 10 and 1440),
  lock_minutes          int not null default 15 constraint lock_floor check (lock_minutes between 5 and 1440),
  everywhere_attempts   int not null default 30 constraint everywhere_floor check (everywhere_attempts between 15 and 200),
  password_length       int not null default 12 constraint length_floor check (password_length between 12 and 64),
  password_days         int not null default 0 constraint days_floor check (password_days = 0 or password_days between 30 and 730),
  password_reuse        int not null default 8 constraint reuse_floor check (password_reuse between 5 and 24),
  temporary_days        int not null default 7 constraint temporary_floor check (temporary_days between 1 and 30),
  keep_log_days         int not null default 400 constraint log_floor check (keep_log_days between 180 and 3650),
  changed_at            timestamptz,
  changed_by            int references base.person,
  row_version           int not null default 1
);
insert into base.security_rule default values;
grant select on base.security_rule to cms_people, cms_search, cms_bookkeeper, cms_role_keeper, cms_gatekeeper;
grant update on base.security_rule to cms_role_keeper;

-- refusals, read from the log of the server; equal ones of a minute are one row. person_id is null for a name that is nobody's: the name itself is
-- not kept, because people type passwords into the wrong field.
create table base.login_refusal (
  refusal_id   bigint generated always as identity primary key,
  person_id    int references base.person,
  minute       timestamptz not null,
  at           timestamptz not null,
  address      text not null default '',
  reason       text not null,
  application  text not null default '',
  attempts     int  not null default 1 check (attempts > 0),
  is_spent     boolean not null default false  -- followed by a good login or counted for a lock
);
create unique index refusal_once_a_minute on base.login_refusal (person_id, minute, address, reason) nulls not distinct where not is_spent;
create index refusal_by_time on base.login_refusal (at);

-- address '' is the lock of a person everywhere
create table base.door_lock (
  person_id     int not null references base.person,
  address       text not null,
  step          int not null check (step > 0),
  attempts      int not null,
  locked_at     timestamptz not null,
  locked_until  timestamptz not null,
  primary key (person_id, address)
);
alter table base.login_refusal enable row level security;
alter table base.login_refusal force row level security;
alter table base.door_lock enable row level security;
alter table base.door_lock force row level security;
grant select, insert, update, delete on base.login_refusal, base.door_lock to cms_gatekeeper;
grant usage on sequence base.login_refusal_refusal_id_seq to cms_gatekeeper;
grant select, delete on base.door_lock to cms_role_keeper;

-- how far the log of the server has been read
create table sec.log_position (
  only_row       boolean primary key default true check (only_row),
  file           text   not null default '',
  head           text   not null default '',
  byte_offset    bigint not null default 0,
  read_at        timestamptz,
  skipped_bytes  bigint not null default 0
);
insert into sec.log_position default values;
grant select, update on sec.log_position to cms_gatekeeper;

-- sessions ------------------------------------------------------------------------------------------------------------------
-- every connection of a session shows the session's secret; only its digest is kept here
alter table base.session
  add column token_digest  text not null default '',
  add column company_id    int references base.company,
  add column last_seen_at  timestamptz,
  add column idle_since    timestamptz,
  add column is_locked     boolean not null default false,
  add column ended_at      timestamptz,
  add column end_reason    text not null default '' check (end_reason in ('', 'left', 'forced', 'reset', 'suspended')),
  add column ended_by      int references base.person,
  add column end_note      text not null default '';
create index session_of_person on base.session (person_id, session_id);
create index session_by_time on base.session (opened_at);
create index session_by_token on base.session (token_digest) where token_digest <> '';
grant select on base.session, base.permission, base.company, base.person to cms_gatekeeper;
grant update, delete on base.session to cms_gatekeeper;
-- what was set by the program: a password set by hand on the server has another digest
alter table base.password_history
  add column verifier_digest  text not null default '',
  add column is_temporary     boolean not null default false,
  add column change_wanted    boolean not null default false;
grant select on base.password_history to cms_gatekeeper;
grant update (must_change_password, row_version) on base.person to cms_gatekeeper;
grant usage on schema base to cms_gatekeeper;
grant create on schema base to cms_gatekeeper;
