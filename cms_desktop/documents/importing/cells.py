"""Reading cells as what they are meant to be; what cannot be read is refused with its reason, never guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal

from cms_desktop.core.amounts import plain_number
from cms_desktop.core.dates import parse_date
from cms_desktop.core.errors import InvalidInput
from cms_desktop.documents.importing.mapping import plain_title
from cms_desktop.documents.importing.target import WorkRow

WHOLE_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|\d{8}")
TIME = re.compile(r" \d{1,2}:\d{2}(:\d{2})?$")
NUMBER = re.compile(r"\d[\d.,]*")
YES = ("si", "s", "vero", "true", "yes", "y", "x", "1")
NO = ("no", "n", "falso", "false", "0", "")


def read_text(row: WorkRow, key: str, title: str, *, is_required: bool = False, longest: int = 400) -> str:
    """A text, refused when it is missing or too long."""
    text = str(row.values.get(key) or "")
    if is_required and not text:
        row.refuse("Manca «{title}».", title=title)
    if len(text) > longest:
        row.refuse("«{title}» è più lungo di {count} caratteri.", title=title, count=longest)
    row.values[key] = text
    return text


def read_date(row: WorkRow, key: str, title: str, today: datetime.date, *, is_required: bool = False) -> datetime.date | None:
    """A whole date (the short forms of a form are no dates of a list)."""
    text = str(row.values.get(key) or "")
    day = text.split(" ")[0] if TIME.search(text) else text
    found = None
    if text:
        try:
            if not WHOLE_DATE.fullmatch(day):
                raise InvalidInput(text)
            found = parse_date(day, today)
        except InvalidInput:
            row.refuse("«{title}»: la data {text} non si legge, scrivila come 31/12/2026.", title=title, text=text)
    elif is_required:
        row.refuse("Manca «{title}».", title=title)
    row.values[key] = found
    return found


def read_number(
    row: WorkRow, key: str, title: str, *, least: Decimal | int | None = None, most: Decimal | int | None = None, is_required: bool = False
) -> Decimal | None:
    """A number as Italians or programs write it: 1.234,56 or 1234.56, with or without €, %."""
    text = str(row.values.get(key) or "").replace("€", "").replace("%", "").replace("EUR", "").strip()
    found: Decimal | None = None
    if text:
        digits = text.removeprefix("-").strip()
        try:
            if not NUMBER.fullmatch(digits):
                raise InvalidInput(text)
            found = -plain_number(digits) if text.startswith("-") else plain_number(digits)
        except InvalidInput:
            row.refuse("«{title}»: {text} non è un numero.", title=title, text=text)
    elif is_required:
        row.refuse("Manca «{title}».", title=title)
    if found is not None and ((least is not None and found < least) or (most is not None and found > most)):
        row.refuse("«{title}»: {text} è fuori dai limiti.", title=title, text=text)
    row.values[key] = found
    return found


def read_yes_no(row: WorkRow, key: str, title: str, *, usual: bool) -> bool:
    """sì or no, in the ways lists say it."""
    text = plain_title(str(row.values.get(key) or ""))
    found = usual
    if text in YES:
        found = True
    elif text in NO:
        found = False if text else usual
    else:
        row.refuse("«{title}»: {text} non è né sì né no.", title=title, text=text)
    row.values[key] = found
    return found


def read_choice(row: WorkRow, key: str, title: str, words: Mapping[str, str], *, usual: str | None = None) -> str:
    """One of the values of `words` (plain word → value). Without a word the usual one; None: one is needed."""
    text = str(row.values.get(key) or "")
    found = words.get(plain_title(text)) if text else usual
    if found is None:
        if text:
            row.refuse("«{title}»: {text} non è fra i valori previsti.", title=title, text=text)
        else:
            row.refuse("Manca «{title}».", title=title)
    row.values[key] = found or ""
    return found or ""


def find_doubles(rows: list[WorkRow], key: str) -> None:
    """The same code twice in a list: the second row says so and is left out."""
    seen: dict[str, int] = {}
    for row in rows:
        code = str(row.values.get(key) or "").upper()
        if row.errors or not code:
            continue
        if code in seen:
            row.outcome = "duplicate"
            row.warn("Uguale alla riga {number} dello stesso file.", number=seen[code])
        else:
            seen[code] = row.number
