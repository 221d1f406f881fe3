-- Payments as people register them: allocated, released, bounced, written off, set off against credit notes, paid back.
-- needs: ledger

alter table ledger.payment
  drop constraint payment_amount_check,
  add column kind text not null default 'receipt' check (kind in ('receipt', 'write_off', 'compensation', 'refund')),
  add column reference text not null default '',
  add column unallocated_amount numeric(14,2) not null default 0 check (unallocated_amount >= 0),
  add column bounced_on date,
  add column bounce_reason text not null default '',
  add column refunds_id bigint,
  add column bank_line_key text,
  add constraint payment_refunds_fkey foreign key (company_id, refunds_id) references ledger.payment (company_id, payment_id),
  add constraint payment_amount_check check (amount > 0 or kind = 'compensation' and amount = 0),
  add constraint refund_names_what_it_pays_back check ((kind = 'refund') = (refunds_id is not null));
-- the same line of a bank statement is one payment, however often the statement is read
create unique index bank_line_once on ledger.payment (company_id, bank_line_key) where bank_line_key is not null;
create index payment_unallocated on ledger.payment (company_id, customer_id, payment_id) where unallocated_amount > 0;

-- an allocation counts from its own day: what was open on a past day stays known. A release or a bounce is a row of its own.
alter table ledger.allocation
  drop constraint allocation_company_id_payment_id_open_item_id_key,
  add column on_date date not null default current_date;
create index allocation_of_payment on ledger.allocation (company_id, payment_id, open_item_id);
create index allocation_by_date on ledger.allocation (company_id, on_date, open_item_id) include (amount);
set local role cms_bookkeeper;
update ledger.allocation as a set on_date = p.on_date
from ledger.payment as p where p.company_id = a.company_id and p.payment_id = a.payment_id and a.on_date <> p.on_date;
update ledger.payment as p set unallocated_amount = p.amount - t.used
from (select company_id, payment_id, coalesce(sum(a.amount), 0) as used
      from ledger.payment left join ledger.allocation as a using (company_id, payment_id) group by 1, 2) as t
where p.company_id = t.company_id and p.payment_id = t.payment_id and p.amount <> t.used;
set local role cms_owner;

alter table ledger.journal_entry
  drop constraint journal_entry_source_check,
  add constraint journal_entry_source_check check (
    source in ('invoice', 'payment', 'payment_bounced', 'effect_batch', 'effect_outcome', 'manual'));

-- a bank statement names documents and debtors' accounts
create index open_item_by_document on ledger.open_item (company_id, document_number) where settled_amount <> amount;
create index customer_by_iban on customers.customer (company_id, iban) where iban <> '';
