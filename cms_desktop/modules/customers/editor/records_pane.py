"""Records that hang on another one (sites of a customer, plants of a site): the list, and one of them in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from cms_desktop.modules.customers.editor.record_editor import RecordEditor
from cms_desktop.modules.customers.editor.record_spec import Path, RecordSpec
from cms_desktop.modules.customers.records.master import StoredRecord
from cms_desktop.ui.basics import boxed, button, column, row
from cms_desktop.ui.feedback import EmptyState
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import RecordTable
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
Way = Mapping[str, Any]
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut


class RecordsPane(QWidget):
    """`changed` comes after something was written; `counted` tells how many records there are."""

    changed = Signal()
    counted = Signal(int)
    dirty_changed = Signal(bool)
    left = Signal()

    def __init__(self, workplace: Workplace, spec: RecordSpec, way: Callable[[], Way] = dict) -> None:
        """`way` leads to the record these hang on, as its dock is asked for it (see ui/drafts)."""
        super().__init__()
        self._workplace, self._background, self.spec, self._way = workplace, workplace.background, spec, way
        self._owner_id: int | None = None
        self._wanted: Path = ()
        self._may_write = workplace.may("customers.write")
        self.table = RecordTable(list(spec.columns), record_key=lambda one: one.record_id, noun=spec.noun, filters=False, totals=False)
        self.table.row_opened.connect(lambda record: self.open_record(record))
        self.new_button = self._new_button("")
        bar = boxed(row(None, self.new_button, margins=(20, 8, 20, 8)))
        self._lists = QStackedWidget()
        self._lists.addWidget(boxed(column(bar, self.table, spacing=0)))
        self._first_button = self._new_button("primary")
        self._lists.addWidget(EmptyState(spec.icon, tr("Ancora niente"), spec.empty, self._first_button))
        self._editor_place = BuiltLater(self._make_editor, when_shown=False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._lists)
        self._stack.addWidget(self._editor_place)
        self.setLayout(column(self._stack, spacing=0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        new = QShortcut(QKeySequence("Ins"), self._lists)
        new.setContext(INSIDE)
        new.activated.connect(self.new_record)
        if spec.target is not None:
            self.paste = PasteImport(self, workplace, spec.target, fixed=self._said, area=self._lists)
        leave = QShortcut(QKeySequence("Esc"), self._lists)
        leave.setContext(INSIDE)
        leave.activated.connect(self.left)

    def _said(self) -> Mapping[str, str]:
        """What every pasted row gets: whose it is."""
        return self.spec.said(self._owner_id) if self.spec.said is not None and self._owner_id is not None else {}

    def _new_button(self, kind: str) -> QWidget:
        made = button(self.spec.new_text, kind, "plus", tip=tr("{words} (Ins)", words=self.spec.new_text))
        made.clicked.connect(self.new_record)
        made.setEnabled(self._may_write)
        return made

    def _make_editor(self) -> RecordEditor:
        editor = RecordEditor(self._workplace, self.spec, self._way)
        editor.closed.connect(self.show_list)
        editor.saved.connect(self._on_saved)
        editor.changed.connect(self._on_changed)
        editor.dirty_changed.connect(self.dirty_changed)
        editor.form.previous_wanted.connect(lambda: self._step(-1))
        editor.form.next_wanted.connect(lambda: self._step(1))
        return editor

    @property
    def editor(self) -> RecordEditor:
        return cast(RecordEditor, self._editor_place.widget())

    def is_dirty(self) -> bool:
        return self._stack.currentIndex() == 1 and self.editor.is_dirty()

    def is_editing(self) -> bool:
        return self._stack.currentIndex() == 1

    # what it shows -------------------------------------------------------------------------------------------------------
    def show_owner(self, owner_id: int | None, *, record_id: int | None = None, path: Path = ()) -> None:
        """Show the records of another owner; `record_id` opens one of them, `path` also what hangs on it."""
        if owner_id != self._owner_id:
            self._stack.setCurrentIndex(0)
        self._owner_id, self._wanted = owner_id, path or ([] if record_id is None else [(self.spec.key, record_id)])
        self.reload()

    def reload(self) -> None:
        owner = self._owner_id
        if owner is None:
            self._show_rows([])
            return
        self._background.run(self, lambda unit: self.spec.load(unit, owner), then=self._show_rows, key=f"{self.spec.key}.list")

    def _show_rows(self, records: Sequence[StoredRecord]) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is self or (focused is not None and self._lists.isAncestorOf(focused))
        self.table.set_rows(list(records))
        self._lists.setCurrentIndex(0 if records else 1)
        if had_focus:
            self._focus_list()
        self.counted.emit(len(records))
        wanted, self._wanted = self._wanted, ()
        if wanted:
            self._open_path(records, wanted)
        elif self.is_editing():
            shown = self.editor.record
            fresh = next((one for one in records if shown is not None and one.record_id == shown.record_id), None)
            if fresh is not None and self._owner_id is not None:
                self.editor.take_fresh(self._owner_id, fresh)

    def _open_path(self, records: Sequence[StoredRecord], path: Path) -> None:
        """The record somebody asked for (0: a new one), then what hangs on it."""
        (_key, number), rest = path[0], path[1:]
        found = next((one for one in records if one.record_id == number), None)
        if number == 0:
            self.new_record()
        elif found is not None:
            self.open_record(found)
            if rest:
                self.editor.open_child(rest)

    def show_list(self) -> None:
        self._stack.setCurrentIndex(0)
        self.dirty_changed.emit(False)
        self._focus_list()

    def _focus_list(self) -> None:
        """Into the rows; where there are none, on the button that makes the first."""
        (self.table if self._lists.currentIndex() == 0 else self._first_button).setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.is_editing():
            self.editor.focus_first()
        else:
            self._focus_list()

    def open_record(self, record: StoredRecord) -> None:
        if self._owner_id is not None:
            self.editor.show_record(self._owner_id, record)
            self._stack.setCurrentIndex(1)
            self.editor.focus_first()

    def _step(self, by: int) -> None:
        """The record above or below; what is typed stays until it is saved or undone."""
        rows, shown = self.table.rows(), self.editor.record
        place = next((n for n, one in enumerate(rows) if shown is not None and one.record_id == shown.record_id), None)
        if place is not None and 0 <= place + by < len(rows) and not self.editor.is_dirty():
            self.open_record(rows[place + by])

    def new_record(self) -> None:
        """An empty form with the usual values."""
        if self._owner_id is not None and self._may_write:
            self.editor.show_new(self._owner_id)
            self._stack.setCurrentIndex(1)
            self.editor.focus_first()

    def _on_saved(self, _record_id: int) -> None:
        self.reload()
        self.changed.emit()

    def _on_changed(self) -> None:
        self.reload()
        self.changed.emit()
