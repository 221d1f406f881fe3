-- role: cms_bookkeeper
-- Documents made by hand: a draft without a run, written as a whole at each save, issued alone.

create or replace function billing.save_document(wanted_company int, document jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.prepare');
  return billing.write_document(wanted_company, document);
end $$;

create or replace function billing.write_document(wanted_company int, document jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves. Writes a draft (new when `invoice` is null) with its
-- lines and references, and computes its taxes. `version` is that of the draft read. Prices of a credit note are given positive. Returns invoice
-- and version.
declare
  which   bigint;
  version int;
begin
  perform billing.check_facts(wanted_company, document);
  which := (document ->> 'invoice')::bigint;
  if which is not null then
    perform billing.lock_draft(wanted_company, which, (document ->> 'version')::int);
    perform billing.clear_draft(wanted_company, which);
  end if;
  which := billing.write_head(wanted_company, which, document);
  perform billing.write_references(wanted_company, which, document -> 'references');
  perform billing.write_lines(wanted_company, which, document -> 'lines');
  if (document ->> 'is_vat_by_hand')::boolean or billing.is_self_invoice(document ->> 'document_type') then
    perform billing.propose_withholdings(wanted_company, array[which]);
    perform billing.tax_drafts(wanted_company, array[which]);
  else
    perform billing.propose_taxes(wanted_company, array[which]);
  end if;
  select row_version into version from billing.invoice where company_id = wanted_company and invoice_id = which;
  return jsonb_build_object('invoice', which, 'version', version);
end $$;

create or replace function billing.check_facts(wanted_company int, document jsonb) returns void
language plpgsql stable security definer set search_path = '' as $$
-- What a draft cannot do without; the rest may wait until it is issued.
declare
  kind    text := document ->> 'document_type';
  self    boolean := billing.is_self_invoice(kind);
  missing text;
begin
  missing := case
    when jsonb_typeof(document) is distinct from 'object' then 'draft_lacks_lines'
    when kind is null or kind not in ('TD01', 'TD02', 'TD04', 'TD05', 'TD24', 'TD25', 'TD16', 'TD17', 'TD18', 'TD19', 'TD20') then 'draft_lacks_document_type'
    when document ->> 'series' is null then 'draft_lacks_series'
    when document ->> 'document_on' is null then 'draft_lacks_document_on'
    when self and document ->> 'supplier' is null then 'draft_lacks_supplier'
    when not self and document ->> 'customer' is null then 'draft_lacks_customer'
    when jsonb_typeof(document -> 'lines') is distinct from 'array' or jsonb_array_length(document -> 'lines') not between 1 and 999 then 'draft_lacks_lines'
    else '' end;
  if missing <> '' then
    perform sec.refuse('CM110', missing);
  end if;
  if not billing.series_takes(wanted_company, (document ->> 'series')::bigint, kind) then
    perform sec.refuse('CM113', 'series_does_not_take', jsonb_build_object('type', kind));
  end if;
end $$;

create or replace function billing.series_takes(wanted_company int, series bigint, kind text) returns boolean
language sql stable security definer set search_path = '' as $$
-- A series takes what it is told to. A kind of sale that no series names goes where invoices go; self-invoices are never numbered among sales.
  select exists (
    select from base.series_kind as k join base.document_series as s using (company_id, document_series_id)
    where k.company_id = wanted_company and k.document_series_id = series and s.is_active
      and (k.document_type = kind
           or (k.document_type = 'TD01' and not billing.is_self_invoice(kind)
               and not exists (select from base.series_kind as o where o.company_id = wanted_company and o.document_type = kind))))
$$;

create or replace function billing.lock_draft(wanted_company int, which bigint, version int) returns billing.invoice
language plpgsql security definer set search_path = '' as $$
declare
  found billing.invoice;
begin
  select * into found from billing.invoice
  where company_id = wanted_company and invoice_id = which and state = 'draft' and billing_run_id is null for update;
  if found.invoice_id is null then
    perform sec.refuse('CM111', 'draft_is_gone');
  end if;
  if version is not null and version <> found.row_version then
    perform sec.refuse('CM002', 'conflict', jsonb_build_object('table', 'billing.invoice'));
  end if;
  return found;
end $$;

create or replace function billing.clear_draft(wanted_company int, which bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  delete from billing.invoice_withholding where company_id = wanted_company and invoice_id = which;
  delete from billing.invoice_fund where company_id = wanted_company and invoice_id = which;
  delete from billing.invoice_reference where company_id = wanted_company and invoice_id = which;
  delete from billing.invoice_vat where company_id = wanted_company and invoice_id = which;
  delete from billing.invoice_line where company_id = wanted_company and invoice_id = which;
end $$;

create or replace function billing.write_head(wanted_company int, which bigint, document jsonb) returns bigint
language plpgsql security definer set search_path = '' as $$
-- Inserts a draft, or writes its head anew; amounts come with the taxes.
declare
  day    date := (document ->> 'document_on')::date;
  kind   text := document ->> 'document_type';
  facts  jsonb := case when billing.is_self_invoice(kind) then billing.company_facts(wanted_company)
                       else billing.buyer_facts(wanted_company, (document ->> 'customer')::bigint, (document ->> 'contract')::bigint) end;
  seller jsonb := case when billing.is_self_invoice(kind) then billing.supplier_facts(wanted_company, (document ->> 'supplier')::bigint) end;
  term   bigint := case when seller is null then coalesce((document ->> 'payment_term')::bigint, (facts ->> 'payment_term')::bigint) end;
begin
  if facts is null or (billing.is_self_invoice(kind) and seller is null) then
    perform sec.refuse('CM110', case when facts is null then 'draft_lacks_customer' else 'draft_lacks_supplier' end);
  elsif seller is null and term is null then
    perform sec.refuse('CM110', 'draft_lacks_payment_term');
  end if;
  if which is null then
    insert into billing.invoice (company_id, document_type, state, document_series_id, year, document_on, customer_id, supplier_id, supplier,
      payment_term_id, buyer, net_amount, vat_amount, total_amount, payable_amount, created_by)
    values (wanted_company, kind, 'draft', (document ->> 'series')::bigint, extract(year from day)::int, day,
      case when seller is null then (document ->> 'customer')::bigint end, case when seller is not null then (document ->> 'supplier')::bigint end,
      seller, term, facts - 'payment_term', 0, 0, 0, 0, sec.person_id())
    returning invoice_id into which;
  else
    update billing.invoice
    set document_type = kind, document_series_id = (document ->> 'series')::bigint, year = extract(year from day)::int, document_on = day,
        customer_id = case when seller is null then (document ->> 'customer')::bigint end,
        supplier_id = case when seller is not null then (document ->> 'supplier')::bigint end, supplier = seller, payment_term_id = term,
        buyer = facts - 'payment_term', net_amount = 0, vat_amount = 0, rounding_amount = 0, total_amount = 0, payable_amount = 0,
        row_version = row_version + 1
    where company_id = wanted_company and invoice_id = which;
  end if;
  update billing.invoice
  set contract_id = case when seller is null then (document ->> 'contract')::bigint end, notes = coalesce(document ->> 'notes', ''),
      language = coalesce(document ->> 'language', 'it'), compensates = kind = 'TD04' and coalesce((document ->> 'compensates')::boolean, false),
      releases_periods = kind = 'TD04' and coalesce((document ->> 'releases_periods')::boolean, false),
      received_number = case when seller is null then '' else coalesce(document ->> 'received_number', '') end,
      received_on = case when seller is not null then (document ->> 'received_on')::date end,
      is_vat_by_hand = coalesce((document ->> 'is_vat_by_hand')::boolean, false), is_stamp_charged = false, intent_letter_id = null,
      intent_amount = 0, is_excluded = false, exclusion_reason = case when seller is null then billing.buyer_obstacle(facts) else '' end
  where company_id = wanted_company and invoice_id = which;
  return which;
end $$;

create or replace function billing.buyer_facts(wanted_company int, customer bigint, contract bigint) returns jsonb
language sql stable security definer set search_path = '' as $$
-- The customer as a document keeps them, and the term of payment proposed. Null: no such customer.
  select jsonb_build_object('name', p.name, 'kind', p.kind, 'first_name', p.first_name, 'last_name', p.last_name,
    'vat_country', p.vat_country, 'vat_number', p.vat_number, 'tax_code', p.tax_code, 'street', p.street,
    'street_number', p.street_number, 'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code,
    'country', p.country, 'recipient_code', k.recipient_code, 'pec', p.pec, 'code', k.code, 'iban', k.iban, 'bank_name', k.bank_name,
    'order_reference', coalesce(c.order_reference, ''), 'cig_code', coalesce(c.cig_code, ''), 'cup_code', coalesce(c.cup_code, ''),
    'contract_number', coalesce(c.number, ''), 'payment_term', coalesce(c.payment_term_id, k.payment_term_id))
  from customers.customer as k
  join registry.party as p on p.company_id = k.company_id and p.party_id = k.customer_id
  left join customers.contract as c on c.company_id = k.company_id and c.contract_id = contract and c.customer_id = k.customer_id
  where k.company_id = wanted_company and k.customer_id = customer
$$;

create or replace function billing.supplier_facts(wanted_company int, supplier bigint) returns jsonb
language sql stable security definer set search_path = '' as $$
-- The seller of a self-invoice as the document keeps them.
  select jsonb_build_object('name', p.name, 'kind', p.kind, 'first_name', p.first_name, 'last_name', p.last_name,
    'vat_country', p.vat_country, 'vat_number', p.vat_number, 'tax_code', p.tax_code, 'street', p.street,
    'street_number', p.street_number, 'postal_code', p.postal_code, 'town', p.town, 'province_code', p.province_code, 'country', p.country)
  from registry.party as p where p.company_id = wanted_company and p.party_id = supplier
$$;

create or replace function billing.company_facts(wanted_company int) returns jsonb
language sql stable security definer set search_path = '' as $$
-- The company itself as the buyer of a self-invoice.
  select jsonb_build_object('name', c.name, 'kind', 'company', 'first_name', '', 'last_name', '', 'vat_country', 'IT',
    'vat_number', c.vat_number, 'tax_code', c.tax_code, 'street', c.street, 'street_number', c.street_number, 'postal_code', c.postal_code,
    'town', c.town, 'province_code', c.province_code, 'country', 'IT', 'recipient_code', '', 'pec', c.pec, 'code', '', 'iban', '',
    'bank_name', '', 'order_reference', '', 'cig_code', '', 'cup_code', '', 'contract_number', '')
  from base.company as c where c.company_id = wanted_company
$$;

create or replace function billing.buyer_obstacle(facts jsonb) returns text
language sql immutable set search_path = '' as $$
-- Why the exchange system would not take a document for this buyer, in the words of billing runs; empty when it would.
  select case
    when facts ->> 'vat_number' is null and facts ->> 'tax_code' is null then 'fiscal_code_missing'
    when facts ->> 'street' = '' or facts ->> 'town' = ''
         or (facts ->> 'country' = 'IT' and coalesce(facts ->> 'postal_code', '') !~ '^[0-9]{5}$') then 'address_incomplete'
    when facts ->> 'kind' = 'public_body' and length(facts ->> 'recipient_code') <> 6 then 'office_code_missing'
    when facts ->> 'kind' <> 'public_body' and length(facts ->> 'recipient_code') = 6 then 'recipient_code_wrong'
    else '' end
$$;

create or replace function billing.write_references(wanted_company int, which bigint, wanted jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into billing.invoice_reference (company_id, invoice_id, position, kind, number, on_date, item, agreement_code, cig_code, cup_code,
    line_numbers, referred_invoice_id, created_by)
  select wanted_company, which, r.place, r.kind, coalesce(o.document_number, r.number), coalesce(o.document_on, r.on_date),
         coalesce(r.item, ''), coalesce(r.agreement_code, ''), coalesce(r.cig_code, ''), coalesce(r.cup_code, ''),
         coalesce(r.line_numbers, '{}'), o.invoice_id, sec.person_id()
  from rows from (jsonb_to_recordset(coalesce(wanted, '[]')) as (kind text, number text, on_date date, item text, agreement_code text,
    cig_code text, cup_code text, line_numbers smallint[], invoice bigint)) with ordinality
    as r(kind, number, on_date, item, agreement_code, cig_code, cup_code, line_numbers, invoice, place)
  left join billing.invoice as o on o.company_id = wanted_company and o.invoice_id = r.invoice and o.state = 'issued';
end $$;

create or replace function billing.write_lines(wanted_company int, which bigint, wanted jsonb) returns void
language plpgsql security definer set search_path = '' as $$
-- A line that credits one of an invoice keeps its service, period and VAT code, whatever was sent. Prices are positive on every document;
-- amounts come with the taxes.
declare
  credits boolean := (select document_type = 'TD04' from billing.invoice where company_id = wanted_company and invoice_id = which);
begin
  insert into billing.invoice_line (company_id, invoice_id, line_no, service_id, holds_period, description, period_start, period_end, quantity,
    unit, unit_price, discount_percent, discount_amount, line_amount, vat_code_id, line_kind, is_withheld, service_type_id, site_id, account_id,
    credited_invoice_id, credited_line_no, created_by)
  select wanted_company, which, l.place, o.service_id, false, btrim(l.description), coalesce(o.period_start, l.period_start),
         coalesce(o.period_end, l.period_end), l.quantity, coalesce(l.unit, ''), l.unit_price, coalesce(l.discount_percent, 0),
         coalesce(l.discount_amount, 0), 0, coalesce(o.vat_code_id, l.vat_code), coalesce(o.line_kind, l.line_kind, ''),
         coalesce(o.is_withheld, l.is_withheld, false), coalesce(o.service_type_id, l.service_type), coalesce(o.site_id, l.site),
         coalesce(o.account_id, l.account), case when credits then l.credited_invoice end, case when credits then l.credited_line end, sec.person_id()
  from rows from (jsonb_to_recordset(wanted) as (description text, period_start date, period_end date, quantity numeric(12,3), unit text,
    unit_price numeric(18,8), discount_percent numeric(5,2), discount_amount numeric(18,8), vat_code bigint, line_kind text, is_withheld boolean,
    service_type bigint, site bigint, account bigint, credited_invoice bigint, credited_line smallint)) with ordinality
    as l(description, period_start, period_end, quantity, unit, unit_price, discount_percent, discount_amount, vat_code, line_kind, is_withheld,
         service_type, site, account, credited_invoice, credited_line, place)
  left join billing.invoice_line as o on credits and o.company_id = wanted_company and o.invoice_id = l.credited_invoice
    and o.line_no = l.credited_line;
  if exists (select from billing.invoice_line where company_id = wanted_company and invoice_id = which
             and (description = '' or quantity <= 0 or period_end < period_start)) then
    perform sec.refuse('CM110', 'draft_line_wrong');
  end if;
end $$;

create or replace function billing.discard_document(wanted_company int, which bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.prepare');
  perform billing.lock_draft(wanted_company, which, null);
  perform billing.clear_draft(wanted_company, which);
  delete from billing.invoice where company_id = wanted_company and invoice_id = which;
end $$;

create or replace function billing.issue_document(wanted_company int, which bigint, version int) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform sec.require(wanted_company, 'billing.issue');
  return billing.issue_draft(wanted_company, which, version, now());
end $$;

create or replace function billing.issue_draft(wanted_company int, which bigint, version int, moment timestamptz) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- For functions of the bookkeeper and the deployer, which have checked the right themselves. Numbers, posts and opens the items of one draft; a
-- credit note is held against what is left of its invoices first, and set off after.
declare
  draft billing.invoice;
begin
  draft := billing.lock_draft(wanted_company, which, coalesce(version, 0));
  perform billing.check_ready(wanted_company, draft);
  if draft.document_type = 'TD04' then
    perform billing.check_credits(wanted_company, array[which]);
  end if;
  return billing.issue_set(wanted_company, null, array[which], draft.document_series_id, draft.document_on, moment)
         || jsonb_build_object('invoice', which);
end $$;

create or replace function billing.check_ready(wanted_company int, draft billing.invoice) returns void
language plpgsql stable security definer set search_path = '' as $$
-- What may wait in a draft may not when it is issued.
declare
  obstacle text := case
    when draft.exclusion_reason <> '' then draft.exclusion_reason
    when draft.document_type = 'TD04' and draft.total_amount >= 0 or draft.document_type <> 'TD04' and draft.total_amount <= 0 then 'total_has_wrong_sign'
    when draft.supplier_id is not null and (draft.received_number = '' or draft.received_on is null) and draft.document_type <> 'TD20' then 'received_document_missing'
    when draft.document_type in ('TD04', 'TD05') and not exists (
      select from billing.invoice_reference where company_id = wanted_company and invoice_id = draft.invoice_id and kind = 'invoice') then 'credited_document_missing'
    when draft.document_type in ('TD24', 'TD25') and not exists (
      select from billing.invoice_reference where company_id = wanted_company and invoice_id = draft.invoice_id) then 'delivery_missing'
    else '' end;
begin
  if draft.document_on > current_date then
    perform sec.refuse('CM117', 'document_in_future', jsonb_build_object('on', draft.document_on));
  end if;
  if obstacle <> '' then
    perform sec.refuse('CM112', obstacle);
  end if;
  if not billing.series_takes(wanted_company, draft.document_series_id, draft.document_type) then
    perform sec.refuse('CM113', 'series_does_not_take', jsonb_build_object('type', draft.document_type));
  end if;
end $$;

create or replace function billing.number_pro_forma(wanted_company int, which bigint, version int) returns jsonb
language plpgsql security definer set search_path = '' as $$
-- Makes a draft a pro-forma: a paper with a number outside the books, that stays a draft until it is issued as an invoice.
declare
  draft billing.invoice;
  title text;
begin
  perform sec.require(wanted_company, 'billing.prepare');
  draft := billing.lock_draft(wanted_company, which, coalesce(version, 0));
  if draft.document_type not in ('TD01', 'TD02', 'TD24', 'TD25') or draft.pro_forma_number is not null then
    perform sec.refuse('CM119', 'pro_forma_state', jsonb_build_object('number', coalesce(draft.pro_forma_number, '')));
  end if;
  title := 'PF ' || draft.year || '/' || base.next_internal_number(wanted_company, 'billing.pro_forma', draft.year);
  update billing.invoice set pro_forma_number = title, pro_forma_on = document_on, row_version = row_version + 1
  where company_id = wanted_company and invoice_id = which;
  return jsonb_build_object('number', title, 'version', draft.row_version + 1);
end $$;

grant execute on function billing.save_document(int, jsonb), billing.discard_document(int, bigint), billing.issue_document(int, bigint, int),
  billing.number_pro_forma(int, bigint, int) to cms_people;
