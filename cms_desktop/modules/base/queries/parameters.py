"""Parameters with their history: what the law says and what the company wrote, as of any day."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.records import ParameterHistory, ParameterTitle, ParameterValue
from cms_desktop.modules.base.tables import LawValue, Parameter, ParameterKind


def value_on(unit: UnitOfWork, key: str, on_date: datetime.date) -> Any:
    """The value of a parameter in force on a day, None when there is none yet. Rates and amounts come as numbers: see `rate_on`."""
    return unit.value(sa.select(sa.func.base.value_on(unit.company_id, key, on_date, type_=Parameter.__table__.c.value.type)))


def rate_on(unit: UnitOfWork, key: str, on_date: datetime.date) -> Decimal | None:
    """A rate (percent), amount (euro) or number of days as a Decimal."""
    found: Decimal | None = unit.value(sa.select(sa.func.base.rate_on(unit.company_id, key, on_date)))
    return found


def list_parameter_histories(unit: UnitOfWork) -> tuple[ParameterHistory, ...]:
    """Every parameter of the catalogue with its values, the newest first."""
    values: dict[str, list[ParameterValue]] = {}
    for law in unit.session.scalars(sa.select(LawValue)):
        values.setdefault(law.key, []).append(ParameterValue(law.valid_from, law.value, law.source, None, 0))
    for own in unit.session.scalars(sa.select(Parameter).where(Parameter.company_id == unit.company_id)):
        values.setdefault(own.key, []).append(ParameterValue(own.valid_from, own.value, own.note, own.parameter_id, own.row_version))
    kinds = unit.session.scalars(sa.select(ParameterKind).order_by(ParameterKind.sort_order))
    return tuple(
        ParameterHistory(
            ParameterTitle(
                kind.key, kind.title, kind.note, kind.value_kind, tuple(kind.choices), kind.lowest, kind.highest, kind.is_law, kind.law,
                kind.period,
            ),
            rules.timeline(values.get(kind.key, [])),
        )
        for kind in kinds
    )  # fmt: skip
