-- role: cms_bookkeeper
-- The checks of the books (base.integrity_check, loaded by the deployer from consistency/*.sql), run for one company and kept.

create or replace function base.run_checks(of_company int, run_origin text) returns bigint
language plpgsql security definer set search_path = '' as $$
-- For the nightly job and base.check_books. A check is a query whose rows are what is wrong; its column company_id says where.
declare
  run_id  bigint;
  one     base.integrity_check;
  many    bigint;
  rows    jsonb;
  done    int := 0;
  wrong   int := 0;
  total   int := (select count(*) from base.integrity_check);
begin
  insert into base.integrity_run (company_id, origin, created_by) values (of_company, run_origin, sec.person_id())
  returning integrity_run_id into run_id;
  for one in select * from base.integrity_check order by sort_order, check_key loop
    raise notice 'progress %/% checking', done, total;
    execute format(
      'select count(*), coalesce(jsonb_agg(to_jsonb(q) - ''company_id'' - ''_place'') filter (where q._place <= 50), ''[]'') '
      'from (select q.*, row_number() over () as _place from (%s) as q where q.company_id = $1) as q', one.query)
      into many, rows using of_company;
    if many > 0 then
      insert into base.integrity_finding (company_id, integrity_run_id, check_key, row_count, samples, created_by)
      values (of_company, run_id, one.check_key, many, rows, sec.person_id());
      wrong := wrong + 1;
    end if;
    done := done + 1;
  end loop;
  update base.integrity_run set finished_at = clock_timestamp(), check_count = done, finding_count = wrong
  where company_id = of_company and integrity_run_id = run_id;
  delete from base.integrity_finding as f using base.integrity_run as r
  where f.company_id = of_company and r.company_id = of_company and r.integrity_run_id = f.integrity_run_id
    and r.started_at < now() - interval '400 days';
  delete from base.integrity_run where company_id = of_company and started_at < now() - interval '400 days';
  return run_id;
end $$;

create or replace function base.check_books(wanted_company int) returns bigint
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'base.administer');
  return base.run_checks(wanted_company, 'person');
end $$;

create or replace function base.seal_digest(of_company int, previous bytea, first_id bigint, last_id bigint) returns bytea
language sql stable set search_path = '' as $$
  select sha256(coalesce(previous, '') || coalesce(string_agg(sha256(convert_to(concat_ws('|', a.audit_id,
           extract(epoch from a.at), coalesce(a.person_id::text, '-'), a.login, a.table_name, a.operation, a.row_count,
           coalesce(a.record_id::text, '-'), coalesce(a.row_before::text, '-')), 'UTF8')), '' order by a.audit_id), ''))
  from base.audit_entry as a where a.company_id = of_company and a.audit_id between first_id and last_id
$$;

create or replace function base.seal_audit(of_company int, settled interval default '1 hour') returns bigint
language plpgsql security definer set search_path = '' as $$
-- Seals what was written since the last seal and long enough ago that no running transaction adds to it any more. Null: nothing to seal.
declare
  before   base.audit_seal;
  from_id  bigint;
  to_id    bigint;
  many     bigint;
  new_id   bigint;
begin
  perform pg_advisory_xact_lock(7211947, of_company);
  select * into before from base.audit_seal as s where s.company_id = of_company order by s.last_audit_id desc limit 1;
  select min(a.audit_id), max(a.audit_id), count(*) into from_id, to_id, many from base.audit_entry as a
  where a.company_id = of_company and a.audit_id > coalesce(before.last_audit_id, 0)
    and a.at < clock_timestamp() - settled;
  if many > 0 then
    insert into base.audit_seal (company_id, first_audit_id, last_audit_id, entry_count, digest, created_by)
    values (of_company, from_id, to_id, many, base.seal_digest(of_company, before.digest, from_id, to_id), sec.person_id())
    returning audit_seal_id into new_id;
  end if;
  return new_id;
end $$;

create or replace function base.broken_seals() returns table (company_id int, audit_seal_id bigint, sealed_at timestamptz, entries bigint, found bigint)
language sql stable security definer set search_path = '' as $$
-- Seals that no longer fit what they sealed: those of the last forty days, and of the older ones a thirtieth every day of the month.
  with chain as (
    select s.*, lag(s.digest) over (partition by s.company_id order by s.last_audit_id) as previous from base.audit_seal as s
  )
  select c.company_id, c.audit_seal_id, c.sealed_at, c.entry_count, many.n
  from chain as c
  cross join lateral (select count(*) as n from base.audit_entry as a
    where a.company_id = c.company_id and a.audit_id between c.first_audit_id and c.last_audit_id) as many
  where (c.sealed_at > now() - interval '40 days' or c.audit_seal_id % 30 = extract(day from now())::int % 30)
    and (many.n <> c.entry_count or c.digest <> base.seal_digest(c.company_id, c.previous, c.first_audit_id, c.last_audit_id))
$$;

revoke all on function base.run_checks(int, text), base.seal_audit(int, interval), base.broken_seals(), base.check_books(int) from public;
grant execute on function base.run_checks(int, text), base.seal_audit(int, interval) to cms_deployer;
grant execute on function base.check_books(int) to cms_people;
