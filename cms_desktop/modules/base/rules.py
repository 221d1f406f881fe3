"""Pure calculations and checks of base."""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.modules.base.records import FieldChange, InstallmentRecord

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")
BOOKKEEPING_FIELDS = frozenset({"row_version", "changed_at", "changed_by", "search_key", "search_text"})
EXPIRING_DAYS = 30


def proposed_login(display_name: str) -> str:
    """name.surname without accents: "Nicolò De Rossi" → "nicolo.derossi"."""
    plain = unicodedata.normalize("NFKD", display_name.casefold())
    words = ["".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in plain.split()]
    words = [word for word in words if word]
    return ".".join([words[0], "".join(words[1:])])[:40].strip(".") if words else ""


def is_login(text: str) -> bool:
    """Small letters, digits, point, hyphen, underscore; 3 to 40 characters."""
    return LOGIN.fullmatch(text) is not None


def due_on(document_on: datetime.date, installment: InstallmentRecord) -> datetime.date:
    """NET: exact days. EOM: days/30 months, then the end of the month; with a fixed day, that day of the month after.

    The database computes the stored date (base.due_on); a test holds the two together.
    """
    if installment.rule == "NET":
        return document_on + datetime.timedelta(days=installment.days)
    months = document_on.year * 12 + document_on.month - 1 + installment.days // 30
    if installment.fixed_day is None:
        return _day(months, 31)
    return _day(months + 1, installment.fixed_day)


def _day(months: int, day: int) -> datetime.date:
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def installments_problem(installments: Sequence[InstallmentRecord]) -> str:
    """What is wrong with the instalments of a term, '' when nothing: at least one, shares of 100 % together."""
    if not installments:
        return "Serve almeno una rata."
    total = sum((one.share for one in installments), Decimal(0))
    if total != 100:
        return "Le quote delle rate fanno {total}%: devono fare 100%."
    return ""


def field_changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
    """Fields that differ between two images of a row; bookkeeping fields left out. Without `old` or `new`: all that are filled."""
    before, after = dict(old or {}), dict(new or {})
    keys = [key for key in (before or after) if key not in BOOKKEEPING_FIELDS]
    keys += [key for key in after if key not in before and key not in BOOKKEEPING_FIELDS and before]
    found = (FieldChange(key, before.get(key), after.get(key)) for key in keys)
    return tuple(one for one in found if one.old != one.new)
