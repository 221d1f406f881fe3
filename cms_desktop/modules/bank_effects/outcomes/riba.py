"""Reads outcomes of RiBa (CBI, 120 characters): IB, then 14 and 51 for each receipt, EF. Positions count from 1.

The sign of a record 14 is read but decides nothing: banks differ; the causale does.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from decimal import Decimal

from cms_desktop.core.cbi import LENGTH, date_at, records_of
from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.bank_effects.outcomes.records import Outcome, OutcomeFile, Result

RESULTS: dict[str, Result] = {
    "30010": "paid",
    "42010": "unpaid",
    "30006": "unpaid",  # returned on request of the bank it was presented to
    "30007": "unpaid",  # not correctly domiciled
    "30009": "unpaid",  # returned, beyond what was agreed
    "30008": "recalled",
    "16000": "memo",  # fees
    "37000": "memo",  # re-debit of what was credited before
}


def is_riba_answer(content: bytes) -> bool:
    """Whether the file begins as such a flow; some banks leave the first blank of each record out."""
    return content[:200].lstrip()[:2] == b"IB"


def read_riba_outcomes(content: bytes) -> OutcomeFile:
    """Every answer of the flow. Raises InvalidInput when it is none, cut, or its counts do not fit."""
    records = records_of(content)
    if not records or records[0][1:3] != "IB":
        raise InvalidInput("Non è un flusso di esiti CBI: la prima riga deve essere di tipo IB.", key="outcome_not_a_flow")
    if records[-1][1:3] != "EF":
        raise InvalidInput("Il flusso di esiti finisce a metà: manca la riga EF. Scaricalo di nuovo.", key="outcome_cut")
    head, tail = records[0], records[-1]
    told_on, name = date_at(head, 14, 19, key="outcome_date"), _part(head, 20, 39)
    outcomes = tuple(_outcome(receipt, told_on) for receipt in _receipts(records[1:-1]))
    for first, last, counted in ((46, 52, len(outcomes)), (83, 89, len(records))):
        text = _part(tail, first, last)
        if text.isdigit() and int(text) not in (0, counted):
            raise InvalidInput(
                "Il flusso dichiara {told} righe o esiti, ma ne contiene {counted}: scaricalo di nuovo.",
                key="outcome_count", told=int(text), counted=counted,
            )  # fmt: skip
    return OutcomeFile("riba", name, outcomes)


def _receipts(records: list[str]) -> Iterator[dict[str, str]]:
    """The records of each receipt by their kind; a 14 opens it."""
    receipt: dict[str, str] = {}
    for record in records:
        kind = record[1:3]
        if kind == "14":
            if receipt:
                yield receipt
            receipt = {}
        elif not receipt:
            raise InvalidInput("Il flusso di esiti ha una riga {kind} fuori posto: chiedilo di nuovo.", key="outcome_order", kind=kind)
        receipt[kind] = record
    if receipt:
        yield receipt


def _outcome(receipt: dict[str, str], told_on: datetime.date | None) -> Outcome:
    head, close = receipt["14"], receipt.get("51", " " * LENGTH)
    code, number, fee = _part(head, 29, 33), _part(close, 11, 20), _part(close, 87, 91)
    if not code.isdigit():
        raise InvalidInput(
            "Un esito non dice che cosa è successo (causale «{code}»): chiedi un nuovo flusso.", key="outcome_code", code=code
        )
    digest = hashlib.sha256((head[10:] + close[10:]).encode()).hexdigest()[:32]  # without the place in the flow
    return Outcome(
        digest, RESULTS.get(code, "unknown"), code, _cents(head, 34, 46), int(number) if number.isdigit() and int(number) else None,
        due_on=date_at(head, 23, 28, key="outcome_date"), told_on=told_on, fee=_cents(close, 87, 91) if fee.isdigit() and int(fee) else None,
        customer_code=_part(head, 98, 113),
    )  # fmt: skip


def _part(record: str, first: int, last: int) -> str:
    return record[first - 1 : last].strip()


def _cents(record: str, first: int, last: int) -> Decimal:
    text = _part(record, first, last)
    if not text.isascii() or not text.isdigit():
        raise InvalidInput("«{value}» non è un importo.", key="outcome_amount", value=text)
    return Decimal(int(text)).scaleb(-2)
