"""Records of 120 characters as the banks' interbank standard (CBI) hands them out. Positions count from 1."""

from __future__ import annotations

import datetime

from cms_desktop.core.errors import InvalidInput

LENGTH = 120


def records_of(content: bytes) -> list[str]:
    """The lines of a flow, each 120 characters; some banks leave the first blank of each record out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    blank = "" if not lines or lines[0][:1] == " " else " "
    return [(blank + line).ljust(LENGTH) for line in lines]


def date_at(record: str, first: int, last: int, *, key: str) -> datetime.date | None:
    """GGMMAA of this century; None where it is blank or zeros. Raises InvalidInput, with `key`, for what is no day."""
    text = record[first - 1 : last]
    if not text.strip(" 0"):
        return None
    try:
        return datetime.date(2000 + int(text[4:6]), int(text[2:4]), int(text[:2]))
    except ValueError as error:
        raise InvalidInput("«{value}» non è una data.", key=key, value=text) from error
