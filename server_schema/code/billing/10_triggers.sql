-- role: cms_bookkeeper

create or replace function billing.keep_issued_final() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from rows_before where state = 'issued') and exists (
    select from rows_before as o left join rows_now as n on n.company_id = o.company_id and n.invoice_id = o.invoice_id
    where o.state = 'issued' and (to_jsonb(o) - 'buyer' is distinct from to_jsonb(n) - 'buyer' or not billing.is_refused(o.company_id, o.invoice_id)))
  then
    perform sec.refuse('CM020', 'issued_is_final');
  end if;
  return null;
end $$;
comment on function billing.keep_issued_final() is
  'An issued invoice never changes, whoever asks; only the buyer''s data of one that the exchange system refused, which counts as never issued '
  'and goes again with the same number and date.';

create or replace function billing.is_refused(wanted_company int, invoice bigint) returns boolean
language sql stable security definer set search_path = '' as $$
-- The exchange system refused its file (NS), and no other file of it lives.
  select exists (select from billing.transmission where company_id = wanted_company and invoice_id = invoice and state = 'rejected')
     and not exists (select from billing.transmission where company_id = wanted_company and invoice_id = invoice and state <> 'rejected')
$$;

create or replace function billing.check_periods() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Besides the unique start of a period: periods of one service never overlap, even when its rhythm was changed meanwhile. A period alone in
-- its statement and after all that was billed of its service (customers.service_billing, whose trigger follows this one) meets no other.
declare
  wrong bigint;
begin
  with doubtful as materialized (
    select n.company_id, n.service_id
    from (select company_id, service_id, min(period_start) as first_on, count(*) as many
          from rows_now where service_id is not null and holds_period group by 1, 2) as n
    left join customers.service_billing as b on b.company_id = n.company_id and b.service_id = n.service_id
    where n.many > 1 or b.service_id is null or b.billed_until >= n.first_on)
  select n.service_id into wrong
  from doubtful as d
  join rows_now as n on n.company_id = d.company_id and n.service_id = d.service_id and n.holds_period
  cross join lateral (
    select from billing.invoice_line as o
    where o.company_id = n.company_id and o.service_id = n.service_id and o.holds_period
      and o.period_start <= n.period_end and o.period_end >= n.period_start and (o.invoice_id, o.line_no) <> (n.invoice_id, n.line_no)
    limit 1) as met
  limit 1;
  if wrong is not null then
    perform sec.refuse('CM023', 'period_billed_already', jsonb_build_object('service', wrong));
  end if;
  return null;
end $$;

create or replace function billing.keep_month_total() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  changes text;
begin
  changes := concat_ws(' union all ',
    case when tg_op <> 'DELETE' then 'select company_id, document_on, 1 as sign, net_amount, vat_amount, total_amount from rows_now where state = ''issued'' and supplier_id is null' end,
    case when tg_op <> 'INSERT' then 'select company_id, document_on, -1 as sign, net_amount, vat_amount, total_amount from rows_before where state = ''issued'' and supplier_id is null' end);
  execute format(
    'insert into billing.month_total as m (company_id, month_on, invoice_count, net_amount, vat_amount, total_amount)
     select company_id, date_trunc(''month'', document_on::timestamp)::date, sum(sign),
            sum(sign * net_amount), sum(sign * vat_amount), sum(sign * total_amount)
     from (%s) as t
     group by 1, 2
     on conflict (company_id, month_on) do update set invoice_count = m.invoice_count + excluded.invoice_count,
       net_amount = m.net_amount + excluded.net_amount, vat_amount = m.vat_amount + excluded.vat_amount,
       total_amount = m.total_amount + excluded.total_amount', changes);
  return null;
end $$;
grant execute on function billing.keep_issued_final(), billing.check_periods(), billing.keep_month_total() to cms_owner;
