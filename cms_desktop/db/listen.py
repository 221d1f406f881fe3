"""Listens for changes: one autocommit connection on its own thread. Payloads are ``schema.table``, never data.

Callbacks run on the listening thread; the screen turns them into signals. After every (re)connection `reconnected` is called,
because what happened meanwhile was not heard: everything on the screen is stale.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from cms_desktop.core.errors import AppError
from cms_desktop.db.errors import AT_THE_DOOR, app_error_from

log = logging.getLogger(__name__)
BACK_OFF = (0.5, 1, 2, 4, 8, 15)


class Listener:
    """`changed(company_id, table)`, `reconnected()`, `lost(seconds_to_next_try)`.

    `refused(error)`: the server does not let this session in any more; nothing is tried until `resume`.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]],
        *,
        changed: Callable[[int, str], None],
        reconnected: Callable[[], None],
        lost: Callable[[float], None],
        refused: Callable[[AppError], None] | None = None,
    ) -> None:
        self._connect, self._changed, self._reconnected, self._lost = connect, changed, reconnected, lost
        self._refused = refused
        self._company_id = 0
        self._stop, self._resumed = threading.Event(), threading.Event()
        self._connection: psycopg.Connection[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)

    def start(self, company_id: int) -> None:
        self._company_id = company_id
        self._thread.start()

    def choose(self, company_id: int) -> None:
        """Listen for another company from now on."""
        self._company_id = company_id

    def close(self) -> None:
        self._stop.set()
        self._resumed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def resume(self) -> None:
        """Try again after a refusal: the person logged in anew."""
        self._resumed.set()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    failures = 0
                    self._listen(connection)
            except (psycopg.Error, AppError) as error:
                if self._was_refused(error):
                    continue
                log.warning("listening connection lost: %s", error)
                wait = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
                failures += 1
                self._lost(wait)
                self._stop.wait(wait)

    def _was_refused(self, error: psycopg.Error | AppError) -> bool:
        found = error if isinstance(error, AppError) else app_error_from(error)
        if self._refused is None or found.key not in AT_THE_DOOR:
            return False
        self._resumed.clear()
        self._refused(found)
        self._resumed.wait()
        return True

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.autocommit = True
        listening_to, last_sign = 0, time.monotonic()
        while not self._stop.is_set():
            if listening_to != self._company_id:
                connection.execute("unlisten *")
                listening_to = self._company_id
                connection.execute(sql.SQL("listen {}").format(sql.Identifier(f"cms_{listening_to}")))
                self._reconnected()
            for notice in connection.notifies(timeout=0.25):
                last_sign = time.monotonic()
                self._changed(listening_to, notice.payload)
                if self._stop.is_set() or listening_to != self._company_id:
                    break
            if time.monotonic() - last_sign > 10:
                connection.execute("select 1")
                last_sign = time.monotonic()
