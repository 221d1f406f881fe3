"""What writes notes and moves tasks: guarded functions of the database, one call each."""

from __future__ import annotations

import datetime

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.notes.records import Draft, Note, Subject


def _refuse_problems(draft: Draft) -> None:
    if not draft.words.strip():
        raise InvalidInput("Scrivi il testo della nota.", field="words")
    if draft.due_on is not None and draft.executor_id is None:
        raise InvalidInput("La scadenza vuole un esecutore: scegli chi deve farlo.", field="executor")


def write_note(unit: UnitOfWork, subject: Subject, draft: Draft) -> int:
    """A new note; who is to be told is told at once. Returns its id. Raises InvalidInput with the field, NotAllowed."""
    _refuse_problems(draft)
    return int(
        unit.call(
            "registry.write_note", subject.table, subject.record_id, draft.words, draft.spoken_to, draft.contact_person_id,
            draft.happened_on, draft.is_private, draft.audience, draft.remind_at, draft.executor_id, draft.due_on,
        )
    )  # fmt: skip


def change_note(unit: UnitOfWork, note: Note, draft: Draft) -> None:
    """By its author; what it said before stays in its events. Raises Conflict, InvalidInput, NotAllowed."""
    _refuse_problems(draft)
    unit.call(
        "registry.change_note", note.note_id, note.row_version, draft.words, draft.spoken_to, draft.contact_person_id, draft.happened_on,
        draft.is_private, draft.remind_at,
    )  # fmt: skip


def remove_note(unit: UnitOfWork, note_id: int) -> None:
    """With its events, notices and attachments."""
    unit.call("registry.remove_note", note_id)


def assign_task(unit: UnitOfWork, note_id: int, executor_id: int, *, due_on: datetime.date | None = None, reason: str = "") -> None:
    """Makes a note a task, or hands the task on."""
    unit.call("registry.assign_task", note_id, executor_id, due_on, reason)


def take_task(unit: UnitOfWork, note_id: int) -> None:
    unit.call("registry.take_task", note_id)


def complete_task(unit: UnitOfWork, note_id: int, *, outcome: str = "", minutes: int = 0) -> None:
    """Its assigner is told; the minutes become a cost of the party."""
    unit.call("registry.complete_task", note_id, outcome, minutes)


def reopen_task(unit: UnitOfWork, note_id: int, *, reason: str = "", withdraw_time: bool = False) -> None:
    """`withdraw_time`: the minutes marked at its completion were wrong and are no cost."""
    unit.call("registry.reopen_task", note_id, reason, withdraw_time)
