-- Master data of customers by area, life cycle, SDD mandates, letters of intent, agents and collectors, sites and plants.
-- needs: customers

-- payment terms: months in which nothing falls due, and a fixed day of the month in which the days end ------------------------------------
alter table base.payment_installment drop constraint payment_installment_rule_check;
alter table base.payment_installment add constraint payment_installment_rule_check check (rule in ('NET', 'EOM', 'DAY'));
alter table base.payment_installment drop constraint fixed_day_follows_month_end;
alter table base.payment_installment add constraint day_rule_names_its_day check (rule <> 'DAY' or fixed_day is not null);
alter table base.payment_term
  add column skipped_months int[] not null default '{}',
  add column skipped_to_day int not null default 10 check (skipped_to_day between 1 and 31),
  add constraint term_skips_real_months check (skipped_months <@ '{1,2,3,4,5,6,7,8,9,10,11,12}'::int[] and cardinality(skipped_months) < 12);

-- the customer ------------------------------------------------------------------------------------------------------------
alter table customers.customer
  -- fiscal
  add column withholding_kind text not null default '' check (withholding_kind ~ '^(RT0[1-6])?$'),
  add column withholding_reason text not null default '' check (withholding_reason ~ '^([A-EGHIL-Z]|L1|M1|M2|O1|V1|ZO)?$'),
  add column withholding_rate numeric(5,2) not null default 0 check (withholding_rate between 0 and 100),
  add column withholding_share numeric(5,2) not null default 100 check (withholding_share > 0 and withholding_share <= 100),
  add column exemption_reference text not null default '',
  add column exemption_ends_on date,
  add column ipa_code text not null default '',
  add column administration_reference text not null default '' check (length(administration_reference) <= 20),
  add column order_reference text not null default '',
  add column cig_code text not null default '' check (cig_code ~ '^([A-Z0-9]{10})?$'),
  add column cup_code text not null default '' check (cup_code ~ '^([A-Z0-9]{15})?$'),
  -- administrative
  add column skipped_months int[] not null default '{}',
  add column skipped_to_day int not null default 10 check (skipped_to_day between 1 and 31),
  add column bank_branch text not null default '',
  add column riba_fee_policy text not null default 'none'
    check (riba_fee_policy in ('none', 'effect', 'due_month', 'invoice', 'invoice_month', 'due_in_invoice_month')),
  add column riba_fee_amount numeric(14,2) check (riba_fee_amount >= 0),
  add column dunning_class text not null default 'standard' check (dunning_class in ('standard', 'gentle', 'strict', 'none')),
  add column credit_limit_amount numeric(14,2) check (credit_limit_amount >= 0),
  add column invoice_grouping text not null default '' check (invoice_grouping in ('', 'customer', 'site', 'contract', 'order')),
  add column invoice_delivery text not null default 'none' check (invoice_delivery in ('none', 'mail', 'pec', 'post', 'portal')),
  add column delivery_email text not null default '',
  -- life cycle: since when and why it is in its state
  add column state_on date not null default current_date,
  add column state_reason text not null default '',
  add constraint customer_skips_real_months check (skipped_months <@ '{1,2,3,4,5,6,7,8,9,10,11,12}'::int[] and cardinality(skipped_months) < 12);

-- every state a customer was in; written by a trigger on customers.customer
create table customers.life_cycle_event (
  company_id           int    not null,
  life_cycle_event_id  bigint generated always as identity,
  customer_id          bigint not null,
  from_state           text   not null default '',
  to_state             text   not null,
  on_date              date   not null,
  reason               text   not null default '',
  created_at           timestamptz not null default now(),
  created_by           int,
  primary key (company_id, life_cycle_event_id),
  foreign key (company_id, customer_id) references customers.customer on delete cascade
);
create index life_cycle_of_customer on customers.life_cycle_event (company_id, customer_id, life_cycle_event_id);
call sec.protect('customers.life_cycle_event', 'customers', 'guarded', 'summary');
set local role cms_bookkeeper;  -- row-level security is forced on the owner, too
update customers.customer set state_on = since_on, row_version = row_version + 1 where state_on <> since_on;
insert into customers.life_cycle_event (company_id, customer_id, to_state, on_date, created_at, created_by)
select company_id, customer_id, state, since_on, created_at, created_by from customers.customer order by company_id, customer_id;
set local role cms_owner;

-- letters of intent (dichiarazioni d'intento, D.P.R. 633/72 art. 8 c. 1 lett. c) -----------------------------------------------------------
create table customers.intent_letter (
  company_id        int    not null,
  intent_letter_id  bigint generated always as identity,
  customer_id       bigint not null,
  number            text   not null check (btrim(number) <> ''),
  issued_on         date   not null,
  protocol          text   not null default '' check (protocol ~ '^([0-9]{17}-?[0-9]{6})?$'),
  plafond_amount    numeric(14,2) not null check (plafond_amount > 0),
  consumed_amount   numeric(14,2) not null default 0,
  valid_from        date   not null,
  valid_to          date   not null,
  vat_code_id       bigint,
  revoked_on        date,
  created_at        timestamptz not null default now(),
  created_by        int default sec.person_id(),
  changed_at        timestamptz,
  changed_by        int,
  row_version       int not null default 1,
  primary key (company_id, intent_letter_id),
  foreign key (company_id, customer_id) references customers.customer,
  foreign key (company_id, vat_code_id) references base.vat_code,
  constraint letter_is_valid_forwards check (valid_to >= valid_from),
  constraint plafond_is_not_exceeded check (consumed_amount between 0 and plafond_amount)
);
create index letter_of_customer on customers.intent_letter (company_id, customer_id, valid_to);
call sec.protect('customers.intent_letter', 'customers');

-- SDD mandates ---------------------------------------------------------------------------------------------------------------
create table customers.mandate (
  company_id           int    not null,
  mandate_id           bigint generated always as identity,
  customer_id          bigint not null,
  reference            text   not null check (reference ~ '^[A-Za-z0-9+?/:().,'' -]{1,35}$' and reference = btrim(reference)),
  scheme               text   not null default 'CORE' check (scheme in ('CORE', 'B2B')),
  is_one_off           boolean not null default false,
  creditor_identifier  text   not null default '' check (creditor_identifier ~ '^([A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28})?$'),
  holder_name          text   not null default '',
  holder_tax_code      text   not null default '',
  iban                 text   not null default '' check (iban ~ '^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$'),
  signed_on            date,
  state                text   not null default 'draft' check (state in ('draft', 'active', 'suspended', 'revoked', 'expired')),
  state_on             date   not null default current_date,
  state_reason         text   not null default '',
  sequence_state       text   not null default 'FRST' check (sequence_state in ('FRST', 'RCUR', 'FNAL', 'OOFF')),
  last_collected_on    date,
  created_at           timestamptz not null default now(),
  created_by           int default sec.person_id(),
  changed_at           timestamptz,
  changed_by           int,
  row_version          int not null default 1,
  primary key (company_id, mandate_id),
  foreign key (company_id, customer_id) references customers.customer,
  unique (company_id, reference),
  constraint living_mandate_is_signed check (state not in ('active', 'suspended') or (signed_on is not null and iban <> '')),
  constraint one_off_is_collected_once check (is_one_off = (sequence_state = 'OOFF'))
);
create index mandate_of_customer on customers.mandate (company_id, customer_id, mandate_id);
create index mandate_by_iban on customers.mandate (company_id, iban) where iban <> '';
call sec.protect('customers.mandate', 'customers');

-- what the bank must still be told of a mandate it knows: the value it knew, kept until it accepted the new one; written by a trigger
create table customers.mandate_amendment (
  company_id            int    not null,
  mandate_amendment_id  bigint generated always as identity,
  mandate_id            bigint not null,
  kind                  text   not null check (kind in ('iban', 'reference', 'creditor_identifier')),
  old_value             text   not null,
  new_value             text   not null,
  state                 text   not null default 'pending' check (state in ('pending', 'sent', 'accepted')),
  sent_on               date,
  refused_count         int    not null default 0,
  accepted_on           date,
  created_at            timestamptz not null default now(),
  created_by            int,
  primary key (company_id, mandate_amendment_id),
  foreign key (company_id, mandate_id) references customers.mandate,
  constraint accepted_means_dated check ((state = 'accepted') = (accepted_on is not null))
);
create unique index one_open_amendment on customers.mandate_amendment (company_id, mandate_id, kind) where state <> 'accepted';
call sec.protect('customers.mandate_amendment', 'customers', 'guarded', 'images');

-- agents (produttori) and collectors (esattori) of a customer ----------------------------------------------------------------------
create table customers.appointment (
  company_id      int    not null,
  appointment_id  bigint generated always as identity,
  customer_id     bigint not null,
  role            text   not null check (role in ('agent', 'collector')),
  party_id        bigint not null,
  share           numeric(5,2) not null default 100 check (share > 0 and share <= 100),
  starts_on       date   not null default current_date,
  ends_on         date,
  notes           text   not null default '',
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, appointment_id),
  foreign key (company_id, customer_id) references customers.customer,
  foreign key (company_id, party_id) references registry.party,
  constraint appointment_ends_after_it_starts check (ends_on is null or ends_on >= starts_on)
);
create index appointment_of_customer on customers.appointment (company_id, customer_id, role, starts_on);
create index appointment_of_party on customers.appointment (company_id, party_id, role, customer_id);
call sec.protect('customers.appointment', 'customers');

-- sites (sedi) and plants (impianti) ----------------------------------------------------------------------------------------------
create table customers.site (
  company_id     int    not null,
  site_id        bigint generated always as identity,
  customer_id    bigint not null,
  code           text   not null check (btrim(code) <> ''),
  name           text   not null check (btrim(name) <> ''),
  search_key     text   collate "C" not null generated always as (base.fold(name)) stored,
  search_text    text   not null generated always as (base.fold(name) || ' ' || base.fold(street) || ' ' || base.fold(town)) stored,
  street         text   not null default '',
  street_number  text   not null default '',
  postal_code    text   not null default '',
  town           text   not null default '',
  istat_code     text   references base.town,
  province_code  text   not null default '',
  country        text   not null default 'IT' check (country ~ '^[A-Z]{2}$'),
  latitude       numeric(9,6) check (latitude between -90 and 90),
  longitude      numeric(9,6) check (longitude between -180 and 180),
  phone          text   not null default '',
  instructions   text   not null default '',
  is_active      boolean not null default true,
  created_at     timestamptz not null default now(),
  created_by     int default sec.person_id(),
  changed_at     timestamptz,
  changed_by     int,
  row_version    int not null default 1,
  primary key (company_id, site_id),
  foreign key (company_id, customer_id) references customers.customer,
  unique (company_id, code),
  constraint site_has_both_coordinates check ((latitude is null) = (longitude is null))
);
create index site_of_customer on customers.site (company_id, customer_id, site_id);
create index site_by_name on customers.site (company_id, search_key, site_id);
create index site_by_text on customers.site using gin (company_id, search_text ext.gin_trgm_ops);
call sec.protect('customers.site', 'customers');

create table customers.plant (
  company_id    int    not null,
  plant_id      bigint generated always as identity,
  site_id       bigint not null,
  code          text   collate "C" not null check (code ~ '^[A-Z0-9][A-Z0-9./-]{0,19}$'),
  kind          text   not null default 'intrusion' check (kind in ('intrusion', 'hold_up', 'video', 'fire', 'access', 'technical', 'rescue', 'tracking', 'other')),
  description   text   not null default '',
  maker         text   not null default '',
  installed_on  date,
  removed_on    date,
  notes         text   not null default '',
  created_at    timestamptz not null default now(),
  created_by    int default sec.person_id(),
  changed_at    timestamptz,
  changed_by    int,
  row_version   int not null default 1,
  primary key (company_id, plant_id),
  foreign key (company_id, site_id) references customers.site,
  unique (company_id, code),
  constraint plant_is_removed_after_installed check (removed_on is null or installed_on is null or removed_on >= installed_on)
);
create index plant_of_site on customers.plant (company_id, site_id, plant_id);
call sec.protect('customers.plant', 'customers');

-- keys of a site that the company holds
create table customers.held_key (
  company_id         int    not null,
  held_key_id        bigint generated always as identity,
  site_id            bigint not null,
  plant_id           bigint,
  number             text   not null check (btrim(number) <> ''),
  description        text   not null default '',
  piece_count        int    not null default 1 check (piece_count between 1 and 999),
  seal               text   not null default '',
  kept_at            text   not null default '',
  received_on        date   not null default current_date,
  received_from      text   not null default '',
  is_receipt_signed  boolean not null default false,
  returned_on        date,
  returned_to        text   not null default '',
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, held_key_id),
  foreign key (company_id, site_id) references customers.site,
  foreign key (company_id, plant_id) references customers.plant,
  constraint key_is_returned_after_received check (returned_on is null or returned_on >= received_on)
);
create unique index held_key_by_number on customers.held_key (company_id, number) where returned_on is null;
create index key_of_site on customers.held_key (company_id, site_id, held_key_id);
call sec.protect('customers.held_key', 'customers');

-- what holds beyond one row -------------------------------------------------------------------------------------------------------
create trigger guard_life_cycle before update on customers.customer for each row when (old.state is distinct from new.state)
  execute function customers.guard_life_cycle();
create trigger keep_life_cycle_add after insert on customers.customer referencing new table as rows_now
  for each statement execute function customers.keep_life_cycle();
create trigger keep_life_cycle_change after update on customers.customer referencing old table as rows_before new table as rows_now
  for each statement execute function customers.keep_life_cycle();
create trigger guard_consumed before insert or update on customers.intent_letter for each row execute function customers.guard_consumed();
create trigger guard_mandate before insert or update on customers.mandate for each row execute function customers.guard_mandate();
create trigger keep_amendments after update on customers.mandate for each row
  when ((old.iban, old.reference, old.creditor_identifier) is distinct from (new.iban, new.reference, new.creditor_identifier))
  execute function customers.keep_amendments();
create trigger check_appointments_add after insert on customers.appointment referencing new table as rows_now
  for each statement execute function customers.check_appointments();
create trigger check_appointments_change after update on customers.appointment referencing new table as rows_now
  for each statement execute function customers.check_appointments();
