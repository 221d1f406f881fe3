-- role: cms_bookkeeper

create or replace function billing.post_invoices(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.issue_set, whose table `issued` it reads. In a company that reviews before it posts (parameter posting_mode) the documents
-- wait in billing.unposted_invoice; otherwise they are posted in the transaction that issues them.
begin
  if base.value_on(wanted_company, 'posting_mode', current_date) #>> '{}' = 'reviewed' then
    perform ledger.check_open(wanted_company, (select min(document_on) from issued));
    insert into billing.unposted_invoice (company_id, invoice_id, document_on, created_by)
    select wanted_company, invoice_id, document_on, sec.person_id() from issued order by invoice_id;
    return;
  end if;
  perform billing.write_entries(wanted_company);
end $$;

create or replace function billing.write_entries(wanted_company int) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- One entry for every row of `issued`, whose invoices this transaction has locked, so that they hold their customers.
-- Receivable (what the customer pays) and split VAT on the left; revenue, VAT due now and VAT due on collection on the right; what goes to
-- other accounts stands in `entry_part`. Amounts are positive on their usual side: those of a credit note are negative and change sides.
declare
  me int := sec.person_id();
  r  jsonb := ledger.accounts_by_role(wanted_company, array['receivable', 'revenue', 'vat_sales', 'vat_suspended', 'vat_split']);
begin
  perform billing.collect_entry_parts(wanted_company, (r ->> 'revenue')::bigint);
  perform billing.hold(wanted_company, 'ledger.account', 'account_id',
    format('select value::bigint from jsonb_each_text(%L) union select account_id from entry_part', r));
  insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, created_by)
  overriding system value
  select wanted_company, entry_id, document_on, case document_type when 'TD04' then 'Nota di credito ' when 'TD05' then 'Nota di debito '
           when 'TD08' then 'Nota di credito ' else case when billing.is_self_invoice(document_type) then 'Autofattura ' else 'Fattura ' end end
         || document_number || ' ' || name, 'invoice', invoice_id, me
  from issued where not (vat_amount = 0 and (net_amount = 0 or is_special and billing.is_self_invoice(document_type)))  -- nothing to write
  order by entry_id;
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, created_by)
  select wanted_company, t.entry_id, t.line_no, t.account_id, t.customer_id, greatest(t.amount, 0), greatest(-t.amount, 0), me
  from (
    select i.entry_id, l.line_no, l.account_id, case l.line_no when 1 then i.customer_id end as customer_id, l.amount
    from issued as i
    left join (select v.invoice_id, coalesce(sum(v.vat_amount) filter (where v.exigibility = 'S'), 0) as split,
                      coalesce(sum(v.vat_amount) filter (where v.exigibility = 'D'), 0) as later
               from billing.invoice_vat as v
               join issued as o on o.invoice_id = v.invoice_id
               where v.company_id = wanted_company and v.exigibility <> 'I'
               group by v.invoice_id) as v on v.invoice_id = i.invoice_id
    left join (select invoice_id, sum(from_revenue) as revenue, sum(from_receivable) as receivable from entry_part group by invoice_id) as p
      on p.invoice_id = i.invoice_id
    cross join lateral (values
      (1, (r ->> 'receivable')::bigint,    i.payable_amount - coalesce(p.receivable, 0)),
      (2, (r ->> 'vat_split')::bigint,     coalesce(v.split, 0)),
      (3, (r ->> 'revenue')::bigint,       coalesce(p.revenue, 0) - i.net_amount),
      (4, (r ->> 'vat_sales')::bigint,     coalesce(v.later, 0) - i.vat_amount),
      (5, (r ->> 'vat_suspended')::bigint, -coalesce(v.later, 0))
    ) as l(line_no, account_id, amount)
    where l.amount <> 0
    union all
    select e.entry_id, 5 + row_number() over (partition by e.entry_id order by e.account_id, e.amount), e.account_id, null, e.amount
    from entry_part as e where e.amount <> 0
  ) as t
  order by t.entry_id, t.line_no;
  drop table entry_part;
end $$;

create or replace function billing.collect_entry_parts(wanted_company int, revenue bigint) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Makes `entry_part`: what of the documents of `issued` goes to other accounts than the usual five. `amount`: debit positive; `from_revenue`
-- and `from_receivable`: what the usual lines have less. Empty, and made without reading a line of a document, where a company has one account
-- of revenue and the documents nothing particular.
declare
  has_rules boolean := exists (select from ledger.posting_rule where company_id = wanted_company)
                    or exists (select from customers.service_type where company_id = wanted_company and account_key not in ('', 'revenue'));
begin
  create temp table entry_part (invoice_id bigint, entry_id bigint, account_id bigint, amount numeric, from_revenue numeric, from_receivable numeric)
    on commit drop;
  if has_rules or exists (select from issued where is_special) then
    perform billing.part_revenue(wanted_company, revenue, has_rules);
  end if;
  if exists (select from issued where is_special) then
    perform billing.part_amounts(wanted_company);
  end if;
end $$;

create or replace function billing.part_revenue(wanted_company int, revenue bigint, all_documents boolean) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Net amounts by account of revenue, line by line: the account chosen by hand, the one that recharged stamp duty has, the one the posting rules
-- name. What belongs to the usual account of revenue stays out.
declare
  stamp bigint := (select account_id from ledger.account where company_id = wanted_company and role = 'stamp_recharge');
begin
  perform billing.read_net_lines(wanted_company, stamp, all_documents);
  insert into entry_part
  select t.invoice_id, t.entry_id, t.account_id, -sum(t.line_amount), sum(t.line_amount), 0
  from (select n.invoice_id, n.entry_id, n.line_amount, coalesce(n.account_id, c.account_id, revenue) as account_id
        from net_line as n
        left join (select k.*, ledger.revenue_account(wanted_company, k.service_type_id, k.vat_code_id, k.customer_kind, k.document_series_id,
                                                      k.document_on) as account_id
                   from (select distinct service_type_id, vat_code_id, customer_kind, document_series_id, document_on
                         from net_line where account_id is null) as k) as c
          on (c.service_type_id, c.vat_code_id, c.customer_kind, c.document_series_id, c.document_on)
             = (n.service_type_id, n.vat_code_id, n.customer_kind, n.document_series_id, n.document_on)) as t
  where t.account_id <> revenue
  group by t.invoice_id, t.entry_id, t.account_id having sum(t.line_amount) <> 0;
  drop table net_line;
end $$;

create or replace function billing.read_net_lines(wanted_company int, stamp bigint, all_documents boolean) returns void
language plpgsql security definer set search_path = '' set enable_hashjoin = off set enable_mergejoin = off as $$
-- Part of billing.part_revenue: makes `net_line`, the lines of the documents of `issued`. By their keys, whatever the statistics say: never by
-- reading the lines of all other documents.
begin
  create temp table net_line on commit drop as
    select i.invoice_id, i.entry_id, l.line_amount, case when l.line_kind = 'stamp' then coalesce(l.account_id, stamp) else l.account_id end as account_id,
           coalesce(l.service_type_id, s.service_type_id, 0) as service_type_id, l.vat_code_id,
           coalesce(d.buyer ->> 'kind', '') as customer_kind, d.document_series_id,
           d.document_on
    from issued as i
    join billing.invoice as d on d.company_id = wanted_company and d.invoice_id = i.invoice_id
    join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = i.invoice_id
    left join customers.service as s on s.company_id = wanted_company and s.service_id = l.service_id
    where (all_documents or i.is_special) and not billing.is_self_invoice(d.document_type);
end $$;

create or replace function billing.part_amounts(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- What particular documents carry besides lines and VAT. Withholdings (RT01 to RT06) are a credit to the tax office from the issue on, so that
-- the receivable is what the customer pays and equals the open items; the social fund and the rounding have their accounts. A self-invoice is
-- VAT on both sides: due on sales, deductible on purchases (a cost for TD21 and TD27); neither revenue nor receivable.
declare
  needed text[] := array(
    select t.role
    from (select bool_or(d.withholding_amount <> 0) as withholding, bool_or(d.fund_amount <> 0) as fund, bool_or(d.rounding_amount <> 0) as rounding,
                 bool_or(billing.is_self_invoice(d.document_type) and d.document_type not in ('TD21', 'TD27')) as vat_purchases,
                 bool_or(d.document_type in ('TD21', 'TD27')) as vat_lost
          from issued as i join billing.invoice as d on d.company_id = wanted_company and d.invoice_id = i.invoice_id where i.is_special) as n
    cross join lateral (values ('withholding', n.withholding), ('fund', n.fund), ('rounding', n.rounding), ('vat_purchases', n.vat_purchases),
                               ('vat_lost', n.vat_lost)) as t(role, is_needed)
    where t.is_needed);
  r jsonb := case when cardinality(needed) > 0 then ledger.accounts_by_role(wanted_company, needed) else '{}' end;
begin
  insert into entry_part
  select i.invoice_id, i.entry_id, p.account_id, p.amount, p.from_revenue, p.from_receivable
  from issued as i
  join billing.invoice as d on d.company_id = wanted_company and d.invoice_id = i.invoice_id
  cross join lateral (select billing.is_self_invoice(d.document_type) as is_self) as k
  cross join lateral (values
    ((r ->> 'withholding')::bigint,   d.withholding_amount,                             0::numeric, 0::numeric),
    ((r ->> 'fund')::bigint,          case when k.is_self then 0 else -d.fund_amount end, d.fund_amount, 0),
    ((r ->> 'rounding')::bigint,      case when k.is_self then 0 else -d.rounding_amount end, 0, 0),
    ((r ->> case when d.document_type in ('TD21', 'TD27') then 'vat_lost' else 'vat_purchases' end)::bigint,
                                      case when k.is_self then d.vat_amount else 0 end,
                                      case when k.is_self then d.net_amount - d.fund_amount else 0 end,
                                      case when k.is_self then d.payable_amount else 0 end)
  ) as p(account_id, amount, from_revenue, from_receivable)
  where i.is_special and (p.amount <> 0 or p.from_revenue <> 0 or p.from_receivable <> 0);
end $$;

create or replace function billing.post_issued(wanted_company int, until_on date) returns jsonb
language plpgsql security definer set search_path = '' set default_statistics_target = 10 as $$
-- Posts the issued documents dated until a day that wait for it. Two who ask at once: the second finds what the first left.
declare
  many int;
begin
  perform sec.require(wanted_company, 'ledger.post');
  perform from billing.unposted_invoice where company_id = wanted_company and document_on <= until_on order by document_on, invoice_id for update;
  create temp table issued on commit drop as
    select i.invoice_id, nextval('ledger.journal_entry_journal_entry_id_seq') as entry_id, i.document_number, i.document_on, i.document_type, i.customer_id,
           i.buyer ->> 'name' as name, i.net_amount, i.vat_amount, i.payable_amount, true as is_special
    from (select d.* from billing.unposted_invoice as u
          join billing.invoice as d on d.company_id = wanted_company and d.invoice_id = u.invoice_id
          where u.company_id = wanted_company and u.document_on <= until_on
          order by u.document_on, u.invoice_id for key share of d) as i;
  get diagnostics many = row_count;
  if many = 0 then
    perform sec.refuse('CM147', 'nothing_to_post');
  end if;
  analyze issued;
  raise notice 'progress 1/2 posting';
  perform billing.write_entries(wanted_company);
  delete from billing.unposted_invoice where company_id = wanted_company and invoice_id in (select invoice_id from issued);
  drop table issued;
  raise notice 'progress 2/2 done';
  return jsonb_build_object('count', many);
end $$;

create or replace function billing.check_unposted() returns trigger
language plpgsql security definer set search_path = '' as $$
-- A period is not closed over documents that were never posted.
declare
  wrong record;
begin
  select n.closed_until, count(*) as many, min(u.document_on) as first_on into wrong
  from rows_now as n join billing.unposted_invoice as u on u.company_id = n.company_id and u.document_on <= n.closed_until
  group by n.closed_until limit 1;
  if found then
    perform sec.refuse('CM147', 'documents_unposted', jsonb_build_object('count', wrong.many, 'first', wrong.first_on, 'until', wrong.closed_until));
  end if;
  return null;
end $$;

grant execute on function billing.post_issued(int, date) to cms_people;
grant execute on function billing.check_unposted() to cms_owner;
