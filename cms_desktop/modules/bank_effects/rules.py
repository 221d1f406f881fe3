"""Pure checks and names of bank effects."""

from __future__ import annotations

import datetime

from cms_desktop.core.fiscal import check_iban, check_tax_code

PRESENTABLE_DAYS = 30  # how far ahead the dashboard looks
AHEAD = datetime.timedelta(days=PRESENTABLE_DAYS)
WEEKS = 12


def debtor_obstacle(iban: str, tax_code: str) -> str:
    """What the database cannot see in the debtor's data: wrong check digits. '' when the debtor may be presented."""
    if check_iban(iban) is not None:
        return "iban_wrong"
    if check_tax_code(tax_code) is not None:
        return "tax_code_wrong"
    return ""


def file_name(batch_number: str) -> str:
    """Name proposed for the file of a batch: E-2026/0001 → RIBA-E-2026-0001.txt."""
    return f"RIBA-{support_name(batch_number)}.txt"


def support_name(batch_number: str) -> str:
    """Name of the presentation inside the file, at most 20 characters (CBI-RIB-001, record IB)."""
    return batch_number.replace("/", "-")[:20]


def week_start(day: datetime.date) -> datetime.date:
    """The Monday of the week."""
    return day - datetime.timedelta(days=day.weekday())


def month_bounds(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the month of `day`."""
    first = day.replace(day=1)
    return first, (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
