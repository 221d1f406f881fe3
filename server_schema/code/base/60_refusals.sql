-- role: cms_gatekeeper
-- A refused password never reaches our SQL: PostgreSQL writes it into its log (log_destination = jsonlog) and that log is read here.

create or replace function sec.door_address() returns text
language sql stable set search_path = '' as $$
-- Where this connection comes from, written as the log of the server writes it.
  select coalesce(pg_catalog.host(pg_catalog.inet_client_addr()), '[local]')
$$;

create or replace function sec.log_moment(words text) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
  return least(words::timestamptz, pg_catalog.clock_timestamp());
exception when others then
  return pg_catalog.clock_timestamp();  -- an abbreviation of a time zone that this server does not know
end $$;

create or replace function sec.store_refusals(lines text) returns int[]
language plpgsql set search_path = '' as $$
-- Stores the refusals among the lines; returns the persons whose password was given wrong. A line that is not whole or not ours is passed over.
declare
  touched int[];
begin
  with said as (
    select one.line::json as j from pg_catalog.string_to_table(lines, E'\n') as one(line)
    where one.line ~ '"state_code":"(28P01|28000|CM01[0-9])"' and one.line is json object
  ), known as (
    select j ->> 'user' as role_name, coalesce(j ->> 'dbname', '') as database, coalesce(j ->> 'remote_host', '') as address,
      j ->> 'state_code' as code, coalesce(j ->> 'message', '') as message, left(coalesce(j ->> 'application_name', ''), 60) as application,
      sec.log_moment(j ->> 'timestamp') as at
    from said
  ), refused as (
    select p.person_id, k.at, left(k.address, 64) as address, k.application,
      case k.code
        when '28P01' then 'wrong_password'
        when '28000' then case when k.message like '%not permitted to log in%' then 'disabled' else 'not_from_here' end
        when 'CM010' then 'not_a_person' when 'CM011' then 'disabled' when 'CM012' then 'expired' when 'CM013' then 'locked'
        when 'CM014' then 'client_too_old' when 'CM015' then 'temporary_expired' when 'CM016' then 'session_ended' else k.code end as reason
    from known as k
    -- roles belong to the cluster: an attempt at another database counts here when the role is named after this one
    left join base.person as p on p.role_name = k.role_name
      and (k.database = current_database() or p.role_name = current_database() || '_' || p.login)
    where k.database = current_database() or p.person_id is not null
  ), stored as (
    insert into base.login_refusal as r (person_id, minute, at, address, reason, application, attempts)
    select person_id, date_trunc('minute', at), max(at), address, reason, max(application), count(*)
    from refused group by person_id, date_trunc('minute', at), address, reason
    on conflict (person_id, minute, address, reason) where not is_spent do update
      set attempts = r.attempts + excluded.attempts, at = greatest(r.at, excluded.at)
    returning person_id, reason)
  select array_agg(distinct person_id) filter (where reason = 'wrong_password') into touched from stored where person_id is not null;
  perform pg_notify('cms_' || place.company_id, 'base.login_refusal')
  from (select distinct company_id from base.permission where person_id = any (touched)) as place;
  return coalesce(touched, '{}');
end $$;

create or replace function sec.lock_doors(persons int[]) returns void
language plpgsql set search_path = '' as $$
-- Locks a person at the address where the password was given wrong too often, and everywhere when many addresses try. Counted since the last good login
-- from that address and since the last lock; every further lock within a day lasts twice as long, a day at most. Moments are those of the log: whoever
-- computes this again after a rollback comes to the same lock.
declare
  rule   base.security_rule;
begin
  select * into rule from base.security_rule;
  with tried as (
    select r.person_id, r.address, sum(r.attempts)::int as attempts, max(r.at) as last_at
    from base.login_refusal as r
    where r.person_id = any (persons) and r.reason = 'wrong_password' and not r.is_spent and r.at > now() - make_interval(mins => rule.window_minutes)
    group by r.person_id, r.address
    having sum(r.attempts) >= rule.attempts
  ), spent as (
    update base.login_refusal as r set is_spent = true from tried as t
    where r.person_id = t.person_id and r.address = t.address and r.reason = 'wrong_password' and not r.is_spent)
  insert into base.door_lock as l (person_id, address, step, attempts, locked_at, locked_until)
  select person_id, address, 1, attempts, last_at, last_at + make_interval(mins => rule.lock_minutes) from tried
  on conflict (person_id, address) do update set
    step = case when l.locked_at > excluded.locked_at - interval '1 day' then least(l.step + 1, 12) else 1 end,
    attempts = excluded.attempts, locked_at = excluded.locked_at,
    locked_until = excluded.locked_at + sec.lock_length(rule.lock_minutes,
      case when l.locked_at > excluded.locked_at - interval '1 day' then least(l.step + 1, 12) else 1 end);
  insert into base.door_lock as l (person_id, address, step, attempts, locked_at, locked_until)
  select person_id, '', 1, attempts, last_at, last_at + make_interval(mins => rule.lock_minutes)
  from (
    select r.person_id, sum(r.attempts)::int as attempts, max(r.at) as last_at
    from base.login_refusal as r
    left join base.door_lock as held on held.person_id = r.person_id and held.address = ''
    where r.person_id = any (persons) and r.reason = 'wrong_password'
      and r.at > greatest(now() - make_interval(mins => rule.window_minutes), held.locked_at)
    group by r.person_id
    having sum(r.attempts) >= rule.everywhere_attempts and count(distinct r.address) >= 3) as tried
  on conflict (person_id, address) do update set
    step = case when l.locked_at > excluded.locked_at - interval '1 day' then least(l.step + 1, 12) else 1 end,
    attempts = excluded.attempts, locked_at = excluded.locked_at,
    locked_until = excluded.locked_at + sec.lock_length(rule.lock_minutes,
      case when l.locked_at > excluded.locked_at - interval '1 day' then least(l.step + 1, 12) else 1 end);
end $$;

create or replace function sec.forgive(who int, from_address text) returns void
language sql security definer set search_path = '' as $$
-- A good login: what was typed wrong before from there counts no more.
  update base.login_refusal set is_spent = true where person_id = who and address = from_address and not is_spent;
  delete from base.door_lock where person_id = who and address = from_address;
$$;

create or replace function sec.address_text(address inet) returns text
language sql immutable parallel safe set search_path = '' as $$ select coalesce(pg_catalog.host(address), '[local]') $$;

create or replace function sec.lock_length(minutes int, step int) returns interval
language sql immutable parallel safe set search_path = '' as $$
  select make_interval(mins => least(minutes * (2 ^ (step - 1))::int, 1440))
$$;

create or replace function sec.read_refusals() returns int
language plpgsql security definer set search_path = '' as $$
-- Reads what the log of the server grew by; returns the bytes read, null when there is no such log or somebody else is reading it now.
-- Robust against rotation (the old file is read to its end first), truncation, half lines and gaps (more than 8 MB are skipped and counted).
declare
  most_bytes constant int := 1048576;
  place      sec.log_position;
  newest     text;
  raw        bytea;
  lines      text;
  cut        int;
  done       int := 0;
  head_now   text;
  size_now   bigint;
begin
  newest := pg_catalog.pg_current_logfile('jsonlog');
  -- the usual case costs one statement and writes nothing: little was added and no refusal is in it
  if newest is null or pg_catalog.pg_is_in_recovery() or exists (
    select from sec.log_position as p
    cross join lateral (select convert_from(pg_catalog.pg_read_binary_file(p.file, p.byte_offset, 65536, true), 'LATIN1') as tail) as unread
    where p.file = newest and length(unread.tail) < 65536
      and starts_with(convert_from(pg_catalog.pg_read_binary_file(p.file, 0, 80, true), 'LATIN1'), p.head)
      and unread.tail !~ '"state_code":"(28P01|28000|CM01[0-9])"') then
    return null;
  end if;
  select * into place from sec.log_position for update skip locked;
  if not found then
    return null;
  end if;
  if place.file = '' then
    place.file := newest;
    place.byte_offset := greatest(0, coalesce(sec.log_size(newest), 0) - 262144);
  end if;
  for round in 1..6 loop
    head_now := convert_from(coalesce(pg_catalog.pg_read_binary_file(place.file, 0, 80, true), ''), 'LATIN1');
    if not starts_with(head_now, place.head) then
      place.byte_offset := 0;  -- the file of this name begins anew
    end if;
    place.head := head_now;
    raw := pg_catalog.pg_read_binary_file(place.file, place.byte_offset, most_bytes, true);
    if length(raw) = most_bytes then
      size_now := sec.log_size(place.file);
      if size_now - place.byte_offset > 8 * most_bytes then
        place.skipped_bytes := place.skipped_bytes + size_now - most_bytes - place.byte_offset;
        place.byte_offset := size_now - most_bytes;
        raw := pg_catalog.pg_read_binary_file(place.file, place.byte_offset, most_bytes, true);
      end if;
    end if;
    lines := convert_from(coalesce(raw, ''), 'LATIN1');
    cut := case when right(lines, 1) = E'\n' then length(lines) else length(lines) - position(E'\n' in reverse(lines)) + 1 end;
    if position(E'\n' in lines) = 0 then
      cut := case when length(lines) = most_bytes or place.file <> newest then length(lines) else 0 end;
    end if;
    if cut > 0 then
      perform sec.lock_doors(sec.store_refusals(left(lines, cut)));
      place.byte_offset := place.byte_offset + cut;
      done := done + cut;
    end if;
    exit when done >= most_bytes or (place.file = newest and cut = 0);
    if place.file <> newest and (cut = 0 or length(lines) < most_bytes) then
      place.file := coalesce(sec.log_after(place.file, newest), newest);
      place.byte_offset := 0;
      place.head := '';
    elsif place.file = newest and length(lines) < most_bytes then
      exit;
    end if;
  end loop;
  if place.read_at is null or place.read_at::date < current_date then
    delete from base.login_refusal where at < now() - make_interval(days => (select keep_log_days from base.security_rule));
    delete from base.session as s where s.opened_at < now() - make_interval(days => (select keep_log_days from base.security_rule))
      and exists (select from base.session as newer where newer.person_id = s.person_id and newer.session_id > s.session_id);
    delete from base.door_lock where locked_until < now() - interval '2 days';
  end if;
  update sec.log_position as p
  set file = place.file, head = place.head, byte_offset = place.byte_offset, skipped_bytes = place.skipped_bytes, read_at = now()
  where p.byte_offset <> place.byte_offset or p.file <> place.file or p.read_at is null or p.read_at < now() - interval '1 minute';
  return done;
end $$;

create or replace function sec.log_size(file text) returns bigint
language sql stable set search_path = '' as $$
  select size from pg_catalog.pg_ls_logdir() where name = pg_catalog.regexp_replace(file, '^.*/', '')
$$;

create or replace function sec.log_after(file text, newest text) returns text
language sql stable set search_path = '' as $$
-- The file written after this one, in the folder of the newest.
  select pg_catalog.regexp_replace(newest, '[^/]*$', '') || next.name
  from pg_catalog.pg_ls_logdir() as next
  where next.name like '%.json' and next.name <> pg_catalog.regexp_replace(file, '^.*/', '')
    and next.modification >= coalesce((select one.modification from pg_catalog.pg_ls_logdir() as one
                                       where one.name = pg_catalog.regexp_replace(file, '^.*/', '')), '-infinity')
  order by next.modification, next.name limit 1
$$;

create or replace function sec.door_locked_until(who int, from_address text) returns timestamptz
language sql stable security definer set search_path = '' as $$
-- Until when the person may not come in from there, null when they may. The lock everywhere does not hold where the person is at home (a session of the
-- last 60 days before it): a crowd of strangers cannot lock a colleague out of their own post.
  select max(l.locked_until) from base.door_lock as l
  where l.person_id = who and l.locked_until > now()
    and (l.address = from_address
         or (l.address = '' and not exists (
               select from base.session as s
               where s.person_id = who and sec.address_text(s.address) = from_address
                 and s.opened_at < l.locked_at and s.opened_at > l.locked_at - interval '60 days')))
$$;

create or replace function sec.password_is_ours(who int) returns boolean
language plpgsql stable security definer set search_path = '' as $$
-- False when the role's password was set by hand on the server: nobody knows whether it keeps the rules.
declare
  kept text;
begin
  select verifier_digest into kept from base.password_history where person_id = who order by set_at desc limit 1;
  return coalesce(kept, '') = '' or not exists (
    select from pg_catalog.pg_authid join base.person on role_name = rolname
    where person_id = who and encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex') <> kept);
end $$;

create or replace function sec.age_password(who int) returns void
language plpgsql security definer set search_path = '' as $$
-- A password that is too old, set by hand, or that an administrator wants changed opens the door only to be changed.
begin
  update base.person as p set must_change_password = true, row_version = p.row_version + 1
  from base.security_rule as rule
  where p.person_id = who and not p.must_change_password
    and ((rule.password_days > 0 and coalesce(p.password_changed_at, p.created_at) < now() - make_interval(days => rule.password_days))
         or not sec.password_is_ours(who)
         or (select change_wanted from base.password_history where person_id = who order by set_at desc limit 1));
end $$;

create or replace function sec.session_of_connection() returns bigint
language sql stable security definer set search_path = '' as $$
-- The session whose secret this connection shows, if it is this person's and not ended.
  select s.session_id from base.session as s join base.person as p using (person_id)
  where p.role_name = session_user::text and s.ended_at is null
    and s.token_digest = nullif(sec.token_digest(coalesce(current_setting('cms.session', true), '')), '')
$$;

create or replace function sec.token_digest(token text) returns text
language sql immutable parallel safe set search_path = '' as $$
  select case when token = '' then '' else encode(sha256(convert_to(token, 'UTF8')), 'hex') end
$$;

create or replace function sec.watch_login() returns event_trigger
language plpgsql security definer set search_path = '' as $$
-- Every login of PostgreSQL 17 and later, psql's too. Only a lock that is certainly there refuses; whatever goes wrong lets people in.
-- Connections of a session that is open already are not asked: who is inside stays inside.
-- It runs in the first moment of a connection, when every table and function it touches is read from the catalogue: so they are few.
declare
  token     text := coalesce(current_setting('cms.session', true), '');
  who       int;
  is_inside boolean := false;
  may_be_locked boolean;
  must_age  boolean;
  until     timestamptz;
begin
  begin
    if token <> '' then
      select true into is_inside from base.session as s join base.person as p using (person_id)
      where p.role_name = session_user::text and s.ended_at is null and s.token_digest = sec.token_digest(token);
    end if;
    if is_inside is not true then
      select p.person_id,
        exists (select from base.door_lock as l where l.person_id = p.person_id and l.locked_until > now()),
        not p.must_change_password and (
          (rule.password_days > 0 and coalesce(p.password_changed_at, p.created_at) < now() - make_interval(days => rule.password_days))
          or not coalesce((
            select not kept.change_wanted and (kept.verifier_digest = '' or kept.verifier_digest = (
                     select encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex') from pg_catalog.pg_authid where rolname = session_user))
            from base.password_history as kept where kept.person_id = p.person_id order by kept.set_at desc limit 1), false))
        into who, may_be_locked, must_age
        from base.person as p cross join base.security_rule as rule where p.role_name = session_user::text;
    end if;
    if who is not null then
      -- the usual case, asked here as in sec.read_refusals: calling that long function would cost more than all the rest
      if not exists (
        select from sec.log_position as place
        cross join lateral (select convert_from(pg_catalog.pg_read_binary_file(place.file, place.byte_offset, 65536, true), 'LATIN1') as tail) as unread
        where place.file = pg_catalog.pg_current_logfile('jsonlog') and length(unread.tail) < 65536
          and starts_with(convert_from(pg_catalog.pg_read_binary_file(place.file, 0, 80, true), 'LATIN1'), place.head)
          and unread.tail !~ '"state_code":"(28P01|28000|CM01[0-9])"') then
        perform sec.read_refusals();
        may_be_locked := true;
      end if;
      if may_be_locked then
        until := sec.door_locked_until(who, sec.door_address());
      end if;
      if until is null and must_age then
        perform sec.age_password(who);
      end if;
    end if;
  exception when others then
    until := null;
  end;
  if until > now() then
    perform sec.refuse('CM013', 'locked', jsonb_build_object('until', until));
  end if;
end $$;

revoke all on function sec.forgive(int, text), sec.door_address(), sec.log_moment(text), sec.store_refusals(text), sec.lock_doors(int[]), sec.address_text(inet),
  sec.lock_length(int, int), sec.read_refusals(), sec.log_size(text), sec.log_after(text, text), sec.door_locked_until(int, text),
  sec.password_is_ours(int), sec.age_password(int), sec.session_of_connection(), sec.token_digest(text), sec.watch_login() from public;
grant execute on function sec.forgive(int, text), sec.read_refusals(), sec.door_locked_until(int, text), sec.door_address(), sec.age_password(int), sec.token_digest(text),
  sec.address_text(inet), sec.session_of_connection() to cms_role_keeper;
