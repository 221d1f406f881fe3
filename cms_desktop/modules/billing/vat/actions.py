"""What is done with the VAT books. Each verb calls one guarded function of the database."""

from __future__ import annotations

import datetime
import hashlib

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.vat.records import RegisterMonth, Settlement, SettlementEntries


def save_settlement(unit: UnitOfWork, day: datetime.date, entries: SettlementEntries) -> int:
    """Keep what was typed in for the period of a day."""
    made: int = unit.call(
        "billing.save_vat", day, entries.purchases_net, entries.purchases_vat, entries.year_credit, entries.tax_credits, entries.advance_amount
    )  # fmt: skip
    return made


def confirm_settlement(unit: UnitOfWork, seen: Settlement) -> int:
    """Freeze and post the settlement; Conflict when its result is not the one that was seen."""
    made: int = unit.call("billing.confirm_vat", seen.period_start, seen.result_amount)
    return made


def reopen_settlement(unit: UnitOfWork, day: datetime.date, reason: str) -> None:
    """The last confirmed settlement becomes a draft again, its entry is reversed."""
    unit.call("billing.reopen_vat", day, reason)


def close_month(unit: UnitOfWork, month: RegisterMonth, content: bytes, page_count: int) -> int:
    """The month was printed for good as `content`: its pages are taken, its documents final."""
    made: int = unit.call(
        "billing.print_register", month.section.register, month.section.series_id, month.month_on, month.first_page, page_count,
        len(month.rows), month.net_amount, month.vat_amount, hashlib.sha256(content).digest(),
    )  # fmt: skip
    return made
