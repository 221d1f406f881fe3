"""The seven fields of classification, and the figures of the dashboard."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import rules
from cms_desktop.modules.registry.listings import PARTIES, TWINS
from cms_desktop.modules.registry.queries.parties import count_sections
from cms_desktop.modules.registry.records import ClassField, ClassValue, DashboardFigures
from cms_desktop.modules.registry.tables import Classification, ClassificationValue, Party, Refusal, SectionCount


def list_classes(unit: UnitOfWork) -> list[ClassField]:
    """The fields that the company named, with their values, by position."""
    values: dict[int, list[ClassValue]] = {}
    for one in unit.session.scalars(sa.select(ClassificationValue).order_by(ClassificationValue.sort_order, ClassificationValue.name)):
        values.setdefault(one.position, []).append(
            ClassValue(one.classification_value_id, one.name, one.is_active, one.row_version, one.sort_order)
        )
    fields = unit.session.scalars(sa.select(Classification).order_by(Classification.position))
    return [ClassField(one.position, one.name, one.is_active, one.row_version, tuple(values.get(one.position, ()))) for one in fields]


def sum_dashboard(unit: UnitOfWork, today: datetime.date) -> DashboardFigures:
    """All figures of the dashboard, each equal to the list it opens."""
    months = _new_by_month(unit, today.year - 1)
    before = (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    return DashboardFigures(
        count_sections(unit), months.get(today.replace(day=1), 0), months.get(before, 0),
        TWINS.totals(unit, rules.in_section("")).count, PARTIES.totals(unit, rules.INCOMPLETE).count,
        tuple(months.get(datetime.date(today.year, month, 1), 0) for month in range(1, 13)),
        tuple(months.get(datetime.date(today.year - 1, month, 1), 0) for month in range(1, 13)), _refusals(unit),
    )  # fmt: skip


def _new_by_month(unit: UnitOfWork, first_year: int) -> dict[datetime.date, int]:
    counts = (
        sa.select(SectionCount.month, sa.func.sum(SectionCount.parties).label("parties"))
        .where(
            SectionCount.company_id == unit.company_id,
            SectionCount.section == "party",
            SectionCount.month >= datetime.date(first_year, 1, 1),
        )
        .group_by(SectionCount.month)
    )
    return {row.month: int(row.parties) for row in unit.rows(counts)}


def _refusals(unit: UnitOfWork) -> tuple[tuple[str, int], ...]:
    """Living parties that refuse a channel, by channel."""
    counts = (
        sa.select(Refusal.channel, sa.func.count(sa.distinct(Refusal.party_id)).label("parties"))
        .join(Party, sa.and_(Party.company_id == Refusal.company_id, Party.party_id == Refusal.party_id))
        .where(
            Refusal.company_id == unit.company_id, Party.company_id == unit.company_id, Refusal.withdrawn_on.is_(None),
            Refusal.contact_person_id.is_(None), Party.survivor_id.is_(None),
        )
        .group_by(Refusal.channel)
    )  # fmt: skip
    found = {row.channel: int(row.parties) for row in unit.rows(counts)}
    return tuple((channel, found.get(channel, 0)) for channel in rules.CHANNELS)
