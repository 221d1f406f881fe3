-- role: cms_bookkeeper

create or replace function billing.store_files(wanted_company int, invoices bigint[], names text[], contents bytea[]) returns int
language plpgsql security definer set search_path = '' as $$
-- Keeps the FatturaPA file of issued invoices. A name is used once for ever (SdI 00002); a file already there stays as it is.
declare
  stored int;
begin
  perform sec.require(wanted_company, 'billing.issue');
  insert into billing.transmission (company_id, invoice_id, file_name, content, sha256, created_by)
  select wanted_company, f.invoice_id, f.name, f.content, sha256(f.content), sec.person_id()
  from unnest(invoices, names, contents) as f(invoice_id, name, content)
  join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = f.invoice_id and i.state = 'issued'
  on conflict (company_id, invoice_id) where state <> 'rejected' do nothing;
  get diagnostics stored = row_count;
  return stored;
end $$;

create or replace function billing.take_file_numbers(wanted_company int, how_many int) returns bigint
language plpgsql security definer set search_path = '' as $$
-- The first of `how_many` progressives of file names; never reset, never reused.
declare
  last bigint;
begin
  perform sec.require(wanted_company, 'billing.issue');
  insert into base.counter as c (company_id, name, year, last_number) values (wanted_company, 'billing.file', 0, how_many)
  on conflict (company_id, name, year) do update set last_number = c.last_number + how_many
  returning last_number into last;
  return last - how_many + 1;
end $$;
grant execute on function billing.store_files(int, bigint[], text[], bytea[]), billing.take_file_numbers(int, int) to cms_people;

create or replace function billing.mark_sent(wanted_company int, transmissions bigint[]) returns int
language plpgsql security definer set search_path = '' as $$
-- The files left the house (exported to the intermediary's folder); from now on the run cannot be undone.
declare
  marked int;
begin
  perform sec.require(wanted_company, 'billing.send');
  update billing.transmission set state = 'sent', sent_at = now()
  where company_id = wanted_company and transmission_id = any (transmissions) and state = 'ready';
  get diagnostics marked = row_count;
  return marked;
end $$;
grant execute on function billing.mark_sent(int, bigint[]) to cms_people;
