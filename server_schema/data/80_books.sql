-- Roles of accounts, how a company posts, and the chart of companies founded before it had levels. Idempotent.
insert into ledger.account_role (role, title, kind, sort_order) values
  ('receivable', 'Crediti verso clienti', 'asset', 10), ('payable', 'Debiti verso fornitori', 'liability', 20),
  ('revenue', 'Ricavi (quando nessun profilo dice altro)', 'income', 30), ('bank', 'Banca', 'asset', 40), ('cash', 'Cassa', 'asset', 50),
  ('effects', 'Effetti attivi', 'asset', 60), ('effects_advance', 'Anticipi SBF', 'liability', 70),
  ('effects_unpaid', 'Effetti insoluti', 'asset', 80), ('vat_sales', 'IVA a debito su vendite', 'liability', 90),
  ('vat_suspended', 'IVA a esigibilità differita', 'liability', 100), ('vat_split', 'IVA in scissione dei pagamenti', 'asset', 110),
  ('vat_purchases', 'IVA a credito su acquisti', 'asset', 120), ('vat_due', 'Erario c/IVA', 'liability', 130),
  ('vat_interest', 'Interessi su IVA trimestrale', 'expense', 140), ('vat_lost', 'IVA indetraibile', 'expense', 145), ('withholding', 'Ritenute subite', 'asset', 150),
  ('fund', 'Contributo integrativo (cassa previdenziale)', 'income', 160), ('stamp_recharge', 'Recupero imposta di bollo', 'income', 170),
  ('stamp_duty', 'Imposta di bollo (costo)', 'expense', 180), ('stamp_payable', 'Imposta di bollo da versare', 'liability', 190),
  ('bank_fees', 'Spese bancarie', 'expense', 200), ('rounding', 'Arrotondamenti e abbuoni', 'expense', 210),
  ('deposits', 'Depositi cauzionali da clienti', 'liability', 220), ('year_result', 'Risultato dell''esercizio', 'equity', 230),
  ('profit_and_loss', 'Conto di profitti e perdite', 'memo', 240), ('closing_balance', 'Bilancio di chiusura', 'memo', 250),
  ('opening_balance', 'Bilancio di apertura', 'memo', 260)
on conflict (role) do update set title = excluded.title, kind = excluded.kind, sort_order = excluded.sort_order;

insert into base.parameter_kind (key, title, note, value_kind, choices, is_law, law, sort_order) values
  ('posting_mode', 'Contabilizzazione delle fatture', 'Insieme all''emissione (at_issue), oppure in un passo a parte, dopo una revisione (reviewed).',
   'choice', array['at_issue', 'reviewed'], false, '', 150)
on conflict (key) do update set title = excluded.title, note = excluded.note, choices = excluded.choices, sort_order = excluded.sort_order;

select ledger.seed_accounts(c.company_id) from base.company as c
where exists (select from ledger.account as a where a.company_id = c.company_id)
  and not exists (select from ledger.account as a where a.company_id = c.company_id and not a.is_postable);
select ledger.adopt_accounts(company_id) from base.company;
