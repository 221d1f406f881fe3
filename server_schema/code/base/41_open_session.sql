-- role: cms_role_keeper

create or replace function sec.open_session(client_version text, host text) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- First call of every client. Refuses with its own reason; returns what the client needs to begin.
declare
  me       base.person;
  minimum  text := (select minimum_client_version from base.program);
  rule     base.security_rule;
  secret   text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  locked   timestamptz;
  opened   bigint;
begin
  begin
    perform sec.read_refusals();
  exception when others then null;  -- a log that cannot be read keeps nobody out
  end;
  select * into rule from base.security_rule;
  select * into me from base.person where role_name = session_user::text;
  if me.person_id is null then
    perform sec.refuse('CM010', 'not_a_person');
  elsif not me.is_active then
    perform sec.refuse('CM011', 'disabled');
  elsif me.expires_on < current_date then
    perform sec.refuse('CM012', 'expired', jsonb_build_object('on', me.expires_on));
  end if;
  locked := case when sec.session_of_connection() is null then sec.door_locked_until(me.person_id, sec.door_address()) end;
  if greatest(me.locked_until, locked) > now() then
    perform sec.refuse('CM013', 'locked', jsonb_build_object('until', greatest(me.locked_until, locked)));
  elsif me.must_change_password and (
    select is_temporary and set_at < now() - make_interval(days => rule.temporary_days) from base.password_history
    where person_id = me.person_id order by set_at desc limit 1) then
    perform sec.refuse('CM015', 'temporary_expired');
  elsif client_version !~ '^[0-9]+(\.[0-9]+)*$' or string_to_array(client_version, '.')::int[] < string_to_array(minimum, '.')::int[] then
    perform sec.refuse('CM014', 'client_too_old', jsonb_build_object('minimum', minimum));
  end if;
  perform sec.age_password(me.person_id);
  select * into me from base.person where person_id = me.person_id;
  perform sec.forgive(me.person_id, sec.door_address());
  insert into base.session (person_id, backend_pid, host, address, client_version, token_digest, last_seen_at)
  values (me.person_id, pg_catalog.pg_backend_pid(), left(host, 100), pg_catalog.inet_client_addr(), left(client_version, 20),
    sec.token_digest(secret), now())
  returning session_id into opened;
  return jsonb_build_object(
    'session_id', opened,
    'token', secret,
    'rules', to_jsonb(rule) - '{only_row,changed_at,changed_by,row_version}'::text[],
    'password_expires_at', case when rule.password_days > 0
      then coalesce(me.password_changed_at, me.created_at) + make_interval(days => rule.password_days) end,
    'person', jsonb_build_object('person_id', me.person_id, 'login', me.login, 'display_name', me.display_name,
      'job_title', me.job_title, 'email', me.email, 'rank', me.rank, 'must_change_password', me.must_change_password),
    'companies', coalesce((
      select jsonb_agg(jsonb_build_object('company_id', c.company_id, 'name', c.name, 'vat_number', c.vat_number, 'town', c.town,
               'functions', held.functions) order by c.name)
      from base.company as c
      join (select company_id, jsonb_agg(function order by function) as functions
            from base.permission where person_id = me.person_id group by company_id) as held using (company_id)
      where c.is_active), '[]'),
    'last_session', (select jsonb_build_object('opened_at', s.opened_at, 'host', s.host) from base.session as s
                     where s.person_id = me.person_id and s.session_id < opened order by s.session_id desc limit 1),
    'schema_version', (select max(name) from sec.applied_change),
    'minimum_client_version', minimum,
    'server_time', now(),
    'server_version', current_setting('server_version'));
end $$;
grant execute on function sec.open_session(text, text) to cms_people;
