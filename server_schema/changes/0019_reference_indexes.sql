-- Where a row is asked "who refers to you?": at every delete of a document, of an item, of a contract. Without these each question reads a
-- whole table, so that undoing a run of 100,000 invoices after years of files would read them all 100,000 times.
create index effect_of_item on bank_effects.effect_item (company_id, open_item_id);
create index file_of_invoice on billing.transmission (company_id, invoice_id);
create index invoice_of_contract on billing.invoice (company_id, contract_id) where contract_id is not null;
create index exclusion_of_run on billing.run_exclusion (company_id, billing_run_id);
create index exclusion_of_customer on billing.run_exclusion (company_id, customer_id);
