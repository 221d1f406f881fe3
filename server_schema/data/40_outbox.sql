-- Kinds of messages of the outbox, and how a company sends its invoices.
insert into base.outbox_kind (kind, title, function, purpose, sort_order) values
  ('billing.courtesy', 'Copia di cortesia', '', 'ordinary', 10),
  ('billing.pec', 'File allo SdI', '', 'pec', 20),
  ('base.letter', 'Lettera', 'base.send', 'ordinary', 30),
  ('base.certified_letter', 'Lettera per PEC', 'base.send', 'pec', 40)
on conflict (kind) do update set title = excluded.title, function = excluded.function, purpose = excluded.purpose, sort_order = excluded.sort_order;

insert into base.parameter_kind (key, title, note, value_kind, choices, lowest, highest, sort_order) values
  ('sdi_channel', 'Invio delle fatture allo SdI', 'folder: cartella di scambio con un intermediario; pec: posta certificata.', 'choice',
   '{folder,pec}', null, null, 210),
  ('sdi_pec_first', 'PEC dello SdI per il primo invio', 'Finché non è scritto: sdi01@pec.fatturapa.it.', 'text', '{}', null, null, 220),
  ('sdi_pec_address', 'PEC assegnata dallo SdI', 'Si scrive da sola alla prima risposta dello SdI; da allora i file vanno lì.', 'text', '{}', null, null, 230),
  ('sdi_lot_files', 'File per messaggio PEC', '1: un messaggio per fattura; di più: lotti zip. Finché non è scritto: 1.', 'whole', '{}', 1, 500, 240),
  ('invoice_attach_pdf', 'PDF dentro il file XML', 'La copia in PDF viaggia come allegato della fattura elettronica (al massimo 5 MB in tutto).', 'flag',
   '{}', null, null, 250)
on conflict (key) do update set title = excluded.title, note = excluded.note, value_kind = excluded.value_kind, choices = excluded.choices,
  lowest = excluded.lowest, highest = excluded.highest, sort_order = excluded.sort_order;
