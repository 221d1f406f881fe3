"""Reading the VAT books. Every function takes the unit of work first; the server checks the right to read the books."""

from __future__ import annotations

import calendar
import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import DocumentSeries
from cms_desktop.modules.billing.vat.records import (
    RegisterMonth,
    RegisterPrintRow,
    RegisterRow,
    RegisterTotal,
    Section,
    Settlement,
    StampQuarter,
)
from cms_desktop.modules.billing.vat.tables import RegisterPrint

NAMES = {"purchases": "Acquisti (autofatture e integrazioni)", "collected": "IVA differita incassata"}
_AMOUNTS = (
    "purchases_net", "purchases_vat", "year_credit", "tax_credits", "advance_amount", "active_net", "passive_net", "due_vat", "deducted_vat",
    "carried_debt", "carried_credit", "interest_amount", "result_amount", "advance_proposal",
)  # fmt: skip
_PARTS = ("sales_vat", "reverse_vat", "collected_vat", "split_vat", "suspended_vat", "own_purchases_vat")
CENT = Decimal("0.01")


def month_end(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def list_sections(unit: UnitOfWork) -> list[Section]:
    """The registers of the company: a section for every series, then purchases and collections."""
    s = DocumentSeries.__table__.c
    rows = unit.rows(sa.select(s.document_series_id, s.code, s.name).where(s.company_id == unit.company_id).order_by(s.document_series_id))
    found = [Section("sales", row.document_series_id, row.code, row.name) for row in rows]
    return found + [Section(register, None, "", name) for register, name in NAMES.items()]


def find_month(unit: UnitOfWork, section: Section, month: datetime.date, most: int | None = None) -> RegisterMonth:
    """A section in the month of a day; of its rows at most the first `most`, totals are always of all."""
    first, last = month.replace(day=1), month_end(month)
    which, days = (section.register, section.series_id), (first, last)
    rows = tuple(_ask(unit, "register_rows", RegisterRow, which, days, most))
    totals = tuple(_ask(unit, "register_totals", RegisterTotal, which, days))
    page: int = unit.call("billing.register_page", section.register, section.series_id, first)
    return RegisterMonth(section, first, rows, totals, page, find_print(unit, section, first))


def list_totals(unit: UnitOfWork, register: str, first: datetime.date, last: datetime.date) -> list[RegisterTotal]:
    """Totals of all sections of a register, by month and VAT code."""
    return _ask(unit, "register_totals", RegisterTotal, (register, None), (first, last))


def _ask(
    unit: UnitOfWork, function: str, kind: type[Any], section: tuple[str, int | None], days: tuple[datetime.date, datetime.date],
    most: int | None = None,
) -> list[Any]:  # fmt: skip
    """The rows of a function of the registers as records of a kind."""
    names = tuple(kind.__dataclass_fields__)
    limit = (sa.cast(most, sa.Integer),) if most is not None else ()
    called = getattr(sa.func.billing, function)(unit.company_id, section[0], sa.cast(section[1], sa.BigInteger), *days, *limit)
    found = called.table_valued(*names).render_derived(name="r")
    return [kind(*row) for row in unit.rows(sa.select(*(found.c[name] for name in names)))]


def find_print(unit: UnitOfWork, section: Section, month: datetime.date) -> RegisterPrintRow | None:
    p = RegisterPrint.__table__.c
    statement = sa.select(p.month_on, p.first_page, p.page_count, p.row_count, p.vat_amount, p.created_at).where(
        p.company_id == unit.company_id, p.register == section.register, p.document_series_id.is_not_distinct_from(section.series_id),
        p.month_on == month,
    )  # fmt: skip
    rows = unit.rows(statement)
    return RegisterPrintRow(*rows[0]) if rows else None


def find_settlement(unit: UnitOfWork, day: datetime.date) -> Settlement:
    """The settlement of the period of a day, confirmed or proposed."""
    return _settlement(unit.call("billing.vat_proposal", day))


def list_settlements(unit: UnitOfWork, year: int) -> list[Settlement]:
    """The periods of a year, those of the future left out."""
    found: list[Settlement] = []
    day, today = datetime.date(year, 1, 1), datetime.datetime.now().astimezone().date()
    while day.year == year and day <= today:
        one = find_settlement(unit, day)
        found.append(one)
        day = one.period_end + datetime.timedelta(days=1)
    return found


def _settlement(facts: dict[str, Any]) -> Settlement:
    snapshot = facts["snapshot"]
    amounts = {name: _amount(facts[name]) for name in _AMOUNTS}
    return Settlement(
        period_start=datetime.date.fromisoformat(facts["period_start"]), period_end=datetime.date.fromisoformat(facts["period_end"]),
        state=facts["state"], is_quarter=facts["is_quarter"], is_carried=facts["is_carried"],
        due_on=datetime.date.fromisoformat(facts["due_on"]),
        payable_on=datetime.date.fromisoformat(facts["payable_on"]) if facts["payable_on"] else None, tribute_code=facts["tribute_code"],
        confirmed_at=datetime.datetime.fromisoformat(facts["confirmed_at"]) if facts["confirmed_at"] else None,
        parts={name: _amount(snapshot[name]) for name in _PARTS}, snapshot=snapshot, **amounts,
    )  # fmt: skip


def _amount(value: Any) -> Decimal:
    """From JSON, where 12.50 may come as 12.5."""
    return Decimal(str(value)).quantize(CENT)


def list_stamp_quarters(unit: UnitOfWork, year: int) -> list[StampQuarter]:
    return [StampQuarter(*row) for row in unit.rows(sa.text("select * from billing.stamp_quarters(:company, :year)"), {"year": year})]


def stamp_query(quarter: StampQuarter) -> ListQuery:
    """Exactly the documents behind the stamp duty of a quarter, in the list of invoices."""
    return ListQuery((Filter("document_on", "between", (quarter.first_day, quarter.last_day)), Filter("has_stamp", "=", (True,))))
