-- role: cms_bookkeeper

create or replace function customers.tell_deadlines(of_company int, days int default 30, most int default 12) returns int
language plpgsql set search_path = '' as $$
-- The deadlines of contracts in the days to come, once each, to whoever writes contracts. More than `most` new ones of a kind: one notice that
-- says how many and until when; it stands for all of its kind until that day. Returns how many notices were written.
declare
  today  date := current_date;
  whose  int[];
  one    record;
  told   int := 0;
begin
  select array_agg(person_id) into whose from base.permission where company_id = of_company and function = 'customers.write';
  create temp table if not exists new_deadline (kind text, on_day date, contract_id bigint, customer_id bigint, body text) on commit drop;
  truncate new_deadline;
  insert into new_deadline
  select k.kind, k.on_day, d.contract_id, d.customer_id, concat_ws(' · ', to_char(k.on_day, 'DD/MM/YYYY'), c.number, nullif(c.title, ''))
  from customers.contract_deadlines(of_company, today, today + days) as d
  cross join lateral (select 'customers.' || case d.kind when 'notice' then 'notice_by' else d.kind end as kind,
                             case d.kind when 'deposit' then d.term_end else d.on_day end as on_day) as k
  join customers.contract as c on c.company_id = of_company and c.contract_id = d.contract_id
  where not exists (
      select from base.notice as n
      where n.company_id = of_company and n.source_table = 'customers.contract' and n.source_id = d.contract_id and n.kind = k.kind
        and starts_with(n.body, to_char(k.on_day, 'DD/MM/YYYY')))
    and not exists (
      select from base.notice as n
      where n.company_id = of_company and n.source_table = 'customers.contract' and n.source_id = 0
        and case when n.kind = k.kind then k.on_day <= to_date(n.body, 'DD/MM/YYYY') end);
  for one in
    select d.kind, d.contract_id, d.customer_id, d.body, p.name as title
    from (select *, count(*) over (partition by kind) as many from new_deadline) as d
    join registry.party as p on p.company_id = of_company and p.party_id = d.customer_id
    where d.many <= most
    union all
    select d.kind, 0, null, to_char(today + days, 'DD/MM/YYYY'), count(*)::text from new_deadline as d group by d.kind having count(*) > most
    order by 1, 4
  loop
    told := told + base.deliver(of_company, whose, one.kind, one.title, one.body, 'customers.read', 0, one.customer_id,
                                'customers.contract', one.contract_id, 'customers.contract', one.contract_id);
  end loop;
  return told;
end $$;
