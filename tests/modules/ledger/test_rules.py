"""Which items a payment is proposed to settle."""

from __future__ import annotations

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.modules.ledger.records import OpenItemRow
from cms_desktop.modules.ledger.rules import is_named, propose_allocation

D = Decimal
TODAY = datetime.date(2026, 11, 22)


def item(number: int, amount: str | Decimal, *, late: int = 0, document: str = "") -> OpenItemRow:
    due = TODAY - datetime.timedelta(days=late)
    return OpenItemRow(number, due, "Alfa", 1, document or f"V 2026/{number}", due, "MP05", D(amount), D(amount), late)


def test_documents_named_in_the_words_come_first() -> None:
    items = [item(11, "50", late=40), item(12, "50", late=10), item(13, "50")]
    found = propose_allocation(D(100), items, words="SALDO FATT. 12/2026 E FATT 13")
    assert (found.reason, found.parts) == ("document", {12: D(50), 13: D(50)})


def test_one_item_of_exactly_the_amount_comes_before_sums() -> None:
    assert propose_allocation(D(70), [item(1, "30", late=9), item(2, "40", late=8), item(3, "70")]).parts == {3: D(70)}


def test_all_that_is_overdue_when_it_sums_to_the_amount() -> None:
    found = propose_allocation(D(75), [item(1, "30", late=9), item(2, "45", late=8), item(3, "80")])
    assert (found.reason, found.parts) == ("overdue", {1: D(30), 2: D(45)})


def test_else_the_oldest_first_and_the_last_in_part() -> None:
    found = propose_allocation(D(50), [item(3, "80"), item(1, "30", late=9)])
    assert (found.reason, found.parts) == ("oldest", {1: D(30), 3: D(20)})


def test_what_names_a_document() -> None:
    assert is_named("V 2026/123", "bonifico saldo fattura 123")
    assert is_named("V 2026/123", "123/2026 vigilanza")
    assert is_named("V 2026/123", "ft.00123")
    assert not is_named("V 2026/123", "saldo 1234 euro 123,00")
    assert not is_named("V 2026/123", "")


@given(
    st.decimals(min_value="0.01", max_value="9999.99", places=2),
    st.lists(st.tuples(st.decimals(min_value="-500.00", max_value="3000.00", places=2), st.integers(-60, 400)), max_size=20),
    st.text(alphabet="fatt. 0123456789", max_size=30),
)
def test_a_proposal_never_uses_more_money_or_more_of_an_item_than_there_is(
    amount: Decimal, owed: list[tuple[Decimal, int]], words: str
) -> None:
    items = [item(n, value, late=late) for n, (value, late) in enumerate(owed, start=1)]
    found = propose_allocation(amount, items, words=words)
    by_id = {one.open_item_id: one for one in items}
    assert found.amount <= amount
    assert all(0 < part <= by_id[key].open_amount for key, part in found.parts.items())
    if found.reason in ("exact", "overdue"):
        assert found.amount == amount
    debts = sum((value for value, _ in owed if value > 0), D(0))
    assert found.amount == min(amount, debts) or found.reason == "none"
