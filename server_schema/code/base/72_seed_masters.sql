-- role: cms_bookkeeper
create or replace function base.seed_masters(of_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- What a company begins with besides its fiscal tables; leaves alone what is there. For founding a company and for upgrades only.
begin
  insert into base.series_kind (company_id, document_series_id, document_type, is_public_body, is_default)
  select s.company_id, s.document_series_id, t.document_type, s.code = 'PA', true
  from base.document_series as s cross join (values ('TD01'), ('TD04')) as t(document_type)
  where s.company_id = of_company and s.code in ('V', 'PA')
    and not exists (select from base.series_kind as k where k.company_id = of_company);
  if not exists (select from base.series_kind where company_id = of_company and document_type between 'TD16' and 'TD20') then
    -- self-invoices: a numbering of their own, so that those of sales and purchases each have no gap
    insert into base.document_series (company_id, code, name) values (of_company, 'AF', 'Autofatture e integrazioni')
    on conflict (company_id, code) do nothing;
    insert into base.series_kind (company_id, document_series_id, document_type, is_public_body, is_default)
    select of_company, s.document_series_id, t.document_type, false, true
    from base.document_series as s cross join (values ('TD16'), ('TD17'), ('TD18'), ('TD19'), ('TD20')) as t(document_type)
    where s.company_id = of_company and s.code = 'AF';
  end if;
  insert into base.letter_text (company_id, kind, language, subject, body)
  select of_company, t.kind, 'it', t.subject, t.body
  from (values
    ('base.letter', 'Comunicazione',
E'{cliente.saluto},\n\ncon la presente vi comunichiamo quanto segue.\n\n\n\nRestiamo a disposizione per ogni chiarimento e porgiamo distinti saluti.\n\n{azienda.nome}'),
    ('customers.price_change', 'Adeguamento dei canoni dal {variazione.decorrenza}',
E'{cliente.saluto},\n\nin base al contratto n. {contratto.numero} del {contratto.data} vi comunichiamo che dal {variazione.decorrenza} '
'i canoni dei servizi sono adeguati ({variazione.motivo}, {variazione.percentuale}).\n\n{variazione.righe}\n\n'
'Il canone mensile complessivo passa da {variazione.canone_prima} a {variazione.canone_dopo}, oltre IVA.\n\n'
'Vi ringraziamo per la fiducia e porgiamo distinti saluti.\n\n{azienda.nome}'),
    ('ledger.reminder', 'Promemoria di pagamento',
E'{cliente.saluto},\n\nalla data del {data} ci risultano ancora aperti {partite.importo} su {partite.numero} scadenze, la più vecchia '
'del {partite.prima_scadenza}.\n\n{partite.elenco}\n\nSe avete già provveduto non tenete conto di questa lettera. In caso contrario vi '
'preghiamo di pagare sul conto {azienda.iban} indicando il vostro codice cliente {cliente.codice}.\n\nDistinti saluti.\n\n{azienda.nome}')
  ) as t(kind, subject, body)
  where not exists (select from base.letter_text as l where l.company_id = of_company and l.kind = t.kind);
  perform base.seed_delivery_letters(of_company);
end $$;
