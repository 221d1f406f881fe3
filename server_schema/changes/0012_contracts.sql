-- Contracts in full: types of service, kinds of lines, price history, suspensions, renewals, takeovers, price runs, ISTAT index.
-- needs: customers
-- needs: billing

-- the index by which fees are adjusted: published figures, the same for everybody ------------------------------------------------
create table base.price_index_base (
  index_code   text not null,
  base_year    int  not null,
  coefficient  numeric(10,4) not null check (coefficient > 0),
  source       text not null,
  primary key (index_code, base_year)
);
comment on column base.price_index_base.coefficient is 'What a value of this base is multiplied with to compare it with the oldest base.';
create table base.price_index (
  index_code  text not null,
  month_on    date not null check (extract(day from month_on) = 1),
  base_year   int  not null,
  value       numeric(8,2) not null check (value > 0),
  source      text not null,
  primary key (index_code, month_on),
  foreign key (index_code, base_year) references base.price_index_base
);
grant select on base.price_index_base, base.price_index to cms_people, cms_search;
grant select, insert, update, delete on base.price_index_base, base.price_index to cms_bookkeeper;

-- months that a company entered itself: they stand before the published ones
create table customers.price_index (
  company_id      int    not null references base.company,
  price_index_id  bigint generated always as identity,
  index_code      text   not null default 'FOI',
  month_on        date   not null check (extract(day from month_on) = 1),
  base_year       int    not null check (base_year between 1990 and 2200),
  value           numeric(8,2) not null check (value > 0),
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, price_index_id),
  constraint index_month_is_entered_once unique (company_id, index_code, month_on)
);
call sec.protect('customers.price_index', 'customers', 'editable', 'images', 'customers.read', 'customers.reprice');

create table customers.service_type (
  company_id       int    not null references base.company,
  service_type_id  bigint generated always as identity,
  code             text   not null check (btrim(code) <> ''),
  description      text   not null check (btrim(description) <> ''),
  kind             text   not null default 'recurring' check (kind in ('recurring', 'hourly', 'passages', 'interventions', 'one_off', 'deposit')),
  unit             text   not null default '',
  list_price       numeric(14,4) check (list_price >= 0),
  vat_code_id      bigint,
  account_key      text   not null default 'revenue',
  night_starts_at  time   not null default '22:00',
  night_ends_at    time   not null default '06:00',
  is_active        boolean not null default true,
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, service_type_id),
  foreign key (company_id, vat_code_id) references base.vat_code,
  constraint service_type_has_its_code unique (company_id, code)
);
call sec.protect('customers.service_type', 'customers');

-- the contract's head --------------------------------------------------------------------------------------------------------
alter table customers.contract
  add column profile text not null default 'business' check (profile in ('business', 'consumer')),
  add column signed_on date,
  add column duration_months int check (duration_months between 1 and 600),
  add column renewal_months int check (renewal_months between 1 and 600),
  add column notice_count int not null default 0 check (notice_count between 0 and 730),
  add column notice_unit text not null default 'days' check (notice_unit in ('days', 'months')),
  add column notice_channel text not null default 'registered' check (notice_channel in ('registered', 'pec', 'any')),
  add column deposit_amount numeric(14,2) not null default 0 check (deposit_amount >= 0),
  add column deposit_received_on date,
  add column deposit_returned_on date,
  add column is_indexed boolean not null default false,
  add column index_share numeric(5,2) not null default 100 check (index_share > 0 and index_share <= 100),
  add column index_base_on date check (extract(day from index_base_on) = 1),
  add column index_month int check (index_month between 1 and 12),
  add column index_cap numeric(6,3) check (index_cap >= 0),
  add column index_floor numeric(6,3) not null default 0,
  add column replaces_contract_id bigint,
  add column end_reason text not null default '',
  add constraint contract_replaces_fkey foreign key (company_id, replaces_contract_id) references customers.contract,
  add constraint renewal_follows_a_duration check (renewal_months is null or duration_months is not null),
  add constraint deposit_is_returned_after_received check (deposit_returned_on is null or deposit_received_on is null or deposit_returned_on >= deposit_received_on),
  add constraint index_cap_is_over_floor check (index_cap is null or index_cap >= index_floor);
comment on column customers.contract.index_month is 'The month in which the clause lets the fee be adjusted; empty: whenever the company asks.';
comment on column customers.contract.duration_months is 'First term from starts_on; then renewal_months again and again, unless it has an end (notice was given) or renewal_months is empty.';
create index contract_to_return_deposit on customers.contract (company_id, contract_id) where deposit_received_on is not null and deposit_returned_on is null;

-- lines -----------------------------------------------------------------------------------------------------------------------
alter table customers.service
  add column service_type_id bigint,
  add column kind text not null default 'recurring' check (kind in ('recurring', 'hourly', 'passages', 'interventions', 'one_off', 'deposit')),
  add column site_id bigint,
  add column unit_price numeric(14,4) not null default 0 check (unit_price >= 0),
  add column minimum_quantity numeric(12,3) check (minimum_quantity >= 0),
  add column planned_quantity numeric(12,3) check (planned_quantity >= 0),
  add column free_quota int check (free_quota >= 0),
  add column quota_months int not null default 12 check (quota_months in (1, 2, 3, 4, 6, 12)),
  add column pro_rata text not null default 'actual' check (pro_rata in ('actual', 'thirtieths', 'whole_months', 'none')),
  add column agent_share numeric(5,2) check (agent_share between 0 and 100),
  add column is_index_excluded boolean not null default false,
  add column price_locked_until date,
  add column replaces_service_id bigint,
  add constraint service_service_type_fkey foreign key (company_id, service_type_id) references customers.service_type,
  add constraint service_site_fkey foreign key (company_id, site_id) references customers.site,
  add constraint service_replaces_fkey foreign key (company_id, replaces_service_id) references customers.service,
  add constraint only_recurring_has_a_monthly_price check (case when kind = 'recurring' then unit_price = 0 else monthly_price = 0 end);
create index service_of_type on customers.service (company_id, service_type_id, service_id) where service_type_id is not null;
create index service_of_site on customers.service (company_id, site_id, service_id) where site_id is not null;
create index service_once on customers.service (company_id, starts_on) where kind = 'one_off';
create unique index service_has_one_successor on customers.service (company_id, replaces_service_id) where replaces_service_id is not null;

-- what a line cost when: the last row not after a day holds on it. Band '' is the line's own price; hourly lines have prices of other bands besides.
create table customers.service_price (
  company_id        int    not null,
  service_price_id  bigint generated always as identity,
  service_id        bigint not null,
  band              text   not null default '' check (band in ('', 'night', 'holiday', 'overtime')),
  valid_from        date   not null,
  price             numeric(14,4) not null check (price >= 0),
  origin            text   not null check (origin in ('initial', 'manual', 'run')),
  price_run_id      bigint,
  is_applied        boolean not null default true,
  created_at        timestamptz not null default now(),
  created_by        int,
  primary key (company_id, service_price_id),
  foreign key (company_id, service_id) references customers.service on delete cascade,
  constraint one_price_a_day unique (company_id, service_id, band, valid_from),
  constraint run_prices_name_their_run check ((origin = 'run') = (price_run_id is not null))
);
comment on column customers.service_price.is_applied is 'Whether the line itself (monthly_price, unit_price) already says it; a price of the future is applied on its day.';
create index price_changed on customers.service_price (company_id, service_id) where origin <> 'initial' and band = '';
create index price_to_apply on customers.service_price (company_id, valid_from) where not is_applied;
create index price_of_run on customers.service_price (company_id, price_run_id) where price_run_id is not null;
call sec.protect('customers.service_price', 'customers', 'guarded', 'summary');

create table customers.service_suspension (
  company_id             int    not null,
  service_suspension_id  bigint generated always as identity,
  service_id             bigint not null,
  starts_on              date   not null,
  ends_on                date,
  reason                 text   not null default '',
  mode                   text   not null default 'days' check (mode in ('days', 'period')),
  is_yearly              boolean not null default false,
  created_at             timestamptz not null default now(),
  created_by             int default sec.person_id(),
  changed_at             timestamptz,
  changed_by             int,
  row_version            int not null default 1,
  primary key (company_id, service_suspension_id),
  foreign key (company_id, service_id) references customers.service on delete cascade,
  constraint suspension_ends_after_it_starts check (ends_on is null or ends_on >= starts_on),
  constraint yearly_suspension_fits_a_year check (not is_yearly or (ends_on is not null and ends_on < starts_on + 365))
);
comment on column customers.service_suspension.mode is 'days: the suspended days are not billed; period: no billing period that starts while it lasts.';
create index suspension_of_service on customers.service_suspension (company_id, service_id, starts_on);
create index open_suspension on customers.service_suspension (company_id, service_id) where ends_on is null;
call sec.protect('customers.service_suspension', 'customers');

-- how far a line is in invoices and previews: made with the line, filled by billing (in place: no index holds what changes)
create table customers.service_billing (
  company_id       int    not null,
  service_id       bigint not null,
  first_billed_on  date,
  billed_until     date,
  primary key (company_id, service_id),
  foreign key (company_id, service_id) references customers.service on delete cascade,
  constraint billed_from_means_billed_until check ((first_billed_on is null) = (billed_until is null))
) with (fillfactor = 50);
alter table customers.service_billing enable row level security;
alter table customers.service_billing force row level security;
create policy may_read on customers.service_billing for select to cms_people using (company_id = any ((select sec.companies('customers.read'))::int[]));
grant select on customers.service_billing to cms_people, cms_search;
grant select, insert, update, delete on customers.service_billing to cms_bookkeeper;

create table customers.contract_renewal (
  company_id           int    not null,
  contract_renewal_id  bigint generated always as identity,
  contract_id          bigint not null,
  old_end_on           date,
  new_end_on           date   not null,
  agreed_on            date   not null,
  notes                text   not null default '',
  created_at           timestamptz not null default now(),
  created_by           int default sec.person_id(),
  changed_at           timestamptz,
  changed_by           int,
  row_version          int not null default 1,
  primary key (company_id, contract_renewal_id),
  foreign key (company_id, contract_id) references customers.contract,
  constraint renewal_goes_on check (old_end_on is null or new_end_on > old_end_on)
);
create index renewal_of_contract on customers.contract_renewal (company_id, contract_id, contract_renewal_id);
call sec.protect('customers.contract_renewal', 'customers');

-- takeovers (subentri): the old contract ends, a new one of another customer goes on with its lines
create table customers.contract_transfer (
  company_id            int    not null,
  contract_transfer_id  bigint generated always as identity,
  from_contract_id      bigint not null,
  to_contract_id        bigint not null,
  from_customer_id      bigint not null,
  to_customer_id        bigint not null,
  on_date               date   not null,
  deed                  text   not null default '',
  created_at            timestamptz not null default now(),
  created_by            int,
  primary key (company_id, contract_transfer_id),
  foreign key (company_id, from_contract_id) references customers.contract,
  foreign key (company_id, to_contract_id) references customers.contract,
  foreign key (company_id, from_customer_id) references customers.customer,
  foreign key (company_id, to_customer_id) references customers.customer,
  constraint contract_is_taken_over_once unique (company_id, from_contract_id)
);
create index transfer_to_contract on customers.contract_transfer (company_id, to_contract_id);
call sec.protect('customers.contract_transfer', 'customers', 'guarded', 'summary');

-- changes of many prices at once ----------------------------------------------------------------------------------------------
create table customers.price_run (
  company_id      int    not null references base.company,
  price_run_id    bigint generated always as identity,
  number          text   not null,
  title           text   not null,
  kind            text   not null check (kind in ('tariff', 'indexation')),
  state           text   not null check (state in ('preview', 'confirmed', 'undone', 'discarded')),
  effective_on    date   not null,
  parameters      jsonb  not null,
  index_on        date,
  line_count      int    not null default 0,
  contract_count  int    not null default 0,
  excluded_count  int    not null default 0,
  old_amount      numeric(16,2) not null default 0,
  new_amount      numeric(16,2) not null default 0,
  confirmed_at    timestamptz,
  confirmed_by    int,
  undone_at       timestamptz,
  undone_by       int,
  letters_at      timestamptz,
  created_at      timestamptz not null default now(),
  created_by      int,
  primary key (company_id, price_run_id),
  constraint price_run_number unique (company_id, number)
);
call sec.protect('customers.price_run', 'customers', 'guarded', 'images');

create table customers.price_run_line (
  company_id      int    not null,
  price_run_id    bigint not null,
  service_id      bigint not null,
  band            text   not null default '',
  contract_id     bigint not null,
  customer_id     bigint not null,
  quantity        numeric(12,3) not null,
  old_price       numeric(14,4) not null,
  new_price       numeric(14,4) not null check (new_price >= 0),
  percent         numeric(9,4),
  base_on         date,
  valid_from      date   not null,
  reason          text   not null default '',
  created_by      int,
  primary key (company_id, price_run_id, service_id, band),
  foreign key (company_id, price_run_id) references customers.price_run,
  foreign key (company_id, service_id) references customers.service on delete cascade,
  foreign key (company_id, customer_id) references customers.customer
);
comment on column customers.price_run_line.reason is 'Why the line stays out of the run; empty when it is in.';
create index run_line_of_customer on customers.price_run_line (company_id, price_run_id, customer_id, contract_id);
create index run_line_of_service on customers.price_run_line (company_id, service_id, price_run_id);
call sec.protect('customers.price_run_line', 'customers', 'guarded', 'summary');

alter table customers.service_price add constraint service_price_run_fkey foreign key (company_id, price_run_id) references customers.price_run;

-- what holds beyond one row -------------------------------------------------------------------------------------------------------
create trigger keep_prices_add after insert on customers.service referencing new table as rows_now
  for each statement execute function customers.keep_prices();
create trigger keep_prices_change after update on customers.service referencing old table as rows_before new table as rows_now
  for each statement execute function customers.keep_prices();
create trigger keep_service_billing_add after insert on billing.invoice_line referencing new table as rows_now
  for each statement execute function billing.keep_service_billing();
create trigger keep_service_billing_remove after delete on billing.invoice_line referencing old table as rows_before
  for each statement execute function billing.keep_service_billing();
alter table billing.invoice_line enable always trigger keep_service_billing_add;
alter table billing.invoice_line enable always trigger keep_service_billing_remove;
