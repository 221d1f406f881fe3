-- role: cms_bookkeeper

create or replace function billing.side(kind_of_document text) returns int
language sql immutable parallel safe set search_path = '' as $$
-- Sign of the amounts of a kind of document: credit notes are stored negative.
  select case when kind_of_document in ('TD04', 'TD08') then -1 else 1 end
$$;

create or replace function billing.is_self_invoice(kind_of_document text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
-- Integrations, self-invoices and internal documents: the company owes the VAT, nobody withholds and no stamp is due.
  select kind_of_document in ('TD16', 'TD17', 'TD18', 'TD19', 'TD20', 'TD21', 'TD22', 'TD23', 'TD27', 'TD28', 'TD29')
$$;

create or replace function billing.line_amount(quantity numeric, unit_price numeric, discount_percent numeric, discount_amount numeric) returns numeric
language sql immutable parallel safe set search_path = '' as $$
-- Price after the percentage, then after the amount, times the quantity: what SdI computes (control 00423).
  select round(quantity * (unit_price - unit_price * discount_percent / 100 - discount_amount), 2)
$$;

create or replace function billing.stamp_rule(wanted_company int, on_date date) returns jsonb
language sql stable set search_path = '' as $$
-- Natures, threshold ("over") and amount of the stamp duty (art. 13 of the tariff, DPR 642/72) in force on a day.
  select coalesce((select value from base.parameter where company_id = wanted_company and key = 'stamp_duty' and valid_from <= stamp_rule.on_date
                   order by valid_from desc limit 1),
                  '{"natures": ["N2.1", "N2.2", "N3.5", "N3.6", "N4"], "over": 77.47, "amount": 2.00}')
$$;

create or replace function billing.tax_drafts(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' set work_mem = '64MB' as $$
-- For functions of the bookkeeper, which have checked the right themselves. What the tax law makes of the lines of draft documents: amounts of
-- lines, fund, stamp duty and the line that charges it, VAT summary, withholdings, use of the letter of intent, totals.
-- Rounding, withholdings and funds wanted are rows and columns written before; credit notes get negative amounts from positive prices.
declare
  wrong text;
begin
  perform from billing.invoice where company_id = wanted_company and invoice_id = any (invoices) order by invoice_id for update;
  select document_number into wrong from billing.invoice
  where company_id = wanted_company and invoice_id = any (invoices) and state <> 'draft' limit 1;
  if found then
    perform sec.refuse('CM100', 'document_is_no_draft', jsonb_build_object('number', wrong));
  end if;
  perform billing.amount_lines(wanted_company, invoices);
  perform billing.stamp_drafts(wanted_company, invoices);
  perform billing.sum_vat(wanted_company, invoices);
  update billing.invoice_withholding as w
  set base_amount = t.base, amount = round(t.base * w.share / 100 * w.rate / 100, 2)
  from (select i.invoice_id, coalesce(sum(x.amount), 0) as base
        from unnest(invoices) as i(invoice_id)
        left join (select l.invoice_id, l.line_amount as amount from billing.invoice_line as l
                   where l.company_id = wanted_company and l.invoice_id = any (invoices) and l.is_withheld
                   union all
                   select f.invoice_id, f.amount from billing.invoice_fund as f
                   where f.company_id = wanted_company and f.invoice_id = any (invoices) and f.is_withheld) as x using (invoice_id)
        group by i.invoice_id) as t
  where w.company_id = wanted_company and w.invoice_id = t.invoice_id;
  perform billing.sum_drafts(wanted_company, invoices);
end $$;

create or replace function billing.amount_lines(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.tax_drafts: amounts of lines and of funds. The base of a fund is every line but stamp duty and sums paid for the customer (N1).
begin
  with worth as (
    select l.invoice_id, l.line_no,
           billing.side(i.document_type) * billing.line_amount(l.quantity, l.unit_price, l.discount_percent, l.discount_amount) as amount
    from billing.invoice_line as l
    join billing.invoice as i on i.company_id = l.company_id and i.invoice_id = l.invoice_id
    where l.company_id = wanted_company and l.invoice_id = any (invoices))
  update billing.invoice_line as l set line_amount = w.amount
  from worth as w
  where l.company_id = wanted_company and l.invoice_id = w.invoice_id and l.line_no = w.line_no and l.line_amount <> w.amount;
  update billing.invoice_fund as f set base_amount = t.base, amount = round(t.base * f.rate / 100, 2)
  from (select l.invoice_id, coalesce(sum(l.line_amount) filter (where l.line_kind <> 'stamp' and v.nature <> 'N1'), 0) as base
        from billing.invoice_line as l
        join base.vat_code as v on v.company_id = l.company_id and v.vat_code_id = l.vat_code_id
        where l.company_id = wanted_company and l.invoice_id = any (invoices)
        group by l.invoice_id) as t
  where f.company_id = wanted_company and f.invoice_id = t.invoice_id;
end $$;

create or replace function billing.stamp_drafts(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.tax_drafts: duty of every document whose amounts without VAT exceed the threshold, and on invoices the line (excluded, art. 15)
-- that charges it to a customer who bears it. The lines of a credit note stay as they were made.
declare
  code bigint;
begin
  with rule as (
    select d.document_on, billing.stamp_rule(wanted_company, d.document_on) as rule
    from (select distinct document_on from billing.invoice where company_id = wanted_company and invoice_id = any (invoices)) as d),
  part as (
    select l.invoice_id, l.vat_code_id, l.line_amount as amount from billing.invoice_line as l
    where l.company_id = wanted_company and l.invoice_id = any (invoices) and l.line_kind <> 'stamp'
    union all
    select f.invoice_id, f.vat_code_id, f.amount from billing.invoice_fund as f
    where f.company_id = wanted_company and f.invoice_id = any (invoices)),
  owed as (
    select i.invoice_id, i.stamp_amount <> o.amount as is_new, o.amount
    from (select i.invoice_id, i.document_type, i.stamp_amount, r.rule,
                 coalesce(sum(p.amount) filter (where r.rule -> 'natures' ? v.nature), 0) as stampable
          from billing.invoice as i
          join rule as r on r.document_on = i.document_on
          left join part as p on p.invoice_id = i.invoice_id
          left join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = p.vat_code_id
          where i.company_id = wanted_company and i.invoice_id = any (invoices)
          group by i.invoice_id, i.document_type, i.stamp_amount, r.rule) as i
    cross join lateral (select case when not billing.is_self_invoice(i.document_type) and abs(i.stampable) > (i.rule ->> 'over')::numeric
                          then (i.rule ->> 'amount')::numeric else 0 end as amount) as o)
  update billing.invoice as i set stamp_amount = o.amount
  from owed as o where i.company_id = wanted_company and i.invoice_id = o.invoice_id and o.is_new;
  delete from billing.invoice_line as l
  using billing.invoice as i
  where l.company_id = wanted_company and l.invoice_id = any (invoices) and l.line_kind = 'stamp'
    and i.company_id = wanted_company and i.invoice_id = l.invoice_id and billing.side(i.document_type) = 1
    and (not i.is_stamp_charged or i.stamp_amount <> l.line_amount);
  select min(vat_code_id) into code from base.vat_code where company_id = wanted_company and nature = 'N1' and is_active;
  insert into billing.invoice_line (company_id, invoice_id, line_no, line_kind, description, quantity, unit_price, line_amount, vat_code_id, created_by)
  select wanted_company, i.invoice_id,
         (select coalesce(max(l.line_no), 0) + 1 from billing.invoice_line as l where l.company_id = wanted_company and l.invoice_id = i.invoice_id),
         'stamp', 'Imposta di bollo assolta in modo virtuale (DM 17 giugno 2014)', 1, i.stamp_amount, i.stamp_amount,
         coalesce(code, billing.no_stamp_code()), sec.person_id()
  from billing.invoice as i
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and i.is_stamp_charged and i.stamp_amount > 0
    and billing.side(i.document_type) = 1
    and not exists (select from billing.invoice_line as l
                    where l.company_id = wanted_company and l.invoice_id = i.invoice_id and l.line_kind = 'stamp');
end $$;

create or replace function billing.no_stamp_code() returns bigint
language plpgsql set search_path = '' as $$
-- Asked for only when a line needs a VAT code of nature N1 and there is none.
begin
  perform sec.refuse('CM101', 'stamp_code_missing');
end $$;

create or replace function billing.sum_vat(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.tax_drafts: the VAT summary. The tax is computed on the sum of a code (art. 21 DPR 633/72). Split payment (art. 17-ter) where
-- the customer is one it applies to, unless something is withheld (paragraph 1-sexies); a credit note does what its invoice did.
begin
  delete from billing.invoice_vat where company_id = wanted_company and invoice_id = any (invoices);
  insert into billing.invoice_vat (company_id, invoice_id, vat_code_id, rate, nature, exigibility, net_amount, vat_amount, created_by)
  select wanted_company, i.invoice_id, v.vat_code_id, v.rate, v.nature,
         coalesce(c.exigibility, case
           when k.is_split_payment and v.rate > 0 and h.invoice_id is null and not billing.is_self_invoice(i.document_type) then 'S' else v.exigibility end),
         t.net, round(t.net * v.rate / 100, 2), sec.person_id()
  from (select x.invoice_id, x.vat_code_id, sum(x.amount) as net, max(x.credited_invoice_id) as credited_invoice_id
        from (select l.invoice_id, l.vat_code_id, l.line_amount as amount, l.credited_invoice_id from billing.invoice_line as l
              where l.company_id = wanted_company and l.invoice_id = any (invoices)
              union all
              select f.invoice_id, f.vat_code_id, f.amount, null from billing.invoice_fund as f
              where f.company_id = wanted_company and f.invoice_id = any (invoices)) as x
        group by x.invoice_id, x.vat_code_id) as t
  join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = t.invoice_id
  left join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id  -- a self-invoice has none
  join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = t.vat_code_id
  left join billing.invoice_vat as c on c.company_id = wanted_company and c.invoice_id = t.credited_invoice_id and c.vat_code_id = t.vat_code_id
  left join (select distinct w.invoice_id from billing.invoice_withholding as w
             where w.company_id = wanted_company and w.invoice_id = any (invoices) and w.kind in ('RT01', 'RT02')) as h on h.invoice_id = i.invoice_id
  order by i.invoice_id, v.vat_code_id;
end $$;

create or replace function billing.sum_drafts(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.tax_drafts: totals of the documents, what is to be paid, and what a letter of intent (N3.5) gives; a credit note gives it back
-- to the letter of its invoice. Nobody pays a self-invoice: what is owed to the supplier stands in his own document.
declare
  wrong record;
begin
  with total as (
    select i.invoice_id, billing.is_self_invoice(i.document_type) as is_own,
           coalesce(i.intent_letter_id, c.letter) as letter,
           coalesce(v.net, 0) as net, coalesce(v.vat, 0) as vat, coalesce(v.split, 0) as split, coalesce(v.without_vat, 0) as without_vat,
           coalesce(w.withheld, 0) as withheld, coalesce(f.fund, 0) as fund
    from billing.invoice as i
    left join (select invoice_id, sum(net_amount) as net, sum(vat_amount) as vat, sum(vat_amount) filter (where exigibility = 'S') as split,
                      sum(net_amount) filter (where nature = 'N3.5') as without_vat
               from billing.invoice_vat where company_id = wanted_company and invoice_id = any (invoices) group by invoice_id) as v using (invoice_id)
    left join (select invoice_id, sum(amount) as withheld from billing.invoice_withholding
               where company_id = wanted_company and invoice_id = any (invoices) group by invoice_id) as w using (invoice_id)
    left join (select invoice_id, sum(amount) as fund from billing.invoice_fund
               where company_id = wanted_company and invoice_id = any (invoices) group by invoice_id) as f using (invoice_id)
    left join (select l.invoice_id, max(o.intent_letter_id) as letter from billing.invoice_line as l
               join billing.invoice as n on n.company_id = wanted_company and n.invoice_id = l.invoice_id and billing.side(n.document_type) = -1
               join billing.invoice as o on o.company_id = wanted_company and o.invoice_id = l.credited_invoice_id
               where l.company_id = wanted_company and l.invoice_id = any (invoices) group by l.invoice_id) as c using (invoice_id)
    where i.company_id = wanted_company and i.invoice_id = any (invoices))
  update billing.invoice as i
  set net_amount = t.net, vat_amount = t.vat, total_amount = t.net + t.vat + i.rounding_amount, fund_amount = t.fund,
      withholding_amount = t.withheld,
      payable_amount = case when t.is_own then 0 else t.net + t.vat + i.rounding_amount - t.split - t.withheld end,
      intent_letter_id = t.letter, intent_amount = case when t.letter is null then 0 else t.without_vat end,
      buyer = i.buyer - 'intent_letter' || coalesce(
        (select jsonb_build_object('intent_letter', jsonb_build_object('number', l.number, 'protocol', l.protocol,
                                                                       'received_on', coalesce(l.received_on, l.issued_on)))
         from customers.intent_letter as l where l.company_id = wanted_company and l.intent_letter_id = t.letter), '{}')
  from total as t where i.company_id = wanted_company and i.invoice_id = t.invoice_id;
  select l.number, l.valid_from, l.valid_to, i.document_on into wrong
  from billing.invoice as i
  join customers.intent_letter as l on l.company_id = wanted_company and l.intent_letter_id = i.intent_letter_id
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and billing.side(i.document_type) = 1
    and (l.customer_id <> i.customer_id or i.document_on not between l.valid_from and l.valid_to or i.document_on >= l.revoked_on)
  limit 1;
  if found then
    perform sec.refuse('CM102', 'letter_not_valid',
      jsonb_build_object('number', wrong.number, 'from', wrong.valid_from, 'to', wrong.valid_to, 'on', wrong.document_on));
  end if;
end $$;
