-- role: cms_bookkeeper
-- What the accountant got: which entries, in which file.

create or replace function ledger.open_export(wanted_company int, first_on date, last_on date, wanted_format text, with_sent boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Choose the entries of a period that were never exported (`with_sent`: all of them). The file follows in the same transaction.
declare
  which bigint;
  code  text;
  many  int;
begin
  perform sec.require(wanted_company, 'ledger.export');
  if first_on is null or last_on is null or last_on < first_on or wanted_format is null or wanted_format not in ('csv', 'xlsx') then
    perform sec.refuse('CM148', 'export_period');
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('ledger.open_export'), wanted_company);
  create temp table chosen on commit drop as
    select e.journal_entry_id from ledger.journal_entry as e
    where e.company_id = wanted_company and e.on_date between first_on and last_on
      and (coalesce(with_sent, false) or not exists (
        select from ledger.journal_export_entry as x where x.company_id = e.company_id and x.journal_entry_id = e.journal_entry_id))
    for key share;
  get diagnostics many = row_count;
  if many = 0 then
    perform sec.refuse('CM148', 'nothing_to_export');
  end if;
  code := 'X-' || extract(year from current_date) || '/'
    || lpad(base.next_internal_number(wanted_company, 'ledger.export', extract(year from current_date)::int)::text, 4, '0');
  insert into ledger.journal_export (company_id, number, from_on, until_on, is_repeat, file_format, entry_count, debit_amount, created_by)
  select wanted_company, code, first_on, last_on, coalesce(with_sent, false), wanted_format, many, sum(l.debit_amount), sec.person_id()
  from chosen as c join ledger.journal_line as l on l.company_id = wanted_company and l.journal_entry_id = c.journal_entry_id
  returning journal_export_id into which;
  insert into ledger.journal_export_entry (company_id, journal_entry_id, journal_export_id, created_by)
  select wanted_company, journal_entry_id, which, sec.person_id() from chosen order by journal_entry_id;
  drop table chosen;
  return jsonb_build_object('export', which, 'number', code, 'count', many);
end $$;

create or replace function ledger.keep_export(wanted_company int, export bigint, name text, file bytea) returns void
language plpgsql security definer set search_path = '' as $$
-- The file of an export, kept byte for byte; once.
begin
  perform sec.require(wanted_company, 'ledger.export');
  if coalesce(btrim(name), '') = '' or length(name) > 200 or coalesce(length(file), 0) = 0 then
    perform sec.refuse('CM148', 'export_file');
  end if;
  update ledger.journal_export set file_name = name, content = file, sha256 = pg_catalog.sha256(file)
  where company_id = wanted_company and journal_export_id = export and content is null;
  if not found then
    perform sec.refuse('CM148', 'export_file');
  end if;
end $$;

grant execute on function ledger.open_export(int, date, date, text, boolean), ledger.keep_export(int, bigint, text, bytea) to cms_people;
