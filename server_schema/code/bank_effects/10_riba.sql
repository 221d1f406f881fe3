-- role: cms_bookkeeper

create or replace function bank_effects.due_effects(
  wanted_company int, due_from date, due_to date, minimum_amount numeric default 0)
returns table (customer_id bigint, due_on date, amount numeric, open_item_ids bigint[], reference text, iban text, obstacle text)
language sql stable set search_path = '' as $$
-- The RiBa effects (MP12) a batch of the range would hold: one per customer and due date, with the reason when it must stay out.
-- The preview and bank_effects.create_batch both ask here, so they cannot differ. Reads with the rights of who asks.
  select i.customer_id, i.due_on, sum(i.open_amount), array_agg(i.open_item_id order by i.document_on, i.open_item_id),
         string_agg('FATT. ' || i.document_number || ' DEL ' || to_char(i.document_on, 'DD/MM/YYYY'), ' ' order by i.document_on, i.open_item_id),
         min(k.iban),
         case
           when min(k.iban) = '' then 'iban_missing'
           when min(k.iban) !~ '^(IT|SM)[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}$' then 'iban_foreign'
           when min(coalesce(p.tax_code, p.vat_number, '')) = '' then 'tax_code_missing'
           when min(p.street) = '' or min(p.town) = '' or min(p.postal_code) !~ '^[0-9]{5}$' then 'address_incomplete'
           when sum(i.open_amount) < minimum_amount then 'below_minimum'
           else '' end
  from ledger.open_item as i
  join customers.customer as k on k.company_id = i.company_id and k.customer_id = i.customer_id
  join registry.party as p on p.company_id = i.company_id and p.party_id = i.customer_id
  where i.company_id = wanted_company and i.settled_amount <> i.amount and i.open_amount > 0 and i.method = 'MP12'
    and i.due_on between due_effects.due_from and due_effects.due_to
    and not exists (select from bank_effects.effect_item as e
                    where e.company_id = wanted_company and e.open_item_id = i.open_item_id and e.is_living)
  group by i.customer_id, i.due_on
$$;
grant execute on function bank_effects.due_effects(int, date, date, numeric) to cms_people;

create or replace function bank_effects.create_batch(
  wanted_company int, account bigint, due_from date, due_to date, minimum_amount numeric default 0, left_out bigint[] default '{}') returns jsonb
language plpgsql security definer set search_path = '' as $$
-- RiBa of the open items due in the range. Customers who cannot be presented (see due_effects) or are in `left_out` stay out; those
-- kept out by their own data are counted. An item already in a living presentation is never taken again: whoever comes second waits at
-- the batch counter and then sees what the first one took.
declare
  me       int := sec.person_id();
  batch    bigint;
  batch_no text;
  many     int;
  skipped  int;
  first    bigint;
begin
  perform sec.require(wanted_company, 'bank_effects.generate');
  if due_to < due_from then
    perform sec.refuse('CM024', 'run_period');
  end if;
  batch_no := 'E-' || extract(year from current_date) || '/'
    || lpad(base.next_internal_number(wanted_company, 'bank_effects.batch', extract(year from current_date)::int)::text, 4, '0');
  insert into bank_effects.effect_batch (company_id, number, state, bank_account_id, due_from, due_to, created_by)
  values (wanted_company, batch_no, 'open', account, due_from, due_to, me) returning effect_batch_id into batch;
  -- payments of these items wait until the batch is there
  perform from ledger.open_item as i
  where i.company_id = wanted_company and i.settled_amount <> i.amount and i.method = 'MP12'
    and i.due_on between create_batch.due_from and create_batch.due_to
  order by i.open_item_id for update;
  create temp table due on commit drop as
    select row_number() over (order by d.due_on, d.customer_id) as place, d.*
    from bank_effects.due_effects(wanted_company, create_batch.due_from, create_batch.due_to, minimum_amount) as d
    where d.obstacle = '' and not d.customer_id = any (left_out);
  get diagnostics many = row_count;
  select count(distinct d.customer_id) into skipped
  from bank_effects.due_effects(wanted_company, create_batch.due_from, create_batch.due_to, minimum_amount) as d
  where d.obstacle not in ('', 'below_minimum');
  if many = 0 then
    perform sec.refuse('CM040', 'nothing_to_present', jsonb_build_object('without_bank', skipped));
  end if;
  insert into base.counter as c (company_id, name, year, last_number) values (wanted_company, 'bank_effects.receipt', 0, many)
  on conflict (company_id, name, year) do update set last_number = c.last_number + many returning last_number - many + 1 into first;
  insert into bank_effects.effect (company_id, effect_batch_id, customer_id, receipt_number, due_on, amount, debtor, debtor_abi, debtor_cab, reference, created_by)
  select wanted_company, batch, g.customer_id, first - 1 + g.place, g.due_on, g.amount,
         jsonb_build_object('name', p.name, 'tax_code', coalesce(p.tax_code, p.vat_number), 'street', btrim(p.street || ' ' || p.street_number),
           'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code, 'bank_name', k.bank_name, 'code', k.code),
         substr(g.iban, 6, 5), substr(g.iban, 11, 5), g.reference, me
  from due as g
  join registry.party as p on p.company_id = wanted_company and p.party_id = g.customer_id
  join customers.customer as k on k.company_id = wanted_company and k.customer_id = g.customer_id
  order by g.place;
  insert into bank_effects.effect_item (company_id, effect_id, open_item_id, amount, created_by)
  select wanted_company, e.effect_id, i.open_item_id, i.open_amount, me
  from bank_effects.effect as e
  join due as d on d.customer_id = e.customer_id and d.due_on = e.due_on
  join ledger.open_item as i on i.company_id = wanted_company and i.open_item_id = any (d.open_item_ids)
  where e.company_id = wanted_company and e.effect_batch_id = batch;
  update bank_effects.effect_batch as b set effect_count = many, total_amount = (select sum(d.amount) from due as d)
  where b.company_id = wanted_company and b.effect_batch_id = batch;
  drop table due;
  return jsonb_build_object('batch', batch, 'number', batch_no, 'count', many, 'without_bank', skipped);
end $$;

create or replace function bank_effects.present_batch(wanted_company int, batch bigint, name text, content bytea) returns void
language plpgsql security definer set search_path = '' as $$
-- Keeps the file that goes to the bank, byte for byte, and closes the batch.
begin
  perform sec.require(wanted_company, 'bank_effects.generate');
  update bank_effects.effect_batch
  set state = 'presented', file_name = name, file_content = content, presented_at = now(), presented_by = sec.person_id()
  where company_id = wanted_company and effect_batch_id = batch and state = 'open';
  if not found then
    perform sec.refuse('CM041', 'batch_state');
  end if;
end $$;

create or replace function bank_effects.cancel_batch(wanted_company int, batch bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- A batch whose file was not yet made: its items are free again.
begin
  perform sec.require(wanted_company, 'bank_effects.generate');
  update bank_effects.effect_batch set state = 'cancelled' where company_id = wanted_company and effect_batch_id = batch and state = 'open';
  if not found then
    perform sec.refuse('CM041', 'batch_state');
  end if;
  update bank_effects.effect set state = 'cancelled' where company_id = wanted_company and effect_batch_id = batch;
  update bank_effects.effect_item as i set is_living = false
  from bank_effects.effect as e
  where i.company_id = wanted_company and e.company_id = wanted_company and e.effect_id = i.effect_id and e.effect_batch_id = batch;
end $$;
grant execute on function bank_effects.create_batch(int, bigint, date, date, numeric, bigint[]),
  bank_effects.present_batch(int, bigint, text, bytea), bank_effects.cancel_batch(int, bigint) to cms_people;
