-- role: cms_search
-- Ranks of persons, and all rights of one person at once: what policies ask whose rows differ in the right they need.

create or replace function sec.rank_level(rank text) returns int
language sql immutable strict parallel safe set search_path = '' as $$
  select pg_catalog.array_position(array['User', 'Resp', 'Power', 'Admin'], $1) - 1
$$;

create or replace function sec.my_rank() returns int
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return (select sec.rank_level(rank) from base.person where person_id = sec.person_id());
end $$;
comment on function sec.my_rank() is 'User 0, Resp 1, Power 2, Admin 3; null for whoever may not work now.';

create or replace function sec.held() returns text[]
language plpgsql stable parallel safe security definer set search_path = '' as $$
begin
  return coalesce((select array_agg(company_id || ':' || function) from base.permission where person_id = sec.person_id()), '{}');
end $$;
comment on function sec.held() is 'Every right of this person as company:function. For tables whose rows differ in the right that reads them.';

grant execute on function sec.rank_level(text), sec.my_rank(), sec.held()
  to cms_people, cms_owner, cms_search, cms_bookkeeper, cms_role_keeper, cms_deployer;
