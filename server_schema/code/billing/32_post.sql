-- role: cms_bookkeeper

create or replace function billing.post_invoices(wanted_company int, run bigint) returns void
language plpgsql security definer set search_path = '' set work_mem = '128MB' set session_replication_role = 'replica' as $$
-- Part of billing.issue_documents, whose table `issued` it reads: its invoices, which this transaction has locked, hold their customers.
-- Receivable (what the customer pays), split VAT and withholdings on the left; revenue, VAT due now and VAT due on collection on the right.
declare
  me int := sec.person_id();
  r  jsonb := ledger.accounts_by_role(wanted_company, array['receivable', 'revenue', 'vat_sales', 'vat_suspended', 'vat_split']
         || case when exists (select from issued where withholding_amount <> 0) then '{withholding}'::text[] else '{}' end
         || case when exists (select from issued where rounding_amount <> 0) then '{rounding}'::text[] else '{}' end);
begin
  perform billing.hold(wanted_company, 'ledger.account', 'account_id', format('select value::bigint from jsonb_each_text(%L)', r));
  insert into ledger.journal_entry (company_id, journal_entry_id, on_date, description, source, source_id, created_by)
  overriding system value
  select wanted_company, entry_id, document_on, 'Fattura ' || document_number || ' ' || name, 'invoice', invoice_id, me
  from issued order by entry_id;
  insert into ledger.journal_line (company_id, journal_entry_id, line_no, account_id, customer_id, debit_amount, credit_amount, created_by)
  select wanted_company, i.entry_id, l.line_no, l.account_id, case l.line_no when 1 then i.customer_id end, l.debit, l.credit, me
  from issued as i
  left join (select v.invoice_id, coalesce(sum(v.vat_amount) filter (where v.exigibility = 'S'), 0) as split,
                    coalesce(sum(v.vat_amount) filter (where v.exigibility = 'D'), 0) as later
             from billing.invoice_vat as v
             join billing.invoice as o on o.company_id = wanted_company and o.billing_run_id = run and o.invoice_id = v.invoice_id
             where v.company_id = wanted_company and v.exigibility <> 'I'
             group by v.invoice_id) as v on v.invoice_id = i.invoice_id
  cross join lateral (values
    (1, (r ->> 'receivable')::bigint,    i.payable_amount,                    0::numeric),
    (2, (r ->> 'vat_split')::bigint,     coalesce(v.split, 0),                0::numeric),
    (3, (r ->> 'revenue')::bigint,       0::numeric,                          i.net_amount),
    (4, (r ->> 'vat_sales')::bigint,     0::numeric,                          i.vat_amount - coalesce(v.later, 0)),
    (5, (r ->> 'vat_suspended')::bigint, 0::numeric,                          coalesce(v.later, 0)),
    (6, (r ->> 'withholding')::bigint,   i.withholding_amount,                0::numeric),
    (7, (r ->> 'rounding')::bigint,      greatest(-i.rounding_amount, 0),     greatest(i.rounding_amount, 0))
  ) as l(line_no, account_id, debit, credit)
  where l.debit <> 0 or l.credit <> 0
  order by i.entry_id, l.line_no;
end $$;
