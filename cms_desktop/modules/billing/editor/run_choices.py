"""What a run takes of what is due: types of service, kinds of lines, customers, one-off lines, skipped periods, the threshold of differences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.modules.billing.columns.words import catch_up_words, line_kinds, one_off_words, party_kinds
from cms_desktop.modules.billing.records import THRESHOLD, RunChoices
from cms_desktop.modules.billing.running.records import RunOptions
from cms_desktop.ui.basics import button
from cms_desktop.ui.fields import AmountField, ChoiceField, Field
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table.choice_picker import ChoicePicker
from cms_desktop.ui.translation import one_or_many, translator

tr = translator("billing")


class ManyField(Field):
    """Some of many values, ticked in a list; none means all."""

    def __init__(self, title: str, choices: Sequence[tuple[Any, str]] = (), everything: str = "") -> None:
        self.opener = button("", "", "chevron-down")
        self.opener.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        super().__init__(title, self.opener)
        self._choices, self._everything, self._chosen = list(choices), everything or tr("Tutti"), tuple[Any, ...]()
        self.picker: ChoicePicker | None = None
        self.opener.clicked.connect(self._open)
        self._show_words()

    def set_choices(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Other values; without any there is nothing to open."""
        self._choices = list(choices)
        self.opener.setEnabled(bool(self._choices))
        self._show_words()

    def value(self) -> tuple[Any, ...]:
        return self._chosen

    def set_value(self, value: Sequence[Any]) -> None:
        self._chosen = tuple(value or ())
        self._show_words()

    def is_empty(self) -> bool:
        return False

    def _open(self) -> None:
        self.picker = ChoicePicker(self.opener, self._choices, self._chosen)
        self.picker.picked.connect(self._on_picked)
        self.picker.closed.connect(self.picker.deleteLater)
        self.picker.open(self.picker.list)

    def _on_picked(self, values: tuple[Any, ...]) -> None:
        self.set_value(values)
        self.changed.emit()

    def _show_words(self) -> None:
        words = [title for value, title in self._choices if value in self._chosen]
        text = self._everything if not self._chosen else words[0] if len(words) == 1 else tr("{n} scelti", n=len(self._chosen))
        self.opener.setText(text)
        self.opener.setToolTip(", ".join(words))


class RunChoicesForm(QWidget):
    """`changed` when something else is taken."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.types = ManyField(tr("Tipi di servizio"))
        self.kinds = ManyField(tr("Righe"), list(line_kinds().items()), tr("Tutte"))
        self.customers = ManyField(tr("Clienti"), everything=tr("Tutti"))
        self.one_off = ChoiceField(tr("Una tantum"), list(one_off_words().items()))
        self.catch_up = ChoiceField(tr("Recupera periodi saltati"), list(catch_up_words().items()))
        self.threshold = AmountField(tr("Soglia differenze %"), decimals=1, lowest=Decimal(0), highest=Decimal(999))
        self.setLayout(
            form_grid(
                [
                    [(self.types, 4), (self.kinds, 4), (self.customers, 4)],
                    [(self.one_off, 4), (self.catch_up, 4), (self.threshold, 4)],
                ]
            )
        )
        for field in (self.types, self.kinds, self.customers, self.one_off, self.catch_up, self.threshold):
            field.changed.connect(self.changed)
        self.set_choices(RunChoices())

    def set_options(self, options: RunOptions) -> None:
        self.types.set_choices(options.service_types)
        groups: list[tuple[tuple[int, int | str], str]] = [((0, kind), words) for kind, words in party_kinds().items()]
        groups += [((one.position, number), f"{one.name}: {text}") for one in options.classes for number, text in one.values]
        self.customers.set_choices(groups)

    def set_choices(self, choices: RunChoices) -> None:
        self.types.set_value(choices.service_types)
        self.kinds.set_value(choices.kinds)
        classes = [(position, number) for position, ids in choices.classes for number in ids]
        self.customers.set_value([*((0, kind) for kind in choices.party_kinds), *classes])
        self.one_off.set_value(choices.one_off)
        self.catch_up.set_value(choices.catch_up_months)
        self.threshold.set_value(choices.threshold)

    def choices(self, template_id: int | None = None) -> RunChoices:
        chosen = self.customers.value()
        positions = sorted({position for position, _ in chosen if position})
        threshold = self.threshold.value()
        return RunChoices(
            tuple(self.types.value()),
            tuple(self.kinds.value()),
            tuple(value for position, value in chosen if not position),
            tuple((position, tuple(value for place, value in chosen if place == position)) for position in positions),
            self.one_off.value(),
            self.catch_up.value() or 0,
            THRESHOLD if threshold is None else threshold,
            template_id,
        )


def choices_in_words(choices: RunChoices, options: RunOptions | None = None) -> list[str]:
    """What a run was limited to, a line each; empty when it takes all."""
    types = dict(options.service_types) if options is not None else {}
    values = {number: text for one in options.classes for number, text in one.values} if options is not None else {}
    found = [types.get(number, tr("1 tipo di servizio")) for number in choices.service_types]
    lines = [", ".join(found)] if found else []
    groups = [party_kinds()[kind] for kind in choices.party_kinds]
    groups += [values.get(number, "?") for _, ids in choices.classes for number in ids]
    for texts in ([line_kinds()[kind] for kind in choices.kinds], groups):
        if texts:
            lines.append(", ".join(texts))
    if choices.one_off != "with":
        lines.append(tr("una tantum escluse") if choices.one_off == "without" else tr("solo una tantum"))
    if choices.catch_up_months:
        lines.append(one_or_many(choices.catch_up_months, tr("recupero di 1 mese"), tr("recupero di {n} mesi", n=choices.catch_up_months)))
    if choices.threshold != THRESHOLD:
        lines.append(tr("soglia ±{n}%", n=formats.number(choices.threshold)))
    return lines
