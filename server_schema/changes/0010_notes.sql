-- Notices, notes, tasks, time spent, attachments.

-- notices: what needs one person -------------------------------------------------------------------------------------------
create table base.notice_kind (
  kind        text primary key check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  module      text not null,
  may_wait    boolean not null default true,
  sort_order  int  not null
);
comment on column base.notice_kind.may_wait is 'Whether a person may mute it or have it in the daily summary. What was given to them to do they always get.';
grant select on base.notice_kind to cms_people, cms_search, cms_bookkeeper;
grant insert, update, delete on base.notice_kind to cms_bookkeeper;

create table base.notice_choice (
  company_id  int  not null references base.company,
  person_id   int  not null references base.person,
  kind        text not null references base.notice_kind,
  choice      text not null check (choice in ('now', 'digest', 'mute')),
  primary key (company_id, person_id, kind)
);
alter table base.notice_choice enable row level security;
alter table base.notice_choice force row level security;
create policy mine on base.notice_choice to cms_people
  using (person_id = (select sec.person_id()) and company_id = any ((select sec.my_companies())::int[]))
  with check (person_id = (select sec.person_id()) and company_id = any ((select sec.my_companies())::int[]));
grant select, insert, update, delete on base.notice_choice to cms_people;
grant select, insert, update, delete on base.notice_choice to cms_bookkeeper;

create table base.notice (
  company_id     int     not null references base.company,
  notice_id      bigint  generated always as identity,
  person_id      int     not null references base.person,
  kind           text    not null references base.notice_kind,
  author_id      int     references base.person,
  title          text    not null default '',
  body           text    not null default '',
  read_function  text    not null,
  min_rank       int     not null default 0,
  party_id       bigint,
  subject_table  text    not null default '',
  subject_id     bigint,
  source_table   text    not null default '',
  source_id      bigint,
  created_at     timestamptz not null default now(),
  due_at         timestamptz not null default now(),
  is_digest      boolean not null default false,
  is_kept        boolean not null default false,
  read_at        timestamptz,
  done_at        timestamptz,
  primary key (company_id, notice_id)
);
create index notice_waiting on base.notice (company_id, person_id, due_at) where done_at is null;
create index notice_done on base.notice (company_id, person_id, done_at) where done_at is not null;
create index notice_of_source on base.notice (company_id, source_table, source_id) where source_id is not null;
alter table base.notice enable row level security;
alter table base.notice force row level security;
create policy mine on base.notice for select to cms_people using (
  person_id = (select sec.person_id())
  and company_id || ':' || read_function = any ((select sec.held())::text[])
  and (source_table = '' or company_id || ':' || split_part(source_table, '.', 1) || '.read' = any ((select sec.held())::text[]))
  and min_rank <= (select sec.my_rank()));
create policy mine_to_tidy on base.notice for update to cms_people
  using (person_id = (select sec.person_id()) and company_id = any ((select sec.my_companies())::int[]))
  with check (person_id = (select sec.person_id()));
grant select, update (due_at, is_kept, read_at, done_at) on base.notice to cms_people;
grant select, insert, update, delete on base.notice to cms_bookkeeper;
create trigger announce_add    after insert on base.notice referencing new table as rows_now for each statement execute function sec.announce();
create trigger announce_change after update on base.notice referencing new table as rows_now for each statement execute function sec.announce();
create trigger announce_remove after delete on base.notice referencing old table as rows_now for each statement execute function sec.announce();

-- which records notes and attachments may hang on ----------------------------------------------------------------------------
create table registry.subject_kind (
  subject_table  text primary key check (subject_table ~ '^[a-z_]+\.[a-z_]+$'),
  key_column     text not null,
  party_column   text not null default '',
  read_function  text not null
);
comment on column registry.subject_kind.party_column is 'The column that says which party the record belongs to; empty where it belongs to none.';
grant select on registry.subject_kind to cms_people, cms_search, cms_bookkeeper;
grant insert, update, delete on registry.subject_kind to cms_bookkeeper;

-- notes; one with an executor is a task ----------------------------------------------------------------------------------------
create table registry.note (
  company_id         int    not null references base.company,
  note_id            bigint generated always as identity,
  party_id           bigint,
  subject_table      text   not null default 'registry.party',
  subject_id         bigint,
  read_function      text   not null,
  words              text   not null check (btrim(words) <> '' and length(words) <= 20000),
  spoken_to          text   not null default '',
  contact_person_id  bigint,
  happened_on        date   not null default current_date,
  is_private         boolean not null default false,
  min_rank           int    not null check (min_rank between 0 and 3),
  audience           text   not null default 'rank' check (audience in ('rank', 'everybody')),
  remind_at          timestamptz,
  executor_id        int    references base.person,
  assigned_by        int    references base.person,
  assigned_at        timestamptz,
  due_on             date,
  task_state         text   check (task_state in ('open', 'taken', 'done')),
  done_at            timestamptz,
  done_by            int    references base.person,
  outcome            text   not null default '' check (length(outcome) <= 20000),
  minutes            int    not null default 0 check (minutes between 0 and 1000000),
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, note_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  foreign key (company_id, contact_person_id) references registry.contact_person (company_id, contact_person_id),
  constraint subject_is_the_party_or_a_record check (
    case when subject_table in ('registry.party', 'customers.customer') then subject_id is null and party_id is not null
    else subject_id is not null end),
  constraint a_task_has_all_of_a_task check (
    case when executor_id is null then coalesce(task_state, due_on::text, done_at::text, assigned_by::text) is null
    else task_state is not null and assigned_by is not null and (task_state = 'done') = (done_at is not null) end)
);
create index note_of_party on registry.note (company_id, party_id, note_id) where party_id is not null;
create index note_of_subject on registry.note (company_id, subject_table, subject_id, note_id) where subject_id is not null;
create index note_of_contact on registry.note (company_id, contact_person_id) where contact_person_id is not null;
create index task_of_executor on registry.note (company_id, executor_id, task_state, due_on) where executor_id is not null;
create index task_of_assigner on registry.note (company_id, assigned_by, task_state, due_on) where executor_id is not null;
call sec.protect('registry.note', 'registry', 'guarded', 'summary', 'registry.read');
drop policy may_read on registry.note;
create policy may_read on registry.note for select to cms_people using (
  company_id = any ((select sec.companies('registry.read'))::int[])
  and company_id || ':' || read_function = any ((select sec.held())::text[])
  and (not is_private or created_by = (select sec.person_id()) or min_rank <= (select sec.my_rank())));

-- what happened to a note: append-only, seen by whoever sees the note
create table registry.note_event (
  company_id     int    not null,
  note_event_id  bigint generated always as identity,
  note_id        bigint not null,
  at             timestamptz not null default clock_timestamp(),
  kind           text   not null check (kind in ('changed', 'assigned', 'taken', 'handed_on', 'done', 'reopened')),
  to_person_id   int    references base.person,
  words          text   not null default '',
  minutes        int    not null default 0,
  created_by     int default sec.person_id(),
  primary key (company_id, note_event_id),
  foreign key (company_id, note_id) references registry.note
);
create index event_of_note on registry.note_event (company_id, note_id, note_event_id);
call sec.protect('registry.note_event', 'registry', 'guarded', 'summary', 'registry.read');
create policy as_the_note on registry.note_event as restrictive for select to cms_people using (exists (
  select from registry.note where note.company_id = note_event.company_id and note.note_id = note_event.note_id));

-- time spent: a cost of the party's project ---------------------------------------------------------------------------------------
create table registry.hourly_cost (
  company_id      int    not null references base.company,
  hourly_cost_id  bigint generated always as identity,
  person_id       int    references base.person,
  valid_from      date   not null default current_date,
  amount          numeric(14,2) not null check (amount >= 0),
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, hourly_cost_id),
  unique nulls not distinct (company_id, person_id, valid_from)
);
comment on column registry.hourly_cost.person_id is 'Null: everybody who has no cost of their own.';
call sec.protect('registry.hourly_cost', 'registry', 'editable', 'images', 'registry.costs', 'registry.costs');

create table registry.time_cost (
  company_id    int    not null references base.company,
  time_cost_id  bigint generated always as identity,
  party_id      bigint,
  note_id       bigint,
  project_id    bigint,
  person_id     int    not null references base.person,
  worked_on     date   not null default current_date,
  minutes       int    not null check (minutes <> 0),
  hourly_cost   numeric(14,2) not null,
  amount        numeric(14,2) not null,
  created_at    timestamptz not null default now(),
  created_by    int default sec.person_id(),
  primary key (company_id, time_cost_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  foreign key (company_id, note_id) references registry.note
);
comment on column registry.time_cost.note_id is 'Null for a private note: its cost is known to whoever reads costs, the note is not.';
create index time_cost_of_party on registry.time_cost (company_id, party_id, worked_on);
create index time_cost_of_note on registry.time_cost (company_id, note_id) where note_id is not null;
call sec.protect('registry.time_cost', 'registry', 'guarded', 'summary', 'registry.costs');

-- attachments: contents once per company, in chunks; nobody but functions touches them ---------------------------------------------
create table registry.content (
  company_id   int    not null references base.company,
  content_id   bigint generated always as identity,
  state        text   not null default 'arriving' check (state in ('arriving', 'complete', 'double')),
  digest       bytea  check (length(digest) = 32),
  byte_count   bigint not null default 0 check (byte_count >= 0),
  chunk_count  int    not null default 0 check (chunk_count >= 0),
  created_at   timestamptz not null default now(),
  created_by   int    not null,
  primary key (company_id, content_id),
  constraint complete_has_a_digest check ((state = 'arriving') = (digest is null))
);
comment on column registry.content.digest is 'SHA-256 over the SHA-256 of the chunks: neither side ever holds the whole content to compute it.';
create unique index content_once on registry.content (company_id, digest) where state = 'complete';
create table registry.content_chunk (
  company_id  int    not null,
  content_id  bigint not null,
  position    int    not null check (position >= 0),
  bytes       bytea  not null check (octet_length(bytes) between 1 and 262144),
  digest      bytea  not null generated always as (sha256(bytes)) stored,
  primary key (company_id, content_id, position),
  foreign key (company_id, content_id) references registry.content on delete cascade
);
alter table registry.content_chunk alter column bytes set storage external;  -- documents are compressed already
alter table registry.content enable row level security;
alter table registry.content force row level security;
alter table registry.content_chunk enable row level security;
alter table registry.content_chunk force row level security;
grant select, insert, update, delete on registry.content, registry.content_chunk to cms_bookkeeper;

create table registry.attachment (
  company_id     int    not null references base.company,
  attachment_id  bigint generated always as identity,
  document_id    bigint not null,
  version        int    not null check (version > 0),
  party_id       bigint,
  subject_table  text   not null,
  subject_id     bigint,
  read_function  text   not null,
  name           text   not null check (btrim(name) <> '' and length(name) <= 255 and name !~ '[/\\[:cntrl:]]'),
  media_type     text   not null default 'application/octet-stream' check (length(media_type) <= 255),
  description    text   not null default '' check (length(description) <= 2000),
  byte_count     bigint not null check (byte_count >= 0),
  content_id     bigint,
  removed_at     timestamptz,
  removed_by     int    references base.person,
  created_at     timestamptz not null default now(),
  created_by     int default sec.person_id(),
  primary key (company_id, attachment_id),
  foreign key (company_id, party_id) references registry.party (company_id, party_id),
  foreign key (company_id, content_id) references registry.content,
  unique (company_id, document_id, version),
  constraint subject_is_the_party_or_a_record check (
    case when subject_table in ('registry.party', 'customers.customer') then subject_id is null and party_id is not null
    else subject_id is not null end),
  constraint a_removed_one_has_no_content check ((content_id is null) = (removed_at is not null))
);
create index attachment_of_party on registry.attachment (company_id, party_id, document_id) where party_id is not null;
create index attachment_of_subject on registry.attachment (company_id, subject_table, subject_id, document_id) where subject_id is not null;
create index attachment_of_content on registry.attachment (company_id, content_id) where content_id is not null;
call sec.protect('registry.attachment', 'registry', 'guarded', 'summary', 'registry.read');
drop policy may_read on registry.attachment;
create policy may_read on registry.attachment for select to cms_people using (
  company_id = any ((select sec.companies('registry.read'))::int[])
  and company_id || ':' || read_function = any ((select sec.held())::text[])
  and (subject_table <> 'registry.note' or exists (
    select from registry.note where note.company_id = attachment.company_id and note.note_id = attachment.subject_id)));
-- which content it is stays hidden: two attachments with the same one would tell who else holds that document
revoke select on registry.attachment from cms_people;
grant select (company_id, attachment_id, document_id, version, party_id, subject_table, subject_id, read_function, name, media_type,
              description, byte_count, removed_at, removed_by, created_at, created_by) on registry.attachment to cms_people;

-- new rights go to whoever could write the registry so far; nobody can give them to themselves
set local role cms_bookkeeper;
insert into base.function (function, module, title, sort_order) values
  ('registry.note', 'registry', 'Scrivere note e lavorare le attività', 160),
  ('registry.attach', 'registry', 'Allegare documenti', 170)
on conflict do nothing;
insert into base.permission (company_id, person_id, function)
select company_id, person_id, wanted from base.permission, unnest(array['registry.note', 'registry.attach']) as wanted
where function = 'registry.write'
on conflict do nothing;
set local role cms_owner;
