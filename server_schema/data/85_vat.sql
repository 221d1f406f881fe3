-- VAT: figures of the law, what a company settles by, the accounts of its books. Idempotent.
insert into base.parameter_kind (key, title, note, value_kind, lowest, highest, is_law, law, period, sort_order) values
  ('vat_period_months', 'Mesi di una liquidazione IVA', '1 mensile, 3 trimestrale; vale dall''inizio dell''anno. Finché non è scritto: 1.',
   'whole', 1, 3, false, 'Art. 7 DPR 542/1999', '', 200),
  ('vat_minimum_payment', 'IVA che può aspettare il periodo dopo', 'Debito fino al quale il versamento si rimanda.', 'amount', 0, null, true,
   'Art. 1 c. 4 DPR 100/1998', '', 210),
  ('vat_quarter_interest', 'Interessi della liquidazione trimestrale', '', 'percent', 0, 100, true, 'Art. 7 c. 3 DPR 542/1999', '', 220),
  ('vat_advance_percent', 'Acconto IVA di dicembre', 'Quota del versamento dell''anno prima (metodo storico).', 'percent', 0, 100, true,
   'Art. 6 L. 405/1990', '', 230),
  ('vat_advance_minimum', 'Acconto IVA che non si versa', 'Sotto questo importo l''acconto non è dovuto.', 'amount', 0, null, true,
   'Art. 6 L. 405/1990', '', 240),
  ('stamp_postponement', 'Bollo che può aspettare il trimestre dopo', 'Importo del primo trimestre, o dei primi due, fino al quale si rimanda.',
   'amount', 0, null, true, 'Art. 3 c. 4 DL 73/2022', '', 250)
on conflict (key) do update set title = excluded.title, note = excluded.note, value_kind = excluded.value_kind, lowest = excluded.lowest,
  highest = excluded.highest, is_law = excluded.is_law, law = excluded.law, period = excluded.period, sort_order = excluded.sort_order;

insert into base.law_value (key, valid_from, value, source) values
  ('vat_minimum_payment', '1998-04-01', '25.82', 'DPR 100/1998'), ('vat_minimum_payment', '2024-01-01', '100', 'D.Lgs. 1/2024, art. 9'),
  ('vat_quarter_interest', '2000-01-01', '1', 'DPR 542/1999, art. 7'),
  ('vat_advance_percent', '1998-01-01', '88', 'L. 405/1990, art. 6'), ('vat_advance_minimum', '1998-01-01', '103.29', 'L. 405/1990, art. 6'),
  ('stamp_postponement', '2021-01-01', '250', 'D.M. 4 dicembre 2020'), ('stamp_postponement', '2023-01-01', '5000', 'DL 73/2022, art. 3 c. 4')
on conflict (key, valid_from) do update set value = excluded.value, source = excluded.source;

select billing.open_vat_accounts(company_id) from base.company;
