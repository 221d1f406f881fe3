"""Reads the account statements of Italian home banking: CBI flows RH (daily) and EC (periodic), fixed records of 120 characters.

Records: RH or EC opens the flow, 61 a statement (opening balance), 62 is a movement, 63 says more about it, 64 closes the statement,
65 gives future balances, EF closes the flow and counts. Positions below count from 1, as in the CBI standard.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from cms_desktop.core.cbi import date_at, records_of
from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import italian_iban
from cms_desktop.modules.ledger.statements.records import Statement, StatementLine

HEADS, TAIL = ("RH", "EC"), "EF"
ENTRY_REVERSAL = "68"  # causale of the interbank list


@dataclass
class _Movement:
    record: str
    words: list[str] = field(default_factory=list)
    name: str = ""
    iban: str = ""
    reference: str = ""


def is_cbi_statement(content: bytes) -> bool:
    """Whether the file begins as such a flow; some banks leave the first blank of each record out."""
    return content[:200].lstrip()[:2] in (b"RH", b"EC")


def read_cbi(content: bytes) -> list[Statement]:
    """Every statement of the flow. Raises InvalidInput when the flow is no such one, cut, or not in euro, saying what is wrong."""
    records = records_of(content)
    if not records or records[0][1:3] not in HEADS:
        raise InvalidInput("Non è un estratto conto CBI: la prima riga deve essere di tipo RH o EC.", key="cbi_not_a_statement")
    found: list[Statement] = []
    seen: Counter[str] = Counter()
    opened, movements = "", list[_Movement]()
    for record in records[1:]:
        kind = record[1:3]
        if kind == "61":
            opened, movements = record, []
        elif kind == "62" and opened:
            movements.append(_Movement(record, [_part(record, 87, 120)]))
        elif kind == "63" and movements:
            _add(movements[-1], record)
        elif kind == "64" and opened:
            found.append(_statement(opened, movements, record, seen))
            opened, movements = "", []
        elif kind == TAIL:
            _check_counts(record, len(found), len(records))
            return found
        elif kind != "65":
            raise InvalidInput(
                "L'estratto conto CBI ha una riga {kind} fuori posto: chiedilo di nuovo alla banca.", key="cbi_order", kind=kind
            )
    raise InvalidInput("L'estratto conto CBI finisce a metà: manca la riga EF. Scaricalo di nuovo.", key="cbi_cut")


def _part(record: str, first: int, last: int) -> str:
    return " ".join(record[first - 1 : last].split())


def _add(movement: _Movement, record: str) -> None:
    """What a record 63 tells; its flag (14–16) says how it is built, without one it is free text."""
    match record[13:16]:
        case "YYY":  # who ordered the transfer
            movement.name = movement.name or _part(record, 41, 80)
        case "YY2":
            movement.iban = movement.iban or _part(record, 67, 100).replace(" ", "")
        case "ZZ1" | "KKK":  # exchange rates, accounts of cash pooling
            pass
        case "ZZ2":  # a transfer from abroad
            movement.name = movement.name or _part(record, 17, 120)
        case "ZZ3":
            movement.words.append(_part(record, 67, 120))
        case "ID1":
            end_to_end = _part(record, 52, 86)
            movement.reference = movement.reference or ("" if end_to_end == "NOTPROVIDED" else end_to_end)
        case "RI1":
            movement.words.append(_part(record, 17, 120))
        case "RI2":
            movement.words.append(_part(record, 17, 52))
        case _:
            movement.words.append(_part(record, 14, 120))


def _statement(opened: str, movements: list[_Movement], closed: str, seen: Counter[str]) -> Statement:
    iban = opened[99:103] + opened[51:74]
    if not opened[99:103].strip():  # older flows give the national coordinates alone
        iban = italian_iban(opened[52:57], opened[57:62], opened[62:74].strip())
    for currency in (opened[74:77].strip(), closed[10:13].strip()):
        if currency not in ("", "EUR"):
            raise InvalidInput(
                "Il conto {iban} è in {currency}: qui si registrano solo movimenti in euro.",
                key="camt_currency",
                iban=iban,
                currency=currency,
            )
    lines = tuple(_line(movement, iban, seen) for movement in movements)
    return Statement(iban, "EUR", lines, _amount(opened, 84, 85, 99), _amount(closed, 20, 21, 35))


def _line(movement: _Movement, iban: str, seen: Counter[str]) -> StatementLine:
    record = movement.record
    booked, value = date_at(record, 20, 25, key="camt_date"), date_at(record, 14, 19, key="camt_date")
    day = booked or value
    if day is None:
        raise InvalidInput("Un movimento dell'estratto conto è senza data: il file non è completo.", key="camt_date")
    amount, bank_reference = _amount(record, 26, 27, 41), _part(record, 62, 77)
    words = " ".join(word for word in movement.words if word)
    reference = movement.reference or bank_reference
    facts = "|".join((iban, day.isoformat(), str(amount), bank_reference, reference, words, movement.name, movement.iban))
    digest = hashlib.sha256(facts.encode()).hexdigest()[:32]
    seen[digest] += 1  # two equal movements of a day are two
    return StatementLine(
        f"{digest}/{seen[digest]}", day, value, amount, words, movement.name, movement.iban, reference, record[41:43] == ENTRY_REVERSAL
    )


def _amount(record: str, sign_at: int, first: int, last: int) -> Decimal:
    """Twelve digits, comma, two digits; some banks write fifteen digits of cents. The sign is a letter: D against, C for the account's owner."""
    sign, text = record[sign_at - 1], record[first - 1 : last].strip()
    whole, comma, cents = text.partition(",")
    digits = whole + (cents.ljust(2, "0") if comma else "")
    if sign not in "CD" or not digits.isascii() or not digits.isdigit() or len(cents) > 2:
        raise InvalidInput("«{value}» non è un importo.", key="camt_amount", value=sign + text)
    return (1 if sign == "C" else -1) * Decimal(digits).scaleb(-2)


def _check_counts(tail: str, statements: int, records: int) -> None:
    """What the flow says of itself (46–52 statements, 83–89 records) against what was read; a bank may leave them empty."""
    for first, last, counted in ((46, 52, statements), (83, 89, records)):
        text = tail[first - 1 : last].strip()
        if text.isdigit() and int(text) not in (0, counted):
            raise InvalidInput(
                "L'estratto conto CBI dichiara {told} righe o rendiconti, ma ne contiene {counted}: scaricalo di nuovo.",
                key="cbi_count", told=int(text), counted=counted,
            )  # fmt: skip
