-- role: cms_bookkeeper
create or replace function base.seed_delivery_letters(of_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- The text that goes with a courtesy copy, in the languages customers are written to. Leaves alone what is there.
begin
  insert into base.letter_text (company_id, kind, language, subject, body)
  select of_company, 'billing.courtesy', t.language, t.subject, t.body
  from (values
    ('it', '{azienda.nome}: {documento.titolo} {documento.numero} del {documento.data}',
E'{cliente.saluto},\n\nin allegato la copia di cortesia di {documento.titolo} n. {documento.numero} del {documento.data}, totale {documento.totale}.\n'
'Da pagare: {documento.pagare}, entro il {documento.scadenza}.\n\n'
'L''originale è il documento elettronico trasmesso con il Sistema di Interscambio.\n\nDistinti saluti.\n\n{azienda.nome}\n{azienda.telefono}'),
    ('en', '{azienda.nome}: {documento.titolo} {documento.numero} of {documento.data}',
E'Dear {cliente.nome},\n\nplease find attached the courtesy copy of {documento.titolo} no. {documento.numero} of {documento.data}, total {documento.totale}.\n'
'Amount due: {documento.pagare}, by {documento.scadenza}.\n\n'
'The original is the electronic document sent through the Italian exchange system (SdI).\n\nKind regards,\n\n{azienda.nome}\n{azienda.telefono}'),
    ('de', '{azienda.nome}: {documento.titolo} {documento.numero} vom {documento.data}',
E'Sehr geehrte Damen und Herren,\n\nanbei erhalten Sie die Kopie: {documento.titolo} Nr. {documento.numero} vom {documento.data}, Gesamtbetrag {documento.totale}.\n'
'Zu zahlen: {documento.pagare}, fällig am {documento.scadenza}.\n\n'
'Das Original ist das elektronische Dokument, das über das italienische Austauschsystem (SdI) übermittelt wurde.\n\n'
'Mit freundlichen Grüßen\n\n{azienda.nome}\n{azienda.telefono}'),
    ('fr', '{azienda.nome} : {documento.titolo} {documento.numero} du {documento.data}',
E'Madame, Monsieur,\n\nveuillez trouver ci-joint la copie : {documento.titolo} n° {documento.numero} du {documento.data}, total {documento.totale}.\n'
'À payer : {documento.pagare}, échéance le {documento.scadenza}.\n\n'
'L''original est le document électronique transmis par le système d''échange italien (SdI).\n\nCordialement,\n\n{azienda.nome}\n{azienda.telefono}')
  ) as t(language, subject, body)
  where not exists (select from base.letter_text as l where l.company_id = of_company and l.kind = 'billing.courtesy' and l.language = t.language);
end $$;
