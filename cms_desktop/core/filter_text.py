"""What is typed in the filter row of a list, turned into a `Filter` and back.

text     rossi (contains) · =rossi (exactly) · ros* (starts with)
number   684 · > 200 · <= 1.000,50 · 100..500 · 100.. · ..500
date     3 · oggi · nov · nov 2025 · 2025 · 01/11..15/11 · > 01/11/2026
choice   one of the column's values
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from . import formats
from .amounts import parse_number
from .dates import month_range, parse_period
from .errors import InvalidInput
from .listing import Filter, Operator, Value

FilterKind = Literal["text", "number", "date", "choice", "none"]
Choices = Sequence[tuple[Value, str]]
_COMPARISONS: dict[str, Operator] = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", ">": ">", "<": "<", "=": "="}
_COMPARISON = re.compile(r"\s*(>=|<=|≥|≤|>|<|=)\s*(.*)", re.DOTALL)


def parse_filter(key: str, kind: FilterKind, text: str, *, today: datetime.date, choices: Choices = ()) -> Filter | None:
    """The condition meant by `text` for column `key`; None when nothing is typed. Raises InvalidInput with what to write instead."""
    words = text.strip()
    if not words or kind == "none":
        return None
    try:
        if kind == "number":
            return _number_filter(key, words)
        if kind == "date":
            return _date_filter(key, words, today)
        if kind == "choice":
            return _choice_filter(key, words, choices)
        return _text_filter(key, words)
    except InvalidInput as error:
        error.field = key
        raise


def filter_text(condition: Filter, choices: Choices = ()) -> str:
    """The text that, typed again, means the same condition."""
    if condition.operator == "in":
        names = dict(choices)
        return ", ".join(names.get(value, _value_text(value)) for value in condition.values)
    parts = [_value_text(value) for value in condition.values]
    if condition.operator == "between":
        first, last = condition.values
        if isinstance(first, datetime.date) and isinstance(last, datetime.date):
            return _period_text(first, last)
        return f"{parts[0]}..{parts[1]}"
    if condition.operator == "contains":
        return parts[0]
    if condition.operator == "starts":
        return f"{parts[0]}*"
    if condition.operator == "=" and not isinstance(condition.values[0], str):
        return parts[0]
    return f"{condition.operator}{'' if condition.operator == '=' else ' '}{parts[0]}"


def _text_filter(key: str, words: str) -> Filter:
    operator: Operator = "contains"
    wanted = words
    if words.startswith("="):
        operator, wanted = "=", words[1:].strip()
    elif words.endswith("*"):
        operator, wanted = "starts", words.rstrip("*").strip()
    if not wanted:
        raise InvalidInput("Scrivi il testo da cercare: bini, =esatto oppure inizio*.")
    return Filter(key, operator, (wanted,))


def _number_filter(key: str, words: str) -> Filter:
    if ".." in words:
        low, high = (part.strip() for part in words.split("..", 1))
        if low and high:
            first, last = parse_number(low), parse_number(high)
            if first > last:
                raise InvalidInput("L'intervallo è rovesciato: prima il valore più piccolo.")
            return Filter(key, "between", (first, last))
        if not low and not high:
            raise InvalidInput("Scrivi almeno un estremo: 100..500, 100.. oppure ..500.")
        return Filter(key, ">=", (parse_number(low),)) if low else Filter(key, "<=", (parse_number(high),))
    if found := _COMPARISON.fullmatch(words):
        return Filter(key, _COMPARISONS[found[1]], (parse_number(found[2]),))
    return Filter(key, "=", (parse_number(words),))


def _date_filter(key: str, words: str, today: datetime.date) -> Filter:
    if ".." in words:
        low, high = (part.strip() for part in words.split("..", 1))
        if not low and not high:
            raise InvalidInput("Scrivi almeno un estremo: 01/11..15/11, 01/11.. oppure ..15/11.")
        if not low:
            return Filter(key, "<=", (parse_period(high, today)[1],))
        if not high:
            return Filter(key, ">=", (parse_period(low, today)[0],))
        first, last = parse_period(low, today)[0], parse_period(high, today)[1]
        if first > last:
            raise InvalidInput("L'intervallo è rovesciato: prima la data più vecchia.")
        return Filter(key, "between", (first, last))
    if found := _COMPARISON.fullmatch(words):
        first, last = parse_period(found[2], today)
        operator = _COMPARISONS[found[1]]
        if operator == "=":
            return Filter(key, "=", (first,)) if first == last else Filter(key, "between", (first, last))
        return Filter(key, operator, (last if operator in (">", "<=") else first,))
    first, last = parse_period(words, today)
    return Filter(key, "=", (first,)) if first == last else Filter(key, "between", (first, last))


def _choice_filter(key: str, words: str, choices: Choices) -> Filter:
    wanted = [part.strip().lower() for part in words.split(",") if part.strip()]
    values: list[Value] = []
    for name in wanted:
        found = [value for value, title in choices if title.lower() == name] or [
            value for value, title in choices if title.lower().startswith(name)
        ]
        if not found:
            raise InvalidInput("«{typed}» non è fra le scelte: {choices}.", typed=name, choices=", ".join(title for _, title in choices))
        values.append(found[0])
    if not values:
        raise InvalidInput("Scegli almeno una voce.")
    return Filter(key, "in", tuple(dict.fromkeys(values)))


def _period_text(first: datetime.date, last: datetime.date) -> str:
    if (first, last) == (datetime.date(first.year, 1, 1), datetime.date(first.year, 12, 31)):
        return str(first.year)
    if (first, last) == month_range(first.year, first.month):
        return f"{formats.MONTHS[first.month - 1][:3]} {first.year}"
    return f"{formats.date(first)}..{formats.date(last)}"


def _value_text(value: Value) -> str:
    if isinstance(value, datetime.date):
        return formats.date(value)
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        return formats.number(value, 2 if decimals == 1 else decimals)
    if isinstance(value, int) and not isinstance(value, bool):
        return formats.number(value)
    return str(value)
