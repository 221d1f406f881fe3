-- The books in full: a chart in levels, posting rules, manual entries and their templates, reversal, closed periods, the definitive journal,
-- balances of closed periods, exports for the accountant, invoices issued and not posted yet.
-- needs: ledger
-- needs: billing

-- chart of accounts ------------------------------------------------------------------------------------------------------
-- What a role is: an account that postings look for. Deployed with the program; a company gives each role to one account at most.
create table ledger.account_role (
  role        text primary key check (role ~ '^[a-z][a-z0-9_]*$'),
  title       text not null,
  kind        text not null,
  sort_order  int  not null
);
grant select on ledger.account_role to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on ledger.account_role to cms_bookkeeper;

alter table ledger.account
  drop constraint account_kind_check,
  drop constraint account_role_check,
  add column parent_id bigint,
  add column is_postable boolean not null default true,
  add column is_active boolean not null default true,
  add constraint account_kind_check check (kind in ('asset', 'liability', 'equity', 'income', 'expense', 'memo')),
  add constraint account_role_check check (role ~ '^([a-z][a-z0-9_]*)?$'),
  add constraint account_parent_fkey foreign key (company_id, parent_id) references ledger.account (company_id, account_id),
  add constraint account_is_not_its_own_parent check (parent_id <> account_id),
  add constraint account_with_a_role_takes_entries check (role = '' or (is_postable and is_active));
create index account_of_parent on ledger.account (company_id, parent_id) where parent_id is not null;
create trigger check_account before insert or update or delete on ledger.account for each row execute function ledger.check_account();

-- posting rules ----------------------------------------------------------------------------------------------------------
-- The revenue account of a line by what it is. Empty conditions hold for everything; the rule that names most wins: the service type before the
-- VAT code, the VAT code before the kind of customer, that before the series. What no rule names goes to the account of the role 'revenue'.
create table ledger.posting_rule (
  company_id          int    not null references base.company,
  posting_rule_id     bigint generated always as identity,
  service_type_id     bigint,
  vat_code_id         bigint,
  customer_kind       text   not null default '' check (customer_kind in ('', 'company', 'sole_trader', 'person', 'public_body', 'condominium')),
  document_series_id  bigint,
  account_id          bigint not null,
  valid_from          date   not null default date '2000-01-01',
  valid_to            date,
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  changed_at          timestamptz,
  changed_by          int,
  row_version         int not null default 1,
  primary key (company_id, posting_rule_id),
  foreign key (company_id, service_type_id) references customers.service_type,
  foreign key (company_id, vat_code_id) references base.vat_code,
  foreign key (company_id, document_series_id) references base.document_series,
  constraint posting_rule_account_fkey foreign key (company_id, account_id) references ledger.account,
  constraint posting_rule_ends_after_it_starts check (valid_to >= valid_from),
  constraint posting_rule_is_said_once unique nulls not distinct
    (company_id, service_type_id, vat_code_id, customer_kind, document_series_id, valid_from)
);
create index posting_rule_of_account on ledger.posting_rule (company_id, account_id);
call sec.protect('ledger.posting_rule', 'ledger');
create trigger check_posting_rule before insert or update on ledger.posting_rule for each row execute function ledger.check_posting_rule();

-- journal ----------------------------------------------------------------------------------------------------------------
-- number: place in the definitive journal of the year, given once and for ever; reverses_id: the entry that this one takes back.
alter table ledger.journal_entry
  drop constraint journal_entry_source_check,
  add column number bigint check (number > 0),
  add column reverses_id bigint,
  add column reason text not null default '',
  add constraint journal_entry_source_check check (source ~ '^[a-z][a-z_]*$'),
  add constraint journal_entry_reverses_fkey foreign key (company_id, reverses_id)
    references ledger.journal_entry (company_id, journal_entry_id);
create unique index entry_number on ledger.journal_entry (company_id, (extract(year from on_date)), number) where number is not null;
create unique index entry_is_reversed_once on ledger.journal_entry (company_id, reverses_id) where reverses_id is not null;
alter table ledger.journal_line add column description text not null default '';

create trigger check_entry_day after insert on ledger.journal_entry referencing new table as rows_now
  for each statement execute function ledger.check_entries('add');
create trigger keep_entries after update on ledger.journal_entry referencing old table as rows_before new table as rows_now
  for each statement execute function ledger.keep_entries();
create trigger check_entry_removal after delete on ledger.journal_entry referencing old table as rows_before
  for each statement execute function ledger.check_entries('remove');
create trigger keep_lines after update on ledger.journal_line referencing old table as rows_before
  for each statement execute function ledger.keep_lines();
create trigger check_line_removal after delete on ledger.journal_line referencing old table as rows_before
  for each statement execute function ledger.keep_lines();
-- bulk writers set session_replication_role: the closed period holds for them, too
alter table ledger.journal_entry enable always trigger check_entry_day;

create table ledger.journal_template (
  company_id           int    not null references base.company,
  journal_template_id  bigint generated always as identity,
  name                 text   not null check (btrim(name) <> ''),
  description          text   not null check (btrim(description) <> ''),
  every_months         int    check (every_months in (1, 2, 3, 4, 6, 12)),
  next_on              date,
  is_active            boolean not null default true,
  created_at           timestamptz not null default now(),
  created_by           int default sec.person_id(),
  changed_at           timestamptz,
  changed_by           int,
  row_version          int not null default 1,
  primary key (company_id, journal_template_id),
  unique (company_id, name),
  constraint what_recurs_has_a_next_day check ((every_months is null) = (next_on is null))
);
call sec.protect('ledger.journal_template', 'ledger', 'guarded', 'images');

-- amount empty: asked each time
create table ledger.journal_template_line (
  company_id           int      not null,
  journal_template_id  bigint   not null,
  line_no              smallint not null,
  account_id           bigint   not null,
  is_debit             boolean  not null,
  amount               numeric(14,2) check (amount > 0),
  description          text     not null default '',
  created_by           int,
  primary key (company_id, journal_template_id, line_no),
  foreign key (company_id, journal_template_id) references ledger.journal_template,
  foreign key (company_id, account_id) references ledger.account
);
create index template_line_of_account on ledger.journal_template_line (company_id, account_id);
call sec.protect('ledger.journal_template_line', 'ledger', 'guarded', 'summary');

-- closed periods ---------------------------------------------------------------------------------------------------------
-- The last row says until when the books are closed (empty: not at all); the others are its history.
create table ledger.period_lock (
  company_id      int    not null references base.company,
  period_lock_id  bigint generated always as identity,
  closed_until    date,
  reason          text   not null default '',
  created_at      timestamptz not null default now(),
  created_by      int,
  primary key (company_id, period_lock_id)
);
call sec.protect('ledger.period_lock', 'ledger', 'guarded', 'summary');

-- What stood on each account at the end of a closed period: nothing before that day can change while it is closed, so that a balance reads
-- only what came after. Written and taken away with the lock.
create table ledger.account_balance (
  company_id     int    not null,
  account_id     bigint not null,
  balance_on     date   not null,
  debit_amount   numeric(16,2) not null,
  credit_amount  numeric(16,2) not null,
  created_by     int,
  primary key (company_id, account_id, balance_on),
  foreign key (company_id, account_id) references ledger.account
);
create index balance_by_day on ledger.account_balance (company_id, balance_on);
call sec.protect('ledger.account_balance', 'ledger', 'guarded', 'summary');

-- definitive journal -----------------------------------------------------------------------------------------------------
create table ledger.journal_print (
  company_id        int    not null references base.company,
  journal_print_id  bigint generated always as identity,
  year              int    not null,
  first_number      bigint not null,
  last_number       bigint not null,
  until_on          date   not null,
  debit_amount      numeric(16,2) not null,
  created_at        timestamptz not null default now(),
  created_by        int,
  primary key (company_id, journal_print_id),
  unique (company_id, year, first_number),
  constraint numbers_are_in_order check (last_number >= first_number),
  constraint journal_is_of_its_year check (extract(year from until_on) = year)
);
call sec.protect('ledger.journal_print', 'ledger', 'guarded', 'summary');

-- exports for the accountant ---------------------------------------------------------------------------------------------
create table ledger.journal_export (
  company_id         int    not null references base.company,
  journal_export_id  bigint generated always as identity,
  number             text   not null,
  from_on            date   not null,
  until_on           date   not null,
  is_repeat          boolean not null,
  file_format        text   not null check (file_format in ('csv', 'xlsx')),
  entry_count        int    not null check (entry_count > 0),
  debit_amount       numeric(16,2) not null,
  file_name          text   not null default '',
  content            bytea,
  sha256             bytea,
  created_at         timestamptz not null default now(),
  created_by         int,
  primary key (company_id, journal_export_id),
  unique (company_id, number),
  constraint export_period_is_in_order check (until_on >= from_on),
  constraint file_and_digest check ((content is null) = (sha256 is null))
);
call sec.protect('ledger.journal_export', 'ledger', 'guarded', 'summary');

create table ledger.journal_export_entry (
  company_id         int    not null,
  journal_entry_id   bigint not null,
  journal_export_id  bigint not null,
  created_by         int,
  primary key (company_id, journal_entry_id, journal_export_id),
  foreign key (company_id, journal_entry_id) references ledger.journal_entry,
  foreign key (company_id, journal_export_id) references ledger.journal_export
);
create index entry_of_export on ledger.journal_export_entry (company_id, journal_export_id, journal_entry_id);
call sec.protect('ledger.journal_export_entry', 'ledger', 'guarded', 'summary');

-- issued, not posted yet -------------------------------------------------------------------------------------------------
-- Only companies that review before they post (parameter posting_mode) have rows here.
create table billing.unposted_invoice (
  company_id   int    not null,
  invoice_id   bigint not null,
  document_on  date   not null,
  created_at   timestamptz not null default now(),
  created_by   int,
  primary key (company_id, invoice_id),
  foreign key (company_id, invoice_id) references billing.invoice on delete cascade
);
create index unposted_by_date on billing.unposted_invoice (company_id, document_on, invoice_id);
call sec.protect('billing.unposted_invoice', 'billing', 'guarded', 'summary', 'ledger.read');
create trigger check_unposted after insert on ledger.period_lock referencing new table as rows_now
  for each statement execute function billing.check_unposted();
