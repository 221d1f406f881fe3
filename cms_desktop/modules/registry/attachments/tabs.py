"""DocumentsTabs: what shows a record, and its documents behind a second tab. For any form or card of any module."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.modules.registry.attachments import queries
from cms_desktop.modules.registry.attachments.panel import AttachmentsPanel
from cms_desktop.modules.registry.notes.records import Subject
from cms_desktop.ui.basics import boxed, column, row, rule
from cms_desktop.ui.later import BuiltLater
from cms_desktop.ui.page_head import PageTabs
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("notes")
RECORD, DOCUMENTS = "record", "documents"
HEIGHT = 36


class DocumentsTabs(QWidget):
    """`content` is the record as its own module shows it, `title` the name of its tab; `subject_table` is a kind of registry.subject_kind.

    Whoever may not read documents sees the content alone. Ctrl+PgUp and Ctrl+PgDown change the tab, unless the form around it has these
    keys itself (`own_keys`) and calls `step`.
    """

    chosen = Signal(str)

    def __init__(self, workplace: Workplace, subject_table: str, title: str, content: QWidget, *, own_keys: bool = True) -> None:
        super().__init__()
        self._workplace, self._table = workplace, subject_table
        self._record_id: int | None = None
        self._may = workplace.may("registry.read")
        self.tabs = PageTabs(HEIGHT)
        self.tabs.add_tab(RECORD, title)
        self.tabs.add_tab(DOCUMENTS, tr("Documenti"))
        self.tabs.chosen.connect(self.show_tab)
        self._place: BuiltLater = BuiltLater(self._make_panel)
        self._pages = QStackedWidget()
        self._pages.addWidget(content)
        self._pages.addWidget(self._place)
        self._bar = boxed(column(row(self.tabs, margins=(10, 0, 16, 0)), rule(), spacing=0))
        self._bar.setVisible(False)
        layout = column(self._bar, self._pages, spacing=0)
        layout.setStretchFactor(self._pages, 1)
        self.setLayout(layout)
        self._steps = [QShortcut(QKeySequence(keys), self) for keys in ("Ctrl+PgDown", "Ctrl+PgUp")] if own_keys else []
        for shortcut in self._steps:
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.step)

    def _make_panel(self) -> AttachmentsPanel:
        panel = AttachmentsPanel(self._workplace, self._table, self._record_id)
        panel.counted.connect(self._show_count)
        return panel

    @property
    def documents(self) -> AttachmentsPanel:
        """Made when first shown or asked for."""
        panel: AttachmentsPanel = self._place.widget()
        return panel

    def active(self) -> str:
        return self.tabs.active()

    def show_record(self, record_id: int | None) -> None:
        """Another record; None for one that is not stored yet: nothing can hang on it."""
        same, self._record_id = record_id == self._record_id, record_id
        self._bar.setVisible(self._may and record_id is not None)
        if record_id is None:
            self.show_tab(RECORD)
        if not self._may or same:
            return
        found = self._place.found()
        if found is not None:
            found.show_subject(self._table, record_id)
        self._show_count(0)
        if record_id is not None:
            self._background_count(Subject(self._table, record_id))

    def _background_count(self, subject: Subject) -> None:
        def show(count: int) -> None:
            if subject.record_id == self._record_id:
                self._show_count(count)

        self._workplace.background.run(
            self, lambda unit: queries.count_attachments(unit, subject), then=show, failed=lambda _error: None, key="documents"
        )

    def _show_count(self, count: int) -> None:
        self.tabs.set_count(DOCUMENTS, str(count or ""))

    def show_tab(self, key: str) -> None:
        if key == DOCUMENTS and (self._record_id is None or not self._may):
            key = RECORD
        self.tabs.set_active(key)
        self._pages.setCurrentIndex(0 if key == RECORD else 1)
        self.chosen.emit(key)

    def step(self) -> bool:
        """The other tab, with the cursor in it; False when there is none."""
        self.show_tab(DOCUMENTS if self.active() == RECORD else RECORD)
        if self.active() == DOCUMENTS:
            self.documents.focus_first()
        return self._may and self._record_id is not None
