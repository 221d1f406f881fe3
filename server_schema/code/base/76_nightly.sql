-- role: cms_bookkeeper
-- What the nightly job says of the checks of the books.

create or replace function base.tell_of_checks(of_company int, run bigint) returns int
language plpgsql set search_path = '' as $$
-- To administrators: which checks of the run found something. What the run before said and nobody has seen to is replaced; the same words are
-- not said twice in a day; a run that finds nothing takes the notice away. Returns how many were told.
declare
  said  text;
  many  int;
  whose int[];
begin
  select count(*), string_agg(c.title || ' (' || f.row_count || ')', ' · ' order by c.sort_order) into many, said
  from base.integrity_finding as f join base.integrity_check as c using (check_key)
  where f.company_id = of_company and f.integrity_run_id = run;
  update base.notice set done_at = now()
  where company_id = of_company and kind = 'base.integrity' and done_at is null and (many = 0 or body <> left(said, 500));
  if many = 0 then
    return 0;
  end if;
  select array_agg(p.person_id) into whose from base.permission as p
  where p.company_id = of_company and p.function = 'base.administer' and not exists (
    select from base.notice as n
    where n.company_id = of_company and n.person_id = p.person_id and n.kind = 'base.integrity' and n.body = left(said, 500)
      and (n.done_at is null or n.created_at > now() - interval '20 hours'));
  return base.deliver(of_company, coalesce(whose, '{}'), 'base.integrity', many::text, said, 'base.check', 0,
                      null, 'base.integrity_run', null, '', null);
end $$;
