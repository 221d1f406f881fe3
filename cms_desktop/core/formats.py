"""Italian formats. The true minus sign (U+2212) keeps its width next to tabular figures; a no-break space precedes the euro sign."""

from __future__ import annotations

import datetime
from decimal import Decimal

MINUS, NBSP, THIN = "\u2212", "\u00a0", "\u202f"
MONTHS = ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre")
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")


def number(value: float | Decimal, decimals: int = 0) -> str:
    text = f"{abs(value):,.{decimals}f}".replace(",", "\x00").replace(".", ",").replace("\x00", ".")
    return (MINUS if value < 0 else "") + text


def amount(value: float | Decimal) -> str:
    """For table columns: two decimals, no sign of the currency (it is in the column title)."""
    return number(value, 2)


def money(value: float | Decimal) -> str:
    return number(value, 2) + NBSP + "€"


def signed(value: float | Decimal, decimals: int = 2, unit: str = "") -> str:
    sign = "+" if value > 0 else (MINUS if value < 0 else "")
    return sign + number(value if value >= 0 else -value, decimals) + (NBSP + unit if unit and unit != "%" else unit)


def date(value: datetime.date) -> str:
    return value.strftime("%d/%m/%Y")


def long_date(value: datetime.date) -> str:
    return f"{WEEKDAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]} {value.year}"
