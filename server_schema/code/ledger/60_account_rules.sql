-- role: cms_bookkeeper
-- What holds of the chart of accounts and of the posting rules, whoever writes them.

create or replace function ledger.check_account() returns trigger
language plpgsql security definer set search_path = '' as $$
-- Code and place agree (14.01 lies below 14), groups take no entries, and an account of the journal keeps code, kind and place for ever.
declare
  above ledger.account;
begin
  if tg_op = 'DELETE' then
    if old.role <> '' then
      perform sec.refuse('CM141', 'account_has_a_role', jsonb_build_object('code', old.code));
    end if;
    if ledger.is_account_used(old.company_id, old.account_id) then
      perform sec.refuse('CM140', 'account_is_used', jsonb_build_object('code', old.code));
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' or new.code <> old.code then
    if new.code !~ '^[0-9A-Z]{1,8}(\.[0-9A-Z]{1,8}){0,3}$' then
      perform sec.refuse('CM141', 'account_code', jsonb_build_object('code', new.code));
    end if;
  end if;
  if new.role <> '' and not exists (select from ledger.account_role where role = new.role) then
    perform sec.refuse('CM141', 'account_role_unknown', jsonb_build_object('role', new.role));
  end if;
  if new.parent_id is not null and (tg_op = 'INSERT' or (new.parent_id, new.code) is distinct from (old.parent_id, old.code)) then
    select * into above from ledger.account where company_id = new.company_id and account_id = new.parent_id for share;
    if above.is_postable or new.code not like above.code || '.%' then  -- one that is not there is the foreign key's to refuse
      perform sec.refuse('CM141', 'account_place', jsonb_build_object('code', new.code, 'parent', above.code));
    end if;
  end if;
  if tg_op = 'UPDATE' then
    perform ledger.check_account_change(old, new);
  end if;
  return new;
end $$;

create or replace function ledger.check_account_change(before ledger.account, after ledger.account) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if (before.code, before.is_postable) is distinct from (after.code, after.is_postable)
     and exists (select from ledger.account where company_id = before.company_id and parent_id = before.account_id) then
    perform sec.refuse('CM140', 'account_has_children', jsonb_build_object('code', before.code));
  end if;
  if (before.code, before.kind, before.is_postable) is distinct from (after.code, after.kind, after.is_postable)
     and ledger.is_account_used(before.company_id, before.account_id) then
    perform sec.refuse('CM140', 'account_is_used', jsonb_build_object('code', before.code));
  end if;
  if before.is_active and not after.is_active
     and exists (select from ledger.posting_rule where company_id = before.company_id and account_id = before.account_id) then
    perform sec.refuse('CM140', 'account_is_in_a_rule', jsonb_build_object('code', before.code));
  end if;
end $$;

create or replace function ledger.is_account_used(of_company int, account bigint) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from ledger.journal_line where company_id = of_company and account_id = account)
      or exists (select from ledger.posting_rule where company_id = of_company and account_id = account)
      or exists (select from ledger.journal_template_line where company_id = of_company and account_id = account)
$$;

create or replace function ledger.check_posting_rule() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from ledger.account where company_id = new.company_id and account_id = new.account_id
             and not (is_postable and is_active and kind in ('income', 'liability')) for share) then
    perform sec.refuse('CM141', 'rule_account');
  end if;
  return new;
end $$;

grant execute on function ledger.check_account(), ledger.check_posting_rule() to cms_owner;
