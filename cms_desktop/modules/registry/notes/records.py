"""What notes and tasks hand to the screens."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

Audience = Literal["rank", "everybody"]
PARTY_SUBJECTS = frozenset({"registry.party", "customers.customer"})


@dataclass(frozen=True)
class Subject:
    """The record a note or an attachment hangs on."""

    table: str
    record_id: int

    @property
    def is_party(self) -> bool:
        """Whether it is about the party itself: then everything about the party belongs to it."""
        return self.table in PARTY_SUBJECTS


@dataclass(frozen=True)
class Draft:
    """What somebody writes. `due_on` only with an executor; `remind_at` in the writer's own time zone."""

    words: str
    spoken_to: str = ""
    contact_person_id: int | None = None
    happened_on: datetime.date | None = None
    is_private: bool = False
    audience: Audience = "rank"
    remind_at: datetime.datetime | None = None
    executor_id: int | None = None
    due_on: datetime.date | None = None


@dataclass(frozen=True)
class Note:
    """A note as it stands; a task when it has an executor."""

    note_id: int
    row_version: int
    party_id: int | None
    party_name: str
    subject_table: str
    subject_id: int | None
    words: str
    spoken_to: str
    contact_person_id: int | None
    happened_on: datetime.date
    is_private: bool
    remind_at: datetime.datetime | None
    author_id: int | None
    author: str
    created_at: datetime.datetime
    executor_id: int | None
    executor: str
    assigned_by: int | None
    assigner: str
    assigned_at: datetime.datetime | None
    due_on: datetime.date | None
    task_state: str | None
    is_overdue: bool
    done_at: datetime.datetime | None
    outcome: str
    minutes: int

    @property
    def is_task(self) -> bool:
        return self.executor_id is not None

    @property
    def is_open(self) -> bool:
        return self.task_state in ("open", "taken")


@dataclass(frozen=True)
class NoteEvent:
    """A step in the life of a note; `words` are the old words of a change, else what was said."""

    kind: str
    at: datetime.datetime
    author: str
    to_person: str
    words: str
    minutes: int


@dataclass(frozen=True)
class Colleague:
    """Somebody a task can be given to; `rank_level` from User 0 to Admin 3."""

    person_id: int
    name: str
    job: str
    rank_level: int


@dataclass(frozen=True)
class Contact:
    """A person of the party's address book."""

    contact_person_id: int
    name: str
    job: str


@dataclass(frozen=True)
class TaskCounts:
    """Open tasks: mine, of them overdue, given to others by me."""

    mine: int
    overdue: int
    given: int
