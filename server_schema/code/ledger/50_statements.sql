-- role: cms_bookkeeper
-- Registering the movements of a bank statement at once.

create or replace function ledger.collect_many(wanted_company int, payments jsonb) returns int
language plpgsql security definer set search_path = '' as $$
-- Many payments in one transaction: all of them or none. Each element: customer, on_date, method, amount, bank, reference, description,
-- items, amounts, line_key.
declare
  one  jsonb;
  done int := 0;
begin
  perform sec.require(wanted_company, 'ledger.collect');
  for one in select value from jsonb_array_elements(payments) loop
    perform ledger.collect(wanted_company, (one ->> 'customer')::bigint, (one ->> 'on_date')::date, one ->> 'method', (one ->> 'amount')::numeric,
      (one ->> 'bank')::bigint, one ->> 'reference', one ->> 'description',
      array(select value::bigint from jsonb_array_elements_text(one -> 'items')),
      array(select value::numeric from jsonb_array_elements_text(one -> 'amounts')), one ->> 'line_key');
    done := done + 1;
    if done % 50 = 0 then
      raise notice 'progress %/% payments', done, jsonb_array_length(payments);
    end if;
  end loop;
  return done;
end $$;
grant execute on function ledger.collect_many(int, jsonb) to cms_people;
