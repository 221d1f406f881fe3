-- role: cms_bookkeeper
-- The VAT registers (artt. 23 and 25 DPR 633/72): every row is a document and one of its VAT codes. Whoever reads the books reads them, also
-- without the right to see invoices.

create or replace function billing.vat_rows(of_company int, wanted_register text, wanted_series bigint, first_day date, last_day date)
returns table (document_series_id bigint, number bigint, document_number text, document_type text, document_on date, registered_on date,
  customer_id bigint, name text, vat_number text, tax_code text, vat_code_id bigint, code text, rate numeric, nature text, exigibility text,
  legal_reference text, net_amount numeric, vat_amount numeric, invoice_id bigint, payment_id bigint)
language sql stable security definer set search_path = '' rows 10000 as $$
-- 'sales': invoices issued, integrations and self-invoices TD16 to TD19 among them (art. 17). 'purchases': TD16 to TD20. 'collected': VAT
-- of exigibility D that fell due, by day. A credit note is negative. Not for people: the functions below check the right.
  select i.document_series_id, i.number, i.document_number, i.document_type, i.document_on, i.document_on, i.customer_id, w.whose ->> 'name',
         coalesce(w.whose ->> 'vat_number', ''), coalesce(w.whose ->> 'tax_code', ''), v.vat_code_id, c.code, v.rate, v.nature,
         v.exigibility::text, c.legal_reference, v.net_amount, v.vat_amount, i.invoice_id, null::bigint
  from billing.invoice as i
  join billing.invoice_vat as v on v.company_id = i.company_id and v.invoice_id = i.invoice_id
  join base.vat_code as c on c.company_id = v.company_id and c.vat_code_id = v.vat_code_id
  cross join lateral (select coalesce(i.supplier, i.buyer) as whose) as w
  where wanted_register in ('sales', 'purchases') and i.company_id = of_company and i.state = 'issued'
    and i.document_on between first_day and last_day and (wanted_series is null or i.document_series_id = wanted_series)
    and case wanted_register when 'sales' then i.document_type <> 'TD20'
                             else i.document_type in ('TD16', 'TD17', 'TD18', 'TD19', 'TD20') end
  union all
  select i.document_series_id, i.number, i.document_number, i.document_type, i.document_on, k.due_on, i.customer_id, i.buyer ->> 'name',
         coalesce(i.buyer ->> 'vat_number', ''), coalesce(i.buyer ->> 'tax_code', ''), k.vat_code_id, c.code, v.rate, v.nature,
         v.exigibility::text, c.legal_reference, k.net_amount, k.vat_amount, i.invoice_id, k.payment_id
  from billing.vat_collection as k
  join billing.invoice as i on i.company_id = k.company_id and i.invoice_id = k.invoice_id
  join billing.invoice_vat as v on v.company_id = k.company_id and v.invoice_id = k.invoice_id and v.vat_code_id = k.vat_code_id
  join base.vat_code as c on c.company_id = k.company_id and c.vat_code_id = k.vat_code_id
  where wanted_register = 'collected' and k.company_id = of_company and k.due_on between first_day and last_day
$$;

drop function if exists billing.register_rows(int, text, bigint, date, date);
create or replace function billing.register_rows(
  wanted_company int, register text, series bigint, first_day date, last_day date, most int default null)
returns table (document_series_id bigint, number bigint, document_number text, document_type text, document_on date, registered_on date,
  customer_id bigint, name text, vat_number text, tax_code text, vat_code_id bigint, code text, rate numeric, nature text, exigibility text,
  legal_reference text, net_amount numeric, vat_amount numeric, invoice_id bigint, payment_id bigint)
language plpgsql stable security definer set search_path = '' rows 10000 as $$
#variable_conflict use_column
-- In the order of the register; the first `most` of them, or all.
begin
  perform sec.require(wanted_company, 'ledger.read');
  return query
    select r.* from billing.vat_rows(wanted_company, register, series, first_day, last_day) as r
    order by case when register = 'collected' then r.registered_on end, r.document_series_id, r.document_on, r.number, r.invoice_id, r.code
    limit register_rows.most;
end $$;

create or replace function billing.register_totals(wanted_company int, register text, series bigint, first_day date, last_day date)
returns table (document_series_id bigint, month_on date, code text, rate numeric, nature text, exigibility text, legal_reference text,
  document_count bigint, net_amount numeric, vat_amount numeric)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
-- In the registers of documents a document has one row for each code; of collections it may have many.
begin
  perform sec.require(wanted_company, 'ledger.read');
  return query
    select r.document_series_id, date_trunc('month', r.registered_on::timestamp)::date, r.code, r.rate, r.nature, r.exigibility,
           r.legal_reference, count(distinct case when register = 'collected' then r.invoice_id end) + count(case when register <> 'collected' then 1 end),
           sum(r.net_amount), sum(r.vat_amount)
    from billing.vat_rows(wanted_company, register, series, first_day, last_day) as r
    group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 4 desc, 5, 3;
end $$;

create or replace function billing.register_page(wanted_company int, register text, series bigint, month date) returns int
language plpgsql stable security definer set search_path = '' as $$
-- The number the first page of this month has: of a printed month its own, else the one after the last printed of the year.
begin
  perform sec.require(wanted_company, 'ledger.read');
  return coalesce(
    (select p.first_page from billing.register_print as p
     where p.company_id = wanted_company and p.register = register_page.register and p.document_series_id is not distinct from series
       and p.month_on = month),
    (select max(p.first_page + p.page_count) from billing.register_print as p
     where p.company_id = wanted_company and p.register = register_page.register and p.document_series_id is not distinct from series
       and p.month_on < month and p.month_on >= date_trunc('year', month::timestamp)),
    1);
end $$;

create or replace function billing.print_register(
  wanted_company int, register text, series bigint, month date, first_page int, page_count int, row_count int, net numeric, vat numeric,
  content_sha256 bytea) returns bigint
language plpgsql security definer set search_path = '' as $$
-- The month was printed for good, on these pages. Refused when the paper shows other figures than the books, when pages would not follow each
-- other, when the month is not over, or a later one is printed already.
declare
  month_end date := (month + interval '1 month')::date - 1;
  known     record;
  made      bigint;
begin
  perform sec.require(wanted_company, 'ledger.vat');
  if month is null or extract(day from month) <> 1 or register not in ('sales', 'purchases', 'collected') or (register = 'sales') <> (series is not null)
  then
    perform sec.refuse('CM151', 'register_unknown');
  end if;
  if month_end >= current_date then
    perform sec.refuse('CM152', 'month_not_over', jsonb_build_object('on', month_end));
  end if;
  perform pg_advisory_xact_lock(hashtextextended('billing.register_print', wanted_company));
  if exists (select from billing.register_print as p where p.company_id = wanted_company and p.register = print_register.register
             and p.document_series_id is not distinct from series and p.month_on >= month) then
    perform sec.refuse('CM153', 'register_printed');
  end if;
  if exists (select from billing.vat_rows(wanted_company, register, series, coalesce(
       (select (max(p.month_on) + interval '1 month')::date from billing.register_print as p where p.company_id = wanted_company
        and p.register = print_register.register and p.document_series_id is not distinct from series and p.month_on < month),
       date_trunc('year', month::timestamp)::date), month - 1)) then
    perform sec.refuse('CM155', 'earlier_month_not_printed');
  end if;
  perform from base.document_counter as c where c.company_id = wanted_company and c.document_series_id = series for update;
  select count(*) as rows, coalesce(sum(r.net_amount), 0) as net, coalesce(sum(r.vat_amount), 0) as vat into known
  from billing.vat_rows(wanted_company, register, series, month, month_end) as r;
  if (known.rows, known.net, known.vat) is distinct from (row_count::bigint, net, vat)
     or first_page is distinct from billing.register_page(wanted_company, register, series, month) then
    perform sec.refuse('CM154', 'register_changed');
  end if;
  insert into billing.register_print (company_id, register, document_series_id, month_on, first_page, page_count, row_count, net_amount,
    vat_amount, sha256, created_by)
  values (wanted_company, register, series, month, first_page, page_count, row_count, net, vat, content_sha256, sec.person_id())
  returning register_print_id into made;
  return made;
end $$;

grant execute on function billing.register_rows(int, text, bigint, date, date, int), billing.register_totals(int, text, bigint, date, date),
  billing.register_page(int, text, bigint, date),
  billing.print_register(int, text, bigint, date, int, int, int, numeric, numeric, bytea) to cms_people;
