"""The company's calendar."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.calendar import NATIONAL, PATRON, CompanyCalendar, DayRule
from cms_desktop.modules.base.records import StoredRecord, TownChoice
from cms_desktop.modules.base.tables import CalendarDay, Company, NationalHoliday, Town, TownPatron

ANY_YEAR = 2000  # a leap year: every day of every month exists in it


def find_calendar(unit: UnitOfWork) -> CompanyCalendar:
    """Every rule: national feasts, patrons of the listed towns, the company's own days."""
    national = [_listed(NATIONAL, row, row.valid_from, row.valid_to) for row in unit.session.scalars(sa.select(NationalHoliday))]
    patrons = [_listed(PATRON, row, None, None, row.istat_code) for row in unit.session.scalars(sa.select(TownPatron))]
    own = [
        DayRule(
            row.kind, row.name, row.starts_on, row.ends_on, row.is_yearly, row.easter_offset, row.istat_code or "",
            row.starts_on if row.is_yearly else None, None, row.calendar_day_id,
        )
        for row in unit.session.scalars(sa.select(CalendarDay).where(CalendarDay.company_id == unit.company_id))
    ]  # fmt: skip
    return CompanyCalendar((*national, *patrons, *own))


def _listed(kind: str, row: Any, valid_from: datetime.date | None, valid_to: datetime.date | None, town: str = "") -> DayRule:
    day = datetime.date(ANY_YEAR, row.month or 1, row.day or 1)
    return DayRule(kind, row.name, day, day, True, row.easter_offset, town, valid_from, valid_to)


def list_calendar_days(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """The company's own days, with the name of their town (`town`)."""
    rows = unit.session.execute(
        sa.select(CalendarDay, Town.name, Town.province_code)
        .outerjoin(Town, Town.istat_code == CalendarDay.istat_code)
        .where(CalendarDay.company_id == unit.company_id)
        .order_by(CalendarDay.starts_on, CalendarDay.calendar_day_id)
    )
    return tuple(
        StoredRecord(
            day.calendar_day_id, day.row_version,
            {"kind": day.kind, "name": day.name, "istat_code": day.istat_code, "starts_on": day.starts_on, "ends_on": day.ends_on,
             "is_yearly": day.is_yearly, "easter_offset": day.easter_offset, "town": f"{town} ({province})" if town else ""},
        )
        for day, town, province in rows
    )  # fmt: skip


def list_towns(unit: UnitOfWork, text: str, limit: int = 12) -> tuple[TownChoice, ...]:
    """Towns of today whose name begins like the text."""
    key = unit.value(sa.select(sa.func.base.fold(text.strip())))
    rows = unit.rows(
        sa.select(Town.istat_code, Town.name, Town.province_code)
        .where(Town.search_key >= key, Town.search_key < key + "\uffff", Town.valid_to.is_(None))
        .order_by(Town.search_key, Town.istat_code)
        .limit(limit)
    )
    return tuple(TownChoice(row.istat_code, f"{row.name} ({row.province_code})") for row in rows)


def find_towns(unit: UnitOfWork, codes: Sequence[str]) -> dict[str, str]:
    """Names of towns by their ISTAT code."""
    rows = unit.rows(sa.select(Town.istat_code, Town.name, Town.province_code).where(Town.istat_code.in_(list(codes))))
    return {row.istat_code: f"{row.name} ({row.province_code})" for row in rows}


def find_home_town(unit: UnitOfWork) -> TownChoice | None:
    """The town of the company: what it chose, otherwise the only one of its name and province."""
    company = unit.session.scalars(sa.select(Company).where(Company.company_id == unit.company_id)).first()
    if company is None:
        return None
    named = sa.and_(Town.search_key == sa.func.base.fold(company.town), Town.province_code == company.province_code)
    rows = unit.rows(
        sa.select(Town.istat_code, Town.name, Town.province_code)
        .where(Town.istat_code == company.istat_code if company.istat_code else named, Town.valid_to.is_(None))
        .limit(2)
    )
    return TownChoice(rows[0].istat_code, f"{rows[0].name} ({rows[0].province_code})") if len(rows) == 1 else None
