-- Invariants that look at more than one row.
-- needs: ledger
-- needs: billing
create trigger check_balance after insert on ledger.journal_line referencing new table as rows_now
  for each statement execute function ledger.check_balance();
create trigger settle_items after insert on ledger.allocation referencing new table as rows_now
  for each statement execute function ledger.settle_items();
create trigger unsettle_items after delete on ledger.allocation referencing old table as rows_before
  for each statement execute function ledger.settle_items();
create trigger check_payment_use after insert on ledger.allocation referencing new table as rows_now
  for each statement execute function ledger.check_payment_use();
create trigger keep_balance_add after insert on ledger.open_item referencing new table as rows_now
  for each statement execute function ledger.keep_balance();
create trigger keep_balance_change after update on ledger.open_item referencing old table as rows_before new table as rows_now
  for each statement execute function ledger.keep_balance();
create trigger keep_balance_remove after delete on ledger.open_item referencing old table as rows_before
  for each statement execute function ledger.keep_balance();
create trigger keep_issued_final after update on billing.invoice referencing old table as rows_before
  for each statement execute function billing.keep_issued_final();
create trigger check_periods after insert on billing.invoice_line referencing new table as rows_now
  for each statement execute function billing.check_periods();
create trigger month_total_add after insert on billing.invoice referencing new table as rows_now
  for each statement execute function billing.keep_month_total();
create trigger month_total_change after update on billing.invoice referencing old table as rows_before new table as rows_now
  for each statement execute function billing.keep_month_total();
create trigger month_total_remove after delete on billing.invoice referencing old table as rows_before
  for each statement execute function billing.keep_month_total();
-- Bulk writers (billing.write_drafts, billing.post_invoices, billing.open_items) check their references by set and skip the row by row check
-- of foreign keys; every other trigger of the tables they write fires for them, too.
do $$
declare
  wanted record;
begin
  for wanted in
    select tgrelid::regclass as tab, tgname from pg_catalog.pg_trigger
    where not tgisinternal and tgrelid = any (array['billing.invoice', 'billing.invoice_line', 'billing.invoice_vat', 'ledger.journal_entry',
      'ledger.journal_line', 'ledger.open_item']::regclass[])
  loop
    execute format('alter table %s enable always trigger %I', wanted.tab, wanted.tgname);
  end loop;
end $$;
