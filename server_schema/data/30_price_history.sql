-- Lines older than the price history begin it with the price they have; what billing knows of them is summed up once.
insert into customers.service_price (company_id, service_id, valid_from, price, origin)
select s.company_id, s.service_id, s.starts_on, s.monthly_price, 'initial'
from customers.service as s
where not exists (select from customers.service_price) and s.kind = 'recurring';

insert into customers.service_billing (company_id, service_id, first_billed_on, billed_until)
select s.company_id, s.service_id, l.first_on, l.last_on
from customers.service as s
left join (select company_id, service_id, min(period_start) as first_on, max(period_end) as last_on
           from billing.invoice_line where service_id is not null group by 1, 2) as l using (company_id, service_id)
where not exists (select from customers.service_billing);
