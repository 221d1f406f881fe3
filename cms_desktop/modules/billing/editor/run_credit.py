"""Asks how a whole run is credited: why, on which date, what becomes of open items and periods."""

from __future__ import annotations

import datetime

from PySide6.QtCore import Signal

from cms_desktop.core.dates import local_today
from cms_desktop.modules.billing.records import Run
from cms_desktop.ui.basics import Elevated, boxed, button, column, label, row, rule
from cms_desktop.ui.fields import CheckField, DateField, TextField
from cms_desktop.ui.translation import translator

tr = translator("billing")


class CreditRunDialog(Elevated):
    """`answered` with reason, date, compensates, releases; the owner closes the overlay."""

    answered = Signal(str, object, bool, bool)
    left = Signal()

    def __init__(self, run: Run) -> None:
        super().__init__(radius=12)
        title = tr("Stornare il lancio {number}?", number=run.number)
        words = tr("Prepara una nota di credito per ciò che resta di ogni fattura. È un'anteprima: i numeri si assegnano alla conferma.")
        self.reason = TextField(tr("Causale delle note di credito"), required=True, longest=200)
        self.reason.editor.setObjectName("first-focus")
        self.document_on = DateField(tr("Data delle note di credito"), required=True)
        self.document_on.set_value(max(local_today(), run.document_on))
        self.compensates = CheckField(tr("Compensa con le fatture ancora aperte"))
        self.compensates.set_value(True)
        self.releases = CheckField(tr("I periodi tornano fatturabili"))
        self.confirm_button = button(tr("Prepara le note di credito"), "primary")
        self.confirm_button.clicked.connect(self._on_confirm)
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        cancel.clicked.connect(self.left)
        head = column(
            label(title, "title"), label(words, "body", "2", wrap=True), self.reason, self.document_on, self.compensates, self.releases,
            spacing=10, margins=(24, 20, 24, 18),
        )  # fmt: skip
        self.body.addLayout(column(head, rule(), boxed(row(None, cancel, self.confirm_button, margins=(24, 12, 24, 14))), spacing=0))
        self.setFixedWidth(520 + 2 * self.MARGIN)
        self.setAccessibleName(title)

    def _on_confirm(self) -> None:
        reason, day = str(self.reason.value() or "").strip(), self.document_on.value()
        if not reason:
            self.reason.set_error(tr("Scrivi perché: sta in ogni nota di credito."))
            self.reason.setFocus()
        elif not isinstance(day, datetime.date):
            self.document_on.set_error(self.document_on.entry_problem() or tr("Scrivi la data delle note di credito."))
            self.document_on.setFocus()
        else:
            self.answered.emit(reason, day, bool(self.compensates.value()), bool(self.releases.value()))
