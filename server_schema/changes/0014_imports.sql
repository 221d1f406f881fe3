-- Imports of lists as objects that can be taken back.

create table base.import_run (
  company_id       int    not null references base.company,
  import_run_id    bigint generated always as identity,
  target           text   not null check (btrim(target) <> ''),
  state            text   not null default 'done' check (state in ('done', 'undone')),
  file_name        text   not null default '',
  sha256           bytea  not null,
  mapping          jsonb  not null,
  row_count        int    not null check (row_count >= 0),
  created_count    int    not null default 0,
  changed_count    int    not null default 0,
  duplicate_count  int    not null default 0,
  error_count      int    not null default 0,
  undone_at        timestamptz,
  undone_by        int,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, import_run_id),
  constraint undone_says_when check ((state = 'undone') = (undone_at is not null))
);
create index import_by_content on base.import_run (company_id, target, sha256);
create index import_by_target on base.import_run (company_id, target, import_run_id);
call sec.protect('base.import_run', 'base', 'guarded', 'images');

-- what an import made ('I') or changed ('U'); of the changed, what they were. The images are for undoing and for who may read the audit.
create table base.import_row (
  company_id     int    not null,
  import_run_id  bigint not null,
  table_name     text   not null,
  record_id      bigint not null,
  line_no        int    not null,
  operation      char(1) not null check (operation in ('I', 'U')),
  name           text   not null default '',
  row_version    int    not null,
  row_before     jsonb,
  created_by     int,
  primary key (company_id, import_run_id, table_name, record_id),
  foreign key (company_id, import_run_id) references base.import_run,
  constraint changed_rows_have_an_image check ((operation = 'U') = (row_before is not null))
);
call sec.protect('base.import_row', 'base', 'guarded', 'summary', 'base.audit');

-- Undoing an import asks of every record it removes who refers to it; these questions had no index.
create index contract_replaces on customers.contract (company_id, replaces_contract_id) where replaces_contract_id is not null;
create index transfer_from on customers.contract_transfer (company_id, from_customer_id);
create index transfer_to on customers.contract_transfer (company_id, to_customer_id);
create index price_line_of_customer on customers.price_run_line (company_id, customer_id);
create index refusal_of_contact on registry.refusal (company_id, contact_person_id) where contact_person_id is not null;
create index key_of_plant on customers.held_key (company_id, plant_id) where plant_id is not null;
create index amendment_of_mandate on customers.mandate_amendment (company_id, mandate_id);
