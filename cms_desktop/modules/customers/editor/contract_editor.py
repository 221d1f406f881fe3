"""One contract with its lines in the place of the list: its fields, its services, the steps of its life."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.customers import actions, rules
from cms_desktop.modules.customers.columns import contract_states
from cms_desktop.modules.customers.contracts.queries import list_sites
from cms_desktop.modules.customers.contracts.records import Suspension
from cms_desktop.modules.customers.editor.contract_loading import Loaded, load_whole
from cms_desktop.modules.customers.editor.contract_merge import (
    contract_conflicts,
    contract_draft,
    contract_values,
    rebase_lines,
    restore_contract,
)
from cms_desktop.modules.customers.editor.contract_sections import NEW, contract_sections, story_entry, term_words
from cms_desktop.modules.customers.editor.contract_steps import ContractSteps
from cms_desktop.modules.customers.editor.service_line import ServiceLine
from cms_desktop.modules.customers.records import Choice, Contract, FormChoices, Service
from cms_desktop.modules.registry.attachments.tabs import RECORD, DocumentsTabs
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import FormFoot, RecordForm, section_title, settle_conflict
from cms_desktop.ui.timeline import Timeline
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


class ContractEditor(QWidget):
    """One contract: its fields, its services, the steps of its life."""

    closed = Signal()
    saved = Signal()
    dirty_changed = Signal(bool)
    edited = Signal(str)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self.draft_keeper = FormDraft(self, workplace, "customers.contract", page="customers")
        self._choices = FormChoices((), ())
        self._contract: Contract | None = None
        self._customer_id = 0
        self.lines: list[ServiceLine] = []
        self._own_keys: dict[str, QShortcut] = {}
        self.form = RecordForm(contract_sections(), with_foot=False)
        area = self.form.findChild(QScrollArea)
        assert area is not None
        self._form_area = area
        self._form_area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.form.problems_changed.connect(lambda _count: self._fit_form())
        self.form.edited.connect(self._on_edited)
        self.form.dirty_changed.connect(lambda _dirty: self._tell())
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
        self.more_button = button(tr("Altro"), "", "ellipsis", tip=tr("Rinnovo, subentro, sospensioni, prezzi (Alt+A)"))
        self.more_button.setMenu(self._make_menu())
        steps = (self.activate_button, self.suspend_button, self.terminate_button, self.more_button)
        head = row(back, self.title, self.chip, None, *steps, spacing=8, margins=(12, 10, 20, 0))
        add = button(tr("Aggiungi servizio"), "link", "plus", tip=tr("Aggiungi servizio (Ins)"))
        add.clicked.connect(lambda: self.add_line().description.editor.setFocus())
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        services = boxed(column(section_title(tr("Servizi"), aside=add), self._lines, spacing=10, margins=(20, 0, 20, 16)))
        copy = QShortcut(QKeySequence("F7"), services)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_above)
        inner = QWidget()
        inner.setProperty("scroll", "true")
        self.term_note = InlineMessage("info", "")
        self.term_note.hide()
        self.timeline = Timeline(time_width=84)
        self._story = boxed(column(section_title(tr("Storia del contratto")), self.timeline, spacing=10, margins=(20, 0, 20, 16)))
        note = boxed(column(self.term_note, margins=(20, 0, 20, 12)))
        inner.setLayout(column(self.form, note, services, self._story, None, spacing=0))
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        strip = column(self.error, self.draft_keeper.strip, spacing=6, margins=(20, 6, 20, 0))
        self.parts = DocumentsTabs(self._workplace, "customers.contract", tr("Contratto"), scroll, own_keys=False)
        self.parts.chosen.connect(self._on_part)
        self.setLayout(column(boxed(head), strip, self.parts, self.foot, spacing=0))

    def _make_menu(self) -> QMenu:
        self.steps = ContractSteps(self, self._workplace)
        menu = QMenu(self)
        for text, slot in (
            (tr("Sospendi servizi…"), self.steps.suspend), (tr("Riprendi o togli una sospensione…"), self.steps.resume),
            (tr("Nuovo prezzo da un giorno…"), self.steps.set_price), (tr("Sostituisci un servizio…"), self.steps.replace),
            (tr("Rinnova…"), self.steps.renew), (tr("Subentro di un altro cliente…"), self.steps.transfer),
        ):  # fmt: skip
            menu.addAction(text).triggered.connect(lambda _checked=False, slot=slot: slot())
        return menu

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
            ("Alt+A", self.more_button.showMenu),
        )
        for text, slot in keys:
            mine = QShortcut(QKeySequence(text), self)
            mine.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            mine.activated.connect(slot)
            self._own_keys[text] = mine

    def _on_part(self, part: str) -> None:
        """Among the documents these keys attach and save a copy."""
        for text in ("Ins", "Ctrl+S"):
            self._own_keys[text].setEnabled(part == RECORD)

    def _fit_form(self) -> None:
        """As tall as its fields and their messages: the whole editor scrolls, not a part of it."""
        inner = self._form_area.widget()
        layout = inner.layout() if inner is not None else None
        if layout is not None:
            layout.activate()
            self.form.setFixedHeight(
                layout.totalHeightForWidth(self.form.width()) if layout.hasHeightForWidth() else layout.sizeHint().height()
            )

    def showEvent(self, event: QShowEvent) -> None:
        """Only on the screen do the fields know how tall they are."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit_form)

    def set_choices(self, choices: FormChoices) -> None:
        self._choices = choices
        field = self.form.fields["payment_term_id"]
        assert isinstance(field, ChoiceField)
        field.set_choices([(one.choice_id, one.text) for one in choices.payment_terms])

    def show_loaded(self, loaded: Loaded) -> None:
        """A contract with its sites, suspensions and story."""
        self.sites, self.suspensions = loaded.sites, loaded.suspensions
        self.show_contract(loaded.contract)
        for line in self.lines:
            line.show_prices(loaded.prices.get(line.service_id, ()))
        self.timeline.set_entries([story_entry(one) for one in loaded.happenings])
        self._story.setVisible(bool(loaded.happenings))

    @property
    def contract(self) -> Contract | None:
        return self._contract

    def show_contract(self, contract: Contract) -> None:
        if self._contract is None or self._contract.contract_id != contract.contract_id:
            self.parts.show_tab(RECORD)
        self._contract, self._customer_id = contract, contract.customer_id
        self.parts.show_record(contract.contract_id)
        self._fill(contract_values(self.form, contract), contract.services, is_new=False)
        self.draft_keeper.follow(contract.contract_id, contract.number, record=contract.customer_id, contract=contract.contract_id)
        self.title.setText(contract.number)
        self.chip.set_state(*contract_states()[contract.state])

    def show_new(self, customer_id: int) -> None:
        self._contract, self._customer_id = None, customer_id
        self.parts.show_record(None)
        self.suspensions = ()
        self._story.hide()
        self._fill({"starts_on": local_today(), **NEW}, (), is_new=True)
        load = lambda unit: list_sites(unit, customer_id)
        self._background.run(self, load, then=self._show_sites, failed=self._on_failed, key="sites")
        self.title.setText(tr("Nuovo contratto"))
        self.chip.set_state(*contract_states()["active"])
        self.add_line()
        self.draft_keeper.follow(f"new-{customer_id}", tr("Nuovo contratto"), record=customer_id, contract=0)

    sites: Sequence[Choice] = ()
    suspensions: Sequence[Suspension] = ()

    def _show_sites(self, sites: Sequence[Choice]) -> None:
        self.sites = sites
        for line in self.lines:
            line.set_sites(sites)

    def _on_edited(self, _key: str) -> None:
        self._show_term()
        self._fit_form()
        self._tell()
        self.edited.emit("")

    def _show_term(self) -> None:
        words, tone = term_words(self.form.values(), local_today())
        self.term_note.set_message(tone, words)
        self.term_note.setVisible(bool(words))

    def _fill(self, values: dict[str, Any], services: Sequence[Service], *, is_new: bool) -> None:
        self.error.hide()
        for line in self.lines:
            line.deleteLater()
        self.lines = []
        self.form.load(values, is_new=is_new)
        for service in services:
            self.append_line(service)
        state = self._contract.state if self._contract and self._workplace.may("customers.write") else ""
        for verb, step in (("activate", self.activate_button), ("suspend", self.suspend_button), ("terminate", self.terminate_button)):
            step.setVisible(state in rules.CONTRACT_STEPS[verb])
        self.more_button.setVisible(bool(state))
        self._show_term()
        self._fit_form()
        QTimer.singleShot(0, self, self._fit_form)
        self._tell()

    def add_line(self) -> ServiceLine:
        """A new service with the usual values: ordinary VAT, monthly, in advance, from the start of the contract."""
        usual = next((one.choice_id for one in self._choices.vat_codes if one.code == "22"), 0)
        start = self.form.value("starts_on") or local_today()
        one = rules.FREQUENCIES[0]
        line = self.append_line(Service(0, "", rules.ONE, rules.NOTHING, usual, one, 1, True, start, None))
        line.price.set_value(None)
        line.note_loaded()
        self._tell()
        return line

    def append_line(self, service: Service) -> ServiceLine:
        """A line for a service."""
        line = ServiceLine(service, self._choices, self.sites)
        line.changed.connect(self._on_line_changed)
        line.remove_wanted.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._lines.addWidget(line)
        return line

    def _on_line_changed(self) -> None:
        self._tell()
        self.edited.emit("")

    def copy_above(self) -> None:
        """F7 in a service: what the service above says in the same field."""
        for above, line in zip(self.lines, self.lines[1:], strict=False):
            if line.copy_focused(above):
                self._on_line_changed()

    def drop_line(self, line: ServiceLine) -> None:
        self.lines.remove(line)
        line.deleteLater()

    def _remove(self, line: ServiceLine) -> None:
        self.drop_line(line)
        self._on_line_changed()

    def removed(self) -> list[int]:
        """Services that are stored and no longer stand here."""
        left = {line.stored.service_id for line in self.lines}
        return [one.service_id for one in self._contract.services if one.service_id not in left] if self._contract else []

    # text that was not saved ----------------------------------------------------------------------------------------------
    def draft(self) -> dict[str, Any]:
        return contract_draft(self)

    def restore_draft(self, draft: Mapping[str, Any]) -> None:
        restore_contract(self, draft)
        self._on_edited("")

    # changes ------------------------------------------------------------------------------------------------------------
    def change_count(self) -> int:
        return len(self.form.changes()) + sum(1 for line in self.lines if line.is_changed()) + len(self.removed())

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

        bands = [line.changed_bands() for line in self.lines]

        def work(unit: Any) -> Loaded:
            if contract is None:
                return load_whole(unit, actions.add_contract(unit, customer_id, values, services))
            actions.change_contract(unit, contract.contract_id, changes, services, row_version=contract.row_version)
            for service_id, on_day, prices in bands:
                if service_id and prices:
                    actions.set_bands(unit, service_id, on_day, prices)
            return load_whole(unit, contract.contract_id)

        self.run(work)

    def run(self, work: Any) -> None:
        """Something is written about the contract; then it is shown as it is."""
        self._background.run(self, work, then=self.show_written, failed=self._on_failed, key="save")

    def show_written(self, loaded: Loaded) -> None:
        """What was just written."""
        self.show_loaded(loaded)
        self._workplace.say("positive", tr("Salvato il contratto {number}", number=loaded.contract.number))
        self.saved.emit()

    def _on_failed(self, error: AppError) -> None:
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        elif isinstance(error, Conflict) and self._contract is not None and self.is_dirty():
            number = self._contract.contract_id
            self._background.run(self, lambda unit: load_whole(unit, number), then=self._on_conflict, failed=self._on_failed, key="merge")
        else:
            self.error.set_message("negative", error_text(error))

    def _on_conflict(self, loaded: Loaded) -> None:
        """A colleague was faster: what only one of us touched is merged, for the rest the person chooses; then it is saved again."""
        opened, now = self._contract, loaded.contract
        if opened is None or opened.contract_id != now.contract_id:
            return

        def go_on(taken: frozenset[str]) -> None:
            self._rebase(opened, now, taken)
            if self.is_dirty():
                self.save()
            else:
                self.show_loaded(loaded)

        fields = contract_conflicts(self.form, self.lines, opened, now)
        settle_conflict(self, fields, record=now.number, go_on=go_on, reload=lambda: self.show_loaded(loaded))

    def _rebase(self, opened: Contract, now: Contract, taken: frozenset[str] = frozenset()) -> None:
        rebase_lines(self, opened, now, taken)
        self._contract = now
        self.form.rebase(contract_values(self.form, now), taken=taken)
        self._tell()

    def refresh(self) -> None:
        """What others changed beside what is typed is taken over."""
        opened = self._contract
        if opened is None:
            return

        def show(loaded: Loaded) -> None:
            now = loaded.contract
            if self._contract is opened and not any(one.clashes() for one in contract_conflicts(self.form, self.lines, opened, now)):
                self._rebase(opened, now)

        number = opened.contract_id
        self._background.run(self, lambda unit: load_whole(unit, number), then=show, failed=self._on_failed, key="fresh")

    def _step(self, action: Any, *more: object) -> None:
        contract = self._contract
        if contract is None:
            return

        def work(unit: Any) -> Loaded:
            action(unit, contract.contract_id, *more, row_version=contract.row_version)
            return load_whole(unit, contract.contract_id)

        self.run(work)

    def _on_terminate(self) -> None:
        today = local_today()
        end: datetime.date = self.form.value("ends_on") or today
        title = tr("Terminare il contratto {number}?", number=self.title.text())
        text = tr("Finisce il {date} con tutti i suoi servizi: dopo non si fattura più.", date=end.strftime("%d/%m/%Y"))
        if ask(self, title, text, tr("Termina il contratto"), "negative"):
            self._step(actions.terminate_contract, end)
