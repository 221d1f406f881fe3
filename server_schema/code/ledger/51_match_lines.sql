-- role: cms_search

create or replace function ledger.match_lines(wanted_company int, keys text[], ibans text[], documents text[], names text[])
returns table (place int, is_known boolean, customer_id bigint, how text)
language plpgsql stable security definer set search_path = '' set work_mem = '64MB' as $$
-- For each movement the customers it may be of: by the account it came from, by a document it names (`documents`: numbers joined by |),
-- by name. One that is registered already is only told so.
begin
  perform sec.require(wanted_company, 'ledger.collect');
  return query
  with line as materialized (
    select l.n::int as n, l.line_key, l.iban, l.document, l.name,
           exists (select from ledger.payment as p where p.company_id = wanted_company and p.bank_line_key = l.line_key) as known
    from unnest(keys, ibans, documents, names) with ordinality as l(line_key, iban, document, name, n)),
  open_line as materialized (select * from line where not known),
  hit as (
    select o.n, c.customer_id, 'iban' as how
    from open_line as o join customers.customer as c on c.company_id = wanted_company and c.iban = o.iban and c.iban <> ''
    union
    select o.n, i.customer_id, 'document'
    from open_line as o
    cross join lateral unnest(string_to_array(o.document, '|')) as d(number)
    join ledger.open_item as i on i.company_id = wanted_company and i.document_number = d.number and i.settled_amount <> i.amount
    where o.document <> ''
    union
    select o.n, k.customer_id, 'name'
    from open_line as o
    cross join lateral registry.like_names(wanted_company, o.name) as t(party_id)
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = t.party_id
    where o.name <> '')
  select l.n, l.known, hit.customer_id, coalesce(hit.how, '')
  from line as l left join hit on hit.n = l.n;
end $$;
grant execute on function ledger.match_lines(int, text[], text[], text[], text[]) to cms_people;
