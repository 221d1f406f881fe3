-- Credit notes and what they take back. Each query must return no row.

-- title: Righe di fattura accreditate per più del loro importo
-- key: credits.line
-- means: Le note di credito di una riga superano quanto la riga aveva fatturato.
-- remedy: Emettere una nota di debito o una fattura per la parte accreditata in più.
select t.company_id, t.credited_invoice_id, t.credited_line_no, l.line_amount, t.credited
from (select c.company_id, c.credited_invoice_id, c.credited_line_no, sum(c.line_amount) as credited
      from billing.invoice_line as c join billing.invoice as n using (company_id, invoice_id)
      where n.state = 'issued' and c.credited_line_no is not null group by 1, 2, 3) as t
left join billing.invoice_line as l
  on l.company_id = t.company_id and l.invoice_id = t.credited_invoice_id and l.line_no = t.credited_line_no
where l.line_amount is null or (t.credited <> 0 and (sign(t.credited) = sign(l.line_amount) or abs(t.credited) > abs(l.line_amount)));

-- title: Fatture accreditate per più di quanto fatturato
-- key: credits.vat
-- means: Le note di credito di una fattura superano l'imponibile che la fattura aveva con quel codice IVA.
-- remedy: Emettere una nota di debito o una fattura per la parte accreditata in più.
select t.company_id, t.credited_invoice_id, t.vat_code_id, l.net, t.credited
from (select c.company_id, c.credited_invoice_id, c.vat_code_id, sum(c.line_amount) as credited
      from billing.invoice_line as c join billing.invoice as n using (company_id, invoice_id)
      where n.state = 'issued' and c.credited_invoice_id is not null group by 1, 2, 3) as t
left join lateral (select sum(l.line_amount) as net from billing.invoice_line as l
                   where l.company_id = t.company_id and l.invoice_id = t.credited_invoice_id and l.vat_code_id = t.vat_code_id) as l on true
where l.net is null or (t.credited <> 0 and (sign(t.credited) = sign(l.net) or abs(t.credited) > abs(l.net)));

-- title: Note di credito senza una fattura che possano accreditare
-- key: credits.link
-- means: Una nota di credito accredita un documento di un altro cliente, non emesso o posteriore, oppure non richiama nessuna fattura.
-- remedy: Confrontare la nota con il file inviato allo SdI; se è sbagliata, nota di debito e una nuova nota di credito.
select c.company_id, n.document_number, c.line_no, o.document_number as credited
from billing.invoice_line as c
join billing.invoice as n using (company_id, invoice_id)
join billing.invoice as o on o.company_id = c.company_id and o.invoice_id = c.credited_invoice_id
where n.state = 'issued'
  and (o.state <> 'issued' or o.document_type = 'TD04' or o.customer_id is distinct from n.customer_id or o.document_on > n.document_on)
union all
select n.company_id, n.document_number, null, null from billing.invoice as n
where n.state = 'issued' and n.document_type = 'TD04'
  and not exists (select from billing.invoice_reference as r where r.company_id = n.company_id and r.invoice_id = n.invoice_id and r.kind = 'invoice');

-- title: Periodi tornati fatturabili senza nota di credito
-- key: credits.periods
-- means: Una riga di fattura non tiene più il periodo del suo servizio, ma non risulta accreditata per intero: il periodo si fatturerebbe due volte.
-- remedy: Emettere la nota di credito che manca, oppure chiamare l'assistenza per far tenere di nuovo il periodo alla riga.
select l.company_id, i.document_number, l.line_no, l.service_id, l.line_amount
from billing.invoice_line as l join billing.invoice as i using (company_id, invoice_id)
where l.service_id is not null and not l.holds_period and l.credited_invoice_id is null
  and l.line_amount <> coalesce((select -sum(c.line_amount) from billing.invoice_line as c
                                 join billing.invoice as n on n.company_id = c.company_id and n.invoice_id = c.invoice_id and n.state = 'issued'
                                 where c.company_id = l.company_id and c.credited_invoice_id = l.invoice_id and c.credited_line_no = l.line_no), 0);
