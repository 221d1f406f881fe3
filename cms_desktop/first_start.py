"""The first start of the local server: database and schema, and what to do while it holds no company."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.profile import ConnectionProfile

CUSTOMERS = 200


class FirstStart:
    """Looks into the local server as its owner. `server` is running; `profile` has its port filled in."""

    def __init__(self, server: LocalServer, profile: ConnectionProfile) -> None:
        self._server, self._profile = server, profile

    def has_company(self) -> bool:
        """Whether anybody could log in at all."""
        with self._owner() as connection:
            row = connection.execute("select exists (select from base.company)").fetchone()
            return bool(row and row[0])

    def load_demo(self, progress: Callable[[str], None]) -> tuple[str, str]:
        """Load the two demonstration companies; returns a login and the password to come in with."""
        from cms_desktop.demo import DEMO_PASSWORD, DEMO_PERSONS, load_demo
        from cms_desktop.demo.documents import make_documents

        with self._owner() as connection:
            load_demo(connection, CUSTOMERS, progress=progress)
        make_documents(self._profile, progress)
        return DEMO_PERSONS[0][0], DEMO_PASSWORD

    def _owner(self) -> psycopg.Connection:
        address = self._server.ensure_running()
        return psycopg.connect(
            host=address.host, port=address.port, user=address.superuser, password=address.password,
            dbname=self._profile.database, autocommit=True,
        )  # fmt: skip
