"""The imports that were made, and the way to take one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError, Conflict
from cms_desktop.documents.importing import ImportRun, ImportTarget, Obstacle, UndoneImport, list_imports, list_obstacles, undo_import
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, ask
from cms_desktop.ui.import_wizard.words import said
from cms_desktop.ui.record_table import Column, Noun, RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("importing")


class ImportHistory(QWidget):
    """`undone` comes with the key of the target after an import was taken back."""

    undone = Signal(str)

    def __init__(self, workplace: Workplace, targets: Sequence[ImportTarget]) -> None:
        super().__init__()
        self._workplace, self._targets = workplace, {target.key: target for target in targets}
        self.message = InlineMessage("negative", "", closable=True)
        self.message.hide()
        self.undo_button = button(tr("Annulla l'importazione"), "danger", "undo-2", tip=tr("Annulla l'importazione scelta (Canc)"))
        self.undo_button.clicked.connect(self.undo)
        self.table = RecordTable(
            self._columns(), record_key=lambda one: one.import_run_id, noun=Noun(tr("importazione"), tr("importazioni"), feminine=True),
            filters=False, totals=False,
        )  # fmt: skip
        self.table.selection_changed.connect(lambda _rows: self._show_state())
        self.obstacles = self._obstacle_table()
        self.obstacles.hide()
        head = boxed(row(label(tr("Importazioni fatte"), "heading"), None, self.undo_button, spacing=8, margins=(16, 8, 16, 8)))
        strip = column(self.message, margins=(16, 0, 16, 0))
        self.setLayout(column(head, strip, self.table, self.obstacles, spacing=0))
        self._show_state()

    def _columns(self) -> list[Column]:
        states = {True: (tr("Annullata"), "neutral"), False: (tr("Fatta"), "positive")}

        def what(one: ImportRun) -> str:
            return said(self._targets[one.target], self._targets[one.target].title)

        columns = [
            Column("created_at", tr("Quando"), kind="datetime", width=168),
            Column("target", tr("Che cosa"), what, width=150),
            Column("file_name", tr("File"), lambda one: one.file_name or tr("incollato"), kind="strong", width=240, stretch=True),
            Column("author", tr("Chi"), width=150),
            Column("created_count", tr("Nuovi"), kind="int", width=84),
            Column("changed_count", tr("Completati"), kind="int", width=96),
            Column("error_count", tr("Errori"), kind="int", width=84),
            Column("state", tr("Stato"), lambda one: states[one.undone_at is not None], kind="chip", width=110),
        ]
        return [replace(one, filter="none", sortable=False) for one in columns]

    def _obstacle_table(self) -> RecordTable:
        columns = [
            Column("line_no", tr("Riga"), kind="int", width=72, filter="none", sortable=False),
            Column("name", tr("Record"), kind="strong", width=300, filter="none", sortable=False),
            Column("reason", tr("Che cosa lo impedisce"), _reason, width=420, stretch=True, filter="none", sortable=False),
        ]
        noun = Noun(tr("record"), tr("record"))
        return RecordTable(
            columns, record_key=lambda one: (one.table_name, one.line_no, one.by_table), noun=noun, filters=False, totals=False
        )

    def reload(self) -> None:
        keys = tuple(self._targets)
        self._workplace.background.run(self, lambda unit: list_imports(unit, keys), then=self.show_runs, failed=self._on_failed, key="list")

    def show_runs(self, runs: Sequence[ImportRun]) -> None:
        self.table.set_rows(list(runs))
        self.setVisible(bool(runs))
        self._show_state()

    def chosen(self) -> ImportRun | None:
        rows = self.table.selected()
        return rows[0] if len(rows) == 1 else None

    def _show_state(self) -> None:
        run = self.chosen()
        self.undo_button.setVisible(run is not None and run.undone_at is None)
        self.obstacles.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not self.undo_button.isHidden():
            self.undo()
            return
        super().keyPressEvent(event)

    def undo(self) -> None:
        """Ask, and take the chosen import back."""
        run = self.chosen()
        if run is None or run.undone_at is not None:
            return
        count = run.created_count + run.changed_count
        text = tr(
            "I {created} record creati vengono tolti, i {changed} completati tornano com'erano. Se qualcuno li ha cambiati o usati dopo, non si annulla nulla.",
            created=run.created_count,
            changed=run.changed_count,
        )
        if ask(self, tr("Annullare l'importazione di {n} record?", n=count), text, tr("Annulla l'importazione"), "negative"):
            self._undo(run)

    def _undo(self, run: ImportRun) -> None:
        self.message.hide()

        def done(undone: UndoneImport) -> None:
            detail = tr("{removed} tolti, {restored} rimessi com'erano", removed=undone.removed, restored=undone.restored)
            self._workplace.say("positive", tr("Importazione annullata"), detail)
            self.reload()
            self.undone.emit(run.target)

        def failed(error: AppError) -> None:
            self._on_failed(error)
            if isinstance(error, Conflict):
                self._show_obstacles(run)

        number = run.import_run_id
        self._workplace.background.run(self, lambda unit: undo_import(unit, number), then=done, failed=failed, key="undo")

    def _show_obstacles(self, run: ImportRun) -> None:
        def show(found: list[Obstacle]) -> None:
            self.obstacles.set_rows(found, keep_selection=False)
            self.obstacles.setVisible(bool(found))

        number = run.import_run_id
        self._workplace.background.run(self, lambda unit: list_obstacles(unit, number), then=show, failed=self._on_failed, key="obstacles")

    def _on_failed(self, error: AppError) -> None:
        self.message.set_message("negative", error_text(error))


def _reason(one: Obstacle) -> str:
    if one.reason == "changed":
        return tr("è stato cambiato dopo l'importazione")
    if one.reason == "gone":
        return tr("non c'è più")
    return tr("è usato da {table}", table=one.by_table)
