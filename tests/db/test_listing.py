"""Lists: what a filter finds, how pages by key join up, what totals add. Against plain Python over the same rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.db.listing import ListColumn, Listing, condition
from cms_desktop.db.login import LoginSession
from cms_desktop.db.unit_of_work import UnitOfWork
from tests.house import House

UTC = datetime.UTC
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "company_id": sa.Integer(), "id": sa.BigInteger(), "name": sa.Text(), "note": sa.Text(), "amount": sa.Numeric(14, 2), "pieces": sa.Integer(),
    "on_date": sa.Date(), "at": sa.DateTime(timezone=True), "is_open": sa.Boolean(),
}  # fmt: skip
SORTABLE = ("id", "name", "note", "amount", "pieces", "on_date", "at", "is_open")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def marta(shared_house: House) -> Iterator[LoginSession]:
    session = shared_house.log_in("marta.bellini")
    yield session
    session.close()


@pytest.fixture
def unit(marta: LoginSession) -> Iterator[UnitOfWork]:
    with marta.database.unit_of_work(1) as unit:
        yield unit


def fold(words: str) -> str:
    return words.translate(str.maketrans("ÀÈÉÌÒÙàèéìòù'’", "AEEIOUaeeiou  ")).lower()


def listing(rows: list[Row]) -> Listing:
    """A list over rows written into the query itself."""
    written = sa.values(*(sa.column(name, kind) for name, kind in COLUMNS.items()), name="written")
    written = written.data([tuple(row[name] for name in COLUMNS) for row in rows])
    source = sa.select(*(sa.cast(written.c[name], kind).label(name) for name, kind in COLUMNS.items())).subquery("rows")
    c = source.c
    return Listing(
        source,
        c.company_id,
        {
            "id": ListColumn(c.id, is_nullable=False),
            "name": ListColumn(c.name, folded=sa.func.base.fold(c.name), is_nullable=False),
            "note": ListColumn(c.note),
            "amount": ListColumn(c.amount, is_summed=True),
            "pieces": ListColumn(c.pieces, is_summed=True),
            "on_date": ListColumn(c.on_date),
            "at": ListColumn(c.at),
            "is_open": ListColumn(c.is_open),
        },
        c.id,
        Sort("name"),
        search=lambda unit, words: sa.func.strpos(sa.func.base.fold(c.name), sa.func.base.fold(words)) > 0,
    )


def some_row(number: int, **given: Any) -> Row:
    return {
        "company_id": 1,
        "id": number,
        "name": "x",
        "note": None,
        "amount": None,
        "pieces": None,
        "on_date": None,
        "at": None,
        "is_open": None,
    } | given


def every_row(unit: UnitOfWork, rows: list[Row], query: ListQuery, limit: int) -> list[int]:
    """The ids of all pages, one after the other."""
    found: list[int] = []
    after = None
    for _ in range(len(rows) + 1):
        page = listing(rows).page(unit, query, after, limit)
        assert len(page.rows) <= limit
        found += [row.id for row in page.rows]
        after = page.after
        if after is None:
            return found
        assert len(page.rows) == limit
    raise AssertionError("the pages do not end")


# an empty value comes before every other
BEFORE: dict[str, Callable[[Any], Any]] = {
    "note": lambda v: v or "", "name": fold, "amount": lambda v: Decimal("-Infinity") if v is None else v,
    "pieces": lambda v: Decimal("-Infinity") if v is None else v, "on_date": lambda v: v or datetime.date.min,
    "at": lambda v: v or datetime.datetime.min.replace(tzinfo=UTC), "is_open": bool, "id": lambda v: v,
}  # fmt: skip

NORMAL = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate), derandomize=True, database=None
)
words = st.text("aAbBèÈ' z", max_size=3)
random_row = st.fixed_dictionaries({
    "company_id": st.sampled_from([1, 1, 1, 2]),
    "name": words,
    "note": st.none() | words,
    "amount": st.none() | st.decimals(-999, 999, places=2),
    "pieces": st.none() | st.integers(-5, 5),
    "on_date": st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 1, 1)),
    "at": st.none() | st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(UTC)),
    "is_open": st.none() | st.booleans(),
})  # fmt: skip
random_rows = st.lists(random_row, min_size=1, max_size=14).map(lambda rows: [row | {"id": number} for number, row in enumerate(rows, 1)])


@pytest.mark.parametrize("key", SORTABLE)
@given(rows=random_rows, descending=st.booleans(), limit=st.integers(1, 6))
@settings(NORMAL, max_examples=8)
def test_the_pages_joined_are_the_whole_list_in_order(marta: LoginSession, key: str, rows: list[Row], descending: bool, limit: int) -> None:
    expected = [row for row in rows if row["company_id"] == 1]
    expected.sort(key=lambda row: (BEFORE[key](row[key]), row["id"]), reverse=descending)
    with marta.database.unit_of_work(1) as unit:
        assert every_row(unit, rows, ListQuery(sort=Sort(key, descending)), limit) == [row["id"] for row in expected]


OPERATIONS: dict[str, Callable[[Any, tuple[Any, ...]], bool]] = {
    "=": lambda v, w: v == w[0], ">": lambda v, w: v > w[0], ">=": lambda v, w: v >= w[0], "<": lambda v, w: v < w[0], "<=": lambda v, w: v <= w[0],
    "between": lambda v, w: w[0] <= v <= w[1], "in": lambda v, w: v in w,
}  # fmt: skip


@given(
    rows=random_rows,
    key=st.sampled_from(["amount", "pieces", "on_date", "note"]),
    operator=st.sampled_from(sorted(OPERATIONS)),
    pick=st.data(),
)
@settings(NORMAL, max_examples=25)
def test_a_filter_finds_what_it_says_and_totals_add_the_same_rows(
    marta: LoginSession, rows: list[Row], key: str, operator: str, pick: st.DataObject
) -> None:
    present = [row[key] for row in rows if row[key] is not None]
    if not present:
        return
    values = tuple(sorted(pick.draw(st.sampled_from(present)) for _ in range(2)))
    kept = [r for r in rows if r["company_id"] == 1 and r[key] is not None and OPERATIONS[operator](r[key], values)]
    query = ListQuery((Filter(key, operator, values),), Sort("id"))  # type: ignore[arg-type]
    with marta.database.unit_of_work(1) as unit:
        assert every_row(unit, rows, query, 4) == [row["id"] for row in kept]
        totals = listing(rows).totals(unit, query)
    assert totals.count == len(kept)
    assert totals.sums == {
        name: sum((Decimal(row[name]) for row in kept if row[name] is not None), Decimal(0)) for name in ("amount", "pieces")
    }


@given(
    rows=random_rows,
    wanted=st.text("aèB'%_\\", min_size=1, max_size=2),
    key=st.sampled_from(["name", "note"]),
    operator=st.sampled_from(["contains", "starts", "="]),
)
@settings(NORMAL, max_examples=25)
def test_a_text_is_found_without_accents_and_capitals(marta: LoginSession, rows: list[Row], wanted: str, key: str, operator: str) -> None:
    def fits(value: str | None) -> bool:
        if value is None:
            return False
        if operator == "=":
            return fold(value) == fold(wanted) if key == "name" else value == wanted
        return fold(wanted) in fold(value) if operator == "contains" else fold(value).startswith(fold(wanted))

    query = ListQuery((Filter(key, operator, (wanted,)),), Sort("id"))  # type: ignore[arg-type]
    with marta.database.unit_of_work(1) as unit:
        assert every_row(unit, rows, query, 5) == [row["id"] for row in rows if row["company_id"] == 1 and fits(row[key])]


def test_starting_with_compares_by_letter_whatever_the_collation_of_the_server(unit: UnitOfWork) -> None:
    # the upper bound of a prefix holds in collation "C" only: a language's own order ignores the sign that closes the range
    column = ListColumn(sa.column("note", sa.Text()))
    compared = str(condition(unit, column, Filter("note", "starts", ("ab",))).compile(dialect=unit.session.get_bind().dialect))
    assert compared.count('COLLATE "C"') == 2


def test_two_filters_and_a_search_hold_together(unit: UnitOfWork) -> None:
    rows = [some_row(n, name=name, pieces=n) for n, name in enumerate(("Banca", "Bar", "Bàrbara", "Cantina"), 1)]
    query = ListQuery((Filter("pieces", ">", (1,)), Filter("name", "starts", ("ba",))), search=" BAR ")
    assert every_row(unit, rows, query, 10) == [2, 3]
    assert listing(rows).totals(unit, query).sums["pieces"] == 5


def test_an_unknown_column_in_a_saved_view_is_ignored(unit: UnitOfWork) -> None:
    rows = [some_row(1, name="b"), some_row(2, name="a")]
    assert every_row(unit, rows, ListQuery((Filter("gone", "=", (1,)),), Sort("gone_too")), 10) == [2, 1]


def test_an_empty_list_has_no_next_page_and_totals_of_zero(unit: UnitOfWork) -> None:
    rows = [some_row(1, company_id=2, amount=Decimal(5))]
    page = listing(rows).page(unit, ListQuery(), None)
    assert (page.rows, page.after) == ((), None)
    totals = listing(rows).totals(unit, ListQuery())
    assert (totals.count, totals.sums) == (0, {"amount": Decimal(0), "pieces": Decimal(0)})


def test_a_page_that_ends_exactly_is_the_last(unit: UnitOfWork) -> None:
    rows = [some_row(n) for n in (1, 2, 3)]
    assert listing(rows).page(unit, ListQuery(), None, 3).after is None
    assert listing(rows).page(unit, ListQuery(), None, 2).after is not None


def test_a_row_added_before_the_place_reached_shifts_nothing(unit: UnitOfWork) -> None:
    rows = [some_row(n, name=name) for n, name in enumerate("bdfh", 1)]
    first = listing(rows).page(unit, ListQuery(), None, 2)
    later = [*rows, some_row(9, name="a"), some_row(10, name="g")]
    second = listing(later).page(unit, ListQuery(), first.after, 10)
    assert [row.name for row in (*first.rows, *second.rows)] == ["b", "d", "f", "g", "h"]
