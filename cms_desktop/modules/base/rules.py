"""Pure calculations and checks of base."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.base.records import FieldChange, InstallmentRecord, Letterhead, ParameterHistory, ParameterValue

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")
BOOKKEEPING_FIELDS = frozenset({"row_version", "changed_at", "changed_by", "search_key", "search_text"})
EXPIRING_DAYS = 30
_LETTERHEAD_KEYS = (
    "name", "street", "street_number", "postal_code", "town", "province_code", "vat_number", "phone", "email", "pec", "rea_office", "rea_number",
    "tax_code", "website", "letterhead_lines", "letterhead_foot",
)  # fmt: skip


def proposed_login(display_name: str) -> str:
    """name.surname without accents: "Nicolò De Rossi" → "nicolo.derossi"."""
    plain = unicodedata.normalize("NFKD", display_name.casefold())
    words = ["".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in plain.split()]
    words = [word for word in words if word]
    return ".".join([words[0], "".join(words[1:])])[:40].strip(".") if words else ""


def is_login(text: str) -> bool:
    """Small letters, digits, point, hyphen, underscore; 3 to 40 characters."""
    return LOGIN.fullmatch(text) is not None


def installments_problem(installments: Sequence[InstallmentRecord]) -> str:
    """What is wrong with the instalments of a term, '' when nothing: at least one, shares of 100 % together."""
    if not installments:
        return "Serve almeno una rata."
    total = sum((one.share for one in installments), Decimal(0))
    if total != 100:
        return "Le quote delle rate fanno {total}%: devono fare 100%."
    return ""


_GROUP = re.compile(r"(?:(\d+(?:[.,]\d+)?)\s*%)?\s*(\d+(?:\s*/\s*\d+)*)\s*(FM|DF)?\s*(?:(\+|G)\s*(\d{1,2}))?", re.IGNORECASE)


def parse_installments(text: str) -> tuple[InstallmentRecord, ...]:
    """Instalments as the trade writes them: "30/60/90 FM", "30 DF", "60 FM +10", "90 G15", "50% 30 FM; 50% 60 FM".

    FM: end of month; DF (or nothing): date of the invoice; FM +10: the 10th of the month after; DF +10: the next 10th, never before
    the days are over; G15: the 15th of the month in which they end. Without shares, equal parts, the last one taking the remainder.
    Raises InvalidInput.
    """
    parts: list[tuple[Decimal | None, int, str, int | None]] = []
    for group in filter(None, (piece.strip() for piece in text.split(";"))):
        match = _GROUP.fullmatch(group)
        if match is None:
            raise InvalidInput("«{typed}» non si legge: scrivi per esempio 30/60/90 FM oppure 50% 30 FM; 50% 60 FM.", typed=group)
        share = Decimal(match[1].replace(",", ".")) if match[1] else None
        ending, sign, day = (match[3] or "").upper(), (match[4] or "").upper(), int(match[5]) if match[5] else None
        if (sign == "G" and ending) or (day is not None and not 1 <= day <= 31):
            raise InvalidInput("Il giorno fisso va da 1 a 31: per esempio 60 FM +10, 30 DF +15 oppure 90 G15.")
        rule = "DAY" if sign == "G" else "EOM" if ending == "FM" else "NET"
        parts += [(share, int(days), rule, day) for days in match[2].split("/")]
    if any(part[0] is None for part in parts) and any(part[0] is not None for part in parts):
        raise InvalidInput("Scrivi la quota di ogni rata, oppure di nessuna.")
    if any(days > 720 for _, days, _, _ in parts) or len(parts) > 24:
        raise InvalidInput("Al massimo 24 rate e 720 giorni.")
    shares = [part[0] for part in parts] if parts and parts[0][0] is not None else _equal_shares(len(parts))
    return tuple(InstallmentRecord(share or Decimal(0), *part[1:]) for share, part in zip(shares, parts, strict=True))


def _equal_shares(count: int) -> list[Decimal | None]:
    if not count:
        return []
    share = (Decimal(100) / count).quantize(Decimal("0.01"))
    return [*([share] * (count - 1)), 100 - share * (count - 1)]


def installments_text(installments: Sequence[InstallmentRecord]) -> str:
    """The shortest text that parse_installments reads back as these."""
    if not installments:
        return ""
    first = installments[0]
    same = all((one.rule, one.fixed_day) == (first.rule, first.fixed_day) for one in installments)
    shares = _equal_shares(len(installments))
    if same and [one.share for one in installments] == shares:
        return "/".join(str(one.days) for one in installments) + _rule_text(first)
    return "; ".join(f"{_number(one.share)}% {one.days}{_rule_text(one)}" for one in installments)


def _rule_text(one: InstallmentRecord) -> str:
    if one.rule == "DAY":
        return f" G{one.fixed_day}"
    return (" FM" if one.rule == "EOM" else " DF") + (f" +{one.fixed_day}" if one.fixed_day else "")


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def field_changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
    """Fields that differ between two images of a row; bookkeeping fields left out. Without `old` or `new`: all that are filled."""
    before, after = dict(old or {}), dict(new or {})
    keys = [key for key in (before or after) if key not in BOOKKEEPING_FIELDS]
    keys += [key for key in after if key not in before and key not in BOOKKEEPING_FIELDS and before]
    found = (FieldChange(key, before.get(key), after.get(key)) for key in keys)
    return tuple(one for one in found if one.old != one.new)


def letterhead(values: Mapping[str, Any], logo: bytes = b"") -> Letterhead:
    """What the company prints on its paper; `values` are the columns of base.company.

    At the foot stands what art. 2250 c.c. wants on letters: register, capital, single holder, liquidation.
    """
    text = {key: str(values.get(key) or "").strip() for key in _LETTERHEAD_KEYS}
    street = f"{text['street']} {text['street_number']}".strip()
    town = f"{text['postal_code']} {text['town']}".strip() + (f" ({text['province_code']})" if text["province_code"] else "")
    codes = f"P. IVA {text['vat_number']}" + (f" · C.F. {text['tax_code']}" if text["tax_code"] not in ("", text["vat_number"]) else "")
    contacts = _joined(text["phone"], text["email"], text["pec"], text["website"])
    lines = (f"{street}, {town}".strip(", "), codes, contacts, *text["letterhead_lines"].splitlines())
    capital = f"Capitale sociale {formats.money(values['share_capital'])}" if values.get("share_capital") else ""
    if capital and values.get("is_capital_paid_up", True):
        capital += " i.v."
    register = f"REA {text['rea_office']} {text['rea_number']}" if text["rea_number"] else ""
    holder = "Società con socio unico" if values.get("is_sole_holder") else ""
    liquidation = "Società in liquidazione" if values.get("is_in_liquidation") else ""
    foot = (_joined(text["name"], register, capital, holder, liquidation), *text["letterhead_foot"].splitlines())
    return Letterhead(text["name"], _filled(lines), _filled(foot), logo)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _filled(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())


def timeline(values: Sequence[ParameterValue]) -> tuple[ParameterValue, ...]:
    """Values of a parameter, the newest first; of two that start on the same day the company's own counts."""
    chosen: dict[datetime.date, ParameterValue] = {}
    for value in sorted(values, key=lambda one: (one.valid_from, one.parameter_id is not None)):
        chosen[value.valid_from] = value
    return tuple(sorted(chosen.values(), key=lambda one: one.valid_from, reverse=True))


def missing_since(history: ParameterHistory, today: datetime.date) -> datetime.date | None:
    """The day from which a parameter that the law sets every year or half-year has no value of its period; None when it has one."""
    months = {"year": 12, "half_year": 6}.get(history.title.period)
    newest = history.values[0].valid_from if history.values else None
    if months is None or newest is None:
        return None
    start = datetime.date(newest.year, 1 if months == 12 or newest.month <= 6 else 7, 1)
    following = start.year * 12 + start.month - 1 + months
    due = datetime.date(following // 12, following % 12 + 1, 1)
    return due if due <= today else None
