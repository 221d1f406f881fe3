-- Parties, customers, contracts, services.

create schema registry;
create schema customers;
grant usage on schema registry, customers to cms_people, cms_search, cms_bookkeeper;
grant create on schema registry, customers to cms_search, cms_bookkeeper;

create function base.fold(words text) returns text
language sql immutable strict parallel safe as $$
  select pg_catalog.lower(pg_catalog.translate($1,
    'ÀÁÂÃÄÅàáâãäåÈÉÊËèéêëÌÍÎÏìíîïÒÓÔÕÖòóôõöÙÚÛÜùúûüÇçÑñ''’`´',
    'AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOoooooUUUUuuuuCcNn    '))
$$;
comment on function base.fold(text) is 'The form in which names are searched: small letters, no accents, apostrophes as spaces.';
grant execute on function base.fold(text) to public;

create table registry.party (
  company_id     int    not null references base.company,
  party_id       bigint generated always as identity,
  kind           text   not null default 'company'
                 check (kind in ('company', 'sole_trader', 'person', 'public_body', 'condominium')),
  name           text   not null check (btrim(name) <> ''),
  search_key     text   collate "C" not null generated always as (base.fold(name)) stored,
  search_text    text   not null generated always as
                 (base.fold(name) || ' ' || coalesce(vat_number, '') || ' ' || lower(coalesce(tax_code, '')) || ' ' || base.fold(town)) stored,
  first_name     text   not null default '',
  last_name      text   not null default '',
  vat_country    text   not null default 'IT' check (vat_country ~ '^[A-Z]{2}$'),
  vat_number     text   check (vat_number ~ '^[0-9A-Z]{2,28}$'),
  tax_code       text   check (tax_code ~ '^([0-9]{11}|[A-Z0-9]{16})$'),
  street         text   not null default '',
  street_number  text   not null default '',
  postal_code    text   not null default '',
  town           text   not null default '',
  istat_code     text   references base.town,
  province_code  text   not null default '',
  country        text   not null default 'IT' check (country ~ '^[A-Z]{2}$'),
  phone          text   not null default '',
  email          text   not null default '',
  pec            text   not null default '',
  website        text   not null default '',
  notes          text   not null default '',
  created_at     timestamptz not null default now(),
  created_by     int default sec.person_id(),
  changed_at     timestamptz,
  changed_by     int,
  row_version    int not null default 1,
  primary key (company_id, party_id)
);
create index party_by_name on registry.party (company_id, search_key, party_id);
create index party_by_vat on registry.party (company_id, vat_number) where vat_number is not null;
create index party_by_tax_code on registry.party (company_id, tax_code) where tax_code is not null;
create index party_by_town on registry.party (company_id, town, party_id);
create index party_by_text on registry.party using gin (company_id, search_text ext.gin_trgm_ops);
call sec.protect('registry.party', 'registry');

create table customers.customer (
  company_id        int    not null,
  customer_id       bigint not null,
  code              text   not null check (btrim(code) <> ''),
  state             text   not null default 'active' check (state in ('prospect', 'active', 'suspended', 'terminating', 'terminated')),
  since_on          date   not null default current_date,
  recipient_code    text   not null default '' check (recipient_code ~ '^([A-Z0-9]{6,7})?$'),
  is_split_payment  boolean not null default false,
  is_withholding    boolean not null default false,
  is_stamp_charged  boolean not null default false,
  vat_code_id       bigint,
  payment_term_id   bigint,
  iban              text   not null default '' check (iban ~ '^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$'),
  bank_name         text   not null default '',
  created_at        timestamptz not null default now(),
  created_by        int default sec.person_id(),
  changed_at        timestamptz,
  changed_by        int,
  row_version       int not null default 1,
  primary key (company_id, customer_id),
  foreign key (company_id, customer_id) references registry.party (company_id, party_id),
  foreign key (company_id, vat_code_id) references base.vat_code,
  foreign key (company_id, payment_term_id) references base.payment_term,
  unique (company_id, code)
);
create index customer_by_state on customers.customer (company_id, state, customer_id);
call sec.protect('customers.customer', 'customers');

-- what a customer owes; filled by the books (ledger), read here so that lists can sort and filter on it
create table customers.balance (
  company_id     int    not null,
  customer_id    bigint not null,
  open_amount    numeric(14,2) not null default 0,
  oldest_due_on  date,
  primary key (company_id, customer_id),
  foreign key (company_id, customer_id) references customers.customer
);
create index balance_by_amount on customers.balance (company_id, open_amount, customer_id);
alter table customers.balance enable row level security;
alter table customers.balance force row level security;
create policy may_read on customers.balance for select to cms_people using (company_id = any ((select sec.companies('customers.read'))::int[]));
grant select on customers.balance to cms_people, cms_search;
grant select, insert, update, delete on customers.balance to cms_bookkeeper;

create table customers.contract (
  company_id       int    not null,
  contract_id      bigint generated always as identity,
  customer_id      bigint not null,
  number           text   not null check (btrim(number) <> ''),
  title            text   not null default '',
  state            text   not null default 'active' check (state in ('draft', 'active', 'suspended', 'terminated')),
  starts_on        date   not null,
  ends_on          date,
  payment_term_id  bigint,
  order_reference  text   not null default '',
  cig_code         text   not null default '' check (cig_code ~ '^([A-Z0-9]{10})?$'),
  cup_code         text   not null default '' check (cup_code ~ '^([A-Z0-9]{15})?$'),
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, contract_id),
  foreign key (company_id, customer_id) references customers.customer,
  foreign key (company_id, payment_term_id) references base.payment_term,
  unique (company_id, number),
  constraint contract_ends_after_it_starts check (ends_on is null or ends_on >= starts_on)
);
create index contract_of_customer on customers.contract (company_id, customer_id, contract_id);
call sec.protect('customers.contract', 'customers');

create table customers.service (
  company_id        int    not null,
  service_id        bigint generated always as identity,
  contract_id       bigint not null,
  description       text   not null check (btrim(description) <> ''),
  quantity          numeric(12,3) not null default 1 check (quantity > 0),
  monthly_price     numeric(14,4) not null check (monthly_price >= 0),
  vat_code_id       bigint not null,
  frequency_months  int    not null check (frequency_months in (1, 2, 3, 4, 6, 12)),
  anchor_month      int    not null default 1 check (anchor_month between 1 and 12),
  is_in_advance     boolean not null default true,
  starts_on         date   not null,
  ends_on           date,
  is_suspended      boolean not null default false,
  created_at        timestamptz not null default now(),
  created_by        int default sec.person_id(),
  changed_at        timestamptz,
  changed_by        int,
  row_version       int not null default 1,
  primary key (company_id, service_id),
  foreign key (company_id, contract_id) references customers.contract,
  foreign key (company_id, vat_code_id) references base.vat_code,
  constraint service_ends_after_it_starts check (ends_on is null or ends_on >= starts_on)
);
create index service_of_contract on customers.service (company_id, contract_id, service_id);
call sec.protect('customers.service', 'customers');
