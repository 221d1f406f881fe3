-- role: cms_bookkeeper

create or replace function base.found_company(company_name text, company_vat text) returns int
language plpgsql security definer set search_path = '' as $$
-- A new company with the usual Italian tables: VAT codes, payment terms, sales series (its books: ledger.open_books). For the deployer only.
declare
  new_id int;
begin
  insert into base.company (name, vat_number, tax_code) values (company_name, company_vat, company_vat) returning company_id into new_id;
  insert into base.vat_code (company_id, code, description, rate, nature, legal_reference, exigibility)
  select new_id, v.* from (values
    ('22', 'Ordinaria 22%', 22.00, '', '', 'I'), ('10', 'Ridotta 10%', 10.00, '', '', 'I'), ('4', 'Minima 4%', 4.00, '', '', 'I'),
    ('22S', 'Ordinaria 22%, scissione dei pagamenti', 22.00, '', 'Art. 17-ter DPR 633/72', 'S'),
    ('N1', 'Esclusa art. 15', 0.00, 'N1', 'Escluso art. 15 DPR 633/72', 'I'),
    ('N4', 'Esente art. 10', 0.00, 'N4', 'Esente art. 10 DPR 633/72', 'I'),
    ('N3.5', 'Non imponibile, dichiarazione d''intento', 0.00, 'N3.5', 'Non imponibile art. 8 c.1 lett. c DPR 633/72', 'I'),
    ('N6.9', 'Inversione contabile, altri casi', 0.00, 'N6.9', 'Inversione contabile art. 17 c.6 DPR 633/72', 'I')
  ) as v(code, description, rate, nature, legal_reference, exigibility);
  with term as (
    insert into base.payment_term (company_id, code, description, method)
    select new_id, t.* from (values
      ('RB30', 'RiBa 30 gg fine mese', 'MP12'), ('RB60', 'RiBa 60 gg fine mese', 'MP12'), ('RB306090', 'RiBa 30/60/90 gg fine mese', 'MP12'),
      ('BB30', 'Bonifico 30 gg data fattura', 'MP05'), ('BB60FM', 'Bonifico 60 gg fine mese', 'MP05'), ('RD', 'Rimessa diretta', 'MP01'),
      ('SDD', 'Addebito SEPA 30 gg fine mese', 'MP19'), ('ES', 'Contanti a mezzo esattore', 'MP01')
    ) as t(code, description, method) returning payment_term_id, code)
  insert into base.payment_installment (company_id, payment_term_id, position, share, days, rule, fixed_day)
  select new_id, term.payment_term_id, i.position, i.share, i.days, i.rule, null
  from term join (values
    ('RB30', 1, 100.0, 30, 'EOM'), ('RB60', 1, 100.0, 60, 'EOM'), ('RB306090', 1, 33.33, 30, 'EOM'), ('RB306090', 2, 33.33, 60, 'EOM'),
    ('RB306090', 3, 33.34, 90, 'EOM'), ('BB30', 1, 100.0, 30, 'NET'), ('BB60FM', 1, 100.0, 60, 'EOM'), ('RD', 1, 100.0, 0, 'NET'),
    ('SDD', 1, 100.0, 30, 'EOM'), ('ES', 1, 100.0, 30, 'NET')
  ) as i(code, position, share, days, rule) on i.code = term.code;
  insert into base.document_series (company_id, code, name) values (new_id, 'V', 'Vendite'), (new_id, 'PA', 'Pubblica amministrazione');
  insert into base.parameter (company_id, key, value)
  values (new_id, 'stamp_duty', '{"natures": ["N2.1", "N2.2", "N3.5", "N3.6", "N4"], "over": 77.47, "amount": 2.00}');
  perform base.seed_masters(new_id);
  return new_id;
end $$;
grant execute on function base.found_company(text, text) to cms_deployer, cms_owner;
