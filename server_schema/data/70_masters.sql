-- Holidays, parameters and the figures of the law, and what every company begins with. Idempotent.

insert into base.national_holiday (holiday, name, month, day, easter_offset, valid_from, law) values
  ('new_year', 'Capodanno', 1, 1, null, '1950-01-01', 'L. 260/1949'),
  ('epiphany', 'Epifania', 1, 6, null, '1986-01-01', 'D.P.R. 792/1985'),
  ('easter', 'Pasqua', null, null, 0, '1950-01-01', 'L. 260/1949'),
  ('easter_monday', 'Lunedì dell''Angelo', null, null, 1, '1950-01-01', 'L. 260/1949'),
  ('liberation', 'Festa della Liberazione', 4, 25, null, '1950-01-01', 'L. 260/1949'),
  ('labour', 'Festa del Lavoro', 5, 1, null, '1950-01-01', 'L. 260/1949'),
  ('republic', 'Festa della Repubblica', 6, 2, null, '2001-01-01', 'L. 336/2000'),
  ('assumption', 'Assunzione di Maria (Ferragosto)', 8, 15, null, '1950-01-01', 'L. 260/1949'),
  ('saint_francis', 'San Francesco d''Assisi, patrono d''Italia', 10, 4, null, '2026-01-01', 'L. 151/2025'),
  ('all_saints', 'Ognissanti', 11, 1, null, '1950-01-01', 'L. 260/1949'),
  ('immaculate', 'Immacolata Concezione', 12, 8, null, '1950-01-01', 'L. 260/1949'),
  ('christmas', 'Natale', 12, 25, null, '1950-01-01', 'L. 260/1949'),
  ('saint_stephen', 'Santo Stefano', 12, 26, null, '1950-01-01', 'L. 260/1949')
on conflict (holiday) do update set name = excluded.name, month = excluded.month, day = excluded.day, easter_offset = excluded.easter_offset,
  valid_from = excluded.valid_from, law = excluded.law;
insert into base.national_holiday (holiday, name, month, day, valid_from, valid_to, law) values
  ('unity_150', '150º anniversario dell''Unità d''Italia', 3, 17, '2011-03-17', '2011-03-17', 'D.L. 5/2011')
on conflict (holiday) do nothing;

-- Patron saints of the capitals of provinces, by ISTAT code of the town.
insert into base.town_patron (istat_code, name, month, day, easter_offset)
select v.istat_code, v.name, v.month, v.day, v.easter_offset from (values
  ('084001', 'San Gerlando', 2, 25, null), ('006003', 'San Baudolino', 11, 10, null), ('042002', 'San Ciriaco', 5, 4, null),
  ('007003', 'San Grato', 9, 7, null), ('044007', 'Sant''Emidio', 8, 5, null), ('066049', 'San Massimo', 6, 10, null),
  ('051002', 'San Donato', 8, 7, null), ('064008', 'San Modestino', 2, 14, null), ('072006', 'San Nicola', 12, 6, null),
  ('016024', 'Sant''Alessandro', 8, 26, null), ('096004', 'Santo Stefano', 12, 26, null), ('025006', 'San Martino', 11, 11, null),
  ('062008', 'San Bartolomeo', 8, 24, null), ('037006', 'San Petronio', 10, 4, null),
  ('017029', 'Santi Faustino e Giovita', 2, 15, null), ('110002', 'San Ruggero', 12, 30, null),
  ('110009', 'San Nicola Pellegrino', 5, 3, null), ('021008', 'Lunedì di Pentecoste', null, null, 50),
  ('092009', 'San Saturnino', 10, 30, null), ('070006', 'San Giorgio', 4, 23, null), ('061022', 'San Sebastiano', 1, 20, null),
  ('069022', 'San Giustino', 5, 11, null), ('085004', 'San Michele Arcangelo', 9, 29, null),
  ('004078', 'San Michele Arcangelo', 9, 29, null), ('013075', 'Sant''Abbondio', 8, 31, null),
  ('019036', 'Sant''Omobono', 11, 13, null), ('078045', 'Madonna del Pilerio', 2, 12, null), ('087015', 'Sant''Agata', 2, 5, null),
  ('079023', 'San Vitaliano', 7, 16, null), ('086009', 'Maria Santissima della Visitazione', 7, 2, null),
  ('040012', 'Madonna del Fuoco', 2, 4, null), ('040007', 'San Giovanni Battista', 6, 24, null), ('038008', 'San Giorgio', 4, 23, null),
  ('071024', 'Madonna dei Sette Veli', 3, 22, null), ('048017', 'San Giovanni Battista', 6, 24, null),
  ('109006', 'Maria Assunta', 8, 16, null), ('060038', 'San Silverio', 6, 20, null), ('010025', 'San Giovanni Battista', 6, 24, null),
  ('031007', 'Santi Ilario e Taziano', 3, 16, null), ('053011', 'San Lorenzo', 8, 10, null),
  ('008031', 'San Leonardo da Porto Maurizio', 11, 26, null), ('094023', 'San Pietro Celestino', 5, 19, null),
  ('101010', 'San Dionigi', 10, 9, null), ('097042', 'San Nicola', 12, 6, null), ('075035', 'Sant''Oronzo', 8, 26, null),
  ('049009', 'Santa Giulia', 5, 22, null), ('098031', 'San Bassiano', 1, 19, null), ('059011', 'Santa Maria Goretti', 7, 6, null),
  ('046017', 'San Paolino', 7, 12, null), ('108033', 'San Giovanni Battista', 6, 24, null), ('043023', 'San Giuliano', 8, 31, null),
  ('083048', 'Madonna della Lettera', 6, 3, null), ('015146', 'Sant''Ambrogio', 12, 7, null), ('020030', 'Sant''Anselmo', 3, 18, null),
  ('036023', 'San Geminiano', 1, 31, null), ('045010', 'San Francesco d''Assisi', 10, 4, null),
  ('077014', 'Madonna della Bruna', 7, 2, null), ('063049', 'San Gennaro', 9, 19, null), ('003106', 'San Gaudenzio', 1, 22, null),
  ('091051', 'Madonna della Neve', 8, 5, null), ('095038', 'Sant''Archelao', 2, 13, null), ('082053', 'Santa Rosalia', 7, 15, null),
  ('033032', 'Sant''Antonino', 7, 4, null), ('028060', 'Sant''Antonio', 6, 13, null), ('068028', 'San Cetteo', 10, 10, null),
  ('054039', 'San Costanzo', 1, 29, null), ('050026', 'San Ranieri', 6, 17, null), ('093033', 'Madonna delle Grazie', 9, 8, null),
  ('100005', 'Santo Stefano', 12, 26, null), ('034027', 'Sant''Ilario', 1, 13, null), ('047014', 'San Jacopo', 7, 25, null),
  ('041044', 'San Terenzio', 9, 24, null), ('041067', 'San Crescentino', 6, 1, null), ('018110', 'San Siro', 12, 9, null),
  ('076063', 'San Gerardo', 5, 30, null), ('039014', 'Sant''Apollinare', 7, 23, null), ('080063', 'San Giorgio', 4, 23, null),
  ('035033', 'San Prospero', 11, 24, null), ('088009', 'San Giovanni Battista', 8, 29, null), ('057059', 'Santa Barbara', 12, 4, null),
  ('058091', 'Santi Pietro e Paolo', 6, 29, null), ('099014', 'San Gaudenzo', 10, 14, null), ('029041', 'San Bellino', 11, 26, null),
  ('065116', 'San Matteo', 9, 21, null), ('052032', 'Sant''Ansano', 12, 1, null), ('014061', 'Santi Gervasio e Protasio', 6, 19, null),
  ('011015', 'San Giuseppe', 3, 19, null), ('089017', 'Santa Lucia', 12, 13, null), ('090064', 'San Nicola', 12, 6, null),
  ('009056', 'Madonna della Misericordia', 3, 18, null), ('073027', 'San Cataldo', 5, 10, null),
  ('067041', 'San Berardo', 12, 19, null), ('022205', 'San Vigilio', 6, 26, null), ('001272', 'San Giovanni Battista', 6, 24, null),
  ('081021', 'Sant''Alberto', 8, 7, null), ('055032', 'San Valentino', 2, 14, null), ('032006', 'San Giusto', 11, 3, null),
  ('026086', 'San Liberale', 4, 27, null), ('030129', 'Santi Ermacora e Fortunato', 7, 12, null), ('012133', 'San Vittore', 5, 8, null),
  ('103072', 'San Vittore', 5, 8, null), ('002158', 'Sant''Eusebio', 8, 1, null), ('027042', 'Madonna della Salute', 11, 21, null),
  ('024116', 'Madonna di Monte Berico', 9, 8, null), ('023091', 'San Zeno', 5, 21, null), ('056059', 'Santa Rosa', 9, 4, null),
  ('102047', 'San Leoluca', 3, 1, null)
) as v(istat_code, name, month, day, easter_offset)
on conflict (istat_code) do update set name = excluded.name, month = excluded.month, day = excluded.day, easter_offset = excluded.easter_offset;

insert into base.parameter_kind (key, title, note, value_kind, lowest, highest, is_law, law, period, sort_order) values
  ('vat_ordinary', 'Aliquota IVA ordinaria', '', 'percent', 0, 100, true, 'Art. 16 DPR 633/72', '', 10),
  ('legal_interest', 'Interesse legale', 'In ragione d''anno, giorni effettivi su 365.', 'percent', 0, 100, true, 'Art. 1284 c.c.', 'year', 20),
  ('default_interest', 'Interesse di mora', 'Tasso della BCE più la maggiorazione; vale per imprese ed enti pubblici, un semestre alla volta.',
   'percent', 0, 100, true, 'Art. 5 D.Lgs. 231/2002', 'half_year', 30),
  ('late_payment_fee', 'Risarcimento forfettario del ritardo', 'Per fattura, senza bisogno di sollecito.', 'amount', 0, null, true,
   'Art. 6 D.Lgs. 231/2002', '', 40),
  ('cash_limit', 'Limite dei contanti', 'Sono vietati i pagamenti in contanti pari o superiori a questo importo.', 'amount', 0, null, true,
   'Art. 49 D.Lgs. 231/2007', '', 50),
  ('stamp_duty', 'Imposta di bollo in fattura', 'Importo, soglia e nature che la fanno sorgere.', 'stamp_duty', null, null, false,
   'Art. 13 tariffa DPR 642/72', '', 60),
  ('condominium_withholding', 'Ritenuta dei condomìni', 'Sui corrispettivi di appalti di opere e servizi.', 'percent', 0, 100, true,
   'Art. 25-ter DPR 600/73', '', 70),
  ('invoice_send_days', 'Giorni per inviare la fattura immediata', 'Dalla data dell''operazione.', 'days', 0, 60, true,
   'Art. 21 c. 4 DPR 633/72', '', 80),
  ('default_payment_days', 'Termine di pagamento quando nulla è pattuito', 'Giorni dal ricevimento della fattura.', 'days', 0, 365, true,
   'Art. 4 D.Lgs. 231/2002', '', 90),
  ('payment_term', 'Condizione di pagamento proposta', 'Codice della condizione per i nuovi clienti.', 'text', null, null, false, '', '', 110),
  ('letter_town', 'Luogo sulle lettere', 'Quando è diverso dal comune della sede.', 'text', null, null, false, '', '', 120),
  ('attachments_most_megabytes', 'Grandezza massima di un allegato', 'In megabyte; finché non è scritto: 100.', 'whole', 1, 2000, false, '', '', 130),
  ('notices_summary_hour', 'Ora del riepilogo quotidiano', 'Delle notifiche che ognuno ha scelto di avere in riepilogo; finché non è scritto: le 8.',
   'whole', 0, 23, false, '', '', 140)
on conflict (key) do update set title = excluded.title, note = excluded.note, value_kind = excluded.value_kind, lowest = excluded.lowest,
  highest = excluded.highest, is_law = excluded.is_law, law = excluded.law, period = excluded.period, sort_order = excluded.sort_order;

insert into base.law_value (key, valid_from, value, source) values
  ('vat_ordinary', '1988-08-01', '19', 'D.L. 303/1988'), ('vat_ordinary', '1997-10-01', '20', 'D.L. 328/1997'),
  ('vat_ordinary', '2011-09-17', '21', 'D.L. 138/2011'), ('vat_ordinary', '2013-10-01', '22', 'D.L. 98/2011, art. 40'),
  ('late_payment_fee', '2013-01-01', '40', 'D.Lgs. 192/2012'),
  ('cash_limit', '2008-06-25', '12500', 'D.L. 112/2008'), ('cash_limit', '2010-05-31', '5000', 'D.L. 78/2010'),
  ('cash_limit', '2011-08-13', '2500', 'D.L. 138/2011'), ('cash_limit', '2011-12-06', '1000', 'D.L. 201/2011'),
  ('cash_limit', '2016-01-01', '3000', 'L. 208/2015'), ('cash_limit', '2020-07-01', '2000', 'D.L. 124/2019'),
  ('cash_limit', '2023-01-01', '5000', 'L. 197/2022'),
  ('condominium_withholding', '2007-01-01', '4', 'L. 296/2006'),
  ('invoice_send_days', '2019-07-01', '12', 'D.L. 34/2019'),
  ('default_payment_days', '2002-11-07', '30', 'D.Lgs. 231/2002')
on conflict (key, valid_from) do update set value = excluded.value, source = excluded.source;

insert into base.law_value (key, valid_from, value, source)
select 'legal_interest', v.valid_from::date, to_jsonb(v.rate),
       case v.valid_from when '1942-04-21' then 'Art. 1284 c.c.' when '1990-12-16' then 'L. 353/1990' when '1997-01-01' then 'L. 662/1996'
            when '2026-01-01' then 'D.M. 10 dicembre 2025' else 'Decreto del Ministro dell''economia' end
from (values
  ('1942-04-21', 5.00), ('1990-12-16', 10.00), ('1997-01-01', 5.00), ('1999-01-01', 2.50), ('2001-01-01', 3.50), ('2002-01-01', 3.00),
  ('2004-01-01', 2.50), ('2008-01-01', 3.00), ('2010-01-01', 1.00), ('2011-01-01', 1.50), ('2012-01-01', 2.50), ('2014-01-01', 1.00),
  ('2015-01-01', 0.50), ('2016-01-01', 0.20), ('2017-01-01', 0.10), ('2018-01-01', 0.30), ('2019-01-01', 0.80), ('2020-01-01', 0.05),
  ('2021-01-01', 0.01), ('2022-01-01', 1.25), ('2023-01-01', 5.00), ('2024-01-01', 2.50), ('2025-01-01', 2.00), ('2026-01-01', 1.60)
) as v(valid_from, rate)
on conflict (key, valid_from) do update set value = excluded.value, source = excluded.source;

-- Up to 2012 seven points over the rate of the central bank, then eight.
insert into base.law_value (key, valid_from, value, source)
select 'default_interest', v.valid_from::date, to_jsonb(v.rate),
       'Tasso BCE + ' || case when v.valid_from < '2013-01-01' then 7 else 8 end || ' punti (comunicato MEF)'
from (values
  ('2002-07-01', 10.35), ('2003-01-01', 9.85), ('2003-07-01', 9.10), ('2004-01-01', 9.02), ('2004-07-01', 9.01), ('2005-01-01', 9.09),
  ('2005-07-01', 9.05), ('2006-01-01', 9.25), ('2006-07-01', 9.83), ('2007-01-01', 10.58), ('2007-07-01', 11.07), ('2008-01-01', 11.20),
  ('2008-07-01', 11.10), ('2009-01-01', 9.50), ('2009-07-01', 8.00), ('2010-01-01', 8.00), ('2010-07-01', 8.00), ('2011-01-01', 8.00),
  ('2011-07-01', 8.25), ('2012-01-01', 8.00), ('2012-07-01', 8.00), ('2013-01-01', 8.75), ('2013-07-01', 8.50), ('2014-01-01', 8.25),
  ('2014-07-01', 8.15), ('2015-01-01', 8.05), ('2015-07-01', 8.05), ('2016-01-01', 8.05), ('2016-07-01', 8.00), ('2017-01-01', 8.00),
  ('2017-07-01', 8.00), ('2018-01-01', 8.00), ('2018-07-01', 8.00), ('2019-01-01', 8.00), ('2019-07-01', 8.00), ('2020-01-01', 8.00),
  ('2020-07-01', 8.00), ('2021-01-01', 8.00), ('2021-07-01', 8.00), ('2022-01-01', 8.00), ('2022-07-01', 8.00), ('2023-01-01', 10.50),
  ('2023-07-01', 12.00), ('2024-01-01', 12.50), ('2024-07-01', 12.25), ('2025-01-01', 11.15), ('2025-07-01', 10.15),
  ('2026-01-01', 10.15)
) as v(valid_from, rate)
on conflict (key, valid_from) do update set value = excluded.value, source = excluded.source;

select base.seed_masters(company_id) from base.company;
