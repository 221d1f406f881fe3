-- Billing runs in full: templates, parameters, grouping by site and order, advances, items charged by use (hours, passages, interventions).
-- needs: billing

-- what is due tells more of a line; the functions are made anew after this
drop function if exists billing.due_services(int, date, date);
drop function if exists billing.due_periods(int, date, date);
drop function if exists billing.prepare_run(int, text, date, date, date, bigint, text);
drop function if exists billing.make_preview(int, text, date, date, date, bigint, text);
drop function if exists billing.delete_documents(int, bigint, boolean);

-- templates: what a run is made from, kept under a name; `months` is how long its period is, `document_day` which day its documents bear
create table billing.run_template (
  company_id          int    not null references base.company,
  run_template_id     bigint generated always as identity,
  name                text   not null check (btrim(name) <> '' and length(name) <= 100),
  title               text   not null check (btrim(title) <> '' and length(title) <= 200),
  months              int    not null default 1 check (months in (1, 2, 3, 4, 6, 12)),
  document_day        text   not null default 'start' check (document_day in ('start', 'end', 'today')),
  document_series_id  bigint not null,
  grouping            text   not null default 'contract' check (grouping in ('contract', 'customer', 'site', 'order')),
  parameters          jsonb  not null default '{}' check (jsonb_typeof(parameters) = 'object' and length(parameters::text) <= 10000),
  is_active           boolean not null default true,
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  changed_at          timestamptz,
  changed_by          int,
  row_version         int not null default 1,
  primary key (company_id, run_template_id),
  foreign key (company_id, document_series_id) references base.document_series,
  constraint template_has_its_name unique (company_id, name)
);
comment on column billing.run_template.title is 'Title of its runs; {periodo} and {mese} become the period of the run.';
call sec.protect('billing.run_template', 'billing', 'editable', 'images', 'billing.read', 'billing.prepare');

alter table billing.billing_run
  add column parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
  add column run_template_id bigint,
  add column retried_run_id bigint,
  add column refreshed_at timestamptz,
  drop constraint billing_run_grouping_check,
  add constraint billing_run_grouping_check check (grouping in ('contract', 'customer', 'site', 'order')),
  add constraint run_template_fkey foreign key (company_id, run_template_id) references billing.run_template,
  add constraint run_retried_fkey foreign key (company_id, retried_run_id) references billing.billing_run;
comment on column billing.billing_run.parameters is
  'What of what is due is taken: service_types, kinds (of lines), classes (of the registry, by field), party_kinds, one_off (with, without, only), '
  'catch_up_months (how far back skipped periods are taken along), threshold (per cent beyond which a difference is shown).';
comment on column billing.billing_run.retried_run_id is 'The issued run whose failures this one tries again.';
create index run_of_template on billing.billing_run (company_id, run_template_id, period_end) where run_template_id is not null;
create index run_that_retries on billing.billing_run (company_id, retried_run_id) where retried_run_id is not null;

-- what belongs in one document has one key (contract, customer, site or order); a preview made again knows its rows by it
alter table billing.invoice
  add column group_key bigint,
  add column site_id bigint,
  add constraint invoice_site_fkey foreign key (company_id, site_id) references customers.site;
create index invoice_of_site on billing.invoice (company_id, site_id) where site_id is not null;
alter table billing.run_exclusion add column group_key bigint;

create index customer_with_grouping on customers.customer (company_id, invoice_grouping) where invoice_grouping <> '';

-- lines billed in advance of a balance (acconti, TD02): taken off the next one-off lines of their contract
alter table customers.service
  add column is_advance boolean not null default false,
  add constraint only_one_off_is_an_advance check (not is_advance or kind = 'one_off');
create index service_advance on customers.service (company_id, contract_id) where is_advance;
create index service_hourly_minimum on customers.service (company_id, service_id) where kind = 'hourly' and minimum_quantity > 0;
-- text of the lines of a type in invoices, with placeholders; empty: the text of the line itself
alter table customers.service_type add column invoice_text text not null default '' check (length(invoice_text) <= 500);

-- what was done and is charged by use. The operations room fills it (source, source_id: the same thing is entered once).
create table billing.chargeable_item (
  company_id          int    not null references base.company,
  chargeable_item_id  bigint generated always as identity,
  kind                text   not null check (kind in ('hourly', 'passage', 'intervention')),
  service_id          bigint,
  site_id             bigint,
  on_date             date   not null check (on_date between '2000-01-01' and '2199-12-31'),
  starts_at           timestamptz,
  ends_at             timestamptz,
  quantity            numeric(12,3) not null check (quantity > 0 and quantity <= 100000),
  band                text   not null default '' check (band in ('', 'night', 'holiday', 'overtime')),
  description         text   not null default '' check (length(description) <= 500),
  source              text   not null default 'manual' check (source ~ '^[a-z][a-z0-9_]{0,39}$'),
  source_id           text   not null default (gen_random_uuid())::text check (btrim(source_id) <> '' and length(source_id) <= 100),
  voided_at           timestamptz,
  voided_by           int,
  void_reason         text   not null default '',
  invoice_id          bigint,
  charged_quantity    numeric(16,6),
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  changed_at          timestamptz,
  changed_by          int,
  row_version         int not null default 1,
  primary key (company_id, chargeable_item_id),
  foreign key (company_id, service_id) references customers.service,
  foreign key (company_id, site_id) references customers.site,
  foreign key (company_id, invoice_id) references billing.invoice,
  constraint item_is_entered_once unique (company_id, source, source_id),
  constraint item_is_of_a_line_or_a_site check (service_id is not null or site_id is not null),
  constraint item_ends_after_it_starts check ((starts_at is null) = (ends_at is null) and ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
  constraint void_says_why check ((voided_at is null) = (void_reason = '')),
  constraint billed_item_has_its_line check ((invoice_id is null) = (charged_quantity is null) and (invoice_id is null or service_id is not null)),
  constraint void_item_is_not_billed check (voided_at is null or invoice_id is null)
);
comment on table billing.chargeable_item is 'Hours, passages and interventions to bill by the line of a contract. quantity: hours, else a count.';
comment on column billing.chargeable_item.band is 'Empty: by the hours of the day and the calendar. Given: the whole item is of that band.';
comment on column billing.chargeable_item.charged_quantity is 'What of the quantity its invoice charges; less than all where a quota or a minimum covers a part.';
create index item_to_bill on billing.chargeable_item (company_id, on_date, chargeable_item_id) where invoice_id is null and voided_at is null;
create index item_by_date on billing.chargeable_item (company_id, on_date, chargeable_item_id);
create index item_of_service on billing.chargeable_item (company_id, service_id, on_date) where service_id is not null;
create index item_of_site on billing.chargeable_item (company_id, site_id, on_date) where site_id is not null;
create index item_of_invoice on billing.chargeable_item (company_id, invoice_id) where invoice_id is not null;
call sec.protect('billing.chargeable_item', 'billing', 'editable', 'images', 'billing.read', 'billing.charge');
create trigger time_item before insert or update on billing.chargeable_item for each row execute function billing.time_item();
create trigger guard_item after insert or update or delete on billing.chargeable_item for each row
  when (current_user <> 'cms_bookkeeper') execute function billing.guard_item();

-- which line of an invoice charges what of an item: the key is what keeps an hour from being billed twice
create table billing.charged_part (
  company_id          int      not null,
  chargeable_item_id  bigint   not null,
  part                text     not null check (part in ('', 'night', 'holiday', 'overtime')),
  invoice_id          bigint   not null,
  line_no             smallint not null,
  quantity            numeric(16,6) not null check (quantity > 0),
  created_by          int,
  primary key (company_id, chargeable_item_id, part),
  foreign key (company_id, chargeable_item_id) references billing.chargeable_item,
  foreign key (company_id, invoice_id, line_no) references billing.invoice_line
);
create index part_of_line on billing.charged_part (company_id, invoice_id, line_no);
call sec.protect('billing.charged_part', 'billing', 'guarded', 'summary');
