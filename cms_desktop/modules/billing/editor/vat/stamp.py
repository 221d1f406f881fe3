"""Bollo: virtual stamp duty by quarter, with its due date and the documents behind."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.modules.billing.vat import queries
from cms_desktop.modules.billing.vat.records import StampQuarter
from cms_desktop.ui.basics import button, column, label, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .words import quarter_columns

tr = translator("vat")


class StampTab(QWidget):
    loaded = Signal()
    opened = Signal(str, object, object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.year = local_today().year
        self.table = RecordTable(
            quarter_columns(), record_key=lambda one: one.quarter, noun=Noun(tr("trimestre"), tr("trimestri")), filters=False
        )
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.open_button = button(tr("Vedi i documenti"), "", "receipt-euro", tip=tr("Le fatture con bollo del trimestre (Invio)"))
        self.open_button.clicked.connect(self.open_documents)
        self.open_button.setVisible(workplace.may("billing.read"))
        self.table.row_opened.connect(lambda _one: self.open_documents())
        text = tr("L'Agenzia delle entrate calcola il bollo dalle fatture elettroniche del trimestre: questi sono i documenti che dichiarano il bollo virtuale, per data.")  # fmt: skip
        card = Card(tr("Bollo virtuale"), self.table, self.open_button)
        layout = column(self.error, card, row(label(text, "small", "3", wrap=True)), spacing=10, margins=(16, 12, 16, 14))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)

    def period_text(self) -> str:
        return str(self.year)

    def step(self, by: int) -> None:
        if self.year + by <= local_today().year:
            self.year += by
            self.reload()

    def reload(self) -> None:
        year = self.year
        self._workplace.background.run(
            self, lambda unit: queries.list_stamp_quarters(unit, year), then=self._show, failed=self._on_failed, key="stamp"
        )

    def _show(self, found: list[StampQuarter]) -> None:
        self.error.hide()
        self.table.set_rows(list(found))
        sums: dict[str, Any] = {"document_count": sum(one.document_count for one in found), "amount": sum(one.amount for one in found)}
        self.table.set_totals(Totals(len(found), sums))
        self.loaded.emit()

    def open_documents(self) -> None:
        """The documents of the chosen quarter; without a choice of the one in course."""
        chosen = self.table.current() or next(iter(self.table.rows()), None)
        if chosen is not None:
            self.opened.emit("invoices", queries.stamp_query(chosen), None)

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
