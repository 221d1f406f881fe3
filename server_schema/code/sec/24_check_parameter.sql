-- role: cms_owner
create or replace function sec.check_parameter() returns trigger
language plpgsql stable set search_path = '' as $$
-- A parameter of the catalogue has a value of its kind. Keys the catalogue does not know are left to the module that uses them.
declare
  wanted  base.parameter_kind;
  kind    text := jsonb_typeof(new.value);
  number  numeric;
  is_well boolean;
begin
  select * into wanted from base.parameter_kind where key = new.key;
  if wanted.key is null then
    return new;
  end if;
  is_well := case wanted.value_kind
    when 'text' then kind = 'string'
    when 'flag' then kind = 'boolean'
    when 'choice' then kind = 'string' and new.value #>> '{}' = any (wanted.choices)
    when 'stamp_duty' then kind = 'object' and jsonb_typeof(new.value -> 'natures') = 'array'
      and jsonb_typeof(new.value -> 'over') = 'number' and jsonb_typeof(new.value -> 'amount') = 'number'
    else kind = 'number' end;
  if is_well and kind = 'number' then
    number := (new.value #>> '{}')::numeric;
    is_well := number >= coalesce(wanted.lowest, number) and number <= coalesce(wanted.highest, number)
      and (wanted.value_kind not in ('whole', 'days') or number = trunc(number));
  end if;
  if not coalesce(is_well, false) then
    perform sec.refuse('CM040', 'parameter_value', jsonb_build_object('parameter', new.key, 'title', wanted.title));
  end if;
  return new;
end $$;
