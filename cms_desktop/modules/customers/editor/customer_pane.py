"""The right side of the page of customers: head, fiscal data, contracts of one customer. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.modules.customers import actions, queries
from cms_desktop.modules.customers.columns import customer_states
from cms_desktop.modules.customers.editor.contract_pane import ContractPane
from cms_desktop.modules.customers.editor.form import AREAS, CustomerForm
from cms_desktop.modules.customers.editor.parts import RECORDS, CustomerParts
from cms_desktop.modules.customers.editor.places import PlaceCompletion
from cms_desktop.modules.customers.editor.record_spec import Path
from cms_desktop.modules.customers.editor.tabs import USUAL, tab_titles
from cms_desktop.modules.customers.records import Customer, FormChoices
from cms_desktop.modules.registry.queries import list_twins
from cms_desktop.modules.registry.records import KnownParty
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.form import merge_if_apart, resolve_conflict
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


class CustomerPane(QWidget):
    """Shows one customer, or an empty form for a new one. The owner asks `is_dirty` before it shows another."""

    saved = Signal(int)
    dirty_changed = Signal(bool)
    previous_wanted = Signal()
    next_wanted = Signal()
    left = Signal()
    wide_wanted = Signal()
    tab_chosen = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._customer: Customer | None = None
        self._is_new = False
        self._places = PlaceCompletion(workplace.background)
        self.form = CustomerForm(FormChoices((), ()), self._places.find_town, self._places.find_cap)
        self._places.attach(self.form)
        self.parts = CustomerParts(workplace, self)
        self.choices = FormChoices((), ())
        self.draft = FormDraft(self.form, workplace, "customers.customer", page="customers")
        self._build()
        self._connect()
        self.form.set_read_only(not workplace.may("customers.write"))
        self._load_choices()

    def _build(self) -> None:
        self.name_label = ElidedLabel("", "title")
        self.chip = StatusChip("", "calm")
        self.credit_chip = StatusChip(tr("Fido superato"), "negative", "triangle-alert")
        self.detail = ElidedLabel("", "small", "3")
        self.wide_button = button("", "icon", "maximize-2", tip=tr("Scheda a tutta larghezza (Maiusc+F11)"))
        self.wide_button.clicked.connect(self.wide_wanted)
        self._up = button("", "icon", "arrow-up", tip=tr("Cliente precedente (Alt+↑)"))
        self._down = button("", "icon", "arrow-down", tip=tr("Cliente successivo (Alt+↓)"))
        self.back_button = button("", "icon", "arrow-left", tip=tr("Torna alla lista (Esc)"))
        self.back_button.hide()
        first, second = (
            row(self.back_button, self.name_label, self.wide_button, self._up, self._down, spacing=4),
            row(self.chip, self.credit_chip, self.detail, spacing=8),
        )
        first.setStretchFactor(self.name_label, 1)
        second.setStretchFactor(self.detail, 1)
        self.tabs = PageTabs(40)
        for key, title in tab_titles():
            if key in AREAS or key in self.parts.places:
                self.tabs.add_tab(key, title)
        self.notice = InlineMessage("warning", "", closable=True)
        self.notice.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.form)
        for place in self.parts.places.values():
            self._pages.addWidget(place)
        head = boxed(column(first, second, 2, row(self.tabs, margins=(-6, 0, 0, 0)), spacing=6, margins=(20, 12, 12, 0)))
        strips = column(self.notice, self.draft.strip, spacing=6, margins=(20, 8, 20, 0))
        body = boxed(column(head, rule(), strips, self._pages, spacing=0), panel="true")
        empty = EmptyState("building-2", tr("Nessun cliente scelto"), tr("Scegli un cliente dalla lista, oppure creane uno nuovo con F2."))
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(body)
        self.setLayout(column(self._stack, spacing=0))
        self.setMinimumWidth(440)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.show_tab)
        self.back_button.clicked.connect(self.left)
        self._up.clicked.connect(self.previous_wanted)
        self._down.clicked.connect(self.next_wanted)
        self.form.previous_wanted.connect(self.previous_wanted)
        self.form.next_wanted.connect(self.next_wanted)
        self.form.leave_wanted.connect(self.left)
        self.form.save_wanted.connect(lambda: self._save(then_next=False))
        self.form.save_and_next_wanted.connect(lambda: self._save(then_next=True))
        self.form.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))
        self.form.field_left.connect(self._on_field_left)
        self.form.problems_changed.connect(lambda _count: self._show_marks())
        self.form.area_wanted.connect(self.show_tab)
        self.parts.changed.connect(self._on_parts_changed)
        self.parts.left.connect(self.left)
        self.parts.counted.connect(lambda key, count: self.tabs.set_count(key, str(count or "")))
        self.parts.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(self.is_dirty()))

    def bind_keys(self, page: QWidget) -> None:
        """The keys of the tabs, valid in the whole page: from the list, too, one goes straight to the sites of a customer."""
        keys: list[tuple[str, Callable[[], object]]] = [
            (f"Alt+{number % 10}", partial(self.go_to_tab, key)) for number, key in enumerate(self.tabs.keys()[:10], start=1)
        ]
        keys += [("Ctrl+PgDown", partial(self._step_tab, 1)), ("Ctrl+PgUp", partial(self._step_tab, -1))]
        for text, slot in [*keys, ("Shift+F11", self.wide_wanted.emit)]:
            shortcut = QShortcut(QKeySequence(text), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def contracts(self) -> ContractPane:
        """The contracts of the customer, made when first shown or asked for."""
        return cast(ContractPane, self.parts.places["contracts"].widget())

    def _load_choices(self) -> None:
        def show(choices: FormChoices) -> None:
            self.form.show_choices(choices)
            self.parts.set_choices(choices)
            self.choices = choices
            if self._customer is not None and not self.form.is_dirty:
                self.form.load(self._customer.values)

        self._background.run(self, queries.load_choices, then=show, key="choices")

    # what it shows ------------------------------------------------------------------------------------------------------
    def customer_id(self) -> int | None:
        return self._customer.customer_id if self._customer else None

    def is_dirty(self) -> bool:
        return self.form.is_dirty or self.parts.is_dirty()

    def show_customer(
        self, customer_id: int, *, contract_id: int | None = None, site_id: int | None = None, tab: str = "", path: Path = ()
    ) -> None:
        """Load and show a customer; `contract_id` (0: a new one) or `site_id` opens one of them at once, `tab` a tab, `path` a record
        behind a tab, and one that hangs on it."""

        def show(customer: Customer) -> None:
            self._show(customer)
            tabs = self.tabs.keys()
            if contract_id is not None:
                self.show_tab("contracts")
                self.contracts.go_to(customer_id, contract_id)
            elif path:
                self.show_tab(path[0][0])
                self.parts.load(path[0][0], path=path)
            elif site_id is not None:
                self.show_tab("sites")
                self.parts.load("sites", record_id=site_id)
            elif tab in tabs:
                self.show_tab(tab)

        self._background.run(
            self, lambda unit: queries.load_customer(unit, customer_id), then=show, failed=self._on_load_failed, key="load"
        )

    def refresh(self) -> None:
        """Fresh data of the customer in view; what is typed stays, and what others changed beside it is taken over."""
        number = self.customer_id()
        if number is not None:
            show = self._show_fresh
            self._background.run(self, lambda unit: queries.load_customer(unit, number), then=show, failed=self._on_load_failed, key="load")

    def _show_fresh(self, customer: Customer) -> None:
        if not self.is_dirty():
            self._show(customer)
            return
        self.parts.refresh_typed()
        is_typed = self.form.is_dirty and not self.form.is_saving and customer.customer_id == self.customer_id()
        if is_typed and merge_if_apart(self.form, customer.values):
            self._adopt(customer)

    def _show(self, customer: Customer) -> None:
        self._customer, self._is_new = customer, False
        self.notice.hide()
        self.form.load(customer.values)
        self.draft.follow(customer.customer_id, str(customer.values["name"]), record=customer.customer_id, tab="data")
        self.show_tab(self.tabs.active())
        self.parts.set_customer(customer, self.tabs.active())
        self._show_head()
        self._stack.setCurrentIndex(1)
        if QApplication.focusWidget() is None and self.isActiveWindow():  # what had it was drawn anew
            self.focus_tab()

    def show_new(self) -> None:
        """An empty form; the code may stay empty."""
        self._customer, self._is_new = None, True
        self.notice.hide()
        self.form.load({**USUAL, "since_on": local_today()}, is_new=True)
        self.draft.follow(None, tr("Nuovo cliente"))
        self.parts.set_customer(None, "data")
        self._show_head()
        self._stack.setCurrentIndex(1)
        self.show_tab("data")
        self.form.fields["name"].editor.setFocus()

    def clear(self) -> None:
        self._customer, self._is_new = None, False
        self.form.load({})
        self.draft.leave()
        self._stack.setCurrentIndex(0)

    def show_tab(self, key: str) -> None:
        """Show a tab; a customer that is not saved yet has only its own data."""
        if self._is_new and key not in AREAS:
            key = self.form.area()
        self.tabs.set_active(key)
        if key in AREAS:
            self.form.show_area(key)
            self._pages.setCurrentIndex(0)
        else:
            self._pages.setCurrentWidget(self.parts.places[key])
            self.parts.show(key)

    def go_to_tab(self, key: str) -> None:
        """Show a tab and put the cursor into it."""
        if self._stack.currentIndex() == 0:
            return
        self.show_tab(key)
        self.tab_chosen.emit()
        self.focus_tab()

    def focus_tab(self) -> None:
        key = self.tabs.active()
        (self.form.first_field().editor if key in AREAS else self.parts.focus_target(key)).setFocus()

    def _step_tab(self, by: int) -> None:
        """The tab beside: of the record that is open (a site has plants and keys), else of the customer."""
        if self.parts.step_inside(self.tabs.active(), by):
            return
        keys = self.tabs.keys()
        self.go_to_tab(keys[(keys.index(self.tabs.active()) + by) % len(keys)])

    def new_record(self, key: str) -> None:
        """A new site, mandate … of the customer in view."""
        if self._customer is not None:
            self.show_tab(key)
            self.parts.load(key)
            self.parts.places[key].widget().new_record()

    def _show_marks(self) -> None:
        for area, count in self.form.problems_by_area().items():
            self.tabs.set_mark(area, "error" if count else "")

    def _show_head(self) -> None:
        values: Mapping[str, Any] = self._customer.values if self._customer else {"name": tr("Nuovo cliente"), "state": "active"}
        self.name_label.setText(str(values["name"]))
        self.chip.set_state(*customer_states()[str(values["state"])])
        self.chip.setVisible(self._customer is not None)
        customer = self._customer
        counts = {"contracts": customer.contract_count, **customer.counts} if customer is not None else {}
        for key in ("contracts", *RECORDS):
            self.tabs.set_count(key, str(counts.get(key) or ""))
        limit = customer.values.get("credit_limit_amount") if customer is not None else None
        self.credit_chip.setVisible(customer is not None and limit is not None and customer.open_amount > limit)
        if self._customer is None:
            self.detail.setText(tr("Il codice è dato al salvataggio, se non lo scrivi."))
            return
        words = [tr("Cliente {code}", code=values["code"]), tr("dal {date}", date=formats.date(values["since_on"]))]
        words.append(tr("{fee}/mese", fee=formats.money(self._customer.monthly_fee)))
        self.detail.setText(" · ".join(words))

    # saving -------------------------------------------------------------------------------------------------------------
    def _save(self, *, then_next: bool) -> None:
        customer, values = self._customer, self.form.values()
        changes = {key: now for key, (_before, now) in self.form.changes().items()}
        self.form.set_saving(True)
        if customer is None:
            self._write(lambda unit: actions.add_customer(unit, values), then_next=then_next)
        else:
            self._change(customer, changes, then_next=then_next)

    def _change(self, customer: Customer, changes: Mapping[str, Any], *, then_next: bool = False) -> None:
        def work(unit: Any) -> int:
            actions.change_customer(
                unit, customer.customer_id, changes, party_version=customer.party_version, customer_version=customer.customer_version
            )
            return customer.customer_id

        self._write(work, then_next=then_next)

    def _write(self, work: Any, *, then_next: bool) -> None:
        def stored(unit: Any) -> Customer:
            return queries.load_customer(unit, work(unit))

        def done(customer: Customer) -> None:
            self._show(customer)
            self._workplace.say("positive", tr("Salvato {name}", name=customer.values["name"]))
            self.saved.emit(customer.customer_id)
            if then_next:
                self.next_wanted.emit()

        self._background.run(self, stored, then=done, failed=self._on_save_failed, key="save")

    def _on_save_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, Conflict) and self._customer is not None:
            number = self._customer.customer_id
            self._background.run(
                self, lambda unit: queries.load_customer(unit, number), then=self._on_conflict, failed=self._on_load_failed, key="load"
            )
        elif isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.notice.set_message("negative", error_text(error))

    def _on_conflict(self, now: Customer) -> None:
        resolve_conflict(
            self, self.form, now.values, record=str(now.values["name"]), who=now.changed_by, adopt=lambda: self._adopt(now),
            reload=lambda: self._reload_after_conflict(now),
        )  # fmt: skip

    def _adopt(self, now: Customer) -> None:
        self._customer = now
        self._show_head()

    def _reload_after_conflict(self, now: Customer) -> None:
        self.draft.drop()
        self._show(now)

    def _on_load_failed(self, error: AppError) -> None:
        self.notice.set_message("negative", error_text(error))

    # twins --------------------------------------------------------------------------------------------------------------
    def _on_field_left(self, key: str) -> None:
        if key not in ("vat_number", "tax_code") or key not in self.form.changes() or self.form.fields[key].state == "error":
            return
        codes = {name: str(self.form.value(name) or "") for name in ("vat_number", "tax_code")}
        besides = self.customer_id() or 0
        self._background.run(self, lambda unit: list_twins(unit, besides=besides, **codes), then=self._show_twins, key="twins")

    def _show_twins(self, twins: Sequence[KnownParty]) -> None:
        if not twins:
            self.notice.hide()
            return
        names = ", ".join(f"{one.name} ({one.town})" if one.town else one.name for one in twins)
        self.notice.set_message("warning", tr("Con gli stessi codici c'è già: {names}.", names=names))

    def _on_parts_changed(self) -> None:
        number = self.customer_id()
        if number is not None:
            self.saved.emit(number)
            self.refresh()
