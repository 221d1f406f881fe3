-- title: Totali dei file per stato diversi dai file
-- key: file.totals
-- means: Quanti file risultano in uno stato, e per quanto, nel cruscotto non è quanti sono.
-- remedy: Chiamare l'assistenza: si ricalcola senza toccare i file.
select company_id, state, coalesce(t.files, 0) as files, coalesce(k.files, 0) as kept
from (select t.company_id, t.state, count(*) as files, sum(i.net_amount) as net, sum(i.total_amount) as total
      from billing.transmission as t join billing.invoice as i using (company_id, invoice_id)
      where i.supplier_id is null group by 1, 2) as t
full join (select company_id, state, sum(file_count) as files, sum(net_amount) as net, sum(total_amount) as total
           from billing.file_total group by 1, 2 having sum(file_count) <> 0 or sum(total_amount) <> 0) as k using (company_id, state)
where (coalesce(t.files, 0), coalesce(t.net, 0), coalesce(t.total, 0)) <> (coalesce(k.files, 0), coalesce(k.net, 0), coalesce(k.total, 0));
