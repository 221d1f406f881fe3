-- role: cms_owner
-- Every table that holds rows of a party, and what happens to them in a merge and in an erasure. A test holds the list complete: it looks up
-- in the catalogue every table from which a party can be reached by foreign keys. A module that adds such a table adds its line here.
--
-- owned_by: the rows of some parties, with $1 the company and $2 their ids.
-- on_merge: 'move' (the reference passes to the survivor), 'stay' (books and history stay under the party they were written with),
--           'with' (hangs on a row that moves or stays). moves_if: a further condition on the row t, with $2 the survivor.
-- on_erasure: 'keep', 'clear' (texts emptied by registry.erase_person), 'delete'.
-- kept_for: the rule by which rows stay, shown in the report.

create or replace function registry.tables_of_person()
returns table (table_name text, reference text, owned_by text, on_merge text, moves_if text, on_erasure text, kept_for text)
language sql immutable set search_path = '' as $$
  values
    ('registry.party', 'survivor_id', 'party_id = any ($2)', 'move', '', 'clear', ''),
    ('registry.party_role', 'party_id', 'party_id = any ($2)', 'move',
      'until_on is not null or not exists (select from registry.party_role as o where o.company_id = t.company_id and o.party_id = $2 and o.role = t.role and o.until_on is null)',
      'keep', 'relation'),
    ('registry.contact_person', 'party_id', 'party_id = any ($2)', 'move', '', 'clear', ''),
    ('registry.refusal', 'party_id', 'party_id = any ($2)', 'move',
      'withdrawn_on is not null or t.contact_person_id is not null or not exists (select from registry.refusal as o where o.company_id = t.company_id and o.party_id = $2 and o.channel = t.channel and o.contact_person_id is null and o.withdrawn_on is null)',
      'keep', 'objection'),
    ('registry.privacy_request', 'party_id', 'party_id = any ($2)', 'stay', '', 'keep', 'accountability'),
    ('registry.twin', 'party_id', 'party_id = any ($2) or other_id = any ($2)', 'stay', '', 'delete', ''),
    ('registry.twin', 'other_id', '', 'stay', '', 'delete', ''),
    ('registry.merge', 'survivor_id', 'survivor_id = any ($2) or merged_id = any ($2)', 'stay', '', 'clear', ''),
    ('registry.merge', 'merged_id', '', 'stay', '', 'clear', ''),
    ('registry.merge_row', '', 'merge_id in (select merge_id from registry.merge where company_id = $1 and (survivor_id = any ($2) or merged_id = any ($2)))',
      'with', '', 'clear', ''),
    ('customers.customer', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'contract'),
    ('customers.balance', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('customers.contract', 'customer_id', 'customer_id = any ($2)', 'move', '', 'keep', 'contract'),
    ('customers.service', '', 'contract_id in (select contract_id from customers.contract where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'contract'),
    ('registry.note', 'party_id', 'party_id = any ($2) and registry.may_see_note($1, note_id)', 'move', '', 'clear', ''),
    ('registry.note_event', '',
      'note_id in (select note_id from registry.note where company_id = $1 and party_id = any ($2) and registry.may_see_note($1, note_id))', 'with', '', 'clear', ''),
    ('registry.attachment', 'party_id', 'party_id = any ($2)', 'move', '', 'clear', 'contract'),
    ('registry.time_cost', 'party_id', 'party_id = any ($2)', 'move', '', 'keep', 'books'),
    ('customers.site', 'customer_id', 'customer_id = any ($2)', 'move', '', 'keep', 'contract'),
    ('customers.site_contact', '', 'site_id in (select site_id from customers.site where company_id = $1 and customer_id = any ($2))', 'with', '', 'keep', 'contract'),
    ('customers.plant', '', 'site_id in (select site_id from customers.site where company_id = $1 and customer_id = any ($2))', 'with', '', 'keep', 'contract'),
    ('customers.held_key', '', 'site_id in (select site_id from customers.site where company_id = $1 and customer_id = any ($2))', 'with', '', 'keep', 'contract'),
    ('customers.mandate', 'customer_id', 'customer_id = any ($2)', 'move',
      'not exists (select from customers.mandate as o where o.company_id = t.company_id and o.customer_id = $2 and o.state in (''active'', ''suspended''))',
      'keep', 'books'),
    ('customers.mandate_amendment', '', 'mandate_id in (select mandate_id from customers.mandate where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('customers.intent_letter', 'customer_id', 'customer_id = any ($2)', 'move', '', 'keep', 'books'),
    ('customers.appointment', 'customer_id', 'customer_id = any ($2) or party_id = any ($2)', 'move',
      'not exists (select from customers.appointment as o where o.company_id = t.company_id and o.customer_id = $2)', 'keep', 'contract'),
    ('customers.appointment', 'party_id', '', 'move', '', 'keep', 'contract'),
    ('customers.life_cycle_event', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'contract'),
    ('customers.contract_transfer', 'from_customer_id', 'from_customer_id = any ($2) or to_customer_id = any ($2)', 'stay', '', 'keep', 'contract'),
    ('customers.contract_transfer', 'to_customer_id', '', 'stay', '', 'keep', 'contract'),
    ('customers.contract_renewal', '', 'contract_id in (select contract_id from customers.contract where company_id = $1 and customer_id = any ($2))', 'with', '', 'keep', 'contract'),
    ('customers.price_run_line', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'contract'),
    ('customers.service_billing', '', 'service_id in (select service_id from customers.service where company_id = $1 and contract_id in (select contract_id from customers.contract where company_id = $1 and customer_id = any ($2)))', 'with', '', 'keep', 'books'),
    ('customers.service_price', '', 'service_id in (select service_id from customers.service where company_id = $1 and contract_id in (select contract_id from customers.contract where company_id = $1 and customer_id = any ($2)))', 'with', '', 'keep', 'contract'),
    ('customers.service_suspension', '', 'service_id in (select service_id from customers.service where company_id = $1 and contract_id in (select contract_id from customers.contract where company_id = $1 and customer_id = any ($2)))', 'with', '', 'keep', 'contract'),
    ('billing.sdi_message', '',
      'transmission_id in (select transmission_id from billing.transmission where company_id = $1 and invoice_id in (select invoice_id from billing.invoice where company_id = $1 and customer_id = any ($2)))',
      'with', '', 'keep', 'books'),
    ('ledger.open_item', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('ledger.payment', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('ledger.allocation', '', 'payment_id in (select payment_id from ledger.payment where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('billing.run_exclusion', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('billing.invoice', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('billing.invoice', 'supplier_id', 'supplier_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('billing.invoice_line', '', 'invoice_id in (select invoice_id from billing.invoice where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('billing.invoice_vat', '', 'invoice_id in (select invoice_id from billing.invoice where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('billing.transmission', '', 'invoice_id in (select invoice_id from billing.invoice where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('bank_effects.effect', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('bank_effects.effect_item', '', 'effect_id in (select effect_id from bank_effects.effect where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books')
$$;
comment on function registry.tables_of_person() is 'Tables with rows of a party: how to find them, what a merge and an erasure do with them.';
grant execute on function registry.tables_of_person() to cms_people, cms_search, cms_bookkeeper;
grant execute on function sec.record_key(regclass) to cms_bookkeeper;
