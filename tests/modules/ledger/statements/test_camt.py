"""A camt.053 is read whole or not at all; each movement has a name of its own that stays the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.ledger.statements.camt import read_camt
from tests.modules.ledger.statements.papers import detail, entry, statement

D = Decimal


@pytest.mark.parametrize("version", ["02", "04", "08", "12"])
def test_movements_keep_sign_day_words_and_who(version: str) -> None:
    [read] = read_camt(
        statement(
            entry("122.00", words="SALDO FATT 12/2026", name="ALFA SRL", iban="IT02A0300203280000400162854"),
            entry("3.50", side="DBIT", ref="B2", words="COMMISSIONI"),
            version=version, closing="1118.50",
        )
    )  # fmt: skip
    first, second = read.lines
    assert (first.amount, first.booked_on.isoformat(), first.words, first.name) == (
        D("122.00"),
        "2026-11-03",
        "SALDO FATT 12/2026",
        "ALFA SRL",
    )
    assert (first.iban, second.amount) == ("IT02A0300203280000400162854", D("-3.50"))
    assert (read.iban, read.difference) == ("IT60X0542811101000000123456", D("0.00"))


def test_a_batch_gives_a_line_for_each_transfer() -> None:
    inner = detail(amount="10.00", words="fatt 1", end="E1") + detail(amount="20.00", words="fatt 2", end="E2")
    [read] = read_camt(statement(entry("30.00", details=inner)))
    assert [(line.amount, line.words, line.reference) for line in read.lines] == [
        (D("10.00"), "fatt 1", "E1"),
        (D("20.00"), "fatt 2", "E2"),
    ]


def test_a_batch_whose_parts_do_not_sum_stays_one_line() -> None:
    [read] = read_camt(statement(entry("31.00", details=detail(amount="10.00") + detail(amount="20.00"))))
    assert [line.amount for line in read.lines] == [D("31.00")]


def test_pending_movements_are_left_aside() -> None:
    [read] = read_camt(statement(entry("10.00"), entry("99.00", status="<Cd>PDNG</Cd>"), entry("88.00", status="INFO")))
    assert [line.amount for line in read.lines] == [D("10.00")]


def test_a_missing_movement_shows_against_the_balances() -> None:
    [read] = read_camt(statement(entry("10.00"), closing="1030.00"))
    assert read.difference == D("20.00")


def test_the_same_movement_has_the_same_key_in_every_file_and_two_equal_ones_have_two() -> None:
    [one] = read_camt(statement(entry("10.00", words="a"), entry("10.00", words="a")))
    [other] = read_camt(statement(entry("10.00", words="a"), entry("10.00", words="a"), entry("5.00", ref="B3")))
    assert len({line.key for line in one.lines}) == 2
    assert {line.key for line in one.lines} < {line.key for line in other.lines}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "camt_unreadable"),
        (b"<a/>", "camt_not_a_statement"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + statement()[38:], "camt_not_a_statement"),
        (statement(currency="USD"), "camt_currency"),
        (statement(entry("1,00")), "camt_amount"),
        (statement(entry("NaN")), "camt_amount"),
        (statement(entry("1.00", day="3/11/2026")), "camt_date"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>', "camt_empty"),
    ],
)
def test_what_is_no_statement_is_told(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_camt(content)
    assert told.value.key == key


@given(
    st.lists(
        st.tuples(st.decimals("0.01", "99999.99", places=2), st.booleans(), st.text(alphabet="abc èà&<>'\"", max_size=20)), max_size=12
    )
)
def test_whatever_is_written_is_read_back(moves: list[tuple[Decimal, bool, str]]) -> None:
    from xml.sax.saxutils import escape

    entries = [entry(str(amount), side="CRDT" if comes else "DBIT", words=escape(words)) for amount, comes, words in moves]
    [read] = read_camt(statement(*entries))
    assert [line.amount for line in read.lines] == [amount if comes else -amount for amount, comes, _ in moves]
    assert [line.words for line in read.lines] == [" ".join(words.split()) for _, _, words in moves]
