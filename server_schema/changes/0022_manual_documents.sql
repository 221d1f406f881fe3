-- Documents made by hand: drafts of invoices, credit and debit notes, pro-forma, self-invoices; credit notes of a whole run.
-- needs: billing

-- Two people never write the same draft over each other. A pro-forma is a draft with a number of its own, outside the books.
-- A self-invoice has a supplier instead of a customer, and the invoice it was made for.
alter table billing.invoice
  add column row_version       int     not null default 1,
  add column is_vat_by_hand    boolean not null default false,
  add column pro_forma_number  text,
  add column pro_forma_on      date,
  add column compensates       boolean not null default false,
  add column releases_periods  boolean not null default false,
  add column supplier_id       bigint,
  add column supplier          jsonb,
  add column received_number   text    not null default '',
  add column received_on       date,
  alter column customer_id     drop not null,
  alter column payment_term_id drop not null,
  add foreign key (company_id, supplier_id) references registry.party,
  add constraint self_invoice_has_a_supplier check (
    (document_type in ('TD16', 'TD17', 'TD18', 'TD19', 'TD20')) = (supplier_id is not null)
    and (supplier_id is null) = (customer_id is not null) and (supplier_id is null) = (supplier is null)
    and (supplier_id is not null or payment_term_id is not null)),
  add constraint pro_forma_is_numbered_and_dated check ((pro_forma_number is null) = (pro_forma_on is null)),
  add constraint credit_note_is_negative check (document_type <> 'TD04' or total_amount <= 0);
comment on column billing.invoice.is_vat_by_hand is 'VAT codes of the lines stay as they were chosen, whatever title or letter of intent the customer has.';
comment on column billing.invoice.compensates is 'Credit note: it is set off against what is open of its invoice when it is issued.';
comment on column billing.invoice.releases_periods is 'Credit note: periods of services that it credits in full can be billed again.';
create index draft_by_hand on billing.invoice (company_id, invoice_id) where state = 'draft' and billing_run_id is null;
create index self_invoice_of_supplier on billing.invoice (company_id, supplier_id, document_on) where supplier_id is not null;
create unique index pro_forma_number_once on billing.invoice (company_id, pro_forma_number) where pro_forma_number is not null;

-- A line holds its period: nobody bills it again. Lines of credit notes hold none; a line credited in full may let its own go.
alter table billing.invoice_line add column holds_period boolean not null default true;
drop index billing.period_billed_once;
-- one index for the rule and for whoever asks which lines a service has: a line that holds nothing is alone by its own place
create unique index period_billed_once on billing.invoice_line (
  company_id, service_id, period_start, (case when holds_period then 0 else invoice_id * 32768 + line_no end)) include (period_end)
  where service_id is not null;
create trigger keep_service_billing_change after update on billing.invoice_line referencing old table as rows_before new table as rows_now
  for each statement execute function billing.keep_service_billing();
alter table billing.invoice_line enable always trigger keep_service_billing_change;

-- delivery: the transport document or the works behind a deferred invoice (TD24, TD25)
alter table billing.invoice_reference
  drop constraint invoice_reference_kind_check,
  add constraint invoice_reference_kind_check check (kind in ('order', 'contract', 'agreement', 'receipt', 'invoice', 'delivery'));

-- the run whose invoices this run credits
alter table billing.billing_run
  add column credits_run_id bigint,
  add foreign key (company_id, credits_run_id) references billing.billing_run;
create index run_that_credits on billing.billing_run (company_id, credits_run_id) where credits_run_id is not null;
