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
-- Planned anew at every statement (execute): one row or a hundred thousand, on an empty table or a full one, want different plans.
declare
  moved text := case tg_op when 'INSERT' then 'select *, amount as moved from rows_now' else 'select *, -amount as moved from rows_before' end;
begin
  execute format(
    'update ledger.open_item as item set settled_amount = settled_amount + t.moved
     from (select company_id, open_item_id, sum(moved) as moved from (%s) as r group by 1, 2) as t
     where item.company_id = t.company_id and item.open_item_id = t.open_item_id', moved);
  return null;
end $$;

create or replace function ledger.check_payment_use() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A payment is never allocated for more than it is, and only to items of its own customer. Planned anew at every statement.
declare
  wrong bigint;
begin
  execute
    'select p.payment_id
     from (select distinct company_id, payment_id from rows_now) as touched
     join ledger.payment as p on p.company_id = touched.company_id and p.payment_id = touched.payment_id
     join ledger.allocation as a on a.company_id = touched.company_id and a.payment_id = touched.payment_id
     join ledger.open_item as i on i.company_id = a.company_id and i.open_item_id = a.open_item_id
     group by p.company_id, p.payment_id, p.amount, p.customer_id
     having sum(a.amount) > p.amount or bool_or(i.customer_id <> p.customer_id)
     limit 1' into wrong;
  if wrong is not null then
    perform sec.refuse('CM031', 'payment_over_used', jsonb_build_object('payment', wrong));
  end if;
  return null;
end $$;

create or replace function ledger.keep_balance() returns trigger
language plpgsql security definer set search_path = '' as $$
-- What each customer owes, and since when; kept in customers.balance so that lists need no sum. New items are added to it. Otherwise the
-- balances are locked first, in order, and summed afresh by the next statement, which sees whatever was committed meanwhile. Both are planned
-- anew each time, like the settling above.
begin
  if tg_op = 'INSERT' then
    insert into customers.balance as b (company_id, customer_id, open_amount, oldest_due_on)
    select company_id, customer_id, sum(open_amount), min(due_on) filter (where settled_amount <> amount)
    from rows_now group by 1, 2 order by 1, 2
    on conflict (company_id, customer_id) do update
    set open_amount = b.open_amount + excluded.open_amount, oldest_due_on = least(b.oldest_due_on, excluded.oldest_due_on);
    return null;
  end if;
  execute
    'select from customers.balance
     where (company_id, customer_id) in (select company_id, customer_id from rows_before) order by company_id, customer_id for update';
  execute
    'update customers.balance as b
     set open_amount = coalesce(t.open_amount, 0), oldest_due_on = t.oldest_due_on
     from (select c.company_id, c.customer_id, owed.open_amount, owed.oldest_due_on
           from (select distinct company_id, customer_id from rows_before) as c
           left join lateral (select sum(i.open_amount) as open_amount, min(i.due_on) as oldest_due_on from ledger.open_item as i
                              where i.company_id = c.company_id and i.customer_id = c.customer_id and i.settled_amount <> i.amount) as owed on true) as t
     where b.company_id = t.company_id and b.customer_id = t.customer_id
       and (b.open_amount, b.oldest_due_on) is distinct from (coalesce(t.open_amount, 0), t.oldest_due_on)';
  return null;
end $$;

grant execute on function ledger.check_balance(), ledger.settle_items(), ledger.check_payment_use(), ledger.keep_balance() to cms_owner;
