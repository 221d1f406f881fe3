"""The steps of a task from the screen: which make sense now, the question each asks, the call, the word that it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry.notes import actions, queries
from cms_desktop.modules.registry.notes.dialogs import (
    CompleteQuestion,
    HandOnQuestion,
    History,
    Question,
    ReopenQuestion,
    close_question,
    open_question,
)
from cms_desktop.modules.registry.notes.records import Colleague, Note, NoteEvent
from cms_desktop.ui.basics import button
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("notes")
Work = Callable[[Any], None]
KEYS = {"take": "Ctrl+T", "complete": "Ctrl+Return", "hand_on": "Ctrl+H", "reopen": "Ctrl+R", "history": "Ctrl+Y"}


class TaskSteps(QObject):
    """Works on the note that `chosen` gives. Keys work in `keys_on` (default: all of `owner`); `moved` after a step was written."""

    moved = Signal(int)
    failed = Signal(object)  # AppError of a step that asks nothing

    def __init__(self, owner: QWidget, workplace: Workplace, chosen: Callable[[], Note | None], *, keys_on: QWidget | None = None) -> None:
        super().__init__(owner)
        self._owner, self._workplace, self._chosen = owner, workplace, chosen
        self._person_id = workplace.person.person_id
        self._colleagues: Sequence[Colleague] = ()
        self._rank = 0
        self.question: Question | None = None
        self.buttons: dict[str, QPushButton] = {
            "take": button(tr("Prendi"), icon_name="hand", tip=f"{tr('Prendi in carico')} (Ctrl+T)"),
            "complete": button(tr("Completa"), icon_name="circle-check", tip=f"{tr('Completa l’attività')} (Ctrl+{tr('Invio')})"),
            "hand_on": button(tr("Affida"), icon_name="forward", tip=f"{tr('Affida o passa a un collega')} (Ctrl+H)"),
            "reopen": button(tr("Riapri"), icon_name="undo-2", tip=f"{tr('Riapri l’attività')} (Ctrl+R)"),
            "history": button("", "icon", "history", tip=f"{tr('Storia della nota')} (Ctrl+Y)"),
        }
        for name, one in self.buttons.items():
            one.setParent(owner)  # without a place it would be shown as a window of its own
            one.clicked.connect(getattr(self, name))
            for keys in (KEYS[name], KEYS[name].replace("Return", "Enter")) if "Return" in KEYS[name] else (KEYS[name],):
                shortcut = QShortcut(QKeySequence(keys), keys_on or owner)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(one.click)
        self.show_for(None)

    def set_people(self, colleagues: Sequence[Colleague], rank: int) -> None:
        self._colleagues, self._rank = colleagues, rank

    # what makes sense
    def possible(self, note: Note | None) -> frozenset[str]:
        """The steps this person may take on the note now; the database decides in the end."""
        if note is None:
            return frozenset()
        if not self._workplace.may("registry.note"):
            return frozenset({"history"})
        mine = note.executor_id == self._person_id
        leading = self._person_id in (note.assigned_by, note.author_id) or self._rank == 3
        steps = {"history"}
        if not note.is_task or (note.is_open and (mine or leading)):
            steps.add("hand_on")
        if note.task_state == "open" and mine:
            steps.add("take")
        if note.is_open and (mine or leading):
            steps.add("complete")
        if note.task_state == "done" and (mine or leading):
            steps.add("reopen")
        return frozenset(steps)

    def show_for(self, note: Note | None) -> None:
        """Only the buttons that make sense; history stays in its place."""
        steps = self.possible(note)
        for name, one in self.buttons.items():
            one.setVisible(name in steps or name == "history")
            one.setEnabled(name in steps)
        self.buttons["hand_on"].setText("\u2009" + (tr("Passa") if note is not None and note.is_task else tr("Affida")))

    # steps
    def take(self) -> None:
        note = self._chosen()
        if note is not None:
            self._run(note, lambda unit: actions.take_task(unit, note.note_id), tr("Attività presa in carico"))

    def complete(self) -> None:
        note = self._chosen()
        if note is None:
            return
        question = CompleteQuestion(note)

        def prepared() -> Work:
            outcome, minutes = question.outcome.value(), question.minutes.value() or 0
            return lambda unit: actions.complete_task(unit, note.note_id, outcome=outcome, minutes=minutes)

        self._ask(question, note, tr("Attività completata"), prepared)

    def hand_on(self) -> None:
        note = self._chosen()
        if note is None:
            return
        question = HandOnQuestion(note, self._colleagues, self._rank if note.is_private else 0)

        def prepared() -> Work:
            executor, due_on, reason = question.chosen() or 0, question.due_on.value(), question.reason.value()
            return lambda unit: actions.assign_task(unit, note.note_id, executor, due_on=due_on, reason=reason)

        self._ask(question, note, tr("Attività affidata"), prepared)

    def reopen(self) -> None:
        note = self._chosen()
        if note is None:
            return
        question = ReopenQuestion(note)

        def prepared() -> Work:
            reason, withdraw = question.reason.value(), question.withdraw.isChecked()
            return lambda unit: actions.reopen_task(unit, note.note_id, reason=reason, withdraw_time=withdraw)

        self._ask(question, note, tr("Attività riaperta"), prepared)

    def history(self) -> None:
        note = self._chosen()
        if note is None:
            return

        def show(events: list[NoteEvent]) -> None:
            open_question(self._owner, History(note, events))

        self._workplace.background.run(self, lambda unit: queries.list_events(unit, note.note_id), then=show, key="history")

    def _ask(self, question: Question, note: Note, done: str, prepared: Callable[[], Work]) -> None:
        """`prepared` reads the answers on the screen's thread and gives the work for the other."""
        self.question = question
        overlay = open_question(self._owner, question)

        def finished(_result: object) -> None:
            close_question(overlay)
            self._on_done(note, done)

        def confirmed() -> None:
            self._workplace.background.run(self, prepared(), then=finished, failed=question.show_error, key="step")

        question.confirmed.connect(confirmed)

    def _run(self, note: Note, work: Work, done: str) -> None:
        self._workplace.background.run(self, work, then=lambda _result: self._on_done(note, done), failed=self._on_failed, key="step")

    def _on_done(self, note: Note, words: str) -> None:
        self._workplace.say("positive", words)
        self.moved.emit(note.note_id)

    def _on_failed(self, error: AppError) -> None:
        self.failed.emit(error)
