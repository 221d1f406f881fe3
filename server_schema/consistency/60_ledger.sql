-- The books in themselves: chart, reversals, definitive journal, balances of closed periods, exports. Each query must return no row.

-- title: Ricavi in prima nota diversi dall'imponibile
-- key: journal.revenue
-- means: I conti di ricavo (o depositi) di una fattura in prima nota non sommano al suo imponibile.
-- remedy: Fa fede la fattura: chiamare l'assistenza per rifare la registrazione.
select i.company_id, i.document_number, i.net_amount, coalesce(t.posted, 0) as posted
from billing.invoice as i
join ledger.journal_entry as e on e.company_id = i.company_id and e.source = 'invoice' and e.source_id = i.invoice_id
left join (select l.company_id, l.journal_entry_id, sum(l.credit_amount - l.debit_amount) as posted
      from ledger.journal_line as l join ledger.account as a using (company_id, account_id)
      where a.role not in ('receivable', 'vat_split', 'vat_sales', 'vat_suspended', 'vat_purchases', 'vat_lost', 'withholding', 'rounding')
      group by 1, 2) as t on t.company_id = e.company_id and t.journal_entry_id = e.journal_entry_id
where i.state = 'issued' and coalesce(t.posted, 0) <> i.net_amount and not billing.is_self_invoice(i.document_type);

-- title: Fatture da contabilizzare che sono già registrate
-- key: invoice.unposted
-- means: Una fattura aspetta di essere contabilizzata ma ha già la sua registrazione, oppure non è emessa.
-- remedy: Chiamare l'assistenza: la riga va tolta dall'elenco delle fatture da contabilizzare.
select u.company_id, i.document_number, u.document_on
from billing.unposted_invoice as u join billing.invoice as i using (company_id, invoice_id)
where i.state <> 'issued' or u.document_on <> i.document_on
   or exists (select from ledger.journal_entry as e where e.company_id = u.company_id and e.source = 'invoice' and e.source_id = u.invoice_id);

-- title: Conti fuori posto nel piano dei conti
-- key: account.place
-- means: Un conto non sta sotto il gruppo che il suo codice dice, oppure un gruppo ha registrazioni.
-- remedy: Aprire il piano dei conti e rimettere il conto sotto il suo gruppo; le registrazioni sul gruppo vanno girate a un suo conto.
select a.company_id, a.code, a.name from ledger.account as a
left join ledger.account as p on p.company_id = a.company_id and p.account_id = a.parent_id
where p.is_postable or a.code not like p.code || '.%'
   or (not a.is_postable and exists (select from ledger.journal_line as l where l.company_id = a.company_id and l.account_id = a.account_id));

-- title: Storni diversi dalla registrazione stornata
-- key: journal.reversal
-- means: Una registrazione di storno non è l'esatto contrario di quella che storna.
-- remedy: Chiamare l'assistenza: una delle due è stata toccata fuori dal programma.
select e.company_id, e.journal_entry_id, e.reverses_id, e.on_date
from ledger.journal_entry as e
join ledger.journal_entry as o on o.company_id = e.company_id and o.journal_entry_id = e.reverses_id
where e.on_date < o.on_date or exists (
  select from (select account_id, customer_id, sum(debit_amount - credit_amount) as amount from ledger.journal_line
               where company_id = e.company_id and journal_entry_id in (e.journal_entry_id, o.journal_entry_id) group by 1, 2) as t where t.amount <> 0);

-- title: Libro giornale con numeri mancanti o fuori ordine
-- key: journal.numbers
-- means: I numeri definitivi di un anno non vanno da 1 all'ultimo stampato in ordine di data (artt. 2216 e 2219 c.c.).
-- remedy: Non stampare altro: chiamare l'assistenza, il giornale va confrontato con la stampa.
select coalesce(t.company_id, p.company_id) as company_id, coalesce(t.year, p.year) as year, t.entries, p.last_number, p.debit_amount, t.debit
from (select e.company_id, extract(year from e.on_date)::int as year, count(distinct e.number) as entries, min(e.number) as first_number,
             max(e.number) as last_number, sum(l.debit) as debit, bool_or(e.is_early) as is_early
      from (select company_id, journal_entry_id, number, on_date,
                   lag(on_date) over (partition by company_id, extract(year from on_date) order by number) > on_date as is_early
            from ledger.journal_entry where number is not null) as e
      join (select company_id, journal_entry_id, sum(debit_amount) as debit from ledger.journal_line group by 1, 2) as l using (company_id, journal_entry_id)
      group by 1, 2) as t
full join (select company_id, year, min(first_number) as first_number, max(last_number) as last_number, sum(debit_amount) as debit_amount,
                  sum(last_number - first_number + 1) as numbers from ledger.journal_print group by 1, 2) as p
  on p.company_id = t.company_id and p.year = t.year
where t.first_number is distinct from 1 or p.first_number is distinct from 1 or t.entries is distinct from t.last_number
   or t.last_number is distinct from p.last_number or p.numbers is distinct from p.last_number or t.debit is distinct from p.debit_amount or t.is_early;

-- title: Saldi di un periodo chiuso diversi dalle registrazioni
-- key: period.balances
-- means: Dopo la chiusura di un periodo le sue registrazioni sono cambiate: i saldi tenuti non sono più quelli.
-- remedy: Riaprire il periodo, controllare le registrazioni del periodo con il registro delle modifiche e chiuderlo di nuovo.
select coalesce(b.company_id, t.company_id) as company_id, coalesce(b.account_id, t.account_id) as account_id, b.balance_on, b.debit_amount - b.credit_amount as kept, t.debit - t.credit as now
from (select company_id, max(balance_on) as balance_on from ledger.account_balance group by company_id) as d
join (select company_id, account_id, balance_on, debit_amount, credit_amount from ledger.account_balance) as b using (company_id, balance_on)
full join (select l.company_id, l.account_id, sum(l.debit_amount) as debit, sum(l.credit_amount) as credit
           from ledger.journal_line as l join ledger.journal_entry as e using (company_id, journal_entry_id)
           join (select company_id, max(balance_on) as balance_on from ledger.account_balance group by company_id) as m using (company_id)
           where e.on_date <= m.balance_on and e.source not in ('year_closing', 'year_opening') group by 1, 2) as t
  on t.company_id = b.company_id and t.account_id = b.account_id
where b.debit_amount is distinct from t.debit or b.credit_amount is distinct from t.credit;

-- title: Esportazioni diverse dalle registrazioni che contengono
-- key: export.entries
-- means: Un'esportazione per il commercialista non ha più tutte le sue registrazioni, il suo totale o il suo file.
-- remedy: Confrontare il file tenuto con quello che ha il commercialista; se differiscono chiamare l'assistenza.
select x.company_id, x.number, x.entry_count, t.entries, x.debit_amount, t.debit
from ledger.journal_export as x
left join (select o.company_id, o.journal_export_id, count(distinct o.journal_entry_id) as entries, sum(l.debit_amount) as debit
           from ledger.journal_export_entry as o join ledger.journal_line as l using (company_id, journal_entry_id) group by 1, 2) as t
  using (company_id, journal_export_id)
where x.entry_count is distinct from t.entries or x.debit_amount is distinct from t.debit or x.content is null or x.sha256 <> sha256(x.content);
