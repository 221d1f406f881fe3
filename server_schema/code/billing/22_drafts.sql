-- role: cms_bookkeeper

create or replace function billing.hold(wanted_company int, parent regclass, key_column name, children text) returns void
language plpgsql security definer set search_path = '' as $$
-- The rows of `parent` that the query `children` names are there and stay until this transaction ends: what a foreign key would find out
-- and lock row by row, in one statement.
declare
  missing boolean;
begin
  execute format(
    'with wanted as materialized (select distinct id from (%1$s) as t(id) where id is not null),
          held as materialized (select p.%2$I as id from %3$s as p where p.company_id = $1 and p.%2$I in (select id from wanted) for key share)
     select (select count(*) from wanted) <> (select count(*) from held)', children, key_column, parent)
    into missing using wanted_company;
  if missing then
    raise foreign_key_violation using message = format('a row of %s is gone', parent), table = parent::text;
  end if;
end $$;

create or replace function billing.write_drafts(
  wanted_company int, run bigint, document_on date, series bigint, wanted_grouping text, stamp jsonb) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.make_preview, whose tables `due`, `vat_of` and `document` it reads. References are held by set, then written unchecked.
declare
  me int := sec.person_id();
begin
  perform billing.hold(wanted_company, 'customers.customer', 'customer_id', 'select customer_id from document');
  perform billing.hold(wanted_company, 'customers.contract', 'contract_id', 'select contract_id from due');
  perform billing.hold(wanted_company, 'customers.service', 'service_id', 'select service_id from due');
  perform billing.hold(wanted_company, 'base.vat_code', 'vat_code_id', 'select vat_code_id from vat_of');
  perform billing.hold(wanted_company, 'base.payment_term', 'payment_term_id', 'select payment_term_id from document');
  perform billing.hold(wanted_company, 'base.document_series', 'document_series_id', format('select %s::bigint', series));
  if exists (select from document where site_id is not null) then
    perform billing.hold(wanted_company, 'customers.site', 'site_id', 'select site_id from document');
  end if;
  insert into billing.invoice (company_id, invoice_id, billing_run_id, state, document_series_id, year, document_on, customer_id, contract_id,
    payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount, stamp_amount, is_excluded, exclusion_reason, group_key, site_id,
    document_type, created_by)
  overriding system value
  select wanted_company, d.invoice_id, run, 'draft', series, extract(year from document_on)::int, document_on, d.customer_id,
         d.own_contract_id,
         coalesce(d.payment_term_id, (select min(payment_term_id) from base.payment_term where company_id = wanted_company)), d.buyer,
         t.net_amount, t.vat_amount, t.net_amount + t.vat_amount, t.net_amount + t.vat_amount - t.split_amount,
         case when t.stampable > (stamp ->> 'over')::numeric then (stamp ->> 'amount')::numeric else 0 end,
         d.reason <> '', d.reason, d.group_id, d.site_id, d.document_type, me
  from document as d
  join (select group_id, sum(net_amount) as net_amount, sum(vat_amount) as vat_amount,
               coalesce(sum(vat_amount) filter (where exigibility = 'S'), 0) as split_amount,
               coalesce(sum(net_amount) filter (where stamp -> 'natures' ? nature), 0) as stampable
        from vat_of group by group_id) as t using (group_id)
  order by d.invoice_id;
  insert into billing.invoice_line (company_id, invoice_id, line_no, service_id, description, period_start, period_end, quantity, unit_price,
    line_amount, vat_code_id, created_by)
  select wanted_company, d.invoice_id, row_number() over (partition by d.invoice_id order by due.contract_id, due.service_id, due.covered_start),
         due.service_id, due.description, due.covered_start, due.covered_end, due.quantity, due.unit_price, due.line_amount, due.vat_code_id, me
  from due join document as d using (group_id)
  where due.charge_no is null;  -- lines of items: billing.write_charges
  insert into billing.invoice_vat (company_id, invoice_id, vat_code_id, rate, nature, exigibility, net_amount, vat_amount, created_by)
  select wanted_company, d.invoice_id, v.vat_code_id, v.rate, v.nature, v.exigibility, v.net_amount, v.vat_amount, me
  from vat_of as v join document as d using (group_id)
  order by d.invoice_id, v.vat_code_id;
end $$;

create or replace function billing.tax_run(wanted_company int, run bigint, document_on date) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' as $$
-- Part of billing.make_preview, whose tables `due`, `vat_of` and `document` it reads, after billing.write_drafts. The drafts of customers with tax
-- rules of their own, of contracts with orders and tenders, and those without VAT on a letter of intent; all others are right as written.
declare
  special bigint[];
begin
  with particular as (
    select k.customer_id from customers.customer as k
    where k.company_id = wanted_company
      and (k.is_withholding or k.is_stamp_charged or k.vat_code_id is not null or k.order_reference <> '' or k.cig_code <> '' or k.cup_code <> ''
           or k.administration_reference <> '')
      and (k.is_withholding or k.order_reference <> '' or k.cig_code <> '' or k.cup_code <> ''
           or k.administration_reference <> '' or (k.vat_code_id is not null and k.exemption_reference <> ''))
    union all
    select p.party_id from registry.party as p where p.company_id = wanted_company and p.kind = 'condominium'
    union all
    select t.customer_id from customers.intent_letter as t
    where t.company_id = wanted_company and tax_run.document_on between t.valid_from and t.valid_to
    union all
    select u.customer_id from due as u
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = u.customer_id and k.vat_code_id <> u.vat_code_id
    where k.is_withholding or k.is_stamp_charged or k.vat_code_id is not null or k.order_reference <> '' or k.cig_code <> '' or k.cup_code <> ''
      or k.administration_reference <> ''
    union all
    select d.customer_id from vat_of as v
    join document as d using (group_id)
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = d.customer_id
    where v.nature <> '' and (v.nature = 'N3.5' or k.is_stamp_charged)
    union all
    select c.customer_id from customers.contract as c
    where c.company_id = wanted_company and (c.order_reference <> '' or c.cig_code <> '' or c.cup_code <> ''))
  select array_agg(d.invoice_id order by d.invoice_id) into special
  from document as d where d.customer_id in (select customer_id from particular);
  if special is not null then
    perform billing.propose_taxes(wanted_company, special);
  end if;
end $$;
