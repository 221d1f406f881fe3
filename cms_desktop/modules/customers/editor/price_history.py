"""The prices of a line of a contract: which holds, which held, which is to come, and where each came from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.modules.customers.contracts.records import PriceStep
from cms_desktop.modules.customers.editor.prices.words import band_names
from cms_desktop.ui.basics import label
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.translation import translator

tr = translator("customers")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def step_origin(step: PriceStep) -> str:
    """Where a price came from, in words."""
    if step.origin == "run":
        return tr("Variazione {run}", run=step.run)
    return tr("Prezzo d'inizio") if step.origin == "initial" else tr("A mano")


def last_days(steps: Sequence[PriceStep]) -> list[datetime.date | None]:
    """For each price the last day it holds, given newest first: the day before the next one of its band; None where it goes on."""
    following: dict[str, datetime.date] = {}
    found: list[datetime.date | None] = []
    for step in steps:
        after = following.get(step.band)
        found.append(after - datetime.timedelta(days=1) if after is not None else None)
        following[step.band] = step.valid_from
    return found


def step_state(step: PriceStep, until: datetime.date | None, today: datetime.date) -> tuple[str, str]:
    if step.is_future:
        return tr("Futuro"), "info"
    return (tr("In vigore"), "positive") if until is None or until >= today else (tr("Superato"), "neutral")


class PriceHistory(QFrame):
    """A row a price, the newest first. `steps` as queries.list_prices gives them."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: Sequence[PriceStep] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 2)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(4, 1)

    def show_steps(self, steps: Sequence[PriceStep], today: datetime.date | None = None) -> None:
        today = today or local_today()
        self.steps = steps
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        names, has_bands = band_names(), any(step.band for step in steps)
        for place, (step, until) in enumerate(zip(steps, last_days(steps), strict=True)):
            tone = "2" if step.is_future or until is None else "3"
            self._grid.addWidget(label(_days(step, until), "small", tone), place, 0)
            self._grid.addWidget(label(names.get(step.band, step.band) if has_bands else "", "small", tone), place, 1)
            self._grid.addWidget(label(f"{_exact(step)} €", "small-medium", tone, align=RIGHT), place, 2)
            self._grid.addWidget(StatusChip(*step_state(step, until, today)), place, 3)
            self._grid.addWidget(label(step_origin(step), "small", "3"), place, 4)


def _days(step: PriceStep, until: datetime.date | None) -> str:
    if until is None:
        return tr("dal {start}", start=formats.date(step.valid_from))
    return tr("dal {start} al {end}", start=formats.date(step.valid_from), end=formats.date(until))


def _exact(step: PriceStep) -> str:
    """Two decimals, or all four where there are more."""
    return formats.amount(step.price) if step.price == round(step.price, 2) else formats.number(step.price, 4)
