"""Batches of direct debits for tests, and the schemas that other people's packages carry."""

from __future__ import annotations

import datetime
import functools
import importlib.metadata
import pathlib
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from cms_desktop.core.fiscal import creditor_identifier, italian_iban
from cms_desktop.modules.bank_effects.sdd.forms import FormName
from cms_desktop.modules.bank_effects.sdd.records import Amendment, Debit, DebitBatch, DebitCreditor

ISO, CBI = "sepaxml", "odoo14-addon-l10n-it-sdd-cbi"
SCHEMAS = {
    "cbi_00": (CBI, "CBISDDReqLogMsg.00.01.00.xsd"), "cbi_01": (CBI, "CBISDDReqLogMsg.00.01.01.xsd"),
    "iso_02": (ISO, "pain.008.001.02.xsd"), "iso_08": (ISO, "pain.008.001.08.xsd"),
}  # fmt: skip
MADE = datetime.datetime(2026, 11, 22, 10, 30, tzinfo=datetime.UTC)
CREDITOR = DebitCreditor(
    "Vigilanza Aurora S.r.l.", creditor_identifier("01234567897"), italian_iban("05428", "11101", "123456"), "ABCD1234"
)
OTHER_CREDITOR = creditor_identifier("00743110157")


@functools.cache
def schema(form: FormName) -> etree.XMLSchema:
    package, name = SCHEMAS[form]
    found = next(one for one in importlib.metadata.files(package) or () if one.name == name)
    return etree.XMLSchema(file=str(pathlib.Path(str(found.locate()))))


def debit(number: int = 1, **more: Any) -> Debit:
    facts: dict[str, Any] = {
        "number": number, "end_to_end": f"FT-{number}", "amount": Decimal("122.00"), "due_on": datetime.date(2026, 12, 31),
        "mandate": f"MND{number}", "signed_on": datetime.date(2024, 1, 15), "debtor_name": "ALFA SRL",
        "debtor_iban": italian_iban("03002", "03280", "400162854"), "reference": "Fattura V 2026/12",
    }  # fmt: skip
    return Debit(**facts | more)


def batch(*debits: Debit, **creditor: str) -> DebitBatch:
    from dataclasses import replace

    return DebitBatch(replace(CREDITOR, **creditor), "SDD-2026-1", MADE, debits or (debit(),))


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=200)
WORD = st.from_regex(r"[A-Za-z0-9]{1,35}", fullmatch=True)
AMENDMENTS = st.builds(
    Amendment, old_mandate=st.just("") | WORD, old_identifier=st.sampled_from(["", OTHER_CREDITOR]), old_name=st.sampled_from(["", "Vecchia S.r.l."]),
    old_iban=st.sampled_from(["", italian_iban("03069", "09400", "100000012345")]),
).filter(lambda one: one != Amendment())  # fmt: skip
DEBITS = st.builds(
    debit,
    amount=st.integers(1, 99_999_999_999).map(lambda cents: Decimal(cents).scaleb(-2)),
    due_on=st.dates(datetime.date(2026, 12, 1), datetime.date(2026, 12, 4)),
    mandate=WORD, end_to_end=WORD, debtor_name=TEXT.map(lambda text: "A " + text), reference=TEXT.map(lambda text: "Fattura " + text),
    scheme=st.sampled_from(["CORE", "B2B"]), sequence=st.sampled_from(["FRST", "RCUR", "FNAL", "OOFF"]),
    debtor_iban=st.sampled_from([italian_iban("03002", "03280", "400162854"), "DE89370400440532013000"]),
    amendment=st.none() | AMENDMENTS,
)  # fmt: skip
BATCHES = st.lists(DEBITS, min_size=1, max_size=12).map(
    lambda many: batch(*(debit(**{**vars(one), "number": place}) for place, one in enumerate(many, start=1)))
)
