-- role: cms_owner
create or replace function sec.require(wanted_company int, wanted_function text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not coalesce(wanted_company = any (sec.companies(wanted_function)), false) then
    raise exception using errcode = 'CM001', message = 'not_allowed',
      detail = jsonb_build_object('function', wanted_function)::text;
  end if;
end $$;
comment on function sec.require(int, text) is 'CM001 unless the person holds the function in the company. First line of every guarded function.';

create or replace function sec.refuse(error_code text, error_key text, facts jsonb default '{}') returns void
language plpgsql immutable set search_path = '' as $$
begin
  raise exception using errcode = error_code, message = error_key, detail = facts::text;
end $$;
comment on function sec.refuse(text, text, jsonb) is 'Raises a business error: SQLSTATE CM0nn, a stable key, facts for the sentence as JSON.';

grant execute on function sec.require(int, text), sec.refuse(text, text, jsonb)
  to cms_people, cms_search, cms_bookkeeper, cms_role_keeper, cms_gatekeeper;
