-- role: cms_owner
create or replace function sec.keep_counting() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.last_number <= old.last_number then
    perform sec.refuse('CM021', 'number_request');
  end if;
  return new;
end $$;
comment on function sec.keep_counting() is 'A counter only goes up: a number given out is never given again.';
