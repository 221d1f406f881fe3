-- role: cms_bookkeeper
-- Items charged by use: entered, corrected, voided. What a run makes of them is in 23_charges.sql.

create or replace function billing.time_item() returns trigger
language plpgsql set search_path = '' as $$
-- Hours with a beginning and an end are what lies between them, on the day they began.
begin
  if new.starts_at is not null and new.ends_at is not null then
    new.on_date := (new.starts_at at time zone 'Europe/Rome')::date;
    if new.kind = 'hourly' and new.ends_at > new.starts_at then
      new.quantity := round(extract(epoch from new.ends_at - new.starts_at)::numeric / 3600, 3);
    end if;
  end if;
  return new;
end $$;

create or replace function billing.guard_item() returns trigger
language plpgsql security definer set search_path = '' as $$
-- People's own writing: what is billed does not change, marks and origin are not theirs, an item fits the line it names. After the row, so
-- that who may not write it at all learns nothing.
begin
  if tg_op <> 'INSERT' and old.invoice_id is not null then
    perform sec.refuse('CM120', 'item_is_billed');
  end if;
  if tg_op = 'DELETE' then
    return null;
  end if;
  if new.invoice_id is not null or new.charged_quantity is not null
     or (tg_op = 'UPDATE' and (new.source, new.source_id) is distinct from (old.source, old.source_id)) then
    perform sec.refuse('CM121', 'item_mark_is_not_yours');
  end if;
  if new.service_id is not null then
    perform billing.check_item(new.company_id, new.kind, new.service_id, new.site_id);
  end if;
  return null;
end $$;
grant execute on function billing.guard_item(), billing.time_item() to cms_owner;

create or replace function billing.check_item(wanted_company int, item_kind text, line bigint, site bigint) returns void
language plpgsql stable security definer set search_path = '' as $$
declare
  found_line customers.service;
begin
  select * into found_line from customers.service where company_id = wanted_company and service_id = line;
  if found_line.service_id is null or found_line.kind <> billing.line_kind(item_kind) then
    perform sec.refuse('CM122', 'item_does_not_fit', jsonb_build_object('description', coalesce(found_line.description, '')));
  end if;
  if site is not null and not exists (
    select from customers.site as s
    join customers.contract as c on c.company_id = s.company_id and c.customer_id = s.customer_id
    where s.company_id = wanted_company and s.site_id = site and c.contract_id = found_line.contract_id)
  then
    perform sec.refuse('CM123', 'item_site_is_anothers');
  end if;
end $$;

create or replace function billing.line_kind(item_kind text) returns text
language sql immutable set search_path = '' as $$
  select case item_kind when 'hourly' then 'hourly' when 'passage' then 'passages' when 'intervention' then 'interventions' end
$$;

create or replace function billing.record_items(wanted_company int, items jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- For modules above billing and for programs beside it: [{source, source_id, kind, service_id?, site_id?, on_date, starts_at?, ends_at?,
-- quantity?, band?, description?}]. The same source and id again is the same item: corrected while open, left alone once billed or voided.
-- Without a line: the one line of that kind at the site on the day, or none, and a person says which.
declare
  me      int := sec.person_id();
  fresh   int;
  changed int;
  many    int;
begin
  perform sec.require(wanted_company, 'billing.charge');
  if jsonb_typeof(items) is distinct from 'array' or jsonb_array_length(items) > 100000 then
    perform sec.refuse('CM124', 'items_are_malformed');
  end if;
  create temp table given on commit drop as
    select r.*, (row_number() over ())::int as place
    from jsonb_to_recordset(items) as r(source text, source_id text, kind text, service_id bigint, site_id bigint, on_date date,
      starts_at timestamptz, ends_at timestamptz, quantity numeric, band text, description text);
  select count(*) into many from given;
  if exists (select from given where source is null or source_id is null or kind is null or (on_date is null and starts_at is null)
             or (service_id is null and site_id is null) or (kind = 'hourly' and quantity is null and (starts_at is null or ends_at is null)))
     or (select count(distinct (source, source_id)) from given) <> many
  then
    drop table given;
    perform sec.refuse('CM124', 'items_are_malformed');
  end if;
  perform billing.complete_items(wanted_company);
  update billing.chargeable_item as i
  set kind = g.kind, service_id = g.service_id, site_id = g.site_id, on_date = g.on_date, starts_at = g.starts_at, ends_at = g.ends_at,
      quantity = g.quantity, band = g.band, description = g.description, row_version = i.row_version + 1
  from given as g
  where i.company_id = wanted_company and i.source = g.source and i.source_id = g.source_id and i.invoice_id is null and i.voided_at is null
    and (i.kind, i.service_id, i.site_id, i.on_date, i.starts_at, i.ends_at, i.quantity, i.band, i.description)
        is distinct from (g.kind, g.service_id, g.site_id, g.on_date, g.starts_at, g.ends_at, g.quantity, g.band, g.description);
  get diagnostics changed = row_count;
  insert into billing.chargeable_item (company_id, kind, service_id, site_id, on_date, starts_at, ends_at, quantity, band, description, source,
    source_id, created_by)
  select wanted_company, g.kind, g.service_id, g.site_id, g.on_date, g.starts_at, g.ends_at, g.quantity, g.band, g.description, g.source,
         g.source_id, me
  from given as g order by g.place
  on conflict on constraint item_is_entered_once do nothing;
  get diagnostics fresh = row_count;
  drop table given;
  return jsonb_build_object('added', fresh, 'changed', changed, 'kept', many - fresh - changed);
end $$;

create or replace function billing.complete_items(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.record_items, whose table `given` it completes: line, day, quantity; and checks that all fits.
declare
  wrong record;
begin
  update given as g
  set on_date = coalesce((g.starts_at at time zone 'Europe/Rome')::date, g.on_date), band = coalesce(g.band, ''),
      description = coalesce(g.description, ''),
      quantity = case when g.kind = 'hourly' and g.starts_at is not null and g.ends_at is not null
                      then round(extract(epoch from g.ends_at - g.starts_at)::numeric / 3600, 3) else coalesce(g.quantity, 1) end;
  update given as g
  set service_id = l.service_id
  from (select f.place, min(s.service_id) as service_id
        from given as f
        join customers.service as s on s.company_id = wanted_company and s.site_id = f.site_id and s.kind = billing.line_kind(f.kind)
          and f.on_date >= s.starts_on and f.on_date <= coalesce(s.ends_on, 'infinity')
        where f.service_id is null group by f.place having count(*) = 1) as l
  where l.place = g.place;
  select g.place, s.description as line,
         case when s.service_id is null or s.kind is distinct from billing.line_kind(g.kind) then 'CM122' else 'CM123' end as code
  into wrong
  from given as g
  left join customers.service as s on s.company_id = wanted_company and s.service_id = g.service_id
  left join customers.contract as c on c.company_id = wanted_company and c.contract_id = s.contract_id
  left join customers.site as t on t.company_id = wanted_company and t.site_id = g.site_id
  where (g.service_id is not null and (s.service_id is null or s.kind is distinct from billing.line_kind(g.kind)))
     or (g.site_id is not null and (t.site_id is null or t.customer_id <> c.customer_id))
  order by g.place limit 1;
  if wrong.code = 'CM122' then
    perform sec.refuse('CM122', 'item_does_not_fit', jsonb_build_object('description', coalesce(wrong.line, '')));
  elsif wrong.code = 'CM123' then
    perform sec.refuse('CM123', 'item_site_is_anothers');
  end if;
end $$;

create or replace function billing.void_items(wanted_company int, items bigint[], reason text) returns int
language plpgsql security definer set search_path = '' as $$
-- Items that will not be billed, saying why (reason empty: back in). Those in an invoice or a preview stay as they are; how many changed.
declare
  me      int := sec.person_id();
  changed int;
begin
  perform sec.require(wanted_company, 'billing.charge');
  update billing.chargeable_item
  set voided_at = case when btrim(reason) <> '' then now() end, voided_by = case when btrim(reason) <> '' then me end,
      void_reason = left(btrim(reason), 500), row_version = row_version + 1
  where company_id = wanted_company and chargeable_item_id = any (items) and invoice_id is null and (voided_at is null) = (btrim(reason) <> '');
  get diagnostics changed = row_count;
  return changed;
end $$;
grant execute on function billing.record_items(int, jsonb), billing.void_items(int, bigint[], text) to cms_people;
