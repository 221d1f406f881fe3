-- title: Parte libera di un incasso diversa da importo meno abbinamenti e rimborsi
-- key: payment.free
-- means: Quanto resta da abbinare di un incasso non torna con quello che ne è stato usato.
-- remedy: Fanno fede gli abbinamenti: chiamare l'assistenza per ricalcolare la parte libera.
select p.company_id, p.payment_id, p.amount, p.unallocated_amount, coalesce(a.amount, 0) as allocated, coalesce(r.amount, 0) as refunded
from ledger.payment as p
left join (select company_id, payment_id, sum(amount) as amount from ledger.allocation group by 1, 2) as a using (company_id, payment_id)
left join (select company_id, refunds_id as payment_id, sum(amount) as amount from ledger.payment where refunds_id is not null group by 1, 2) as r
  using (company_id, payment_id)
where p.kind <> 'refund'
  and p.unallocated_amount <> case when p.bounced_on is null then p.amount - coalesce(a.amount, 0) - coalesce(r.amount, 0) else 0 end;

-- title: Incassi stornati che saldano ancora scadenze
-- key: payment.bounced
-- means: Un incasso tornato indietro chiude ancora delle scadenze, che invece sono da incassare.
-- remedy: Chiamare l'assistenza: le scadenze vanno riaperte dal giorno dello storno.
select p.company_id, p.payment_id, sum(a.amount) as allocated
from ledger.payment as p join ledger.allocation as a using (company_id, payment_id)
where p.bounced_on is not null group by 1, 2 having sum(a.amount) <> 0;
