-- role: cms_bookkeeper

create or replace function ledger.accounts_by_role(wanted_company int, roles text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
-- role → account; CM032 names the first role without an account.
declare
  found   jsonb;
  missing text;
begin
  select jsonb_object_agg(role, account_id) into found from ledger.account where company_id = wanted_company and role = any (roles);
  select role into missing from unnest(roles) as role where not coalesce(found ? role, false) limit 1;
  if missing is not null then
    perform sec.refuse('CM032', 'account_missing', jsonb_build_object('role', missing));
  end if;
  return found;
end $$;
