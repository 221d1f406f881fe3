"""Chiusure: until when the books are closed, the definitive journal, the end of the year; and the history of all of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.modules.ledger.book_records import LockRow, PeriodState, PrintRow
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.fields import ChoiceField, DateField, TextField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("books")


def lock_columns() -> list[Column]:
    def until(one: LockRow) -> str:
        return formats.date(one.closed_until) if one.closed_until else tr("tutto aperto")

    return [
        Column("closed_until", tr("Chiuso fino al"), until, kind="strong", width=120, sortable=False),
        Column("reason", tr("Motivo"), width=160, stretch=True, sortable=False),
        Column("person", tr("Da"), width=120, sortable=False),
        Column("at", tr("Il"), lambda one: one.at.astimezone().date(), kind="date", width=100, sortable=False),
    ]


def print_columns() -> list[Column]:
    return [
        Column("year", tr("Anno"), lambda one: str(one.year), kind="strong", width=70, sortable=False),
        Column(
            "numbers",
            tr("Numeri"),
            lambda one: f"{one.first_number} – {one.last_number}",
            kind="code",
            width=130,
            sortable=False,
            stretch=True,
        ),
        Column("until_on", tr("Fino al"), kind="date", width=100, sortable=False),
        Column("debit_amount", tr("Dare €"), kind="money", width=130, sortable=False),
    ]


@dataclass(frozen=True)
class _Found:
    state: PeriodState
    locks: list[LockRow]
    prints: list[PrintRow]


class ClosingTab(QFrame):
    """Three cards: the period, the definitive journal, the year."""

    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.found: _Found | None = None
        today = local_today()
        last_month = today.replace(day=1) - datetime.timedelta(days=1)
        self.state = label("", "heading", wrap=True)
        self.until, self.reason = (
            DateField(tr("Chiudi fino al")),
            TextField(tr("Motivo"), longest=200, hint=tr("obbligatorio per riaprire")),
        )
        self.until.set_value(last_month)
        self.lock_button = button(tr("Chiudi il periodo"), "primary", "lock", tip=tr("Nessuna registrazione con data fino a quel giorno"))
        self.open_button = button(tr("Riapri…"), "", "lock-open", tip=tr("Torna indietro: fino al giorno scritto, o tutto se è vuoto"))
        self.lock_button.clicked.connect(self.lock)
        self.open_button.clicked.connect(self.open_again)
        self.locks = RecordTable(lock_columns(), record_key=lambda one: one.lock_id, noun=Noun(tr("chiusura"), tr("chiusure"), feminine=True),
                                 filters=False, totals=False, checkable=False)  # fmt: skip
        self.numbers = label("", "body", "2", wrap=True)
        self.number_until = DateField(tr("Numera fino al"))
        self.number_button = button(tr("Rendi definitivo"), "", "stamp", tip=tr("Dà i numeri del libro giornale, per sempre"))
        self.pdf_button = button(tr("Stampa PDF"), "", "printer", tip=tr("Salva la parte scelta del libro giornale"))
        self.number_button.clicked.connect(self.number)
        self.pdf_button.clicked.connect(self.save_pdf)
        self.prints = RecordTable(print_columns(), record_key=lambda one: one.print_id, noun=Noun(tr("stampa"), tr("stampe"), feminine=True),
                                  filters=False, totals=False, checkable=False)  # fmt: skip
        self.prints.selection_changed.connect(lambda rows: self.pdf_button.setEnabled(len(rows) == 1))
        self.pdf_button.setEnabled(False)
        self.year = ChoiceField(tr("Esercizio"), [(year, str(year)) for year in range(today.year - 1, today.year - 11, -1)])
        self.year.set_value(today.year - 1)
        self.year_button = button(tr("Scritture di chiusura e apertura"), "", "calendar-check")
        self.year_button.clicked.connect(self.close_year)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self._arrange()

    def _arrange(self) -> None:
        period = self._card(
            tr("Periodo"),
            [self.state, form_grid([[(self.until, 4), (self.reason, 8)]]), row(None, self.open_button, self.lock_button)],
            self.locks,
        )
        journal = self._card(
            tr("Libro giornale"),
            [self.numbers, form_grid([[(self.number_until, 5)]]), row(None, self.pdf_button, self.number_button)],
            self.prints,
        )
        words = label(
            tr("Costi e ricavi vanno a profitti e perdite, il risultato al patrimonio; il 1º gennaio i conti si riaprono. Le scritture si possono stornare."),
            "small", "2", wrap=True,
        )  # fmt: skip
        self.year.setFixedWidth(120)
        words.setMinimumWidth(420)
        year = boxed(
            column(
                label(tr("Fine esercizio"), "small-medium", "3"),
                row(self.year, 12, words, None, self.year_button),
                spacing=8,
                margins=(16, 12, 16, 14),
            ),
            card="true",
        )
        cards = row(period, journal, spacing=12)
        cards.setStretchFactor(period, 3)
        cards.setStretchFactor(journal, 2)
        layout = column(self.error, cards, year, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(cards, 1)
        self.setLayout(layout)

    @staticmethod
    def _card(title: str, items: list[Any], table: QWidget) -> QFrame:
        head = column(label(title, "small-medium", "3"), *items, spacing=10, margins=(16, 12, 16, 12))
        layout = column(head, rule(), table, spacing=0, margins=(1, 1, 1, 1))
        layout.setStretchFactor(table, 1)
        return boxed(layout, card="true")

    # -- what stands
    def reload(self) -> None:
        work = lambda unit: _Found(book_queries.find_period_state(unit), book_queries.list_locks(unit), book_queries.list_prints(unit))
        self._workplace.background.run(self, work, then=self._show, failed=self._on_failed, key="closing")

    def _show(self, found: _Found) -> None:
        state = found.state
        may = self._workplace.may("ledger.close")
        self.state.setText(
            tr("La contabilità è chiusa fino al {day}.", day=formats.date(state.closed_until))
            if state.closed_until
            else tr("Nessun periodo è chiuso.")
        )
        printed = (
            tr("Definitivo fino al {day}.", day=formats.date(state.printed_until))
            if state.printed_until
            else tr("Ancora nessuna parte è definitiva.")
        )
        waiting = tr("{n} registrazioni chiuse aspettano il numero.", n=formats.number(state.not_numbered)) if state.not_numbered else ""
        self.numbers.setText(" ".join(part for part in (printed, waiting) if part))
        if state.closed_until is not None and (self.found is None or self.found.state.closed_until != state.closed_until):
            self.number_until.set_value(state.closed_until)
        self.found = found
        self.locks.set_rows(found.locks)
        self.prints.set_rows(found.prints)
        self.lock_button.setEnabled(may)
        self.open_button.setVisible(state.closed_until is not None and self._workplace.may("ledger.reopen"))
        self.number_button.setEnabled(may and bool(state.not_numbered))
        self.year_button.setEnabled(may)
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
        self.error.show()

    def _do(self, work: Callable[[Any], Any], then: Callable[[Any], None]) -> None:
        self.error.hide()

        def done(result: Any) -> None:
            then(result)
            self.reload()

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="do")

    # -- verbs
    def lock(self) -> None:
        day, why = self.until.value(), str(self.reason.value() or "")
        if day is None:
            self.until.set_error(self.until.entry_problem() or tr("Scrivi fino a quale giorno."))
            return
        self._do(
            lambda unit: book_actions.lock_period(unit, day, why),
            lambda _none: self._said(tr("Periodo chiuso fino al {day}", day=formats.date(day))),
        )

    def open_again(self) -> None:
        """Back to the day written, or wholly when there is none."""
        day, why = self.until.value(), str(self.reason.value() or "").strip()
        if not why:
            self.reason.set_error(tr("Scrivi perché riapri: resta nella storia."))
            self.reason.setFocus()
            return
        words = (
            tr("La contabilità resterà chiusa solo fino al {day}.", day=formats.date(day))
            if day
            else tr("Si potrà registrare con qualunque data.")
        )
        if ask(self, tr("Riaprire il periodo?"), words, tr("Riapri"), "warning"):
            self._do(lambda unit: book_actions.lock_period(unit, day, why), lambda _none: self._said(tr("Periodo riaperto")))

    def _said(self, words: str) -> None:
        self.reason.set_value("")
        self._workplace.say("positive", words)

    def number(self) -> None:
        day = self.number_until.value()
        if day is None:
            self.number_until.set_error(self.number_until.entry_problem() or tr("Scrivi fino a quale giorno."))
            return
        words = tr("Le registrazioni fino al {day} ricevono il loro numero e non si possono più riaprire.", day=formats.date(day))
        if ask(self, tr("Rendere definitivo il libro giornale?"), words, tr("Rendi definitivo"), "warning"):
            self._do(
                lambda unit: book_actions.number_journal(unit, day),
                lambda _made: self._said(tr("Libro giornale definitivo fino al {day}", day=formats.date(day))),
            )

    def save_pdf(self) -> None:
        chosen = self.prints.selected()
        if len(chosen) != 1:
            return
        part = chosen[0]
        name = f"libro_giornale_{part.year}_{part.first_number}-{part.last_number}.pdf"
        path = self._workplace.files.save_as(tr("Salva il libro giornale"), name, "PDF (*.pdf)")
        if path is not None:
            self._workplace.background.run(
                self,
                lambda unit: book_actions.save_journal_pdf(unit, part.print_id, path),
                then=self._workplace.files.show,
                failed=self._on_failed,
                key="pdf",
            )

    def close_year(self) -> None:
        year = self.year.value()
        if year is None:
            return
        words = tr("Si scrivono le registrazioni di chiusura al 31 dicembre {year} e di apertura al giorno dopo.", year=year)
        if ask(self, tr("Chiudere l'esercizio {year}?", year=year), words, tr("Scrivi le registrazioni"), "info"):
            self._do(lambda unit: book_actions.close_year(unit, year), lambda result: self._said(self._result_text(year, result)))

    @staticmethod
    def _result_text(year: int, result: Decimal) -> str:
        amount = formats.money(abs(result))
        words = tr("utile {amount}", amount=amount) if result >= 0 else tr("perdita {amount}", amount=amount)
        return tr("Esercizio {year} chiuso: {result}", year=year, result=words)
