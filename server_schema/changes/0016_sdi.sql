-- What the exchange system (SdI) answers, and lots of files that travel together.
-- needs: billing

alter table billing.transmission drop constraint transmission_state_check;
alter table billing.transmission
  add constraint transmission_state_check check (state in (
    'ready', 'sent', 'delivered', 'undeliverable', 'attested', 'lapsed', 'accepted', 'refused', 'rejected')),
  add column sdi_identifier text not null default '',
  add column lot_name text not null default '',
  add column answered_at timestamptz;
create index transmission_of_lot on billing.transmission (company_id, lot_name) where lot_name <> '';
create index transmission_by_state on billing.transmission (company_id, state, transmission_id);

-- one receipt or notification; kept as it came, with what it said
create table billing.sdi_message (
  company_id       int    not null references base.company,
  sdi_message_id   bigint generated always as identity,
  transmission_id  bigint,
  kind             text   not null check (kind in ('RC', 'NS', 'MC', 'NE', 'DT', 'AT')),
  channel          text   not null check (channel in ('pa', 'b2b')),
  state            text   not null,
  name             text   not null,
  about_file       text   not null,
  sdi_identifier   text   not null default '',
  message_number   text   not null default '',
  received_at      timestamptz,
  delivered_at     timestamptz,
  recipient_code   text   not null default '',
  recipient_name   text   not null default '',
  note             text   not null default '',
  errors           jsonb  not null default '[]',
  content          bytea  not null,
  sha256           bytea  not null,
  created_at       timestamptz not null default now(),
  created_by       int,
  primary key (company_id, sdi_message_id),
  foreign key (company_id, transmission_id) references billing.transmission
);
create index message_of_transmission on billing.sdi_message (company_id, transmission_id, sdi_message_id);
create index message_by_date on billing.sdi_message (company_id, created_at, sdi_message_id);
-- the same receipt read twice is one receipt; one about a lot speaks once of each of its files
create unique index message_read_once on billing.sdi_message (company_id, sha256, transmission_id) nulls not distinct;
call sec.protect('billing.sdi_message', 'billing', 'guarded', 'summary');

-- who a refused invoice goes to may be mended: the trigger must see the new row, too
drop trigger keep_issued_final on billing.invoice;
create trigger keep_issued_final after update on billing.invoice referencing old table as rows_before new table as rows_now
  for each statement execute function billing.keep_issued_final();
alter table billing.invoice enable always trigger keep_issued_final;
