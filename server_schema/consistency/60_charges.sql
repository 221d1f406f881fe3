-- What is charged by use: every item in one document at most, in full view of its lines. Each query must return no row.

-- title: Prestazioni il cui addebito non è quello delle righe di fattura
-- key: charges.items_and_parts
-- means: La prestazione risulta fatturata per una quantità diversa da quella addebitata dalle righe, o da una fattura diversa.
-- remedy: Scarta l'anteprima che la contiene; se la fattura è emessa, chiedi assistenza.
select i.company_id, i.chargeable_item_id, i.invoice_id, i.charged_quantity, p.quantity
from billing.chargeable_item as i
full join (select company_id, chargeable_item_id, sum(quantity) as quantity, min(invoice_id) as first_id, max(invoice_id) as last_id
           from billing.charged_part group by 1, 2) as p using (company_id, chargeable_item_id)
where (i.invoice_id is not null or p.first_id is not null)
  and (i.charged_quantity, i.invoice_id, i.invoice_id) is distinct from (p.quantity, p.first_id, p.last_id);

-- title: Righe di fattura diverse dalle prestazioni che addebitano
-- key: charges.lines_and_parts
-- means: La quantità della riga non è la somma delle prestazioni che la compongono.
-- remedy: Scarta l'anteprima; se la fattura è emessa, rettificala con una nota di credito.
select p.company_id, p.invoice_id, p.line_no, l.quantity, p.quantity as charged
from (select company_id, invoice_id, line_no, round(sum(quantity), 3) as quantity from billing.charged_part group by 1, 2, 3) as p
left join billing.invoice_line as l using (company_id, invoice_id, line_no)
where l.quantity is distinct from p.quantity;

-- title: Prestazioni fatturate ad altri che al cliente della loro riga di contratto
-- key: charges.items_of_their_customer
-- means: La fattura di una prestazione è intestata a un cliente che non ha quel contratto.
-- remedy: Correggi con una nota di credito e fattura di nuovo.
select i.company_id, i.chargeable_item_id, i.invoice_id
from billing.chargeable_item as i
join billing.invoice as v on v.company_id = i.company_id and v.invoice_id = i.invoice_id
join customers.service as s on s.company_id = i.company_id and s.service_id = i.service_id
join customers.contract as c on c.company_id = i.company_id and c.contract_id = s.contract_id
where c.customer_id <> v.customer_id;

-- title: Franchigie di interventi superate senza addebito
-- key: charges.quota_is_kept
-- means: In un periodo di franchigia sono stati addebitati più interventi di quelli oltre la franchigia.
-- remedy: Storna gli interventi in più con una nota di credito.
select company_id, service_id, quota_on, done, charged, free_quota
from (
  select i.company_id, i.service_id, base.period_start(i.on_date, s.quota_months, s.anchor_month) as quota_on, s.free_quota,
         sum(i.quantity) as done, coalesce(sum(i.charged_quantity), 0) as charged
  from billing.chargeable_item as i
  join customers.service as s on s.company_id = i.company_id and s.service_id = i.service_id
  where i.kind = 'intervention' and i.voided_at is null and s.free_quota > 0
  group by 1, 2, 3, 4) as t
where charged > greatest(done - free_quota, 0)
  and not exists (select from billing.chargeable_item as v where v.company_id = t.company_id and v.service_id = t.service_id and v.voided_at is not null);

-- title: Acconti scalati per più di quanto furono fatturati
-- key: charges.advances
-- means: Dalle fatture di saldo è stato tolto più dell'acconto.
-- remedy: Emetti una nota di debito per la differenza.
select company_id, service_id, sum(line_amount) as remaining
from billing.invoice_line
where (company_id, service_id) in (select company_id, service_id from customers.service where is_advance)
group by 1, 2 having sum(line_amount) < 0;
