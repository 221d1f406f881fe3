"""Lines of a credit note for an amount: shared among the VAT codes, to the cent, never more than is left."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.modules.billing.editor.credit_bar import amount_lines, whole_lines
from cms_desktop.modules.billing.manual.records import CreditableInvoice, CreditableLine

CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


def invoice(lefts: list[tuple[int, Decimal]]) -> CreditableInvoice:
    lines = tuple(
        CreditableLine(7, place, f"Riga {place}", Decimal(1), "", code, str(code), left, left)
        for place, (code, left) in enumerate(lefts, start=1)
    )
    return CreditableInvoice(
        7, "V 2024/1", datetime.date(2024, 5, 1), 1, "Alfa", False, 1, sum((left for _, left in lefts), Decimal(0)), Decimal(0), lines
    )


@given(st.lists(st.tuples(st.integers(1, 3), CENTS), min_size=1, max_size=6), st.integers(1, 100))
def test_an_amount_is_shared_to_the_cent_and_no_code_gets_more_than_is_left(lefts: list[tuple[int, Decimal]], percent: int) -> None:
    found = invoice(lefts)
    total = sum((left for _, left in lefts), Decimal(0))
    net = max((total * percent / 100).quantize(Decimal("0.01")), Decimal("0.01"))
    lines = amount_lines(found, net)
    assert sum((one.amount for one in lines), Decimal(0)) == net
    for one in lines:
        left = sum((left for code, left in lefts if code == one.vat_code_id), Decimal(0))
        assert Decimal(0) < one.amount <= left
    assert amount_lines(found, total + Decimal("0.01")) == () == amount_lines(found, Decimal(0))


@given(st.lists(st.tuples(st.integers(1, 3), CENTS), min_size=1, max_size=6), st.sampled_from(["1", "3", "0.5", "16", "7.125"]))
def test_everything_that_is_left_is_taken_back_to_the_cent(lefts: list[tuple[int, Decimal]], quantity: str) -> None:
    found = invoice(lefts)
    lines = tuple(
        CreditableLine(7, one.line_no, "x", Decimal(quantity), "", one.vat_code_id, "", one.left_amount, one.left_amount)
        for one in found.lines
    )
    made = whole_lines(CreditableInvoice(7, "V 2024/1", found.document_on, 1, "Alfa", False, 1, found.total_amount, Decimal(0), lines))
    assert [one.amount for one in made] == [one.left_amount for one in lines]
