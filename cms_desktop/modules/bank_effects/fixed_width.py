"""Lines of 120 ASCII capitals as the interbank standards of the CBI want them: texts, dates and cents of fixed width."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from cms_desktop.core.latin import basic_text

LINE = 120
FIVE_DIGITS = re.compile(r"[0-9]{5}")
_NOT_ALLOWED = re.compile(r"[^A-Z0-9 .,:;'\"()/+&*=%!?<>$_-]")  # national variants of the 7-bit alphabet read differently at the bank


def bank_text(text: str) -> str:
    """The text as banks want it: ASCII capitals on one line, other signs become spaces."""
    return re.sub(r" +", " ", _NOT_ALLOWED.sub(" ", basic_text(text).upper())).strip()


def text_field(text: str, width: int) -> str:
    return bank_text(text)[:width].ljust(width)


def two_fields(text: str, width: int) -> tuple[str, str]:
    """The text over two fields, broken between words when all of it still fits, else where the first field ends."""
    text = bank_text(text)
    if len(text) <= width:
        return text.ljust(width), " " * width
    space = text.rfind(" ", 0, width + 1)
    place = space if space > 0 and len(text) - space - 1 <= width else width
    return text[:place].ljust(width), text[place:].strip()[:width].ljust(width)


def date_field(day: datetime.date | None) -> str:
    return day.strftime("%d%m%y") if day else " " * 6


def cents_of(amount: Decimal) -> int:
    return int(amount * 100)


def file_of(lines: list[str]) -> bytes:
    """The file: each record of 120 characters, then CR LF."""
    wrong = next((line for line in lines if len(line) != LINE), None)
    if wrong is not None:
        raise AssertionError(f"record of {len(wrong)} characters: {wrong}")
    return "".join(line + "\r\n" for line in lines).encode("ascii")
