"""Small questions about a task: what came of it, to whom it goes, why it is open again; and the history of a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry.notes.columns import event_words, minutes_text, moment_text
from cms_desktop.modules.registry.notes.composer import colleague_choices
from cms_desktop.modules.registry.notes.records import Colleague, Note, NoteEvent
from cms_desktop.ui.basics import Elevated, boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay
from cms_desktop.ui.fields.base import Field
from cms_desktop.ui.fields.lookup import LookupChoice, LookupField
from cms_desktop.ui.fields.number import DateField, IntField
from cms_desktop.ui.fields.text import MultilineField
from cms_desktop.ui.timeline import Entry, Timeline
from cms_desktop.ui.translation import translator

tr = translator("notes")
WIDTH, LONGEST = 520, 160


class Question(Elevated):
    """Fields and one imperative button; Ctrl+Enter confirms from everywhere, Esc leaves. `confirmed` when it makes sense."""

    confirmed = Signal()
    left = Signal()

    def __init__(self, title: str, about: str, fields: Sequence[QWidget], confirm: str) -> None:
        super().__init__(radius=12)
        words = label(about, "body", "2", wrap=True)
        words.setMinimumWidth(WIDTH - 80)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.confirm_button = button(confirm, "primary", tip=f"{confirm} (Ctrl+{tr('Invio')})")
        self.cancel_button = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.confirm_button.clicked.connect(self.confirm)
        self.cancel_button.clicked.connect(self.left)
        if fields:
            first = fields[0].editor if isinstance(fields[0], Field) else fields[0]
            first.setObjectName("first-focus")
        inner = column(label(title, "title"), words, *fields, self.error, spacing=12, margins=(24, 20, 24, 20))
        foot = boxed(row(None, self.cancel_button, self.confirm_button, margins=(24, 12, 24, 14)))
        self.body.addLayout(column(inner, rule(), foot, spacing=0))
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self.setAccessibleName(title)

    def is_ready(self) -> bool:
        """Marks what is missing."""
        return True

    def confirm(self) -> None:
        self.error.hide()
        if self.is_ready():
            self.confirm_button.setEnabled(False)
            self.confirmed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An overlay keeps keys from shortcuts: Ctrl+Enter arrives here from every field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.confirm()
        else:
            super().keyPressEvent(event)

    def show_error(self, error: AppError) -> None:
        self.confirm_button.setEnabled(True)
        self.error.set_message("negative", error_text(error))


def open_question(over: QWidget, question: Elevated) -> Overlay:
    """Show it over the window; its `left` closes it."""
    overlay = Overlay(over.window())
    question.left.connect(overlay.close_content)  # type: ignore[attr-defined]
    overlay.closed.connect(overlay.deleteLater)
    overlay.open_content(question)
    return overlay


def close_question(overlay: Overlay) -> None:
    if shiboken6.isValid(overlay):
        overlay.close_content()


def _excerpt(note: Note) -> str:
    first = note.words.split("\n", 1)[0]
    short = first if len(first) <= LONGEST else first[:LONGEST].rsplit(" ", 1)[0] + "…"
    return f"{note.party_name}: {short}" if note.party_name else short


class CompleteQuestion(Question):
    """What came of it, and how long it took."""

    def __init__(self, note: Note) -> None:
        self.outcome = MultilineField(tr("Esito"), lines=3, hint=tr("Che cosa è venuto fuori"))
        self.minutes = IntField(tr("Minuti"), lowest=0, highest=60_000, note=tr("costo sull'anagrafica"))
        super().__init__(tr("Completa l'attività"), _excerpt(note), (self.outcome, self.minutes), tr("Completa"))

    def is_ready(self) -> bool:
        problem = self.minutes.entry_problem()
        if problem:
            self.minutes.set_error(problem)
        return not problem


class HandOnQuestion(Question):
    """To whom the task goes, until when, why."""

    def __init__(self, note: Note, colleagues: Sequence[Colleague], least_rank: int) -> None:
        people = [one for one in colleagues if one.person_id != note.executor_id]
        find: Callable[..., None] = lambda words, show: show(colleague_choices(people, words, least_rank))
        self.executor = LookupField(tr("Esecutore"), find, required=True, hint=tr("chi deve farlo"))
        self.due_on = DateField(tr("Entro il"), hint=tr("come prima") if note.due_on else tr("quando"))
        self.reason = MultilineField(tr("Messaggio"), lines=2)
        title = tr("Passa l'attività") if note.is_task else tr("Affida la nota")
        super().__init__(title, _excerpt(note), (self.executor, self.due_on, self.reason), tr("Passa") if note.is_task else tr("Affida"))

    def chosen(self) -> int | None:
        value = self.executor.value()
        return int(value.key) if isinstance(value, LookupChoice) else None

    def is_ready(self) -> bool:
        if self.chosen() is None:
            self.executor.set_error(self.executor.entry_problem() or tr("Scegli chi deve farlo (F4)."))
            self.executor.editor.setFocus()
        elif self.due_on.entry_problem():
            self.due_on.set_error(self.due_on.entry_problem())
        else:
            return True
        return False


class ReopenQuestion(Question):
    """Why, and whether the time that was marked was wrong."""

    def __init__(self, note: Note) -> None:
        self.reason = MultilineField(tr("Perché"), lines=2)
        self.withdraw = QCheckBox(tr("Togli dai costi i minuti segnati alla chiusura"))
        self.withdraw.setVisible(note.minutes > 0)
        super().__init__(tr("Riapri l'attività"), _excerpt(note), (self.reason, self.withdraw), tr("Riapri"))


class History(Elevated):
    """What happened to a note, the newest first."""

    left = Signal()

    def __init__(self, note: Note, events: Sequence[NoteEvent]) -> None:
        super().__init__(radius=12)
        written = Entry(
            moment_text(note.created_at),
            "pencil",
            tr("Scritta"),
            "" if any(e.kind == "changed" for e in events) else note.words,
            note.author,
        )
        timeline = Timeline([*(_entry(event) for event in events), written], time_width=120)
        scroll = QScrollArea()
        scroll.setWidget(boxed(column(timeline, None, margins=(0, 0, 12, 0)), scroll="true"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setMinimumSize(560, 320)
        close = button(tr("Chiudi"), "primary", tip=tr("Chiudi (Esc)"))
        close.setObjectName("first-focus")
        close.clicked.connect(self.left)
        self.body.addLayout(
            column(
                label(tr("Storia della nota"), "title"), 12, scroll, 12, rule(), 12, row(None, close), spacing=0, margins=(24, 20, 24, 20)
            )
        )


def _entry(event: NoteEvent) -> Entry:
    icon, title, tone = event_words(event.kind, event.to_person)
    if event.minutes:
        title += (
            f" · {minutes_text(abs(event.minutes))}" if event.minutes > 0 else f" · {tr('tolti {time}', time=minutes_text(-event.minutes))}"
        )
    return Entry(moment_text(event.at), icon, title, event.words, event.author, tone)
