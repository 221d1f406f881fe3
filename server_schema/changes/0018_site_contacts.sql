-- Who is called about a site: people of the rubrica, in the order in which they are called.

create table customers.site_contact (
  company_id         int    not null,
  site_contact_id    bigint generated always as identity,
  site_id            bigint not null,
  contact_person_id  bigint not null,
  call_order         int    not null default 1 check (call_order between 1 and 99),
  holds_keys         boolean not null default false,
  notes              text   not null default '',
  created_at         timestamptz not null default now(),
  created_by         int default sec.person_id(),
  changed_at         timestamptz,
  changed_by         int,
  row_version        int not null default 1,
  primary key (company_id, site_contact_id),
  foreign key (company_id, site_id) references customers.site,
  foreign key (company_id, contact_person_id) references registry.contact_person,
  constraint person_is_contact_of_a_site_once unique (company_id, site_id, contact_person_id)
);
create index site_contact_of_person on customers.site_contact (company_id, contact_person_id);
call sec.protect('customers.site_contact', 'customers');
