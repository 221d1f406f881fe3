-- What foreign keys say of rows written in bulk (billing.hold checks their references by set). Each query must return no row.

-- title: Fatture con riferimenti mancanti
-- key: orphans.invoices
-- means: Una fattura indica un cliente (o fornitore), un sezionale, una condizione di pagamento, un contratto o un lancio che non esiste.
-- remedy: Chiamare l'assistenza: si ripristina ciò che è stato tolto dalla copia di sicurezza.
select i.company_id, i.invoice_id from billing.invoice as i
left join customers.customer as k on k.company_id = i.company_id and k.customer_id = i.customer_id
left join base.document_series as s on s.company_id = i.company_id and s.document_series_id = i.document_series_id
left join base.payment_term as t on t.company_id = i.company_id and t.payment_term_id = i.payment_term_id
left join customers.contract as c on c.company_id = i.company_id and c.contract_id = i.contract_id
left join billing.billing_run as r on r.company_id = i.company_id and r.billing_run_id = i.billing_run_id
left join registry.party as f on f.company_id = i.company_id and f.party_id = i.supplier_id
where (k.customer_id is null and f.party_id is null) or s.document_series_id is null or (t.payment_term_id is null and i.supplier_id is null)
   or (i.contract_id is not null and c.contract_id is null) or (i.billing_run_id is not null and r.billing_run_id is null);

-- title: Righe e riepiloghi con riferimenti mancanti
-- key: orphans.lines
-- means: Una riga o un riepilogo IVA non ha più la sua fattura, il suo codice IVA o il suo servizio.
-- remedy: Chiamare l'assistenza: si ripristina ciò che è stato tolto dalla copia di sicurezza.
select l.company_id, l.invoice_id, l.line_no from billing.invoice_line as l
left join billing.invoice as i using (company_id, invoice_id)
left join base.vat_code as v using (company_id, vat_code_id)
left join customers.service as s on s.company_id = l.company_id and s.service_id = l.service_id
where i.invoice_id is null or v.vat_code_id is null or (l.service_id is not null and s.service_id is null)
union all
select r.company_id, r.invoice_id, null from billing.invoice_vat as r
left join billing.invoice as i using (company_id, invoice_id)
left join base.vat_code as v using (company_id, vat_code_id)
where i.invoice_id is null or v.vat_code_id is null;

-- title: Registrazioni e scadenze con riferimenti mancanti
-- key: orphans.ledger
-- means: Una riga di prima nota o una scadenza indica una registrazione, un conto o un cliente che non esiste.
-- remedy: Chiamare l'assistenza: si ripristina ciò che è stato tolto dalla copia di sicurezza.
select l.company_id, l.journal_entry_id, l.line_no from ledger.journal_line as l
left join ledger.journal_entry as e using (company_id, journal_entry_id)
left join ledger.account as a using (company_id, account_id)
where e.journal_entry_id is null or a.account_id is null
union all
select i.company_id, i.open_item_id, null from ledger.open_item as i
left join customers.customer as k using (company_id, customer_id) where k.customer_id is null
union all
select b.company_id, b.customer_id, null from customers.balance as b
left join customers.customer as k using (company_id, customer_id) where k.customer_id is null;
