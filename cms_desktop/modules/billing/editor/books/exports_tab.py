"""Esportazioni: entries for the accountant's program, each once; every file can be had again as it was."""

from __future__ import annotations

import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Totals
from cms_desktop.modules.ledger import book_actions, book_queries
from cms_desktop.modules.ledger.book_records import ExportRow
from cms_desktop.ui.basics import button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.fields import CheckField, ChoiceField, DateField
from cms_desktop.ui.form import form_grid
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("books")


def export_columns() -> list[Column]:
    def state(one: ExportRow) -> tuple[str, str]:
        return (tr("Ripetizione"), "warning") if one.is_repeat else (tr("Nuove"), "positive")

    return [
        Column("number", tr("Numero"), kind="strong", width=120, sortable=False),
        Column("from_on", tr("Dal"), kind="date", width=104, sortable=False),
        Column("until_on", tr("Al"), kind="date", width=104, sortable=False),
        Column("is_repeat", tr("Registrazioni"), state, kind="chip", width=120, sortable=False),
        Column("entry_count", tr("Quante"), kind="int", width=90, sortable=False),
        Column("debit_amount", tr("Dare €"), kind="money", width=130, sortable=False),
        Column("file_name", tr("File"), width=280, stretch=True, sortable=False, tone=lambda _one: "second"),
        Column("person", tr("Da"), width=130, sortable=False, gives_way=1),
        Column("at", tr("Il"), lambda one: one.at.astimezone().date(), kind="date", width=104, sortable=False, gives_way=2),
    ]


class ExportsTab(QFrame):
    """A period, the format, and what was given so far."""

    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        last = local_today().replace(day=1) - datetime.timedelta(days=1)
        self.first, self.last = DateField(tr("Dal")), DateField(tr("Al"))
        self.first.set_value(last.replace(day=1))
        self.last.set_value(last)
        self.format = ChoiceField(tr("Formato"), [("csv", tr("CSV (programmi di contabilità)")), ("xlsx", tr("Excel"))])
        self.format.set_value("csv")
        self.with_sent = CheckField(tr("Anche quelle già esportate"))
        self.export_button = button(tr("Esporta"), "primary", "download", tip=tr("Scrivi il file per il commercialista"))
        self.export_button.setEnabled(workplace.may("ledger.export"))
        self.export_button.clicked.connect(self.export)
        self.again_button = button(tr("Salva di nuovo"), "", "download", tip=tr("Lo stesso file di allora, byte per byte"))
        self.again_button.clicked.connect(self.save_again)
        self.again_button.setEnabled(False)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.table = RecordTable(
            export_columns(), record_key=lambda one: one.export_id, noun=Noun(tr("esportazione"), tr("esportazioni"), feminine=True), filters=False,
            checkable=False, totals=False,
        )  # fmt: skip
        self.table.selection_changed.connect(lambda rows: self.again_button.setEnabled(len(rows) == 1 and bool(rows[0].file_name)))
        self.table.row_opened.connect(lambda _one: self.save_again())
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "download", tr("Nessuna esportazione"), tr("Scegli il periodo e premi Esporta: ogni registrazione esce una volta sola.")
            )
        )
        self.stack.addWidget(self.table)
        words = label(
            tr("Ogni registrazione esce una volta sola; il file resta qui com'era. Il tracciato è nella documentazione del programma."),
            "small",
            "2",
        )
        fields = form_grid([[(self.first, 2), (self.last, 2), (self.format, 3), (self.with_sent, 3)]])
        actions = row(words, None, self.again_button, self.export_button, spacing=8)
        head = column(fields, self.error, actions, spacing=8, margins=(16, 12, 16, 12))
        layout = column(head, rule(), self.stack, spacing=0)
        layout.setStretchFactor(self.stack, 1)
        self.setLayout(layout)

    def reload(self) -> None:
        self._workplace.background.run(self, book_queries.list_exports, then=self._show, failed=self._on_failed, key="exports")

    def _show(self, found: list[ExportRow]) -> None:
        self.stack.setCurrentIndex(1 if found else 0)
        self.table.set_rows(found)
        self.table.set_totals(Totals(len(found)))
        self.loaded.emit()

    def _on_failed(self, error: AppError) -> None:
        self.export_button.setEnabled(self._workplace.may("ledger.export"))
        self.error.set_message("negative", error_text(error))
        self.error.show()

    def export(self) -> None:
        """Make the file, keep it, and save it where the person says."""
        first, last, file_format, with_sent = self.first.value(), self.last.value(), self.format.value(), bool(self.with_sent.value())
        if first is None or last is None:
            return
        self.error.hide()
        self.export_button.setEnabled(False)
        self._workplace.background.run(
            self,
            lambda unit: book_actions.export_entries(unit, first, last, file_format, with_sent=with_sent),
            then=self._on_made,
            failed=self._on_failed,
            key="export",
        )

    def _on_made(self, made: tuple[str, bytes]) -> None:
        self.export_button.setEnabled(True)
        self.with_sent.set_value(False)
        self._save(made)
        self.reload()

    def save_again(self) -> None:
        chosen = self.table.selected()
        if len(chosen) == 1:
            self._workplace.background.run(
                self,
                lambda unit: book_actions.find_export_file(unit, chosen[0].export_id),
                then=self._save,
                failed=self._on_failed,
                key="again",
            )

    def _save(self, made: tuple[str, bytes]) -> None:
        name, content = made
        path = self._workplace.files.save_as(tr("Salva le registrazioni"), name)
        if path is None:
            return

        def write(_unit: Any) -> int:
            return path.write_bytes(content)

        self._workplace.background.run(
            self,
            write,
            then=lambda size: self._workplace.say("positive", tr("File salvato"), f"{path.name}, {formats.number(size)} byte"),
            failed=self._on_failed,
        )
