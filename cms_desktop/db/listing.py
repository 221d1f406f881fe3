"""Turns a ListQuery into SQL: filters, order, a page by key, totals. Used by the queries of every module.

A listing names its columns once; each is an SQL expression. Text conditions on a column that has a `fold` form compare that form.
Paging is by key (sort value, row id): the deepest page costs as much as the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals, Value
from cms_desktop.db.unit_of_work import UnitOfWork

Expression = Any  # a column element or a mapped attribute: they share no typed base that says what is needed here


@dataclass(frozen=True)
class ListColumn:
    """An SQL expression of a list. `folded`: its searchable form (small letters, no accents) when it is text; `contains`: how a
    substring is found when an index can help; `holds`: what `=` and `in` mean for a cell with several values."""

    expression: Expression
    folded: Expression | None = None
    is_summed: bool = False
    is_nullable: bool = True
    contains: Callable[[UnitOfWork, str], Expression] | None = None
    holds: Callable[[tuple[Value, ...]], Expression] | None = None


@dataclass(frozen=True)
class Listing:
    """A list of a module: where its rows come from, its columns by key, the id that makes the order total.

    `search` turns the free-text search into a condition; `nearest` into one that only the next rows after a place in the order by `name` meet,
    when the words are so frequent that this fills a page sooner. `default` is the order when the user chose none.
    """

    source: sa.FromClause
    company: Expression
    columns: Mapping[str, ListColumn]
    row_id: Expression
    default: Sort
    where: tuple[Expression, ...] = ()
    search: Callable[[UnitOfWork, str], Expression] | None = None
    nearest: Callable[[UnitOfWork, str, tuple[object, ...] | None], Expression | None] | None = None
    extra: tuple[Expression, ...] = field(default=())

    def page(self, unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None, limit: int | None = None) -> Page[Any]:
        """Rows as SQLAlchemy rows, labelled by column key, then `extra`; the last row's key continues the list."""
        limit = limit or unit.page_rows
        sort = query.sort if query.sort is not None and query.sort.key in self.columns else self.default
        order = self._sort_expression(sort)
        statement: sa.Select[Any] = sa.select(
            *(column.expression.label(key) for key, column in self.columns.items()),
            *self.extra,
            order.label("_order"),
            self.row_id.label("_id"),
        ).select_from(self.source)
        if after is not None:
            statement = statement.where(_beyond(order, self.row_id, after, sort.descending))
        direction = (order.desc(), self.row_id.desc()) if sort.descending else (order.asc(), self.row_id.asc())
        statement = statement.order_by(*direction).limit(limit + 1)
        rows = self._nearest_rows(unit, query, sort, after, statement)
        if len(rows) <= limit:
            rows = unit.rows(statement.where(*self._conditions(unit, query)))
        more = len(rows) > limit
        rows = rows[:limit]
        return Page(tuple(rows), (rows[-1]._order, rows[-1]._id) if more else None)

    def _nearest_rows(
        self, unit: UnitOfWork, query: ListQuery, sort: Sort, after: tuple[object, ...] | None, statement: sa.Select[Any]
    ) -> Sequence[Any]:
        """Of a search for frequent words by name: what the next hits hold of the page, perhaps not all of it."""
        if self.nearest is None or not query.search.strip() or sort != Sort("name"):
            return ()
        near = self.nearest(unit, query.search.strip(), after)
        return () if near is None else unit.rows(statement.where(*self._conditions(unit, replace(query, search="")), near))

    def totals(self, unit: UnitOfWork, query: ListQuery) -> Totals:
        summed = {key: column for key, column in self.columns.items() if column.is_summed}
        statement = sa.select(sa.func.count().label("_count"), *(sa.func.sum(c.expression).label(k) for k, c in summed.items()))
        row = unit.rows(statement.select_from(self.source).where(*self._conditions(unit, query)))[0]
        return Totals(row._count, {key: getattr(row, key) or Decimal(0) for key in summed})

    def ids(self, unit: UnitOfWork, query: ListQuery) -> sa.Select[Any]:
        """The ids of all rows of a query, as a statement to select from or to compare with."""
        return sa.select(self.row_id).select_from(self.source).where(*self._conditions(unit, query))

    def _sort_expression(self, sort: Sort) -> Expression:
        column = self.columns[sort.key]
        expression = column.folded if column.folded is not None else column.expression
        if not column.is_nullable or column.folded is not None:
            return expression
        return _empty_first(expression)

    def _conditions(self, unit: UnitOfWork, query: ListQuery) -> list[Expression]:
        found = [self.company == unit.company_id, *self.where]
        found += [condition(unit, self.columns[f.key], f) for f in query.filters if f.key in self.columns]
        if query.search.strip() and self.search is not None:
            found.append(self.search(unit, query.search.strip()))
        return found


def _empty_first(expression: Expression) -> Expression:
    """The expression with a value below every other in place of NULL, so that a place in the list is never unknown."""
    kind = expression.type
    if isinstance(kind, sa.DateTime):  # the year 2: in any time zone still a year that Python knows
        return sa.func.coalesce(expression, sa.literal(datetime.datetime(2, 1, 1, tzinfo=datetime.UTC), kind))
    if isinstance(kind, sa.Date):
        return sa.func.coalesce(expression, sa.literal(datetime.date(1, 1, 1), kind))
    if isinstance(kind, sa.Boolean):
        return sa.func.coalesce(expression, sa.false())
    if isinstance(kind, sa.Numeric | sa.Integer):  # without precision: numeric(14,2) holds no infinity
        return sa.func.coalesce(sa.cast(expression, sa.Numeric), sa.cast(sa.literal("-Infinity"), sa.Numeric))
    return sa.func.coalesce(expression, "")


def _beyond(order: Expression, row_id: Expression, after: tuple[object, ...], descending: bool) -> Expression:
    place = sa.tuple_(sa.literal(after[0], order.type), sa.literal(after[1], row_id.type))
    here = sa.tuple_(order, row_id)
    return here < place if descending else here > place


def condition(unit: UnitOfWork, column: ListColumn, wanted: Filter) -> Expression:
    """One filter as SQL."""
    expression = column.expression
    if wanted.operator in ("=", "in") and column.holds is not None:
        return column.holds(wanted.values)
    if wanted.operator == "contains" and column.contains is not None:
        return column.contains(unit, str(wanted.values[0]))
    if wanted.operator in ("contains", "starts"):
        return _text_condition(column, str(wanted.values[0]), wanted.operator)
    if wanted.operator == "in":
        return expression.in_(wanted.values)
    if wanted.operator == "between":
        return expression.between(wanted.values[0], wanted.values[1])
    value = wanted.values[0]
    if wanted.operator == "=" and isinstance(value, str) and column.folded is not None:
        return column.folded == sa.func.base.fold(value)
    return {"=": expression.__eq__, ">": expression.__gt__, ">=": expression.__ge__, "<": expression.__lt__, "<=": expression.__le__}[
        wanted.operator
    ](value)


def _text_condition(column: ListColumn, text: str, operator: str) -> Expression:
    folded = column.folded if column.folded is not None else sa.collate(sa.func.base.fold(sa.cast(column.expression, sa.Text)), "C")
    if operator == "starts":
        low = sa.func.base.fold(text)
        return sa.and_(folded >= low, folded < low.op("||")(sa.literal("\U0010ffff")))
    return sa.func.strpos(folded, sa.func.base.fold(text)) > 0
