"""The first step of a price run: how prices change, from when, whose. Says how much runs at present."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.modules.customers.columns import kind_names
from cms_desktop.modules.customers.editor.prices.words import line_kinds, run_kinds
from cms_desktop.modules.customers.pricing import queries
from cms_desktop.modules.customers.pricing.records import IndexRow, PriceRunParameters, ServiceTypeRow
from cms_desktop.modules.customers.pricing.rules import STEPS
from cms_desktop.modules.registry.queries import list_classes
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import AmountField, ChoiceField, CodeField, DateField, Field, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
POSITIONS = tuple(range(1, 8))  # of the fields of classification


@dataclass(frozen=True)
class _Start:
    types: Sequence[ServiceTypeRow]
    index: Sequence[IndexRow]
    classes: Sequence[ClassField]


def first_of_next_year(today: datetime.date) -> datetime.date:
    """When new prices usually begin."""
    return datetime.date(today.year + 1, 1, 1)


class PriceRunForm(QWidget):
    """Emits `prepare_wanted(PriceRunParameters)` once everything is sound; `left` when the person goes back."""

    prepare_wanted = Signal(object)
    left = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._title_is_own = False
        self.kind = ChoiceField(tr("Come cambiano i prezzi"), [("tariff", tr("Listino: percentuale o importo")), ("indexation", tr("Indice ISTAT dei contratti"))], required=True)  # fmt: skip
        self.effective_on = DateField(tr("Decorrenza"), required=True)
        self.percent = AmountField(tr("Percentuale"), decimals=2)
        self.amount = AmountField(tr("oppure importo €"))
        self.index_on = ChoiceField(tr("Indice del mese"), ())
        self.step = ChoiceField(tr("Arrotonda a"), [(one, formats.money(one)) for one in STEPS], required=True)
        self.service_type = ChoiceField(tr("Tipo di servizio"), (), empty=tr("Tutti"))
        self.party_kind = ChoiceField(tr("Clienti"), tuple(kind_names().items()), empty=tr("Tutti"))
        self.profile = ChoiceField(tr("Profilo"), [("business", tr("Imprese ed enti")), ("consumer", tr("Consumatori"))], empty=tr("Tutti"))
        self.province = CodeField(tr("Provincia"), longest=2, hint=tr("tutte"))
        self.classes = {position: ChoiceField("", (), empty=tr("Tutte")) for position in POSITIONS}
        for one in self.classes.values():
            one.hide()
        self.title = TextField(tr("Titolo"), required=True, longest=80)
        self.note = InlineMessage("info", tr("Conto dei canoni in corso…"))
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.go_button = button(tr("Prepara anteprima"), "primary", "file-search", tip=tr("Prepara anteprima (Ctrl+↵)"))
        self._arrange()
        self._pause = QTimer(self, singleShot=True, interval=300)
        self._pause.timeout.connect(self._count)
        self._connect()

    def _arrange(self) -> None:
        back = button(tr("Annulla"), tip=tr("Torna alle variazioni (Alt+←)"))
        back.clicked.connect(self.left)
        fields = form_grid(
            [
                [(self.kind, 6), (self.effective_on, 3), (self.step, 3)],
                [(self.percent, 4), (self.amount, 4)],
                [(self.index_on, 8)],
                [(self.service_type, 6), (self.party_kind, 6)],
                [(self.profile, 6), (self.province, 3)],
                *[[(self.classes[position], 4) for position in three] for three in (POSITIONS[:3], POSITIONS[3:6], POSITIONS[6:])],
                [(self.title, 12)],
            ]
        )
        words = tr("L'anteprima non cambia nessun prezzo: prima di confermare vedi ogni riga, prima e dopo, e chi resta fuori e perché.")
        head = column(label(tr("Quali prezzi cambiano"), "heading"), label(words, "small", "2", wrap=True), spacing=4)
        upper = column(head, fields, self.note, self.error, spacing=16, margins=(24, 20, 24, 20))
        foot = row(None, back, self.go_button, margins=(24, 12, 24, 14))
        card = boxed(column(upper, rule(), foot, spacing=0), card="true")
        card.setFixedWidth(760)
        self.setLayout(row(None, card, None))

    def _connect(self) -> None:
        self.kind.changed.connect(self._fit)
        self.effective_on.changed.connect(self._on_day_changed)
        for field in (self.percent, self.amount, self.index_on):
            field.changed.connect(self._propose_title)
        self.title.changed.connect(self._on_title_edited)
        self.go_button.clicked.connect(self.prepare)

    def start(self, kind: str = "tariff") -> None:
        """Fresh proposals: from the first of next year, to the cent."""
        self._title_is_own = False
        self.error.hide()
        self.kind.set_value(kind)
        self.effective_on.set_value(first_of_next_year(local_today()))
        self.step.set_value(STEPS[0])
        for field in (self.percent, self.amount, self.service_type, self.party_kind, self.profile, *self.classes.values()):
            field.set_value(None)
        self.province.set_value("")
        self._fit()
        self._workplace.background.run(self, self._load, then=self._show_start, failed=self.show_error, key="start")
        self.kind.editor.setFocus()

    @staticmethod
    def _load(unit: Any) -> _Start:
        return _Start(queries.list_service_types(unit), queries.list_index(unit, 24), list_classes(unit))

    def _show_start(self, start: _Start) -> None:
        kinds = line_kinds()
        self.service_type.set_choices([(one.service_type_id, f"{one.description} · {kinds[one.kind]}") for one in start.types])
        chosen = self.index_on.value()
        self.index_on.set_choices(
            [
                (one.month_on, f"{one.month_on:%m/%Y} · {formats.number(one.value, 1)}"
                 + ("" if one.variation is None else f" ({formats.signed(one.variation, 1, '%')})"))
                for one in start.index
            ]
        )  # fmt: skip
        self.index_on.set_value(chosen or (start.index[0].month_on if start.index else None))
        self._show_classes(start.classes)
        self._propose_title()
        self._pause.start()

    def _show_classes(self, classes: Sequence[ClassField]) -> None:
        """Only the fields that the company named."""
        named = {one.position: one for one in classes if one.is_active}
        for position, field in self.classes.items():
            one = named.get(position)
            field.setVisible(one is not None)
            if one is not None:
                chosen = field.value()
                field.set_title(one.name)
                field.set_choices(one.choices())
                field.set_value(chosen)

    def _fit(self) -> None:
        is_index = self.kind.value() == "indexation"
        self.percent.setVisible(not is_index)
        self.amount.setVisible(not is_index)
        self.index_on.setVisible(is_index)
        self._propose_title()

    def _on_day_changed(self) -> None:
        self._propose_title()
        self._pause.start()

    def _on_title_edited(self) -> None:
        self._title_is_own = bool(str(self.title.value()).strip())

    def _propose_title(self) -> None:
        day = self.effective_on.value()
        if self._title_is_own or day is None:
            return
        if self.kind.value() == "indexation":
            month = self.index_on.value()
            text = tr("Adeguamento ISTAT {month}", month=f"{month:%m/%Y}") if month else tr("Adeguamento ISTAT")
        elif self.percent.value():
            text = tr("Listino {year}, {change}", year=day.year, change=formats.signed(self.percent.value(), 2, "%"))
        elif self.amount.value():
            text = tr("Listino {year}, {change}", year=day.year, change=formats.signed(self.amount.value(), unit="€"))
        else:
            text = f"{run_kinds()['tariff']} {day.year}"
        blocked = self.title.blockSignals(True)
        self.title.set_value(text)
        self.title.blockSignals(blocked)
        self._title_is_own = False

    def _count(self) -> None:
        day = self.effective_on.value()
        if day is not None:
            self._workplace.background.run(
                self, lambda unit: queries.sum_candidates(unit, day), then=self._show_count, failed=self.show_error, key="count"
            )

    def _show_count(self, found: tuple[int, Decimal]) -> None:
        count, amount = found
        words = (
            tr("In quel giorno corre 1 canone, {amount} al mese.", amount=formats.money(amount))
            if count == 1
            else tr("In quel giorno corrono {n} canoni, {amount} al mese.", n=formats.number(count), amount=formats.money(amount))
        )
        self.note.set_message("info", words)

    # -- check and go
    def problems(self) -> list[tuple[Field, str]]:
        """What stands in the way, field by field."""
        found: list[tuple[Field, str]] = []
        typed: tuple[Field, ...] = (self.effective_on, self.percent, self.amount, self.step, self.title)
        for field in typed:
            if field.is_required and (field.is_empty() or field.value() is None):
                found.append((field, tr("Serve per preparare la variazione.")))
            elif field.entry_problem():
                found.append((field, field.entry_problem()))
        if self.kind.value() == "indexation":
            if self.index_on.value() is None:
                found.append((self.index_on, tr("Scegli il mese dell'indice.")))
        elif bool(self.percent.value()) == bool(self.amount.value()):
            found.append((self.percent, tr("Scrivi una percentuale oppure un importo.")))
        return found

    def prepare(self) -> None:
        for plain in (self.effective_on, self.percent, self.amount, self.title, self.index_on):
            plain.set_plain()
        found = self.problems()
        for field, text in found:
            field.set_error(text)
        if found:
            found[0][0].setFocus()
            return
        kind, chosen, province = self.kind.value(), self.service_type.value(), str(self.province.value()).strip()
        self.prepare_wanted.emit(
            PriceRunParameters(
                kind, str(self.title.value()).strip(), self.effective_on.value(), self.percent.value() or Decimal(0),
                self.amount.value() or Decimal(0), self.index_on.value() if kind == "indexation" else None, self.step.value(),
                (chosen,) if chosen else (), (self.party_kind.value(),) if self.party_kind.value() else (), (province,) if province else (),
                profile=self.profile.value() or "",
                classes={position: (one.value(),) for position, one in self.classes.items() if one.value()},
            )
        )  # fmt: skip

    def show_error(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
