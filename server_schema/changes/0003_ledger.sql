-- Chart of accounts, journal, open items, payments. Written only by functions of cms_bookkeeper.

create schema ledger;
grant usage on schema ledger to cms_people, cms_search, cms_bookkeeper;
grant create on schema ledger to cms_search, cms_bookkeeper;

create table ledger.account (
  company_id   int    not null references base.company,
  account_id   bigint generated always as identity,
  code         text   not null check (btrim(code) <> ''),
  name         text   not null,
  kind         text   not null check (kind in ('asset', 'liability', 'income', 'expense')),
  role         text   not null default '' check (role in ('', 'receivable', 'revenue', 'vat_sales', 'vat_suspended', 'vat_split', 'bank',
                      'cash', 'effects', 'effects_advance', 'effects_unpaid', 'bank_fees', 'rounding', 'withholding', 'stamp_duty')),
  created_at   timestamptz not null default now(),
  created_by   int default sec.person_id(),
  changed_at   timestamptz,
  changed_by   int,
  row_version  int not null default 1,
  primary key (company_id, account_id),
  unique (company_id, code)
);
create unique index one_account_per_role on ledger.account (company_id, role) where role <> '';
call sec.protect('ledger.account', 'ledger');

create table ledger.journal_entry (
  company_id        int    not null references base.company,
  journal_entry_id  bigint generated always as identity,
  on_date           date   not null,
  description       text   not null,
  source            text   not null check (source in ('invoice', 'payment', 'effect_batch', 'effect_outcome', 'manual')),
  source_id         bigint not null,
  created_at        timestamptz not null default now(),
  created_by        int,
  primary key (company_id, journal_entry_id),
  unique (company_id, source, source_id)
);
create index entry_by_date on ledger.journal_entry (company_id, on_date, journal_entry_id);
call sec.protect('ledger.journal_entry', 'ledger', 'guarded', 'summary');

create table ledger.journal_line (
  company_id        int      not null,
  journal_entry_id  bigint   not null,
  line_no           smallint not null,
  account_id        bigint   not null,
  customer_id       bigint,
  debit_amount      numeric(14,2) not null default 0 check (debit_amount >= 0),
  credit_amount     numeric(14,2) not null default 0 check (credit_amount >= 0),
  created_by        int,
  primary key (company_id, journal_entry_id, line_no),
  foreign key (company_id, journal_entry_id) references ledger.journal_entry,
  foreign key (company_id, account_id) references ledger.account,
  constraint a_line_has_one_side check ((debit_amount = 0) <> (credit_amount = 0))
);
create index line_of_account on ledger.journal_line (company_id, account_id, journal_entry_id);
call sec.protect('ledger.journal_line', 'ledger', 'guarded', 'summary');

create table ledger.open_item (
  company_id        int    not null,
  open_item_id      bigint generated always as identity,
  customer_id       bigint not null,
  source            text   not null check (source in ('invoice', 'unpaid_effect', 'manual')),
  source_id         bigint not null,
  installment       smallint not null,
  document_number   text   not null,
  document_on       date   not null,
  due_on            date   not null,
  method            text   not null,
  amount            numeric(14,2) not null check (amount <> 0),
  settled_amount    numeric(14,2) not null default 0,
  open_amount       numeric(14,2) not null generated always as (amount - settled_amount) stored,
  created_at        timestamptz not null default now(),
  created_by        int,
  primary key (company_id, open_item_id),
  foreign key (company_id, customer_id) references customers.customer,
  unique (company_id, source, source_id, installment),
  constraint open_item_is_not_over_paid check (settled_amount between least(0, amount) and greatest(0, amount))
);
create index open_item_due on ledger.open_item (company_id, due_on, open_item_id) include (customer_id, open_amount) where settled_amount <> amount;
create index open_item_of_customer on ledger.open_item (company_id, customer_id) include (open_amount, due_on) where settled_amount <> amount;
create index item_of_customer on ledger.open_item (company_id, customer_id, due_on);
call sec.protect('ledger.open_item', 'ledger', 'guarded', 'summary');

create table ledger.payment (
  company_id       int    not null references base.company,
  payment_id       bigint generated always as identity,
  customer_id      bigint not null,
  on_date          date   not null,
  method           text   not null,
  amount           numeric(14,2) not null check (amount > 0),
  description      text   not null default '',
  bank_account_id  bigint,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, payment_id),
  foreign key (company_id, customer_id) references customers.customer,
  foreign key (company_id, bank_account_id) references base.bank_account
);
create index payment_of_customer on ledger.payment (company_id, customer_id, on_date);
create index payment_by_date on ledger.payment (company_id, on_date, payment_id);
call sec.protect('ledger.payment', 'ledger', 'guarded', 'summary');

create table ledger.allocation (
  company_id     int    not null,
  allocation_id  bigint generated always as identity,
  payment_id     bigint not null,
  open_item_id   bigint not null,
  amount         numeric(14,2) not null check (amount <> 0),
  created_at     timestamptz not null default now(),
  created_by     int,
  primary key (company_id, allocation_id),
  foreign key (company_id, payment_id) references ledger.payment,
  foreign key (company_id, open_item_id) references ledger.open_item,
  unique (company_id, payment_id, open_item_id)
);
create index allocation_of_item on ledger.allocation (company_id, open_item_id);
call sec.protect('ledger.allocation', 'ledger', 'guarded', 'summary');
