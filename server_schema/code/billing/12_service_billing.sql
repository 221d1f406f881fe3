-- role: cms_bookkeeper

create or replace function billing.keep_service_billing() returns trigger
language plpgsql security definer set search_path = '' as $$
-- How far each line is in invoices and previews (customers.service_billing). Written with the rows; taken back with them.
begin
  if tg_op = 'INSERT' then
    insert into customers.service_billing as b (company_id, service_id, first_billed_on, billed_until)
    select company_id, service_id, min(period_start), max(period_end)
    from rows_now where service_id is not null and period_start is not null group by 1, 2
    on conflict (company_id, service_id) do update
      set first_billed_on = least(b.first_billed_on, excluded.first_billed_on), billed_until = greatest(b.billed_until, excluded.billed_until);
    return null;
  end if;
  with touched as (select distinct company_id, service_id from rows_before where service_id is not null),
       left_over as (
         select t.company_id, t.service_id, min(l.period_start) as first_billed_on, max(l.period_end) as billed_until
         from touched as t
         left join billing.invoice_line as l on l.company_id = t.company_id and l.service_id = t.service_id
         group by 1, 2),
       gone as (
         delete from customers.service_billing as b using left_over as l
         where b.company_id = l.company_id and b.service_id = l.service_id and l.billed_until is null)
  update customers.service_billing as b
  set first_billed_on = l.first_billed_on, billed_until = l.billed_until
  from left_over as l
  where b.company_id = l.company_id and b.service_id = l.service_id and l.billed_until is not null
    and (b.first_billed_on, b.billed_until) is distinct from (l.first_billed_on, l.billed_until);
  return null;
end $$;
grant execute on function billing.keep_service_billing() to cms_owner;
