"""Writes CBI account flows from a table of positions, independently of the reader."""

from __future__ import annotations

from decimal import Decimal

PLACES = {  # record: {field: (first, last)}, counted from 1
    "RH": {"bank": (4, 8), "company": (9, 13), "made_on": (14, 19), "name": (20, 39)},
    "61": {"no": (4, 10), "causale": (29, 33), "title": (34, 49), "kind": (50, 51), "cin": (52, 52), "abi": (53, 57), "cab": (58, 62),
           "account": (63, 74), "currency": (75, 77), "on": (78, 83), "sign": (84, 84), "amount": (85, 99), "country": (100, 101), "check": (102, 103)},
    "62": {"no": (4, 10), "place": (11, 13), "value_on": (14, 19), "booked_on": (20, 25), "sign": (26, 26), "amount": (27, 41),
           "causale": (42, 43), "own": (44, 45), "cheque": (46, 61), "bank_ref": (62, 77), "ref_kind": (78, 86), "words": (87, 120)},
    "63": {"no": (4, 10), "place": (11, 13), "free": (14, 120), "flag": (14, 16)},
    "YYY": {"on": (17, 24), "tax_code": (25, 40), "name": (41, 80), "town": (81, 120)},
    "YY2": {"street": (17, 66), "iban": (67, 100)},
    "ID1": {"message": (17, 51), "end_to_end": (52, 86)},
    "RI1": {"info": (17, 120)},
    "RI2": {"info": (17, 52)},
    "ZZ2": {"name": (17, 120)},
    "ZZ3": {"to": (17, 66), "info": (67, 120)},
    "64": {"no": (4, 10), "currency": (11, 13), "on": (14, 19), "sign": (20, 20), "amount": (21, 35), "liquid_sign": (36, 36), "liquid": (37, 51)},
    "65": {"no": (4, 10), "on": (11, 16), "sign": (17, 17), "amount": (18, 32)},
    "EF": {"bank": (4, 8), "company": (9, 13), "made_on": (14, 19), "name": (20, 39), "statements": (46, 52), "records": (83, 89)},
}  # fmt: skip


def record(kind: str, flag: str = "", **values: str) -> str:
    cells = [" "] * 120
    cells[1:3] = kind
    for name, value in (values | ({"flag": flag} if flag else {})).items():
        first, last = (PLACES.get(flag, {}) | PLACES[kind])[name] if flag else PLACES[kind][name]
        assert len(value) <= last - first + 1, (name, value)
        cells[first - 1 : first - 1 + len(value)] = value
    return "".join(cells)


def amount(value: str) -> dict[str, str]:
    euro = Decimal(value)
    return {"sign": "D" if euro < 0 else "C", "amount": f"{abs(euro):015.2f}".replace(".", ",")}


def movement(
    value: str, *more: str, words: str = "", booked: str = "031126", valued: str = "021126", causale: str = "48", ref: str = "B1"
) -> list[str]:
    return [
        record(
            "62", no="0000001", place="001", booked_on=booked, value_on=valued, causale=causale, bank_ref=ref, words=words, **amount(value)
        ),
        *more,
    ]


def more(flag: str, **values: str) -> str:
    return record("63", flag, no="0000001", place="001", **values)


def free(text: str) -> str:
    return record("63", no="0000001", place="001", free=text)


def flow(*movements: list[str], opening: str = "1000.00", closing: str = "1000.00", kind: str = "RH", currency: str = "EUR", country: str = "IT60",
         counts: bool = True) -> bytes:  # fmt: skip
    lines = [
        record("61", no="0000001", causale="93001", cin="X", abi="05428", cab="11101", account="000000123456", currency=currency, on="021126",
               country=country[:2], check=country[2:], **amount(opening)),
        *(line for one in movements for line in one),
        record("64", no="0000001", currency=currency, on="031126", **amount(closing)),
        record("65", no="0000001", on="041126", **amount(closing)),
    ]  # fmt: skip
    head = record("RH", bank="05428", company="A1B2C", made_on="041126", name="ESTRATTO").replace("RH", kind, 1)
    numbers = {"statements": "0000001", "records": f"{len(lines) + 2:07}"} if counts else {}
    tail = record("EF", bank="05428", company="A1B2C", made_on="041126", name="ESTRATTO", **numbers)
    return "\r\n".join([head, *lines, tail]).encode("cp1252") + b"\r\n"
