"""Registro modifiche: who changed what when; beside the list, field by field, what it was and what it became."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.modules.base import queries
from cms_desktop.modules.base.columns import audit_columns, change_columns, operation_name, table_title
from cms_desktop.modules.base.records import AuditRow, FieldChange
from cms_desktop.ui.basics import boxed, column, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun, RecordTable
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
DETAIL_WIDTH = 430


class AuditPage(QWidget):
    loaded = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.entry: AuditRow | None = None
        rights = ListQuery((Filter("table_name", "=", ("base.permission",)),))
        views = [SavedView(tr("Tutto"), ListQuery()), SavedView(tr("Diritti"), rights)]
        self.list = ListPage(
            workplace.background, audit_columns(), queries.list_audit, queries.sum_audit, name="base.audit_entry",
            record_key=lambda record: record.audit_id, noun=Noun(tr("voce"), tr("voci"), feminine=True), empty=self._nothing,
            settings=workplace.settings, views=views,
        )  # fmt: skip
        ListExport(self.list, workplace)
        self.list.loaded.connect(self._on_list_loaded)
        self.list.selection_changed.connect(self._on_selection)
        self.title, self.chip = label("", "title"), StatusChip("")
        self.facts, self.note = label("", "small", "2", wrap=True), label("", "small", "3", wrap=True)
        self.changes = RecordTable(change_columns(), record_key=lambda record: record.field, filters=False, totals=False)
        head = column(row(self.title, None, self.chip, spacing=12), self.facts, self.note, spacing=6, margins=(16, 14, 16, 10))
        layout = column(head, self.changes, None, spacing=0)  # without changes the space below takes the height, not the texts
        layout.setStretch(1, 1000)
        self.detail = boxed(layout, card="true")
        self.detail.setFixedWidth(DETAIL_WIDTH)
        body = row(self.list, self.detail, spacing=0)
        body.setStretchFactor(self.list, 1)
        self.setLayout(body)
        self.detail.hide()

    def _nothing(self) -> QWidget:
        return EmptyState(
            "history", tr("Nessuna modifica"), tr("Ogni scrittura nel database lascia qui una traccia che nessuno può cambiare.")
        )

    def reload(self) -> None:
        self.list.reload()

    def _on_list_loaded(self) -> None:
        rows = self.list.table.rows()
        shown = self.entry.audit_id if self.entry else None
        if rows and not any(one.audit_id == shown for one in rows):
            self.list.select(rows[0].audit_id)
            self.show_entry(rows[0])
        self.detail.setVisible(bool(rows))
        self.loaded.emit()

    def _on_selection(self, rows: list[AuditRow]) -> None:
        if rows and rows[0] != self.entry:
            self.show_entry(rows[0])

    def show_entry(self, entry: AuditRow) -> None:
        self.entry = entry
        self.title.setText(table_title(entry.table_name))
        self.chip.set_state(*operation_name(entry.operation))
        when = entry.at.astimezone()
        self.facts.setText(tr("{name}, {day} alle {time}", name=entry.person_name, day=formats.date(when), time=f"{when:%H:%M:%S}"))
        self.note.setText("")
        self._workplace.background.run(
            self, lambda unit: queries.changes_of(unit, entry.audit_id), then=self._show_changes, failed=self._on_failed, key="changes"
        )

    def _show_changes(self, changes: tuple[FieldChange, ...]) -> None:
        assert self.entry is not None
        self.changes.set_rows(list(changes))
        self.changes.setVisible(bool(changes))
        record = tr("Record {n}", n=self.entry.record_id) if self.entry.record_id is not None else tr("Righe: {n}", n=self.entry.row_count)
        if changes:
            self.note.setText(record)
        elif self.entry.operation == "I":
            self.note.setText(record + " · " + tr("inserito: i valori sono quelli del record"))
        else:
            self.note.setText(record + " · " + tr("nessun campo cambiato, o tabella scritta solo dal programma"))

    def _on_failed(self, error: AppError) -> None:
        self.note.setText(error_text(error))
