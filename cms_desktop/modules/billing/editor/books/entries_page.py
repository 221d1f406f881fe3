"""Prima nota: the list with the chosen entry and its reversal, or the form for a new one over all of it."""

from __future__ import annotations

import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.billing.editor.details import EntryDetail
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.modules.ledger.records import EntryRow
from cms_desktop.ui.basics import Elevated, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import Overlay, ask
from cms_desktop.ui.feedback.reason import ReasonField
from cms_desktop.ui.fields import DateField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

from .entry_form import EntryForm

tr = translator("books")
REVERSIBLE = ("manual", "reversal", "year_result", "year_closing", "year_opening")


class BookEntryDetail(EntryDetail):
    """The lines of an entry; those by hand can be reversed, and what reversed what is said."""

    changed = Signal()
    entry_wanted = Signal(int)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.row: EntryRow | None = None
        self._overlay: Overlay | None = None
        self.link_button = button("", "quiet", "link")
        self.reverse_button = button(tr("Storna…"), "", "undo-2", tip=tr("Scrivi la registrazione contraria"))
        self.reason = label("", "small", "2", wrap=True)
        self._linked: int | None = None
        self.reverse_button.clicked.connect(self.ask_reversal)
        self.link_button.clicked.connect(lambda: self.entry_wanted.emit(self._linked or 0))
        self.foot = boxed(column(self.reason, row(self.link_button, None, self.reverse_button), spacing=6, margins=(16, 8, 16, 10)))
        self.layout().addWidget(self.foot)  # type: ignore[union-attr]
        self.foot.hide()

    def show_row(self, chosen: EntryRow | None) -> None:
        super().show_row(chosen)
        self.row = chosen
        self.foot.hide()
        if chosen is not None:
            self._workplace.background.run(
                self, lambda unit: book_queries.reversal_of(unit, chosen.entry_id), then=self._show_links, key="links"
            )

    def _show_links(self, found: tuple[int | None, int | None, str]) -> None:
        reverses, reversed_by, reason = found
        if self.row is None:
            return
        self._linked = reversed_by or reverses
        words = tr("Stornata con la {n}", n=reversed_by) if reversed_by else tr("Storna la {n}", n=reverses) if reverses else ""
        self.link_button.setText(words)
        self.link_button.setVisible(bool(words))
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        may = self._workplace.may("ledger.post") and self.row.source in REVERSIBLE and reversed_by is None
        self.reverse_button.setVisible(may)
        self.foot.setVisible(may or bool(words))

    def ask_reversal(self) -> None:
        """From which day, and why."""
        chosen = self.row
        if chosen is None:
            return
        question, overlay = ReversalQuestion(chosen), Overlay(self.window())
        self._overlay = overlay

        def answered(day: datetime.date, reason: str) -> None:
            overlay.close_content()
            self._workplace.background.run(
                self,
                lambda unit: book_actions.reverse_entry(unit, chosen.entry_id, day, reason),
                then=self._on_reversed,
                failed=self._on_failed,
                key="verb",
            )

        question.answered.connect(answered)
        question.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(question)

    def _on_reversed(self, made: int) -> None:
        self._workplace.say("positive", tr("Storno registrato"), tr("Registrazione {n}", n=made))
        self.entry_wanted.emit(made)

    def _on_failed(self, error: AppError) -> None:
        self._workplace.say("negative", error_text(error))


class ReversalQuestion(Elevated):
    """`answered(day, reason)`."""

    answered = Signal(object, str)
    left = Signal()

    def __init__(self, entry: EntryRow) -> None:
        super().__init__(radius=12)
        self._first = entry.on_date
        self.day, self.reason = DateField(tr("Giorno"), required=True), ReasonField(tr("Motivo"), required=True, longest=200)
        self.day.set_value(entry.on_date if entry.source.startswith("year") else local_today())
        self.reason.editor.setObjectName("first-focus")
        confirm, cancel = button(tr("Storna"), "primary"), button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        confirm.clicked.connect(self.answer)
        cancel.clicked.connect(self.left)
        words = tr("Si scrive la registrazione contraria a «{words}» ({amount}); le due restano collegate.", words=entry.description,
                   amount=formats.money(entry.amount))  # fmt: skip
        head = column(label(tr("Stornare la registrazione?"), "title"), label(words, "body", "2", wrap=True),
                      form_grid([[(self.day, 4), (self.reason, 8)]]), spacing=10, margins=(24, 20, 24, 18))  # fmt: skip
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, confirm, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(540 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Stornare la registrazione?"))
        self.reason.editor.returnPressed.connect(self.answer)  # type: ignore[attr-defined]  # a line edit

    def answer(self) -> None:
        day, reason = self.day.value(), str(self.reason.value() or "").strip()
        if day is None or not self._first <= day <= local_today():
            self.day.set_error(tr("Un giorno fra la registrazione ({first}) e oggi.", first=formats.date(self._first)))
        elif not reason:
            self.reason.set_error(tr("Scrivi perché: resta nella storia."))
        else:
            self.answered.emit(day, reason)


class EntriesPage(QStackedWidget):
    """`holder` is the list with its detail; the form lies over it."""

    loaded = Signal()

    def __init__(self, workplace: Workplace, holder: Any) -> None:
        super().__init__()
        self._workplace, self.holder = workplace, holder
        self.page, self.detail, self.tables = holder.page, holder.detail, holder.tables
        self.form = EntryForm(workplace)
        self._form_place = boxed(column(self.form, margins=(16, 12, 16, 16)))
        self.addWidget(holder)
        self.addWidget(self._form_place)
        self.setFocusProxy(holder)
        holder.loaded.connect(self.loaded)
        self.form.left.connect(self.close_form)
        self.form.saved.connect(lambda _entry: self.page.reload())
        self.detail.entry_wanted.connect(self.show_entry)

    def reload(self) -> None:
        self.holder.reload()

    def show_record(self, record: int) -> None:
        self.setCurrentWidget(self.holder)
        self.holder.show_record(record)

    def show_entry(self, entry: int) -> None:
        """Another entry of the list; found by its number."""
        self.show_record(entry)
        self.page.set_query(ListQuery((Filter("entry_id", "=", (entry,)),)))

    def new_entry(self) -> None:
        self.setCurrentWidget(self._form_place)
        self.form.start()

    def is_in_form(self) -> bool:
        return self.currentWidget() is self._form_place

    def close_form(self) -> None:
        """Back to the list; lines that were typed are asked about."""
        if not self.form.is_empty() and not ask(
            self,
            tr("Lasciare la registrazione?"),
            tr("Le righe scritte vanno perse."),
            tr("Lascia"),
            "negative",
            cancel=tr("Continua a scrivere"),
        ):
            return
        self.form.start()
        self.setCurrentWidget(self.holder)
        self.page.reload()
        self.page.setFocus()
