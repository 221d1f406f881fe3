-- Effect batches (RiBa), written only by functions of cms_bookkeeper.

create schema bank_effects;
grant usage on schema bank_effects to cms_people, cms_search, cms_bookkeeper;
grant create on schema bank_effects to cms_search, cms_bookkeeper;

create table bank_effects.effect_batch (
  company_id       int    not null references base.company,
  effect_batch_id  bigint generated always as identity,
  number           text   not null,
  kind             text   not null default 'riba' check (kind in ('riba')),
  state            text   not null check (state in ('open', 'presented', 'cancelled')),
  bank_account_id  bigint not null,
  due_from         date   not null,
  due_to           date   not null,
  effect_count     int    not null default 0,
  total_amount     numeric(14,2) not null default 0,
  file_name        text,
  file_content     bytea,
  presented_at     timestamptz,
  presented_by     int,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, effect_batch_id),
  foreign key (company_id, bank_account_id) references base.bank_account,
  unique (company_id, number)
);
call sec.protect('bank_effects.effect_batch', 'bank_effects', 'guarded', 'summary');

create table bank_effects.effect (
  company_id       int    not null,
  effect_id        bigint generated always as identity,
  effect_batch_id  bigint not null,
  customer_id      bigint not null,
  receipt_number   bigint not null,
  due_on           date   not null,
  amount           numeric(14,2) not null check (amount > 0),
  debtor           jsonb  not null,
  debtor_abi       text   not null check (debtor_abi ~ '^[0-9]{5}$'),
  debtor_cab       text   not null check (debtor_cab ~ '^[0-9]{5}$'),
  reference        text   not null,
  state            text   not null default 'presented' check (state in ('presented', 'paid', 'unpaid', 'recalled', 'cancelled')),
  outcome_on       date,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, effect_id),
  foreign key (company_id, effect_batch_id) references bank_effects.effect_batch,
  foreign key (company_id, customer_id) references customers.customer,
  unique (company_id, receipt_number)
);
create index effect_of_batch on bank_effects.effect (company_id, effect_batch_id, effect_id);
create index effect_by_due on bank_effects.effect (company_id, due_on, effect_id);
create index effect_of_customer on bank_effects.effect (company_id, customer_id, due_on);
call sec.protect('bank_effects.effect', 'bank_effects', 'guarded', 'summary');

create table bank_effects.effect_item (
  company_id    int    not null,
  effect_id     bigint not null,
  open_item_id  bigint not null,
  amount        numeric(14,2) not null check (amount > 0),
  is_living     boolean not null default true,
  created_by    int,
  primary key (company_id, effect_id, open_item_id),
  foreign key (company_id, effect_id) references bank_effects.effect,
  foreign key (company_id, open_item_id) references ledger.open_item
);
-- one open item is never in two living presentations
create unique index item_presented_once on bank_effects.effect_item (company_id, open_item_id) where is_living;
call sec.protect('bank_effects.effect_item', 'bank_effects', 'guarded', 'summary');
