"""The payments page: the list, the chosen payment with what it settled, and the form for new ones."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.modules.billing.columns.ledger import allocation_columns
from cms_desktop.modules.billing.columns.words import methods, payment_kinds
from cms_desktop.modules.ledger import actions
from cms_desktop.modules.ledger import queries as ledger
from cms_desktop.modules.ledger.records import AllocationRow, PaymentRow
from cms_desktop.modules.ledger.statements.records import LineProposal
from cms_desktop.modules.registry.attachments.tabs import DocumentsTabs
from cms_desktop.ui.basics import Elevated, ElidedLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, Overlay
from cms_desktop.ui.feedback.reason import ReasonField
from cms_desktop.ui.fields import DateField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .payment_form import WIDTH, PaymentForm
from .statement_page import StatementPage

tr = translator("billing")


class PaymentDetail(QFrame):
    """The chosen payment: what it settled day by day, and what can still be done with it."""

    changed = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(WIDTH)
        self._workplace = workplace
        self._may = workplace.may("ledger.collect")
        self.row: PaymentRow | None = None
        self._overlay: Overlay | None = None
        self.title, self.facts, self.chip = ElidedLabel("", "title"), label("", "small", "2", wrap=True), StatusChip("", "neutral")
        self.amount = label("", "title")
        self.message = InlineMessage("warning", "")
        self.table = RecordTable(
            allocation_columns(), record_key=lambda one: (one.open_item_id, one.on_date, one.amount), noun=(tr("riga"), tr("righe")),
            filters=False, totals=False, checkable=False,
        )  # fmt: skip
        self.bounce_button = button(tr("Storna…"), "", "undo-2", tip=tr("Il denaro è tornato indietro: le scadenze si riaprono"))
        self.release_button = button(tr("Sciogli gli abbinamenti"), "quiet", "unlink")
        self.refund_button = button(tr("Rimborsa il resto"), "quiet", "hand-coins")
        self.bounce_button.clicked.connect(self.ask_bounce)
        self.release_button.clicked.connect(self.release)
        self.refund_button.clicked.connect(self.pay_back)
        head = column(
            _wide_first(self.title, self.chip), _wide_first(self.facts, self.amount), self.message,
            row(self.bounce_button, self.release_button, self.refund_button, None, spacing=6), spacing=8, margins=(16, 12, 16, 12),
        )  # fmt: skip
        shown = QWidget()
        self.parts = DocumentsTabs(workplace, "ledger.payment", tr("Abbinamenti"), self.table)
        layout = column(head, rule(), self.parts, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.parts, 1)
        shown.setLayout(layout)
        self.stack = QStackedWidget()
        self.stack.addWidget(EmptyState("hand-coins", tr("Nessun incasso scelto"), tr("Scegli una riga, o registra un incasso con F2.")))
        self.stack.addWidget(shown)
        self.setLayout(column(self.stack))

    def show_row(self, chosen: PaymentRow | None) -> None:
        self.row = chosen
        self.stack.setCurrentIndex(0 if chosen is None else 1)
        if chosen is None:
            return
        self.parts.show_record(chosen.payment_id)
        self.title.setText(chosen.customer)
        parts = [
            payment_kinds()[chosen.kind],
            formats.date(chosen.on_date),
            methods().get(chosen.method, chosen.method),
            chosen.reference,
            chosen.description,
        ]
        self.facts.setText(" · ".join(part for part in parts if part))
        self.amount.setText(formats.money(chosen.amount))
        is_living = chosen.kind == "receipt" and chosen.bounced_on is None
        bounced = tr("Stornato il {day}", day=formats.date(chosen.bounced_on)) if chosen.bounced_on else ""
        self.message.setVisible(bool(bounced) or bool(chosen.free_amount))
        if bounced:
            self.message.set_message("negative", bounced)
        elif chosen.free_amount:
            self.message.set_message("info", tr("Restano {amount} da abbinare.", amount=formats.money(chosen.free_amount)))
        self.chip.set_state(
            *((tr("Stornato"), "negative") if bounced else (tr("Acconto"), "info") if chosen.free_amount else (tr("Abbinato"), "calm"))
        )
        for one in (self.bounce_button, self.release_button):
            one.setVisible(is_living and self._may)
        self.refund_button.setVisible(is_living and self._may and bool(chosen.free_amount))
        self._workplace.background.run(
            self, lambda unit: ledger.list_allocations(unit, chosen.payment_id), then=self._show, key="allocations"
        )

    def _show(self, found: list[AllocationRow]) -> None:
        self.table.set_rows(found)
        self.release_button.setEnabled(bool(found))

    # -- verbs
    def _do(self, work: Callable[[Any], Any], words: str) -> None:
        def done(_result: Any) -> None:
            self._workplace.say("positive", words)
            self.changed.emit()

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="verb")

    def _on_failed(self, error: AppError) -> None:
        self._workplace.say("negative", error_text(error))

    def release(self) -> None:
        """Every allocation back, as if it had not been made."""
        chosen = self.row
        if chosen is not None:
            items = sorted({one.open_item_id for one in self.table.rows()})
            self._do(
                lambda unit: actions.release(unit, chosen.payment_id, items), tr("Abbinamenti sciolti: le scadenze sono di nuovo aperte")
            )

    def pay_back(self) -> None:
        chosen = self.row
        if chosen is not None:
            self._do(lambda unit: actions.pay_back(unit, chosen.payment_id, local_today(), chosen.method), tr("Rimborso registrato"))

    def ask_bounce(self) -> None:
        """When the money went back, and why."""
        chosen = self.row
        if chosen is None:
            return
        question = BounceQuestion(chosen)
        overlay = self._overlay = Overlay(self.window())

        def done(day: datetime.date, reason: str) -> None:
            overlay.close_content()
            self._do(
                lambda unit: actions.bounce(unit, chosen.payment_id, day, reason), tr("Incasso stornato: le scadenze sono di nuovo aperte")
            )

        question.answered.connect(done)
        question.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(question)


def _wide_first(first: QWidget, second: QWidget) -> QHBoxLayout:
    """The first takes the room that is left."""
    made = row(first, second, spacing=8)
    made.setStretchFactor(first, 1)
    return made


class BounceQuestion(Elevated):
    """`answered(day, reason)`."""

    answered = Signal(object, str)
    left = Signal()

    def __init__(self, payment: PaymentRow) -> None:
        super().__init__(radius=12)
        self._first = payment.on_date
        self.day, self.reason = DateField(tr("Giorno"), required=True), ReasonField(tr("Motivo"), required=True, longest=120)
        self.day.set_value(local_today())
        self.reason.editor.setObjectName("first-focus")
        words = tr(
            "{amount} di {customer} non sono più incassati: le scadenze si riaprono da quel giorno.",
            amount=formats.money(payment.amount),
            customer=payment.customer,
        )
        self.confirm_button, cancel = button(tr("Storna l'incasso"), "primary"), button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.confirm_button.clicked.connect(self.answer)
        cancel.clicked.connect(self.left)
        fields = form_grid([[(self.day, 4), (self.reason, 8)]])
        head = column(
            label(tr("Stornare l'incasso?"), "title"), label(words, "body", "2", wrap=True), fields, spacing=10, margins=(24, 20, 24, 18)
        )
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(520 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Stornare l'incasso?"))
        self.reason.editor.returnPressed.connect(self.answer)  # type: ignore[attr-defined]  # a line edit

    def answer(self) -> None:
        day, reason = self.day.value(), str(self.reason.value() or "").strip()
        if day is None or not self._first <= day <= local_today():
            self.day.set_error(tr("Un giorno fra l'incasso ({first}) e oggi.", first=formats.date(self._first)))
        elif not reason:
            self.reason.set_error(tr("Scrivi perché: resta nella storia."))
        else:
            self.answered.emit(day, reason)


class PaymentsPage(QStackedWidget):
    """The list with the chosen payment, or the form for a new one, at its right; or a bank statement over all of it."""

    loaded = Signal()

    def __init__(self, workplace: Workplace, page: ListPage) -> None:
        super().__init__()
        self._workplace = workplace
        self.page, self.tables = page, page.tables
        self.detail, self.form = PaymentDetail(workplace), PaymentForm(workplace)
        self.side = QStackedWidget()
        self.side.addWidget(self.detail)
        self.side.addWidget(self.form)
        self.side.setFixedWidth(WIDTH)
        card, self._list = boxed(column(page, margins=(1, 1, 1, 1)), card="true"), QWidget()
        layout = row(card, self.side, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(card, 1)
        self._list.setLayout(layout)
        self.addWidget(self._list)
        self.statement: StatementPage | None = None
        self._statement_place: QWidget | None = None
        self._wanted: int | None = None
        self.setFocusProxy(page)
        page.loaded.connect(self._on_loaded)
        page.selection_changed.connect(self._on_chosen)
        self.form.left.connect(self.close_form)
        self.form.saved.connect(self._on_saved)
        self.detail.changed.connect(page.reload)

    def reload(self) -> None:
        self.page.reload()

    def show_record(self, record: int) -> None:
        self._wanted = record

    def _on_saved(self, payment_id: int) -> None:
        self.show_record(payment_id)
        self.page.reload()

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.page.select(self._wanted)
            self._wanted = None
        self._on_chosen(self.page.table.selected())
        self.loaded.emit()

    def _on_chosen(self, chosen: list[PaymentRow]) -> None:
        self.detail.show_row(chosen[0] if len(chosen) == 1 else None)

    # -- a new payment
    def new_payment(self, item: Any = None) -> None:
        """Show the empty form, or one for an open item."""
        self._show_form()
        self.form.start(item=item)

    def _show_form(self) -> None:
        self.setCurrentWidget(self._list)
        self.side.setCurrentWidget(self.form)

    def is_in_form(self) -> bool:
        return not self.is_in_statement() and self.side.currentWidget() is self.form

    def close_form(self) -> None:
        self.side.setCurrentWidget(self.detail)
        self.page.setFocus()

    # -- a bank statement
    def read_statement(self) -> None:
        """Ask for the file and show what it says."""
        path = self._workplace.files.open_file(
            tr("Estratto conto della banca"), tr("Estratti conto camt.053 e CBI (*.xml *.txt *.dat *.cbi);;Tutti i file (*)")
        )
        if path is None:
            return
        if self.statement is None:
            self.statement = StatementPage(self._workplace)
            self.statement.left.connect(self.close_statement)
            self.statement.registered.connect(lambda _count: self.close_statement())
            self.statement.by_hand_wanted.connect(self._on_by_hand)
            self._statement_place = boxed(column(self.statement, margins=(16, 12, 16, 16)))
            self.addWidget(self._statement_place)
        if self._statement_place is not None:
            self.setCurrentWidget(self._statement_place)
        self.statement.read(path)

    def is_in_statement(self) -> bool:
        return self.statement is not None and self.currentWidget() is self._statement_place

    def _on_by_hand(self, proposal: LineProposal) -> None:
        self._show_form()
        self.form.start(line=proposal.line)

    def close_statement(self) -> None:
        self.setCurrentWidget(self._list)
        self.page.reload()
        self.page.setFocus()

    def confirm(self) -> None:
        """Ctrl+Enter: the statement's ticked movements, or the payment of the form."""
        if self.is_in_statement() and self.statement is not None:
            self.statement.register()
        elif self.is_in_form():
            self.form.save()
