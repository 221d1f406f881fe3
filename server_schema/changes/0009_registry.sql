-- Roles, people, classification, privacy, twins and merges of parties.
-- needs: registry

create function registry.phone_key(phone text) returns text
language sql immutable strict parallel safe as $$
  select pg_catalog.regexp_replace(pg_catalog.regexp_replace($1, '[^0-9+]', '', 'g'), '^((\+|00)39|\+)', '')
$$;
comment on function registry.phone_key(text) is 'The form in which telephone numbers are compared: digits only, without the prefix of Italy.';
grant execute on function registry.phone_key(text) to public;

create function registry.name_keys(name text) returns text[]
language sql immutable strict parallel safe as $$
  select coalesce(pg_catalog.array_agg(distinct case when word ~ '^[0-9]' then word else pg_catalog."left"(word, 1) || pg_catalog.regexp_replace(
      pg_catalog.regexp_replace(pg_catalog.substr(word, 2), '[aeiouhy]', '', 'g'), '(.)\1+', '\1', 'g') end), '{}')
  from pg_catalog.regexp_split_to_table(pg_catalog.replace(base.fold($1), '.', ''), '[^a-z0-9]+') as word
  where (pg_catalog.length(word) >= 3 or word ~ '^[0-9]+$')
    and word <> all ('{srl,spa,snc,sas,srls,scrl,scarl,sapa,soc,coop,societa,cooperativa,ditta,impresa,flli,fratelli,del,dei,della,delle,degli,per,con,and,
                      condominio,via,viale,corso,piazza,largo,vicolo,strada,comune}'::text[])
$$;
comment on function registry.name_keys(text) is
  'What tells a name from others, however it is spelled: its words without vowels and double letters, without legal forms and kinds of street.';
grant execute on function registry.name_keys(text) to public;

-- classification: seven fields that a company names, each with its list of values -------------------------------------------
create table registry.classification (
  company_id         int    not null references base.company,
  classification_id  bigint generated always as identity,
  position           int    not null check (position between 1 and 7),
  name               text   not null check (btrim(name) <> ''),
  is_active          boolean not null default true,
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, classification_id),
  unique (company_id, position)
);
call sec.protect('registry.classification', 'registry', 'editable', 'images', 'registry.read', 'registry.classify');

create table registry.classification_value (
  company_id               int    not null,
  classification_value_id  bigint generated always as identity,
  position                 int    not null,
  name                     text   not null check (btrim(name) <> ''),
  sort_order               int    not null default 0,
  is_active                boolean not null default true,
  created_at               timestamptz not null default now(),
  created_by               int default sec.person_id(),
  changed_at               timestamptz,
  changed_by               int,
  row_version              int not null default 1,
  primary key (company_id, classification_value_id),
  foreign key (company_id, position) references registry.classification (company_id, position),
  unique (company_id, position, name)
);
call sec.protect('registry.classification_value', 'registry', 'editable', 'images', 'registry.read', 'registry.classify');

-- party ---------------------------------------------------------------------------------------------------------------------
alter table registry.party
  add column fax          text not null default '',
  add column mobile       text not null default '',
  add column survivor_id  bigint,
  add column erased_on    date,
  add column class_1      bigint,
  add column class_2      bigint,
  add column class_3      bigint,
  add column class_4      bigint,
  add column class_5      bigint,
  add column class_6      bigint,
  add column class_7      bigint,
  add column created_on   date not null generated always as ((created_at at time zone 'Europe/Rome')::date) stored,
  add foreign key (company_id, survivor_id) references registry.party (company_id, party_id),
  add foreign key (company_id, class_1) references registry.classification_value,
  add foreign key (company_id, class_2) references registry.classification_value,
  add foreign key (company_id, class_3) references registry.classification_value,
  add foreign key (company_id, class_4) references registry.classification_value,
  add foreign key (company_id, class_5) references registry.classification_value,
  add foreign key (company_id, class_6) references registry.classification_value,
  add foreign key (company_id, class_7) references registry.classification_value,
  add constraint nobody_survives_himself check (survivor_id <> party_id);
create index party_by_creation on registry.party (company_id, created_on, party_id);
create index party_by_phone on registry.party (company_id, registry.phone_key(phone)) where phone <> '';
create index party_by_mobile on registry.party (company_id, registry.phone_key(mobile)) where mobile <> '';
create index party_by_likeness on registry.party using gin (company_id, registry.name_keys(name));
create index party_incomplete on registry.party (company_id, search_key, party_id)
  where survivor_id is null and (street = '' or town = '' or country = 'IT' and (postal_code = '' or province_code = '') or vat_number is null and tax_code is null);
create index party_by_survivor on registry.party (company_id, survivor_id) where survivor_id is not null;
create index party_by_class_1 on registry.party (company_id, class_1, search_key, party_id) where class_1 is not null;
create index party_by_class_2 on registry.party (company_id, class_2, search_key, party_id) where class_2 is not null;
create index party_by_class_3 on registry.party (company_id, class_3, search_key, party_id) where class_3 is not null;
create index party_by_class_4 on registry.party (company_id, class_4, search_key, party_id) where class_4 is not null;
create index party_by_class_5 on registry.party (company_id, class_5, search_key, party_id) where class_5 is not null;
create index party_by_class_6 on registry.party (company_id, class_6, search_key, party_id) where class_6 is not null;
create index party_by_class_7 on registry.party (company_id, class_7, search_key, party_id) where class_7 is not null;

-- what a party is to us: one may be several things; search_key is the party's, so that a section pages by name on its own index -----
create table registry.party_role (
  company_id     int    not null,
  party_role_id  bigint generated always as identity,
  party_id       bigint not null,
  role           text   not null check (role in ('customer', 'supplier', 'prospect')),
  since_on       date   not null default current_date,
  until_on       date,
  search_key     text   collate "C" not null,
  created_at     timestamptz not null default now(),
  created_by     int default sec.person_id(),
  changed_at     timestamptz,
  changed_by     int,
  row_version    int not null default 1,
  primary key (company_id, party_role_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  constraint role_ends_after_it_starts check (until_on is null or until_on >= since_on)
);
create unique index one_role_at_a_time on registry.party_role (company_id, party_id, role) where until_on is null;
create index role_of_party on registry.party_role (company_id, party_id, role);
create index role_by_name on registry.party_role (company_id, role, search_key, party_id) where until_on is null;
create index role_by_since on registry.party_role (company_id, role, since_on, party_id) where until_on is null;
call sec.protect('registry.party_role', 'registry');
create policy customers_follow_their_table on registry.party_role as restrictive for insert to cms_people with check (role <> 'customer');
create policy customers_stay_customers on registry.party_role as restrictive for update to cms_people using (role <> 'customer') with check (role <> 'customer');
create policy customers_are_not_removed on registry.party_role as restrictive for delete to cms_people using (role <> 'customer');

-- how many parties a section has, by the month they came: every statement adds a row of differences, now and then they are folded,
-- so that nobody waits for anybody
create table registry.section_count (
  company_id        int    not null references base.company,
  section_count_id  bigint generated always as identity,
  section           text   not null check (section in ('party', 'customer', 'supplier', 'prospect')),
  month             date   not null,
  parties           bigint not null,
  primary key (company_id, section_count_id)
);
alter table registry.section_count enable row level security;
alter table registry.section_count force row level security;
create policy may_read on registry.section_count for select to cms_people using (company_id = any ((select sec.companies('registry.read'))::int[]));
grant select on registry.section_count to cms_people, cms_search;
grant select, insert, update, delete on registry.section_count to cms_bookkeeper;
grant usage on sequence registry.section_count_section_count_id_seq to cms_bookkeeper;

-- rubrica: people of a party and what each may act for ----------------------------------------------------------------------------
create table registry.contact_person (
  company_id         int    not null,
  contact_person_id  bigint generated always as identity,
  party_id           bigint not null,
  name               text   not null check (btrim(name) <> ''),
  search_key         text   collate "C" not null generated always as (base.fold(name)) stored,
  search_text        text   not null generated always as
                     (base.fold(name) || ' ' || base.fold(job) || ' ' || lower(email) || ' ' || lower(pec) || ' ' || registry.phone_key(work_phone)
                      || ' ' || registry.phone_key(private_phone) || ' ' || registry.phone_key(mobile)) stored,
  job                text   not null default '',
  work_phone         text   not null default '',
  private_phone      text   not null default '',
  mobile             text   not null default '',
  email              text   not null default '',
  pec                text   not null default '',
  notes              text   not null default '',
  acts_for           text[] not null default '{}' check (acts_for <@ array['sign_contracts', 'order_services', 'receive_invoices', 'administration',
                     'alarm', 'complaints', 'site_access', 'technical', 'privacy']),
  sort_order         int    not null default 0,
  valid_from         date,
  valid_to           date,
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, contact_person_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  constraint contact_ends_after_it_starts check (valid_to is null or valid_from is null or valid_to >= valid_from)
);
create index contact_of_party on registry.contact_person (company_id, party_id, sort_order, contact_person_id);
create index contact_by_name on registry.contact_person (company_id, search_key, contact_person_id);
create index contact_by_text on registry.contact_person using gin (company_id, search_text ext.gin_trgm_ops);
call sec.protect('registry.contact_person', 'registry');

-- privacy -------------------------------------------------------------------------------------------------------------------------
create table registry.refusal (
  company_id         int    not null,
  refusal_id         bigint generated always as identity,
  party_id           bigint not null,
  contact_person_id  bigint,
  channel            text   not null check (channel in ('email', 'letter', 'fax', 'phone')),
  refused_on         date   not null default current_date,
  origin             text   not null default '',
  withdrawn_on       date,
  withdrawn_origin   text   not null default '',
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, refusal_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  foreign key (company_id, contact_person_id) references registry.contact_person,
  constraint refusal_ends_after_it_starts check (withdrawn_on is null or withdrawn_on >= refused_on)
);
create unique index one_refusal_in_force on registry.refusal (company_id, party_id, channel, coalesce(contact_person_id, 0)) where withdrawn_on is null;
create index refusal_of_party on registry.refusal (company_id, party_id, refusal_id);
call sec.protect('registry.refusal', 'registry');
drop policy may_remove on registry.refusal;  -- its history is kept: a refusal is withdrawn
revoke delete on registry.refusal from cms_people;

create table registry.privacy_request (
  company_id          int    not null,
  privacy_request_id  bigint generated always as identity,
  party_id            bigint not null,
  kind                text   not null check (kind in ('export', 'erasure')),
  origin              text   not null,
  report              jsonb  not null,
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  primary key (company_id, privacy_request_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id)
);
create index privacy_request_of_party on registry.privacy_request (company_id, party_id, privacy_request_id);
call sec.protect('registry.privacy_request', 'registry', 'guarded', 'images', 'registry.privacy');

-- twins and merges ------------------------------------------------------------------------------------------------------------------
create table registry.twin (
  company_id   int    not null,
  twin_id      bigint generated always as identity,
  party_id     bigint not null,
  other_id     bigint not null,
  reasons      text[] not null check (reasons <@ array['vat_number', 'tax_code', 'phone', 'name'] and reasons <> '{}'),
  verdict      text   not null default 'open' check (verdict in ('open', 'different', 'merged')),
  created_at   timestamptz not null default now(),
  created_by   int default sec.person_id(),
  changed_at   timestamptz,
  changed_by   int,
  row_version  int not null default 1,
  primary key (company_id, twin_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  foreign key (company_id, other_id) references registry.party (company_id, party_id),
  unique (company_id, party_id, other_id),
  constraint twins_are_said_once check (party_id < other_id)
);
create index twin_of_other on registry.twin (company_id, other_id, party_id);
create index twin_by_verdict on registry.twin (company_id, verdict, twin_id);
call sec.protect('registry.twin', 'registry');

create table registry.merge (
  company_id   int    not null,
  merge_id     bigint generated always as identity,
  survivor_id  bigint not null,
  merged_id    bigint not null,
  taken        jsonb  not null default '{}',
  report       jsonb  not null default '{}',
  undone_at    timestamptz,
  undone_by    int,
  created_at   timestamptz not null default now(),
  created_by   int default sec.person_id(),
  primary key (company_id, merge_id),
  foreign key (company_id, survivor_id) references registry.party (company_id, party_id),
  foreign key (company_id, merged_id) references registry.party (company_id, party_id)
);
comment on column registry.merge.taken is 'Fields of the survivor that the merge changed: {field: [before, after]}.';
create index merge_of_survivor on registry.merge (company_id, survivor_id, merge_id);
create index merge_of_merged on registry.merge (company_id, merged_id, merge_id);
call sec.protect('registry.merge', 'registry', 'guarded');

create table registry.merge_row (
  company_id    int    not null,
  merge_row_id  bigint generated always as identity,
  merge_id      bigint not null,
  table_name    text   not null,
  column_name   text   not null,
  record_id     bigint not null,
  version_now   int,
  value_before  jsonb,
  created_by    int default sec.person_id(),
  primary key (company_id, merge_row_id),
  foreign key (company_id, merge_id) references registry.merge
);
create index row_of_merge on registry.merge_row (company_id, merge_id, merge_row_id);
call sec.protect('registry.merge_row', 'registry', 'guarded', 'summary');

-- rows that are there already -----------------------------------------------------------------------------------------------------------
set local role cms_bookkeeper;
insert into registry.party_role (company_id, party_id, role, since_on, search_key)
select customer.company_id, customer_id, case state when 'prospect' then 'prospect' else 'customer' end, since_on, search_key
from customers.customer join registry.party on party.company_id = customer.company_id and party.party_id = customer.customer_id;
insert into registry.section_count (company_id, section, month, parties)
select company_id, 'party', date_trunc('month', created_on)::date, count(*) from registry.party group by 1, 3
union all
select company_id, role, date_trunc('month', since_on)::date, count(*) from registry.party_role where until_on is null group by 1, 2, 3;
set local role cms_owner;

-- triggers --------------------------------------------------------------------------------------------------------------------------------
create trigger check_classes before insert or update on registry.party for each row
  when (new.class_1 is not null or new.class_2 is not null or new.class_3 is not null or new.class_4 is not null or new.class_5 is not null
        or new.class_6 is not null or new.class_7 is not null)
  execute function registry.check_classes();
create trigger count_add after insert on registry.party referencing new table as rows_now
  for each statement execute function registry.count_parties();
create trigger count_change after update on registry.party referencing old table as rows_before new table as rows_now
  for each statement execute function registry.count_parties();
create trigger count_remove after delete on registry.party referencing old table as rows_before
  for each statement execute function registry.count_parties();
create trigger keep_role_names after update of name on registry.party for each row
  when (old.name is distinct from new.name) execute function registry.keep_role_names();
create trigger take_name before insert on registry.party_role for each row
  when (new.search_key is null) execute function registry.take_name();
create trigger count_add after insert on registry.party_role referencing new table as rows_now
  for each statement execute function registry.count_roles();
create trigger count_change after update on registry.party_role referencing old table as rows_before new table as rows_now
  for each statement execute function registry.count_roles();
create trigger count_remove after delete on registry.party_role referencing old table as rows_before
  for each statement execute function registry.count_roles();
create trigger keep_role_add after insert on customers.customer referencing new table as rows_now
  for each statement execute function registry.keep_customer_roles();
create trigger keep_role_change after update on customers.customer referencing old table as rows_before new table as rows_now
  for each statement execute function registry.keep_customer_roles();
