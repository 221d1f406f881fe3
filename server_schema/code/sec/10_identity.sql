-- role: cms_search
-- Who is asking, and for which companies. The seam of the whole barrier: every policy asks sec.companies, which asks who the session is.

create or replace function sec.person_id() returns int
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return (
    select person_id from base.person
    where role_name = session_user::text and is_active and not must_change_password
      and (expires_on is null or expires_on >= current_date)
      and (locked_until is null or locked_until <= now()));
end $$;
comment on function sec.person_id() is
  'The person of this connection; null for the deployer, for services and for whoever may not work now (suspended, expired, locked, '
  'password to be changed).';

create or replace function sec.companies(wanted_function text) returns int[]
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return coalesce((
    select array_agg(permission.company_id)
    from base.permission
    join base.person using (person_id)
    where person.role_name = session_user::text
      and permission.function = wanted_function
      and person.is_active
      and not person.must_change_password
      and (person.expires_on is null or person.expires_on >= current_date)
      and (person.locked_until is null or person.locked_until <= now())
  ), '{}');
end $$;
comment on function sec.companies(text) is 'Companies in which this person holds the function now. Evaluated once per query by the policies.';

create or replace function sec.my_companies() returns int[]
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return coalesce((
    select array_agg(company_id) from (select distinct company_id from base.permission where person_id = sec.person_id()) as mine
  ), '{}');
end $$;

create or replace function sec.colleagues() returns int[]
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return coalesce((
    select array_agg(distinct permission.person_id)
    from base.permission
    where permission.company_id = any (sec.my_companies())
  ), '{}');
end $$;
comment on function sec.colleagues() is 'Persons with any right in any company of mine: those whose names I may see.';

grant execute on function sec.person_id(), sec.companies(text), sec.my_companies(), sec.colleagues()
  to cms_people, cms_owner, cms_search, cms_bookkeeper, cms_role_keeper, cms_gatekeeper, cms_deployer;
