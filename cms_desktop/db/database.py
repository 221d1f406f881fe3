"""The open database of a logged-in person: a small pool of connections and units of work on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa

from cms_desktop.db import unit_of_work as work

Connect = Callable[[], psycopg.Connection[Any]]


class Database:
    """Connections of one person. `connect` makes a fresh psycopg connection (see db.login)."""

    def __init__(self, connect: Connect, person_id: int) -> None:
        self.connect = connect
        self.person_id = person_id
        self.engine = sa.create_engine(
            "postgresql+psycopg://", creator=connect, pool_size=3, max_overflow=1, pool_recycle=300, pool_pre_ping=True
        )

    def unit_of_work(self, company_id: int) -> contextlib.AbstractContextManager[work.UnitOfWork]:
        return work.unit_of_work(self.engine, company_id, self.person_id)

    def close(self) -> None:
        self.engine.dispose()
