-- Each query must return no row on a live database. The title line names what a row would mean.

-- title: Numeri di fattura mancanti o doppi in un sezionale
select company_id, document_series_id, year, count(*) as invoices, max(number) as last_number
from billing.invoice where number is not null
group by company_id, document_series_id, year having count(*) <> max(number) or min(number) <> 1 or count(distinct number) <> count(*);

-- title: Contatore di sezionale diverso dall'ultima fattura
select c.company_id, c.document_series_id, c.year, c.last_number
from base.document_counter as c
where c.last_number <> coalesce((select max(number) from billing.invoice as i
  where (i.company_id, i.document_series_id, i.year) = (c.company_id, c.document_series_id, c.year)), 0);

-- title: Fatture non in ordine di data nel sezionale
select company_id, document_number, document_on from (
  select company_id, document_number, document_on,
         lag(document_on) over (partition by company_id, document_series_id, year order by number) as before_on
  from billing.invoice where number is not null) as t where before_on > document_on;

-- title: Registrazioni non quadrate
select company_id, journal_entry_id, sum(debit_amount) - sum(credit_amount) as difference
from ledger.journal_line group by 1, 2 having sum(debit_amount) <> sum(credit_amount);

-- title: Fatture emesse non registrate in contabilità
select i.company_id, i.document_number from billing.invoice as i
left join ledger.journal_entry as e on e.company_id = i.company_id and e.source = 'invoice' and e.source_id = i.invoice_id
where i.state = 'issued' and e.journal_entry_id is null;

-- title: Scadenze che non sommano al dovuto della fattura
select i.company_id, i.document_number, i.payable_amount, coalesce(t.amount, 0) as items
from billing.invoice as i
left join (select company_id, source_id, sum(amount) as amount from ledger.open_item where source = 'invoice' group by 1, 2) as t
  on t.company_id = i.company_id and t.source_id = i.invoice_id
where i.state = 'issued' and i.document_type <> 'TD04' and i.payable_amount <> coalesce(t.amount, 0);

-- title: Totali di fattura diversi dalle righe e dal riepilogo IVA
select i.company_id, i.invoice_id, i.net_amount, l.net as lines, v.net as summary
from billing.invoice as i
left join (select company_id, invoice_id, sum(line_amount) as net from billing.invoice_line group by 1, 2) as l using (company_id, invoice_id)
left join (select company_id, invoice_id, sum(net_amount) as net, sum(vat_amount) as vat from billing.invoice_vat group by 1, 2) as v using (company_id, invoice_id)
where i.net_amount is distinct from l.net or i.net_amount is distinct from v.net or i.vat_amount is distinct from v.vat;

-- title: Totali mensili diversi dalle fatture
select company_id, month_on, m.net_amount, t.net from (
  select company_id, date_trunc('month', document_on::timestamp)::date as month_on, count(*) as n,
         sum(case document_type when 'TD04' then -net_amount else net_amount end) as net,
         sum(case document_type when 'TD04' then -total_amount else total_amount end) as total
  from billing.invoice where state = 'issued' group by 1, 2) as t
full join billing.month_total as m using (company_id, month_on)
where coalesce(t.n, 0) <> coalesce(m.invoice_count, 0) or coalesce(t.net, 0) <> coalesce(m.net_amount, 0)
   or coalesce(t.total, 0) <> coalesce(m.total_amount, 0);

-- title: Quota saldata diversa dagli abbinamenti
select i.company_id, i.open_item_id, i.settled_amount, coalesce(t.amount, 0) as allocated
from ledger.open_item as i
left join (select company_id, open_item_id, sum(amount) as amount from ledger.allocation group by 1, 2) as t using (company_id, open_item_id)
where i.settled_amount <> coalesce(t.amount, 0);

-- title: Saldo del cliente diverso dalle sue scadenze aperte
select b.company_id, b.customer_id, b.open_amount, coalesce(t.amount, 0) as items
from customers.balance as b
full join (select company_id, customer_id, sum(open_amount) as amount, min(due_on) as oldest from ledger.open_item
           where settled_amount <> amount group by 1, 2) as t using (company_id, customer_id)
where coalesce(b.open_amount, 0) <> coalesce(t.amount, 0) or b.oldest_due_on is distinct from t.oldest;

-- title: Effetti il cui importo non è la somma delle scadenze
select e.company_id, e.effect_id, e.amount, coalesce(t.amount, 0) as items
from bank_effects.effect as e
left join (select company_id, effect_id, sum(amount) as amount from bank_effects.effect_item group by 1, 2) as t using (company_id, effect_id)
where e.amount <> coalesce(t.amount, 0);

-- title: Persone senza ruolo di accesso
select distinct p.company_id, w.person_id, w.login from base.permission as p join base.person as w using (person_id)
where not exists (select from pg_catalog.pg_roles where rolname = w.role_name);
