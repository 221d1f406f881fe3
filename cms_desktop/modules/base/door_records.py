"""What crosses to the screens of the door: who is in, who came and was refused, when screens lock."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class ScreenLockRule:
    """After how many idle minutes screens lock in a company (0: never), and the posts that never do: operations rooms."""

    minutes: int = 15
    exempt_posts: tuple[str, ...] = ()

    def minutes_at(self, post: str, wanted: int = 0) -> int:
        """For one post. What the post itself wants holds only when it is sooner, or when the company never locks."""
        if post.casefold() in {one.casefold() for one in self.exempt_posts}:
            return 0
        return min(self.minutes, wanted) if self.minutes and wanted else self.minutes or wanted


@dataclass(frozen=True)
class SessionRow:
    """A login: a session that was opened (`outcome` entered), or attempts that were refused. Without a name: a login that is nobody's."""

    session_id: int
    person_name: str
    login: str
    opened_at: datetime.datetime
    host: str
    address: str
    client_version: str
    outcome: str = "entered"
    attempts: int = 1
    ended_at: datetime.datetime | None = None
    end_reason: str = ""


@dataclass(frozen=True)
class OpenSessionRow:
    """A session that is open now, or (without `session_id`) a connection outside the program. `activity`: working, idle, locked, outside."""

    entry_id: int
    session_id: int | None
    person_id: int
    process: int | None
    person_name: str
    login: str
    activity: str
    opened_at: datetime.datetime
    idle_since: datetime.datetime | None
    company_name: str
    host: str
    address: str
    client_version: str
    connections: int
