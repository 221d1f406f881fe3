-- The functions (rights) of every module, and the presets of the trade's jobs.
insert into base.function (function, module, title, sort_order) values
  ('base.read', 'base', 'Entrare e leggere le tabelle comuni', 10),
  ('base.administer', 'base', 'Amministrare azienda, persone e diritti', 20),
  ('base.audit', 'base', 'Leggere il registro delle modifiche', 30),
  ('base.check', 'base', 'Leggere i controlli dei libri', 40),
  ('base.share_views', 'base', 'Condividere viste degli elenchi', 40),
  ('base.mass_change', 'base', 'Modificare o incollare molti record insieme', 50),
  ('base.outbox', 'base', 'Vedere la posta in uscita', 60),
  ('base.send', 'base', 'Inviare la posta in uscita e leggere le caselle', 70),
  ('registry.read', 'registry', 'Leggere le anagrafiche', 110),
  ('registry.write', 'registry', 'Modificare le anagrafiche', 120),
  ('registry.import', 'registry', 'Importare anagrafiche e rubriche', 125),
  ('registry.classify', 'registry', 'Definire i campi di classificazione', 130),
  ('registry.merge', 'registry', 'Unire anagrafiche doppie', 140),
  ('registry.privacy', 'registry', 'Esportare e cancellare i dati di una persona', 150),
  ('registry.note', 'registry', 'Scrivere note e lavorare le attività', 160),
  ('registry.attach', 'registry', 'Allegare documenti', 170),
  ('registry.costs', 'registry', 'Leggere e fissare i costi del tempo', 180),
  ('customers.read', 'customers', 'Leggere clienti e contratti', 210),
  ('customers.write', 'customers', 'Modificare clienti e contratti', 220),
  ('customers.import', 'customers', 'Importare elenchi di clienti', 230),
  ('customers.reprice', 'customers', 'Variare i prezzi in blocco e indicizzarli', 240),
  ('ledger.read', 'ledger', 'Leggere contabilità e scadenzario', 310),
  ('ledger.write', 'ledger', 'Modificare il piano dei conti', 320),
  ('ledger.collect', 'ledger', 'Registrare incassi', 330),
  ('ledger.post', 'ledger', 'Registrare in prima nota e stornare', 340),
  ('ledger.close', 'ledger', 'Chiudere periodi ed esercizi, numerare il libro giornale', 350),
  ('ledger.reopen', 'ledger', 'Riaprire un periodo chiuso', 360),
  ('ledger.export', 'ledger', 'Esportare le registrazioni per il commercialista', 370),
  ('ledger.vat', 'ledger', 'Liquidare l''IVA e stampare i registri definitivi', 380),
  ('billing.read', 'billing', 'Leggere fatture e lanci', 410),
  ('billing.prepare', 'billing', 'Preparare lanci di fatturazione', 420),
  ('billing.issue', 'billing', 'Emettere fatture', 430),
  ('billing.undo', 'billing', 'Annullare un lancio emesso', 440),
  ('billing.send', 'billing', 'Inviare i file allo SdI', 450),
  ('billing.charge', 'billing', 'Registrare e correggere prestazioni da fatturare', 425),
  ('bank_effects.read', 'bank_effects', 'Leggere distinte ed effetti', 510),
  ('bank_effects.generate', 'bank_effects', 'Creare distinte e file per la banca', 520)
on conflict (function) do update set module = excluded.module, title = excluded.title, sort_order = excluded.sort_order;

insert into base.job_preset (preset, function)
select preset, function
from (values
  ('fatturista', array['base.read', 'registry.read', 'registry.write', 'customers.read', 'customers.write', 'customers.import', 'customers.reprice', 'ledger.read',
                       'billing.read', 'billing.prepare', 'billing.issue', 'billing.undo', 'billing.send']),
  ('contabile',  array['base.read', 'base.check', 'registry.read', 'customers.read', 'ledger.read', 'ledger.write', 'ledger.collect', 'billing.read',
                       'bank_effects.read', 'bank_effects.generate']),
  ('commerciale', array['base.read', 'registry.read', 'registry.write', 'customers.read', 'customers.write']),
  ('esattore',   array['base.read', 'registry.read', 'customers.read']),
  ('operatore',  array['base.read', 'registry.read', 'customers.read']),
  ('direzione',  array['base.read', 'base.audit', 'base.check', 'registry.read', 'customers.read', 'ledger.read', 'billing.read', 'bank_effects.read']),
  ('revisore',   array['base.read', 'base.audit', 'base.check', 'registry.read', 'customers.read', 'ledger.read', 'billing.read', 'bank_effects.read'])
) as t(preset, functions), unnest(functions) as function
on conflict do nothing;
insert into base.job_preset (preset, function) values
  ('fatturista', 'registry.merge'), ('commerciale', 'registry.merge'), ('commerciale', 'registry.classify')
on conflict do nothing;
insert into base.job_preset (preset, function)
select preset, function
from unnest(array['fatturista', 'contabile', 'commerciale', 'esattore', 'operatore', 'direzione']) as preset,
     unnest(array['registry.note', 'registry.attach']) as function
on conflict do nothing;
insert into base.job_preset (preset, function) values ('direzione', 'registry.costs') on conflict do nothing;
insert into base.job_preset (preset, function) values ('fatturista', 'registry.import'), ('commerciale', 'registry.import') on conflict do nothing;
insert into base.job_preset (preset, function) values
  ('fatturista', 'base.outbox'), ('fatturista', 'base.send'), ('contabile', 'base.outbox'), ('contabile', 'base.send'), ('direzione', 'base.outbox'),
  ('revisore', 'base.outbox')
on conflict do nothing;
insert into base.job_preset (preset, function) values ('contabile', 'ledger.vat') on conflict do nothing;
insert into base.job_preset (preset, function) select 'amministratore', function from base.function on conflict do nothing;
insert into base.job_preset (preset, function) values
  ('fatturista', 'base.share_views'), ('fatturista', 'base.mass_change'), ('contabile', 'base.share_views'), ('contabile', 'base.mass_change'),
  ('commerciale', 'base.share_views'), ('commerciale', 'base.mass_change'), ('direzione', 'base.share_views')
on conflict do nothing;
insert into base.job_preset (preset, function) values ('fatturista', 'billing.charge') on conflict do nothing;
insert into base.job_preset (preset, function) values
  ('contabile', 'ledger.post'), ('contabile', 'ledger.close'), ('contabile', 'ledger.export')
on conflict do nothing;
