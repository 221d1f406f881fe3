-- role: cms_bookkeeper

create or replace function ledger.check_balance() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Every statement that writes journal lines leaves each entry it touches balanced.
declare
  wrong record;
begin
  select company_id, journal_entry_id, sum(debit_amount) - sum(credit_amount) as difference into wrong
  from rows_now group by company_id, journal_entry_id having sum(debit_amount) <> sum(credit_amount) limit 1;
  if found then
    perform sec.refuse('CM030', 'entry_not_balanced',
      jsonb_build_object('entry', wrong.journal_entry_id, 'difference', wrong.difference));
  end if;
  return null;
end $$;

create or replace function ledger.settle_items() returns trigger
language plpgsql security definer set search_path = '' as $$
-- An allocation moves the settled part of its open item; the item's own constraint refuses an over-payment.
begin
  if tg_op = 'INSERT' then
    update ledger.open_item as item set settled_amount = settled_amount + moved.amount
    from (select company_id, open_item_id, sum(amount) as amount from rows_now group by 1, 2) as moved
    where (item.company_id, item.open_item_id) = (moved.company_id, moved.open_item_id);
  else
    update ledger.open_item as item set settled_amount = settled_amount - moved.amount
    from (select company_id, open_item_id, sum(amount) as amount from rows_before group by 1, 2) as moved
    where (item.company_id, item.open_item_id) = (moved.company_id, moved.open_item_id);
  end if;
  return null;
end $$;

create or replace function ledger.check_payment_use() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A payment is never allocated for more than it is, and only to items of its own customer.
declare
  wrong bigint;
begin
  select payment.payment_id into wrong
  from ledger.payment
  join (select distinct company_id, payment_id from rows_now) as touched using (company_id, payment_id)
  where payment.amount < (select sum(a.amount) from ledger.allocation as a
                          where (a.company_id, a.payment_id) = (payment.company_id, payment.payment_id))
     or exists (select from ledger.allocation as a join ledger.open_item as i using (company_id, open_item_id)
                where (a.company_id, a.payment_id) = (payment.company_id, payment.payment_id) and i.customer_id <> payment.customer_id)
  limit 1;
  if wrong is not null then
    perform sec.refuse('CM031', 'payment_over_used', jsonb_build_object('payment', wrong));
  end if;
  return null;
end $$;

create or replace function ledger.keep_balance() returns trigger
language plpgsql security definer set search_path = '' as $$
-- What each customer owes, and since when; kept in customers.balance so that lists need no sum.
declare
  source text := case tg_op when 'INSERT' then 'select company_id, customer_id from rows_now'
                            when 'DELETE' then 'select company_id, customer_id from rows_before'
                            else 'select company_id, customer_id from rows_before union select company_id, customer_id from rows_now' end;
begin
  execute format(
    'with touched as materialized (select distinct company_id, customer_id from (%s) as t),
          owed as (select i.company_id, i.customer_id, sum(i.open_amount) as open_amount, min(i.due_on) as oldest_due_on
                   from ledger.open_item as i join touched using (company_id, customer_id)
                   where i.settled_amount <> i.amount group by 1, 2)
     insert into customers.balance as b (company_id, customer_id, open_amount, oldest_due_on)
     select company_id, customer_id, coalesce(owed.open_amount, 0), owed.oldest_due_on
     from touched left join owed using (company_id, customer_id)
     on conflict (company_id, customer_id) do update set open_amount = excluded.open_amount, oldest_due_on = excluded.oldest_due_on', source);
  return null;
end $$;

grant execute on function ledger.check_balance(), ledger.settle_items(), ledger.check_payment_use(), ledger.keep_balance() to cms_owner;
