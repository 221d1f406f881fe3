"""IVA: registers, settlement, stamp duty, one beside the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.ui.basics import button, column, label, row
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .registers import RegistersTab
from .settlement import SettlementTab
from .stamp import StampTab

tr = translator("vat")


class VatPage(QWidget):
    """`opened(page, query, record)`: the documents behind a figure. Ctrl+PgUp and Ctrl+PgDown go through months and years."""

    opened = Signal(str, object, object)
    loaded = Signal()
    tables = frozenset({"billing.invoice", "billing.vat_collection", "billing.vat_settlement", "billing.register_print", "base.parameter"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.registers, self.settlement, self.stamp = RegistersTab(workplace), SettlementTab(workplace), StampTab(workplace)
        self.tabs = Segmented([tr("Registri"), tr("Liquidazione"), tr("Bollo")])
        self.back_button = button("", "quiet", "chevron-left", tip=tr("Periodo prima (Ctrl+PgSu)"))
        self.on_button = button("", "quiet", "chevron-right", tip=tr("Periodo dopo (Ctrl+PgGiù)"))
        self.period = label("", "heading")
        self.period.setMinimumWidth(118)
        self.stack = QStackedWidget()
        for one in (self.registers, self.settlement, self.stamp):
            self.stack.addWidget(one)
            one.loaded.connect(self._on_loaded)
            one.opened.connect(self.opened)
        head = row(self.tabs, 12, self.back_button, self.period, self.on_button, None, spacing=4, margins=(16, 10, 16, 0))
        layout = column(head, self.stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.tabs)
        self.tabs.changed.connect(self.show_tab)
        self.back_button.clicked.connect(lambda: self.step(-1))
        self.on_button.clicked.connect(lambda: self.step(1))
        for keys, by in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self.step(by))
        self._tell_period()

    @property
    def current(self) -> Any:
        return self.stack.currentWidget()

    def show_tab(self, place: int) -> None:
        """0 registers, 1 settlement, 2 stamp duty."""
        self.tabs.set_active(place)
        self.stack.setCurrentIndex(place)
        self._tell_period()
        self.current.reload()

    def step(self, by: int) -> None:
        """A period forwards or back: a month of the registers, a year of the others."""
        self.current.step(by)
        self._tell_period()

    def reload(self) -> None:
        self.current.reload()

    def is_dirty(self) -> bool:
        return self.settlement.is_dirty()

    def _on_loaded(self) -> None:
        self._tell_period()
        self.loaded.emit()

    def _tell_period(self) -> None:
        self.period.setText(self.current.period_text())
