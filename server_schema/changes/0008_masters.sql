-- Masters of a company: logo and letterhead, what each series takes, calendar, dated parameters, texts of letters, checks of the books.

-- companies ------------------------------------------------------------------------------------------------------------
alter table base.company
  add column website            text not null default '',
  add column istat_code         text references base.town,
  add column is_capital_paid_up boolean not null default true,
  add column letterhead_lines   text not null default '' check (length(letterhead_lines) <= 400),
  add column letterhead_foot    text not null default '' check (length(letterhead_foot) <= 400);

alter table base.bank_account
  add column branch  text not null default '',
  add column bic     text not null default '' check (bic ~ '^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$');

create table base.company_image (
  company_id        int    not null references base.company,
  company_image_id  bigint generated always as identity,
  kind              text   not null default 'logo' check (kind in ('logo', 'signature')),
  media_type        text   not null check (media_type in ('image/png', 'image/jpeg')),
  content           bytea  not null,
  pixel_width       int    not null check (pixel_width between 1 and 4000),
  pixel_height      int    not null check (pixel_height between 1 and 4000),
  created_at        timestamptz not null default now(),
  created_by        int default sec.person_id(),
  changed_at        timestamptz,
  changed_by        int,
  row_version       int not null default 1,
  primary key (company_id, company_image_id),
  unique (company_id, kind),
  constraint image_is_small check (octet_length(content) between 1 and 512 * 1024),
  constraint image_is_what_it_says check (case media_type when 'image/png' then substr(content, 1, 8) = '\x89504e470d0a1a0a'
                                                          else substr(content, 1, 3) = '\xffd8ff' end)
);
call sec.protect('base.company_image', 'base', 'editable', 'summary', 'base.read', 'base.administer');

-- series ---------------------------------------------------------------------------------------------------------------
-- which documents a series takes, and for which of them it is proposed
create table base.series_kind (
  company_id          int    not null,
  series_kind_id      bigint generated always as identity,
  document_series_id  bigint not null,
  document_type       text   not null check (document_type ~ '^TD[0-9]{2}$'),
  is_public_body      boolean not null default false,
  is_default          boolean not null default false,
  created_at          timestamptz not null default now(),
  created_by          int default sec.person_id(),
  changed_at          timestamptz,
  changed_by          int,
  row_version         int not null default 1,
  primary key (company_id, series_kind_id),
  foreign key (company_id, document_series_id) references base.document_series,
  unique (company_id, document_series_id, document_type, is_public_body)
);
create unique index one_default_series on base.series_kind (company_id, document_type, is_public_body) where is_default;
call sec.protect('base.series_kind', 'base', 'editable', 'images', 'base.read', 'base.administer');

-- VAT codes that end ---------------------------------------------------------------------------------------------------
alter table base.vat_code
  add column valid_from   date,
  add column valid_to     date,
  add column replaced_by  bigint,
  add foreign key (company_id, replaced_by) references base.vat_code,
  add constraint vat_code_ends_after_it_starts check (valid_to >= valid_from),
  add constraint what_is_replaced_has_an_end check (replaced_by is null or (valid_to is not null and replaced_by <> vat_code_id));

-- calendar -------------------------------------------------------------------------------------------------------------
create table base.national_holiday (
  holiday        text primary key,
  name           text not null,
  month          int  check (month between 1 and 12),
  day            int  check (day between 1 and 31),
  easter_offset  int  check (easter_offset between -60 and 60),
  valid_from     date not null,
  valid_to       date,
  law            text not null,
  constraint a_day_or_easter check ((month is null) = (day is null) and (month is null) <> (easter_offset is null))
);
-- patron saints of the capitals of provinces; other towns are the company's own calendar days
create table base.town_patron (
  istat_code     text primary key,
  name           text not null,
  month          int  check (month between 1 and 12),
  day            int  check (day between 1 and 31),
  easter_offset  int  check (easter_offset between -60 and 60),
  constraint a_day_or_easter check ((month is null) = (day is null) and (month is null) <> (easter_offset is null))
);
grant select on base.national_holiday, base.town_patron to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on base.national_holiday, base.town_patron to cms_bookkeeper;

-- patron: the feast of a town (istat_code) instead of the listed one; holiday: one more feast of the whole company or of a town;
-- closing: the offices are shut, which is no feast
create table base.calendar_day (
  company_id       int    not null references base.company,
  calendar_day_id  bigint generated always as identity,
  kind             text   not null check (kind in ('patron', 'holiday', 'closing')),
  name             text   not null check (btrim(name) <> ''),
  istat_code       text   references base.town,
  starts_on        date   not null,
  ends_on          date   not null,
  is_yearly        boolean not null default false,
  easter_offset    int    check (easter_offset between -60 and 60),
  created_at       timestamptz not null default now(),
  created_by       int default sec.person_id(),
  changed_at       timestamptz,
  changed_by       int,
  row_version      int not null default 1,
  primary key (company_id, calendar_day_id),
  constraint calendar_day_ends_after_it_starts check (ends_on between starts_on and starts_on + 366),
  constraint what_returns_lasts_less_than_a_year check (not is_yearly or ends_on < starts_on + 180),
  constraint easter_moves_one_day check (easter_offset is null or (is_yearly and ends_on = starts_on)),
  constraint patron_is_of_a_town check (kind <> 'patron' or (istat_code is not null and is_yearly and ends_on = starts_on))
);
create unique index one_patron_per_town on base.calendar_day (company_id, istat_code) where kind = 'patron';
call sec.protect('base.calendar_day', 'base', 'editable', 'images', 'base.read', 'base.administer');

-- parameters -----------------------------------------------------------------------------------------------------------
-- What may be set, of which kind. `is_law`: the values are the same for everybody and come with the program (base.law_value); a company
-- adds a next one before the program brings it. `period`: how often the law gives a new value.
create table base.parameter_kind (
  key         text primary key check (key ~ '^[a-z][a-z0-9_]*$'),
  title       text not null,
  note        text not null default '',
  value_kind  text not null check (value_kind in ('percent', 'amount', 'whole', 'days', 'text', 'flag', 'choice', 'stamp_duty')),
  choices     text[] not null default '{}',
  lowest      numeric,
  highest     numeric,
  is_law      boolean not null default false,
  law         text not null default '',
  period      text not null default '' check (period in ('', 'year', 'half_year')),
  sort_order  int  not null
);
create table base.law_value (
  key         text not null references base.parameter_kind,
  valid_from  date not null,
  value       jsonb not null,
  source      text not null,
  primary key (key, valid_from)
);
grant select on base.parameter_kind, base.law_value to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on base.parameter_kind, base.law_value to cms_bookkeeper;
alter table base.parameter add column note text not null default '';

-- letters --------------------------------------------------------------------------------------------------------------
create table base.letter_text (
  company_id      int    not null references base.company,
  letter_text_id  bigint generated always as identity,
  kind            text   not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  language        text   not null default 'it' check (language in ('it', 'en', 'de', 'fr')),
  valid_from      date   not null default date '1900-01-01',
  subject         text   not null check (btrim(subject) <> '' and length(subject) <= 200),
  body            text   not null check (btrim(body) <> '' and length(body) <= 20000),
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, letter_text_id),
  unique (company_id, kind, language, valid_from)
);
call sec.protect('base.letter_text', 'base', 'editable', 'images', 'base.read', 'base.administer');

-- checks of the books ----------------------------------------------------------------------------------------------------
-- the catalogue of checks, loaded by the deployer from consistency/*.sql
create table base.integrity_check (
  check_key   text primary key check (check_key ~ '^[a-z_]+\.[a-z0-9_]+$'),
  title       text not null,
  meaning     text not null default '',
  remedy      text not null default '',
  query       text not null,
  sort_order  int  not null
);
grant select on base.integrity_check to cms_people, cms_search, cms_bookkeeper, cms_role_keeper;
grant insert, update, delete on base.integrity_check to cms_bookkeeper;

create table base.integrity_run (
  company_id        int    not null references base.company,
  integrity_run_id  bigint generated always as identity,
  origin            text   not null check (origin in ('nightly', 'person')),
  started_at        timestamptz not null default clock_timestamp(),
  finished_at       timestamptz,
  check_count       int    not null default 0,
  finding_count     int    not null default 0,
  created_by        int,
  primary key (company_id, integrity_run_id)
);
call sec.protect('base.integrity_run', 'base', 'guarded', 'summary', 'base.check');

create table base.integrity_finding (
  company_id            int    not null,
  integrity_finding_id  bigint generated always as identity,
  integrity_run_id      bigint not null,
  check_key             text   not null,
  row_count             bigint not null check (row_count > 0),
  samples               jsonb  not null,
  created_by            int,
  primary key (company_id, integrity_finding_id),
  foreign key (company_id, integrity_run_id) references base.integrity_run,
  unique (company_id, integrity_run_id, check_key)
);
call sec.protect('base.integrity_finding', 'base', 'guarded', 'summary', 'base.check');

-- Every night the register of changes is sealed: each seal holds a digest of the entries since the one before it, and of that one.
-- Nobody below the owner of the server can change an entry; whoever can leaves a broken seal.
create table base.audit_seal (
  company_id      int    not null references base.company,
  audit_seal_id   bigint generated always as identity,
  sealed_at       timestamptz not null default clock_timestamp(),
  first_audit_id  bigint not null,
  last_audit_id   bigint not null,
  entry_count     bigint not null,
  digest          bytea  not null,
  created_by      int,
  primary key (company_id, audit_seal_id),
  unique (company_id, last_audit_id)
);
call sec.protect('base.audit_seal', 'base', 'guarded', 'summary', 'base.audit');
create trigger check_parameter before insert or update on base.parameter for each row execute function sec.check_parameter();
