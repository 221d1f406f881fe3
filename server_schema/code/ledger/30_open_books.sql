-- role: cms_bookkeeper

create or replace function ledger.open_books(new_id int) returns void
language plpgsql security definer set search_path = '' as $$
-- The default chart of accounts of a company, with the accounts that postings look for by role. For the deployer only.
begin
  insert into ledger.account (company_id, code, name, kind, role)
  select new_id, a.* from (values
    ('14.01', 'Crediti verso clienti', 'asset', 'receivable'), ('14.05', 'Effetti attivi', 'asset', 'effects'),
    ('14.06', 'Effetti insoluti', 'asset', 'effects_unpaid'), ('18.01', 'Banca c/c', 'asset', 'bank'), ('18.05', 'Cassa', 'asset', 'cash'),
    ('26.01', 'IVA a debito su vendite', 'liability', 'vat_sales'), ('26.02', 'IVA a esigibilità differita', 'liability', 'vat_suspended'),
    ('26.03', 'IVA in scissione dei pagamenti', 'asset', 'vat_split'), ('24.01', 'Anticipi SBF', 'liability', 'effects_advance'),
    ('14.20', 'Erario c/ritenute subite', 'asset', 'withholding'), ('58.01', 'Ricavi per servizi di vigilanza', 'income', 'revenue'),
    ('66.01', 'Spese bancarie', 'expense', 'bank_fees'), ('66.05', 'Imposta di bollo', 'expense', 'stamp_duty'),
    ('66.09', 'Arrotondamenti', 'expense', 'rounding')
  ) as a(code, name, kind, role);
end $$;
grant execute on function ledger.open_books(int) to cms_deployer, cms_owner;
