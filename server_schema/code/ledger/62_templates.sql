-- role: cms_bookkeeper

create or replace function ledger.save_template(
  wanted_company int, template bigint, title text, words text, recurs_every int, first_on date, accounts bigint[], debits boolean[],
  amounts numeric[], texts text[]) returns bigint
language plpgsql security definer set search_path = '' as $$
-- A model of an entry; `template` null: a new one. An empty amount is asked each time.
declare
  which bigint := template;
begin
  perform sec.require(wanted_company, 'ledger.post');
  if coalesce(cardinality(accounts), 0) not between 2 and 99 or cardinality(debits) is distinct from cardinality(accounts)
     or cardinality(amounts) is distinct from cardinality(accounts) or cardinality(texts) is distinct from cardinality(accounts)
     or coalesce(btrim(title), '') = '' or length(title) > 100 or coalesce(btrim(words), '') = '' or length(words) > 500
     or (recurs_every is null) <> (first_on is null) or recurs_every not in (1, 2, 3, 4, 6, 12)
     or exists (select from unnest(debits, amounts) as l(is_debit, amount) where is_debit is null or amount <= 0 or amount <> round(amount, 2)) then
    perform sec.refuse('CM144', 'template_lines');
  end if;
  if exists (select from unnest(accounts) as l(account) where not exists (
       select from ledger.account as a where a.company_id = wanted_company and a.account_id = l.account and a.is_postable and a.is_active)) then
    perform sec.refuse('CM144', 'entry_account');
  end if;
  if which is null then
    insert into ledger.journal_template (company_id, name, description, every_months, next_on, created_by)
    values (wanted_company, btrim(title), btrim(words), recurs_every, first_on, sec.person_id()) returning journal_template_id into which;
  else
    update ledger.journal_template
    set name = btrim(title), description = btrim(words), every_months = recurs_every, next_on = first_on, row_version = row_version + 1,
        changed_at = now(), changed_by = sec.person_id()
    where company_id = wanted_company and journal_template_id = which;
    if not found then
      perform sec.refuse('CM144', 'template_unknown');
    end if;
    delete from ledger.journal_template_line where company_id = wanted_company and journal_template_id = which;
  end if;
  insert into ledger.journal_template_line (company_id, journal_template_id, line_no, account_id, is_debit, amount, description, created_by)
  select wanted_company, which, l.place, l.account, l.is_debit, l.amount, coalesce(btrim(l.text), ''), sec.person_id()
  from unnest(accounts, debits, amounts, texts) with ordinality as l(account, is_debit, amount, text, place);
  return which;
end $$;

create or replace function ledger.remove_template(wanted_company int, template bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'ledger.post');
  delete from ledger.journal_template_line where company_id = wanted_company and journal_template_id = template;
  delete from ledger.journal_template where company_id = wanted_company and journal_template_id = template;
  if not found then
    perform sec.refuse('CM144', 'template_unknown');
  end if;
end $$;

grant execute on function ledger.save_template(int, bigint, text, text, int, date, bigint[], boolean[], numeric[], text[]),
  ledger.remove_template(int, bigint) to cms_people;
