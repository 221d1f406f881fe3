"""Queries about the books: open items and their age, payments, journal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.ledger.records import AgeingBand, AllocationRow, EntryLine, EntryRow, OpenItemRow, PaymentRow
from cms_desktop.modules.ledger.tables import Account, Allocation, JournalEntry, JournalLine, OpenItem, Payment
from cms_desktop.modules.registry.tables import Party

_item, _party, _payment = OpenItem.__table__.c, Party.__table__.c, Payment.__table__.c
_entry, _line, _account = JournalEntry.__table__.c, JournalLine.__table__.c, Account.__table__.c
FIRST_DAYS = (0, 1, 31, 61, 91)  # days late at which each band of age begins


def _with_party(table: sa.FromClause) -> sa.Join:
    return sa.outerjoin(table, Party.__table__, sa.and_(_party.company_id == table.c.company_id, _party.party_id == table.c.customer_id))


_name = ListColumn(sa.func.coalesce(_party.name, ""), folded=sa.func.coalesce(_party.search_key, ""))
OPEN_ITEMS = Listing(
    source=_with_party(OpenItem.__table__),
    company=_item.company_id,
    columns={
        "open_item_id": ListColumn(_item.open_item_id, is_nullable=False),
        "due_on": ListColumn(_item.due_on, is_nullable=False),
        "customer": _name,
        "customer_id": ListColumn(_item.customer_id, is_nullable=False),
        "document": ListColumn(_item.document_number, is_nullable=False),
        "document_on": ListColumn(_item.document_on, is_nullable=False),
        "method": ListColumn(_item.method, is_nullable=False),
        "amount": ListColumn(_item.amount, is_summed=True, is_nullable=False),
        "open_amount": ListColumn(_item.open_amount, is_summed=True, is_nullable=False),
        "days_late": ListColumn(sa.func.current_date(type_=sa.Date).op("-", return_type=sa.Integer())(_item.due_on), is_nullable=False),
    },
    row_id=_item.open_item_id,
    default=Sort("due_on"),
    where=(_item.settled_amount != _item.amount,),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(_party.search_key, sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_item.document_number), sa.func.base.fold(text)) > 0,
    ),
)
# what came in counts; what was written off is no money, what bounced or was paid back went out again
_came_in = sa.case(
    (sa.or_(_payment.bounced_on.is_not(None), _payment.kind.in_(("write_off", "compensation"))), 0),
    (_payment.kind == "refund", -_payment.amount),
    else_=_payment.amount,
)
PAYMENTS = Listing(
    source=_with_party(Payment.__table__),
    company=_payment.company_id,
    columns={
        "on_date": ListColumn(_payment.on_date, is_nullable=False),
        "customer": _name,
        "customer_id": ListColumn(_payment.customer_id, is_nullable=False),
        "method": ListColumn(_payment.method, is_nullable=False),
        "kind": ListColumn(_payment.kind, is_nullable=False),
        "reference": ListColumn(_payment.reference, folded=sa.func.base.fold(_payment.reference), is_nullable=False),
        "description": ListColumn(_payment.description, folded=sa.func.base.fold(_payment.description)),
        "amount": ListColumn(_came_in, is_summed=True, is_nullable=False),
        "free_amount": ListColumn(_payment.unallocated_amount, is_summed=True, is_nullable=False),
        "bounced_on": ListColumn(_payment.bounced_on),
        "payment_id": ListColumn(_payment.payment_id, is_nullable=False),
    },
    row_id=_payment.payment_id,
    default=Sort("on_date", descending=True),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(_party.search_key, sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_payment.description), sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_payment.reference), sa.func.base.fold(text)) > 0,
    ),
)
_one_side = (
    sa.select(sa.func.coalesce(sa.func.sum(_line.debit_amount), 0))
    .where(_line.company_id == _entry.company_id, _line.journal_entry_id == _entry.journal_entry_id)
    .correlate(JournalEntry.__table__)
    .scalar_subquery()
)
ENTRIES = Listing(
    source=JournalEntry.__table__,
    company=_entry.company_id,
    columns={
        "on_date": ListColumn(_entry.on_date, is_nullable=False),
        "entry_id": ListColumn(_entry.journal_entry_id, is_nullable=False),
        "description": ListColumn(_entry.description, folded=sa.func.base.fold(_entry.description)),
        "source": ListColumn(_entry.source, is_nullable=False),
        "amount": ListColumn(_one_side, is_summed=True, is_nullable=False),
    },
    row_id=_entry.journal_entry_id,
    default=Sort("on_date", descending=True),
    search=lambda unit, text: sa.func.strpos(sa.func.base.fold(_entry.description), sa.func.base.fold(text)) > 0,
)
_COUNTED_ENTRIES = replace(ENTRIES, columns={key: replace(column, is_summed=False) for key, column in ENTRIES.columns.items()})
_LINES_OF_ENTRIES = replace(
    ENTRIES,
    source=sa.join(
        JournalEntry.__table__,
        JournalLine.__table__,
        sa.and_(_line.company_id == _entry.company_id, _line.journal_entry_id == _entry.journal_entry_id),
    ),
    columns={**ENTRIES.columns, "amount": ListColumn(_line.debit_amount, is_summed=True, is_nullable=False)},
)


def list_open_items(
    unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None
) -> Page[OpenItemRow]:
    """Open items, those due first on top unless asked otherwise."""
    page = OPEN_ITEMS.page(unit, query, after, limit)
    names = tuple(OpenItemRow.__dataclass_fields__)
    return Page(tuple(OpenItemRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_open_items(unit: UnitOfWork, query: ListQuery) -> Totals:
    return OPEN_ITEMS.totals(unit, query)


def list_payments(
    unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None
) -> Page[PaymentRow]:
    page = PAYMENTS.page(unit, query, after, limit)
    names = tuple(PaymentRow.__dataclass_fields__)
    return Page(tuple(PaymentRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_payments(unit: UnitOfWork, query: ListQuery) -> Totals:
    return PAYMENTS.totals(unit, query)


def list_allocations(unit: UnitOfWork, payment_id: int) -> list[AllocationRow]:
    """What a payment settled, day by day."""
    a = Allocation.__table__.c
    statement = (
        sa.select(a.open_item_id, _item.document_number, _item.due_on, a.on_date, a.amount)
        .select_from(
            sa.join(
                Allocation.__table__, OpenItem.__table__, sa.and_(_item.company_id == a.company_id, _item.open_item_id == a.open_item_id)
            )
        )
        .where(a.company_id == unit.company_id, a.payment_id == payment_id)
        .order_by(a.on_date, a.allocation_id)
    )
    return [AllocationRow(*row) for row in unit.rows(statement)]


def list_debts(unit: UnitOfWork, customer_id: int) -> list[OpenItemRow]:
    """Everything open of a customer, credits included, oldest first."""
    query = ListQuery((Filter("customer_id", "=", (customer_id,)),))
    return list(list_open_items(unit, query).rows)


def list_debts_of(unit: UnitOfWork, customer_ids: Sequence[int]) -> list[OpenItemRow]:
    """Everything open of several customers, oldest first."""
    wanted = sa.bindparam("ids", list(customer_ids), sa.ARRAY(sa.BigInteger))
    columns = [OPEN_ITEMS.columns[name].expression.label(name) for name in OpenItemRow.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .select_from(OPEN_ITEMS.source)
        .where(_item.company_id == unit.company_id, _item.settled_amount != _item.amount, _item.customer_id == sa.any_(wanted))
        .order_by(_item.due_on, _item.open_item_id)
    )
    return [OpenItemRow(**row._mapping) for row in unit.rows(statement)]


def sum_items_on(unit: UnitOfWork, day: datetime.date) -> tuple[int, Decimal]:
    """How many items were open at the end of a day, and for how much."""
    items = sa.func.ledger.items_on(unit.company_id, day).table_valued("open_amount")
    row = unit.rows(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(items.c.open_amount), 0)).select_from(items))[0]
    return row[0], Decimal(row[1])


def list_entries(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[EntryRow]:
    """Journal entries, the newest first unless asked otherwise."""
    page = ENTRIES.page(unit, query, after)
    names = tuple(EntryRow.__dataclass_fields__)
    return Page(tuple(EntryRow(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_entries(unit: UnitOfWork, query: ListQuery) -> Totals:
    """How many entries and what they move; their lines are summed in one pass, not once for each entry."""
    if any(one.key == "amount" for one in query.filters):
        return ENTRIES.totals(unit, query)
    return Totals(_COUNTED_ENTRIES.totals(unit, query).count, {"amount": _LINES_OF_ENTRIES.totals(unit, query).sums["amount"]})


def list_entry_lines(unit: UnitOfWork, entry_id: int) -> list[EntryLine]:
    """The lines of a journal entry."""
    statement = (
        sa.select(_line.line_no, _account.code, _account.name, sa.func.coalesce(_party.name, ""), _line.debit_amount, _line.credit_amount)
        .select_from(_with_party(JournalLine.__table__))
        .join(Account.__table__, sa.and_(_account.company_id == _line.company_id, _account.account_id == _line.account_id))
        .where(_line.company_id == unit.company_id, _line.journal_entry_id == entry_id)
        .order_by(_line.line_no)
    )
    return [EntryLine(*row) for row in unit.rows(statement)]


def band_days(today: datetime.date) -> list[tuple[datetime.date | None, datetime.date | None]]:
    """First and last due date of each band of age on a day; None is no limit. The first band is what is not due yet."""
    day = datetime.timedelta(days=1)
    bands: list[tuple[datetime.date | None, datetime.date | None]] = [(today, None)]
    for start, following in zip(FIRST_DAYS[1:], (*FIRST_DAYS[2:], None), strict=True):
        bands.append((today - day * (following - 1) if following is not None else None, today - day * start))
    return bands


def band_query(first: datetime.date | None, last: datetime.date | None) -> ListQuery:
    """The query of Scadenzario that shows exactly the items due between two days."""
    if first is not None and last is not None:
        return ListQuery((Filter("due_on", "between", (first, last)),))
    if first is not None:
        return ListQuery((Filter("due_on", ">=", (first,)),))
    return ListQuery((Filter("due_on", "<=", (last,)),)) if last is not None else ListQuery()


def sum_ageing(unit: UnitOfWork, today: datetime.date, customer_id: int | None = None) -> list[AgeingBand]:
    """Open items by age on a day, five bands; of the company or of one customer."""
    bands = band_days(today)
    conditions = []
    for first, last in bands:
        limits = [_item.due_on >= first] if first is not None else []
        conditions.append(sa.and_(*limits, *([_item.due_on <= last] if last is not None else [])))
    wanted: list[sa.ColumnElement[Any]] = []
    for condition in conditions:
        wanted += [sa.func.sum(_item.open_amount).filter(condition), sa.func.count().filter(condition)]
    statement = sa.select(*wanted).where(_item.company_id == unit.company_id, _item.settled_amount != _item.amount)
    if customer_id is not None:
        statement = statement.where(_item.customer_id == customer_id)
    row = unit.rows(statement)[0]
    return [AgeingBand(row[2 * n] or Decimal("0.00"), row[2 * n + 1], *limits) for n, limits in enumerate(bands)]
