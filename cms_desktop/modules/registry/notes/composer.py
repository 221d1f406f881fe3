"""Writing a note: what was said, with whom, who is to do something about it, who hears of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QWidget

from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.registry.notes.records import Colleague, Contact, Draft, Note
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.commands import plain
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields.lookup import LookupChoice, LookupField
from cms_desktop.ui.fields.number import DateField
from cms_desktop.ui.fields.text import MultilineField
from cms_desktop.ui.translation import translator

tr = translator("notes")
REMIND_HOUR = 8  # of the reminder date, on this machine's clock


def colleague_choices(colleagues: Sequence[Colleague], words: str, least_rank: int = 0) -> list[LookupChoice]:
    """Those whose name or job holds the words, of this rank or a higher one."""
    wanted = plain(words).strip()
    return [
        LookupChoice(one.person_id, one.name, one.job)
        for one in colleagues
        if one.rank_level >= least_rank and (wanted in plain(one.name) or wanted in plain(one.job))
    ]


class NoteComposer(QWidget):
    """`save_wanted(Draft)`; `left` when given up. The owner saves, then calls `show_error` or hides it."""

    save_wanted = Signal(object)
    left = Signal()
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.note: Note | None = None
        self._colleagues: Sequence[Colleague] = ()
        self._contacts: Sequence[Contact] = ()
        self._rank = 0
        self.words = MultilineField(tr("Nota"), lines=4, required=True, hint=tr("Che cosa è stato detto o deciso"))
        self.spoken_to = LookupField(tr("Sentito"), self._find_contact, free_text=True, hint=tr("dalla rubrica o a mano"))
        self.happened_on = DateField(tr("Data"))
        self.remind_on = DateField(tr("Promemoria"), hint=tr("nessuno"))
        self.executor = LookupField(tr("Esecutore"), self._find_colleague, hint=tr("chi deve farlo"))
        self.due_on = DateField(tr("Entro il"), hint=tr("quando"))
        self.private = QCheckBox(tr("Riservata"))
        self.private.setToolTip(tr("La vedono solo tu e chi ha il tuo rango o uno superiore"))
        self.everybody = QCheckBox(tr("Avvisa tutti"))
        self.told = label("", "small", "3", wrap=True)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.save_button = button(tr("Salva la nota"), "primary", "save", tip=tr("Salva la nota (Ctrl+Invio)"))
        self.cancel_button = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        first = row(self.spoken_to, self.happened_on, self.remind_on, spacing=12)
        second = row(self.executor, self.due_on, spacing=12)
        for line, stretches in ((first, (2, 1, 1)), (second, (3, 1))):
            for place, stretch in enumerate(stretches):
                line.setStretch(place, stretch)
        foot = row(self.private, 12, self.everybody, None, self.cancel_button, self.save_button, spacing=8)
        body = column(self.words, first, second, foot, self.told, self.error, spacing=10, margins=(16, 12, 16, 12))
        self.setLayout(column(boxed(body, strip="true"), spacing=0))

    def _connect(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.save)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.left)
        for box in (self.private, self.everybody):
            box.toggled.connect(self._show_told)
            box.toggled.connect(self.edited)
        for field in self._fields():
            field.changed.connect(self.edited)

    def _fields(self) -> tuple[Any, ...]:
        return self.words, self.spoken_to, self.happened_on, self.remind_on, self.executor, self.due_on

    # what it offers
    def set_people(self, colleagues: Sequence[Colleague], contacts: Sequence[Contact], rank: int) -> None:
        """Whom a task can be given to, the party's people, and the rank of who writes."""
        self._colleagues, self._contacts, self._rank = colleagues, contacts, rank
        self._show_told()

    def _find_contact(self, words: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        wanted = plain(words).strip()
        show([LookupChoice(one.contact_person_id, one.name, one.job) for one in self._contacts if wanted in plain(f"{one.name} {one.job}")])

    def _find_colleague(self, words: str, show: Callable[[Sequence[LookupChoice]], None]) -> None:
        show(colleague_choices(self._colleagues, words, self._rank if self.private.isChecked() else 0))

    def _show_told(self) -> None:
        """Says who will hear of the note before it is saved."""
        if self.private.isChecked():
            who = tr("La leggono solo tu e chi ha il tuo rango o uno superiore, anche se avvisi tutti.")
        elif self.everybody.isChecked():
            who = tr("Saranno avvisati tutti i colleghi che possono leggere il record.")
        elif self._rank > 0:
            who = tr("Saranno avvisati i colleghi del tuo rango o superiore.")
        else:
            who = tr("Nessuno è avvisato da solo: scegli «Avvisa tutti» o un esecutore.")
        self.told.setText(who)

    # filling
    def begin(self, note: Note | None = None) -> None:
        """Empty, or with the note to be changed (its executor is moved by the steps of the task, not here)."""
        self.fill(note)
        self.words.editor.setFocus()

    def fill(self, note: Note | None = None) -> None:
        self.note = note
        self.error.hide()
        self.words.set_value(note.words if note else "")
        self.spoken_to.set_value(note.spoken_to if note else "")
        self.happened_on.set_value(note.happened_on if note else datetime.datetime.now().astimezone().date())
        self.remind_on.set_value(note.remind_at.astimezone().date() if note and note.remind_at else None)
        self.executor.set_value(None)
        self.due_on.set_value(None)
        self.private.setChecked(bool(note and note.is_private))
        self.everybody.setChecked(False)
        for widget in (self.executor, self.due_on, self.everybody):
            widget.setVisible(note is None)
        for field in self._fields():
            field.set_plain()
        self._show_told()

    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        if self.note is not None:
            return bool(self.words.value() != self.note.words or self.spoken_to.text() != self.note.spoken_to)
        return bool(self.words.value() or self.spoken_to.text() or self.executor.text())

    def draft(self) -> Draft:
        """Raises InvalidInput with the field."""
        for name, field in (
            ("happened_on", self.happened_on),
            ("remind_on", self.remind_on),
            ("due_on", self.due_on),
            ("executor", self.executor),
        ):
            problem = field.entry_problem()
            if problem:
                raise InvalidInput(problem, field=name)
        spoken = self.spoken_to.text().strip()
        contact = next((one.contact_person_id for one in self._contacts if one.name == spoken), None)
        executor = self.executor.value()
        return Draft(
            self.words.value(), spoken, contact, self.happened_on.value(), self.private.isChecked(),
            "everybody" if self.everybody.isChecked() else "rank", self._remind_at(),
            executor.key if isinstance(executor, LookupChoice) else None, self.due_on.value(),
        )  # fmt: skip

    def _remind_at(self) -> datetime.datetime | None:
        """The morning of the day; a reminder that was not touched keeps its hour."""
        day, before = self.remind_on.value(), self.note.remind_at if self.note else None
        if day is None or (before is not None and before.astimezone().date() == day):
            return None if day is None else before
        return datetime.datetime.combine(day, datetime.time(REMIND_HOUR)).astimezone()

    def save(self) -> None:
        self.error.hide()
        for field in self._fields():
            field.set_plain()
        try:
            self.save_wanted.emit(self.draft())
        except InvalidInput as error:
            self.show_error(error)

    def show_error(self, error: AppError) -> None:
        """Where it belongs, else in a strip."""
        name = error.field if isinstance(error, InvalidInput) else ""
        field = getattr(self, name, None) if name in ("words", "executor", "due_on", "happened_on", "remind_on") else None
        if field is not None:
            field.set_error(error_text(error))
            field.editor.setFocus()
        else:
            self.error.set_message("negative", error_text(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
