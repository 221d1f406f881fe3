"""The local server as a client finds it."""

from __future__ import annotations

import shutil
import uuid

import psycopg

from cms_desktop.db.local_house import open_local
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.profile import LOCAL
from server_schema import deploy
from tests.cluster import throw_away_place


def test_a_first_start_makes_database_and_schema_and_a_second_one_keeps_them() -> None:
    folder = throw_away_place() / f"cms-local-{uuid.uuid4().hex[:8]}"
    server = LocalServer(folder, throw_away=True)
    try:
        first = open_local(server, LOCAL)
        assert first == open_local(server, LOCAL)
        address = server.ensure_running()
        words = {"host": address.host, "port": address.port, "user": address.superuser, "password": address.password}
        with psycopg.connect(**words, dbname=LOCAL.database) as connection:  # type: ignore[arg-type]
            assert deploy.status(connection).pending == ()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
