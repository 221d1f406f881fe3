-- role: cms_bookkeeper
-- The traffic with the exchange system (SdI).

create or replace function billing.state_rank(state text) returns int
language sql immutable parallel safe set search_path = '' as $$
-- Receipts arrive in any order: a transmission only moves up. A delivery after a failed one counts; a refusal (NS) is the end.
  select array_position(array['ready', 'queued', 'sent', 'undeliverable', 'attested', 'delivered', 'lapsed', 'accepted', 'refused', 'rejected'], state)
$$;

create or replace function billing.receive_messages(wanted_company int, names text[], contents bytea[], facts jsonb[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Keeps receipts read from a folder or mailbox and moves their transmissions. `facts` is what each says (see the reader). A receipt about
-- a zip lot speaks of each file of the lot. Read twice, it counts once. Returns how many were new, known, about no file of ours.
declare
  told record;
begin
  perform sec.require(wanted_company, 'billing.send');
  if cardinality(names) is distinct from cardinality(contents) or cardinality(names) is distinct from cardinality(facts) then
    perform sec.refuse('CM030', 'sdi_facts');
  end if;
  create temp table arrived on commit drop as
    select m.place, m.name, m.content, sha256(m.content) as digest, m.fact, t.transmission_id
    from unnest(names, contents, facts) with ordinality as m(name, content, fact, place)
    left join billing.transmission as t on t.company_id = wanted_company and t.state <> 'ready'
      and (t.file_name = regexp_replace(m.fact ->> 'file_name', '\.p7m$', '', 'i') or (t.lot_name <> '' and t.lot_name = m.fact ->> 'file_name'));
  create temp table fresh on commit drop as
    select a.* from arrived as a
    where not exists (select from billing.sdi_message as k where k.company_id = wanted_company and k.sha256 = a.digest
                      and (k.transmission_id is not distinct from a.transmission_id or a.transmission_id is null));
  -- read before its file was known here: it finds its place now
  update billing.sdi_message as k set transmission_id = f.transmission_id
  from fresh as f where k.company_id = wanted_company and k.sha256 = f.digest and k.transmission_id is null;
  insert into billing.sdi_message (company_id, transmission_id, kind, channel, state, name, about_file, sdi_identifier, message_number,
    received_at, delivered_at, recipient_code, recipient_name, note, errors, content, sha256, created_by)
  select wanted_company, transmission_id, fact ->> 'kind', fact ->> 'channel', fact ->> 'state', name, fact ->> 'file_name',
         fact ->> 'sdi_identifier', fact ->> 'message_id', (fact ->> 'received_at')::timestamptz, (fact ->> 'delivered_at')::timestamptz,
         fact ->> 'recipient_code', fact ->> 'recipient_name', fact ->> 'note', fact -> 'errors', content, digest, sec.person_id()
  from fresh order by place
  on conflict do nothing;
  update billing.transmission as t
  set state = case when billing.state_rank(n.state) > billing.state_rank(t.state) then n.state else t.state end,
      sdi_identifier = coalesce(nullif(n.sdi_identifier, ''), t.sdi_identifier), answered_at = now()
  from (select distinct on (transmission_id) transmission_id, fact ->> 'state' as state, fact ->> 'sdi_identifier' as sdi_identifier
        from fresh where transmission_id is not null
        order by transmission_id, billing.state_rank(fact ->> 'state') desc) as n
  where t.company_id = wanted_company and t.transmission_id = n.transmission_id;
  select count(distinct place) as everything, count(distinct place) filter (where transmission_id is null) as lost into told from fresh;
  drop table arrived, fresh;
  return jsonb_build_object('new', told.everything, 'known', cardinality(names) - told.everything, 'unmatched', told.lost);
end $$;

create or replace function billing.pack_lot(wanted_company int, lot text, transmissions bigint[]) returns int
language plpgsql security definer set search_path = '' as $$
-- These files leave together in the zip `lot`, whose name is used once for ever (SdI 00002).
declare
  marked int;
begin
  perform sec.require(wanted_company, 'billing.send');
  if lot !~ '^[A-Z]{2}[A-Za-z0-9]{2,28}_[A-Za-z0-9]{1,5}\.zip$'
     or exists (select from billing.transmission where company_id = wanted_company and lot_name = lot) then
    perform sec.refuse('CM028', 'lot_name', jsonb_build_object('name', lot));
  end if;
  update billing.transmission set state = 'sent', sent_at = now(), lot_name = lot
  where company_id = wanted_company and transmission_id = any (transmissions) and state = 'ready';
  get diagnostics marked = row_count;
  return marked;
end $$;

create or replace function billing.mend_buyer(wanted_company int, invoice bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- A refused invoice takes the buyer's data as they stand now in the customer's record; number, date and amounts stay.
begin
  perform sec.require(wanted_company, 'billing.issue');
  if not billing.is_refused(wanted_company, invoice) then
    perform sec.refuse('CM029', 'not_refused');
  end if;
  update billing.invoice as i
  set buyer = i.buyer || jsonb_build_object('name', p.name, 'kind', p.kind, 'first_name', p.first_name, 'last_name', p.last_name,
    'vat_country', p.vat_country, 'vat_number', p.vat_number, 'tax_code', p.tax_code, 'street', p.street, 'street_number', p.street_number,
    'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code, 'country', p.country,
    'recipient_code', k.recipient_code, 'pec', p.pec)
  from customers.customer as k join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
  where i.company_id = wanted_company and i.invoice_id = invoice and k.company_id = wanted_company and k.customer_id = i.customer_id;
end $$;

revoke execute on function billing.is_refused(int, bigint) from public;
grant execute on function billing.receive_messages(int, text[], bytea[], jsonb[]), billing.pack_lot(int, text, bigint[]),
  billing.mend_buyer(int, bigint), billing.state_rank(text) to cms_people;
