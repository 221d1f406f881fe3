"""What banks answer, read from each form into one record: nothing guessed, nothing dropped, the same answer always the same."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.bank_effects.outcomes.reader import read_outcomes, remedy
from cms_desktop.modules.bank_effects.outcomes.riba import RESULTS, read_riba_outcomes
from tests.modules.bank_effects.outcomes.papers import answer, camt_054, cbi_report, entry, flow, pain_002, sample, schema, status

D = Decimal


# ---- RiBa -------------------------------------------------------------------------------------------------------------


def test_a_receipt_comes_back_with_its_number_amount_day_and_fee() -> None:
    found = read_outcomes(flow(answer(41, "42010", 12200, fee=350), answer(42, "30010", 5000, sign="+")))
    unpaid, paid = found.outcomes
    assert (found.form, found.name) == ("riba", "ESITI-1")
    assert (unpaid.result, unpaid.number, unpaid.amount, unpaid.fee) == ("unpaid", 41, D("122.00"), D("3.50"))
    assert (unpaid.due_on, unpaid.told_on, unpaid.customer_code) == (datetime.date(2026, 12, 31), datetime.date(2027, 1, 5), "C00001")
    assert (paid.result, paid.number, paid.amount, paid.fee) == ("paid", 42, D("50.00"), None)


@pytest.mark.parametrize("sign", ["+", "-", " "])
def test_the_sign_decides_nothing(sign: str) -> None:
    assert read_riba_outcomes(flow(answer(1, "42010", 100, sign=sign))).outcomes[0].result == "unpaid"


@pytest.mark.parametrize(("code", "result"), [*RESULTS.items(), ("99999", "unknown")])
def test_each_causale_has_its_meaning_and_an_unknown_one_goes_to_a_person(code: str, result: str) -> None:
    assert read_riba_outcomes(flow(answer(1, code, 100))).outcomes[0].result == result


def test_an_answer_keeps_its_name_wherever_it_stands_in_whatever_flow() -> None:
    first = read_riba_outcomes(flow(answer(1, "42010", 100), answer(2, "42010", 200))).outcomes
    again = read_riba_outcomes(flow(answer(2, "42010", 200), answer(3, "42010", 300))).outcomes
    assert first[1].key == again[0].key
    assert len({one.key for one in (*first, *again)}) == 3


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b" XX" + flow()[3:], "outcome_unreadable"),
        (flow(answer(1, "42010", 100), tail=False), "outcome_cut"),
        (flow(answer(1, "42010", 100)).replace(answer(1, "42010", 100)[1].encode() + b"\r\n", b""), "outcome_count"),
        (flow([answer(1, "42010", 100)[1]]), "outcome_order"),
        (flow(answer(1, "42010", 100)).replace(b"0000000000100", b"00000000001 0"), "outcome_amount"),
        (flow(answer(1, "42010", 100, due="991326")), "outcome_date"),
        (flow(answer(1, "     ", 100)), "outcome_code"),
    ],
)
def test_a_damaged_flow_is_refused_whole(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_outcomes(content)
    assert caught.value.key == key


@given(st.lists(st.tuples(st.integers(1, 10**10 - 1), st.integers(0, 10**13 - 1), st.sampled_from([*RESULTS, "31000"])), max_size=30))
@settings(deadline=None)
def test_whatever_answers_a_bank_writes_are_read_back(facts: list[tuple[int, int, str]]) -> None:
    found = read_riba_outcomes(flow(*(answer(number, code, cents) for number, cents, code in facts)))
    assert [(one.number, one.amount, one.code) for one in found.outcomes] == [
        (number, D(cents).scaleb(-2), code) for number, cents, code in facts
    ]


# ---- pain.002, CBI report -----------------------------------------------------------------------------------------------


def test_a_rejected_debit_is_unpaid_with_its_reason() -> None:
    content = pain_002(status(2), status(3, "ACSC", "NARR"))
    schema("pain001", "pain.002.001.03.xsd").assertValid(etree.fromstring(content))
    found = read_outcomes(content)
    rejected, settled = found.outcomes
    assert (found.form, found.about, found.name) == ("pain.002", "SDD-2026-1", "ST-1")
    assert (rejected.result, rejected.code, rejected.number, rejected.end_to_end) == ("unpaid", "AM04", 2, "FT-2")
    assert (rejected.amount, rejected.due_on, rejected.words) == (D("122.00"), datetime.date(2026, 12, 31), "fondi insufficienti")
    assert (settled.result, rejected.told_on) == ("paid", datetime.date(2027, 1, 5))


def test_a_message_or_block_refused_as_a_whole_speaks_of_all_of_it() -> None:
    [whole] = read_outcomes(pain_002(group="RJCT", count_block=False)).outcomes
    assert (whole.scope, whole.result, whole.end_to_end, whole.number) == ("message", "unpaid", "SDD-2026-1", None)
    [block] = read_outcomes(pain_002(block="<PmtInfSts>RJCT</PmtInfSts>")).outcomes
    assert (block.scope, block.result, block.end_to_end) == ("block", "unpaid", "SDD-1/1")


def test_the_report_of_the_cbi_says_the_same() -> None:
    [one] = read_outcomes(cbi_report(status(2))).outcomes
    assert (one.result, one.code, one.number, one.amount) == ("unpaid", "AM04", 2, D("122.00"))


def test_a_sample_of_another_program_is_read() -> None:
    found = read_outcomes(sample("pain001", "pain002_sample.xml"))
    assert [(one.result, one.code, one.end_to_end, one.number) for one in found.outcomes] == [("unpaid", "AC04", "PaymentID6789", None)]


# ---- camt -------------------------------------------------------------------------------------------------------------


def test_a_return_in_a_notification_is_unpaid_and_other_movements_are_none() -> None:
    content = camt_054(entry(7), entry(8, reason=""), entry(9, side="CRDT", reason="AC04"))
    schema("camt053", "camt.054.001.02.xsd").assertValid(etree.fromstring(content))
    back, other = read_outcomes(content).outcomes
    assert (back.result, back.code, back.number, back.end_to_end, back.mandate) == ("unpaid", "MD06", 7, "FT-7", "MND7")
    assert (back.amount, back.told_on, back.fee, back.words) == (D("122.00"), datetime.date(2027, 1, 6), D("3.50"), "rimborso")
    assert (other.number, other.result) == (9, "unknown"), "money back to us with a reason: a person looks"


def test_equal_files_give_equal_names() -> None:
    assert read_outcomes(camt_054(entry(7))) == read_outcomes(camt_054(entry(7)))
    assert read_outcomes(pain_002(status(2))).outcomes[0].key != read_outcomes(pain_002(status(2, reason="AC04"))).outcomes[0].key


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"<a", "outcome_unreadable"),
        (b"<a/>", "outcome_none"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "outcome_unreadable"),
        (pain_002(status(2, amount="1.001")), "outcome_amount"),
        (pain_002(status(2, amount="molto")), "outcome_amount"),
        (pain_002(status(2)).replace(b"2026-12-31", b"31/12/26"), "outcome_date"),
    ],
)
def test_what_is_no_answer_says_so(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_outcomes(content)
    assert caught.value.key == key


def test_reasons_call_for_what_the_trade_does() -> None:
    assert [remedy(code) for code in ("AM04", "MD01", "RC01", "42010", "XX99")] == ["retry", "stop", "mend", "retry", "look"]
