"""Questions about contracts in time: the history of a contract and its lines, the expiry scheduler."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.contracts.records import Deadline, Happening, MonthCount, PriceStep, Suspension
from cms_desktop.modules.customers.records import Choice
from cms_desktop.modules.customers.tables import Site
from cms_desktop.modules.registry.queries import contains_words
from cms_desktop.modules.registry.tables import Party

KINDS = ("notice", "renewal", "expiry", "price_clause", "deposit")

# ---- one contract -------------------------------------------------------------------------------------------------------


def list_prices(unit: UnitOfWork, service_id: int) -> list[PriceStep]:
    """Every price of a line, the newest first."""
    text = """
      select p.band, p.valid_from, p.price, p.origin, coalesce(r.number, '') as run, p.valid_from > current_date as is_future
      from customers.service_price as p
      left join customers.price_run as r on r.company_id = p.company_id and r.price_run_id = p.price_run_id
      where p.company_id = :company and p.service_id = :service order by p.valid_from desc, p.band"""
    return [PriceStep(*row) for row in unit.rows(sa.text(text), {"service": service_id})]


def list_prices_of_contract(unit: UnitOfWork, contract_id: int) -> dict[int, list[PriceStep]]:
    """Every price of every line of a contract, by line, the newest first."""
    text = """
      select p.service_id, p.band, p.valid_from, p.price, p.origin, coalesce(r.number, '') as run, p.valid_from > current_date as is_future
      from customers.service as s
      join customers.service_price as p on p.company_id = s.company_id and p.service_id = s.service_id
      left join customers.price_run as r on r.company_id = p.company_id and r.price_run_id = p.price_run_id
      where s.company_id = :company and s.contract_id = :contract order by p.valid_from desc, p.band"""
    found: dict[int, list[PriceStep]] = {}
    for row in unit.rows(sa.text(text), {"contract": contract_id}):
        found.setdefault(row.service_id, []).append(PriceStep(*row[1:]))
    return found


def list_sites(unit: UnitOfWork, customer_id: int) -> list[Choice]:
    """Active sites of a customer, for the lines of a contract."""
    c = Site.__table__.c
    found = sa.select(c.site_id, c.code, c.name).where(c.company_id == unit.company_id, c.customer_id == customer_id, c.is_active)
    return [Choice(*row) for row in unit.rows(found.order_by(c.name))]


def list_suspensions(unit: UnitOfWork, contract_id: int) -> list[Suspension]:
    """Suspensions of the lines of a contract, the newest first."""
    text = """
      select u.service_suspension_id, u.service_id, s.description, u.starts_on, u.ends_on, u.reason, u.mode, u.is_yearly, u.row_version
      from customers.service_suspension as u
      join customers.service as s on s.company_id = u.company_id and s.service_id = u.service_id
      where u.company_id = :company and s.contract_id = :contract order by u.starts_on desc, u.service_suspension_id desc"""
    return [Suspension(*row) for row in unit.rows(sa.text(text), {"contract": contract_id})]


_HAPPENINGS = """
  select 'signed' as kind, signed_on as on_day, '' as text, '' as detail, null::bigint as other_contract_id
  from customers.contract where company_id = :company and contract_id = :contract and signed_on is not null
  union all
  select 'started', starts_on, '', '', null from customers.contract where company_id = :company and contract_id = :contract
  union all
  select 'renewed', agreed_on, to_char(new_end_on, 'DD/MM/YYYY'), notes, null
  from customers.contract_renewal where company_id = :company and contract_id = :contract
  union all
  select 'taken_over', t.on_date, p.name, t.deed, t.from_contract_id
  from customers.contract_transfer as t join registry.party as p on p.company_id = t.company_id and p.party_id = t.from_customer_id
  where t.company_id = :company and t.to_contract_id = :contract
  union all
  select 'passed_on', t.on_date, p.name, t.deed, t.to_contract_id
  from customers.contract_transfer as t join registry.party as p on p.company_id = t.company_id and p.party_id = t.to_customer_id
  where t.company_id = :company and t.from_contract_id = :contract
  union all
  select 'repriced', min(h.valid_from), r.title, r.number, null
  from customers.service_price as h join customers.service as s on s.company_id = h.company_id and s.service_id = h.service_id
  join customers.price_run as r on r.company_id = h.company_id and r.price_run_id = h.price_run_id
  where h.company_id = :company and s.contract_id = :contract group by r.price_run_id, r.title, r.number
  union all
  select 'suspended', u.starts_on, s.description, u.reason, null
  from customers.service_suspension as u join customers.service as s on s.company_id = u.company_id and s.service_id = u.service_id
  where u.company_id = :company and s.contract_id = :contract
  union all
  select 'ended', ends_on, '', end_reason, null from customers.contract
  where company_id = :company and contract_id = :contract and state = 'terminated' and ends_on is not null
  order by on_day desc, kind"""


def list_happenings(unit: UnitOfWork, contract_id: int) -> list[Happening]:
    """The life of a contract, the latest first."""
    return [Happening(*row) for row in unit.rows(sa.text(_HAPPENINGS), {"contract": contract_id})]


# ---- the expiry scheduler -------------------------------------------------------------------------------------------------

_ROWS = """
  select d.kind || '/' || d.contract_id || '/' || d.on_day as row_id, d.*, c.number, p.name as customer, p.search_key as customer_key,
         (select coalesce(sum(s.quantity * s.monthly_price), 0) from customers.service as s
          where s.company_id = :company and s.contract_id = d.contract_id and not s.is_suspended
            and coalesce(s.ends_on, 'infinity') >= current_date) as monthly_fee, cast(:company as int) as company_id
  from customers.contract_deadlines(:company, :since, :until) as d
  join customers.contract as c on c.company_id = :company and c.contract_id = d.contract_id
  join registry.party as p on p.company_id = :company and p.party_id = d.customer_id"""


def _bound(unit: UnitOfWork, text: str, since: datetime.date, until: datetime.date) -> sa.TextClause:
    return sa.text(text).bindparams(
        sa.bindparam("company", unit.company_id, sa.Integer), sa.bindparam("since", since, sa.Date), sa.bindparam("until", until, sa.Date)
    )


def _deadlines(unit: UnitOfWork, since: datetime.date, until: datetime.date) -> Listing:
    rows = (
        _bound(unit, _ROWS, since, until)
        .columns(
            row_id=sa.Text, kind=sa.Text, on_day=sa.Date, contract_id=sa.BigInteger, customer_id=sa.BigInteger, number=sa.Text, customer=sa.Text,
            customer_key=sa.Text, monthly_fee=sa.Numeric(14, 4), notice_by=sa.Date, term_end=sa.Date, company_id=sa.Integer,
        )
        .subquery("deadline")
    )  # fmt: skip
    c = rows.c
    return Listing(
        source=rows,
        company=c.company_id,
        columns={
            "on_day": ListColumn(c.on_day, is_nullable=False),
            "kind": ListColumn(c.kind, is_nullable=False),
            "customer": ListColumn(c.customer, folded=c.customer_key),
            "number": ListColumn(c.number, is_nullable=False),
            "notice_by": ListColumn(c.notice_by),
            "term_end": ListColumn(c.term_end),
            "monthly_fee": ListColumn(c.monthly_fee, is_summed=True, is_nullable=False),
        },
        row_id=c.row_id,
        default=Sort("on_day"),
        extra=(c.row_id, c.contract_id, c.customer_id),
        search=lambda unit, words: sa.or_(
            c.number == words.strip().upper(),
            c.customer_id.in_(
                sa.select(Party.__table__.c.party_id).where(Party.__table__.c.company_id == unit.company_id, contains_words(unit, words))
            ),
        ),
    )


def list_deadlines(
    unit: UnitOfWork, since: datetime.date, until: datetime.date, query: ListQuery, after: tuple[object, ...] | None = None
) -> Page[Deadline]:
    """Renewals, expiries, last days for notice, price clauses and deposits to return between two days, both included."""
    page = _deadlines(unit, since, until).page(unit, query, after)
    names = tuple(Deadline.__dataclass_fields__)
    return Page(tuple(Deadline(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_deadlines(unit: UnitOfWork, since: datetime.date, until: datetime.date, query: ListQuery) -> Totals:
    return _deadlines(unit, since, until).totals(unit, query)


def count_deadlines(unit: UnitOfWork, since: datetime.date, until: datetime.date) -> list[MonthCount]:
    """How many deadlines of each kind each month holds; months without one are there, too."""
    text = """select date_trunc('month', on_day::timestamp)::date as month_on, kind, count(*) as many
      from customers.contract_deadlines(:company, :since, :until) group by 1, 2"""
    found: dict[datetime.date, dict[str, int]] = {}
    for row in unit.rows(_bound(unit, text, since, until)):
        found.setdefault(row.month_on, {})[row.kind] = row.many
    month, months = since.replace(day=1), []
    while month <= until:
        months.append(MonthCount(month, tuple((kind, found.get(month, {}).get(kind, 0)) for kind in KINDS)))
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    return months


def of_kind(kind: str) -> ListQuery:
    """The rows of one kind."""
    return ListQuery((Filter("kind", "in", (kind,)),))


def list_reminders(unit: UnitOfWork, since: datetime.date, until: datetime.date, limit: int = 200) -> list[dict[str, Any]]:
    """Deadlines as data for notices: kind, day, contract, customer. The first of them when there are many."""
    text = """
      select d.kind, d.on_day, d.contract_id, d.customer_id, c.number from customers.contract_deadlines(:company, :since, :until) as d
      join customers.contract as c on c.company_id = :company and c.contract_id = d.contract_id order by d.on_day, d.contract_id limit :many"""
    found = unit.rows(_bound(unit, text, since, until), {"many": limit})
    return [dict(row._mapping) for row in found]
