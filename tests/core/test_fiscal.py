import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_desktop.core import fiscal
from cms_desktop.core.latin import basic_text, latin_text


def test_a_right_partita_iva_is_no_problem():
    for text in ("00743110157", " 007 4311 0157", "IT00743110157", ""):
        assert fiscal.check_vat_number(text) is None


def test_two_swapped_digits_are_put_back():
    problem = iva_problem("00743101157")
    assert problem.fix == "00743110157" or "00743110157" in str(problem)


def test_a_lost_leading_zero_is_given_back():
    assert iva_problem("0743110157").fix == "00743110157"


def test_letters_that_look_like_digits_are_read_as_digits():
    assert iva_problem("OO743110157").fix == "00743110157"


def test_a_wrong_office_code_is_named():
    assert iva_problem(fiscal.vat_number_from("1234567500")).values == {"office": "500"}


def test_a_short_number_says_how_many_digits_there_are():
    assert "qui sono 5" in str(iva_problem("12345"))


def test_foreign_vat_numbers_follow_their_country():
    assert fiscal.check_vat_number("DE136695976", "DE") is None
    assert fiscal.check_vat_number("EL094259216", "GR") is None
    assert fiscal.check_vat_number("DE136695970", "DE") is not None
    assert fiscal.check_vat_number("CHE-123.456.788", "CH") is None


@given(st.integers(min_value=1, max_value=9_999_999), st.integers(min_value=1, max_value=100), st.integers(min_value=0, max_value=9))
def test_every_wrong_check_digit_gets_a_valid_proposal(number, office, step):
    right = fiscal.vat_number_from(f"{number:07d}{office:03d}")
    assert fiscal.check_vat_number(right) is None
    wrong = right[:10] + str((int(right[10]) + 1 + step % 9) % 10)
    problem = fiscal.check_vat_number(wrong)
    assert problem is not None and fiscal.check_vat_number(problem.fix) is None and problem.fix


def test_tax_codes_of_persons_are_accepted_with_omocodia():
    assert fiscal.check_tax_code("RCCMNL83S18D969H") is None
    assert fiscal.check_tax_code("rccmnl83s18d969h") is None
    first = "RCCMNL83S18D96V"
    assert fiscal.check_tax_code(first + fiscal.codicefiscale.calc_check_digit(first)) is None


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("RCCMNL83S18D969P", "RCCMNL83S18D969H"),
        ("RCCMNL83SI8D969H", "RCCMNL83S18D969H"),
        ("RCCMN183S18D969H", "RCCMNI83S18D969H"),
        ("RCCMNL83S18D96", ""),
        ("RCCMNL83S73D969T", ""),
    ],
)
def test_a_wrong_person_tax_code_gets_a_proposal_when_there_is_one(typed, fix):
    problem = fiscal.check_tax_code(typed)
    assert problem is not None
    assert problem.fix == "" or fiscal.check_tax_code(problem.fix) is None
    assert bool(problem.fix) or typed in ("RCCMN183S18D969H", "RCCMNL83S18D96", "RCCMNL83S73D969T")


def test_a_company_tax_code_has_eleven_digits():
    assert fiscal.check_company_tax_code("80012345678") is not None
    assert fiscal.check_tax_code(fiscal.vat_number_from("8001234567")) is None
    assert fiscal.check_company_tax_code("RCCMNL83S18D969H") is not None


def test_an_iban_with_spaces_is_right_and_gives_its_parts():
    assert fiscal.check_iban("IT60 X054 2811 1010 0000 0123 456") is None
    assert fiscal.bank_coordinates("IT60X0542811101000000123456") == fiscal.BankCoordinates("X", "05428", "11101", "000000123456")
    assert fiscal.bank_coordinates("DE89370400440532013000") is None


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("IT61X0542811101000000123456", "IT60X0542811101000000123456"),
        ("IT60X0542811101000000124356", "IT60X0542811101000000123456"),
        ("IT60XO542811101000000123456", "IT60X0542811101000000123456"),
        ("IT60X054281110100000012345", ""),
        ("1234", ""),
    ],
)
def test_a_wrong_iban_is_put_right_when_only_one_reading_fits(typed, fix):
    problem = fiscal.check_iban(typed)
    assert problem is not None and problem.fix == fix


def test_a_wrong_cin_is_refused_even_with_right_check_digits():
    bban = "Y" + "0542811101000000123456"
    wrong = "IT" + fiscal._iban.calc_check_digits("IT00" + bban) + bban
    assert fiscal.check_iban(wrong) is not None


def test_foreign_ibans_are_checked_by_their_own_rules():
    assert fiscal.check_iban("DE89 3704 0044 0532 0130 00") is None
    assert fiscal.check_iban("DE88370400440532013000") is not None


@given(st.integers(1, 99999), st.integers(1, 99999), st.text("0123456789ABCXYZ", min_size=1, max_size=12))
def test_made_ibans_are_right(abi, cab, account):
    assert fiscal.check_iban(fiscal.italian_iban(str(abi), str(cab), account)) is None


@pytest.mark.parametrize(
    ("typed", "fix"), [("info@pec.it", None), ("info @pec.it", "info@pec.it"), ("info@pec,it", "info@pec.it"), ("info.pec.it", "")]
)
def test_addresses(typed, fix):
    problem = fiscal.check_email(typed)
    assert (problem.fix if problem else None) == fix


def test_recipient_codes_differ_for_private_public_and_foreign_customers():
    check = fiscal.check_recipient_code
    assert check("M5UXCR1") is None and check("0000000") is None
    assert check("m5uxcr1").fix == "M5UXCR1"
    assert check("UFE0A1", is_public_body=True) is None
    assert check("M5UXCR1", is_public_body=True) is not None and check("UFE0A1") is not None
    assert check("XXXXXXX").fix == "0000000" and check("XXXXXXX", country="FR") is None
    assert check("000000").fix == "0000000"


def test_post_codes_and_bank_codes():
    assert fiscal.check_postcode("00185") is None and fiscal.check_postcode("185").fix == "00185"
    assert fiscal.check_postcode("SW1A 1AA", "GB") is None and fiscal.check_postcode("ABC") is not None
    assert fiscal.check_sia_code("A1B2C") is None and fiscal.check_sia_code("A1B2") is not None


def test_creditor_identifiers():
    assert fiscal.creditor_identifier("00743110157") == "IT19ZZZ0000000743110157"
    assert fiscal.check_creditor_identifier("IT66ZZZA1B2C3D4E5F6G7H8") is None
    assert fiscal.check_creditor_identifier("IT67ZZZA1B2C3D4E5F6G7H8").fix == "IT66ZZZA1B2C3D4E5F6G7H8"


def test_tax_codes_are_built_from_names_and_dates():
    built = fiscal.tax_code_for("Rossi", "Maria Chiara", datetime.date(1983, 12, 1), "F", "D969")
    assert built.startswith("RSSMCH83T41D969") and fiscal.check_tax_code(built) is None
    assert fiscal.tax_code_for("Fo", "Al", datetime.date(2001, 2, 3), "M", "H501").startswith("FOXLAX01B03H501")
    assert fiscal.tax_code_for("D'Angelò", "Gianfranco", datetime.date(1970, 1, 9), "M", "F205").startswith("DNGGFR70A09F205")


def test_texts_are_transliterated():
    assert latin_text("“Città” – Łódź\n5 €") == '"Città" - Lódz 5 EUR'
    assert basic_text("Forlì, n° 5 — Кафе") == "Forli, n. 5 - Kafe"


@given(st.text())
def test_transliterated_texts_hold_only_allowed_signs(text):
    assert all(" " <= sign <= "~" or "\u00a1" <= sign <= "\u00ff" for sign in latin_text(text))
    assert all(" " <= sign <= "~" for sign in basic_text(text))


def iva_problem(text):
    problem = fiscal.check_vat_number(text)
    assert problem is not None
    return problem
