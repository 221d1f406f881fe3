-- role: cms_bookkeeper
-- The outbox: messages are put in, taken under a lease, handed over, finished. Every step is committed before the next one begins, so that
-- a sender that dies leaves either a message that was certainly not sent (it goes back into the queue) or one whose fate is unknown.

create or replace function base.put_messages(
  wanted_company int, messages jsonb, names text[], media_types text[], contents bytea[], belongs_to int[]) returns bigint[]
language plpgsql set search_path = '' as $$
-- For functions of modules; persons cannot call it. `messages`: an array of {kind, recipient, recipient_name, subject, body, language,
-- source_table, source_id, again}; `belongs_to`: which message (from 1) an attachment goes with. Returns their ids in the same order, null for
-- one whose document is in the outbox already (unless `again` asks for a further copy).
declare
  host  text := coalesce((select split_part(from_address, '@', 2) from base.mail_account
                          where company_id = wanted_company and is_active order by is_default desc, mail_account_id limit 1), 'cms-desktop.invalid');
  found bigint[];
begin
  create temp table asked on commit drop as
    select m.place, k.kind, k.purpose, m.fact, coalesce(m.fact ->> 'source_table', '') as source_table,
           coalesce((m.fact ->> 'source_id')::bigint, 0) as source_id,
           '<' || gen_random_uuid() || '@' || host || '>' as header_id, null::bigint as made
    from jsonb_array_elements(messages) with ordinality as m(fact, place)
    join base.outbox_kind as k on k.kind = m.fact ->> 'kind';
  with added as (
    insert into base.outbox_message (company_id, kind, purpose, recipient, recipient_name, subject, body, language, source_table, source_id,
      copy_number, header_id, created_by)
    select wanted_company, a.kind, coalesce(a.fact ->> 'purpose', a.purpose), a.fact ->> 'recipient', coalesce(a.fact ->> 'recipient_name', ''),
           a.fact ->> 'subject', a.fact ->> 'body', coalesce(a.fact ->> 'language', 'it'), a.source_table, a.source_id,
           case when coalesce((a.fact ->> 'again')::boolean, false) or not coalesce(e.is_living, false) then coalesce(e.last, 0) + 1 else 1 end,
           a.header_id, sec.person_id()
    from asked as a
    left join lateral (
      select max(o.copy_number) as last, bool_or(o.state <> 'cancelled') as is_living from base.outbox_message as o
      where o.company_id = wanted_company and o.kind = a.kind and o.source_table = a.source_table and o.source_id = a.source_id
        and a.source_table <> '') as e on true
    order by a.place
    on conflict do nothing
    returning outbox_message_id, outbox_message.header_id)
  update asked as a set made = added.outbox_message_id from added where added.header_id = a.header_id;
  insert into base.outbox_attachment (company_id, outbox_message_id, name, media_type, content, created_by)
  select wanted_company, a.made, f.name, f.media_type, f.content, sec.person_id()
  from unnest(names, media_types, contents, belongs_to) with ordinality as f(name, media_type, content, belongs_to, place)
  join asked as a on a.place = f.belongs_to and a.made is not null
  order by f.place;
  select array_agg(a.made order by m.place) into found
  from generate_series(1, jsonb_array_length(messages)) as m(place) left join asked as a on a.place = m.place;
  drop table asked;
  return found;
end $$;

create or replace function base.queue_messages(
  wanted_company int, messages jsonb, names text[], media_types text[], contents bytea[], belongs_to int[]) returns bigint[]
language plpgsql security definer set search_path = '' as $$
-- Messages of kinds that a person may write (see base.put_messages); each needs the right of its kind. Attachments together: 25 MB at most.
declare
  wanted record;
begin
  if jsonb_typeof(messages) is distinct from 'array' or cardinality(names) is distinct from cardinality(contents)
     or cardinality(names) is distinct from cardinality(belongs_to) or cardinality(names) is distinct from cardinality(media_types) then
    perform sec.require(wanted_company, 'base.send');
    perform sec.refuse('CM130', 'outbox_facts');
  end if;
  for wanted in
    select distinct coalesce(k.function, '') as function from jsonb_array_elements(messages) as m left join base.outbox_kind as k on k.kind = m ->> 'kind'
  loop
    if wanted.function = '' then
      perform sec.refuse('CM001', 'not_allowed', jsonb_build_object('function', 'base.send'));
    end if;
    perform sec.require(wanted_company, wanted.function);
  end loop;
  perform sec.require(wanted_company, 'base.send');
  if exists (select from unnest(contents, belongs_to) as f(content, place) group by place having sum(octet_length(content)) > 25 * 1024 * 1024) then
    perform sec.refuse('CM131', 'outbox_too_large');
  end if;
  return base.put_messages(wanted_company, (select jsonb_agg(m - 'purpose') from jsonb_array_elements(messages) as m), names, media_types,
    contents, belongs_to);
end $$;

create or replace function base.settle_leases(wanted_company int) returns int
language plpgsql security definer set search_path = '' as $$
-- Leases that ran out: who held them died or hangs. Before the text was handed over nothing was sent; after it nobody knows.
declare
  settled int;
begin
  perform sec.require(wanted_company, 'base.send');
  update base.outbox_message
  set state = case when handed_over_at is null then 'queued' else 'uncertain' end, lease_until = null,
      next_attempt_at = clock_timestamp(), token_digest = case when handed_over_at is null then null else token_digest end
  where company_id = wanted_company and state = 'sending' and lease_until < clock_timestamp();
  get diagnostics settled = row_count;
  return settled;
end $$;

create or replace function base.claim_messages(wanted_company int, wanted_purpose text, how_many int, lease_seconds int) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- The next messages that are due for one kind of account, for one sender alone: [{id, token}]. The token is told once and kept as a digest.
declare
  taken jsonb;
begin
  perform sec.require(wanted_company, 'base.send');
  if how_many not between 1 and 100 or lease_seconds not between 5 and 3600 or how_many is null or lease_seconds is null then
    perform sec.refuse('CM130', 'outbox_facts');
  end if;
  perform base.settle_leases(wanted_company);
  with due as (
    select outbox_message_id, gen_random_uuid()::text as token from (
      select outbox_message_id from base.outbox_message
      where company_id = wanted_company and purpose = wanted_purpose and state = 'queued' and next_attempt_at <= clock_timestamp()
      order by next_attempt_at, outbox_message_id limit how_many for update skip locked) as next),
  taking as (
    update base.outbox_message as m
    set state = 'sending', attempts = m.attempts + 1, lease_until = clock_timestamp() + make_interval(secs => lease_seconds),
        leased_by = sec.person_id(), token_digest = sha256(due.token::bytea), handed_over_at = null, reply = ''
    from due where m.company_id = wanted_company and m.outbox_message_id = due.outbox_message_id
    returning m.outbox_message_id, due.token)
  select coalesce(jsonb_agg(jsonb_build_object('id', outbox_message_id, 'token', token) order by outbox_message_id), '[]') into taken from taking;
  return taken;
end $$;

create or replace function base.hand_over(wanted_company int, message bigint, token text, account bigint, lease_seconds int) returns void
language plpgsql security definer set search_path = '' as $$
-- Said and committed just before the text goes over: from here on a death leaves the message uncertain. Refused when the lease is no longer ours.
begin
  perform sec.require(wanted_company, 'base.send');
  update base.outbox_message
  set handed_over_at = clock_timestamp(), mail_account_id = account,
      lease_until = clock_timestamp() + make_interval(secs => least(greatest(lease_seconds, 5), 3600))
  where company_id = wanted_company and outbox_message_id = message and state = 'sending' and lease_until > clock_timestamp()
    and handed_over_at is null and token_digest = sha256(token::bytea) and leased_by = sec.person_id()
    and exists (select from base.mail_account as a where a.company_id = wanted_company and a.mail_account_id = account and a.purpose = outbox_message.purpose);
  if not found then
    perform sec.refuse('CM132', 'lease_lost');
  end if;
end $$;

create or replace function base.finish_message(wanted_company int, message bigint, token text, outcome text, answer text) returns text
language plpgsql security definer set search_path = '' as $$
-- What came of it: sent, refused (for good), later (tried again with growing pauses, eight times), uncertain. Only who holds the token says it;
-- 'sent' only after the text was handed over. Returns the state.
declare
  reached text;
begin
  perform sec.require(wanted_company, 'base.send');
  if outcome not in ('sent', 'refused', 'later', 'uncertain') or outcome is null then
    perform sec.refuse('CM130', 'outbox_facts');
  end if;
  update base.outbox_message
  set state = case outcome when 'sent' then 'sent' when 'refused' then 'failed' when 'uncertain' then 'uncertain'
                           else case when attempts >= 8 then 'failed' else 'queued' end end,
      sent_at = case when outcome = 'sent' then coalesce(sent_at, clock_timestamp()) end,
      next_attempt_at = clock_timestamp() + least(interval '6 hours', interval '1 minute' * power(3, least(attempts, 8) - 1)),
      lease_until = null, token_digest = null, reply = left(coalesce(answer, ''), 1000)
  where company_id = wanted_company and outbox_message_id = message
    and (state in ('sending', 'uncertain') or (state = 'sent' and outcome = 'sent'))
    and token_digest = sha256(token::bytea) and leased_by = sec.person_id()
    and (outcome not in ('sent', 'uncertain') or handed_over_at is not null)
  returning state into reached;
  if reached is null then
    perform sec.refuse('CM132', 'lease_lost');
  end if;
  return reached;
end $$;

create or replace function base.decide_messages(wanted_company int, messages bigint[], decision text) returns int
language plpgsql security definer set search_path = '' as $$
-- What a person decides: hold, release, retry (now), cancel, was_sent (of an uncertain one: the sent folder or the recipient says so).
declare
  moved int;
begin
  perform sec.require(wanted_company, 'base.send');
  update base.outbox_message as m
  set state = d.target, next_attempt_at = clock_timestamp(), attempts = case when d.target = 'queued' then 0 else m.attempts end,
      token_digest = null, lease_until = null, decided_by = sec.person_id(), decided_at = clock_timestamp(),
      sent_at = case when decision = 'was_sent' then m.handed_over_at else m.sent_at end,
      reply = case when d.target = 'queued' then '' else m.reply end
  from (values ('hold', 'queued', 'held'), ('hold', 'failed', 'held'), ('release', 'held', 'queued'), ('retry', 'failed', 'queued'),
               ('retry', 'uncertain', 'queued'), ('retry', 'queued', 'queued'), ('cancel', 'queued', 'cancelled'), ('cancel', 'held', 'cancelled'),
               ('cancel', 'failed', 'cancelled'), ('cancel', 'uncertain', 'cancelled'), ('was_sent', 'uncertain', 'sent')) as d(verb, state, target)
  where m.company_id = wanted_company and m.outbox_message_id = any (messages) and d.verb = decision and d.state = m.state;
  get diagnostics moved = row_count;
  return moved;
end $$;

create or replace function base.resend_message(wanted_company int, message bigint) returns bigint
language plpgsql security definer set search_path = '' as $$
-- A further copy of a message that was sent. Not of files for the exchange system, whose names are used once.
declare
  original base.outbox_message;
  made     bigint;
begin
  perform sec.require(wanted_company, 'base.send');
  select * into original from base.outbox_message where company_id = wanted_company and outbox_message_id = message for share;
  if original.outbox_message_id is null or original.state not in ('sent', 'uncertain') or original.kind = 'billing.pec' then
    perform sec.refuse('CM133', 'message_not_resent');
  end if;
  made := (base.put_messages(wanted_company, jsonb_build_array(jsonb_build_object(
    'kind', original.kind, 'purpose', original.purpose, 'recipient', original.recipient, 'recipient_name', original.recipient_name,
    'subject', original.subject, 'body', original.body, 'language', original.language, 'source_table', original.source_table,
    'source_id', original.source_id, 'again', true)), '{}', '{}', '{}', '{}'))[1];
  insert into base.outbox_attachment (company_id, outbox_message_id, name, media_type, content, created_by)
  select wanted_company, made, name, media_type, content, sec.person_id()
  from base.outbox_attachment where company_id = wanted_company and outbox_message_id = message order by outbox_attachment_id;
  return made;
end $$;

create or replace function base.note_notices(wanted_company int, header_ids text[], kinds text[], moments timestamptz[], texts text[]) returns int
language plpgsql security definer set search_path = '' as $$
-- Notices of the certified-mail provider about messages of ours: taken over, delivered, not taken over, not delivered. They settle an uncertain
-- message. Read twice they say the same. A message that never left here is not moved by them. Returns how many were ours.
declare
  ours int;
begin
  perform sec.require(wanted_company, 'base.send');
  update base.outbox_message as m
  set accepted_at = coalesce(m.accepted_at, n.accepted), delivered_at = coalesce(m.delivered_at, n.delivered),
      state = case when n.problem is not null and n.delivered is null then 'failed' else 'sent' end,
      sent_at = coalesce(m.sent_at, n.accepted, n.delivered, m.handed_over_at), lease_until = null,
      reply = case when n.problem is not null and n.delivered is null then left(n.problem, 1000) else m.reply end
  from (select header_id, min(moment) filter (where kind = 'accettazione') as accepted,
               min(moment) filter (where kind = 'avvenuta-consegna') as delivered,
               min(text) filter (where kind in ('non-accettazione', 'errore-consegna')) as problem
        from unnest(header_ids, kinds, moments, texts) as t(header_id, kind, moment, text) group by header_id) as n
  where m.company_id = wanted_company and m.header_id = n.header_id and m.handed_over_at is not null
    and (m.state in ('sending', 'uncertain', 'sent') or (m.state = 'failed' and n.delivered is not null))
    and (n.accepted is not null or n.delivered is not null or n.problem is not null);
  get diagnostics ours = row_count;
  return ours;
end $$;

create or replace function base.keep_mailbox_position(wanted_company int, account bigint, mailbox text, validity bigint, uid bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- How far a mailbox was read; when the server numbers anew (another validity) the reading starts anew.
begin
  perform sec.require(wanted_company, 'base.send');
  insert into base.mailbox_position as p (company_id, mail_account_id, folder, uid_validity, last_uid, created_by)
  values (wanted_company, account, mailbox, validity, uid, sec.person_id())
  on conflict (company_id, mail_account_id, folder) do update
    set uid_validity = validity, read_at = now(),
        last_uid = case when p.uid_validity = validity then greatest(p.last_uid, uid) else uid end;
end $$;

grant execute on function base.queue_messages(int, jsonb, text[], text[], bytea[], int[]), base.settle_leases(int),
  base.claim_messages(int, text, int, int), base.hand_over(int, bigint, text, bigint, int), base.finish_message(int, bigint, text, text, text),
  base.decide_messages(int, bigint[], text), base.resend_message(int, bigint),
  base.note_notices(int, text[], text[], timestamptz[], text[]), base.keep_mailbox_position(int, bigint, text, bigint, bigint) to cms_people;
