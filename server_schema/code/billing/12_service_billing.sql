-- role: cms_bookkeeper

create or replace function billing.keep_service_billing() returns trigger
language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
-- How far each line is in invoices and previews (customers.service_billing). Written with the rows; taken back with them, or when a
-- credit note lets a period go.
begin
  if tg_op = 'INSERT' then
    update customers.service_billing as b
    set first_billed_on = least(b.first_billed_on, n.first_on), billed_until = greatest(b.billed_until, n.last_on)
    from (select company_id, service_id, min(period_start) as first_on, max(period_end) as last_on
          from rows_now where service_id is not null and period_start is not null and holds_period group by 1, 2) as n
    where b.company_id = n.company_id and b.service_id = n.service_id;
    return null;
  elsif tg_op = 'UPDATE' then
    if not exists (select from rows_before as o join rows_now as n using (company_id, invoice_id, line_no) where o.holds_period <> n.holds_period) then
      return null;
    end if;
  end if;
  update customers.service_billing as b
  set first_billed_on = l.first_on, billed_until = l.last_on
  from (select t.company_id, t.service_id, min(i.period_start) as first_on, max(i.period_end) as last_on
        from (select distinct company_id, service_id from rows_before where service_id is not null) as t
        left join billing.invoice_line as i on i.company_id = t.company_id and i.service_id = t.service_id and i.holds_period
        group by 1, 2) as l
  where b.company_id = l.company_id and b.service_id = l.service_id;
  return null;
end $$;
grant execute on function billing.keep_service_billing() to cms_owner;
