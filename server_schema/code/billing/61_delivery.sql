-- role: cms_bookkeeper
-- How invoices leave: files by certified mail through the outbox, courtesy copies to customers.

create or replace function billing.follow_outbox() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A file goes where its message goes: sent with it, ready again when the message is given up before anything was sent.
begin
  if not exists (select from rows_now where kind = 'billing.pec') then
    return null;
  end if;
  update billing.transmission as t
  set state = 'sent', sent_at = n.sent_at
  from rows_now as n
  where n.kind = 'billing.pec' and n.state = 'sent' and t.company_id = n.company_id and t.outbox_message_id = n.outbox_message_id
    and t.state = 'queued';
  update billing.transmission as t
  set state = 'ready', outbox_message_id = null
  from rows_now as n
  where n.kind = 'billing.pec' and n.state = 'cancelled' and t.company_id = n.company_id and t.outbox_message_id = n.outbox_message_id
    and t.state = 'queued';
  update billing.transmission as t
  set state = 'queued'
  from rows_now as n join rows_before as o using (company_id, outbox_message_id)
  where n.kind = 'billing.pec' and o.state = 'sent' and n.state = 'failed' and t.company_id = n.company_id
    and t.outbox_message_id = n.outbox_message_id and t.state = 'sent';
  return null;
end $$;
grant execute on function billing.follow_outbox() to cms_owner;

create or replace function billing.parameter_text(wanted_company int, wanted_key text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (select value #>> '{}' from base.parameter where company_id = wanted_company and key = wanted_key and valid_from <= current_date
          order by valid_from desc limit 1);
end $$;

create or replace function billing.queue_by_pec(wanted_company int, transmissions bigint[], lot text, lot_content bytea) returns int
language plpgsql security definer set search_path = '' as $$
-- Ready files go into the outbox for the exchange system: a message each, or all in the zip `lot`. The address is the company's setting, never
-- the caller's. All or none: returns how many files were taken, and takes nothing when one of them is no longer ready.
declare
  address text := coalesce(nullif(billing.parameter_text(wanted_company, 'sdi_pec_address'), ''),
                           nullif(billing.parameter_text(wanted_company, 'sdi_pec_first'), ''), 'sdi01@pec.fatturapa.it');
  made    bigint[];
  taken   int;
begin
  perform sec.require(wanted_company, 'billing.send');
  if billing.parameter_text(wanted_company, 'sdi_channel') is distinct from 'pec' then
    perform sec.refuse('CM134', 'channel_is_not_pec');
  end if;
  if lot <> '' and (lot !~ '^[A-Z]{2}[A-Za-z0-9]{2,28}_[A-Za-z0-9]{1,5}\.zip$' or octet_length(lot_content) > 25 * 1024 * 1024 or lot_content is null
     or exists (select from billing.transmission where company_id = wanted_company and lot_name = lot)) then
    perform sec.refuse('CM028', 'lot_name', jsonb_build_object('name', lot));
  end if;
  create temp table leaving on commit drop as
    select transmission_id, file_name, content, row_number() over (order by file_name)::int as place from (
      select transmission_id, file_name, content from billing.transmission
      where company_id = wanted_company and transmission_id = any (transmissions) and state = 'ready' for update) as ready;
  select count(*) into taken from leaving;
  if taken = 0 or taken <> cardinality(transmissions) then
    drop table leaving;
    return 0;
  end if;
  if lot <> '' then
    made := base.put_messages(wanted_company, jsonb_build_array(jsonb_build_object('kind', 'billing.pec', 'recipient', address,
      'subject', 'Invio ' || lot, 'body', 'Lotto ' || lot || ': ' || taken || ' file.', 'source_table', 'billing.transmission',
      'source_id', (select min(transmission_id) from leaving))), array[lot], array['application/zip'], array[lot_content], array[1]);
    update billing.transmission as t set state = 'queued', lot_name = lot, outbox_message_id = made[1]
    from leaving as l where t.company_id = wanted_company and t.transmission_id = l.transmission_id;
  else
    made := base.put_messages(wanted_company,
      (select jsonb_agg(jsonb_build_object('kind', 'billing.pec', 'recipient', address, 'subject', 'Invio ' || file_name, 'body', 'File ' || file_name || '.',
         'source_table', 'billing.transmission', 'source_id', transmission_id) order by place) from leaving),
      (select array_agg(file_name order by place) from leaving), (select array_agg('application/xml'::text) from leaving),
      (select array_agg(content order by place) from leaving), (select array_agg(place order by place) from leaving));
    update billing.transmission as t set state = 'queued', outbox_message_id = made[l.place]
    from leaving as l where t.company_id = wanted_company and t.transmission_id = l.transmission_id;
  end if;
  drop table leaving;
  return taken;
end $$;

create or replace function billing.learn_sdi_address(wanted_company int, address text) returns boolean
language plpgsql security definer set search_path = '' as $$
-- The exchange system answers from the address it assigned: from then on files go there. Whether it was news.
begin
  perform sec.require(wanted_company, 'billing.send');
  if address !~ '^sdi[0-9]{2,3}@pec\.fatturapa\.it$' or address is null then
    perform sec.refuse('CM135', 'not_an_sdi_address');
  end if;
  if billing.parameter_text(wanted_company, 'sdi_pec_address') is not distinct from address then
    return false;
  end if;
  insert into base.parameter (company_id, key, value, valid_from, note, created_by)
  values (wanted_company, 'sdi_pec_address', to_jsonb(address), current_date, 'Assegnato dallo SdI', sec.person_id())
  on conflict (company_id, key, valid_from) do update set value = excluded.value, row_version = base.parameter.row_version + 1;
  return true;
end $$;

create or replace function billing.courtesy_recipients(wanted_company int, invoices bigint[])
returns table (invoice_id bigint, customer_id bigint, recipient text, recipient_name text, purpose text, language text, obstacle text)
language plpgsql stable security definer set search_path = '' as $$
-- Where the copy of each issued invoice goes: the address of the customer's record, else of the person who receives invoices, else of the party.
-- obstacle: 'not_wanted' (the customer asked for no copy), 'refused' (no mail, in the register of refusals), 'no_address', 'already', or ''.
begin
  perform sec.require(wanted_company, 'billing.send');
  return query
    select i.invoice_id, i.customer_id, coalesce(a.address, ''), coalesce(i.buyer ->> 'name', p.name),
           case when k.invoice_delivery = 'pec' then 'pec' else 'ordinary' end, p.language,
           case when exists (select from registry.refusal as r where r.company_id = wanted_company and r.party_id = i.customer_id
                             and r.channel = 'email' and r.withdrawn_on is null and (r.contact_person_id is null or r.contact_person_id = a.person)) then 'refused'
                when coalesce(a.address, '') !~ '^[^@[:space:]<>",;]+@[^@[:space:]<>",;]+$' then 'no_address'
                when exists (select from base.outbox_message as o where o.company_id = wanted_company and o.kind = 'billing.courtesy'
                             and o.source_table = 'billing.invoice' and o.source_id = i.invoice_id and o.state <> 'cancelled') then 'already'
                when k.invoice_delivery not in ('mail', 'pec') then 'not_wanted' else '' end
    from billing.invoice as i
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
    join registry.party as p on p.company_id = wanted_company and p.party_id = i.customer_id
    left join lateral (
      select case when k.invoice_delivery = 'pec' then p.pec else coalesce(nullif(k.delivery_email, ''), c.email, p.email) end as address,
             case when k.invoice_delivery <> 'pec' and k.delivery_email = '' then c.contact_person_id end as person
      from (select) as one left join lateral (
        select q.email, q.contact_person_id from registry.contact_person as q
        where q.company_id = wanted_company and q.party_id = i.customer_id and q.email <> '' and 'receive_invoices' = any (q.acts_for)
          and coalesce(q.valid_from, current_date) <= current_date and coalesce(q.valid_to, current_date) >= current_date
        order by q.sort_order, q.contact_person_id limit 1) as c on true) as a on true
    where i.company_id = wanted_company and i.invoice_id = any (invoices) and i.state = 'issued'
    order by i.invoice_id;
end $$;

create or replace function billing.queue_courtesy(
  wanted_company int, invoices bigint[], subjects text[], bodies text[], names text[], contents bytea[], even_unasked boolean) returns int
language plpgsql security definer set search_path = '' as $$
-- Courtesy copies into the outbox. Who gets each is looked up here, not said by the caller; a refusal of mail is kept. Returns how many went in.
declare
  made bigint[];
begin
  perform sec.require(wanted_company, 'billing.send');
  if cardinality(invoices) is distinct from cardinality(subjects) or cardinality(invoices) is distinct from cardinality(bodies)
     or cardinality(invoices) is distinct from cardinality(names) or cardinality(invoices) is distinct from cardinality(contents) then
    perform sec.refuse('CM130', 'outbox_facts');
  end if;
  create temp table copies on commit drop as
    select r.*, f.subject, f.body, f.name, f.content, row_number() over (order by f.place)::int as place
    from unnest(invoices, subjects, bodies, names, contents) with ordinality as f(invoice_id, subject, body, name, content, place)
    join billing.courtesy_recipients(wanted_company, invoices) as r on r.invoice_id = f.invoice_id
    where r.obstacle = '' or (r.obstacle = 'not_wanted' and even_unasked);
  made := base.put_messages(wanted_company,
    coalesce((select jsonb_agg(jsonb_build_object('kind', 'billing.courtesy', 'purpose', purpose, 'recipient', recipient,
      'recipient_name', translate(recipient_name, E'\r\n\t', '   '), 'subject', subject, 'body', body, 'language', language,
      'source_table', 'billing.invoice', 'source_id', invoice_id) order by place) from copies), '[]'),
    (select array_agg(name order by place) from copies), (select array_agg('application/pdf'::text) from copies),
    (select array_agg(content order by place) from copies), (select array_agg(place order by place) from copies));
  drop table copies;
  return (select count(*) from unnest(made) as m where m is not null);
end $$;

grant execute on function billing.queue_by_pec(int, bigint[], text, bytea), billing.learn_sdi_address(int, text),
  billing.courtesy_recipients(int, bigint[]), billing.queue_courtesy(int, bigint[], text[], text[], text[], bytea[], boolean) to cms_people;
