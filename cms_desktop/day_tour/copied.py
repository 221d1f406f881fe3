"""The demo database, copied for one tour."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import psycopg
from psycopg import sql

from cms_desktop.core.errors import AppError
from cms_desktop.db.local_server import LocalServer, ServerAddress, default_folder
from cms_desktop.db.profile import LOCAL, ConnectionProfile
from server_schema import deploy

NAME = "cms_day_tour"


@contextlib.contextmanager
def copied_demo(source: str = "cms") -> Iterator[ConnectionProfile]:
    """A profile of the copy; the copy is dropped at the end, the local server released."""
    server = LocalServer(default_folder())
    address = server.ensure_running()
    try:
        _drop(address)
        try:
            _run(address, sql.SQL("create database {} template {}").format(sql.Identifier(NAME), sql.Identifier(source)))
        except psycopg.errors.ObjectInUse as error:
            raise AppError("I dati dimostrativi sono in uso: chiudi gli altri CMS Desktop e riprova.") from error
        except psycopg.errors.InvalidCatalogName as error:
            raise AppError("Mancano i dati dimostrativi: esegui «cms-admin init» e «cms-admin demo».") from error
        with _connected(address, NAME) as connection:
            deploy.close_doors(connection)
        yield replace(LOCAL, database=NAME, role_prefix=source)
        _drop(address)
    finally:
        server.release()


def _connected(address: ServerAddress, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=address.host, port=address.port, user=address.superuser, password=address.password, dbname=database, autocommit=True
    )


def _run(address: ServerAddress, statement: sql.Composed) -> None:
    with _connected(address, "postgres") as connection:
        connection.execute(statement)


def _drop(address: ServerAddress) -> None:
    _run(address, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))
