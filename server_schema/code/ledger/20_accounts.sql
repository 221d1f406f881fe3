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
    perform sec.refuse('CM032', 'account_missing', jsonb_build_object('role', coalesce((select title from ledger.account_role as k where k.role = missing), missing)));
  end if;
  return found;
end $$;

create or replace function ledger.revenue_account(
  wanted_company int, service_type bigint, vat_code bigint, kind_of_customer text, series bigint, on_day date) returns bigint
language sql stable security definer set search_path = '' as $$
-- The account of revenue that the posting rules name for a line, else the one whose role the service type names, else none. A rule holds when
-- every condition it names does; the one that names most wins: service type, then VAT code, then kind of customer, then series; of two with the
-- same conditions the one that began later.
  select coalesce(
    (select r.account_id from ledger.posting_rule as r
     where r.company_id = wanted_company and r.valid_from <= on_day and (r.valid_to is null or r.valid_to >= on_day)
       and (r.service_type_id is null or r.service_type_id = service_type) and (r.vat_code_id is null or r.vat_code_id = vat_code)
       and (r.customer_kind = '' or r.customer_kind = kind_of_customer) and (r.document_series_id is null or r.document_series_id = series)
     order by (r.service_type_id is not null) desc, (r.vat_code_id is not null) desc, (r.customer_kind <> '') desc, (r.document_series_id is not null) desc,
              r.valid_from desc
     limit 1),
    (select a.account_id from customers.service_type as t
     join ledger.account as a on a.company_id = wanted_company and a.role = t.account_key and a.kind in ('income', 'liability')
     where t.company_id = wanted_company and t.service_type_id = service_type and t.account_key not in ('', 'revenue')))
$$;
grant execute on function ledger.revenue_account(int, bigint, bigint, text, bigint, date) to cms_owner;
