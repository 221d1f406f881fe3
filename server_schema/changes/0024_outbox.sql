-- How documents leave and answers come in: mail accounts, the outbox, what left by certified mail.
-- needs: base
-- needs: billing

-- the language in which a party is written to
alter table registry.party add column language text not null default 'it' check (language in ('it', 'en', 'de', 'fr'));

-- kinds of messages: the right that queues them (empty: only a function of the module does) and the kind of account that carries them
create table base.outbox_kind (
  kind        text primary key check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  title       text not null,
  function    text not null default '',
  purpose     text not null check (purpose in ('ordinary', 'pec')),
  sort_order  int  not null
);
grant select on base.outbox_kind to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on base.outbox_kind to cms_bookkeeper;

-- where mail is handed over and read. The password is not here: it stays in the keyring of the post that sends (see modules/base/mail).
create table base.mail_account (
  company_id       int    not null references base.company,
  mail_account_id  bigint generated always as identity,
  name             text   not null check (btrim(name) <> ''),
  purpose          text   not null default 'ordinary' check (purpose in ('ordinary', 'pec')),
  from_address     text   not null check (from_address ~ '^[^@[:space:]<>",;]+@[^@[:space:]<>",;]+\.[^@[:space:]<>",;]+$'),
  from_name        text   not null default '' check (from_name !~ '[[:cntrl:]]'),
  user_name        text   not null default '' check (user_name !~ '[[:cntrl:]]'),
  smtp_host        text   not null check (smtp_host ~ '^[A-Za-z0-9.-]+$'),
  smtp_port        int    not null default 465 check (smtp_port between 1 and 65535),
  smtp_security    text   not null default 'tls' check (smtp_security in ('tls', 'starttls')),
  imap_host        text   not null default '' check (imap_host ~ '^[A-Za-z0-9.-]*$'),
  imap_port        int    not null default 993 check (imap_port between 1 and 65535),
  imap_folder      text   not null default 'INBOX' check (imap_folder !~ '[[:cntrl:]]' and btrim(imap_folder) <> ''),
  most_per_minute  int    not null default 30 check (most_per_minute between 1 and 6000),
  is_default       boolean not null default false,
  is_active        boolean not null default true,
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, mail_account_id),
  unique (company_id, name)
);
create unique index one_default_mail_account on base.mail_account (company_id, purpose) where is_default and is_active;
call sec.protect('base.mail_account', 'base', 'editable', 'images', 'base.outbox', 'base.administer');

-- how far a mailbox was read: what stands before is not asked for again
create table base.mailbox_position (
  company_id           int    not null,
  mailbox_position_id  bigint generated always as identity,
  mail_account_id      bigint not null,
  folder               text   not null,
  uid_validity         bigint not null,
  last_uid             bigint not null check (last_uid >= 0),
  read_at              timestamptz not null default now(),
  created_at           timestamptz not null default now(),
  created_by           int,
  primary key (company_id, mailbox_position_id),
  foreign key (company_id, mail_account_id) references base.mail_account on delete cascade,
  unique (company_id, mail_account_id, folder)
);
call sec.protect('base.mailbox_position', 'base', 'guarded', 'summary', 'base.outbox');

-- what is to leave, is leaving, has left. A message is sent by one sender at a time, who holds a lease; `token_digest` is of the secret that
-- only this sender was given. `handed_over_at`: the text was being transferred; whoever died after that moment leaves an uncertain message.
create table base.outbox_message (
  company_id         int    not null references base.company,
  outbox_message_id  bigint generated always as identity,
  kind               text   not null references base.outbox_kind,
  purpose            text   not null check (purpose in ('ordinary', 'pec')),
  recipient          text   not null check (recipient ~ '^[^@[:space:]<>",;]+@[^@[:space:]<>",;]+$' and length(recipient) <= 254),
  recipient_name     text   not null default '' check (recipient_name !~ '[[:cntrl:]]'),
  subject            text   not null check (btrim(subject) <> '' and length(subject) <= 500 and subject !~ '[[:cntrl:]]'),
  body               text   not null check (length(body) <= 100000),
  language           text   not null default 'it' check (language in ('it', 'en', 'de', 'fr')),
  source_table       text   not null default '',
  source_id          bigint not null default 0,
  copy_number        int    not null default 1 check (copy_number > 0),
  header_id          text   not null,
  state              text   not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'held', 'uncertain', 'cancelled')),
  attempts           int    not null default 0,
  next_attempt_at    timestamptz not null default now(),
  lease_until        timestamptz,
  leased_by          int,
  token_digest       bytea,
  handed_over_at     timestamptz,
  mail_account_id    bigint,
  sent_at            timestamptz,
  accepted_at        timestamptz,
  delivered_at       timestamptz,
  reply              text   not null default '',
  decided_by         int,
  decided_at         timestamptz,
  created_at         timestamptz not null default now(),
  created_by         int,
  primary key (company_id, outbox_message_id),
  foreign key (company_id, mail_account_id) references base.mail_account,
  unique (company_id, header_id),
  constraint sent_has_its_moment check (state <> 'sent' or sent_at is not null),
  constraint sending_has_its_lease check (state <> 'sending' or (lease_until is not null and token_digest is not null and leased_by is not null))
);
-- the same document is queued once; a second copy is asked for, and has its number
create unique index outbox_once on base.outbox_message (company_id, kind, source_table, source_id, copy_number) where source_table <> '';
create index outbox_due on base.outbox_message (company_id, purpose, next_attempt_at, outbox_message_id) where state = 'queued';
create index outbox_leased on base.outbox_message (company_id, lease_until) where state = 'sending';
create index outbox_by_state on base.outbox_message (company_id, state, outbox_message_id);
create index outbox_by_date on base.outbox_message (company_id, created_at, outbox_message_id);
create index outbox_of_account on base.outbox_message (company_id, mail_account_id) where mail_account_id is not null;
call sec.protect('base.outbox_message', 'base', 'guarded', 'summary', 'base.outbox');

create table base.outbox_attachment (
  company_id            int    not null,
  outbox_attachment_id  bigint generated always as identity,
  outbox_message_id     bigint not null,
  name                  text   not null check (name ~ '^[^/\\[:cntrl:]]{1,120}$'),
  media_type            text   not null default 'application/octet-stream' check (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
  content               bytea  not null,
  created_at            timestamptz not null default now(),
  created_by            int,
  primary key (company_id, outbox_attachment_id),
  foreign key (company_id, outbox_message_id) references base.outbox_message on delete cascade
);
create index attachment_of_message on base.outbox_attachment (company_id, outbox_message_id, outbox_attachment_id);
alter table base.outbox_attachment alter column content set storage external;  -- PDF and zip are packed already
call sec.protect('base.outbox_attachment', 'base', 'guarded', 'summary', 'base.outbox');

-- a file that waits in the outbox: it left the hands of the run, not yet the house
alter table billing.transmission drop constraint transmission_state_check;
alter table billing.transmission
  add constraint transmission_state_check check (state in (
    'ready', 'queued', 'sent', 'delivered', 'undeliverable', 'attested', 'lapsed', 'accepted', 'refused', 'rejected')),
  add column outbox_message_id bigint,
  add foreign key (company_id, outbox_message_id) references base.outbox_message;
create index transmission_of_message on billing.transmission (company_id, outbox_message_id) where outbox_message_id is not null;

create trigger follow_outbox after update on base.outbox_message referencing old table as rows_before new table as rows_now
  for each statement execute function billing.follow_outbox();
