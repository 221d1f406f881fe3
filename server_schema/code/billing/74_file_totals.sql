-- role: cms_bookkeeper

create or replace function billing.keep_file_total() returns trigger
language plpgsql security definer set search_path = '' as $$
-- What a statement moved between the states of files of sales (self-invoices have a list of their own). Planned anew each time, like the other triggers of bulk rows.
declare
  moves text := concat_ws(' union all ',
    case when tg_op <> 'DELETE' then 'select company_id, invoice_id, state, 1 as sign from rows_now' end,
    case when tg_op <> 'INSERT' then 'select company_id, invoice_id, state, -1 as sign from rows_before' end);
begin
  execute format(
    'insert into billing.file_total (company_id, state, file_count, net_amount, total_amount)
     select m.company_id, m.state, sum(m.sign), sum(m.sign * i.net_amount), sum(m.sign * i.total_amount)
     from (select company_id, invoice_id, state, sum(sign) as sign from (%s) as r group by 1, 2, 3 having sum(sign) <> 0) as m
     join billing.invoice as i on i.company_id = m.company_id and i.invoice_id = m.invoice_id and i.supplier_id is null
     group by 1, 2', moves);
  perform billing.pack_file_totals();
  return null;
end $$;

create or replace function billing.pack_file_totals() returns void
language plpgsql security definer set search_path = '' as $$
-- Many rows of a company become one for each state. Rows that another transaction is packing are left to it.
declare
  crowded int;
begin
  for crowded in select company_id from billing.file_total group by company_id having count(*) > 300 loop
    with taken as (
      select file_total_id from billing.file_total where company_id = crowded order by file_total_id for update skip locked
    ), gone as (
      delete from billing.file_total as f using taken as t where f.company_id = crowded and f.file_total_id = t.file_total_id
      returning f.state, f.file_count, f.net_amount, f.total_amount)
    insert into billing.file_total (company_id, state, file_count, net_amount, total_amount)
    select crowded, state, sum(file_count), sum(net_amount), sum(total_amount) from gone group by state;
  end loop;
end $$;
grant execute on function billing.keep_file_total() to cms_owner;
