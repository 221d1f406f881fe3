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
    ('ledger.open_item', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('ledger.payment', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('ledger.allocation', '', 'payment_id in (select payment_id from ledger.payment where company_id = $1 and customer_id = any ($2))',
      'with', '', 'keep', 'books'),
    ('billing.run_exclusion', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
    ('billing.invoice', 'customer_id', 'customer_id = any ($2)', 'stay', '', 'keep', 'books'),
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
