"""Questions about prices: types of service, the index, runs and their lines, the letters of a run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from cms_desktop.core import formats
from cms_desktop.core.listing import ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.customers.pricing.records import (
    IndexRow,
    LetterLine,
    PriceLetter,
    PriceRun,
    PriceRunRow,
    ReasonCount,
    ServiceTypeRow,
)
from cms_desktop.modules.customers.tables import Contract, Service, ServiceBilling
from cms_desktop.modules.customers.tables import PriceRun as RunTable
from cms_desktop.modules.customers.tables import PriceRunLine as LineTable
from cms_desktop.modules.registry.tables import Party

# ---- masters ------------------------------------------------------------------------------------------------------------


def list_service_types(unit: UnitOfWork) -> list[ServiceTypeRow]:
    """All types of service of the company, those in use first."""
    text = """
      select t.service_type_id, t.code, t.description, t.kind, t.unit, t.list_price, t.vat_code_id, coalesce(v.description, '') as vat, t.is_active,
             (select count(*) from customers.service as s where s.company_id = :company and s.service_type_id = t.service_type_id) as used, t.row_version,
             t.invoice_text, to_char(t.night_starts_at, 'HH24:MI') as night_starts_at, to_char(t.night_ends_at, 'HH24:MI') as night_ends_at
      from customers.service_type as t
      left join base.vat_code as v on v.company_id = t.company_id and v.vat_code_id = t.vat_code_id
      where t.company_id = :company order by not t.is_active, t.description"""
    return [ServiceTypeRow(*row) for row in unit.rows(sa.text(text))]


def list_index(unit: UnitOfWork, limit: int = 60) -> list[IndexRow]:
    """Months of the FOI index, the newest first: the company's own figure of a month before the published one."""
    text = """
      with month as (
        select distinct on (i.month_on) i.*, x.coefficient
        from (select month_on, value, base_year, '' as source, true as is_own, price_index_id, row_version, 1 as place
              from customers.price_index where company_id = :company and index_code = 'FOI'
              union all
              select month_on, value, base_year, source, false, 0, 0, 2 from base.price_index where index_code = 'FOI') as i
        join base.price_index_base as x on x.index_code = 'FOI' and x.base_year = i.base_year
        order by i.month_on, i.place)
      select m.month_on, m.value, m.base_year, round((m.value * m.coefficient / (y.value * y.coefficient) - 1) * 100, 1) as variation,
             m.source, m.is_own, m.price_index_id, m.row_version
      from month as m left join month as y on y.month_on = (m.month_on - interval '1 year')::date
      order by m.month_on desc limit :many"""
    return [IndexRow(*row) for row in unit.rows(sa.text(text), {"many": limit})]


def list_base_years(unit: UnitOfWork) -> list[int]:
    """Bases of the index, the newest first."""
    return [row[0] for row in unit.rows(sa.text("select base_year from base.price_index_base where index_code = 'FOI' order by 1 desc"))]


# ---- runs ---------------------------------------------------------------------------------------------------------------

_run, _line, _service, _contract = RunTable.__table__.c, LineTable.__table__.c, Service.__table__.c, Contract.__table__.c
_party, _billing = Party.__table__.c, ServiceBilling.__table__.c


def _name_of(person: sa.ColumnElement[int | None]) -> sa.ScalarSelect[str]:
    return sa.select(Person.display_name).where(Person.person_id == person).scalar_subquery()


RUNS = Listing(
    source=RunTable.__table__,
    company=_run.company_id,
    columns={
        "number": ListColumn(_run.number, is_nullable=False),
        "title": ListColumn(_run.title, folded=sa.func.base.fold(_run.title)),
        "kind": ListColumn(_run.kind, is_nullable=False),
        "state": ListColumn(_run.state, is_nullable=False),
        "effective_on": ListColumn(_run.effective_on, is_nullable=False),
        "index_on": ListColumn(_run.index_on),
        "line_count": ListColumn(_run.line_count, is_nullable=False),
        "contract_count": ListColumn(_run.contract_count, is_nullable=False),
        "excluded_count": ListColumn(_run.excluded_count, is_nullable=False),
        "old_amount": ListColumn(_run.old_amount, is_nullable=False),
        "new_amount": ListColumn(_run.new_amount, is_nullable=False),
        "created_at": ListColumn(_run.created_at, is_nullable=False),
    },
    row_id=_run.price_run_id,
    default=Sort("created_at", True),
    extra=(
        _run.confirmed_at.label("confirmed_at"), _run.letters_at.label("letters_at"), _run.parameters.label("parameters"),
        sa.func.coalesce(_name_of(_run.created_by), "").label("created_by"), sa.func.coalesce(_name_of(_run.confirmed_by), "").label("confirmed_by"),
    ),
)  # fmt: skip


def list_price_runs(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[PriceRun]:
    """Runs, the newest first."""
    page = RUNS.page(unit, query, after)
    names = [name for name in PriceRun.__dataclass_fields__ if name != "run_id"]
    return Page(tuple(PriceRun(row._id, **{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_price_runs(unit: UnitOfWork, query: ListQuery) -> Totals:
    return RUNS.totals(unit, query)


def find_price_run(unit: UnitOfWork, run_id: int) -> PriceRun | None:
    only = replace(RUNS, where=(_run.price_run_id == run_id,))
    rows = only.page(unit, ListQuery(), None).rows
    names = [name for name in PriceRun.__dataclass_fields__ if name != "run_id"]
    return PriceRun(rows[0]._id, **{name: getattr(rows[0], name) for name in names}) if rows else None


_OF_RUN = (
    sa.join(
        LineTable.__table__, Service.__table__, sa.and_(_service.company_id == _line.company_id, _service.service_id == _line.service_id)
    )
    .join(Contract.__table__, sa.and_(_contract.company_id == _line.company_id, _contract.contract_id == _line.contract_id))
    .join(Party.__table__, sa.and_(_party.company_id == _line.company_id, _party.party_id == _line.customer_id))
    .outerjoin(ServiceBilling.__table__, sa.and_(_billing.company_id == _line.company_id, _billing.service_id == _line.service_id))
)
_DIFFERENCE = sa.func.round(_line.quantity * (_line.new_price - _line.old_price), 2)
_ROW_ID = sa.cast(_line.service_id, sa.Text) + "/" + _line.band


def _lines(run_id: int) -> Listing:
    return Listing(
        source=_OF_RUN,
        company=_line.company_id,
        where=(_line.price_run_id == run_id,),
        columns={
            "customer": ListColumn(_party.name, folded=_party.search_key),
            "contract": ListColumn(_contract.number, is_nullable=False),
            "description": ListColumn(_service.description, folded=sa.func.base.fold(_service.description)),
            "band": ListColumn(_line.band, is_nullable=False),
            "old_price": ListColumn(_line.old_price, is_nullable=False),
            "new_price": ListColumn(_line.new_price, is_nullable=False),
            "difference": ListColumn(sa.case((_line.reason == "", _DIFFERENCE), else_=sa.literal(0, sa.Numeric(14, 2))), is_summed=True, is_nullable=False),
            "percent": ListColumn(_line.percent),
            "valid_from": ListColumn(_line.valid_from, is_nullable=False),
            "reason": ListColumn(_line.reason, is_nullable=False),
            "is_in": ListColumn(_line.reason == "", is_nullable=False),
            "is_billed": ListColumn(sa.and_(_line.reason == "", sa.func.coalesce(_billing.billed_until >= _line.valid_from, sa.false())), is_nullable=False),
        },
        row_id=_ROW_ID,
        default=Sort("customer"),
        extra=(_ROW_ID.label("row_id"), _line.service_id.label("service_id"), _line.contract_id.label("contract_id"), _line.customer_id.label("customer_id")),
        search=lambda _unit, words: sa.or_(
            _contract.number == words.strip().upper(), sa.func.strpos(_party.search_key, sa.func.base.fold(words)) > 0
        ),
    )  # fmt: skip


def list_run_lines(unit: UnitOfWork, run_id: int, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[PriceRunRow]:
    """Lines of a run: old and new price, or why they stay out."""
    page = _lines(run_id).page(unit, query, after)
    names = tuple(PriceRunRow.__dataclass_fields__)
    return Page(tuple(PriceRunRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_run_lines(unit: UnitOfWork, run_id: int, query: ListQuery) -> Totals:
    return _lines(run_id).totals(unit, query)


def count_reasons(unit: UnitOfWork, run_id: int) -> list[ReasonCount]:
    """Why lines stay out of a run, the commonest reason first."""
    many = sa.func.count().label("many")
    statement = (
        sa.select(_line.reason, many)
        .where(_line.company_id == unit.company_id, _line.price_run_id == run_id, _line.reason != "")
        .group_by(_line.reason)
        .order_by(sa.desc("many"), _line.reason)
    )
    return [ReasonCount(*row) for row in unit.rows(statement)]


_LETTERS = """
  select l.contract_id, case when p.pec <> '' then 'pec' when p.email <> '' then 'email' else 'post' end as channel, p.name, p.kind, k.code,
         btrim(p.street || ' ' || p.street_number) as street, p.postal_code, p.town, p.province_code, coalesce(p.vat_number, '') as vat_number,
         coalesce(p.tax_code, '') as tax_code, p.pec, p.email, coalesce(t.description, '') as payment, c.number, c.title, c.starts_on, c.ends_on,
         s.description, s.kind = 'recurring' as is_monthly, l.quantity, l.old_price, l.new_price, l.valid_from,
         case s.kind when 'recurring' then 'mese' when 'hourly' then 'ora' when 'passages' then 'passaggio' else 'intervento' end
           || case l.band when 'night' then ' notturna' when 'holiday' then ' festiva' when 'overtime' then ' straordinaria' else '' end as unit
  from customers.price_run_line as l
  join registry.party as p on p.company_id = l.company_id and p.party_id = l.customer_id
  join customers.customer as k on k.company_id = l.company_id and k.customer_id = l.customer_id
  join customers.service as s on s.company_id = l.company_id and s.service_id = l.service_id
  join customers.contract as c on c.company_id = l.company_id and c.contract_id = l.contract_id
  left join base.payment_term as t on t.company_id = k.company_id and t.payment_term_id = coalesce(c.payment_term_id, k.payment_term_id)
  where l.company_id = :company and l.price_run_id = :run and l.reason = ''
  order by channel, p.search_key, l.customer_id, c.number, l.service_id, l.band"""


def list_letters(unit: UnitOfWork, run_id: int) -> Iterator[PriceLetter]:
    """One letter for each contract of a run, by channel and name. By PEC, mail or post: the first the customer can be reached by."""
    for _contract_id, group in groupby(unit.rows(sa.text(_LETTERS), {"run": run_id}), key=lambda row: row.contract_id):
        rows = list(group)
        yield _letter(rows)


def _letter(rows: list[Any]) -> PriceLetter:
    one = rows[0]
    town = f"{one.postal_code} {one.town}".strip() + (f" ({one.province_code})" if one.province_code else "")
    greeting = {"person": "Gentile", "condominium": "Spettabile"}.get(one.kind, "Spettabile")
    values = {
        "cliente.nome": one.name, "cliente.saluto": f"{greeting} {one.name}", "cliente.codice": one.code,
        "cliente.indirizzo": ", ".join(part for part in (one.street, town) if part), "cliente.piva": one.vat_number, "cliente.cf": one.tax_code,
        "cliente.pec": one.pec, "cliente.pagamento": one.payment, "contratto.numero": one.number, "contratto.titolo": one.title,
        "contratto.data": formats.date(one.starts_on), "contratto.fine": formats.date(one.ends_on) if one.ends_on else "",
    }  # fmt: skip
    by = {"pec": f"PEC {one.pec}", "email": one.email}.get(one.channel, "")
    lines = tuple(LetterLine(row.description, row.old_price, row.new_price, row.quantity, row.is_monthly, row.unit) for row in rows)
    return PriceLetter(one.contract_id, one.channel, (one.name, one.street, town, by), values, max(row.valid_from for row in rows), lines)


def count_letters(unit: UnitOfWork, run_id: int) -> dict[str, int]:
    """How many contracts are told by which channel."""
    channel = sa.case((_party.pec != "", "pec"), (_party.email != "", "email"), else_="post").label("channel")
    many = sa.func.count(sa.distinct(_line.contract_id)).label("many")
    of_line = sa.and_(_party.company_id == _line.company_id, _party.party_id == _line.customer_id)
    statement = (
        sa.select(channel, many)
        .select_from(sa.join(LineTable.__table__, Party.__table__, of_line))
        .where(_line.company_id == unit.company_id, _line.price_run_id == run_id, _line.reason == "")
        .group_by(channel)
    )
    return {row.channel: row.many for row in unit.rows(statement)}


def sum_candidates(unit: UnitOfWork, on_day: datetime.date) -> tuple[int, Decimal]:
    """How many recurring lines run on a day, and their euro a month: what a run without filters would reach."""
    row = unit.rows(
        sa.text(
            "select count(*), coalesce(sum(round(s.quantity * s.monthly_price, 2)), 0) from customers.service as s "
            "join customers.contract as c on c.company_id = :company and c.contract_id = s.contract_id where s.company_id = :company "
            "and s.kind = 'recurring' and c.state in ('active', 'suspended') and coalesce(s.ends_on, 'infinity') >= :day"
        ),
        {"day": on_day},
    )[0]
    return int(row[0]), Decimal(row[1])
