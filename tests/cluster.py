"""One throw-away PostgreSQL cluster per test run, shared by all its workers: the first starts it, the last removes it.

address = test_cluster()
name = template_database("house", build)      built once per run, by whichever worker comes first
create_database("one_test", template=name)
drop_database("one_test")
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from cms_desktop.core.errors import ServerUnreachable
from cms_desktop.db.local_server import LocalServer, ServerAddress
from cms_desktop.db.local_server.account import service_account
from cms_desktop.db.local_server.locks import exclusive

PREFIX = "cms-tests-"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"one{os.getpid()}")[:16]
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 4 * 1024**3
ABANDONED_AFTER_SECONDS = 600
_server: LocalServer | None = None


def throw_away_place() -> Path:
    """A folder for temporary files that the server's account may enter, too (pytest's own are closed to it when root runs them).

    In memory where there is much of it: a copy of a database is made there in 0.05 s, on a disk in 0.2 to 1.2.
    """
    account = service_account()
    places = [place for place in (MEMORY, Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")) if place.is_dir()]
    if MEMORY in places and shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        places.remove(MEMORY)
    return next((place for place in places if os.access(place, os.W_OK) and account.may_enter(place)), places[0])


def test_cluster() -> ServerAddress:
    """The cluster of this run; started by the first call of the first worker."""
    global _server
    if _server is None:
        _remove_abandoned()
        _server = LocalServer(throw_away_place() / f"{PREFIX}{RUN}", throw_away=True)
        atexit.register(leave_cluster)
    try:
        return _server.ensure_running()
    except ServerUnreachable:  # the last worker but us removed it while we were waiting
        return _server.ensure_running()


test_cluster.__test__ = False  # a name for those who read tests, not a test


def leave_cluster() -> None:
    """Leave the cluster; the last worker stops it and removes its folder."""
    global _server
    if _server is not None:
        server, _server = _server, None
        server.release()
        server.remove()


def owner_connection(database: str = "postgres") -> psycopg.Connection:
    """A connection of the cluster's owner that commits each statement."""
    address = test_cluster()
    return psycopg.connect(
        host=address.host, port=address.port, user=address.superuser, password=address.password, dbname=database, autocommit=True
    )


def create_database(name: str, template: str | None = None) -> str:
    """An empty database, or a copy of `template` (to which nobody may be connected)."""
    order = sql.SQL("create database {} template {} strategy file_copy").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    with owner_connection() as connection:
        connection.execute(order)
    return name


def drop_database(name: str) -> None:
    """Whoever is still connected is thrown out."""
    with owner_connection() as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def template_database(name: str, build: Callable[[str], object]) -> str:
    """The database `name`, made once per run: the first worker creates it and calls `build(name)`, the others wait."""
    test_cluster()
    assert _server is not None
    with exclusive(_server.folder / f"template-{name}.lock", seconds=600):
        if not _is_built(name):
            drop_database(name)
            create_database(name)
            build(name)
            with owner_connection() as connection:
                connection.execute(sql.SQL("comment on database {} is 'built'").format(sql.Identifier(name)))
    return name


def _is_built(name: str) -> bool:
    """Marked at the end, so that a worker that died in the middle leaves nothing half built behind."""
    question = "select 1 from pg_database where datname = %s and shobj_description(oid, 'pg_database') = 'built'"
    with owner_connection() as connection:
        return connection.execute(question, [name]).fetchone() is not None


def _remove_abandoned() -> None:
    """The clusters of runs that were killed."""
    for folder in throw_away_place().glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another worker may remove it at the same time
            if time.time() - folder.stat().st_mtime > ABANDONED_AFTER_SECONDS:
                LocalServer(folder, throw_away=True).remove()
