from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core import formats
from cms_desktop.core.amounts import parse_amount, parse_number
from cms_desktop.core.errors import InvalidInput

AMOUNTS = st.decimals(min_value=Decimal("-99999999999"), max_value=Decimal("99999999999"), places=2)


@given(AMOUNTS)
def test_what_is_shown_can_be_typed_back(amount: Decimal) -> None:
    assert parse_amount(formats.amount(amount)) == amount
    assert parse_amount(formats.money(amount)) == amount
    assert parse_amount(str(amount)) == amount


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_whole_numbers_come_back_from_their_italian_form(value: int) -> None:
    assert parse_number(formats.number(value)) == value


@given(AMOUNTS, AMOUNTS)
def test_a_sum_is_the_sum_of_its_parts(first: Decimal, second: Decimal) -> None:
    assert parse_amount(f"{formats.amount(first)} + ({formats.amount(second)})") == first + second


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234", "1234.00"),
        ("12.5", "12.50"),
        ("0.50", "0.50"),
        (",5", "0.50"),
        ("€ 684,00", "684.00"),
        ("1 234,56", "1234.56"),
        ("684*3", "2052.00"),
        ("684x3", "2052.00"),
        ("100/3", "33.33"),
        ("200/3", "66.67"),
        ("100+22%", "122.00"),
        ("100-10%", "90.00"),
        ("200*10%", "20.00"),
        ("-(2+3)*2", "-10.00"),
        ("2-3*4", "-10.00"),
    ],
)
def test_comma_point_and_small_sums_are_understood(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "12..5", "1.23.456", "5+", "(5", "5)", "5 5", "__import__('os')", "1/0", "9" * 16, "2**99"]
)
def test_nonsense_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_amount(text)
    assert str(refused.value).endswith(".")


def test_a_third_decimal_is_never_dropped_in_silence() -> None:
    with pytest.raises(InvalidInput):
        parse_amount("1,234")
    assert parse_amount("1,2345", decimals=4) == Decimal("1.2345")
