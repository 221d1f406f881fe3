"""Contracts of a customer: the list, and one contract with its services in its place."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.customers import actions, queries, rules
from cms_desktop.modules.customers.columns import contract_columns, contract_states
from cms_desktop.modules.customers.editor.service_line import ServiceLine
from cms_desktop.modules.customers.records import Contract, ContractRow, FormChoices, Service
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import FieldSpec, FormFoot, FormSection, RecordForm, section_title
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


def _sections() -> list[FormSection]:
    return [
        FormSection(
            tr("Contratto"),
            [
                [(FieldSpec("number", tr("Numero"), "code", options={"hint": tr("automatico"), "longest": 20}), 4), (FieldSpec("title", tr("Oggetto")), 8)],
                [
                    (FieldSpec("starts_on", tr("Inizio"), "date", required=True), 4), (FieldSpec("ends_on", tr("Fine"), "date"), 4),
                    (FieldSpec("payment_term_id", tr("Pagamento"), "choice", options={"empty": tr("Come il cliente")}), 4),
                ],
                [
                    (FieldSpec("order_reference", tr("Ordine del cliente")), 4),
                    (FieldSpec("cig_code", tr("CIG"), "code", options={"longest": 10}), 4),
                    (FieldSpec("cup_code", tr("CUP"), "code", options={"longest": 15}), 4),
                ],
            ],
        )
    ]  # fmt: skip


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

    def set_choices(self, choices: FormChoices) -> None:
        self._choices = choices
        self.editor.set_choices(choices)

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

    def _show_rows(self, rows: Sequence[ContractRow]) -> None:
        self.table.set_rows(list(rows))
        self._lists.setCurrentIndex(0 if rows else 1)

    def show_list(self) -> None:
        self._stack.setCurrentIndex(0)
        self.dirty_changed.emit(False)
        self.table.setFocus()

    def open_contract(self, contract_id: int) -> None:
        def show(contract: Contract) -> None:
            self.editor.show_contract(contract)
            self._stack.setCurrentIndex(1)

        self._background.run(self, lambda unit: queries.load_contract(unit, contract_id), then=show, key="contract")

    def new_contract(self) -> None:
        if self._customer_id is not None:
            self.editor.show_new(self._customer_id)
            self._stack.setCurrentIndex(1)
            self.editor.form.fields["title"].editor.setFocus()

    def _on_saved(self) -> None:
        self.reload()
        self.changed.emit()


class ContractEditor(QWidget):
    """One contract: its fields, its services, the steps of its life."""

    closed = Signal()
    saved = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._choices = FormChoices((), ())
        self._contract: Contract | None = None
        self._customer_id = 0
        self.lines: list[ServiceLine] = []
        self.form = RecordForm(_sections(), with_foot=False)
        area = self.form.findChild(QScrollArea)
        assert area is not None
        self._form_area = area
        self._form_area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.form.problems_changed.connect(lambda _count: self._fit_form())
        self.form.edited.connect(lambda _key: self._tell())
        self.form.save_wanted.connect(self.save)
        self.foot = FormFoot()
        self.foot.save_clicked.connect(self.save)
        self.foot.undo_clicked.connect(lambda: self.foot.ask(1))
        self.foot.undo_confirmed.connect(self._undo)
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self._build()
        self._bind_keys()

    def _build(self) -> None:
        back = button("", "icon", "arrow-left", tip=tr("Torna ai contratti (Esc)"))
        back.clicked.connect(self.leave)
        self.title = label("", "heading")
        self.chip = StatusChip("", "calm")
        self.activate_button = button(tr("Attiva"))
        self.suspend_button = button(tr("Sospendi"))
        self.terminate_button = button(tr("Termina"), "danger")
        self.activate_button.clicked.connect(lambda: self._step(actions.activate_contract))
        self.suspend_button.clicked.connect(lambda: self._step(actions.suspend_contract))
        self.terminate_button.clicked.connect(self._on_terminate)
        steps = (self.activate_button, self.suspend_button, self.terminate_button)
        head = row(back, self.title, self.chip, None, *steps, spacing=8, margins=(12, 10, 20, 0))
        add = button(tr("Aggiungi servizio"), "link", "plus", tip=tr("Aggiungi servizio (Ins)"))
        add.clicked.connect(lambda: self.add_line().description.editor.setFocus())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        services = boxed(column(section_title(tr("Servizi"), aside=add), self._lines, spacing=10, margins=(20, 0, 20, 16)))
        inner = QWidget()
        inner.setProperty("scroll", "true")
        inner.setLayout(column(self.form, services, None, spacing=0))
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        strip = column(self.error, margins=(20, 6, 20, 0))
        self.setLayout(column(boxed(head), strip, scroll, self.foot, spacing=0))

    def _bind_keys(self) -> None:
        """Saving concerns contract and services together, so the keys belong to the whole editor."""
        for shortcut in self.form.findChildren(QShortcut):
            if shortcut.key().toString() in ("F10", "Ctrl+S"):
                shortcut.setEnabled(False)
        keys = (
            ("F10", self.save),
            ("Ctrl+S", self.save),
            ("Esc", self.leave),
            ("Ins", lambda: self.add_line().description.editor.setFocus()),
        )
        for text, slot in keys:
            mine = QShortcut(QKeySequence(text), self)
            mine.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            mine.activated.connect(slot)

    def _fit_form(self) -> None:
        """As tall as its fields and their messages: the whole editor scrolls, not a part of it."""
        inner = self._form_area.widget()
        layout = inner.layout() if inner is not None else None
        if layout is not None:
            layout.activate()
            self.form.setFixedHeight(
                layout.totalHeightForWidth(self.form.width()) if layout.hasHeightForWidth() else layout.sizeHint().height()
            )

    def set_choices(self, choices: FormChoices) -> None:
        self._choices = choices
        field = self.form.fields["payment_term_id"]
        assert isinstance(field, ChoiceField)
        field.set_choices([(one.choice_id, one.text) for one in choices.payment_terms])

    def show_contract(self, contract: Contract) -> None:
        self._contract, self._customer_id = contract, contract.customer_id
        values = {key: getattr(contract, key) for key in self.form.fields}
        self._fill(values, contract.services, is_new=False)
        self.title.setText(contract.number)
        self.chip.set_state(*contract_states()[contract.state])

    def show_new(self, customer_id: int) -> None:
        self._contract, self._customer_id = None, customer_id
        self._fill({"starts_on": local_today()}, (), is_new=True)
        self.title.setText(tr("Nuovo contratto"))
        self.chip.set_state(*contract_states()["active"])
        self.add_line()

    def _fill(self, values: dict[str, Any], services: Sequence[Service], *, is_new: bool) -> None:
        self.error.hide()
        for line in self.lines:
            line.deleteLater()
        self.lines = []
        self.form.load(values, is_new=is_new)
        for service in services:
            self._append(service)
        state = self._contract.state if self._contract and self._workplace.may("customers.write") else ""
        for verb, step in (("activate", self.activate_button), ("suspend", self.suspend_button), ("terminate", self.terminate_button)):
            step.setVisible(state in rules.CONTRACT_STEPS[verb])
        self._removed = 0
        self._fit_form()
        self._tell()

    _removed = 0

    def add_line(self) -> ServiceLine:
        """A new service with the usual values: ordinary VAT, monthly, in advance, from the start of the contract."""
        usual = next((one.choice_id for one in self._choices.vat_codes if one.code == "22"), 0)
        start = self.form.value("starts_on") or local_today()
        one = rules.FREQUENCIES[0]
        line = self._append(Service(0, "", rules.ONE, rules.NOTHING, usual, one, 1, True, start, None))
        line.price.set_value(None)
        self._tell()
        return line

    def _append(self, service: Service) -> ServiceLine:
        line = ServiceLine(service, self._choices)
        line.changed.connect(self._tell)
        line.remove_wanted.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._lines.addWidget(line)
        return line

    def _remove(self, line: ServiceLine) -> None:
        self.lines.remove(line)
        self._removed += 1
        line.deleteLater()
        self._tell()

    # changes ------------------------------------------------------------------------------------------------------------
    def change_count(self) -> int:
        return len(self.form.changes()) + sum(1 for line in self.lines if line.is_changed()) + self._removed

    def is_dirty(self) -> bool:
        return self.change_count() > 0

    def _tell(self) -> None:
        count = self.change_count()
        self.foot.show_counts(0, count, can_save=count > 0 and self._workplace.may("customers.write"))
        self.dirty_changed.emit(count > 0)

    def _undo(self) -> None:
        if self._contract is not None:
            self.show_contract(self._contract)
        else:
            self.closed.emit()

    def leave(self) -> None:
        text = tr("Le modifiche al contratto si perdono.")
        if not self.is_dirty() or ask(self, tr("Tornare ai contratti?"), text, tr("Perdi le modifiche"), "negative"):
            self.closed.emit()

    def save(self) -> None:
        """Check and write contract and services together."""
        problems = len(self.form.problems()) + sum(line.mark_problems() for line in self.lines)
        if problems:
            self.foot.show_counts(problems, self.change_count(), can_save=True)
            return
        services = [service for line in self.lines if (service := line.service()) is not None]
        contract, customer_id, values = self._contract, self._customer_id, self.form.values()
        changes = {key: now for key, (_before, now) in self.form.changes().items()}

        def work(unit: Any) -> Contract:
            if contract is None:
                return queries.load_contract(unit, actions.add_contract(unit, customer_id, values, services))
            actions.change_contract(unit, contract.contract_id, changes, services, row_version=contract.row_version)
            return queries.load_contract(unit, contract.contract_id)

        self._run(work)

    def _run(self, work: Any) -> None:
        def done(contract: Contract) -> None:
            self.show_contract(contract)
            self._workplace.say("positive", tr("Salvato il contratto {number}", number=contract.number))
            self.saved.emit()

        self._background.run(self, work, then=done, failed=self._on_failed, key="save")

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.error.set_message("negative", error_text(error))

    def _step(self, action: Any, *more: object) -> None:
        contract = self._contract
        if contract is None:
            return

        def work(unit: Any) -> Contract:
            action(unit, contract.contract_id, *more, row_version=contract.row_version)
            return queries.load_contract(unit, contract.contract_id)

        self._run(work)

    def _on_terminate(self) -> None:
        today = local_today()
        end: datetime.date = self.form.value("ends_on") or today
        title = tr("Terminare il contratto {number}?", number=self.title.text())
        text = tr("Finisce il {date} con tutti i suoi servizi: dopo non si fattura più.", date=end.strftime("%d/%m/%Y"))
        if ask(self, title, text, tr("Termina il contratto"), "negative"):
            self._step(actions.terminate_contract, end)
