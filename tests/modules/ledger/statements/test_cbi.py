"""A CBI account flow (RH, EC) is read whole or not at all; the writer of these tests knows only the table of positions."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.ledger.statements.cbi import read_cbi
from cms_desktop.modules.ledger.statements.reader import read_statements
from tests.modules.ledger.statements.flows import flow, free, more, movement
from tests.modules.ledger.statements.papers import entry, statement

D = Decimal


@pytest.mark.parametrize("kind", ["RH", "EC"])
def test_a_transfer_keeps_sign_days_words_and_who_sent_it(kind: str) -> None:
    content = flow(
        movement(
            "122.00",
            more("YYY", on="02112026", tax_code="01234567890", name="ALFA SRL", town="TORINO"),
            more("YY2", street="VIA PO 1", iban="IT02A0300203280000400162854"),
            more("ID1", message="M-1", end_to_end="E2E-7"),
            more("RI1", info="SALDO FATT 12/2026"),
            words="BONIFICO",
        ),
        movement("-3.50", free("COMMISSIONI SU BONIFICO"), causale="16", ref="B2"),
        closing="1118.50", kind=kind,
    )  # fmt: skip
    [read] = read_cbi(content)
    first, second = read.lines
    assert (first.amount, first.booked_on, first.value_on) == (D("122.00"), datetime.date(2026, 11, 3), datetime.date(2026, 11, 2))
    assert (first.words, first.name, first.iban) == ("BONIFICO SALDO FATT 12/2026", "ALFA SRL", "IT02A0300203280000400162854")
    assert (first.reference, second.amount, second.words, second.reference) == ("E2E-7", D("-3.50"), "COMMISSIONI SU BONIFICO", "B2")
    assert (read.iban, read.opening_amount, read.difference) == ("IT60X0542811101000000123456", D("1000.00"), D("0.00"))


def test_a_transfer_from_abroad_names_its_sender_and_purpose() -> None:
    [read] = read_cbi(
        flow(movement("50.00", more("ZZ2", name="MÜLLER GMBH"), more("ZZ3", to="AURORA", info="INVOICE 3/2026"), causale="ZI"))
    )
    assert (read.lines[0].name, read.lines[0].words) == ("MÜLLER GMBH", "INVOICE 3/2026")


def test_a_reversed_entry_is_told_apart() -> None:
    [read] = read_cbi(flow(movement("50.00", causale="68"), movement("51.00")))
    assert [line.is_reversal for line in read.lines] == [True, False]


def test_old_flows_without_country_and_without_first_blank_are_read() -> None:
    content = flow(movement("10.00"), country="    ", counts=False)
    bare = b"\n".join(line[1:] for line in content.split(b"\r\n"))
    assert read_cbi(bare)[0].iban == read_cbi(content)[0].iban == "IT60X0542811101000000123456"


def test_cents_without_a_comma_are_cents() -> None:
    content = flow(movement("10.00")).replace(b"000000000010,00", b"000000000001000")
    assert read_cbi(content)[0].lines[0].amount == D("10.00")


def test_equal_movements_are_two_and_stay_the_same_two() -> None:
    once, again = (read_cbi(flow(movement("10.00"), movement("10.00"))) for _ in range(2))
    keys = [line.key for line in once[0].lines]
    assert len(set(keys)) == 2
    assert keys == [line.key for line in again[0].lines]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b" XX" + flow()[3:], "cbi_not_a_statement"),
        (flow(movement("1.00"))[: 122 * 3], "cbi_cut"),
        (flow(movement("1.00")).replace(movement("1.00")[0].encode() + b"\r\n", b""), "cbi_count"),
        (flow(movement("1.00"), currency="USD"), "camt_currency"),
        (flow(movement("1.00", booked="991126")), "camt_date"),
        (flow(movement("1.00", booked="000000", valued="      ")), "camt_date"),
        (flow(movement("1.00")).replace(b"C000000000001,00", b"X000000000001,00"), "camt_amount"),
        (flow(movement("1.00")).replace(b"000000000001,00", b"0000000000 1,00"), "camt_amount"),
        (flow([free("LOST")]), "cbi_order"),
    ],
)
def test_what_is_wrong_is_named(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_cbi(content)
    assert caught.value.key == key


def test_the_reader_takes_either_form() -> None:
    assert read_statements(flow(movement("10.00")))[0].lines[0].amount == D("10.00")
    assert read_statements(statement(entry("10.00")))[0].lines[0].amount == D("10.00")


LETTERS = "".join(map(chr, range(32, 127))) + "àèéìòùÀÈÉÌÒÙçöüñ"  # one byte each; never by chance the two bytes of another letter
TEXT = st.text(st.sampled_from(LETTERS), max_size=34).map(lambda text: " ".join(text.split()))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(10**13), 10**13).filter(bool), TEXT, st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))))
)
def test_whatever_is_written_is_read_back(facts: list[tuple[int, str, datetime.date]]) -> None:
    euro = [D(cents).scaleb(-2) for cents, _, _ in facts]
    movements = [
        movement(str(value), words=words, booked=day.strftime("%d%m%y")) for value, (_, words, day) in zip(euro, facts, strict=True)
    ]
    [read] = read_cbi(flow(*movements, opening="0.00", closing=str(sum(euro) % D("1e12"))))
    assert [(line.amount, line.words, line.booked_on) for line in read.lines] == [
        (value, words, day) for value, (_, words, day) in zip(euro, facts, strict=True)
    ]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    try:
        read_cbi(b" RH" + noise)
    except InvalidInput as error:
        assert str(error)
