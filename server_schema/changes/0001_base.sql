-- Companies, persons, rights, fiscal tables, series, audit.

create schema base;
grant usage on schema base to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant create on schema base to cms_search, cms_bookkeeper, cms_role_keeper;

-- audit ---------------------------------------------------------------------------------------------------------------
create table base.audit_entry (
  company_id   int         not null,
  audit_id     bigint      generated always as identity,
  at           timestamptz not null default clock_timestamp(),
  person_id    int,
  login        text        not null,
  table_name   text        not null,
  operation    char(1)     not null check (operation in ('I', 'U', 'D')),
  row_count    bigint      not null,
  record_id    bigint,
  row_before   jsonb,
  primary key (company_id, audit_id)
);
create index audit_of_record on base.audit_entry (company_id, table_name, record_id, audit_id);
alter table base.audit_entry enable row level security;
alter table base.audit_entry force row level security;

-- reference tables without a company ------------------------------------------------------------------------------------
create table base.province (
  province_code  text primary key,
  name           text not null,
  region         text not null
);
create table base.town (
  istat_code      text primary key,
  cadastral_code  text not null,
  name            text not null,
  search_key      text collate "C" not null,
  province_code   text not null references base.province,
  valid_from      date,
  valid_to        date
);
create index town_by_name on base.town (search_key);
create table base.postal_code (
  postal_code  text not null check (postal_code ~ '^[0-9]{5}$'),
  istat_code   text not null references base.town,
  primary key (postal_code, istat_code)
);
create index postal_code_of_town on base.postal_code (istat_code);
create table base.function (
  function    text primary key check (function ~ '^[a-z_]+\.[a-z_]+$'),
  module      text not null,
  title       text not null,
  sort_order  int  not null
);
create table base.job_preset (
  preset    text not null,
  function  text not null references base.function,
  primary key (preset, function)
);
create table base.program (
  only_row                boolean primary key default true check (only_row),
  minimum_client_version  text not null default '0.1.0'
);
insert into base.program default values;
grant select on base.province, base.town, base.postal_code, base.function, base.job_preset, base.program
  to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on base.province, base.town, base.postal_code, base.function, base.job_preset, base.program to cms_bookkeeper;

-- persons and rights -----------------------------------------------------------------------------------------------------
create table base.person (
  person_id             int generated always as identity primary key,
  login                 text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]$'),
  role_name             text not null unique check (octet_length(role_name) <= 63),
  display_name          text not null check (btrim(display_name) <> ''),
  job_title             text not null default '',
  email                 text not null default '',
  rank                  text not null default 'User' check (rank in ('User', 'Resp', 'Power', 'Admin')),
  is_active             boolean not null default true,
  must_change_password  boolean not null default true,
  password_changed_at   timestamptz,
  expires_on            date,
  locked_until          timestamptz,
  created_at            timestamptz not null default now(),
  created_by            int references base.person,
  row_version           int not null default 1
);
create table base.password_history (
  person_id   int not null references base.person,
  set_at      timestamptz not null default clock_timestamp(),
  hash        text not null,
  primary key (person_id, set_at)
);
create table base.session (
  session_id      bigint generated always as identity primary key,
  person_id       int not null references base.person,
  opened_at       timestamptz not null default now(),
  backend_pid     int not null,
  host            text not null,
  address         inet,
  client_version  text not null
);
create table base.preference (
  person_id  int   not null references base.person,
  post       text  not null,
  key        text  not null,
  value      jsonb not null,
  primary key (person_id, post, key)
);
alter table base.person enable row level security;
alter table base.person force row level security;
alter table base.password_history enable row level security;
alter table base.password_history force row level security;
alter table base.session enable row level security;
alter table base.session force row level security;
alter table base.preference enable row level security;
alter table base.preference force row level security;
create policy may_read on base.person for select to cms_people
  using (person_id = (select sec.person_id()) or person_id = any ((select sec.colleagues())::int[]));
create policy mine on base.preference to cms_people
  using (person_id = (select sec.person_id())) with check (person_id = (select sec.person_id()));
grant select on base.person to cms_people, cms_search;
grant select, insert, update, delete on base.preference to cms_people;
grant select, insert, update, delete on base.person, base.password_history, base.session to cms_role_keeper, cms_bookkeeper;
grant select on base.password_history, base.session to cms_search;

-- companies ------------------------------------------------------------------------------------------------------------
create table base.company (
  company_id        int generated always as identity primary key,
  name              text not null check (btrim(name) <> ''),
  vat_number        text not null check (vat_number ~ '^[0-9]{11}$'),
  tax_code          text not null default '',
  fiscal_regime     text not null default 'RF01' check (fiscal_regime ~ '^RF(0[124-9]|1[0-9]|20)$'),
  street            text not null default '',
  street_number     text not null default '',
  postal_code       text not null default '',
  town              text not null default '',
  province_code     text not null default '',
  rea_office        text not null default '',
  rea_number        text not null default '',
  share_capital     numeric(14,2),
  is_sole_holder    boolean,
  is_in_liquidation boolean not null default false,
  phone             text not null default '',
  email             text not null default '',
  pec               text not null default '',
  is_active         boolean not null default true,
  created_at        timestamptz not null default now(),
  created_by        int,
  changed_at        timestamptz,
  changed_by        int,
  row_version       int not null default 1,
  unique (company_id, vat_number)
);
create table base.permission (
  company_id  int  not null references base.company,
  person_id   int  not null references base.person,
  function    text not null references base.function,
  granted_at  timestamptz not null default now(),
  created_by  int,
  primary key (company_id, person_id, function)
);
create index permission_of_person on base.permission (person_id, function) include (company_id);
create policy may_read on base.audit_entry for select to cms_people
  using (company_id = any ((select sec.companies('base.audit'))::int[]));
grant select on base.audit_entry to cms_people, cms_search;
grant select, insert on base.audit_entry to cms_bookkeeper, cms_role_keeper;

call sec.protect('base.company', 'base', 'editable', 'images', 'base.read', 'base.administer');
drop policy may_add on base.company;      -- a company is founded by sec.found_company
drop policy may_remove on base.company;
revoke insert, delete on base.company from cms_people;
drop policy may_read on base.company;     -- its name is known to everybody with any right in it, so that it can be chosen
create policy may_read on base.company for select to cms_people using (company_id = any ((select sec.my_companies())::int[]));
call sec.protect('base.permission', 'base', 'guarded', 'images', 'base.administer');
create policy my_own on base.permission for select to cms_people using (person_id = (select sec.person_id()));
grant select, insert, update, delete on base.permission to cms_role_keeper;
grant select on base.company to cms_role_keeper;

-- parameters, fiscal tables, series -----------------------------------------------------------------------------------
create table base.parameter (
  company_id    int    not null references base.company,
  parameter_id  bigint generated always as identity,
  key           text   not null,
  valid_from    date   not null default date '1900-01-01',
  value         jsonb  not null,
  created_at    timestamptz not null default now(),
  created_by    int default sec.person_id(),
  changed_at    timestamptz,
  changed_by    int,
  row_version   int not null default 1,
  primary key (company_id, parameter_id),
  unique (company_id, key, valid_from)
);
call sec.protect('base.parameter', 'base', 'editable', 'images', 'base.read', 'base.administer');

create table base.vat_code (
  company_id       int    not null references base.company,
  vat_code_id      bigint generated always as identity,
  code             text   not null check (btrim(code) <> ''),
  description      text   not null,
  rate             numeric(5,2) not null check (rate between 0 and 100),
  nature           text   not null default '',
  legal_reference  text   not null default '',
  exigibility      char(1) not null default 'I' check (exigibility in ('I', 'D', 'S')),
  is_active        boolean not null default true,
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, vat_code_id),
  unique (company_id, code),
  constraint vat_nature_belongs_to_rate_zero check ((rate = 0) = (nature <> '')),
  constraint vat_nature_is_listed check (nature ~ '^(|N1|N2\.[12]|N3\.[1-6]|N4|N5|N6\.[1-9]|N7)$'),
  constraint reverse_charge_is_not_split check (not (nature like 'N6%' and exigibility = 'S'))
);
call sec.protect('base.vat_code', 'base', 'editable', 'images', 'base.read', 'base.administer');

create table base.payment_term (
  company_id       int    not null references base.company,
  payment_term_id  bigint generated always as identity,
  code             text   not null check (btrim(code) <> ''),
  description      text   not null,
  method           text   not null check (method ~ '^MP(0[1-9]|1[0-9]|2[0-3])$'),
  is_active        boolean not null default true,
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, payment_term_id),
  unique (company_id, code)
);
create table base.payment_installment (
  company_id       int     not null,
  installment_id   bigint  generated always as identity,
  payment_term_id  bigint  not null,
  position         int     not null check (position between 1 and 24),
  share            numeric(7,4) not null check (share > 0 and share <= 100),
  days             int     not null check (days between 0 and 720),
  rule             text    not null check (rule in ('NET', 'EOM')),
  fixed_day        int     check (fixed_day between 1 and 31),
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, installment_id),
  foreign key (company_id, payment_term_id) references base.payment_term,
  unique (company_id, payment_term_id, position),
  constraint fixed_day_follows_month_end check (fixed_day is null or rule = 'EOM')
);
call sec.protect('base.payment_term', 'base', 'editable', 'images', 'base.read', 'base.administer');
call sec.protect('base.payment_installment', 'base', 'editable', 'images', 'base.read', 'base.administer');

create table base.document_series (
  company_id          int    not null references base.company,
  document_series_id  bigint generated always as identity,
  code                text   not null check (code ~ '^[A-Z0-9]{1,4}$'),
  name                text   not null,
  is_active           boolean not null default true,
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  changed_at          timestamptz,
  changed_by          int,
  row_version         int not null default 1,
  primary key (company_id, document_series_id),
  unique (company_id, code)
);
call sec.protect('base.document_series', 'base', 'editable', 'images', 'base.read', 'base.administer');

create table base.document_counter (
  company_id          int    not null,
  document_series_id  bigint not null,
  year                int    not null check (year between 1990 and 2200),
  last_number         bigint not null default 0 check (last_number >= 0),
  last_document_on    date,
  created_by          int default sec.person_id(),
  primary key (company_id, document_series_id, year),
  foreign key (company_id, document_series_id) references base.document_series
);
call sec.protect('base.document_counter', 'base', 'guarded', 'summary', 'base.read');

create table base.counter (
  company_id   int    not null references base.company,
  name         text   not null,
  year         int    not null,
  last_number  bigint not null default 0 check (last_number >= 0),
  primary key (company_id, name, year)
);
create trigger keep_counting before update on base.counter for each row execute function sec.keep_counting();
alter table base.counter enable row level security;
alter table base.counter force row level security;
create policy may_read on base.counter for select to cms_people using (company_id = any ((select sec.companies('base.read'))::int[]));
grant select on base.counter to cms_people, cms_search;
grant select, insert, update, delete on base.counter to cms_bookkeeper;

create table base.bank_account (
  company_id           int    not null references base.company,
  bank_account_id      bigint generated always as identity,
  name                 text   not null check (btrim(name) <> ''),
  iban                 text   not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  sia_code             text   not null default '' check (sia_code ~ '^([A-Z0-9]{5})?$'),
  cuc_code             text   not null default '',
  creditor_identifier  text   not null default '',
  credit_line_amount   numeric(14,2) not null default 0,
  is_default           boolean not null default false,
  is_active            boolean not null default true,
  created_at           timestamptz not null default now(),
  created_by           int default sec.person_id(),
  changed_at           timestamptz,
  changed_by           int,
  row_version          int not null default 1,
  primary key (company_id, bank_account_id),
  unique (company_id, iban)
);
create unique index one_default_bank on base.bank_account (company_id) where is_default;
call sec.protect('base.bank_account', 'base', 'editable', 'images', 'base.read', 'base.administer');
