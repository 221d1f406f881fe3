-- Kinds of notices (may_wait: may be muted or kept for the daily summary), and the records that notes and attachments may hang on.
insert into base.notice_kind (kind, module, may_wait, sort_order) values
  ('registry.note', 'registry', true, 10),
  ('registry.task', 'registry', false, 20),
  ('registry.task_due', 'registry', false, 30),
  ('registry.reminder', 'registry', false, 40),
  ('registry.task_done', 'registry', true, 50),
  ('registry.task_moved', 'registry', true, 60),
  ('base.integrity', 'base', false, 110),
  ('customers.notice_by', 'customers', true, 210),
  ('customers.expiry', 'customers', true, 220),
  ('customers.renewal', 'customers', true, 230),
  ('customers.price_clause', 'customers', true, 240),
  ('customers.deposit', 'customers', true, 250)
on conflict (kind) do update set module = excluded.module, may_wait = excluded.may_wait, sort_order = excluded.sort_order;

insert into registry.subject_kind (subject_table, key_column, party_column, read_function) values
  ('registry.party', 'party_id', 'party_id', 'registry.read'),
  ('registry.note', 'note_id', 'party_id', 'registry.read'),
  ('customers.customer', 'customer_id', 'customer_id', 'customers.read'),
  ('customers.contract', 'contract_id', 'customer_id', 'customers.read'),
  ('customers.service', 'service_id', '', 'customers.read'),
  ('customers.site', 'site_id', 'customer_id', 'customers.read'),
  ('customers.plant', 'plant_id', '', 'customers.read'),
  ('customers.held_key', 'held_key_id', '', 'customers.read'),
  ('customers.mandate', 'mandate_id', 'customer_id', 'customers.read'),
  ('customers.intent_letter', 'intent_letter_id', 'customer_id', 'customers.read'),
  ('ledger.account', 'account_id', '', 'ledger.read'),
  ('ledger.journal_entry', 'journal_entry_id', '', 'ledger.read'),
  ('ledger.open_item', 'open_item_id', 'customer_id', 'ledger.read'),
  ('ledger.payment', 'payment_id', 'customer_id', 'ledger.read'),
  ('billing.billing_run', 'billing_run_id', '', 'billing.read'),
  ('billing.invoice', 'invoice_id', 'customer_id', 'billing.read'),
  ('bank_effects.effect_batch', 'effect_batch_id', '', 'bank_effects.read'),
  ('bank_effects.effect', 'effect_id', 'customer_id', 'bank_effects.read'),
  ('base.bank_account', 'bank_account_id', '', 'base.read'),
  ('base.payment_term', 'payment_term_id', '', 'base.read'),
  ('base.vat_code', 'vat_code_id', '', 'base.read')
on conflict (subject_table) do update
  set key_column = excluded.key_column, party_column = excluded.party_column, read_function = excluded.read_function;
