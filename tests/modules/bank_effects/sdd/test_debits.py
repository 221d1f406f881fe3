"""Direct debits as files: valid by the schemas other people publish, read back equal by a reader that knows nothing of the writer."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from lxml import etree
from sepaxml import SepaDD

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.bank_effects.sdd.forms import FormName
from cms_desktop.modules.bank_effects.sdd.read import read_debits, summary
from cms_desktop.modules.bank_effects.sdd.records import Amendment, Debit, DebitBatch
from cms_desktop.modules.bank_effects.sdd.write import NAME, REFERENCE, debit_file, sepa_text
from tests.modules.bank_effects.sdd.papers import BATCHES, CREDITOR, OTHER_CREDITOR, batch, debit, schema

FORMS: tuple[FormName, ...] = get_args(FormName)
D = Decimal


def as_sent(one: Debit) -> Debit:
    """What of a debit survives the way to the bank: the common characters, and of an old account only that it was another."""
    change = one.amendment and replace(one.amendment, old_iban="SMNDA" if one.amendment.old_iban else "")
    return replace(one, debtor_name=sepa_text(one.debtor_name, NAME), reference=sepa_text(one.reference, REFERENCE), amendment=change)


def in_blocks(made: DebitBatch) -> list[Debit]:
    return [as_sent(one) for _, _, _, members in made.groups() for one in members]


@pytest.mark.parametrize("form", FORMS)
@given(made=BATCHES)
@settings(max_examples=40, deadline=None)
def test_any_batch_is_valid_and_comes_back_equal(form: FormName, made: DebitBatch) -> None:
    content = debit_file(made, form)
    schema(form).assertValid(etree.fromstring(content))
    read = read_debits(content)
    assert list(read.debits) == in_blocks(made)
    assert (read.message, read.total, read.creditor.identifier, read.creditor.iban) == (
        made.message, made.total, CREDITOR.identifier, CREDITOR.iban,
    )  # fmt: skip
    assert content == debit_file(made, form), "the same batch gives the same bytes"


def test_blocks_part_by_day_scheme_and_sequence() -> None:
    later = datetime.date(2027, 1, 31)
    made = batch(debit(1), debit(2, scheme="B2B"), debit(3, due_on=later), debit(4), debit(5, sequence="FRST", amount=D("0.01")))
    found = summary(read_debits(debit_file(made, "cbi_01")))
    assert [(day.isoformat(), scheme, sequence, count, total) for day, scheme, sequence, count, total in found.blocks] == [
        ("2026-12-31", "B2B", "RCUR", 1, D("122.00")), ("2026-12-31", "CORE", "FRST", 1, D("0.01")),
        ("2026-12-31", "CORE", "RCUR", 2, D("244.00")), ("2027-01-31", "CORE", "RCUR", 1, D("122.00")),
    ]  # fmt: skip
    assert (found.count, found.total) == (5, D("488.01"))


def test_the_cbi_form_names_bank_by_abi_and_sender_by_cuc() -> None:
    text = debit_file(batch(), "cbi_01").decode()
    assert "<ClrSysMmbId><MmbId>05428</MmbId></ClrSysMmbId>" in text
    assert "<Othr><Id>ABCD1234</Id><Issr>CBI</Issr></Othr>" in text
    assert "<InstrId>1</InstrId><EndToEndId>FT-1</EndToEndId>" in text and "DbtrAgt" not in text


@pytest.mark.parametrize(("scheme", "code"), [("CORE", "INC-SDDC-01"), ("B2B", "INC-SDDB-01")])
def test_the_physical_body_wraps_the_same_message(scheme: Any, code: str) -> None:
    made = batch(debit(1, scheme=scheme))
    wrapped = etree.fromstring(debit_file(made, "cbi_01", with_body=True))
    assert (wrapped.findtext("{*}PhyMsgInf/{*}PhyMsgTpCd"), wrapped.findtext("{*}PhyMsgInf/{*}NbOfLogMsg")) == (code, "1")
    message = wrapped.find("{*}CBIEnvelSDDReqLogMsg/{*}CBISDDReqLogMsg")
    schema("cbi_01").assertValid(message)
    assert read_debits(etree.tostring(wrapped)) == read_debits(debit_file(made, "cbi_01"))


@pytest.mark.parametrize(
    ("form", "place"), [("iso_02", "OrgnlDbtrAgt/FinInstnId"), ("cbi_00", "OrgnlDbtrAgt/FinInstnId"), ("iso_08", "OrgnlDbtrAcct/Id")]
)
def test_a_changed_account_is_announced_where_the_version_wants_it(form: FormName, place: str) -> None:
    text = debit_file(batch(debit(amendment=Amendment(old_iban="IT00X"))), form).decode()
    first, last = place.split("/")
    assert f"<AmdmntInd>true</AmdmntInd><AmdmntInfDtls><{first}><{last}><Othr><Id>SMNDA</Id>" in text


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (replace(batch(), debits=()), "debits"),
        (batch(identifier="IT00ZZZ0000000743110157"), "identifier"),
        (batch(iban="DE89370400440532013000"), "iban"),
        (batch(cuc="ABC"), "cuc"),
        (replace(batch(), message="x" * 36), "message"),
        (batch(debit(1), debit(1)), "number"),
        (batch(debit(amount=D("0.00"))), "amount"),
        (batch(debit(amount=D("1.001"))), "amount"),
        (batch(debit(amount=D("1000000000.00"))), "amount"),
        (batch(debit(amount=D("NaN"))), "amount"),
        (batch(debit(mandate="MND//1")), "mandate"),
        (batch(debit(mandate="Mandato perché")), "mandate"),
        (batch(debit(end_to_end="/1")), "end_to_end"),
        (batch(debit(debtor_iban="IT60X0542811101000000123457")), "debtor_iban"),
        (batch(debit(signed_on=datetime.date(2027, 1, 1))), "signed_on"),
        (batch(debit(debtor_name="---")), "debtor_name"),
        (batch(debit(reference=" ")), "reference"),
        (batch(debit(amendment=Amendment())), "amendment"),
    ],
)
def test_what_a_bank_would_refuse_does_not_leave(made: DebitBatch, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        debit_file(made, "cbi_01")
    assert caught.value.field == field
    assert "{" not in str(caught.value)


def test_one_body_holds_one_scheme() -> None:
    with pytest.raises(InvalidInput, match="due distinte"):
        debit_file(batch(debit(1), debit(2, scheme="B2B")), "cbi_01", with_body=True)


def test_a_file_whose_totals_were_changed_is_refused() -> None:
    content = debit_file(batch(), "cbi_01").replace(b"<CtrlSum>122.00", b"<CtrlSum>123.00")
    with pytest.raises(InvalidInput) as caught:
        read_debits(content)
    assert caught.value.key == "debit_totals"


@pytest.mark.parametrize(("content", "key"), [(b"<a", "debit_unreadable"), (b"<a/>", "debit_none")])
def test_what_is_no_file_of_debits_says_so(content: bytes, key: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_debits(content)
    assert caught.value.key == key


@pytest.mark.parametrize("form", ["pain.008.001.02", "pain.008.001.08"])
def test_the_reader_reads_what_another_program_writes(form: str) -> None:
    facts = {
        "name": "Altra S.p.A.",
        "IBAN": CREDITOR.iban,
        "batch": True,
        "creditor_id": OTHER_CREDITOR,
        "currency": "EUR",
        "BIC": "BPCVIT2S",
    }
    peer = SepaDD(facts, schema=form, clean=True)
    one = debit(7)
    peer.add_payment({
        "name": one.debtor_name, "IBAN": one.debtor_iban, "amount": 12_200, "type": "RCUR", "collection_date": one.due_on, "mandate_id": one.mandate,
        "mandate_date": one.signed_on, "description": one.reference, "endtoend_id": "FT7", "BIC": "BCITITMM",
    })  # fmt: skip
    content = peer.export(validate=False).replace(b"<EndToEndId>", b"<InstrId>7</InstrId><EndToEndId>")
    read = read_debits(content)
    assert read.creditor.identifier == OTHER_CREDITOR
    assert read.debits[0] == replace(one, end_to_end="FT7", debtor_bic="BCITITMM")


def test_the_samples_keep_their_bytes(tmp_path: pathlib.Path) -> None:
    """Golden: a change of the layout shows here first."""
    made = batch(
        debit(1), debit(2, debtor_name="Rossi & Figli «Società» S.n.c.", amount=D("456.78"), amendment=Amendment("OLD-1", OTHER_CREDITOR))
    )
    for form in FORMS:
        golden = pathlib.Path(__file__).parent / f"{form}.xml"
        assert debit_file(made, form) == golden.read_bytes()
