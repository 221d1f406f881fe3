"""The ISTAT index: published months, and those the company enters itself."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.customers.editor.prices.words import index_columns
from cms_desktop.modules.customers.pricing import actions, queries
from cms_desktop.modules.customers.pricing.records import IndexRow
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import AmountField, ChoiceField, DateField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
SIDE_WIDTH, MONTHS = 380, 132


@dataclass(frozen=True)
class _Shown:
    rows: Sequence[IndexRow]
    bases: Sequence[int]


class IndexPage(QWidget):
    """Months at the left, entry of a new one at the right."""

    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.table = RecordTable(
            index_columns(), record_key=lambda one: one.month_on, noun=Noun(tr("mese"), tr("mesi")), filters=False, totals=False
        )
        self.month = DateField(tr("Mese"), required=True)
        self.value = AmountField(tr("Indice"), decimals=1, required=True)
        self.base = ChoiceField(tr("Base"), (), required=True)
        self.message = InlineMessage("negative", "", closable=True)
        self.message.hide()
        self.save_button = button(tr("Inserisci il mese"), "primary", "plus", tip=tr("Inserisci il mese (↵)"))
        self.remove_button = button(tr("Togli il mese inserito a mano"), "link", "trash-2")
        words = tr("Indice dei prezzi al consumo per le famiglie di operai e impiegati, senza tabacchi (FOI), come lo pubblica l'ISTAT. I mesi più recenti si inseriscono qui appena escono in Gazzetta; un mese inserito a mano vale prima di quello pubblicato.")  # fmt: skip
        card = boxed(column(self.table, margins=(1, 1, 1, 1)), card="true")
        fields = form_grid([[(self.month, 12)], [(self.value, 6), (self.base, 6)]])
        body = column(
            label(tr("Un mese nuovo"), "heading"), label(words, "small", "2", wrap=True), fields, self.message,
            row(self.save_button, None), self.remove_button, None, spacing=14, margins=(20, 16, 20, 16),
        )  # fmt: skip
        side = boxed(body, card="true")
        side.setFixedWidth(SIDE_WIDTH)
        layout = row(card, side, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(card, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)
        may = workplace.may("customers.reprice")
        self.save_button.setEnabled(may)
        self.remove_button.hide()
        self._may = may
        self.save_button.clicked.connect(self._enter)
        self.remove_button.clicked.connect(self._remove)
        self.table.selection_changed.connect(self._on_selection)
        self._chosen: IndexRow | None = None

    def reload(self) -> None:
        work = lambda unit: _Shown(queries.list_index(unit, MONTHS), queries.list_base_years(unit))
        self._workplace.background.run(self, work, then=self._show, failed=self._on_failed, key="index")

    def _show(self, shown: _Shown) -> None:
        self.base.set_choices([(year, tr("{year} = 100", year=year)) for year in shown.bases])
        self.table.set_rows(list(shown.rows))
        if shown.rows:
            newest = shown.rows[0].month_on
            self.month.set_value((newest + datetime.timedelta(days=32)).replace(day=1))
            self.base.set_value(shown.rows[0].base_year)
        self.value.set_value(None)
        self._on_selection([])
        self.loaded.emit()

    def _on_selection(self, rows: list[IndexRow]) -> None:
        self._chosen = rows[0] if len(rows) == 1 and rows[0].is_own else None
        self.remove_button.setVisible(self._chosen is not None and self._may)

    def _enter(self) -> None:
        month, value, base = self.month.value(), self.value.value(), self.base.value()
        for field, given in ((self.month, month), (self.value, value), (self.base, base)):
            if given is None:
                field.set_error(tr("Campo obbligatorio."))
            else:
                field.set_plain()
        if month is None or value is None or base is None:
            return
        self._workplace.background.run(
            self, lambda unit: actions.enter_index(unit, month, value, base), then=lambda _none: self._on_entered(month), failed=self._on_failed, key="save"
        )  # fmt: skip

    def _on_entered(self, month: datetime.date) -> None:
        self.message.hide()
        self._workplace.say("positive", tr("Inserito l'indice di {month}", month=f"{month:%m/%Y}"))
        self.reload()

    def _remove(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            self._workplace.background.run(
                self, lambda unit: actions.remove_index(unit, chosen.price_index_id), then=lambda _none: self.reload(), failed=self._on_failed, key="save"
            )  # fmt: skip

    def _on_failed(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))
