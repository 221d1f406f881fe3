-- role: cms_bookkeeper
-- Virtual stamp duty on electronic invoices, by quarter (art. 6 D.M. 17 June 2014, D.M. 4 December 2020).

create or replace function billing.stamp_quarters(wanted_company int, wanted_year int)
returns table (quarter int, first_day date, last_day date, document_count bigint, amount numeric, due_on date, tribute_code text, paid_with int)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
-- Due by the end of May, September, November, February. What the first quarter owes may go with the second when it does not exceed the
-- limit (5,000 euro since 2023, art. 3 DL 73/2022), both with the third when their sum does not. A credit note bears its own stamp.
declare
  most numeric := coalesce(base.rate_on(wanted_company, 'stamp_postponement', make_date(wanted_year, 1, 1)), 5000);
begin
  perform sec.require(wanted_company, 'ledger.read');
  return query
    with found as (
      select n::int as quarter, make_date(wanted_year, n * 3 - 2, 1) as first_day,
             (make_date(wanted_year, n * 3 - 2, 1) + interval '3 months')::date - 1 as last_day
      from generate_series(1, 4) as n
    ), summed as (
      select f.*, t.many, t.amount, sum(t.amount) over (order by f.quarter) as so_far
      from found as f
      cross join lateral (select count(*) as many, coalesce(sum(abs(i.stamp_amount)), 0) as amount from billing.invoice as i
                          where i.company_id = wanted_company and i.state = 'issued' and i.supplier_id is null and i.stamp_amount <> 0
                            and i.document_on between f.first_day and f.last_day) as t
    ), placed as (
      select s.*, case when s.quarter > 2 then s.quarter
                       when (select max(so_far) from summed where quarter = 2) <= most then 3
                       when s.quarter = 1 and s.amount <= most then 2 else s.quarter end as paid_with
      from summed as s
    )
    select p.quarter, p.first_day, p.last_day, p.many, p.amount,
           base.next_working_day(wanted_company, case p.paid_with when 1 then make_date(wanted_year, 5, 31) when 2 then make_date(wanted_year, 9, 30)
             when 3 then make_date(wanted_year, 11, 30) else make_date(wanted_year + 1, 3, 1) - 1 end),
           '252' || p.quarter, p.paid_with
    from placed as p order by p.quarter;
end $$;
grant execute on function billing.stamp_quarters(int, int) to cms_people;
