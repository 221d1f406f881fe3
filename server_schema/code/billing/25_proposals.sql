-- role: cms_bookkeeper

create or replace function billing.propose_taxes(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' set work_mem = '64MB' set enable_nestloop = on set plan_cache_mode = force_custom_plan as $$
-- For functions of the bookkeeper, which have checked the right themselves. Gives fresh drafts what the masters of their customers say: VAT title
-- of the customer, letter of intent, withholding, stamp duty to his charge, order and tender codes; then billing.tax_drafts. A document whose
-- lines credit another takes withholdings from that one. Many are joined by hash whatever the statistics say: rows just written have none.
begin
  if cardinality(invoices) > 500 then
    perform set_config('enable_nestloop', 'off', true);
  end if;
  perform billing.propose_title(wanted_company, invoices);
  perform billing.propose_letters(wanted_company, invoices);
  perform billing.propose_withholdings(wanted_company, invoices);
  perform billing.propose_references(wanted_company, invoices);
  update billing.invoice as i set is_stamp_charged = true
  from customers.customer as k
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and k.company_id = wanted_company and k.customer_id = i.customer_id
    and k.is_stamp_charged and billing.side(i.document_type) = 1 and not billing.is_self_invoice(i.document_type);
  perform billing.tax_drafts(wanted_company, invoices);
end $$;

create or replace function billing.propose_title(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.propose_taxes: a VAT title of the customer, while it is valid, holds for all lines; its legal reference is kept in the document.
begin
  update billing.invoice_line as l set vat_code_id = e.effective_id
  from billing.invoice as i
  join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
  join (select d.document_on, e.* from (select distinct document_on from billing.invoice
                                        where company_id = wanted_company and invoice_id = any (invoices)) as d
        cross join lateral base.vat_codes_on(wanted_company, d.document_on) as e) as e on e.document_on = i.document_on
  where l.company_id = wanted_company and l.invoice_id = any (invoices) and i.company_id = wanted_company and i.invoice_id = l.invoice_id
    and e.vat_code_id = k.vat_code_id and coalesce(k.exemption_ends_on >= i.document_on, true)
    and l.credited_invoice_id is null and l.line_kind <> 'stamp' and l.vat_code_id <> e.effective_id
    and not billing.is_self_invoice(i.document_type);
  update billing.invoice as i set buyer = i.buyer || jsonb_build_object('exemption_reference', k.exemption_reference)
  from customers.customer as k
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and k.company_id = wanted_company and k.customer_id = i.customer_id
    and k.vat_code_id is not null and k.exemption_reference <> '' and coalesce(k.exemption_ends_on >= i.document_on, true);
end $$;

create or replace function billing.propose_letters(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.propose_taxes. The letter of intent that ends first and has something left gives its lines without VAT, in the order of
-- documents and lines, as far as they fit as a whole; the rest keeps its VAT. Without the agency's protocol a letter is worth nothing (art. 12-septies
-- DL 34/2019). A draft that has lines N3.5 no letter covers is taken out.
begin
  perform from customers.intent_letter as t
  where t.company_id = wanted_company
    and t.customer_id in (select customer_id from billing.invoice where company_id = wanted_company and invoice_id = any (invoices))
  order by t.intent_letter_id for no key update;
  with letter as (
    select distinct on (i.invoice_id) i.invoice_id, t.intent_letter_id, t.plafond_amount - t.consumed_amount as remaining,
           coalesce(t.vat_code_id, (select min(v.vat_code_id) from base.vat_code as v
                                    where v.company_id = wanted_company and v.nature = 'N3.5' and v.is_active)) as code
    from billing.invoice as i
    join customers.intent_letter as t on t.company_id = wanted_company and t.customer_id = i.customer_id
    where i.company_id = wanted_company and i.invoice_id = any (invoices) and not i.is_excluded
      and billing.side(i.document_type) = 1 and not billing.is_self_invoice(i.document_type)
      and i.document_on between t.valid_from and t.valid_to and (t.revoked_on is null or i.document_on < t.revoked_on)
      and t.protocol <> '' and t.plafond_amount > t.consumed_amount
    order by i.invoice_id, t.valid_to, t.intent_letter_id),
  wish as (
    select t.*, l.line_no, l.line_amount, v.nature,
           sum(l.line_amount) over (partition by t.intent_letter_id order by t.invoice_id, v.nature = '', l.line_no) as so_far
    from letter as t
    join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = t.invoice_id and l.line_kind <> 'stamp'
    join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = l.vat_code_id and (v.rate > 0 or v.nature = 'N3.5')
    where t.code is not null),
  fits as (
    select w.*, bool_and(w.so_far <= w.remaining) over (partition by w.intent_letter_id order by w.invoice_id, w.nature = '', w.line_no) as fit
    from wish as w),
  chosen as (
    select f.invoice_id, min(f.intent_letter_id) as intent_letter_id, min(f.code) as code, array_agg(f.line_no) filter (where f.fit) as lines
    from fits as f group by f.invoice_id
    having sum(f.line_amount) filter (where f.fit) > 0 and bool_and(f.fit or f.nature = '')),
  moved as (
    update billing.invoice_line as l set vat_code_id = c.code
    from chosen as c where l.company_id = wanted_company and l.invoice_id = c.invoice_id and l.line_no = any (c.lines))
  update billing.invoice as i
  set intent_letter_id = c.intent_letter_id
  from chosen as c where i.company_id = wanted_company and i.invoice_id = c.invoice_id;
  update billing.invoice as i set is_excluded = true, exclusion_reason = 'intent_letter_missing'
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and i.billing_run_id is not null and not i.is_excluded
    and exists (select from billing.invoice_line as l
                join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = l.vat_code_id
                where l.company_id = wanted_company and l.invoice_id = i.invoice_id and v.nature = 'N3.5' and i.intent_letter_id is null);
end $$;

create or replace function billing.propose_withholdings(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.propose_taxes. A condominium withholds on works and services whatever its record says (art. 25-ter DPR 600/73: 4 per cent, RT02 W);
-- others as their record says. Sums paid for the customer (N1) are not withheld on. Credit notes withhold what their invoices did.
begin
  insert into billing.invoice_withholding (company_id, invoice_id, position, kind, reason, rate, share, created_by)
  select wanted_company, i.invoice_id, 1, w.kind, w.reason, w.rate, w.share, sec.person_id()
  from billing.invoice as i
  join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
  join registry.party as p on p.company_id = wanted_company and p.party_id = i.customer_id
  join (select d.document_on, base.rate_on(wanted_company, 'condominium_withholding', d.document_on) as rate
        from (select distinct document_on from billing.invoice where company_id = wanted_company and invoice_id = any (invoices)) as d) as c
    on c.document_on = i.document_on
  cross join lateral (
    select case when k.is_withholding and k.withholding_kind <> '' then k.withholding_kind else 'RT02' end as kind,
           case when k.is_withholding and k.withholding_reason <> '' then k.withholding_reason else 'W' end as reason,
           case when k.is_withholding and k.withholding_rate > 0 then k.withholding_rate else c.rate end as rate,
           case when k.is_withholding then k.withholding_share else 100 end as share) as w
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and not billing.is_self_invoice(i.document_type)
    and (p.kind = 'condominium' or (k.is_withholding and k.withholding_kind <> '' and k.withholding_rate > 0 and k.withholding_reason <> ''))
    and w.rate > 0
    and not exists (select from billing.invoice_withholding as o where o.company_id = wanted_company and o.invoice_id = i.invoice_id)
    and not exists (select from billing.invoice_line as l
                    where l.company_id = wanted_company and l.invoice_id = i.invoice_id and l.credited_invoice_id is not null);
  update billing.invoice_line as l set is_withheld = true
  from base.vat_code as v
  where l.company_id = wanted_company and l.invoice_id = any (invoices) and l.line_kind <> 'stamp' and l.credited_invoice_id is null
    and v.company_id = wanted_company and v.vat_code_id = l.vat_code_id and v.nature <> 'N1'
    and exists (select from billing.invoice_withholding as w where w.company_id = wanted_company and w.invoice_id = l.invoice_id);
  insert into billing.invoice_withholding (company_id, invoice_id, position, kind, reason, rate, share, created_by)
  select wanted_company, c.invoice_id, row_number() over (partition by c.invoice_id order by w.kind, w.reason, w.rate), w.kind, w.reason, w.rate, w.share,
         sec.person_id()
  from (select distinct l.invoice_id, l.credited_invoice_id from billing.invoice_line as l
        where l.company_id = wanted_company and l.invoice_id = any (invoices) and l.credited_invoice_id is not null) as c
  cross join lateral (select distinct o.kind, o.reason, o.rate, o.share from billing.invoice_withholding as o
                      where o.company_id = wanted_company and o.invoice_id = c.credited_invoice_id) as w
  where not exists (select from billing.invoice_withholding as o where o.company_id = wanted_company and o.invoice_id = c.invoice_id);
end $$;

create or replace function billing.propose_references(wanted_company int, invoices bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
-- Part of billing.propose_taxes: order and tender codes (CIG, CUP) of the contracts billed, else of the customer; for documents where there are
-- any. The contracts of all others are known from their lines. The office's own reference goes on every line.
declare
  named bigint[];
begin
  update billing.invoice as i set buyer = i.buyer || jsonb_build_object('administration_reference', k.administration_reference)
  from customers.customer as k
  where i.company_id = wanted_company and i.invoice_id = any (invoices) and k.company_id = wanted_company and k.customer_id = i.customer_id
    and k.administration_reference <> '';
  select array_agg(t.invoice_id) into named
  from (select i.invoice_id from billing.invoice as i
        join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
        where i.company_id = wanted_company and i.invoice_id = any (invoices) and (k.order_reference <> '' or k.cig_code <> '' or k.cup_code <> '')
        union
        select l.invoice_id from billing.invoice_line as l
        join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = l.invoice_id
        left join customers.service as s on s.company_id = wanted_company and s.service_id = l.service_id
        join customers.contract as c on c.company_id = wanted_company and c.contract_id = coalesce(s.contract_id, i.contract_id)
        where l.company_id = wanted_company and l.invoice_id = any (invoices)
          and (c.order_reference <> '' or c.cig_code <> '' or c.cup_code <> '')) as t;
  if named is null then
    return;
  end if;
  with billed as (
    select i.invoice_id, c.contract_id, c.number, l.line_no,
           coalesce(nullif(c.order_reference, ''), k.order_reference) as order_reference,
           coalesce(nullif(c.cig_code, ''), k.cig_code) as cig_code, coalesce(nullif(c.cup_code, ''), k.cup_code) as cup_code
    from billing.invoice as i
    join customers.customer as k on k.company_id = wanted_company and k.customer_id = i.customer_id
    join billing.invoice_line as l on l.company_id = wanted_company and l.invoice_id = i.invoice_id
    left join customers.service as s on s.company_id = wanted_company and s.service_id = l.service_id
    left join customers.contract as c on c.company_id = wanted_company and c.contract_id = coalesce(s.contract_id, i.contract_id)
    where i.company_id = wanted_company and i.invoice_id = any (named) and not billing.is_self_invoice(i.document_type)
      and l.credited_invoice_id is null
      and not exists (select from billing.invoice_reference as r where r.company_id = wanted_company and r.invoice_id = i.invoice_id)),
  joined as (
    select b.invoice_id, b.contract_id, min(b.number) as number, left(min(b.order_reference), 20) as order_reference, min(b.cig_code) as cig_code,
           min(b.cup_code) as cup_code, array_agg(b.line_no order by b.line_no) as lines,
           count(*) over (partition by b.invoice_id) as many,
           bool_or(max(b.order_reference) <> '' or max(b.cig_code) <> '' or max(b.cup_code) <> '') over (partition by b.invoice_id) as has_codes
    from billed as b group by b.invoice_id, b.contract_id),
  told as (
    select n.*, r.kind, r.place, r.document from joined as n
    cross join lateral (values
      ('order', 1, nullif(btrim(n.order_reference), '')),
      ('contract', 2, left(coalesce(n.number, case when n.order_reference = '' then coalesce(nullif(n.cig_code, ''), nullif(n.cup_code, '')) end), 20))
    ) as r(kind, place, document)
    where n.has_codes and r.document is not null)
  insert into billing.invoice_reference (company_id, invoice_id, position, kind, number, cig_code, cup_code, line_numbers, created_by)
  select wanted_company, t.invoice_id, row_number() over (partition by t.invoice_id order by t.contract_id, t.place), t.kind, t.document,
         case when t.kind = 'order' or t.order_reference = '' then t.cig_code else '' end,
         case when t.kind = 'order' or t.order_reference = '' then t.cup_code else '' end,
         case when t.many > 1 then t.lines else '{}' end, sec.person_id()
  from told as t;
end $$;
