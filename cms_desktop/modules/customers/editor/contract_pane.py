"""Contracts of a customer: the list, and one contract with its services in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.modules.customers import queries
from cms_desktop.modules.customers.columns import contract_columns
from cms_desktop.modules.customers.editor.contract_editor import ContractEditor
from cms_desktop.modules.customers.editor.contract_loading import Loaded, load_whole
from cms_desktop.modules.customers.importing import CONTRACTS
from cms_desktop.modules.customers.records import ContractRow, FormChoices
from cms_desktop.ui.basics import boxed, button, column, row
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


class ContractPane(QWidget):
    """`changed` comes after something was written."""

    changed = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._customer_id: int | None = None
        self._choices = FormChoices((), ())
        self.editor = ContractEditor(workplace)
        self.editor.closed.connect(self.show_list)
        self.editor.saved.connect(self._on_saved)
        self.editor.dirty_changed.connect(self.dirty_changed)
        self.editor.form.previous_wanted.connect(lambda: self._step(-1))
        self.editor.form.next_wanted.connect(lambda: self._step(1))
        own = {one.key: one for one in contract_columns()}
        widths = {"number": 128, "title": 110, "starts_on": 110, "monthly_fee": 96, "state": 100}
        columns = [replace(own[key], width=width, stretch=key == "title", sortable=False) for key, width in widths.items()]
        self.table = RecordTable(
            columns, record_key=lambda one: one.contract_id, noun=Noun("contratto", "contratti"), filters=False, totals=False
        )
        self.table.row_opened.connect(lambda one: self.open_contract(one.contract_id))
        self.new_button = button(tr("Nuovo contratto"), "", "plus", tip=tr("Nuovo contratto (Maiusc+F2)"))
        self.new_button.clicked.connect(self.new_contract)
        self.new_button.setEnabled(workplace.may("customers.write"))
        first = button(tr("Nuovo contratto"), "primary", "plus", tip=tr("Nuovo contratto (Maiusc+F2)"))
        first.clicked.connect(self.new_contract)
        first.setEnabled(workplace.may("customers.write"))
        empty = EmptyState(
            "file-text", tr("Nessun contratto"), tr("Con un contratto e i suoi servizi il cliente entra nella fatturazione."), first
        )
        bar = boxed(row(None, self.new_button, margins=(20, 8, 20, 8)))
        self._lists = QStackedWidget()
        self._lists.addWidget(boxed(column(bar, self.table, spacing=0)))
        self._lists.addWidget(empty)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._lists)
        self._stack.addWidget(self.editor)
        self.setLayout(column(self._stack, spacing=0))
        self.paste = PasteImport(self, workplace, CONTRACTS, fixed=self._said, area=self._lists)
        self.paste_services = PasteImport(_Services(self), workplace, CONTRACTS, fixed=self._said_by_contract, area=self.editor)

    def _said(self) -> dict[str, str]:
        """What every row pasted into the list gets: whose contract it is."""
        return {"party_number": str(self._customer_id or "")}

    def _said_by_contract(self) -> dict[str, str]:
        """What every service pasted into an open contract gets; nothing is pasted into one that is not saved."""
        contract = self.editor.contract
        if contract is None or contract.contract_id == 0:
            return {}
        return {**self._said(), "number": contract.number, "starts_on": contract.starts_on.strftime("%d/%m/%Y")}

    def set_choices(self, choices: FormChoices) -> None:
        self._choices = choices
        self.editor.set_choices(choices)
        if self._wanted is not None:
            self.go_to(*self._wanted)

    def is_editing(self) -> bool:
        return self._stack.currentIndex() == 1

    def is_dirty(self) -> bool:
        return self._stack.currentIndex() == 1 and self.editor.is_dirty()

    def show_customer(self, customer_id: int | None) -> None:
        if customer_id != self._customer_id:
            self._stack.setCurrentIndex(0)
        self._customer_id = customer_id
        self.reload()

    def reload(self) -> None:
        number = self._customer_id
        if number is None:
            self._show_rows([])
            return
        self._background.run(self, lambda unit: queries.list_contracts_of(unit, number), then=self._show_rows, key="contracts")
        if self.is_dirty():
            self.editor.refresh()

    def _show_rows(self, rows: Sequence[ContractRow]) -> None:
        self.table.set_rows(list(rows))
        self._lists.setCurrentIndex(0 if rows else 1)

    def show_list(self) -> None:
        self._stack.setCurrentIndex(0)
        self.dirty_changed.emit(False)
        self.table.setFocus()

    _wanted: tuple[int, int] | None = None

    def go_to(self, customer_id: int, contract_id: int) -> None:
        """A contract of the customer (0: a new one), as soon as it is known what its services may choose from."""
        self._wanted = None
        if not self._choices.vat_codes:
            self._wanted = (customer_id, contract_id)
        elif contract_id:
            self.open_contract(contract_id)
        else:
            self._customer_id = customer_id
            self.new_contract()

    def open_contract(self, contract_id: int) -> None:
        def show(loaded: Loaded) -> None:
            self.editor.show_loaded(loaded)
            self._stack.setCurrentIndex(1)

        self._background.run(self, lambda unit: load_whole(unit, contract_id), then=show, key="contract")

    def _step(self, by: int) -> None:
        """The contract above or below; what is typed stays until it is saved or undone."""
        rows, shown = self.table.rows(), self.editor.contract
        place = next((n for n, one in enumerate(rows) if shown is not None and one.contract_id == shown.contract_id), None)
        if place is not None and 0 <= place + by < len(rows) and not self.editor.is_dirty():
            self.open_contract(rows[place + by].contract_id)

    def new_contract(self) -> None:
        if self._customer_id is not None:
            self.editor.show_new(self._customer_id)
            self._stack.setCurrentIndex(1)
            self.editor.form.fields["title"].editor.setFocus()

    def _on_saved(self) -> None:
        self.reload()
        self.changed.emit()


class _Services(QObject):
    """The services of the contract in view as a list that rows are pasted into."""

    def __init__(self, pane: ContractPane) -> None:
        super().__init__(pane)
        self._pane = pane
        noun = Noun("servizio", "servizi")
        self.table = RecordTable([], record_key=lambda one: one.service_id, noun=noun, filters=False, totals=False)
        self.table.setParent(pane)
        self.table.hide()

    def window(self) -> QWidget:
        return self._pane.window()

    def reload(self) -> None:
        contract = self._pane.editor.contract
        if contract is not None and not self._pane.editor.is_dirty():
            self._pane.open_contract(contract.contract_id)
        self._pane.changed.emit()
