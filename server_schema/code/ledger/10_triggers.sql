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
-- What each customer owes, and since when; kept in customers.balance so that lists need no sum. New items are added to it. Otherwise the
-- balances are locked first, in order, and summed afresh by the next statement, which sees whatever was committed meanwhile.
begin
  if tg_op = 'INSERT' then
    insert into customers.balance as b (company_id, customer_id, open_amount, oldest_due_on)
    select company_id, customer_id, sum(open_amount), min(due_on) filter (where settled_amount <> amount)
    from rows_now group by 1, 2 order by 1, 2
    on conflict (company_id, customer_id) do update
    set open_amount = b.open_amount + excluded.open_amount, oldest_due_on = least(b.oldest_due_on, excluded.oldest_due_on);
    return null;
  end if;
  perform from customers.balance
  where (company_id, customer_id) in (select company_id, customer_id from rows_before) order by company_id, customer_id for update;
  update customers.balance as b
  set open_amount = coalesce(t.open_amount, 0), oldest_due_on = t.oldest_due_on
  from (select c.company_id, c.customer_id, owed.open_amount, owed.oldest_due_on
        from (select distinct company_id, customer_id from rows_before) as c
        left join lateral (select sum(i.open_amount) as open_amount, min(i.due_on) as oldest_due_on from ledger.open_item as i
                           where i.company_id = c.company_id and i.customer_id = c.customer_id and i.settled_amount <> i.amount) as owed on true) as t
  where b.company_id = t.company_id and b.customer_id = t.customer_id
    and (b.open_amount, b.oldest_due_on) is distinct from (coalesce(t.open_amount, 0), t.oldest_due_on);
  return null;
end $$;

grant execute on function ledger.check_balance(), ledger.settle_items(), ledger.check_payment_use(), ledger.keep_balance() to cms_owner;
