"""A bank statement before it is registered: each movement beside whose money it is thought to be and what it settles."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.base import queries as base
from cms_desktop.modules.billing.columns.words import proposal_text
from cms_desktop.modules.ledger import actions
from cms_desktop.modules.ledger.statements.match import is_certain, payment_of, propose
from cms_desktop.modules.ledger.statements.reader import read_statements
from cms_desktop.modules.ledger.statements.records import LineProposal, Statement
from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.record_table import Column, RecordTable, Ticks
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")


@dataclass(frozen=True)
class _Read:
    statements: Sequence[Statement]
    proposals: Sequence[LineProposal]
    banks: dict[str, int]


def statement_columns() -> list[Column]:
    matches = {
        "iban": (tr("Dal conto"), "positive"),
        "document": (tr("Dal documento"), "positive"),
        "name": (tr("Dal nome"), "warning"),
        "none": (tr("Sconosciuto"), "neutral"),
    }

    def match(one: LineProposal) -> tuple[str, str]:
        return (tr("Già registrato"), "calm") if one.is_known else matches[one.match]

    def settled(one: LineProposal) -> Decimal | None:
        return sum(one.parts.values(), Decimal(0)) if one.parts else None

    return [
        Column("booked_on", tr("Data"), lambda one: one.line.booked_on, kind="date", width=104),
        Column("amount", tr("Importo €"), lambda one: one.line.amount, kind="money", width=116, total=True),
        Column("match", tr("Riconosciuto"), match, kind="chip", width=140),
        Column("customer", tr("Cliente"), kind="strong", width=220, stretch=True),
        Column("settled", tr("Si salda €"), settled, kind="money", width=116, tone=lambda _one: "accent"),
        Column("name", tr("Ordinante"), lambda one: one.line.name, width=180, gives_way=2),
        Column("words", tr("Causale"), lambda one: one.line.words, width=320, gives_way=1),
    ]


class StatementPage(QFrame):
    """Emits `registered` after the ticked movements were, `by_hand_wanted` for one that is to be told by a person, `left` at the end."""

    registered = Signal(int)
    by_hand_wanted = Signal(object)
    left = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._workplace = workplace
        self._read: _Read | None = None
        self.title, self.facts = label("", "heading"), label("", "small", "2", wrap=True)
        self.warning, self.error = InlineMessage("warning", ""), InlineMessage("negative", "")
        self.table = RecordTable(
            statement_columns(), record_key=lambda one: one.line.key, noun=(tr("movimento"), tr("movimenti")), filters=False, checkable=True
        )
        self.note = label("", "small", "2")
        self.register_button = button(tr("Registra gli spuntati"), "primary", "check", tip=tr("Registra i movimenti spuntati (Ctrl+↵)"))
        self.hand_button = button(tr("Registra a mano…"), "", "pencil", tip=tr("Scegli tu cliente e scadenze per la riga in vista"))
        back = button(tr("Chiudi"), tip=tr("Torna agli incassi (Esc)"))
        self.register_button.clicked.connect(self.register)
        self.hand_button.clicked.connect(self._on_by_hand)
        back.clicked.connect(self.left)
        self.table.checked_changed.connect(lambda _ticks: self._show_counts())
        self.table.selection_changed.connect(self._on_chosen)
        head = column(self.title, self.facts, self.warning, self.error, spacing=6, margins=(20, 14, 20, 10))
        foot = row(self.note, None, back, self.hand_button, self.register_button, spacing=8, margins=(20, 10, 20, 12))
        layout = column(head, rule(), self.table, rule(), foot, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(self.table, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.table)
        for one in (self.warning, self.error):
            one.hide()

    # -- read
    def read(self, path: pathlib.Path) -> None:
        """Read a file and propose; what it is not is said here."""
        self.title.setText(tr("Estratto conto {name}", name=path.name))
        self._workplace.background.run(
            self, lambda unit: self._propose(unit, path.read_bytes()), then=self._show, failed=self._on_failed, key="read"
        )

    @staticmethod
    def _propose(unit: Any, content: bytes) -> _Read:
        statements = read_statements(content)
        banks = {str(one.values["iban"]): one.record_id for one in base.list_bank_accounts(unit)}
        return _Read(statements, propose(unit, [line for one in statements for line in one.lines]), banks)

    def _show(self, found: _Read) -> None:
        self._read = found
        self.error.hide()
        came = sum((one.line.amount for one in found.proposals), Decimal(0))
        words = {"amount": formats.money(came), "accounts": ", ".join(one.iban for one in found.statements)}
        self.facts.setText(
            one_or_many(
                len(found.proposals), tr("1 movimento in entrata per {amount}, sui conti {accounts}", **words),
                tr("{n} movimenti in entrata per {amount}, sui conti {accounts}", n=formats.number(len(found.proposals)), **words),
            )
        )  # fmt: skip
        self._show_warning(found)
        self.table.set_rows(list(found.proposals))
        self.table.set_ticks(Ticks(keys=frozenset(one.line.key for one in found.proposals if is_certain(one))))
        self._show_counts()
        self.table.setFocus()

    def _show_warning(self, found: _Read) -> None:
        texts = [
            tr("Il conto {iban} non è tra le banche dell'azienda.", iban=one.iban)
            for one in found.statements
            if one.iban not in found.banks
        ]
        texts += [
            tr("I movimenti non spiegano il saldo: mancano {amount}.", amount=formats.money(one.difference))
            for one in found.statements
            if one.difference
        ]
        self.warning.setVisible(bool(texts))
        if texts:
            self.warning.set_message("warning", " ".join(texts))

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))

    # -- what is ticked
    def chosen(self) -> list[LineProposal]:
        """Ticked movements that can be registered: with a customer, not known yet."""
        return [one for one in self.table.ticked() if one.customer_id is not None and not one.is_known]

    def _show_counts(self) -> None:
        chosen = self.chosen()
        amount = sum((one.line.amount for one in chosen), Decimal(0))
        self.register_button.setEnabled(bool(chosen) and self._workplace.may("ledger.collect"))
        words = tr("Registra 1 movimento") if len(chosen) == 1 else tr("Registra {n} movimenti", n=formats.number(len(chosen)))
        self.register_button.setText(words if chosen else tr("Registra gli spuntati"))
        self.note.setText(tr("Spuntati per {amount}", amount=formats.money(amount)) if chosen else "")

    def _on_chosen(self, rows: list[LineProposal]) -> None:
        one = rows[0] if len(rows) == 1 else None
        self.hand_button.setEnabled(one is not None and not one.is_known)
        if one is not None and one.customer_id is not None:
            self.note.setText(f"{one.customer}: {proposal_text(one.reason)}")

    def _on_by_hand(self) -> None:
        rows = self.table.selected()
        if len(rows) == 1 and not rows[0].is_known:
            self.by_hand_wanted.emit(rows[0])

    # -- register
    def bank_of(self, proposal: LineProposal) -> int | None:
        """The company's bank account the movement came in on."""
        if self._read is None:
            return None
        statement = next((one for one in self._read.statements if proposal.line in one.lines), None)
        return self._read.banks.get(statement.iban) if statement else None

    def register(self) -> None:
        payments = [payment_of(one, self.bank_of(one)) for one in self.chosen()]
        if payments:
            self.register_button.setEnabled(False)
            self._workplace.background.run(
                self, lambda unit: actions.collect_all(unit, payments), then=self._on_registered, failed=self._on_refused, key="register"
            )

    def _on_registered(self, count: int) -> None:
        words = tr("1 incasso registrato") if count == 1 else tr("{n} incassi registrati", n=formats.number(count))
        self._workplace.say("positive", words)
        self.registered.emit(count)

    def _on_refused(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
        self._show_counts()
