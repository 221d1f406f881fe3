"""Where the jobs run: a cluster of their own with the settings every local server has, removed at the end."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.local_server.account import service_account
from cms_desktop.db.login import LoginSession, log_in
from cms_desktop.db.profile import ConnectionProfile
from server_schema import deploy, setup

PASSWORD = "lampada vento 41 tegole"
COMPANY_VAT = "01234567897"


class Place:
    """The cluster; started at the first question."""

    def __init__(self) -> None:
        self._server: LocalServer | None = None

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.release()
            shutil.rmtree(self._server.folder, ignore_errors=True)

    @property
    def server(self) -> LocalServer:
        if self._server is None:
            account = service_account()
            places = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))
            folder = next((place for place in places if place.is_dir() and account.may_enter(place)), places[0])
            self._server = LocalServer(folder / f"cms-bench-{uuid.uuid4().hex[:8]}", use_keyring=False)
        return self._server

    def owner(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """The owner of the cluster; commits each statement."""
        at = self.server.ensure_running()
        return psycopg.connect(host=at.host, port=at.port, user=at.superuser, password=at.password, dbname=database, autocommit=True)

    def new_database(self, name: str) -> psycopg.Connection[Any]:
        """A deployed database without companies, and the owner's connection to it."""
        with self.owner() as connection:
            connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        owner = self.owner(name)
        deploy.bootstrap(owner)
        deploy.deploy(owner)
        return owner

    def drop_database(self, name: str) -> None:
        with self.owner() as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def log_in(self, database: str, login: str) -> LoginSession:
        """An open session of a person made with `admit`."""
        at = self.server.ensure_running()
        return log_in(ConnectionProfile("benchmark", f"{at.host}:{at.port}", database, is_local=True), login, PASSWORD)


def admit(owner: psycopg.Connection[Any], login: str, companies: list[int], preset: str) -> None:
    """A person with the functions of a preset in these companies."""
    person = setup.create_person(owner, companies[0], login, login.replace(".", " ").title(), PASSWORD, must_change=False)
    for company in companies:
        setup.grant_preset(owner, company, person, preset)
