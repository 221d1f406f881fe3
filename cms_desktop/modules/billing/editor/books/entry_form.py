"""An entry by hand: its day and words, its lines one after the other, and the difference that must come to nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.core.money import ZERO
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.modules.ledger.book_records import AccountRow, EntryTemplate, NewEntry, NewLine
from cms_desktop.modules.ledger.book_rules import difference
from cms_desktop.ui.basics import boxed, button, column, label, row, rule, set_tone
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import AmountField, ChoiceField, DateField, LookupChoice, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .account_field import AccountField, account_choice, customer_field

tr = translator("books")


@dataclasses.dataclass(frozen=True)
class Draft:
    """A line as it is written; `place` counts from 1."""

    place: int
    account: AccountRow
    debit: Decimal
    credit: Decimal
    customer: LookupChoice | None = None
    description: str = ""

    def line(self) -> NewLine:
        return NewLine(self.account.account_id, self.debit, self.credit, self.customer.key if self.customer else None, self.description)


def draft_columns() -> list[Column]:
    return [
        Column("place", tr("Riga"), kind="int", width=60, sortable=False),
        Column(
            "account",
            tr("Conto"),
            lambda one: f"{one.account.code} {one.account.name}",
            kind="strong",
            width=280,
            stretch=True,
            sortable=False,
        ),
        Column("customer", tr("Cliente"), lambda one: one.customer.text if one.customer else "", width=190, sortable=False, gives_way=1),
        Column("description", tr("Descrizione"), width=190, sortable=False, gives_way=2),
        Column("debit", tr("Dare €"), lambda one: one.debit or None, kind="money", width=124, sortable=False, total=True),
        Column("credit", tr("Avere €"), lambda one: one.credit or None, kind="money", width=124, sortable=False, total=True),
    ]


class EntryForm(QFrame):
    """Enter goes from field to field and adds the line; Ctrl+Enter writes the entry. `saved(entry)`, `left`."""

    saved = Signal(int)
    left = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._workplace = workplace
        self.lines: list[Draft] = []
        self.templates: list[EntryTemplate] = []
        self._template: int | None = None
        self.on_date = DateField(tr("Data"), required=True)
        self.words = TextField(tr("Descrizione"), required=True, longest=500)
        self.template = ChoiceField(tr("Modello"), [], empty=tr("nessuno"))
        self.account = AccountField(tr("Conto"))
        self.customer = customer_field(workplace, tr("Cliente"))
        self.debit, self.credit = AmountField(tr("Dare €"), lowest=ZERO), AmountField(tr("Avere €"), lowest=ZERO)
        self.text = LastField(tr("Descrizione della riga"), longest=200)
        self.add_button = button(tr("Aggiungi"), "", "plus", tip=tr("Aggiungi la riga (↵)"))
        self.table = RecordTable(
            draft_columns(),
            record_key=lambda one: one.place,
            noun=Noun(tr("riga"), tr("righe"), feminine=True),
            filters=False,
            checkable=False,
        )
        self.rest, self.error = label("", "heading"), InlineMessage("negative", "")
        self.error.hide()
        self.save_button = button(tr("Registra"), "primary", "check", tip=tr("Scrivi la registrazione (Ctrl+↵)"))
        self.keep_button = button(tr("Salva come modello"), "quiet", "bookmark-plus", tip=tr("Le righe, da riusare un'altra volta"))
        self.remove_button = button(tr("Togli la riga"), "quiet", "trash-2", tip=tr("Togli la riga scelta (Canc)"))
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        done = button(tr("Chiudi"), tip=tr("Torna alla prima nota (Esc)"))
        done.clicked.connect(self.left)
        head = form_grid([[(self.on_date, 2), (self.words, 7), (self.template, 3)]])
        line = form_grid([[(self.account, 5), (self.customer, 3), (self.debit, 2), (self.credit, 2)]])
        self.text.setMinimumWidth(420)
        for one in (self.remove_button, self.add_button):
            one.setFixedHeight(30)
        add = row(self.text, None, self.remove_button, self.add_button)
        add.setAlignment(self.remove_button, Qt.AlignmentFlag.AlignBottom)
        add.setAlignment(self.add_button, Qt.AlignmentFlag.AlignBottom)
        top = column(label(tr("Nuova registrazione"), "heading"), head, rule(), line, add, self.error, spacing=10, margins=(20, 16, 20, 12))
        foot = row(self.rest, None, self.keep_button, done, self.save_button, margins=(20, 10, 20, 12), spacing=8)
        layout = column(top, rule(), self.table, rule(), boxed(foot), spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.table, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.words)

    def _connect(self) -> None:
        self.account.chosen.connect(lambda _choice: self._on_account())
        self.text.finished.connect(self.add_line)
        self.add_button.clicked.connect(self.add_line)
        self.remove_button.clicked.connect(self.remove_line)
        self.save_button.clicked.connect(self.save)
        self.keep_button.clicked.connect(self.keep_as_template)
        self.template.changed.connect(self._on_template)
        self.table.row_opened.connect(self.take_line)

    # -- start
    def start(self) -> None:
        """Empty, of the day of the last one."""
        self.lines, self._template = [], None
        self.on_date.set_value(self.on_date.value() or local_today())
        self.words.set_value("")
        self.template.set_value(None)
        self.error.hide()
        self._clear_line()
        self._show()
        self.words.setFocus()
        work = lambda unit: (book_queries.list_accounts(unit), book_queries.list_templates(unit))
        self._workplace.background.run(self, work, then=self._on_lists, key="lists")

    def _on_lists(self, found: tuple[list[AccountRow], list[EntryTemplate]]) -> None:
        self.account.accounts, self.templates = found
        today = local_today()
        names = [
            (
                one.template_id or 0,
                tr("{name} (scade {day})", name=one.name, day=formats.date(one.next_on))
                if one.next_on and one.next_on <= today
                else one.name,
            )
            for one in self.templates
        ]
        self.template.set_choices(names)

    def _clear_line(self) -> None:
        for field in (self.account, self.customer, self.debit, self.credit):
            field.set_value(None)
            field.set_plain()
        self.text.set_value("")
        self.customer.setEnabled(False)

    def is_empty(self) -> bool:
        return not self.lines and not self.words.value()

    # -- lines
    def _on_account(self) -> None:
        """The side that is short is proposed; only accounts of customers ask for one."""
        account = self.account.account()
        self.customer.setEnabled(account is not None and account.role == "receivable")
        rest = difference(one.line() for one in self.lines)
        if self.debit.is_empty() and self.credit.is_empty() and rest:
            (self.credit if rest > 0 else self.debit).set_value(abs(rest))

    def add_line(self) -> None:
        """Take the typed line; what is wrong is said at its field."""
        for field in (self.account, self.debit, self.credit):
            field.normalise()
        account, whose = self.account.account(), self.customer.value()
        debit, credit = self.debit.value() or ZERO, self.credit.value() or ZERO
        if account is None:
            self._refuse(self.account, self.account.entry_problem() or tr("Scegli il conto: codice o parte del nome."))
        elif account.role == "receivable" and not isinstance(whose, LookupChoice):
            self._refuse(self.customer, tr("Scegli il cliente."))
        elif self.debit.entry_problem() or self.credit.entry_problem() or bool(debit) == bool(credit):
            self._refuse(self.debit, self.debit.entry_problem() or self.credit.entry_problem() or tr("Un importo: in dare o in avere."))
        else:
            customer = whose if isinstance(whose, LookupChoice) else None
            self.lines.append(Draft(len(self.lines) + 1, account, debit, credit, customer, str(self.text.value() or "")))
            self._clear_line()
            self._show()
            self.account.setFocus()

    @staticmethod
    def _refuse(field: Any, words: str) -> None:
        field.set_error(words)
        field.setFocus()

    def take_line(self, chosen: Draft) -> None:
        """Back into the fields, to be changed."""
        self.account.set_value(account_choice(chosen.account))
        self.customer.set_value(chosen.customer)
        self.customer.setEnabled(chosen.account.role == "receivable")
        self.debit.set_value(chosen.debit or None)
        self.credit.set_value(chosen.credit or None)
        self.text.set_value(chosen.description)
        self._drop(chosen)
        self.account.setFocus()

    def remove_line(self) -> None:
        for chosen in self.table.selected():
            self._drop(chosen)

    def _drop(self, chosen: Draft) -> None:
        left = [one for one in self.lines if one.place != chosen.place]
        self.lines = [dataclasses.replace(one, place=place) for place, one in enumerate(left, start=1)]
        self._show()

    def _show(self) -> None:
        self.table.set_rows(list(self.lines))
        debit, credit = (sum((getattr(one, side) for one in self.lines), ZERO) for side in ("debit", "credit"))
        self.table.set_totals(Totals(len(self.lines), {"debit": debit, "credit": credit}))
        rest = debit - credit
        words = (
            tr("Differenza {amount}: manca in avere", amount=formats.money(rest))
            if rest > 0
            else tr("Differenza {amount}: manca in dare", amount=formats.money(-rest))
        )
        self.rest.setText(words if rest else tr("Quadra") if self.lines else tr("Scrivi la prima riga"))
        set_tone(self.rest, "negative" if rest else "positive" if self.lines else "3")
        is_whole = bool(self.lines) and not rest
        self.save_button.setEnabled(is_whole and self._workplace.may("ledger.post"))
        self.keep_button.setEnabled(is_whole and self._workplace.may("ledger.post"))
        self.remove_button.setEnabled(bool(self.lines))

    # -- models
    def _on_template(self) -> None:
        chosen = next((one for one in self.templates if one.template_id == self.template.value()), None)
        self._template = chosen.template_id if chosen else None
        if chosen is None:
            return
        by_id = {one.account_id: one for one in self.account.accounts}
        self.words.set_value(chosen.description)
        if chosen.next_on is not None and chosen.next_on <= local_today():
            self.on_date.set_value(chosen.next_on)
        self.lines = [
            Draft(place, by_id[one.account_id], (one.amount or ZERO) if one.is_debit else ZERO, ZERO if one.is_debit else (one.amount or ZERO),
                  None, one.description)
            for place, one in enumerate(chosen.lines, start=1) if one.account_id in by_id
        ]  # fmt: skip
        self._show()

    def keep_as_template(self) -> None:
        """The lines under the entry's words."""
        name = str(self.words.value() or "").strip()
        if not name:
            self._refuse(self.words, tr("Il modello prende il nome dalla descrizione: scrivila."))
            return
        model = book_actions.template_of(name, [one.line() for one in self.lines])
        self._workplace.background.run(
            self,
            lambda unit: book_actions.save_template(unit, model),
            then=lambda _made: self._on_kept(name),
            failed=self._on_failed,
            key="template",
        )

    def _on_kept(self, name: str) -> None:
        self._workplace.say("positive", tr("Modello salvato"), name)
        work = lambda unit: (book_queries.list_accounts(unit), book_queries.list_templates(unit))
        self._workplace.background.run(self, work, then=self._on_lists, key="lists")

    # -- save
    def save(self) -> None:
        if self.account.value() is not None and (self.debit.value() or self.credit.value()):
            self.add_line()
        day, words = self.on_date.value(), str(self.words.value() or "").strip()
        if day is None:
            self._refuse(self.on_date, self.on_date.entry_problem() or tr("Scrivi il giorno della registrazione."))
        elif not words:
            self._refuse(self.words, tr("Scrivi che cosa registri."))
        elif self.save_button.isEnabled():
            entry = NewEntry(day, words, tuple(one.line() for one in self.lines), self._template)
            self.save_button.setEnabled(False)
            self._workplace.background.run(
                self,
                lambda unit: book_actions.post_entry(unit, entry),
                then=lambda made: self._on_saved(made, entry),
                failed=self._on_failed,
                key="save",
            )

    def _on_saved(self, made: int, entry: NewEntry) -> None:
        amount = sum((one.debit for one in entry.lines), ZERO)
        self._workplace.say("positive", tr("Registrazione {n} scritta", n=made), f"{entry.description} · {formats.money(amount)}")
        self.start()
        self.saved.emit(made)

    def _on_failed(self, error: AppError) -> None:
        self._show()
        self.error.set_message("negative", error_text(error))
        self.error.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Delete and self.table.selected():
            self.remove_line()
        else:
            super().keyPressEvent(event)

    def rows(self) -> Sequence[Draft]:
        return self.lines


class LastField(TextField):
    """The last of a line: Enter takes the line instead of going on."""

    finished = Signal()

    def enter_goes_on(self) -> bool:
        self.finished.emit()
        return False
