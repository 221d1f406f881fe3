"""Words of notes and tasks, columns and saved views of the list of tasks."""

from __future__ import annotations

import datetime

from cms_desktop.core import formats
from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.modules.registry.notes.records import Note
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator

tr = translator("notes")
NOTE_TABLES = frozenset({"registry.note", "registry.note_event"})


def task_states() -> dict[str, tuple[str, str]]:
    """State → (words, tone of its chip)."""
    return {"open": (tr("Da prendere"), "info"), "taken": (tr("In carico"), "neutral"), "done": (tr("Fatta"), "calm")}


def task_chip(note: Note) -> tuple[str, str]:
    """The state of a task; an overdue one says so."""
    if note.is_overdue and note.due_on is not None:
        return tr("Scaduta il {date}", date=formats.date(note.due_on)), "negative"
    return task_states()[note.task_state or "open"]


def event_words(kind: str, person: str) -> tuple[str, str, str]:
    """(icon, title, tone) of a step in the life of a note."""
    return {
        "changed": ("pencil", tr("Testo cambiato; prima diceva"), "neutral"),
        "assigned": ("user-plus", tr("Affidata a {person}", person=person), "info"),
        "taken": ("hand", tr("Presa in carico"), "info"),
        "handed_on": ("forward", tr("Passata a {person}", person=person), "info"),
        "done": ("circle-check", tr("Completata"), "positive"),
        "reopened": ("undo-2", tr("Riaperta"), "warning"),
    }[kind]


def minutes_text(minutes: int) -> str:
    """1 h 25 min."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours}{formats.NBSP}h"] if hours else []) + ([f"{rest}{formats.NBSP}min"] if rest or not hours else [])
    return " ".join(parts)


def moment_text(moment: datetime.datetime) -> str:
    """A moment on this machine's calendar."""
    local = moment.astimezone()
    return f"{formats.date(local.date())} {local:%H:%M}"


def task_columns() -> list[Column]:
    states = task_states()
    return [
        Column("due_on", tr("Entro il"), kind="date", width=104, filter="date", tone=lambda row: "negative" if row.is_overdue else ""),
        Column("words", tr("Cosa fare"), _first_line, kind="strong", width=300, stretch=True, filter_hint=tr("contiene…"), locked=True),
        Column("party_name", tr("Anagrafica"), width=200, tone=lambda _row: "second", gives_way=1),
        Column("executor", tr("Esecutore"), width=140),
        Column("assigner", tr("Assegnata da"), width=140, gives_way=2),
        Column("assigned_on", tr("Assegnata il"), lambda row: _day(row.assigned_at), kind="date", width=104, filter="date", gives_way=3),
        Column("done_on", tr("Fatta il"), lambda row: _day(row.done_at), kind="date", width=104, filter="date", hidden=True),
        Column("minutes", tr("Minuti"), kind="int", width=80, filter="number", total=True, hidden=True),
        Column(
            "task_state", tr("Stato"), lambda row: states[row.task_state], kind="chip", width=120, filter="choice",
            choices=tuple((key, words) for key, (words, _tone) in states.items()),
        ),
    ]  # fmt: skip


def _first_line(note: Note) -> str:
    return note.words.split("\n", 1)[0]


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return None if moment is None else moment.astimezone().date()


def task_views(mine: ListQuery, overdue: ListQuery, given: ListQuery) -> list[SavedView]:
    done = ListQuery((Filter("task_state", "in", ("done",)),), Sort("done_on", True))
    return [
        SavedView(tr("Le mie"), mine),
        SavedView(tr("Le mie scadute"), overdue),
        SavedView(tr("Assegnate da me"), given),
        SavedView(tr("Tutte aperte"), ListQuery((Filter("is_open", "=", (True,)),))),
        SavedView(tr("Fatte"), done),
    ]


def task_filter_names() -> dict[str, str]:
    """Words for filters that are no column."""
    return {
        "executor_id": tr("Da fare da te"),
        "assigned_by": tr("Assegnate da te"),
        "is_mine_to_give": tr("Affidate ad altri"),
        "is_open": tr("Aperte"),
        "is_overdue": tr("Scadute"),
    }
