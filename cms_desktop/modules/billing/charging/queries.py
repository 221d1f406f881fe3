"""Items charged by use: the list, the contract lines they can be charged to, how the hours of one are split."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.charging.records import LINE_KIND, ItemRow, LineChoice
from cms_desktop.modules.billing.run_tables import ChargeableItem
from cms_desktop.modules.billing.tables import BillingRun, Invoice
from cms_desktop.modules.customers.tables import Contract, Service, Site
from cms_desktop.modules.registry.tables import Party

_item, _service, _contract = ChargeableItem.__table__.c, Service.__table__.c, Contract.__table__.c
_site, _party, _invoice, _run = Site.__table__.c, Party.__table__.c, Invoice.__table__.c, BillingRun.__table__.c
_site_id = sa.func.coalesce(_item.site_id, _service.site_id)
_customer_id = sa.func.coalesce(_contract.customer_id, _site.customer_id)
_state = sa.case(
    (_item.voided_at.is_not(None), "void"),
    (_item.invoice_id.is_not(None), "billed"),
    (_item.service_id.is_(None), "unassigned"),
    else_="open",
)
_document = sa.func.coalesce(_invoice.document_number, _run.number, "")
_text = lambda column: sa.func.coalesce(column, "")
ITEMS = Listing(
    source=sa.outerjoin(
        ChargeableItem.__table__, Service.__table__, sa.and_(_service.company_id == _item.company_id, _service.service_id == _item.service_id)
    )
    .outerjoin(Contract.__table__, sa.and_(_contract.company_id == _item.company_id, _contract.contract_id == _service.contract_id))
    .outerjoin(Site.__table__, sa.and_(_site.company_id == _item.company_id, _site.site_id == _site_id))
    .outerjoin(Party.__table__, sa.and_(_party.company_id == _item.company_id, _party.party_id == _customer_id))
    .outerjoin(Invoice.__table__, sa.and_(_invoice.company_id == _item.company_id, _invoice.invoice_id == _item.invoice_id))
    .outerjoin(BillingRun.__table__, sa.and_(_run.company_id == _item.company_id, _run.billing_run_id == _invoice.billing_run_id)),
    company=_item.company_id,
    columns={
        "on_date": ListColumn(_item.on_date, is_nullable=False),
        "kind": ListColumn(_item.kind, is_nullable=False),
        "customer": ListColumn(_text(_party.name), folded=_text(_party.search_key), is_nullable=False),
        "contract": ListColumn(_text(_contract.number), is_nullable=False),
        "service": ListColumn(_text(_service.description), folded=sa.func.base.fold(_text(_service.description)), is_nullable=False),
        "site": ListColumn(_text(_site.name), folded=_text(_site.search_key), is_nullable=False),
        "quantity": ListColumn(_item.quantity, is_summed=True, is_nullable=False),
        "charged_quantity": ListColumn(_item.charged_quantity, is_summed=True),
        "band": ListColumn(_item.band, is_nullable=False),
        "state": ListColumn(_state, is_nullable=False),
        "document": ListColumn(_document, is_nullable=False),
        "source": ListColumn(_item.source, is_nullable=False),
        "service_id": ListColumn(_item.service_id),
        "invoice_id": ListColumn(_item.invoice_id),
    },
    row_id=_item.chargeable_item_id,
    default=Sort("on_date", descending=True),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(_text(_party.search_key), sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.lower(_text(_contract.number)), sa.func.lower(text)) > 0,
        sa.func.strpos(sa.func.lower(_item.source_id), sa.func.lower(text)) > 0,
    ),
    extra=(
        _item.chargeable_item_id.label("item_id"), _item.starts_at, _item.ends_at, _item.description, _site_id.label("site_id"),
        _item.source_id, _item.void_reason, _item.row_version,
    ),
)  # fmt: skip
OPEN, UNASSIGNED = (ListQuery((Filter("state", "=", (state,)),)) for state in ("open", "unassigned"))
_NAMES = tuple(ItemRow.__dataclass_fields__)


def list_items(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[ItemRow]:
    """Items, the last first."""
    page = ITEMS.page(unit, query, after)
    return Page(tuple(ItemRow(**{name: getattr(row, name) for name in _NAMES}) for row in page.rows), page.after)


def sum_items(unit: UnitOfWork, query: ListQuery) -> Totals:
    return ITEMS.totals(unit, query)


def find_lines(unit: UnitOfWork, kind: str, text: str) -> list[LineChoice]:
    """Contract lines that items of a kind can be charged to, of customers whose name holds the text, or of the contract with that number."""
    order = """
      select s.service_id, s.kind, p.name as customer, c.number as contract, s.description, s.site_id
      from customers.service as s
      join customers.contract as c on c.company_id = s.company_id and c.contract_id = s.contract_id
      join registry.party as p on p.company_id = c.company_id and p.party_id = c.customer_id
      where s.company_id = :company and s.kind = :kind and c.state in ('active', 'terminated') and not s.is_suspended
        and (:text = '' or p.search_text like '%' || base.fold(:text) || '%' or lower(c.number) like lower(:text) || '%')
      order by p.search_key, c.number, s.service_id limit 50"""
    rows = unit.rows(sa.text(order), {"kind": LINE_KIND[kind], "text": text.strip()})
    return [LineChoice(*row) for row in rows]


def split_item(unit: UnitOfWork, starts_at: datetime.datetime, ends_at: datetime.datetime, service_id: int | None) -> dict[str, Any]:
    """Seconds by day, night, rest (Sunday or holiday) and rest_night, with the hours of the line's type and the calendar of its site's town."""
    order = """
      select h.part, h.seconds
      from (select 1) as one
      left join customers.service as s on s.company_id = :company and s.service_id = :service
      left join customers.service_type as t on t.company_id = s.company_id and t.service_type_id = s.service_type_id
      left join customers.site as w on w.company_id = s.company_id and w.site_id = s.site_id
      cross join lateral billing.split_hours(:company, :starts, :ends, coalesce(t.night_starts_at, '22:00'), coalesce(t.night_ends_at, '06:00'),
                                             w.istat_code) as h"""
    return dict(tuple(row) for row in unit.rows(sa.text(order), {"service": service_id, "starts": starts_at, "ends": ends_at}))
