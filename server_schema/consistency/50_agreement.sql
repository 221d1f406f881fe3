-- Figures kept in two places that must agree: invoice, VAT, journal, open items, payments, effects. Each query must return no row.

-- title: Numero di documento che non corrisponde al sezionale
-- key: numbers.text
-- means: Il numero stampato sulla fattura non è quello del sezionale e dell'anno in cui è registrata.
-- remedy: Confrontare il file inviato allo SdI con l'elenco delle fatture; se differiscono vale il file, chiamare l'assistenza.
select i.company_id, i.document_number, s.code || ' ' || i.year || '/' || i.number as expected
from billing.invoice as i join base.document_series as s using (company_id, document_series_id)
where i.number is not null and i.document_number <> s.code || ' ' || i.year || '/' || i.number;

-- title: Importo di riga diverso da quantità per prezzo
-- key: invoice.line_amount
-- means: L'importo di una riga non è la quantità per il prezzo scontato (salvo i centesimi dell'arrotondamento).
-- remedy: Se la fattura non è inviata, annullare e riemettere; altrimenti nota di credito e nuova fattura.
select l.company_id, i.document_number, l.line_no, l.line_amount, a.computed
from billing.invoice_line as l join billing.invoice as i using (company_id, invoice_id)
cross join lateral (select case when i.document_type in ('TD04', 'TD08') then -1 else 1 end
                           * round(l.quantity * (l.unit_price - l.unit_price * l.discount_percent / 100 - l.discount_amount), 2) as computed) as a
where abs(l.line_amount - a.computed) > 0.01;

-- title: IVA di riepilogo diversa dall'aliquota
-- key: invoice.vat_amount
-- means: L'imposta di un riepilogo non è l'imponibile per l'aliquota, oltre la tolleranza di un centesimo dello SdI (00421).
-- remedy: Se la fattura non è inviata, annullare e riemettere; altrimenti nota di credito e nuova fattura.
select v.company_id, i.document_number, v.rate, v.net_amount, v.vat_amount, round(v.net_amount * v.rate / 100, 2) as computed
from billing.invoice_vat as v join billing.invoice as i using (company_id, invoice_id)
where abs(v.vat_amount - round(v.net_amount * v.rate / 100, 2)) > 0.01;

-- title: Imponibile per codice IVA diverso dalle righe
-- key: invoice.vat_lines
-- means: L'imponibile di un codice IVA nel riepilogo non è la somma delle righe e della cassa con quel codice (00422).
-- remedy: Se la fattura non è inviata, annullare e riemettere; altrimenti nota di credito e nuova fattura.
select coalesce(l.company_id, v.company_id) as company_id, coalesce(l.invoice_id, v.invoice_id) as invoice_id,
       coalesce(l.vat_code_id, v.vat_code_id) as vat_code_id, l.net as lines, v.net_amount as summary
from (select company_id, invoice_id, vat_code_id, sum(net) as net
      from (select company_id, invoice_id, vat_code_id, line_amount as net from billing.invoice_line
            union all select company_id, invoice_id, vat_code_id, amount from billing.invoice_fund) as t group by 1, 2, 3) as l
full join billing.invoice_vat as v using (company_id, invoice_id, vat_code_id)
where l.net is distinct from v.net_amount;

-- title: Registrazione diversa dalla fattura
-- key: journal.invoice
-- means: Il credito verso il cliente in prima nota non è l'importo da pagare della fattura.
-- remedy: Fa fede la fattura: chiamare l'assistenza per rifare la registrazione.
select i.company_id, i.document_number, i.payable_amount, t.posted
from billing.invoice as i
join ledger.journal_entry as e on e.company_id = i.company_id and e.source = 'invoice' and e.source_id = i.invoice_id
left join (select l.company_id, l.journal_entry_id, sum(l.debit_amount - l.credit_amount) as posted
           from ledger.journal_line as l join ledger.account as a using (company_id, account_id)
           where a.role = 'receivable' group by 1, 2) as t
  on t.company_id = e.company_id and t.journal_entry_id = e.journal_entry_id
where i.state = 'issued' and coalesce(abs(t.posted), 0) <> abs(i.payable_amount);

-- title: Registrazioni senza righe
-- key: journal.empty
-- means: Una registrazione in prima nota non ha righe.
-- remedy: Chiamare l'assistenza: si ripristinano le righe dalla copia di sicurezza o dal documento.
select e.company_id, e.journal_entry_id, e.on_date, e.description
from ledger.journal_entry as e
where not exists (select from ledger.journal_line as l where l.company_id = e.company_id and l.journal_entry_id = e.journal_entry_id);

-- title: Registrazioni di documenti che non esistono
-- key: orphans.entries
-- means: Una registrazione dice di nascere da una fattura o da un incasso che non c'è.
-- remedy: Verificare se il documento è stato tolto; se sì la registrazione va stornata.
select e.company_id, e.journal_entry_id, e.on_date, e.description
from ledger.journal_entry as e
where (e.source = 'invoice' and not exists (select from billing.invoice as i where i.company_id = e.company_id and i.invoice_id = e.source_id))
   or (e.source = 'payment' and not exists (select from ledger.payment as p where p.company_id = e.company_id and p.payment_id = e.source_id));

-- title: Scadenze di fatture che non esistono
-- key: orphans.items
-- means: Una scadenza dice di nascere da una fattura che non c'è o non è emessa.
-- remedy: Verificare se la fattura è stata tolta; se sì la scadenza va chiusa con una rettifica.
select o.company_id, o.open_item_id, o.document_number, o.amount
from ledger.open_item as o
where o.source = 'invoice'
  and not exists (select from billing.invoice as i where i.company_id = o.company_id and i.invoice_id = o.source_id and i.state = 'issued');

-- title: Incassi abbinati per più del loro importo
-- key: payment.allocated
-- means: Le scadenze pagate con un incasso superano l'importo incassato.
-- remedy: Aprire l'incasso e togliere l'abbinamento di troppo.
select p.company_id, p.payment_id, p.on_date, p.amount, t.amount as allocated
from ledger.payment as p
join (select company_id, payment_id, sum(amount) as amount from ledger.allocation group by 1, 2) as t using (company_id, payment_id)
where t.amount > p.amount;

-- title: Abbinamenti senza incasso o senza scadenza
-- key: orphans.allocations
-- means: Un abbinamento lega un incasso o una scadenza che non esiste.
-- remedy: Chiamare l'assistenza: si ripristina ciò che è stato tolto dalla copia di sicurezza.
select a.company_id, a.allocation_id, a.payment_id, a.open_item_id, a.amount
from ledger.allocation as a
left join ledger.payment as p using (company_id, payment_id)
left join ledger.open_item as o using (company_id, open_item_id)
where p.payment_id is null or o.open_item_id is null;

-- title: Abbinamenti fra clienti diversi
-- key: payment.customer
-- means: L'incasso di un cliente paga la scadenza di un altro.
-- remedy: Verificare chi ha pagato e rifare l'abbinamento, oppure registrare il giro fra i due clienti.
select a.company_id, a.allocation_id, p.customer_id as paid_by, o.customer_id as owed_by, a.amount
from ledger.allocation as a
join ledger.payment as p using (company_id, payment_id)
join ledger.open_item as o using (company_id, open_item_id)
where p.customer_id <> o.customer_id;

-- title: Registrazione diversa dall'incasso
-- key: journal.payment
-- means: Quanto la prima nota toglie dal credito del cliente non è l'importo dell'incasso.
-- remedy: Fa fede l'incasso: chiamare l'assistenza per rifare la registrazione.
select p.company_id, p.payment_id, p.on_date, p.amount, coalesce(t.posted, 0) as posted
from ledger.payment as p
join ledger.journal_entry as e on e.company_id = p.company_id and e.source = 'payment' and e.source_id = p.payment_id
left join (select l.company_id, l.journal_entry_id, sum(l.credit_amount - l.debit_amount) as posted
           from ledger.journal_line as l join ledger.account as a using (company_id, account_id)
           where a.role = 'receivable' group by 1, 2) as t
  on t.company_id = e.company_id and t.journal_entry_id = e.journal_entry_id
where coalesce(t.posted, 0) <> case p.kind when 'refund' then -p.amount else p.amount end;

-- title: Totali di distinta diversi dagli effetti
-- key: effect.batch
-- means: Numero o importo in testa a una distinta non sono quelli dei suoi effetti: il file per la banca direbbe altro.
-- remedy: Se non è presentata, annullare la distinta e rifarla; altrimenti confrontarla con la ricevuta della banca.
select b.company_id, b.number, b.effect_count, coalesce(t.n, 0) as effects, b.total_amount, coalesce(t.amount, 0) as amount
from bank_effects.effect_batch as b
left join (select company_id, effect_batch_id, count(*) as n, sum(amount) as amount from bank_effects.effect group by 1, 2) as t
  using (company_id, effect_batch_id)
where b.state <> 'cancelled' and (b.effect_count <> coalesce(t.n, 0) or b.total_amount <> coalesce(t.amount, 0));

-- title: Effetti per più del dovuto
-- key: effect.amount
-- means: Un effetto chiede per una scadenza più del suo importo.
-- remedy: Richiamare l'effetto presso la banca e rifarlo per l'importo giusto.
select x.company_id, x.effect_id, o.document_number, x.amount, o.amount as due
from bank_effects.effect_item as x join ledger.open_item as o using (company_id, open_item_id)
where x.amount > o.amount;

-- title: Effetti con riferimenti mancanti
-- key: orphans.effects
-- means: Un effetto non ha più la distinta, il cliente o la scadenza da cui nasce.
-- remedy: Chiamare l'assistenza: si ripristina ciò che è stato tolto dalla copia di sicurezza.
select e.company_id, e.effect_id, e.reference
from bank_effects.effect as e
left join bank_effects.effect_batch as b using (company_id, effect_batch_id)
left join customers.customer as k on k.company_id = e.company_id and k.customer_id = e.customer_id
where b.effect_batch_id is null or k.customer_id is null
union all
select x.company_id, x.effect_id, 'scadenza ' || x.open_item_id
from bank_effects.effect_item as x
left join bank_effects.effect as e using (company_id, effect_id)
left join ledger.open_item as o using (company_id, open_item_id)
where e.effect_id is null or o.open_item_id is null;

-- title: Periodi fatturati due volte
-- key: service.periods
-- means: Due righe di fattura dello stesso servizio coprono gli stessi giorni.
-- remedy: Emettere una nota di credito per la parte fatturata due volte.
select company_id, service_id, before_end as covered_to, period_start as again_from
from (select company_id, service_id, period_start, max(period_end) over (partition by company_id, service_id order by period_start, invoice_id
             rows between unbounded preceding and 1 preceding) as before_end
      from billing.invoice_line where service_id is not null and period_start is not null and holds_period) as t
where before_end >= period_start;

-- title: Registro delle modifiche alterato
-- key: audit.seal
-- means: Le voci del registro coperte da un sigillo notturno non sono più quelle di allora: qualcuno con accesso al server le ha toccate.
-- remedy: Conservare subito una copia del database e confrontarla con la copia di sicurezza della notte indicata.
select s.company_id, s.audit_seal_id, s.sealed_at, s.entries, s.found from base.broken_seals() as s;
