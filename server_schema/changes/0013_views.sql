-- Views of lists shared by colleagues, and what mass changes and pasted rows wrote, so that they can be taken back.

insert into base.function (function, module, title, sort_order) values
  ('base.share_views', 'base', 'Condividere viste degli elenchi', 40),
  ('base.mass_change', 'base', 'Modificare o incollare molti record insieme', 50)
on conflict (function) do nothing;
-- who could change records one by one may go on doing what they do, with the new tools
insert into base.permission (company_id, person_id, function)
select distinct permission.company_id, permission.person_id, fresh.function
from base.permission
cross join (values ('base.share_views'), ('base.mass_change')) as fresh(function)
where permission.function in ('base.administer', 'customers.write', 'registry.write')
on conflict do nothing;

create table base.shared_view (
  company_id      int    not null,
  shared_view_id  bigint not null generated always as identity,
  list            text   not null check (list <> ''),
  name            text   not null check (name <> ''),
  view            jsonb  not null,
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, shared_view_id),
  unique (company_id, list, name)
);
call sec.protect('base.shared_view', 'base', read_function => 'base.read', write_function => 'base.share_views');
comment on table base.shared_view is 'A view of a list (filters, order, columns) that one person keeps for all colleagues of the company.';
-- only who made it, or the administrator, changes it or takes it away
alter policy may_change on base.shared_view using (
  company_id = any ((select sec.companies('base.share_views'))::int[])
  and (created_by = (select sec.person_id()) or company_id = any ((select sec.companies('base.administer'))::int[])));
alter policy may_remove on base.shared_view using (
  company_id = any ((select sec.companies('base.share_views'))::int[])
  and (created_by = (select sec.person_id()) or company_id = any ((select sec.companies('base.administer'))::int[])));

create table base.mass_change (
  company_id      int    not null,
  mass_change_id  bigint not null generated always as identity,
  list            text   not null check (list <> ''),
  kind            text   not null check (kind in ('change', 'paste')),
  title           text   not null,
  row_count       int    not null default 0,
  undone_at       timestamptz,
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, mass_change_id)
);
create table base.mass_change_row (
  company_id      int    not null,
  mass_change_id  bigint not null,
  table_name      text   not null,
  record_id       bigint not null,
  version         int    not null,
  before          jsonb,
  created_at      timestamptz not null default now(),
  created_by      int default sec.person_id(),
  changed_at      timestamptz,
  changed_by      int,
  row_version     int not null default 1,
  primary key (company_id, mass_change_id, table_name, record_id),
  foreign key (company_id, mass_change_id) references base.mass_change
);
create index mass_change_newest on base.mass_change (company_id, created_by, list, created_at desc);
call sec.protect('base.mass_change', 'base', read_function => 'base.mass_change', write_function => 'base.mass_change');
call sec.protect('base.mass_change_row', 'base', audit => 'summary', read_function => 'base.mass_change', write_function => 'base.mass_change');
comment on table base.mass_change is 'A change of many records in one go, by one person; seen and taken back by that person only.';
comment on table base.mass_change_row is
  'What a mass change did to a record: the values before (null: it was created) and the version it left, at which it can be taken back.';
-- old values of records are shown to nobody but who changed them
alter policy may_read on base.mass_change using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
alter policy may_change on base.mass_change using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
alter policy may_remove on base.mass_change using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
alter policy may_read on base.mass_change_row using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
alter policy may_change on base.mass_change_row using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
alter policy may_remove on base.mass_change_row using (
  company_id = any ((select sec.companies('base.mass_change'))::int[]) and created_by = (select sec.person_id()));
