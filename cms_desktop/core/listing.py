"""What a list asks for and gets: filters, order, a page by key, totals. Shared by the screen (which builds them) and the queries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Generic, Literal, TypeVar

Operator = Literal["contains", "starts", "=", ">", ">=", "<", "<=", "between", "in"]
Value = str | int | Decimal | datetime.date | bool
PAGE_ROWS = 200  # rows a list fetches at once; scrolling asks for more
MOST_ROWS = 5_000  # rows a list holds at the most

Row = TypeVar("Row")


@dataclass(frozen=True)
class Filter:
    """One condition in force: column key, operator, one value (two for `between`, any number for `in`)."""

    key: str
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Sort:
    key: str
    descending: bool = False


@dataclass(frozen=True)
class ListQuery:
    """Filters and order of a list. `search` is the free-text search over the module's search keys."""

    filters: tuple[Filter, ...] = ()
    sort: Sort | None = None
    search: str = ""

    def with_filter(self, condition: Filter) -> ListQuery:
        """The same query with one more filter, replacing another on the same column."""
        return replace(self, filters=(*(f for f in self.filters if f.key != condition.key), condition))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order and the key after which the next page starts (None: that was the last)."""

    rows: tuple[Row, ...]
    after: tuple[object, ...] | None = None


@dataclass(frozen=True)
class Totals:
    """Of the whole result, never of the page: how many rows, and the sums by column key."""

    count: int
    sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundRecord:
    """A record that the search of the command palette found: under which title, how it reads, which page of its module opens it."""

    group: str
    icon: str
    text: str
    detail: str
    right: str
    page: str
    record_id: int
