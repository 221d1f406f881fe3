-- role: cms_bookkeeper
-- What a run bills by use: hours by band, passages, interventions over the free quota, minimum hours; and advances taken off their balance.
-- Parts of billing.fill_run, which has made the tables `due` and `wanted_customer`; each does nothing where there is nothing of its kind.

create or replace function billing.add_charges(wanted_company int, this_run billing.billing_run, is_limited boolean) returns void
language plpgsql security definer set search_path = '' set jit = off set enable_nestloop = off as $$
-- The table `charge` stays for billing.write_charges.
declare
  reach date := this_run.period_start - 400;
begin
  if this_run.parameters ->> 'one_off' = 'only' or not exists (
    select from billing.chargeable_item
    where company_id = wanted_company and invoice_id is null and voided_at is null and on_date between reach and this_run.period_end)
  then
    return;
  end if;
  perform from billing.chargeable_item
  where company_id = wanted_company and invoice_id is null and voided_at is null and on_date between reach and this_run.period_end
  order by chargeable_item_id for no key update;
  perform billing.find_charged_items(wanted_company, this_run, is_limited, reach);
  perform billing.split_charged_items(wanted_company);
  create temp table charge on commit drop as
    select t.*, dense_rank() over (order by t.service_id, t.period_start, t.site_id, t.part, t.price)::int as charge_no
    from billing.priced_parts(wanted_company) as t;
  insert into due (service_id, contract_id, customer_id, quantity, unit_price, line_amount, vat_code_id, description, kind, site_id,
                   service_type_id, grouping, group_id, rate, nature, exigibility, has_vat, document_type, charge_no, text_from, text_to, part)
  select l.service_id, l.contract_id, l.customer_id, l.quantity, l.price, round(l.quantity * l.price, 2), s.vat_code_id, s.description, s.kind,
         l.site_id, s.service_type_id, g.grouping, billing.group_key(g.grouping, l.customer_id, l.contract_id, l.site_id),
         v.rate, v.nature, case when k.is_split_payment and v.rate > 0 then 'S' else v.exigibility end, k.vat_code_id is not null,
         'TD01', l.charge_no, l.first_on, l.last_on, l.part
  from (select charge_no, min(service_id) as service_id, min(contract_id) as contract_id, min(customer_id) as customer_id, min(site_id) as site_id,
               min(part) as part, min(price) as price, min(on_date) as first_on, max(on_date) as last_on, round(sum(quantity), 3) as quantity
        from charge group by charge_no) as l
  join customers.service as s on s.company_id = wanted_company and s.service_id = l.service_id
  join customers.customer as k on k.company_id = wanted_company and k.customer_id = l.customer_id
  join base.vat_code as v on v.company_id = wanted_company and v.vat_code_id = s.vat_code_id
  cross join lateral (select coalesce(nullif(k.invoice_grouping, ''), this_run.grouping) as grouping) as g
  where round(l.quantity * l.price, 2) > 0;
  drop table charged, piece;
end $$;

create or replace function billing.find_charged_items(wanted_company int, this_run billing.billing_run, is_limited boolean, reach date) returns void
language plpgsql security definer set search_path = '' as $$
-- Into `charged`: open items of lines whose period ended in the run's (of a line that ends: all until its end), and how much of each is
-- charged. An allowance covers the first of them: the free quota of interventions in its time, and minimum hours that were billed before
-- the hours came. What items billed earlier left free is taken off it, so the order in which items are entered never changes the sum.
declare
  types bigint[] := billing.ids_of(this_run.parameters -> 'service_types');
  kinds text[] := billing.texts_of(this_run.parameters -> 'kinds');
begin
  create temp table charged on commit drop as
  with open_item as (
    select i.chargeable_item_id as item_id, i.kind as item_kind, i.on_date, i.starts_at, i.ends_at, i.quantity, i.band, s.service_id,
           s.contract_id, c.customer_id, coalesce(i.site_id, s.site_id) as site_id, s.service_type_id,
           base.period_start(i.on_date, s.frequency_months, s.anchor_month) as period_start, a.months, coalesce(s.free_quota, 0) as free_quota,
           base.period_start(i.on_date, a.months, s.anchor_month) as allowance_on
    from billing.chargeable_item as i
    join customers.service as s on s.company_id = i.company_id and s.service_id = i.service_id
    join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
    join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
    cross join lateral (select case i.kind when 'intervention' then s.quota_months else s.frequency_months end as months) as a
    where i.company_id = wanted_company and i.invoice_id is null and i.voided_at is null and i.on_date between reach and this_run.period_end
      and i.on_date < case when least(s.ends_on, c.ends_on) <= this_run.period_end then this_run.period_end + 1
                           else base.period_start(this_run.period_end + 1, s.frequency_months, s.anchor_month) end
      and c.state in ('active', 'terminated') and k.state in ('active', 'terminating', 'terminated')
      and (types is null or s.service_type_id = any (types)) and (kinds is null or s.kind = any (kinds))
      and (not is_limited or c.customer_id in (select customer_id from wanted_customer))),
  used as materialized (
    select o.service_id, o.allowance_on, sum(b.quantity - b.charged_quantity) as quantity
    from (select service_id, allowance_on, min(months) as months from open_item group by service_id, allowance_on) as o
    join billing.chargeable_item as b on b.company_id = wanted_company and b.service_id = o.service_id and b.invoice_id is not null
      and b.on_date >= o.allowance_on and b.on_date < (o.allowance_on + make_interval(months => o.months))::date
    group by o.service_id, o.allowance_on),
  allowance as (
    select o.service_id, o.allowance_on, o.free + coalesce((
             select sum(l.quantity) from billing.invoice_line as l
             where o.item_kind = 'hourly' and l.company_id = wanted_company and l.service_id = o.service_id
               and l.period_start >= o.allowance_on and l.period_start < (o.allowance_on + make_interval(months => o.months))::date), 0)
           - coalesce(u.quantity, 0) as quantity
    from (select distinct service_id, allowance_on, months, item_kind, case item_kind when 'intervention' then free_quota else 0 end as free
          from open_item) as o
    left join used as u on u.service_id = o.service_id and u.allowance_on = o.allowance_on)
  select o.*, o.quantity - greatest(0, least(o.quantity, a.quantity - (o.until_now - o.quantity))) as charged_quantity
  from (select *, sum(quantity) over (partition by service_id, allowance_on order by on_date, starts_at, item_id) as until_now from open_item) as o
  join allowance as a using (service_id, allowance_on);
  delete from charged where charged_quantity <= 0;
  analyze charged;
end $$;

create or replace function billing.split_charged_items(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- Into `piece`: hours with a beginning and an end by day and night, Sundays and holidays of the site's town; everything else whole.
begin
  create temp table piece on commit drop as
  with placed as (
    select c.*, t.istat_code as town, coalesce(y.night_starts_at, '22:00') as night_from, coalesce(y.night_ends_at, '06:00') as night_to
    from charged as c
    left join customers.site as t on t.company_id = wanted_company and t.site_id = c.site_id
    left join customers.service_type as y on y.company_id = wanted_company and y.service_type_id = c.service_type_id),
  rest as materialized (
    select distinct s.town, h.on_date
    from (select town, min(on_date) as first_on, max(on_date) + 8 as last_on from placed where item_kind = 'hourly' group by town) as s
    cross join lateral base.calendar_of(wanted_company, s.first_on, s.last_on, s.town) as h
    where h.kind <> 'closing')
  select p.item_id, (extract(isodow from d.on_date) = 7 or r.on_date is not null) as is_rest, w.is_night,
         w.seconds / 3600 * p.charged_quantity / p.quantity as quantity
  from placed as p
  cross join lateral billing.day_pieces(p.starts_at, p.ends_at, p.night_from, p.night_to) as d
  left join rest as r on r.town is not distinct from p.town and r.on_date = d.on_date
  cross join lateral (values (false, d.day_seconds), (true, d.night_seconds)) as w(is_night, seconds)
  where p.item_kind = 'hourly' and p.band = '' and p.starts_at is not null and w.seconds > 0
  union all
  select c.item_id, false, false, c.charged_quantity from charged as c
  where not (c.item_kind = 'hourly' and c.band = '' and c.starts_at is not null);
end $$;

create or replace function billing.priced_parts(wanted_company int)
returns table (item_id bigint, service_id bigint, contract_id bigint, customer_id bigint, site_id bigint, item_kind text, on_date date,
               period_start date, part text, price numeric, quantity numeric)
language sql volatile security definer set search_path = '' as $$
-- Each part of an item at the price of its day. An hour that is of a band without a price of its own goes with the next that has one:
-- holiday by night as holiday, then as night, then at the line's price; overtime without a price at the line's price.
  with price as materialized (
    select p.service_id, p.band, p.price,
           case when p.band = '' and row_number() over w = 1 then '-infinity' else p.valid_from end as from_on,
           coalesce(lead(p.valid_from) over w, 'infinity') as before_on
    from customers.service_price as p
    where p.company_id = wanted_company and p.service_id in (select c.service_id from charged as c)
    window w as (partition by p.service_id, p.band order by p.valid_from))
  select c.item_id, c.service_id, c.contract_id, c.customer_id, c.site_id, c.item_kind, c.on_date, c.period_start, b.band, b.price,
         round(sum(p.quantity), 6)
  from piece as p
  join charged as c on c.item_id = p.item_id
  cross join lateral (
    select q.band, q.price from price as q
    where q.service_id = c.service_id and c.on_date >= q.from_on and c.on_date < q.before_on
      and (q.band = '' or q.band = c.band or (c.band = '' and ((q.band = 'holiday' and p.is_rest) or (q.band = 'night' and p.is_night))))
    order by array_position(array['overtime', 'holiday', 'night', ''], q.band) limit 1) as b
  where b.price > 0
  group by c.item_id, c.service_id, c.contract_id, c.customer_id, c.site_id, c.item_kind, c.on_date, c.period_start, b.band, b.price
  having round(sum(p.quantity), 6) > 0
$$;

create or replace function billing.add_minimums(wanted_company int, this_run billing.billing_run, is_limited boolean) returns void
language plpgsql security definer set search_path = '' set jit = off set enable_nestloop = off as $$
-- Hourly lines with least hours: what is missing in a period that ended in the run's, by the days the line covers of it. All hours of the
-- period count, billed or not; the line bears its period, so it is billed once.
declare
  types bigint[] := billing.ids_of(this_run.parameters -> 'service_types');
  kinds text[] := billing.texts_of(this_run.parameters -> 'kinds');
begin
  if this_run.parameters ->> 'one_off' = 'only' or (kinds is not null and not 'hourly' = any (kinds)) or not exists (
    select from customers.service where company_id = wanted_company and kind = 'hourly' and minimum_quantity > 0) then
    return;
  end if;
  with done as materialized (
    select i.service_id, base.period_start(i.on_date, s.frequency_months, s.anchor_month) as first_on, sum(i.quantity) as quantity
    from customers.service as s
    join billing.chargeable_item as i on i.company_id = s.company_id and i.service_id = s.service_id
    where s.company_id = wanted_company and s.kind = 'hourly' and s.minimum_quantity > 0 and i.voided_at is null
      and i.on_date between this_run.period_start - 400 and this_run.period_end
    group by 1, 2)
  insert into due (service_id, contract_id, customer_id, covered_start, covered_end, quantity, unit_price, line_amount, vat_code_id, description,
                   kind, site_id, service_type_id, grouping, group_id, rate, nature, exigibility, has_vat, document_type, text_from, text_to, part)
  select s.service_id, s.contract_id, c.customer_id, p.covered_start, p.covered_end, m.missing, r.price, round(m.missing * r.price, 2),
         s.vat_code_id, s.description, s.kind, s.site_id, s.service_type_id, g.grouping,
         billing.group_key(g.grouping, c.customer_id, c.contract_id, s.site_id), v.rate, v.nature,
         case when k.is_split_payment and v.rate > 0 then 'S' else v.exigibility end, k.vat_code_id is not null, 'TD01',
         p.covered_start, p.covered_end, 'minimum'
  from customers.service as s
  join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
  join customers.customer as k on k.company_id = c.company_id and k.customer_id = c.customer_id
  join base.vat_code as v on v.company_id = s.company_id and v.vat_code_id = s.vat_code_id
  cross join lateral (select coalesce(nullif(k.invoice_grouping, ''), this_run.grouping) as grouping) as g
  cross join lateral generate_series(
    base.period_start(this_run.period_start, s.frequency_months, s.anchor_month)::timestamp, this_run.period_end::timestamp,
    make_interval(months => s.frequency_months)) as f(first_moment)
  cross join lateral (select f.first_moment::date as first_on, (f.first_moment + make_interval(months => s.frequency_months))::date - 1 as last_on) as w
  cross join lateral (select greatest(w.first_on, s.starts_on, c.starts_on) as covered_start, least(w.last_on, s.ends_on, c.ends_on) as covered_end) as p
  left join done as h on h.service_id = s.service_id and h.first_on = w.first_on
  cross join lateral (
    select round(s.minimum_quantity * (p.covered_end - p.covered_start + 1) / (w.last_on - w.first_on + 1), 3) - coalesce(h.quantity, 0) as missing) as m
  cross join lateral (
    select q.price from customers.service_price as q
    where q.company_id = wanted_company and q.service_id = s.service_id and q.band = ''
    order by q.valid_from <= p.covered_end desc, case when q.valid_from <= p.covered_end then -(q.valid_from - date '2000-01-01')
                                                      else q.valid_from - date '2000-01-01' end limit 1) as r
  where s.company_id = wanted_company and s.kind = 'hourly' and s.minimum_quantity > 0 and not s.is_suspended
    and (c.state = 'active' or (c.state = 'terminated' and c.ends_on is not null)) and k.state in ('active', 'terminating')
    and p.covered_start <= p.covered_end and p.covered_end between this_run.period_start and this_run.period_end
    and round(m.missing * r.price, 2) > 0
    and (types is null or s.service_type_id = any (types)) and (not is_limited or c.customer_id in (select customer_id from wanted_customer))
    and not exists (select from billing.invoice_line as o where o.company_id = wanted_company and o.service_id = s.service_id
                      and o.period_start <= p.covered_end and o.period_end >= p.covered_start);
end $$;

create or replace function billing.take_off_advances(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- Advances issued before are taken off the one-off lines that fall due in the same contract, the oldest first, never more than those lines.
begin
  if not exists (select from customers.service where company_id = wanted_company and is_advance)
     or not exists (select from due where kind = 'one_off' and document_type = 'TD01') then
    return;
  end if;
  insert into due (service_id, contract_id, customer_id, quantity, unit_price, line_amount, vat_code_id, description, kind, site_id,
                   service_type_id, grouping, group_id, rate, nature, exigibility, has_vat, document_type)
  select a.service_id, a.contract_id, b.customer_id, 1, -t.amount, -t.amount, a.vat_code_id, a.words, 'balance', b.site_id,
         a.service_type_id, b.grouping, b.group_id, b.rate, b.nature, b.exigibility, b.has_vat, 'TD01'
  from (
    select s.service_id, s.contract_id, l.vat_code_id, s.service_type_id, r.remaining,
           'Acconto ' || i.document_number || ' del ' || to_char(i.document_on, 'DD/MM/YYYY') as words,
           sum(r.remaining) over (partition by s.contract_id, l.vat_code_id order by i.document_on, i.invoice_id, l.line_no) as until_now
    from customers.service as s
    join billing.invoice_line as l on l.company_id = wanted_company and l.service_id = s.service_id and l.period_start is not null
    join billing.invoice as i on i.company_id = wanted_company and i.invoice_id = l.invoice_id and i.state = 'issued'
    cross join lateral (select l.line_amount + coalesce((
      select sum(o.line_amount) from billing.invoice_line as o
      where o.company_id = wanted_company and o.service_id = s.service_id and o.period_start is null and o.line_amount < 0), 0) as remaining) as r
    where s.company_id = wanted_company and s.is_advance and r.remaining > 0
      and s.contract_id in (select contract_id from due where kind = 'one_off' and document_type = 'TD01')) as a
  join (
    select contract_id, vat_code_id, group_id, min(customer_id) as customer_id, min(site_id) as site_id, min(grouping) as grouping, min(rate) as rate,
           min(nature) as nature, min(exigibility) as exigibility, bool_or(has_vat) as has_vat, sum(line_amount) as amount,
           row_number() over (partition by contract_id, vat_code_id order by sum(line_amount) desc, group_id) as place
    from due where kind = 'one_off' and document_type = 'TD01' group by contract_id, vat_code_id, group_id) as b
    on b.contract_id = a.contract_id and b.vat_code_id = a.vat_code_id and b.place = 1
  cross join lateral (select least(a.remaining, b.amount - (a.until_now - a.remaining)) as amount) as t
  where t.amount > 0;
end $$;

create or replace function billing.write_charges(wanted_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- After billing.write_drafts: the lines of items, and which of them charges what of each.
declare
  me int := sec.person_id();
begin
  if not exists (select from due where charge_no is not null) then
    if to_regclass('pg_temp.charge') is not null then
      drop table charge;  -- all at no price
    end if;
    return;
  end if;
  create temp table placed on commit drop as
    select due.charge_no, d.invoice_id, l.last_no + row_number() over (partition by d.invoice_id order by due.contract_id, due.service_id, due.charge_no) as line_no
    from due join document as d using (group_id)
    cross join lateral (select coalesce(max(line_no), 0) as last_no from billing.invoice_line
                        where company_id = wanted_company and invoice_id = d.invoice_id) as l
    where due.charge_no is not null;
  insert into billing.invoice_line (company_id, invoice_id, line_no, service_id, description, quantity, unit_price, line_amount, vat_code_id, created_by)
  select wanted_company, p.invoice_id, p.line_no, due.service_id, due.description, due.quantity, due.unit_price, due.line_amount, due.vat_code_id, me
  from placed as p join due using (charge_no);
  insert into billing.charged_part (company_id, chargeable_item_id, part, invoice_id, line_no, quantity, created_by)
  select wanted_company, c.item_id, c.part, p.invoice_id, p.line_no, c.quantity, me
  from charge as c join placed as p using (charge_no);
  update billing.chargeable_item as i
  set invoice_id = t.invoice_id, charged_quantity = t.quantity, row_version = i.row_version + 1
  from (select c.item_id, min(p.invoice_id) as invoice_id, sum(c.quantity) as quantity
        from charge as c join placed as p using (charge_no) group by c.item_id) as t
  where i.company_id = wanted_company and i.chargeable_item_id = t.item_id;
  drop table placed, charge;
end $$;
