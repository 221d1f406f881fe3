"""NotesPanel: the notes of a record, for any form. Loads by itself when it is first shown and when notes change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.registry.notes import actions, queries
from cms_desktop.modules.registry.notes.columns import NOTE_TABLES
from cms_desktop.modules.registry.notes.composer import NoteComposer
from cms_desktop.modules.registry.notes.note_list import NoteList
from cms_desktop.modules.registry.notes.records import Draft, Note, Subject
from cms_desktop.modules.registry.notes.steps import TaskSteps
from cms_desktop.ui.basics import boxed, button, column, row, rule
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, ask
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("notes")


class NotesPanel(QWidget):
    """`show_party(id)` or `show_subject(table, id)`; None shows nothing. `counted` tells how many notes there are, for the tab."""

    counted = Signal(int)
    dirty_changed = Signal(bool)
    loaded = Signal()
    tables = NOTE_TABLES

    def __init__(
        self, workplace: Workplace, party_id: int | None = None, *, subject_table: str = "registry.party", subject_id: int | None = None
    ) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        record = party_id if subject_id is None else subject_id
        self._subject = None if record is None else Subject(subject_table, record)
        self._notes: list[Note] = []
        self._is_stale, self._is_at_end, self._is_dirty, self._wanted = True, True, False, 0
        self.composer, self.list = NoteComposer(), NoteList()
        self.composer.hide()
        self.new_button = button(tr("Nuova nota"), "primary", "plus", tip=tr("Nuova nota (Ins)"))
        self.filter = Segmented([tr("Tutte"), tr("Da fare")])
        self.change_button = button("", "icon", "pencil", tip=tr("Cambia la nota (Invio)"))
        self.remove_button = button("", "icon", "trash-2", tip=tr("Togli la nota (Canc)"))
        self.steps = TaskSteps(self, workplace, self.list.chosen, keys_on=self.list)
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self._arrange()
        self._connect()
        self._show_choice(None)

    def _arrange(self) -> None:
        may_write = self._workplace.may("registry.note")
        self.new_button.setVisible(may_write)
        text = tr("Scrivi qui che cosa è stato detto, deciso o promesso: con Ins, da ogni posto e per tutti i colleghi.")
        first = button(tr("Nuova nota"), "primary", "plus", tip=tr("Nuova nota (Ins)"))
        first.clicked.connect(self.new_note)
        first.setVisible(may_write)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(EmptyState("message-square", tr("Nessuna nota"), text, first))
        self._stack.addWidget(EmptyState("square-check", tr("Niente da fare"), tr("Tutte le attività di questo record sono chiuse.")))
        tools = [self.steps.buttons[name] for name in ("take", "complete", "hand_on", "reopen")]
        bar = row(
            self.new_button,
            8,
            self.filter,
            None,
            *tools,
            self.steps.buttons["history"],
            self.change_button,
            self.remove_button,
            spacing=6,
            margins=(16, 8, 12, 8),
        )
        layout = column(boxed(bar), rule(), self.composer, self.error, self._stack, spacing=0)
        layout.setStretchFactor(self._stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_note)
        self.change_button.clicked.connect(self.change_chosen)
        self.remove_button.clicked.connect(self.remove_chosen)
        self.filter.changed.connect(lambda _index: self.reload())
        self.list.opened.connect(lambda _note: self.change_chosen())
        self.list.note_chosen.connect(self._show_choice)
        self.list.more_wanted.connect(self._load_more)
        self.composer.save_wanted.connect(self._save)
        self.composer.left.connect(self.leave_composer)
        self.composer.edited.connect(self._tell_dirty)
        self.steps.moved.connect(lambda _note: self.reload())
        self.steps.failed.connect(self._show_error)
        for keys, slot in (("Ins", self.new_note), ("Del", self.remove_chosen)):
            owner: QWidget = self if keys == "Ins" else self.list
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # which record
    def show_party(self, party_id: int | None) -> None:
        self.show_subject("registry.party", party_id)

    def show_subject(self, subject_table: str, subject_id: int | None) -> None:
        """Another record; what was being written about the one before is given up (the owner asks `is_dirty` first)."""
        wanted = None if subject_id is None else Subject(subject_table, subject_id)
        if wanted == self._subject:
            return
        self._subject, self._notes, self._wanted = wanted, [], 0
        self.list.show_notes([])
        self._close_composer()
        self.mark_changed()

    def show_note(self, note_id: int) -> None:
        """Choose a note as soon as it is loaded."""
        self._wanted = note_id
        if not self.list.choose(note_id):
            self.mark_changed()

    def is_dirty(self) -> bool:
        return self.composer.isVisibleTo(self) and self.composer.is_dirty()

    # loading
    def mark_changed(self) -> None:
        """Stale: reloads now, or when it is shown."""
        self._is_stale = True
        if self.isVisible():
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def reload(self) -> None:
        subject, only_open = self._subject, self.filter.active() == 1
        self._is_stale = False
        if subject is None:
            self._take((None, 0, [], []), subject)
            return
        most = max(queries.PAGE, len(self._notes))

        def work(unit: Any) -> tuple[Any, int, list[Note], list[Any]]:
            people = (queries.list_colleagues(unit), queries.my_rank(unit))
            contacts = queries.list_contacts(unit, subject.record_id) if subject.is_party else []
            return people, queries.count_notes(unit, subject), queries.list_notes(unit, subject, open_tasks=only_open, most=most), contacts

        self._background.run(self, work, then=lambda found: self._take(found, subject), failed=self._show_error, key="load")

    def _take(self, found: tuple[Any, int, list[Note], list[Any]], subject: Subject | None) -> None:
        people, count, notes, contacts = found
        if subject != self._subject:
            return
        if people is not None:
            self.composer.set_people(people[0], contacts, people[1])
            self.steps.set_people(*people)
        self._notes, self._is_at_end = notes, len(notes) < queries.PAGE
        self.list.show_notes(notes)
        if self._wanted and self.list.choose(self._wanted):
            self._wanted = 0
        self._stack.setCurrentIndex(0 if notes else 2 if count and self.filter.active() == 1 else 1)
        self._show_choice(self.list.chosen())
        self.counted.emit(count)
        self.loaded.emit()

    def _load_more(self) -> None:
        subject, only_open = self._subject, self.filter.active() == 1
        if subject is None or self._is_at_end or not self._notes:
            return
        last = self._notes[-1].note_id
        self._is_at_end = True

        def take(more: list[Note]) -> None:
            if subject == self._subject and self._notes and self._notes[-1].note_id == last:
                self._is_at_end = len(more) < queries.PAGE
                self._notes += more
                self.list.show_notes(self._notes)

        self._background.run(self, lambda unit: queries.list_notes(unit, subject, before=last, open_tasks=only_open), then=take, key="more")

    # writing
    def new_note(self) -> None:
        if self._subject is not None and self._workplace.may("registry.note") and not self.is_dirty():
            self.composer.show()
            self.composer.begin()

    def change_chosen(self) -> None:
        note = self.list.chosen()
        if note is not None and self._is_mine(note) and not self.is_dirty():
            self.composer.show()
            self.composer.begin(note)

    def leave_composer(self) -> None:
        if self.is_dirty() and not ask(
            self, tr("Lasciare la nota senza salvare?"), tr("Quello che hai scritto si perde."), tr("Perdi la nota"), "negative",
            cancel=tr("Torna alla nota"),
        ):  # fmt: skip
            return
        self._close_composer()
        self.list.setFocus()

    def _close_composer(self) -> None:
        self.composer.hide()
        self.composer.fill()
        self._tell_dirty()

    def _save(self, draft: Draft) -> None:
        subject, note = self._subject, self.composer.note
        assert subject is not None

        def work(unit: Any) -> int:
            if note is None:
                return actions.write_note(unit, subject, draft)
            actions.change_note(unit, note, draft)
            return note.note_id

        self.composer.save_button.setEnabled(False)
        self._background.run(self, work, then=self._on_saved, failed=self._on_save_failed, key="save")

    def _on_saved(self, note_id: int) -> None:
        self.composer.save_button.setEnabled(True)
        self._wanted = note_id
        self._close_composer()
        self.list.setFocus()
        self._workplace.say("positive", tr("Nota salvata"))
        self.reload()

    def _on_save_failed(self, error: AppError) -> None:
        self.composer.save_button.setEnabled(True)
        self.composer.show_error(error)

    def remove_chosen(self) -> None:
        note = self.list.chosen()
        if note is None or not self.remove_button.isEnabled():
            return
        text = tr("Con la nota vanno la sua storia, i suoi allegati e gli avvisi; il tempo già segnato resta un costo.")
        if ask(self, tr("Togliere la nota?"), text, tr("Togli la nota"), "negative"):
            self._background.run(
                self,
                lambda unit: actions.remove_note(unit, note.note_id),
                then=lambda _done: self.reload(),
                failed=self._show_error,
                key="save",
            )

    # what it shows
    def _is_mine(self, note: Note) -> bool:
        return note.author_id == self._workplace.person.person_id and self._workplace.may("registry.note")

    def _show_choice(self, note: Note | None) -> None:
        self.steps.show_for(note)
        self.change_button.setEnabled(note is not None and self._is_mine(note))
        self.remove_button.setEnabled(note is not None and self._is_mine(note))

    def _show_error(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))

    def _tell_dirty(self) -> None:
        if self.is_dirty() != self._is_dirty:
            self._is_dirty = not self._is_dirty
            self.dirty_changed.emit(self._is_dirty)
