-- VAT: definitive registers, VAT that falls due when it is collected, periodic settlements, stamp duty by quarter.
-- needs: ledger
-- needs: billing

-- A constraint that others may have widened, too: what it allows stays, the new values come beside it.
do $$
declare
  one record;
begin
  for one in
    select c.conrelid::regclass as tab, c.conname, substring(pg_catalog.pg_get_constraintdef(c.oid) from 7) as rule, w.wider
    from (values ('ledger.account', 'account_role_check', 'role in (''vat_purchases'', ''vat_due'', ''vat_interest'')'),
                 ('ledger.journal_entry', 'journal_entry_source_check', 'source in (''vat_collected'', ''vat_settlement'', ''vat_reopened'')'))
         as w(tab, conname, wider)
    join pg_catalog.pg_constraint as c on c.conrelid = w.tab::regclass and c.conname = w.conname
  loop
    execute format('alter table %s drop constraint %I, add constraint %2$I check (%s or %s)', one.tab, one.conname, one.rule, one.wider);
  end loop;
end $$;

-- VAT of exigibility D that fell due because money came in, or was taken back because an allocation was released
create table billing.vat_collection (
  company_id         int    not null,
  vat_collection_id  bigint generated always as identity,
  invoice_id         bigint not null,
  vat_code_id        bigint not null,
  payment_id         bigint not null,
  on_date            date   not null,
  due_on             date   not null check (due_on >= on_date),
  net_amount         numeric(14,2) not null,
  vat_amount         numeric(14,2) not null,
  created_at         timestamptz not null default now(),
  created_by         int,
  primary key (company_id, vat_collection_id),
  foreign key (company_id, invoice_id, vat_code_id) references billing.invoice_vat,
  foreign key (company_id, payment_id) references ledger.payment
);
create index vat_collection_by_date on billing.vat_collection (company_id, due_on, vat_collection_id);
create index vat_collection_of_invoice on billing.vat_collection (company_id, invoice_id);
create index vat_collection_of_payment on billing.vat_collection (company_id, payment_id);
call sec.protect('billing.vat_collection', 'billing', 'guarded', 'summary', 'ledger.read');

-- the settlement of a month or quarter; what it says is frozen when it is confirmed
create table billing.vat_settlement (
  company_id         int    not null references base.company,
  vat_settlement_id  bigint generated always as identity,
  period_start       date   not null,
  period_end         date   not null,
  state              text   not null default 'draft' check (state in ('draft', 'confirmed', 'reopened')),
  purchases_net      numeric(14,2) not null default 0,
  purchases_vat      numeric(14,2) not null default 0,
  year_credit        numeric(14,2) not null default 0 check (year_credit >= 0),
  tax_credits        numeric(14,2) not null default 0 check (tax_credits >= 0),
  advance_amount     numeric(14,2) not null default 0 check (advance_amount >= 0),
  active_net         numeric(14,2) not null default 0,
  passive_net        numeric(14,2) not null default 0,
  due_vat            numeric(14,2) not null default 0,
  deducted_vat       numeric(14,2) not null default 0,
  carried_debt       numeric(14,2) not null default 0,
  carried_credit     numeric(14,2) not null default 0,
  interest_amount    numeric(14,2) not null default 0,
  result_amount      numeric(14,2) not null default 0,
  is_carried         boolean not null default false,
  payable_on         date,
  snapshot           jsonb   not null default '{}',
  confirmed_at       timestamptz,
  confirmed_by       int,
  created_at         timestamptz not null default now(),
  created_by         int,
  primary key (company_id, vat_settlement_id),
  constraint settlement_period_is_whole_months check (
    extract(day from period_start) = 1 and period_end = (period_start + interval '1 month' - interval '1 day')::date
    or extract(day from period_start) = 1 and extract(month from period_start)::int % 3 = 1
       and period_end = (period_start + interval '3 months' - interval '1 day')::date)
);
create unique index settlement_of_period on billing.vat_settlement (company_id, period_start) where state <> 'reopened';
create index settlement_confirmed on billing.vat_settlement (company_id, period_end) where state = 'confirmed';
call sec.protect('billing.vat_settlement', 'billing', 'guarded', 'images', 'ledger.read');

-- a month of a register printed for good: its pages follow those of the months before, its documents may not change
create table billing.register_print (
  company_id          int    not null references base.company,
  register_print_id   bigint generated always as identity,
  register            text   not null check (register in ('sales', 'purchases', 'collected')),
  document_series_id  bigint,
  month_on            date   not null check (extract(day from month_on) = 1),
  first_page          int    not null check (first_page > 0),
  page_count          int    not null check (page_count > 0),
  row_count           int    not null,
  net_amount          numeric(14,2) not null,
  vat_amount          numeric(14,2) not null,
  sha256              bytea  not null check (length(sha256) = 32),
  created_at          timestamptz not null default now(),
  created_by          int,
  primary key (company_id, register_print_id),
  foreign key (company_id, document_series_id) references base.document_series,
  constraint only_sales_have_sections check ((register = 'sales') = (document_series_id is not null))
);
create unique index register_printed_once on billing.register_print (company_id, register, document_series_id, month_on) nulls not distinct;
call sec.protect('billing.register_print', 'billing', 'guarded', 'summary', 'ledger.read');

create index invoice_with_stamp on billing.invoice (company_id, document_on, invoice_id) include (stamp_amount)
  where state = 'issued' and stamp_amount <> 0;

create trigger vat_on_collection after insert on ledger.allocation referencing new table as rows_now
  for each statement execute function billing.move_deferred_vat();
create trigger keep_registers before update on base.document_counter
  for each row execute function billing.keep_registers();

-- what was collected of deferred VAT before there was this book
set local role cms_bookkeeper;
do $$
declare
  one record;
begin
  for one in
    select a.company_id, array_agg(a.allocation_id) as allocations
    from ledger.allocation as a join ledger.open_item as i using (company_id, open_item_id)
    where i.source = 'invoice' and exists (
      select from billing.invoice_vat as v where v.company_id = i.company_id and v.invoice_id = i.source_id and v.exigibility = 'D')
    group by 1
  loop
    perform billing.collect_deferred_vat(one.company_id, one.allocations);
  end loop;
end $$;
set local role cms_owner;

-- How many files stand in each state, and for how much: what the dashboard shows without a scan. A statement adds a row of what it moved, so
-- that nobody waits for anybody; rows that became many are packed into one. Kept by a trigger, proved by a consistency query.
create table billing.file_total (
  company_id     int    not null references base.company,
  file_total_id  bigint generated always as identity,
  state          text   not null,
  file_count     bigint not null,
  net_amount     numeric(16,2) not null,
  total_amount   numeric(16,2) not null,
  primary key (company_id, file_total_id)
);
alter table billing.file_total enable row level security;
alter table billing.file_total force row level security;
create policy may_read on billing.file_total for select to cms_people using (company_id = any ((select sec.companies('billing.read'))::int[]));
grant select on billing.file_total to cms_people, cms_search;
grant select, insert, update, delete on billing.file_total to cms_bookkeeper;
set local role cms_bookkeeper;
insert into billing.file_total (company_id, state, file_count, net_amount, total_amount)
select t.company_id, t.state, count(*), sum(i.net_amount), sum(i.total_amount)
from billing.transmission as t join billing.invoice as i using (company_id, invoice_id)
where i.supplier_id is null group by 1, 2;
set local role cms_owner;
create trigger file_total_add after insert on billing.transmission referencing new table as rows_now
  for each statement execute function billing.keep_file_total();
create trigger file_total_change after update on billing.transmission referencing old table as rows_before new table as rows_now
  for each statement execute function billing.keep_file_total();
create trigger file_total_remove after delete on billing.transmission referencing old table as rows_before
  for each statement execute function billing.keep_file_total();

-- what each customer was invoiced in a span of days, from this index alone
drop index billing.invoice_by_date;
create index invoice_by_date on billing.invoice (company_id, document_on, invoice_id) include (customer_id, net_amount) where state = 'issued';
-- drafts that cannot be issued, or were left out: few among many
create index draft_left_out on billing.invoice (company_id, billing_run_id) where exclusion_reason <> '';
