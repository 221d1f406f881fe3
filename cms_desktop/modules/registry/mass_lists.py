"""Which fields of the people of the rubrica, and of tasks, may be changed for many at once, and what refuses it."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput
from cms_desktop.core.mass_change import SHOWN_ROWS, ChangePreview, ChangeRow, MassChangeRow, Target, Undone
from cms_desktop.db import mass_change
from cms_desktop.db.mass_change import MassList
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry import listings
from cms_desktop.modules.registry.notes import actions
from cms_desktop.modules.registry.notes.queries import TASKS
from cms_desktop.modules.registry.notes.tables import Note
from cms_desktop.modules.registry.tables import ContactPerson

_contact, _note = ContactPerson.__table__.c, Note.__table__.c
ENDS_BEFORE = "Finirebbe prima di cominciare."
IS_DONE = "È già conclusa."
MAY_NOT = "Non puoi affidarla o spostarla: è di altri."
HAS_NO_DAY = "Una scadenza non si toglie a molte insieme: scrivi un giorno."
MOST_TASKS = 500  # each is handed on by itself, with its notices


def _contact_refusals(key: str, value: Any) -> tuple[tuple[sa.ColumnElement[bool], str], ...]:
    if key == "valid_to" and value is not None:
        return ((_contact.valid_from > sa.literal(value, sa.Date), ENDS_BEFORE),)
    return ()


CONTACTS = MassList(
    "registry.contact_person", ContactPerson.__table__, "contact_person_id", _contact.name, ContactPerson.__table__,
    ("job", "work_phone", "notes", "valid_to"), "registry.write", lambda unit, query: listings.CONTACTS.ids(unit, query), _contact_refusals,
)  # fmt: skip


class TaskList:
    """Executor and day of many tasks. Each goes through its own guarded function: who is concerned is told as ever."""

    name, right = "registry.task", "registry.note"
    fields = ("executor_id", "due_on")

    def _rows(self, unit: UnitOfWork, target: Target) -> list[Any]:
        wanted = (
            TASKS.ids(unit, target.query)
            if target.query is not None
            else sa.select(sa.func.unnest(sa.literal(list(target.ids), sa.ARRAY(sa.BigInteger))))
        )
        columns = (_note.note_id, _note.words, _note.executor_id, _note.due_on, _note.task_state, _note.row_version)
        rows = unit.rows(
            sa.select(*columns)
            .where(_note.company_id == unit.company_id, _note.note_id.in_(wanted), _note.executor_id.is_not(None))
            .order_by(_note.due_on.nulls_last(), _note.note_id)
            .limit(MOST_TASKS + 1)
        )
        if len(rows) > MOST_TASKS:
            raise InvalidInput("Sono più di {count} attività: sceglile, o restringi l'elenco.", field="", count=MOST_TASKS)
        return list(rows)

    def _check(self, key: str, value: Any) -> None:
        if key not in self.fields:
            raise InvalidInput("Questo campo non si cambia per molti record insieme.", field=key)
        if value is None:
            raise InvalidInput(HAS_NO_DAY if key == "due_on" else "Scegli un esecutore.", field=key)

    def preview(self, unit: UnitOfWork, target: Target, key: str, value: Any) -> ChangePreview:
        """What the change would do: it is tried and taken back."""
        self._check(key, value)
        shown, counts = [], {"changing": 0, "same": 0}
        refused: dict[str, int] = {}
        with unit.session.begin_nested() as attempt:
            for one in self._rows(unit, target):
                before = getattr(one, key)
                reason = "" if before == value else self._hand_on(unit, one, key, value)
                if reason:
                    refused[reason] = refused.get(reason, 0) + 1
                else:
                    counts["same" if before == value else "changing"] += 1
                shown.append(ChangeRow(one.note_id, one.words.splitlines()[0][:80], before, value, before == value, reason))
            attempt.rollback()
        shown.sort(key=lambda row: (row.is_same, not row.refusal))
        return ChangePreview(counts["changing"], counts["same"], refused, tuple(shown[:SHOWN_ROWS]))

    def _hand_on(self, unit: UnitOfWork, one: Any, key: str, value: Any) -> str:
        """Why it cannot be; empty when it was done."""
        if one.task_state == "done":
            return IS_DONE
        executor, due_on = (value, None) if key == "executor_id" else (one.executor_id, value)
        try:
            with unit.session.begin_nested():
                actions.assign_task(unit, one.note_id, executor, due_on=due_on)
        except AppError:
            return MAY_NOT
        return ""

    def apply(self, unit: UnitOfWork, target: Target, key: str, value: Any, title: str = "") -> MassChangeRow:
        """All that may be moved; the others stay."""
        self._check(key, value)
        unit.value(sa.text("select sec.require(:company, 'base.mass_change')"))
        number = mass_change.begin_change(unit, self.name, "change", title or key)
        kept = []
        for one in self._rows(unit, target):
            if getattr(one, key) != value and not self._hand_on(unit, one, key, value):
                kept.append({"record_id": one.note_id, "version": one.row_version + 1, "before": {key: getattr(one, key)}})
        mass_change.keep_rows(unit, number, Note.__table__, kept)
        mass_change.end_change(unit, number, len(kept))
        return next(one for one in self.recent(unit) if one.mass_change_id == number)

    def undo(self, unit: UnitOfWork, mass_change_id: int) -> Undone:
        """Hand each back that nobody touched since; a day that was not there before stays."""
        place = {"change": mass_change_id}
        taken = unit.rows(
            sa.text(
                "update base.mass_change set undone_at = now(), row_version = row_version + 1 "
                "where company_id = :company and mass_change_id = :change and undone_at is null returning 1"
            ),
            place,
        )
        if not taken:
            raise AlreadyDone("Questa modifica è già stata annullata.", key="mass_change_undone")
        rows = unit.rows(
            sa.text(
                "select n.note_id, n.words, n.executor_id, n.due_on, n.task_state, n.row_version, r.before, n.row_version = r.version as untouched "
                "from base.mass_change_row as r join registry.note as n on n.company_id = r.company_id and n.note_id = r.record_id "
                "where r.company_id = :company and r.mass_change_id = :change order by n.note_id"
            ),
            place,
        )
        restored = 0
        for one in rows:
            key, before = next(iter(one.before.items()))
            value = before if key == "executor_id" or before is None else _day(before)
            if one.untouched and value is not None and not self._hand_on(unit, one, key, value):
                restored += 1
        return Undone(restored, len(rows) - restored)

    def recent(self, unit: UnitOfWork) -> list[MassChangeRow]:
        """My newest ones."""
        return mass_change.list_changes(unit, self.name)


def _day(text: str) -> Any:
    return datetime.date.fromisoformat(text)


TASK_LIST = TaskList()
