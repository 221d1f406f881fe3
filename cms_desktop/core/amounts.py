"""Amounts as people type them: comma or point, thousands, and small sums such as ``684*3`` or ``100+22%``."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from .errors import InvalidInput

LARGEST = Decimal(10) ** 15
_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9][0-9.,]*|[.,][0-9]+)|(?P<sign>[-+*/()%]))")
_SPELLINGS = str.maketrans(
    {"\u2212": "-", "\u00d7": "*", "x": "*", "X": "*", "\u00f7": "/", ":": "/", "€": " ", "\u00a0": " ", "\u202f": " "}
)


def parse_amount(text: str, *, decimals: int = 2) -> Decimal:
    """The amount meant by `text`, with exactly `decimals` places; the result of a sum is rounded half up.

    >>> parse_amount("1.234,56"), parse_amount("684*3"), parse_amount("100+22%")
    (Decimal('1234.56'), Decimal('2052.00'), Decimal('122.00'))
    """
    value = parse_number(text)
    step = Decimal(1).scaleb(-decimals)
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    if rounded != value and not _is_sum(text):
        raise InvalidInput("Al massimo {decimals} decimali.", decimals=decimals)
    return rounded


def parse_number(text: str) -> Decimal:
    """The number or sum meant by `text`, not rounded."""
    reader = _Reader(text)
    value = reader.sum()
    reader.expect_end()
    if not value.is_finite() or abs(value) >= LARGEST:
        raise InvalidInput("Numero troppo grande.")
    return value


def plain_number(text: str) -> Decimal:
    """One number without sign, as an Italian writes it.

    A comma is always the decimal sign; a point is one too unless it parts groups of three digits (``1.234`` is 1234,
    ``12.5`` is 12,5); with both, the last one is the decimal sign.
    """
    groups = {".": re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", text), ",": re.fullmatch(r"[1-9]\d{0,2}(,\d{3}){2,}", text)}
    if groups["."] or groups[","]:
        return Decimal(re.sub(r"[.,]", "", text))
    decimal_sign = max(".", ",", key=text.rfind)
    whole, _, fraction = text.rpartition(decimal_sign) if decimal_sign in text else (text, "", "")
    other = "," if decimal_sign == "." else "."
    if decimal_sign in whole or other in fraction or (other in whole and not re.fullmatch(rf"\d{{1,3}}(\{other}\d{{3}})+", whole)):
        raise InvalidInput("«{typed}» non è un numero: scrivi per esempio 1.234,56.", typed=text)
    return Decimal(f"{whole.replace(other, '') or '0'}.{fraction or '0'}")


def _is_sum(text: str) -> bool:
    return any(sign in text.translate(_SPELLINGS).strip().lstrip("+-") for sign in "+-*/(%")


class _Reader:
    """Reads sums by recursive descent: + and - over * and / over numbers, signs, brackets and percentages."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        self._tokens = self._split(text.translate(_SPELLINGS))
        self._place = 0

    def _split(self, text: str) -> list[str]:
        joined = re.sub(r"(?<=\d)[ '](?=\d{3}(\D|$))", "", text.strip())
        tokens: list[str] = []
        place = 0
        while place < len(joined):
            found = _TOKEN.match(joined, place)
            if found is None:
                raise self._nonsense()
            tokens.append(found["number"] or found["sign"])
            place = found.end()
        return tokens

    def _nonsense(self) -> InvalidInput:
        return InvalidInput("«{typed}» non è un numero: scrivi per esempio 1.234,56 oppure 684*3.", typed=self._text)

    def _next(self, wanted: str) -> str:
        """The next token when it is one of `wanted`, else nothing."""
        if self._place < len(self._tokens) and self._tokens[self._place] in wanted:
            self._place += 1
            return self._tokens[self._place - 1]
        return ""

    def expect_end(self) -> None:
        if self._place < len(self._tokens):
            raise self._nonsense()

    def sum(self) -> Decimal:
        total, _ = self._product()
        while sign := self._next("+-"):
            value, is_percent = self._product()
            step = total * value if is_percent else value
            total = total + step if sign == "+" else total - step
        return total

    def _product(self) -> tuple[Decimal, bool]:
        """A product, and whether it is a lone percentage (of what stands before it)."""
        value, is_percent = self._factor()
        while sign := self._next("*/"):
            other, _ = self._factor()
            is_percent = False
            if sign == "/" and other == 0:
                raise InvalidInput("Non si può dividere per zero.")
            value = value * other if sign == "*" else value / other
        return value, is_percent

    def _factor(self) -> tuple[Decimal, bool]:
        if sign := self._next("+-"):
            value, is_percent = self._factor()
            return (-value if sign == "-" else value), is_percent
        if self._next("("):
            value = self.sum()
            if not self._next(")"):
                raise self._nonsense()
        elif self._place < len(self._tokens) and self._tokens[self._place][0] in "0123456789.,":
            value = plain_number(self._tokens[self._place])
            self._place += 1
        else:
            raise self._nonsense()
        if self._next("%"):
            return value / 100, True
        return value, False
