"""Registering money that came in: whose, how much, and which open items it settles. A proposal stands there before anything is ticked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import ListQuery
from cms_desktop.core.money import ZERO
from cms_desktop.modules.base import queries as base
from cms_desktop.modules.billing.columns.ledger import debt_columns
from cms_desktop.modules.billing.columns.words import methods, proposal_text
from cms_desktop.modules.customers import queries as customers
from cms_desktop.modules.ledger import actions
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.modules.ledger.records import NewPayment, OpenItemRow
from cms_desktop.modules.ledger.rules import propose_allocation
from cms_desktop.modules.ledger.statements.records import StatementLine
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import AmountField, ChoiceField, DateField, Field, LookupChoice, LookupField, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import RecordTable, Ticks
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
WIDTH = 620
TAKEN = ("MP05", "MP01", "MP02", "MP08")
TRANSFER = "MP05"


class PaymentForm(QFrame):
    """Emits `saved` after each payment and is ready for the next; `left` when the person is done."""

    saved = Signal(int)
    left = Signal()
    edited = Signal(str)
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self._debts: list[OpenItemRow] = []
        self._line_key: str | None = None
        self._is_proposed, self._has_banks = True, False
        self._start: dict[str, Any] = {}  # what the fields said before anybody typed
        self._before: dict[str, Any] = {}  # the payment before, for F7
        self._ticks: tuple[int, ...] | None = None  # of a draft, until the open items are there
        words = methods()
        self.customer = LookupField(tr("Cliente"), self._find_customer, required=True)
        self.amount = AmountField(tr("Importo €"), required=True)
        self.on_date = DateField(tr("Data"), required=True)
        self.method = ChoiceField(tr("Mezzo"), [(one, words[one]) for one in TAKEN], required=True)
        self.bank = ChoiceField(tr("Banca"), [])
        self.reference = TextField(tr("Riferimento"), longest=80, hint=tr("causale, numero d'assegno, CRO"))
        self.debts = RecordTable(
            debt_columns(self._part_of), record_key=lambda one: one.open_item_id, noun=(tr("scadenza"), tr("scadenze")), filters=False,
            checkable=True,
        )  # fmt: skip
        self.note = label("", "small", "2", wrap=True)
        self.rest = label("", "medium")
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.save_button = button(tr("Registra"), "primary", "check", tip=tr("Registra l'incasso (Ctrl+↵)"))
        self.save_button.setEnabled(workplace.may("ledger.collect"))
        self.keeper = FormDraft(self, workplace, "billing.payment", page="payments")
        self._pause = QTimer(self, singleShot=True, interval=150)
        self._pause.timeout.connect(self._propose)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        done = button(tr("Chiudi"), tip=tr("Torna all'elenco (Esc)"))
        done.clicked.connect(self.left)
        fields = form_grid(
            [[(self.customer, 12)], [(self.amount, 4), (self.on_date, 4), (self.method, 4)], [(self.bank, 5), (self.reference, 7)]]
        )
        head = column(
            label(tr("Nuovo incasso"), "heading"), fields, self.keeper.strip, self.error, self.note, spacing=12, margins=(20, 16, 20, 12)
        )
        foot = row(self.rest, None, done, self.save_button, margins=(20, 10, 20, 12), spacing=8)
        layout = column(head, rule(), self.debts, rule(), boxed(foot), spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.debts, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.customer)

    def _connect(self) -> None:
        self.customer.chosen.connect(lambda _choice: self._load_debts())
        for field in (self.amount, self.reference):
            field.changed.connect(self._on_typed)
        self.method.changed.connect(lambda: self.bank.setEnabled(self.method.value() != "MP01"))
        self.debts.checked_changed.connect(self._on_ticked)
        self.save_button.clicked.connect(self.save)
        copy = QShortcut(QKeySequence("F7"), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.copy_field)
        for name, one in self._fields().items():
            one.changed.connect(lambda name=name: self._tell(name))
        self.customer.chosen.connect(lambda _choice: self._tell("customer"))

    def copy_field(self) -> None:
        """F7: what the payment before had in the field with the focus."""
        for name, field in self._fields().items():
            if field.editor.hasFocus() and name in self._before:
                field.restore_draft(self._before[name])
                field.changed.emit()
                if name == "customer":
                    self._load_debts()

    def _fields(self) -> dict[str, Field]:
        return {
            "customer": self.customer, "amount": self.amount, "on_date": self.on_date, "method": self.method, "bank": self.bank,
            "reference": self.reference,
        }  # fmt: skip

    # -- text that was not saved
    def draft(self) -> dict[str, Any]:
        """What is typed, fit for JSON, with the open items ticked by hand; empty when nothing is."""
        typed = {name: field.draft() for name, field in self._fields().items() if field.draft() != self._start.get(name)}
        if typed and not self._is_proposed:
            typed["ticks"] = [one.open_item_id for one in self.debts.ticked()]
        if typed and self._line_key is not None:
            typed["line"] = self._line_key
        return typed

    def restore_draft(self, draft: Mapping[str, Any]) -> None:
        """Put it back; the open items of the customer come from the server."""
        for name, field in self._fields().items():
            if name in draft:
                field.restore_draft(draft[name])
        self._line_key = draft.get("line")
        self._ticks = tuple(draft["ticks"]) if "ticks" in draft else None
        self._load_debts()
        self._tell("")

    def is_dirty(self) -> bool:
        return bool(self.draft())

    def _tell(self, name: str) -> None:
        self.dirty_changed.emit(self.is_dirty())
        self.edited.emit(name)

    # -- start
    def start(self, *, item: OpenItemRow | None = None, line: StatementLine | None = None) -> None:
        """Empty, of today; or for one open item; or for a movement of a bank statement whose customer a person tells."""
        self._line_key = line.key if line is not None else None
        self.customer.set_value(None)
        self.amount.set_value(None)
        self.reference.set_value("")
        self.on_date.set_value(self.on_date.value() or local_today())
        self.method.set_value(self.method.value() or TRANSFER)
        self._show_debts([])
        self.error.hide()
        if not self._has_banks:
            self._workplace.background.run(self, base.list_bank_accounts, then=self._show_banks, key="banks")
        if item is not None:
            self.customer.set_value(LookupChoice(item.customer_id, item.customer))
            self.amount.set_value(item.open_amount)
            self._load_debts()
        if line is not None:
            self.amount.set_value(line.amount)
            self.on_date.set_value(line.booked_on)
            self.reference.set_value(line.words[:80])
        self._note_start()
        if item is None and line is None:
            self.keeper.follow(None, tr("Nuovo incasso"))
        self.setFocus()

    def _note_start(self) -> None:
        """What the fields say now was not typed by anybody."""
        self._start = {name: field.draft() for name, field in self._fields().items()}
        self.dirty_changed.emit(False)

    def _show_banks(self, banks: Sequence[Any]) -> None:
        self._has_banks = True
        living = [one for one in banks if one.values["is_active"]]
        self.bank.set_choices([(one.record_id, one.values["name"]) for one in living])
        first = next((one for one in living if one.values["is_default"]), None)
        if first is not None and self.bank.value() is None:
            self.bank.set_value(first.record_id)
            self._start["bank"] = self.bank.draft()

    def _find_customer(self, text: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        def work(unit: Any) -> list[LookupChoice]:
            page = customers.list_customers(unit, ListQuery(search=text))
            return [LookupChoice(one.customer_id, one.name, f"{one.code} · {one.town}", one) for one in page.rows[:50]]

        self._workplace.background.run(self, work, then=show, key="customer")

    # -- what is owed, and what is proposed
    def _customer_id(self) -> int | None:
        chosen = self.customer.value()
        return chosen.key if isinstance(chosen, LookupChoice) else None

    def _load_debts(self) -> None:
        wanted = self._customer_id()
        if wanted is not None:
            self._workplace.background.run(self, lambda unit: ledger.list_debts(unit, wanted), then=self._show_debts, key="debts")

    def _show_debts(self, debts: list[OpenItemRow]) -> None:
        self._debts, self._is_proposed = debts, True
        self.debts.set_rows(debts)
        if self._ticks is not None:
            self.debts.set_ticks(Ticks(keys=frozenset(self._ticks) & {one.open_item_id for one in debts}))
            self._ticks, self._is_proposed = None, False
        self._propose()

    def _on_typed(self) -> None:
        self._pause.start()

    def _on_ticked(self, _ticks: Ticks) -> None:
        self._is_proposed = False
        self._show_sums()
        self._tell("ticks")

    def _propose(self) -> None:
        if not self._is_proposed:
            self._show_sums()
            return
        found = propose_allocation(self.amount.value() or ZERO, self._debts, words=str(self.reference.value() or ""))
        self.debts.set_ticks(Ticks(keys=frozenset(found.parts)))
        self.note.setText(proposal_text(found.reason) if self._debts else self._nothing_owed())
        self._is_proposed = True
        self._show_sums()

    def _nothing_owed(self) -> str:
        return tr("Il cliente non ha scadenze aperte: l'incasso resta come acconto.") if self._customer_id() else ""

    def parts(self) -> dict[int, Decimal]:
        """The ticked items, those due first settled first, until the money is used up. Credits make more of it."""
        ticked = self.debts.ticked()
        money = (self.amount.value() or ZERO) - sum((one.open_amount for one in ticked if one.open_amount < 0), ZERO)
        found = {one.open_item_id: one.open_amount for one in ticked if one.open_amount < 0}
        for one in sorted((one for one in ticked if one.open_amount > 0), key=lambda one: (one.due_on, one.open_item_id)):
            part = min(one.open_amount, money)
            if part > 0:
                found[one.open_item_id] = part
                money -= part
        return found

    def _part_of(self, item: OpenItemRow) -> Decimal | None:
        return self.parts().get(item.open_item_id)

    def _show_sums(self) -> None:
        rest = (self.amount.value() or ZERO) - sum(self.parts().values(), ZERO)
        self.debts.view.viewport().update()
        self.rest.setText(
            tr("Resta come acconto {amount}", amount=formats.money(rest)) if rest else tr("Tutto abbinato") if self.parts() else ""
        )

    # -- save
    def problems(self) -> list[tuple[Any, str]]:
        found: list[tuple[Any, str]] = []
        if self._customer_id() is None:
            found.append((self.customer, self.customer.entry_problem() or tr("Scegli il cliente che ha pagato.")))
        if not self.amount.value() or self.amount.value() <= 0:
            found.append((self.amount, tr("Scrivi quanto è stato pagato.")))
        day = self.on_date.value()
        if day is None:
            found.append((self.on_date, self.on_date.entry_problem() or tr("Scrivi il giorno dell'incasso.")))
        elif day > local_today():
            found.append((self.on_date, tr("La data è nel futuro: usa al più tardi oggi.")))
        if self.method.value() is None:
            found.append((self.method, tr("Scegli il mezzo di pagamento.")))
        return found

    def save(self) -> None:
        found = self.problems()
        for field, text in found:
            field.set_error(text)
        if found:
            found[0][0].setFocus()
            return
        payment = NewPayment(
            self._customer_id() or 0, self.on_date.value(), self.method.value(), self.amount.value(), self.parts(),
            self.bank.value() if self.method.value() != "MP01" else None, str(self.reference.value() or ""), line_key=self._line_key,
        )  # fmt: skip
        self.save_button.setEnabled(False)
        self._workplace.background.run(
            self,
            lambda unit: actions.collect(unit, payment),
            then=lambda made: self._on_saved(made, payment),
            failed=self._on_failed,
            key="save",
        )

    def _on_saved(self, payment_id: int, payment: NewPayment) -> None:
        self.save_button.setEnabled(True)
        self._before = {name: field.draft() for name, field in self._fields().items()}
        whose = self.customer.value()
        name = whose.text if isinstance(whose, LookupChoice) else ""
        self._workplace.say("positive", tr("Incasso registrato"), f"{formats.money(payment.amount)} · {name}")
        self.start()
        self.saved.emit(payment_id)

    def _on_failed(self, error: AppError) -> None:
        self.save_button.setEnabled(True)
        self.error.set_message("negative", error_text(error))
        self._load_debts()
