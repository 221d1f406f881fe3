-- Each query must return no row on a live database. The title names what a row would mean; its column company_id says where.

-- title: Numeri di fattura mancanti o doppi in un sezionale
-- key: numbers.gaps
-- means: In un sezionale e anno i numeri non vanno da 1 all'ultimo senza buchi e senza doppi: è quanto chiede l'art. 21 DPR 633/72.
-- remedy: Aprire le fatture del sezionale, trovare il numero che manca o si ripete e chiamare l'assistenza prima di emettere altro.
select company_id, document_series_id, year, count(*) as invoices, max(number) as last_number
from billing.invoice where number is not null
group by company_id, document_series_id, year having count(*) <> max(number) or min(number) <> 1 or count(distinct number) <> count(*);

-- title: Contatore di sezionale diverso dall'ultima fattura
-- key: numbers.counter
-- means: Il prossimo numero che il programma darebbe non segue l'ultimo emesso.
-- remedy: Non emettere in questo sezionale finché l'assistenza non ha riallineato il contatore.
select c.company_id, c.document_series_id, c.year, c.last_number
from base.document_counter as c
where c.last_number <> coalesce((select max(number) from billing.invoice as i
  where (i.company_id, i.document_series_id, i.year) = (c.company_id, c.document_series_id, c.year)), 0);

-- title: Fatture non in ordine di data nel sezionale
-- key: numbers.order
-- means: Una fattura ha un numero più alto ma una data precedente a quella prima di lei.
-- remedy: Verificare le due date; se la fattura non è ancora inviata allo SdI si annulla e si riemette.
select company_id, document_number, document_on from (
  select company_id, document_number, document_on,
         lag(document_on) over (partition by company_id, document_series_id, year order by number) as before_on
  from billing.invoice where number is not null) as t where before_on > document_on;

-- title: Registrazioni non quadrate
-- key: journal.balance
-- means: Dare e avere di una registrazione non sono uguali.
-- remedy: La registrazione è stata toccata fuori dal programma: ricostruirla dal documento da cui nasce.
select company_id, journal_entry_id, sum(debit_amount) - sum(credit_amount) as difference
from ledger.journal_line group by 1, 2 having sum(debit_amount) <> sum(credit_amount);

-- title: Fatture emesse non registrate in contabilità
-- key: invoice.posted
-- means: Una fattura emessa non ha la sua registrazione in prima nota: manca anche dal registro IVA.
-- remedy: Chiamare l'assistenza per registrarla; non rifarla a mano, avrebbe un'altra origine.
select i.company_id, i.document_number from billing.invoice as i
left join ledger.journal_entry as e on e.company_id = i.company_id and e.source = 'invoice' and e.source_id = i.invoice_id
where i.state = 'issued' and e.journal_entry_id is null
  and not (i.vat_amount = 0 and (i.net_amount = 0 or billing.is_self_invoice(i.document_type)))
  and not exists (select from billing.unposted_invoice as u where u.company_id = i.company_id and u.invoice_id = i.invoice_id);

-- title: Scadenze che non sommano al dovuto della fattura
-- key: invoice.items
-- means: Le rate nello scadenzario non fanno l'importo da pagare della fattura.
-- remedy: Confrontare le rate con la condizione di pagamento e correggere lo scadenzario con una rettifica.
select i.company_id, i.document_number, i.payable_amount, coalesce(t.amount, 0) as items
from billing.invoice as i
left join (select company_id, source_id, sum(amount) as amount from ledger.open_item where source = 'invoice' group by 1, 2) as t
  on t.company_id = i.company_id and t.source_id = i.invoice_id
where i.state = 'issued' and i.payable_amount <> coalesce(t.amount, 0);

-- title: Totali di fattura diversi dalle righe e dal riepilogo IVA
-- key: invoice.totals
-- means: Imponibile o IVA in testa alla fattura non sono la somma delle righe o del riepilogo IVA: lo SdI la scarterebbe (00423).
-- remedy: Se non è inviata, annullare e riemettere; se è inviata, nota di credito e nuova fattura.
select i.company_id, i.invoice_id, i.net_amount, l.net as lines, v.net as summary
from billing.invoice as i
left join (select company_id, invoice_id, sum(line_amount) as net from billing.invoice_line group by 1, 2) as l using (company_id, invoice_id)
left join (select company_id, invoice_id, sum(net_amount) as net, sum(vat_amount) as vat from billing.invoice_vat group by 1, 2) as v using (company_id, invoice_id)
where i.net_amount is distinct from l.net + i.fund_amount or i.net_amount is distinct from v.net or i.vat_amount is distinct from v.vat;

-- title: Totali mensili diversi dalle fatture
-- key: invoice.month_totals
-- means: Il totale del mese mostrato nei cruscotti non è la somma delle fatture.
-- remedy: Chiamare l'assistenza: si ricalcola senza toccare le fatture.
select company_id, month_on, m.net_amount, t.net from (
  select company_id, date_trunc('month', document_on::timestamp)::date as month_on, count(*) as n,
         sum(net_amount) as net, sum(total_amount) as total
  from billing.invoice where state = 'issued' and supplier_id is null group by 1, 2) as t
full join billing.month_total as m using (company_id, month_on)
where coalesce(t.n, 0) <> coalesce(m.invoice_count, 0) or coalesce(t.net, 0) <> coalesce(m.net_amount, 0)
   or coalesce(t.total, 0) <> coalesce(m.total_amount, 0);

-- title: Quota saldata diversa dagli abbinamenti
-- key: item.settled
-- means: Quanto una scadenza risulta pagata non è la somma degli incassi abbinati.
-- remedy: Aprire la scadenza, confrontare gli incassi abbinati e rifare l'abbinamento che non torna.
select i.company_id, i.open_item_id, i.settled_amount, coalesce(t.amount, 0) as allocated
from ledger.open_item as i
left join (select company_id, open_item_id, sum(amount) as amount from ledger.allocation group by 1, 2) as t using (company_id, open_item_id)
where i.settled_amount <> coalesce(t.amount, 0);

-- title: Saldo del cliente diverso dalle sue scadenze aperte
-- key: customer.balance
-- means: Il saldo mostrato nell'elenco clienti non è la somma delle scadenze aperte.
-- remedy: Chiamare l'assistenza: il saldo si ricalcola dalle scadenze.
select company_id, customer_id, b.open_amount, coalesce(t.amount, 0) as items
from customers.balance as b
full join (select company_id, customer_id, sum(open_amount) as amount, min(due_on) as oldest from ledger.open_item
           where settled_amount <> amount group by 1, 2) as t using (company_id, customer_id)
where coalesce(b.open_amount, 0) <> coalesce(t.amount, 0) or b.oldest_due_on is distinct from t.oldest;

-- title: Effetti il cui importo non è la somma delle scadenze
-- key: effect.items
-- means: L'importo di un effetto non è quello delle scadenze che contiene.
-- remedy: Non presentare la distinta: annullarla e rifarla. Se è già presentata, avvisare la banca.
select e.company_id, e.effect_id, e.amount, coalesce(t.amount, 0) as items
from bank_effects.effect as e
left join (select company_id, effect_id, sum(amount) as amount from bank_effects.effect_item group by 1, 2) as t using (company_id, effect_id)
where e.amount <> coalesce(t.amount, 0);

-- title: Persone senza ruolo di accesso
-- key: person.role
-- means: Una persona è nell'elenco ma sul server non esiste il suo accesso.
-- remedy: Ricreare l'accesso con una nuova password, oppure togliere la persona dall'azienda.
select distinct p.company_id, w.person_id, w.login from base.permission as p join base.person as w using (person_id)
where not exists (select from pg_catalog.pg_roles where rolname = w.role_name);
