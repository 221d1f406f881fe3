from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.filter_text import FilterKind, filter_text, parse_filter
from cms_desktop.core.listing import Filter

TODAY = datetime.date(2026, 11, 22)
CHOICES = (("active", "Attivo"), ("ended", "In disdetta"), ("held", "Sospeso"))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def read(kind: FilterKind, text: str) -> Filter | None:
    return parse_filter("column", kind, text, today=TODAY, choices=CHOICES)


@pytest.mark.parametrize(
    ("kind", "text", "operator", "values"),
    [
        ("text", "rossi", "contains", ("rossi",)),
        ("text", "= Rossi S.p.A.", "=", ("Rossi S.p.A.",)),
        ("text", "ros*", "starts", ("ros",)),
        ("number", "> 200", ">", (Decimal(200),)),
        ("number", ">=1.000,50", ">=", (Decimal("1000.50"),)),
        ("number", "< 5", "<", (Decimal(5),)),
        ("number", "100..500", "between", (Decimal(100), Decimal(500))),
        ("number", "..500", "<=", (Decimal(500),)),
        ("number", "684", "=", (Decimal(684),)),
        ("number", "-3", "=", (Decimal(-3),)),
        ("date", "nov", "between", (day("2026-11-01"), day("2026-11-30"))),
        ("date", "nov 2025", "between", (day("2025-11-01"), day("2025-11-30"))),
        ("date", "2025", "between", (day("2025-01-01"), day("2025-12-31"))),
        ("date", "01/11..15/11", "between", (day("2026-11-01"), day("2026-11-15"))),
        ("date", ">01/11/2026", ">", (day("2026-11-01"),)),
        ("date", "> nov", ">", (day("2026-11-30"),)),
        ("date", "<= nov", "<=", (day("2026-11-30"),)),
        ("date", "< nov", "<", (day("2026-11-01"),)),
        ("date", "oggi", "=", (TODAY,)),
        ("date", "3", "=", (day("2026-11-03"),)),
        ("choice", "sosp", "in", ("held",)),
        ("choice", "Attivo, Sospeso", "in", ("active", "held")),
    ],
)
def test_every_short_form_becomes_one_condition(kind: FilterKind, text: str, operator: str, values: tuple[object, ...]) -> None:
    assert read(kind, text) == Filter("column", operator, values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "="),
        ("text", "*"),
        ("number", "tanto"),
        ("number", "500..100"),
        ("number", ".."),
        ("number", ">"),
        ("date", "boh"),
        ("date", "15/11..01/11"),
        ("date", "> "),
        ("date", "31/11"),
        ("choice", "forse"),
    ],
)
def test_nonsense_is_refused_and_names_the_column(kind: FilterKind, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(kind, text)
    assert refused.value.field == "column" and len(str(refused.value)) > 10


def test_an_empty_field_is_no_filter() -> None:
    assert read("text", "  ") is None


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
SIMPLE = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1)
DAYS = st.dates(day("1950-01-01"), day("2100-01-01"))
CONDITIONS = st.one_of(
    st.tuples(st.just("text"), st.builds(lambda o, v: Filter("column", o, (v,)), st.sampled_from(["contains", "=", "starts"]), SIMPLE)),
    st.tuples(st.just("number"), st.builds(lambda o, v: Filter("column", o, (v,)), st.sampled_from(["=", ">", ">=", "<", "<="]), NUMBERS)),
    st.tuples(st.just("number"), st.builds(lambda a, b: Filter("column", "between", (min(a, b), max(a, b))), NUMBERS, NUMBERS)),
    st.tuples(st.just("date"), st.builds(lambda o, v: Filter("column", o, (v,)), st.sampled_from(["=", ">", ">=", "<", "<="]), DAYS)),
    st.tuples(st.just("date"), st.builds(lambda a: Filter("column", "between", (a, a + datetime.timedelta(days=40))), DAYS)),
    st.tuples(st.just("choice"), st.builds(lambda v: Filter("column", "in", (v,)), st.sampled_from([key for key, _ in CHOICES]))),
)


@given(CONDITIONS)
def test_a_condition_written_out_reads_back_the_same(pair: tuple[FilterKind, Filter]) -> None:
    kind, condition = pair
    assert read(kind, filter_text(condition, CHOICES)) == condition
