-- role: cms_bookkeeper

create or replace function billing.keep_plafond() returns trigger
language plpgsql security definer set search_path = '' as $$
-- What the documents use of a letter of intent is kept with it, from the draft on: a draft that goes gives it back. Letters are locked in order;
-- who comes second waits, and then finds what is left.
declare
  companies int[];
  letters   bigint[];
  amounts   numeric[];
  wrong     record;
begin
  execute format(
    'select array_agg(company_id), array_agg(intent_letter_id), array_agg(amount)
     from (select company_id, intent_letter_id, sum(amount) as amount from (%s) as t group by 1, 2 having sum(amount) <> 0) as s',
    concat_ws(' union all ',
      case when tg_op <> 'DELETE' then 'select company_id, intent_letter_id, intent_amount as amount from rows_now where intent_letter_id is not null' end,
      case when tg_op <> 'INSERT' then 'select company_id, intent_letter_id, -intent_amount as amount from rows_before where intent_letter_id is not null' end))
    into companies, letters, amounts;
  if letters is null then
    return null;
  end if;
  perform from customers.intent_letter as l
  join unnest(companies, letters) as u(company_id, intent_letter_id) using (company_id, intent_letter_id)
  order by company_id, intent_letter_id for no key update of l;
  select l.number, l.plafond_amount - l.consumed_amount as remaining, u.amount into wrong
  from customers.intent_letter as l
  join unnest(companies, letters, amounts) as u(company_id, intent_letter_id, amount) using (company_id, intent_letter_id)
  where u.amount > l.plafond_amount - l.consumed_amount limit 1;
  if found then
    perform sec.refuse('CM103', 'letter_is_used_up',
      jsonb_build_object('number', wrong.number, 'remaining', wrong.remaining, 'amount', wrong.amount));
  end if;
  select l.number, l.consumed_amount as used, -u.amount as amount into wrong
  from customers.intent_letter as l
  join unnest(companies, letters, amounts) as u(company_id, intent_letter_id, amount) using (company_id, intent_letter_id)
  where l.consumed_amount + u.amount < 0 limit 1;
  if found then
    perform sec.refuse('CM104', 'letter_never_used_so_much',
      jsonb_build_object('number', wrong.number, 'used', wrong.used, 'amount', wrong.amount));
  end if;
  update customers.intent_letter as l
  set consumed_amount = l.consumed_amount + u.amount, row_version = l.row_version + 1
  from unnest(companies, letters, amounts) as u(company_id, intent_letter_id, amount)
  where l.company_id = u.company_id and l.intent_letter_id = u.intent_letter_id;
  return null;
end $$;
grant execute on function billing.keep_plafond() to cms_owner;
