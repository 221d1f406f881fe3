-- The VAT books: registers, journal and settlements tell the same. Each query must return no row.

-- title: IVA in prima nota diversa dal registro
-- key: vat.journal
-- means: I conti IVA della registrazione di una fattura non dicono l'imposta dei suoi riepiloghi (a debito, sospesa, in scissione).
-- remedy: Fa fede la fattura: chiamare l'assistenza per rifare la registrazione prima di liquidare il mese.
select i.company_id, i.document_number, v.due as register_due, p.due as journal_due, v.later as register_suspended, p.later as journal_suspended
from billing.invoice as i
join ledger.journal_entry as e on e.company_id = i.company_id and e.source = 'invoice' and e.source_id = i.invoice_id
cross join lateral (select coalesce(sum(vat_amount) filter (where exigibility <> 'D'), 0) as due,
                           coalesce(sum(vat_amount) filter (where exigibility = 'D'), 0) as later,
                           coalesce(sum(vat_amount) filter (where exigibility = 'S'), 0) as split
                    from billing.invoice_vat where company_id = i.company_id and invoice_id = i.invoice_id) as v
cross join lateral (select coalesce(sum(l.credit_amount - l.debit_amount) filter (where a.role = 'vat_sales'), 0) as due,
                           coalesce(sum(l.credit_amount - l.debit_amount) filter (where a.role = 'vat_suspended'), 0) as later,
                           coalesce(sum(l.debit_amount - l.credit_amount) filter (where a.role = 'vat_split'), 0) as split
                    from ledger.journal_line as l join ledger.account as a using (company_id, account_id)
                    where l.company_id = e.company_id and l.journal_entry_id = e.journal_entry_id) as p
where i.state = 'issued' and i.document_type not in ('TD16', 'TD17', 'TD18', 'TD19', 'TD20') and (v.due, v.later, v.split) <> (p.due, p.later, p.split);

-- title: IVA differita diversa da quanto è incassato
-- key: vat.deferred
-- means: L'IVA a esigibilità differita passata a debito non è la quota incassata della fattura.
-- remedy: Fanno fede gli incassi: chiamare l'assistenza per ricalcolare l'IVA esigibile.
select v.company_id, v.invoice_id, v.vat_code_id, v.vat_amount, t.settled, t.total, coalesce(k.vat, 0) as moved
from billing.invoice_vat as v
join (select company_id, source_id as invoice_id, sum(amount) as total, sum(settled_amount) as settled from ledger.open_item
      where source = 'invoice' group by 1, 2 having sum(amount) <> 0) as t using (company_id, invoice_id)
left join (select company_id, invoice_id, vat_code_id, sum(vat_amount) as vat, sum(net_amount) as net from billing.vat_collection
           group by 1, 2, 3) as k using (company_id, invoice_id, vat_code_id)
where v.exigibility = 'D' and (coalesce(k.vat, 0), coalesce(k.net, 0))
      <> (round(v.vat_amount * t.settled / t.total, 2), round(v.net_amount * t.settled / t.total, 2));

-- title: Giro dell'IVA differita diverso dal registro degli incassi
-- key: vat.collected
-- means: Quanto la prima nota ha spostato dall'IVA sospesa a quella a debito in un giorno non è quanto dice il registro.
-- remedy: Fa fede il registro: chiamare l'assistenza per rifare il giro.
select company_id, due_on, coalesce(k.vat, 0) as register, coalesce(j.vat, 0) as journal
from (select company_id, due_on, sum(vat_amount) as vat from billing.vat_collection group by 1, 2) as k
full join (select e.company_id, e.on_date as due_on, sum(l.credit_amount - l.debit_amount) as vat
           from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
           join ledger.account as a using (company_id, account_id)
           where e.source = 'vat_collected' and a.role = 'vat_sales' group by 1, 2) as j using (company_id, due_on)
where coalesce(k.vat, 0) <> coalesce(j.vat, 0);

-- title: Liquidazione confermata diversa dai registri di oggi
-- key: vat.settlement
-- means: I registri di un periodo già liquidato danno oggi altri importi: un documento è cambiato dopo la conferma.
-- remedy: Confrontare la fotografia della liquidazione con il registro; se il periodo era sbagliato, riaprire la liquidazione e confermarla di nuovo.
select s.company_id, s.period_start, s.due_vat, f.sales_vat + f.reverse_vat + f.collected_vat as due_now, s.active_net, f.active_net as net_now
from billing.vat_settlement as s cross join lateral billing.vat_figures(s.company_id, s.period_start, s.period_end) as f
where s.state = 'confirmed'
  and (s.active_net, s.due_vat, (s.snapshot ->> 'split_vat')::numeric) <> (f.active_net, f.sales_vat + f.reverse_vat + f.collected_vat, f.split_vat);

-- title: Liquidazione IVA che non torna
-- key: vat.settlement_sum
-- means: Il risultato di una liquidazione non segue dai suoi righi, o la prima nota dice un altro debito verso l'erario.
-- remedy: Riaprire la liquidazione e confermarla di nuovo.
select s.company_id, s.period_start, s.result_amount, coalesce(j.due, 0) as posted
from billing.vat_settlement as s
left join (select e.company_id, e.source_id, sum(l.credit_amount - l.debit_amount) as due
           from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
           join ledger.account as a using (company_id, account_id)
           where e.source = 'vat_settlement' and a.role = 'vat_due' group by 1, 2) as j
  on j.company_id = s.company_id and j.source_id = s.vat_settlement_id
where s.state = 'confirmed' and (
  s.result_amount <> s.due_vat - s.deducted_vat + s.carried_debt - s.carried_credit - s.year_credit - s.tax_credits + s.interest_amount - s.advance_amount
  or coalesce(j.due, 0) <> s.due_vat - s.deducted_vat + s.interest_amount);

-- title: Registro stampato diverso dai documenti
-- key: vat.print
-- means: Un mese stampato in definitivo oggi ha altre righe o altri totali: il foglio e i libri non dicono lo stesso.
-- remedy: Confrontare il registro stampato con l'elenco del mese e chiamare l'assistenza.
select p.company_id, p.register, p.month_on, p.row_count, t.rows, p.vat_amount, t.vat
from billing.register_print as p
cross join lateral (select count(*) as rows, coalesce(sum(r.net_amount), 0) as net, coalesce(sum(r.vat_amount), 0) as vat
                    from billing.vat_rows(p.company_id, p.register, p.document_series_id, p.month_on, (p.month_on + interval '1 month')::date - 1) as r) as t
where (p.row_count, p.net_amount, p.vat_amount) <> (t.rows, t.net, t.vat);

-- title: Pagine dei registri non in fila
-- key: vat.pages
-- means: Le pagine stampate in definitivo di un registro e anno non vanno da 1 all'ultima senza buchi.
-- remedy: Ristampare il mese con le sue pagine; se il foglio è perso chiamare l'assistenza.
select company_id, register, document_series_id, month_on, first_page, expected from (
  select company_id, register, document_series_id, month_on, first_page,
         coalesce(lag(first_page + page_count) over (partition by company_id, register, document_series_id, extract(year from month_on)
                                                     order by month_on), 1) as expected
  from billing.register_print) as t where first_page <> expected;
