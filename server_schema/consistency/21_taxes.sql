-- title: Da pagare diverso da totale, scissione e ritenute
-- key: invoice.payable
-- means: L'importo da pagare non è il totale meno l'IVA in scissione e le ritenute, o le ritenute in testa non sono quelle del documento.
-- remedy: Se la fattura non è inviata, annullare e riemettere; altrimenti nota di credito e nuova fattura.
select i.company_id, i.invoice_id, i.document_number, i.payable_amount, i.total_amount - coalesce(v.split, 0) - coalesce(w.amount, 0) as computed
from billing.invoice as i
left join (select company_id, invoice_id, sum(vat_amount) as split from billing.invoice_vat where exigibility = 'S' group by 1, 2) as v
  using (company_id, invoice_id)
left join (select company_id, invoice_id, sum(amount) as amount from billing.invoice_withholding group by 1, 2) as w using (company_id, invoice_id)
where i.withholding_amount <> coalesce(w.amount, 0)
   or (not billing.is_self_invoice(i.document_type) and i.payable_amount <> i.total_amount - coalesce(v.split, 0) - coalesce(w.amount, 0));

-- title: Plafond usato diverso dai documenti
-- key: letter.used
-- means: Quanto di una dichiarazione d'intento risulta usato non è la somma dei documenti che la usano.
-- remedy: Non fatturare senza IVA a questo cliente e chiamare l'assistenza: si ricalcola dai documenti.
select l.company_id, l.intent_letter_id, l.number, l.consumed_amount, coalesce(t.amount, 0) as documents
from customers.intent_letter as l
left join (select company_id, intent_letter_id, sum(intent_amount) as amount from billing.invoice where intent_letter_id is not null group by 1, 2) as t
  using (company_id, intent_letter_id)
where l.consumed_amount <> coalesce(t.amount, 0);
