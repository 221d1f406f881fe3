-- What the tax law asks of a document: withholdings, social fund, rounding, discounts, letters of intent, references to orders and tenders.
-- needs: billing

-- Amounts of a credit note (TD04) are negative: sums, registers and entries add up. Stamp duty is never: a credit note owes it, too.
-- net_amount is lines and fund; total_amount = net + VAT + rounding; payable_amount = total - VAT of split payment - withholdings.
alter table billing.invoice
  add column withholding_amount numeric(14,2) not null default 0,
  add column fund_amount numeric(14,2) not null default 0,
  add column rounding_amount numeric(14,2) not null default 0,
  add column is_stamp_charged boolean not null default false,
  add column intent_letter_id bigint,
  add column intent_amount numeric(14,2) not null default 0,  -- what of the letter's plafond the document uses
  add column notes text not null default '',
  add column language text not null default 'it' check (language in ('it', 'en')),
  drop constraint total_is_net_and_vat,
  add constraint total_is_net_and_vat check (total_amount = net_amount + vat_amount + rounding_amount),
  add constraint plafond_is_of_a_letter check (intent_amount = 0 or intent_letter_id is not null),
  add constraint invoice_letter_fkey foreign key (company_id, intent_letter_id) references customers.intent_letter;
create index invoice_of_letter on billing.invoice (company_id, intent_letter_id, invoice_id) where intent_letter_id is not null;

-- line_kind is TipoCessionePrestazione (SC discount, PR premium, AB allowance, AC accessory cost), or 'stamp': the duty charged to the customer.
-- discount_percent, then discount_amount (euro), are taken off the unit price; negative ones raise it. line_amount = quantity x what is left.
-- service_type_id and site_id of a line made by hand; null: those of its service. account_id: revenue account chosen by hand.
alter table billing.invoice_line
  add column unit text not null default '' check (length(unit) <= 10),
  add column discount_percent numeric(5,2) not null default 0 check (discount_percent between -100 and 100),
  add column discount_amount numeric(18,8) not null default 0,
  add column line_kind text not null default '' check (line_kind in ('', 'SC', 'PR', 'AB', 'AC', 'stamp')),
  add column is_withheld boolean not null default false,
  add column service_type_id bigint,
  add column site_id bigint,
  add column account_id bigint,
  add column credited_invoice_id bigint,
  add column credited_line_no smallint,
  add constraint line_service_type_fkey foreign key (company_id, service_type_id) references customers.service_type,
  add constraint line_site_fkey foreign key (company_id, site_id) references customers.site,
  add constraint line_account_fkey foreign key (company_id, account_id) references ledger.account,
  add constraint line_credited_fkey foreign key (company_id, credited_invoice_id) references billing.invoice,
  add constraint credited_line_has_its_invoice check (credited_line_no is null or credited_invoice_id is not null);
create index line_of_site on billing.invoice_line (company_id, site_id, invoice_id) where site_id is not null;
create index line_of_type on billing.invoice_line (company_id, service_type_id, invoice_id) where service_type_id is not null;
create index line_of_account on billing.invoice_line (company_id, account_id, invoice_id) where account_id is not null;
create index line_that_credits on billing.invoice_line (company_id, credited_invoice_id, credited_line_no) where credited_invoice_id is not null;

-- ritenuta: rate per cent of `share` per cent of the base, which is the lines and funds marked is_withheld
create table billing.invoice_withholding (
  company_id   int      not null,
  invoice_id   bigint   not null,
  position     smallint not null check (position > 0),
  kind         text     not null check (kind ~ '^RT0[1-6]$'),
  reason       text     not null check (reason ~ '^([A-EGHIL-Z]|L1|M1|M2|O1|V1|ZO)$'),
  rate         numeric(5,2) not null check (rate > 0 and rate <= 100),
  share        numeric(5,2) not null default 100 check (share > 0 and share <= 100),
  base_amount  numeric(14,2) not null default 0,
  amount       numeric(14,2) not null default 0,
  created_by   int,
  primary key (company_id, invoice_id, position),
  foreign key (company_id, invoice_id) references billing.invoice
);
call sec.protect('billing.invoice_withholding', 'billing', 'guarded', 'summary');

-- cassa previdenziale charged in the document: part of the taxable amount of its VAT code
create table billing.invoice_fund (
  company_id   int      not null,
  invoice_id   bigint   not null,
  position     smallint not null check (position > 0),
  kind         text     not null check (kind ~ '^TC(0[1-9]|1[0-9]|2[0-2])$'),
  rate         numeric(5,2) not null check (rate > 0 and rate <= 100),
  base_amount  numeric(14,2) not null default 0,
  amount       numeric(14,2) not null default 0,
  vat_code_id  bigint   not null,
  is_withheld  boolean  not null default false,
  created_by   int,
  primary key (company_id, invoice_id, position),
  foreign key (company_id, invoice_id) references billing.invoice,
  foreign key (company_id, vat_code_id) references base.vat_code
);
create index fund_of_vat_code on billing.invoice_fund (company_id, vat_code_id);
call sec.protect('billing.invoice_fund', 'billing', 'guarded', 'summary');

-- order, contract, agreement, receipt or earlier invoice the document refers to; no line numbers: the whole document
create table billing.invoice_reference (
  company_id           int      not null,
  invoice_id           bigint   not null,
  position             smallint not null check (position > 0),
  kind                 text     not null check (kind in ('order', 'contract', 'agreement', 'receipt', 'invoice')),
  number               text     not null check (btrim(number) <> '' and length(number) <= 20),
  on_date              date,
  item                 text     not null default '' check (length(item) <= 20),
  agreement_code       text     not null default '' check (length(agreement_code) <= 100),
  cig_code             text     not null default '' check (length(cig_code) <= 15),
  cup_code             text     not null default '' check (length(cup_code) <= 15),
  line_numbers         smallint[] not null default '{}',
  referred_invoice_id  bigint,
  created_by           int,
  primary key (company_id, invoice_id, position),
  foreign key (company_id, invoice_id) references billing.invoice,
  constraint reference_referred_fkey foreign key (company_id, referred_invoice_id) references billing.invoice
);
create index reference_to_invoice on billing.invoice_reference (company_id, referred_invoice_id) where referred_invoice_id is not null;
call sec.protect('billing.invoice_reference', 'billing', 'guarded', 'summary');

-- when the tax agency received the letter of intent: goes into the file of every invoice without VAT (null: its own date)
alter table customers.intent_letter add column received_on date;

-- who has tax rules of his own is found without reading all customers
create index customer_with_tax_rules on customers.customer (company_id, customer_id)
  where is_withholding or is_stamp_charged or vat_code_id is not null or order_reference <> '' or cig_code <> '' or cup_code <> ''
    or administration_reference <> '';
create index contract_with_order on customers.contract (company_id, contract_id) where order_reference <> '' or cig_code <> '' or cup_code <> '';
create index party_condominium on registry.party (company_id, party_id) where kind = 'condominium';

create trigger keep_plafond_add after insert on billing.invoice referencing new table as rows_now
  for each statement execute function billing.keep_plafond();
create trigger keep_plafond_change after update on billing.invoice referencing old table as rows_before new table as rows_now
  for each statement execute function billing.keep_plafond();
create trigger keep_plafond_remove after delete on billing.invoice referencing old table as rows_before
  for each statement execute function billing.keep_plafond();
alter table billing.invoice enable always trigger keep_plafond_add;
alter table billing.invoice enable always trigger keep_plafond_change;
alter table billing.invoice enable always trigger keep_plafond_remove;
