-- Billing runs, invoices, transmissions. Invoices are written only by functions of cms_bookkeeper.

create schema billing;
grant usage on schema billing to cms_people, cms_search, cms_bookkeeper;
grant create on schema billing to cms_search, cms_bookkeeper;

create table billing.billing_run (
  company_id          int    not null references base.company,
  billing_run_id      bigint generated always as identity,
  number              text   not null,
  title               text   not null,
  state               text   not null check (state in ('preview', 'issued', 'undone', 'discarded')),
  period_start        date   not null,
  period_end          date   not null,
  document_on         date   not null,
  document_series_id  bigint not null,
  grouping            text   not null check (grouping in ('contract', 'customer')),
  invoice_count       int    not null default 0,
  net_amount          numeric(14,2) not null default 0,
  vat_amount          numeric(14,2) not null default 0,
  total_amount        numeric(14,2) not null default 0,
  payable_amount      numeric(14,2) not null default 0,
  first_number        bigint,
  last_number         bigint,
  issued_at           timestamptz,
  issued_by           int,
  created_at          timestamptz not null default now(),
  created_by          int,
  primary key (company_id, billing_run_id),
  foreign key (company_id, document_series_id) references base.document_series,
  unique (company_id, number),
  constraint run_period_is_in_order check (period_end >= period_start)
);
call sec.protect('billing.billing_run', 'billing', 'guarded', 'images');

-- what a run left out when it was issued, and why
create table billing.run_exclusion (
  company_id        int    not null,
  run_exclusion_id  bigint generated always as identity,
  billing_run_id    bigint not null,
  customer_id       bigint not null,
  contract_id       bigint,
  net_amount        numeric(14,2) not null,
  reason            text   not null,
  created_at        timestamptz not null default now(),
  created_by        int,
  primary key (company_id, run_exclusion_id),
  foreign key (company_id, billing_run_id) references billing.billing_run,
  foreign key (company_id, customer_id) references customers.customer
);
call sec.protect('billing.run_exclusion', 'billing', 'guarded', 'summary');

create table billing.invoice (
  company_id          int    not null,
  invoice_id          bigint generated always as identity,
  billing_run_id      bigint,
  document_type       text   not null default 'TD01' check (document_type ~ '^TD[0-9]{2}$'),
  state               text   not null check (state in ('draft', 'issued')),
  document_series_id  bigint not null,
  year                int    not null,
  number              bigint,
  document_number     text,
  document_on         date   not null,
  customer_id         bigint not null,
  contract_id         bigint,
  payment_term_id     bigint not null,
  buyer               jsonb  not null,
  net_amount          numeric(14,2) not null,
  vat_amount          numeric(14,2) not null,
  total_amount        numeric(14,2) not null,
  payable_amount      numeric(14,2) not null,
  stamp_amount        numeric(14,2) not null default 0,
  is_excluded         boolean not null default false,
  exclusion_reason    text   not null default '',
  issued_at           timestamptz,
  issued_by           int,
  created_at          timestamptz not null default now(),
  created_by          int,
  primary key (company_id, invoice_id),
  foreign key (company_id, billing_run_id) references billing.billing_run,
  foreign key (company_id, document_series_id) references base.document_series,
  foreign key (company_id, customer_id) references customers.customer,
  foreign key (company_id, contract_id) references customers.contract,
  foreign key (company_id, payment_term_id) references base.payment_term,
  constraint issued_means_numbered check ((state = 'issued') = (number is not null) and (number is null) = (document_number is null)),
  constraint number_year_is_document_year check (year = extract(year from document_on)::int),
  constraint total_is_net_and_vat check (total_amount = net_amount + vat_amount)
);
create unique index invoice_number on billing.invoice (company_id, document_series_id, year, number) where number is not null;
create index invoice_by_date on billing.invoice (company_id, document_on, invoice_id) where state = 'issued';
create index invoice_of_customer on billing.invoice (company_id, customer_id, document_on);
create index invoice_of_run on billing.invoice (company_id, billing_run_id, invoice_id);
call sec.protect('billing.invoice', 'billing', 'guarded', 'summary');

create table billing.invoice_line (
  company_id      int      not null,
  invoice_id      bigint   not null,
  line_no         smallint not null,
  service_id      bigint,
  description     text     not null,
  period_start    date,
  period_end      date,
  quantity        numeric(12,3) not null,
  unit_price      numeric(18,8) not null,
  line_amount     numeric(14,2) not null,
  vat_code_id     bigint   not null,
  created_by      int,
  primary key (company_id, invoice_id, line_no),
  foreign key (company_id, invoice_id) references billing.invoice,
  foreign key (company_id, service_id) references customers.service,
  foreign key (company_id, vat_code_id) references base.vat_code
);
-- the same contract line and period can never be billed twice
create unique index period_billed_once on billing.invoice_line (company_id, service_id, period_start) include (period_end) where service_id is not null;
call sec.protect('billing.invoice_line', 'billing', 'guarded', 'summary');

create table billing.invoice_vat (
  company_id   int      not null,
  invoice_id   bigint   not null,
  vat_code_id  bigint   not null,
  rate         numeric(5,2) not null,
  nature       text     not null,
  exigibility  char(1)  not null,
  net_amount   numeric(14,2) not null,
  vat_amount   numeric(14,2) not null,
  created_by   int,
  primary key (company_id, invoice_id, vat_code_id),
  foreign key (company_id, invoice_id) references billing.invoice,
  foreign key (company_id, vat_code_id) references base.vat_code
);
call sec.protect('billing.invoice_vat', 'billing', 'guarded', 'summary');

create table billing.transmission (
  company_id       int    not null,
  transmission_id  bigint generated always as identity,
  invoice_id       bigint not null,
  file_name        text   not null,
  content          bytea  not null,
  sha256           bytea  not null,
  state            text   not null default 'ready' check (state in ('ready', 'sent', 'delivered', 'rejected', 'undeliverable')),
  sent_at          timestamptz,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, transmission_id),
  foreign key (company_id, invoice_id) references billing.invoice,
  unique (company_id, file_name)
);
create unique index one_living_file_per_invoice on billing.transmission (company_id, invoice_id) where state <> 'rejected';
call sec.protect('billing.transmission', 'billing', 'guarded', 'summary');

-- what each month invoiced; kept by a trigger on billing.invoice, proved by a consistency query
create table billing.month_total (
  company_id    int not null references base.company,
  month_on      date not null check (extract(day from month_on) = 1),
  invoice_count bigint not null default 0,
  net_amount    numeric(16,2) not null default 0,
  vat_amount    numeric(16,2) not null default 0,
  total_amount  numeric(16,2) not null default 0,
  primary key (company_id, month_on)
);
alter table billing.month_total enable row level security;
alter table billing.month_total force row level security;
create policy may_read on billing.month_total for select to cms_people using (company_id = any ((select sec.companies('billing.read'))::int[]));
grant select on billing.month_total to cms_people, cms_search;
grant select, insert, update, delete on billing.month_total to cms_bookkeeper;
