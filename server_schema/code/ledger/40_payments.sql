-- role: cms_bookkeeper
-- Payments of customers. Every verb is one transaction: payment, allocations, journal, balances, or nothing.

create or replace function ledger.collect(
  wanted_company int, customer bigint, paid_on date, method text, amount numeric, bank bigint, reference text, description text,
  items bigint[], amounts numeric[], line_key text default null) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Money came in. What is not allocated stays with the payment as an advance of the customer.
declare
  me      int := sec.person_id();
  which bigint;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.check_day(wanted_company, paid_on);
  perform ledger.check_cash(wanted_company, paid_on, method, amount);
  perform ledger.lock_items(wanted_company, items);
  insert into ledger.payment (company_id, customer_id, on_date, method, amount, bank_account_id, reference, description, unallocated_amount,
    bank_line_key, created_by)
  values (wanted_company, customer, paid_on, method, amount, bank, reference, description,
    amount - coalesce((select sum(a) from unnest(amounts) as a), 0), line_key, me)
  returning payment_id into which;
  perform ledger.write_allocations(wanted_company, which, paid_on, items, amounts);
  perform ledger.post_payment(wanted_company, which, 'payment', paid_on,
    'Incasso ' || coalesce(nullif(description, ''), nullif(reference, ''), method), case when method = 'MP01' then 'cash' else 'bank' end,
    amount, true);
  return which;
end $$;

create or replace function ledger.allocate(wanted_company int, which bigint, items bigint[], amounts numeric[]) returns void
language plpgsql security definer set search_path = '' as $$
-- What is left of a payment settles these items, from the day of the payment or of the document, whichever is later.
declare
  paid ledger.payment;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  paid := ledger.lock_payment(wanted_company, which);
  perform ledger.lock_items(wanted_company, items);
  perform ledger.write_allocations(wanted_company, which, paid.on_date, items, amounts);
  update ledger.payment set unallocated_amount = unallocated_amount - (select sum(a) from unnest(amounts) as a)
  where company_id = wanted_company and payment_id = which;
end $$;

create or replace function ledger.release(wanted_company int, which bigint, items bigint[]) returns numeric
language plpgsql security definer set search_path = '' as $$
-- It was allocated to the wrong items: they are open again as if it never had been, what it was worth is free to be allocated anew.
declare
  freed numeric;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.lock_payment(wanted_company, which, 'receipt');
  perform ledger.lock_items(wanted_company, items, false);
  with back as (
    insert into ledger.allocation (company_id, payment_id, open_item_id, amount, on_date, created_by)
    select company_id, payment_id, open_item_id, -sum(amount), on_date, sec.person_id()
    from ledger.allocation where company_id = wanted_company and payment_id = which and open_item_id = any (items)
    group by company_id, payment_id, open_item_id, on_date having sum(amount) <> 0
    returning amount)
  select -coalesce(sum(amount), 0) into freed from back;
  update ledger.payment set unallocated_amount = unallocated_amount + freed where company_id = wanted_company and payment_id = which;
  return freed;
end $$;

create or replace function ledger.bounce(wanted_company int, which bigint, bounced date, reason text) returns void
language plpgsql security definer set search_path = '' as $$
-- The money went back (a cheque without cover, a transfer recalled): from that day its items are open again, the entry is reversed.
declare
  paid ledger.payment;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.check_day(wanted_company, bounced);
  paid := ledger.lock_payment(wanted_company, which, 'receipt');
  if bounced < paid.on_date or exists (select from ledger.payment where company_id = wanted_company and refunds_id = which) then
    perform sec.refuse('CM033', 'payment_cannot_bounce');
  end if;
  perform ledger.lock_items(wanted_company, (select array_agg(distinct open_item_id) from ledger.allocation
                                             where company_id = wanted_company and payment_id = which), false);
  insert into ledger.allocation (company_id, payment_id, open_item_id, amount, on_date, created_by)
  select company_id, payment_id, open_item_id, -sum(amount), bounced, sec.person_id()
  from ledger.allocation where company_id = wanted_company and payment_id = which
  group by company_id, payment_id, open_item_id having sum(amount) <> 0;
  update ledger.payment set bounced_on = bounced, bounce_reason = reason, unallocated_amount = 0
  where company_id = wanted_company and payment_id = which;
  perform ledger.post_payment(wanted_company, which, 'payment_bounced', bounced, 'Storno incasso: ' || reason,
    case when paid.method = 'MP01' then 'cash' else 'bank' end, paid.amount, false);
end $$;

create or replace function ledger.write_off(wanted_company int, items bigint[], on_day date, reason text) returns int
language plpgsql security definer set search_path = '' as $$
-- Small remainders nobody will pay are closed against the rounding account, one payment a customer. The limit is a parameter.
declare
  most  numeric := coalesce((select (value #>> '{}')::numeric from base.parameter where company_id = wanted_company and key = 'write_off_limit'
                             and valid_from <= on_day order by valid_from desc limit 1), 5);
  one   record;
  many  int := 0;
  which bigint;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.check_day(wanted_company, on_day);
  perform ledger.lock_items(wanted_company, items);
  if exists (select from ledger.open_item where company_id = wanted_company and open_item_id = any (items) and abs(open_amount) > most) then
    perform sec.refuse('CM034', 'write_off_limit', jsonb_build_object('limit', most));
  end if;
  for one in
    select customer_id, array_agg(open_item_id order by open_item_id) as ids, array_agg(open_amount order by open_item_id) as parts,
           sum(open_amount) as total
    from ledger.open_item where company_id = wanted_company and open_item_id = any (items) and open_amount > 0 group by customer_id
  loop
    insert into ledger.payment (company_id, customer_id, on_date, method, amount, kind, description, created_by)
    values (wanted_company, one.customer_id, on_day, 'MP22', one.total, 'write_off', reason, sec.person_id())
    returning payment_id into which;
    perform ledger.write_allocations(wanted_company, which, on_day, one.ids, one.parts);
    perform ledger.post_payment(wanted_company, which, 'payment', on_day, 'Abbuono: ' || reason, 'rounding', one.total, true);
    many := many + cardinality(one.ids);
  end loop;
  return many;
end $$;

create or replace function ledger.compensate(wanted_company int, items bigint[], amounts numeric[], on_day date) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Credits of a customer (credit notes: negative items) set off against debts: the parts sum to nothing and no money moves.
declare
  customer bigint;
  which    bigint;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.check_day(wanted_company, on_day);
  perform ledger.lock_items(wanted_company, items);
  select min(customer_id) into customer from ledger.open_item where company_id = wanted_company and open_item_id = any (items)
  having min(customer_id) = max(customer_id);
  if customer is null or cardinality(items) < 2 or (select sum(a) from unnest(amounts) as a) <> 0 then
    perform sec.refuse('CM035', 'compensation_is_uneven');
  end if;
  insert into ledger.payment (company_id, customer_id, on_date, method, amount, kind, description, created_by)
  values (wanted_company, customer, on_day, 'MP22', 0, 'compensation', 'Compensazione', sec.person_id())
  returning payment_id into which;
  perform ledger.write_allocations(wanted_company, which, on_day, items, amounts);
  return which;
end $$;

create or replace function ledger.pay_back(wanted_company int, which bigint, paid_on date, method text, bank bigint) returns bigint
language plpgsql security definer set search_path = '' as $$
-- What a customer paid too much goes back to them.
declare
  paid ledger.payment;
  back bigint;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  perform ledger.check_day(wanted_company, paid_on);
  paid := ledger.lock_payment(wanted_company, which, 'receipt');
  if paid.unallocated_amount = 0 or paid_on < paid.on_date then
    perform sec.refuse('CM036', 'nothing_to_pay_back');
  end if;
  insert into ledger.payment (company_id, customer_id, on_date, method, amount, kind, refunds_id, bank_account_id, description, created_by)
  values (wanted_company, paid.customer_id, paid_on, method, paid.unallocated_amount, 'refund', which, bank, 'Rimborso', sec.person_id())
  returning payment_id into back;
  update ledger.payment set unallocated_amount = 0 where company_id = wanted_company and payment_id = which;
  perform ledger.post_payment(wanted_company, back, 'payment', paid_on, 'Rimborso al cliente',
    case when method = 'MP01' then 'cash' else 'bank' end, paid.unallocated_amount, false);
  return back;
end $$;

-- pieces ----------------------------------------------------------------------------------------------------------------
create or replace function ledger.check_day(wanted_company int, day date) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if day is null or day > current_date then
    perform sec.refuse('CM037', 'day_in_the_future', jsonb_build_object('day', day));
  end if;
end $$;

create or replace function ledger.check_cash(wanted_company int, day date, method text, amount numeric) returns void
language plpgsql stable security definer set search_path = '' as $$
-- Cash from 5,000 euro may not change hands since 1 January 2023 (art. 49 D.Lgs. 231/2007, L. 197/2022); the limit is a parameter.
declare
  most numeric := coalesce((select (value #>> '{}')::numeric from base.parameter where company_id = wanted_company and key = 'cash_limit'
                            and valid_from <= day order by valid_from desc limit 1), 5000);
begin
  if amount is null or amount <= 0 then
    perform sec.refuse('CM038', 'amount_not_positive');
  end if;
  if method = 'MP01' and amount >= most then
    perform sec.refuse('CM039', 'cash_limit', jsonb_build_object('limit', most));
  end if;
end $$;

create or replace function ledger.lock_items(wanted_company int, items bigint[], must_be_open boolean default true) returns void
language plpgsql security definer set search_path = '' as $$
-- In order, so that two clerks wait for each other and never meet head-on.
declare
  found int;
begin
  perform from ledger.open_item where company_id = wanted_company and open_item_id = any (items) order by open_item_id for update;
  select count(*) into found from ledger.open_item
  where company_id = wanted_company and open_item_id = any (items) and (not must_be_open or settled_amount <> amount);
  if found <> coalesce(cardinality(items), 0) then
    perform sec.refuse('CM040', 'item_not_open');
  end if;
end $$;

create or replace function ledger.lock_payment(wanted_company int, which bigint, wanted_kind text default null) returns ledger.payment
language plpgsql security definer set search_path = '' as $$
declare
  found ledger.payment;
begin
  select * into found from ledger.payment where company_id = wanted_company and payment_id = which for update;
  if found.payment_id is null or found.bounced_on is not null or (wanted_kind is not null and found.kind <> wanted_kind) then
    perform sec.refuse('CM041', 'payment_state');
  end if;
  return found;
end $$;

create or replace function ledger.write_allocations(wanted_company int, which bigint, from_day date, items bigint[], amounts numeric[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if coalesce(cardinality(items), 0) <> coalesce(cardinality(amounts), 0) or exists (select from unnest(amounts) as a where a is null or a = 0 or a <> round(a, 2)) then
    perform sec.refuse('CM042', 'allocation_amounts');
  end if;
  insert into ledger.allocation (company_id, payment_id, open_item_id, amount, on_date, created_by)
  select wanted_company, which, t.item, t.amount, greatest(from_day, i.document_on), sec.person_id()
  from unnest(items, amounts) as t(item, amount)
  join ledger.open_item as i on i.company_id = wanted_company and i.open_item_id = t.item;
end $$;

create or replace function ledger.post_payment(
  wanted_company int, which bigint, source text, day date, words text, money_role text, amount numeric, comes_in boolean) returns void
language plpgsql security definer set search_path = '' as $$
-- Money (or the rounding account) against the receivable of the customer.
declare
  r     jsonb := ledger.accounts_by_role(wanted_company, array['receivable', money_role]);
  entry bigint;
  whose bigint;
  title text;
begin
  select p.customer_id, c.name into whose, title from ledger.payment as p
  join registry.party as c on c.company_id = p.company_id and c.party_id = p.customer_id
  where p.company_id = wanted_company and p.payment_id = which;
  insert into ledger.journal_entry (company_id, on_date, description, source, source_id, created_by)
  values (wanted_company, day, words || ' ' || title, source, which, sec.person_id()) returning journal_entry_id into entry;
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, created_by)
  select wanted_company, entry, l.line_no, l.account_id, l.customer_id, case when l.is_debit then amount else 0 end,
         case when l.is_debit then 0 else amount end, sec.person_id()
  from (values (1, (r ->> money_role)::bigint, null::bigint, comes_in), (2, (r ->> 'receivable')::bigint, whose, not comes_in))
       as l(line_no, account_id, customer_id, is_debit);
end $$;

create or replace function ledger.items_on(wanted_company int, day date) returns table (
  open_item_id bigint, customer_id bigint, document_number text, document_on date, due_on date, method text, amount numeric, open_amount numeric)
language sql stable set search_path = '' rows 10000 as $$
-- What was open at the end of a day, from that day's point of view. Runs as the caller: policies hold.
  select i.open_item_id, i.customer_id, i.document_number, i.document_on, i.due_on, i.method, i.amount,
         i.open_amount + coalesce(later.amount, 0)
  from ledger.open_item as i
  left join (select a.open_item_id, sum(a.amount) as amount from ledger.allocation as a
             where a.company_id = wanted_company and a.on_date > day group by a.open_item_id) as later on later.open_item_id = i.open_item_id
  where i.company_id = wanted_company and i.document_on <= day
    and (i.settled_amount <> i.amount or later.amount is not null)
    and i.open_amount + coalesce(later.amount, 0) <> 0
$$;

grant execute on function ledger.collect(int, bigint, date, text, numeric, bigint, text, text, bigint[], numeric[], text),
  ledger.allocate(int, bigint, bigint[], numeric[]), ledger.release(int, bigint, bigint[]), ledger.bounce(int, bigint, date, text),
  ledger.write_off(int, bigint[], date, text), ledger.compensate(int, bigint[], numeric[], date),
  ledger.pay_back(int, bigint, date, text, bigint), ledger.items_on(int, date) to cms_people;
