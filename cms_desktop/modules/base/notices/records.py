"""What notices hand to the screens."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

Choice = Literal["now", "digest", "mute"]


@dataclass(frozen=True)
class Notice:
    """One thing that needs this person. `title` is the party, `body` the words; `source` says what made it (table, id)."""

    notice_id: int
    kind: str
    author: str
    title: str
    body: str
    party_id: int | None
    subject_table: str
    subject_id: int | None
    source_table: str
    source_id: int | None
    created_at: datetime.datetime
    due_at: datetime.datetime
    is_digest: bool
    is_kept: bool
    is_read: bool
    is_done: bool


@dataclass(frozen=True)
class NoticeState:
    """What the bell shows: how many are unread (a daily summary counts as one); seconds until the next becomes due, by the server's clock."""

    unread: int
    seconds_to_next: float | None


@dataclass(frozen=True)
class KindChoice:
    """How a kind of notice reaches this person; one that may not wait always comes now."""

    kind: str
    may_wait: bool
    choice: Choice
