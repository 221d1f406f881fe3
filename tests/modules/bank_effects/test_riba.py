import datetime
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import vat_number_from
from cms_desktop.modules.bank_effects.fixed_width import bank_text
from cms_desktop.modules.bank_effects.riba.records import RibaBatch, RibaCreditor, RibaEffect
from cms_desktop.modules.bank_effects.riba.write import riba_file
from tests.modules.bank_effects.riba_reader import read_riba

CREDITOR = RibaCreditor(
    name="Vigilanza Aurora S.r.l. – Istituto di vigilanza privata",
    tax_code="00743110157",
    sia_code="A1B2C",
    abi="05428",
    cab="11101",
    account="000000123456",
    street="Via dell'Industria 14",
    city="20139 Milano MI",
)
EFFECT = RibaEffect(
    receipt_number=4711,
    due_on=datetime.date(2026, 4, 30),
    amount=Decimal("1220.05"),
    debtor_name="Caffè Città di Forlì S.n.c. di Dell'Orto Niccolò e Pèrez",
    debtor_tax_code="01849250483",
    debtor_street="Piazza Aurelio Saffi 1",
    debtor_postcode="47121",
    debtor_city="Forlì",
    debtor_province="FC",
    debtor_abi="02008",
    debtor_cab="01600",
    debtor_bank="UniCredit – Forlì centro",
    reference="Fatt. 2026/125 del 31/03/2026 € 1.220,05",
    customer_code="C001234",
)
BATCH = RibaBatch(CREDITOR, datetime.date(2026, 4, 1), "RIBA-2026-0001", (EFFECT,))


def test_a_receipt_reads_back_field_by_field():
    opening, first, creditor, debtor, address, reference, number, last, closing = read_riba(riba_file(BATCH))
    assert opening == {
        "record": "IB", "sender": "A1B2C", "receiving_bank": "05428", "created_on": BATCH.created_on, "support_name": "RIBA-2026-0001", "free": "", "currency": "E",
    }  # fmt: skip
    assert first == {
        "record": "14", "progressive": 1, "due_on": EFFECT.due_on, "cause": "30000", "cents": 122005, "sign": "-", "creditor_abi": "05428",
        "creditor_cab": "11101", "creditor_account": "000000123456", "debtor_abi": "02008", "debtor_cab": "01600", "sia_code": "A1B2C",
        "code_kind": "4", "customer_code": "C001234", "bank_flag": "", "currency": "E",
    }  # fmt: skip
    assert [creditor[f"creditor_line_{n}"] for n in (1, 2, 3, 4)] == [
        "VIGILANZA AURORA S.R.L.", "- ISTITUTO DI VIGILANZA", "VIA DELL'INDUSTRIA 14", "20139 MILANO MI",
    ]  # fmt: skip
    assert (debtor["debtor_name_1"], debtor["debtor_name_2"]) == ("CAFFE CITTA DI FORLI S.N.C. DI", "DELL'ORTO NICCOLO E PEREZ")
    assert (address["debtor_postcode"], address["debtor_city"], address["debtor_province"]) == ("47121", "FORLI", "FC")
    assert address["debtor_bank"] == "UNICREDIT - FORLI CENTRO"
    assert reference["reference_1"] == "FATT. 2026/125 DEL 31/03/2026 EUR" and reference["reference_2"] == "1.220,05"
    assert (number["receipt_number"], number["creditor_name"], last["progressive"]) == (4711, "VIGILANZA AURORA S.R", 1)
    assert (closing["receipts"], closing["negative_cents"], closing["positive_cents"], closing["records"]) == (1, 122005, 0, 9)


def test_the_stamp_authorisation_is_written_when_there_is_one():
    creditor = replace(CREDITOR, stamp_office="Milano", stamp_authorisation="4321", stamp_authorised_on=datetime.date(2001, 5, 6))
    record = read_riba(riba_file(replace(BATCH, creditor=creditor)))[6]
    assert (record["stamp_office"], record["stamp_authorisation"], record["stamp_authorised_on"]) == ("MILANO", "0000004321", "060501")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"debtor_abi": ""}, "debtor_abi"),
        ({"debtor_cab": "123"}, "debtor_cab"),
        ({"amount": Decimal("100000000000.00")}, "amount"),
        ({"amount": Decimal("0.00")}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"debtor_name": "  "}, "debtor_name"),
        ({"debtor_tax_code": "01849250484"}, "debtor_tax_code"),
        ({"debtor_city": ""}, "debtor_street"),
        ({"debtor_postcode": "4712"}, "debtor_postcode"),
        ({"reference": ""}, "reference"),
        ({"receipt_number": 10**10}, "receipt_number"),
        ({"customer_code": "X" * 17}, "customer_code"),
    ],
)
def test_what_the_format_cannot_hold_is_said_with_the_effect(change, field):
    with pytest.raises(InvalidInput) as raised:
        riba_file(replace(BATCH, effects=(replace(EFFECT, **change),)))
    assert raised.value.field == field and "{" not in str(raised.value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sia_code": "A1"}, "sia_code"),
        ({"cab": ""}, "abi"),
        ({"account": "1" * 13}, "account"),
        ({"tax_code": ""}, "tax_code"),
        ({"name": "…" * 0}, "name"),
        ({"stamp_authorisation": "X"}, "stamp_authorisation"),
    ],
)
def test_a_creditor_without_its_codes_is_refused(change, field):
    with pytest.raises(InvalidInput) as raised:
        riba_file(replace(BATCH, creditor=replace(CREDITOR, **change)))
    assert raised.value.field == field


def test_an_empty_batch_and_an_overlong_name_are_refused():
    for change in ({"effects": ()}, {"support_name": "x" * 21}):
        with pytest.raises(InvalidInput):
            riba_file(replace(BATCH, **change))


def test_the_largest_amount_fits():
    largest = replace(EFFECT, amount=Decimal("99999999999.99"))
    assert read_riba(riba_file(replace(BATCH, effects=(largest, largest))))[-1]["negative_cents"] == 2 * (10**13 - 1)


def test_signs_that_banks_read_differently_become_spaces():
    assert bank_text("A@B [C] #1 ~ \\ d|e") == "A B C 1 D E"


LETTERS = "abcdefghilmnopqrstuvzABCDEFGHILMNOPQRSTUVZ 0123456789.,'&-àèéìòùÀÈÉÌÒÙç"
names = st.text(LETTERS, min_size=1, max_size=90).filter(lambda text: plain(text) != "")
effects = st.builds(
    RibaEffect,
    receipt_number=st.integers(1, 10**10 - 1),
    due_on=st.dates(datetime.date(2020, 1, 1), datetime.date(2060, 1, 1)),
    amount=st.decimals("0.01", "99999999.99", places=2),
    debtor_name=names,
    debtor_tax_code=st.integers(1, 9_999_999).map(lambda number: vat_number_from(f"{number:07d}015")),
    debtor_street=names,
    debtor_postcode=st.from_regex(r"[0-9]{5}", fullmatch=True).filter(str.isascii),
    debtor_city=names,
    debtor_abi=st.from_regex(r"[0-9]{5}", fullmatch=True).filter(str.isascii),
    debtor_cab=st.from_regex(r"[0-9]{5}", fullmatch=True).filter(str.isascii),
    reference=names,
    customer_code=st.text("ABC123", max_size=16),
    debtor_province=st.sampled_from(["", "MI", "TO"]),
    debtor_bank=names | st.just(""),
    is_debtor_a_bank=st.booleans(),
)


def plain(text):
    """Capitals without accents, single spaces."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(letters.upper().split())


def assert_holds(first, second, text, width):
    """Two fields hold the words of a text in order; nothing is lost while it fits."""
    words, expected = (first + second).replace(" ", ""), plain(text).replace(" ", "")
    assert expected.startswith(words)
    assert words == expected or len(plain(text)) > 2 * width


@settings(max_examples=60, deadline=None)
@given(st.lists(effects, min_size=1, max_size=5))
def test_any_batch_reads_back_as_written(made):
    opening, *records, closing = read_riba(riba_file(replace(BATCH, effects=tuple(made))))
    assert len(records) == 7 * len(made) and closing["records"] == 7 * len(made) + 2
    assert closing["negative_cents"] == sum(int(effect.amount * 100) for effect in made) and closing["receipts"] == len(made)
    assert {key: opening[key] for key in ("sender", "created_on")} == {key: closing[key] for key in ("sender", "created_on")}
    for place, effect in enumerate(made):
        receipt = {}
        for record in records[7 * place : 7 * place + 7]:
            assert record["progressive"] == place + 1
            receipt |= record
        assert (receipt["receipt_number"], receipt["due_on"], receipt["cents"]) == (
            effect.receipt_number,
            effect.due_on,
            int(effect.amount * 100),
        )
        assert_holds(receipt["debtor_name_1"], receipt["debtor_name_2"], effect.debtor_name, 30)
        assert_holds(receipt["reference_1"], receipt["reference_2"], effect.reference, 40)
        assert receipt["debtor_street"] == plain(effect.debtor_street)[:30].rstrip()
        assert receipt["debtor_city"] == plain(effect.debtor_city)[:23].rstrip()
        assert (receipt["debtor_postcode"], receipt["debtor_abi"], receipt["debtor_cab"]) == (
            effect.debtor_postcode,
            effect.debtor_abi,
            effect.debtor_cab,
        )
        assert (receipt["debtor_tax_code"], receipt["customer_code"]) == (effect.debtor_tax_code, effect.customer_code)
        assert (receipt["bank_flag"] == "B") is effect.is_debtor_a_bank
