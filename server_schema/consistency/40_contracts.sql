-- Contracts, prices and what billing knows of them. Each query must return no row.

-- title: Righe il cui prezzo non è quello dello storico
-- key: contracts.price
-- means: Il prezzo scritto sulla riga non è quello che lo storico dice di oggi: la prossima fattura userebbe lo storico.
-- remedy: Aprire il contratto, confrontare la storia dei prezzi e scrivere il prezzo giusto.
select s.company_id, s.service_id, s.monthly_price, s.unit_price, h.price
from customers.service as s
left join (select distinct on (company_id, service_id) company_id, service_id, price from customers.service_price
           where band = '' and is_applied order by company_id, service_id, valid_from desc) as h using (company_id, service_id)
where h.price is distinct from case s.kind when 'recurring' then s.monthly_price else s.unit_price end;

-- title: Righe fatturate per un tempo diverso da quello che risulta ai contratti
-- key: contracts.billed
-- means: Il contratto crede fatturato un tempo diverso da quello delle fatture: un periodo potrebbe mancare o ripetersi.
-- remedy: Non lanciare la fatturazione di quel contratto e chiamare l'assistenza.
select company_id, service_id, b.first_billed_on, b.billed_until, l.first_on, l.last_on
from customers.service_billing as b
full join (select company_id, service_id, min(period_start) as first_on, max(period_end) as last_on
           from billing.invoice_line where service_id is not null and period_start is not null and holds_period group by 1, 2) as l using (company_id, service_id)
where (b.first_billed_on, b.billed_until) is distinct from (l.first_on, l.last_on);

-- title: Subentri che non passano da un cliente all'altro senza interruzione
-- key: contracts.transfer
-- means: Fra il vecchio e il nuovo contratto di un subentro c'è un vuoto o una sovrapposizione, o il cliente non è quello scritto.
-- remedy: Aprire i due contratti e correggere inizio e fine: il nuovo comincia il giorno del subentro.
select t.company_id, t.contract_transfer_id from customers.contract_transfer as t
join customers.contract as o on o.company_id = t.company_id and o.contract_id = t.from_contract_id
join customers.contract as n on n.company_id = t.company_id and n.contract_id = t.to_contract_id
where o.ends_on <> t.on_date - 1 or n.starts_on <> t.on_date or o.customer_id <> t.from_customer_id;
