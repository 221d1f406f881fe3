"""A RID file, read field by field from the table of its layout."""

from __future__ import annotations

import csv
import datetime
import pathlib
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import italian_iban
from cms_desktop.modules.bank_effects.rid.write import rid_file
from cms_desktop.modules.bank_effects.sdd.records import DebitBatch
from tests.modules.bank_effects.riba_reader import value_of
from tests.modules.bank_effects.sdd.papers import BATCHES, CREDITOR, batch, debit

D = Decimal
ITALIAN = italian_iban("03002", "03280", "400162854")
LAYOUT: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
with (pathlib.Path(__file__).parent / "rid_layout.csv").open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        LAYOUT[row["record"]].append((int(row["from"]), int(row["to"]), row["kind"], row["field"]))


def read(content: bytes) -> list[dict[str, Any]]:
    """The records in order; positions outside the layout must be blank."""
    assert content.endswith(b"\r\n")
    return [read_line(line) for line in content.decode("ascii").split("\r\n")[:-1]]


def read_line(line: str) -> dict[str, Any]:
    assert len(line) == 120 and line[0] == " " and line == line.upper()
    rest, record = list(line[3:]), {"record": line[1:3]}
    for start, end, kind, field in LAYOUT[line[1:3]]:
        rest[start - 4 : end - 3] = " " * (end - start + 1)
        record[field] = value_of(line[start - 1 : end], kind)
    assert not "".join(rest).strip(), f"signs outside the layout in {line}"
    return record


def test_a_debit_has_its_seven_records_in_order() -> None:
    made = batch(debit(1, debtor_name="Forlì & Città S.p.A."), debit(2, amount=D("0.05"), reference="X" * 60 + " FINE"))
    records = read(rid_file(made, "A1B2C", "RID-1"))
    assert [one["record"] for one in records] == ["IR", *["10", "16", "17", "20", "30", "50", "70"] * 2, "EF"]
    first, tail = records[1], records[-1]
    assert (first["cents"], first["sign"], first["due_on"], first["cause"]) == (12200, "-", datetime.date(2026, 12, 31), "50000")
    assert (first["creditor_abi"], first["debtor_abi"], first["debtor_cab"], first["debtor_code"]) == ("05428", "03002", "03280", "MND1")
    assert (records[2]["iban"], records[2]["creditor_identifier"]) == (CREDITOR.iban, CREDITOR.identifier)
    assert (records[3]["iban"], records[3]["sequence"], records[3]["signed_on"]) == (ITALIAN, "RCUR", datetime.date(2024, 1, 15))
    assert (records[5]["debtor_1"], records[7]["operation"]) == ("FORLI & CITTA S.P.A.", "000000000000001")
    assert (tail["count"], tail["negative_cents"], tail["positive_cents"], tail["record_count"]) == (2, 12205, 0, 16)


@given(made=BATCHES)
@settings(max_examples=40, deadline=None)
def test_any_batch_keeps_its_numbers(made: DebitBatch) -> None:
    italian = replace(made, debits=tuple(replace(one, debtor_iban=ITALIAN, mandate=one.mandate[:16]) for one in made.debits))
    records = read(rid_file(italian, "A1B2C", "RID-1"))
    heads = [one for one in records if one["record"] == "10"]
    assert [one["cents"] for one in heads] == [int(one.amount * 100) for one in italian.debits]
    assert sum(one["cents"] for one in heads) == records[-1]["negative_cents"]
    assert records[-1]["record_count"] == len(records)


@pytest.mark.parametrize(
    ("made", "sia", "name", "field"),
    [
        (replace(batch(), debits=()), "A1B2C", "RID-1", "debits"),
        (batch(), "A1", "RID-1", "sia_code"),
        (batch(), "A1B2C", "x" * 21, "support_name"),
        (batch(debit(debtor_iban="DE89370400440532013000")), "A1B2C", "RID-1", "debtor_iban"),
        (batch(debit(mandate="M" * 17)), "A1B2C", "RID-1", "mandate"),
        (batch(debit(amount=D("-1.00"))), "A1B2C", "RID-1", "amount"),
        (batch(debit(reference="")), "A1B2C", "RID-1", "reference"),
    ],
)
def test_what_the_format_cannot_hold_is_named(made: DebitBatch, sia: str, name: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        rid_file(made, sia, name)
    assert caught.value.field == field
    assert "{" not in str(caught.value)
