"""Templates of runs, and what a run can choose from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cms_desktop.core.money import ZERO
from cms_desktop.modules.billing.records import RunChoices

MONTHS = (1, 2, 3, 4, 6, 12)
DOCUMENT_DAYS = ("start", "end", "today")


@dataclass(frozen=True)
class RunTemplate:
    """What runs of a kind are made from. `title` may say {mese} and {periodo}; `last_period_end`: of its last run that was not taken back."""

    template_id: int
    name: str
    title: str
    months: int
    document_day: str
    series_id: int
    grouping: str
    parameters: Mapping[str, Any]
    is_active: bool
    row_version: int
    last_period_end: datetime.date | None = None

    @property
    def choices(self) -> RunChoices:
        return RunChoices.from_json(self.parameters, self.template_id)


@dataclass(frozen=True)
class ClassField:
    """A field of the registry's classification with its values."""

    position: int
    name: str
    values: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class RunOptions:
    """What the parameters of a run can be chosen from."""

    service_types: Sequence[tuple[int, str]]
    classes: Sequence[ClassField]
    templates: Sequence[RunTemplate]


@dataclass(frozen=True)
class Skipped:
    """Periods that fell due before a run and are in no invoice and no preview."""

    count: int = 0
    amount: Decimal = ZERO
