"""Attività: what I have to do, what I gave to others; the chosen task beside the list. Everything goes by keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery
from cms_desktop.modules.registry.editor.mass_fields import attach_tasks
from cms_desktop.modules.registry.notes import queries
from cms_desktop.modules.registry.notes.columns import (
    NOTE_TABLES,
    event_words,
    minutes_text,
    moment_text,
    task_chip,
    task_columns,
    task_filter_names,
    task_views,
)
from cms_desktop.modules.registry.notes.records import Note, NoteEvent, TaskCounts
from cms_desktop.modules.registry.notes.steps import TaskSteps
from cms_desktop.ui.basics import ElidedLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.tiles import KpiTile
from cms_desktop.ui.timeline import Entry, Timeline
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("notes")
DETAIL_WIDTH, NARROW = 420, 900


class TaskDetail(QWidget):
    """One task: its words, who, until when, what happened; its steps below."""

    open_wanted = Signal(object)  # Note whose party is to be shown

    def __init__(self, steps: TaskSteps) -> None:
        super().__init__()
        self._note: Note | None = None
        self.chip, self.title = StatusChip(""), ElidedLabel("", "title")
        self.facts, self.words = label("", "small", "2", wrap=True), label("", "body", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = button(tr("Apri l'anagrafica"), "link", "arrow-up-right", tip=f"{tr('Apri l’anagrafica')} (Ctrl+O)")
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(self._note))
        self.timeline = Timeline(time_width=120)
        first = row(self.title, self.chip, spacing=8)
        first.setStretchFactor(self.title, 1)
        head = column(first, self.facts, spacing=4, margins=(16, 14, 16, 10))
        inner = boxed(
            column(self.words, row(self.open_button, None), 8, self.timeline, None, spacing=10, margins=(16, 12, 16, 12)), scroll="true"
        )
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        foot = row(
            *(steps.buttons[name] for name in ("take", "complete", "hand_on", "reopen")),
            None,
            steps.buttons["history"],
            spacing=8,
            margins=(16, 10, 16, 10),
        )
        layout = column(head, rule(), scroll, rule(), boxed(foot), spacing=0)
        layout.setStretchFactor(scroll, 1)
        self.setLayout(column(boxed(layout, panel="true"), spacing=0))

    def show_task(self, note: Note, events: list[NoteEvent]) -> None:
        self._note = note
        self.title.setText(note.party_name or tr("Attività"))
        self.chip.set_state(*task_chip(note))
        facts = [tr("{assigner} → {executor}{due}", assigner=note.assigner, executor=note.executor, due="")]
        if note.due_on is not None:
            facts.append(tr("entro il {date}", date=formats.date(note.due_on)))
        if note.minutes:
            facts.append(minutes_text(note.minutes))
        if note.is_private:
            facts.append(tr("riservata"))
        self.facts.setText(" · ".join(facts))
        self.words.setText(note.words)
        self.open_button.setVisible(note.party_id is not None)
        written = Entry(moment_text(note.created_at), "pencil", tr("Scritta"), "", note.author)
        self.timeline.set_entries([*(_entry(event) for event in events), written])


def _entry(event: NoteEvent) -> Entry:
    icon, title, tone = event_words(event.kind, event.to_person)
    return Entry(moment_text(event.at), icon, title, event.words, event.author, tone)


class TasksPage(QWidget):
    """A page of the registry dock. `record_wanted(table, id)` asks for the record of a task."""

    tables = NOTE_TABLES
    loaded = Signal()
    record_wanted = Signal(str, object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._note: Note | None = None
        self._wanted: int | None = None
        me = workplace.person.person_id
        views = task_views(queries.my_tasks(me), queries.my_overdue_tasks(me), queries.given_tasks(me))
        text = tr("Un'attività nasce da una nota: scrivila sulla scheda di un'anagrafica o di un cliente e scegli un esecutore.")
        self.list = ListPage(
            workplace.background, task_columns(), queries.list_tasks, queries.sum_tasks, name="registry.task",
            record_key=lambda note: note.note_id, noun=Noun(tr("attività"), tr("attività"), feminine=True),
            empty=lambda: EmptyState("square-check", tr("Nessuna attività"), text), settings=workplace.settings, views=views,
            filter_names=task_filter_names(), tables=NOTE_TABLES, search=True, start=queries.my_tasks(me),
        )  # fmt: skip
        ListExport(self.list, workplace)
        self._colleagues: list[tuple[int, str]] = []
        self.mass_change = attach_tasks(self.list, workplace, lambda: self._colleagues)
        self.steps = TaskSteps(self, workplace, lambda: self._note)
        self.detail = TaskDetail(self.steps)
        self.detail.setFixedWidth(DETAIL_WIDTH)
        self.detail.hide()
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        body = row(self.list, self.detail, spacing=0)
        body.setStretchFactor(self.list, 1)
        self.setLayout(column(self.error, body, spacing=0))
        self.setFocusProxy(self.list)
        self._connect()

    def _connect(self) -> None:
        self.list.loaded.connect(self._on_loaded)
        self.list.selection_changed.connect(self._on_selection)
        self.list.row_opened.connect(lambda note: self._open_record(note))
        self.detail.open_wanted.connect(self._open_record)
        self.steps.moved.connect(lambda _note: self.reload())
        self.steps.failed.connect(self._show_error)
        shortcut = QShortcut(QKeySequence("Ctrl+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self._open_record(self._note))

    def show_query(self, query: ListQuery) -> None:
        """The rows behind a tile."""
        self.list.set_query(query)

    def show_task(self, note_id: int) -> None:
        """A task asked for by a notice: shown beside the list whether or not the list has it."""
        self._wanted = note_id
        self._workplace.background.run(self, lambda unit: _load(unit, note_id), then=self._show, failed=self._show_error, key="task")

    def reload(self) -> None:
        self.list.reload()
        self._workplace.background.run(
            self, lambda unit: (queries.list_colleagues(unit), queries.my_rank(unit)), then=lambda people: self._take_people(*people),
            failed=self._show_error, key="people",
        )  # fmt: skip
        if self._note is not None:
            self.show_task(self._note.note_id)

    def _take_people(self, colleagues: Any, rank: int) -> None:
        self._colleagues = [(one.person_id, one.name) for one in colleagues]
        self.steps.set_people(colleagues, rank)
        self.steps.show_for(self._note)

    def _on_loaded(self) -> None:
        rows = self.list.table.rows()
        if self._note is None and self._wanted is None and rows:
            self.list.select(rows[0].note_id)
        self.loaded.emit()

    def _on_selection(self, rows: list[Note]) -> None:
        if len(rows) == 1 and (
            self._note is None or rows[0].note_id != self._note.note_id or rows[0].row_version != self._note.row_version
        ):
            self.show_task(rows[0].note_id)

    def _show(self, found: tuple[Note | None, list[NoteEvent]]) -> None:
        note, events = found
        self._note, self._wanted = note, None
        self.steps.show_for(note)
        if note is not None:
            self.detail.show_task(note, events)
        self._fit()

    def _open_record(self, note: Note | None) -> None:
        if note is not None and note.subject_id is not None:
            self.record_wanted.emit(note.subject_table, note.subject_id)
        elif note is not None and note.party_id is not None:
            self.record_wanted.emit(note.subject_table, note.party_id)

    def _show_error(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))

    def _fit(self) -> None:
        self.detail.setVisible(self._note is not None and self.width() >= NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _load(unit: Any, note_id: int) -> tuple[Note | None, list[NoteEvent]]:
    note = queries.find_note(unit, note_id)
    return note, queries.list_events(unit, note_id) if note is not None else []


class TaskTiles(QWidget):
    """Three tiles for a dashboard: mine, of them overdue, given by me. `drill_down(query)` opens exactly the rows counted."""

    drill_down = Signal(object)
    loaded = Signal()
    tables = NOTE_TABLES

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        me = workplace.person.person_id
        self.mine, self.overdue, self.given = KpiTile(tr("Le mie attività")), KpiTile(tr("Scadute")), KpiTile(tr("Assegnate da me"))
        self.tiles = [self.mine, self.overdue, self.given]
        for tile, query in zip(self.tiles, (queries.my_tasks(me), queries.my_overdue_tasks(me), queries.given_tasks(me)), strict=True):
            tile.clicked.connect(lambda _checked=False, query=query: self.drill_down.emit(query))
        self.setLayout(row(*self.tiles, spacing=12))

    def reload(self) -> None:
        self._workplace.background.run(self, queries.count_tasks, then=self.show_counts, failed=lambda _error: None, key="tasks")

    def show_counts(self, counts: TaskCounts) -> None:
        link = tr("Apri l'elenco")
        self.mine.update_figures(value=formats.number(counts.mine), versus=tr("aperte"), link=link)
        self.overdue.update_figures(
            value=formats.number(counts.overdue), versus=tr("delle mie"), link=link, value_tone="negative" if counts.overdue else ""
        )
        self.given.update_figures(value=formats.number(counts.given), versus=tr("affidate ad altri"), link=link)
        self.loaded.emit()
