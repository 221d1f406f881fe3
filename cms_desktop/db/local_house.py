"""The local server made ready for a client: running, with the database and the schema of this program in it."""

from __future__ import annotations

import dataclasses

import psycopg

from cms_desktop.core.errors import WrongVersion
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.profile import ConnectionProfile
from server_schema import deploy, setup


def open_local(server: LocalServer, profile: ConnectionProfile) -> ConnectionProfile:
    """Start or join the local server; a first start makes database and schema. Returns the profile with the port filled in.

    Raises ServerUnreachable (the server), WrongVersion (a database newer than this program).
    """
    address = server.ensure_running()
    words = {"host": address.host, "port": address.port, "user": address.superuser, "password": address.password, "autocommit": True}
    with psycopg.connect(**words, dbname="postgres") as maintenance:  # type: ignore[arg-type]
        if setup.ensure_database(maintenance, profile.database):
            setup.close_neighbours(maintenance)
    with psycopg.connect(**words, dbname=profile.database) as connection:  # type: ignore[arg-type]
        if deploy.status(connection).pending:
            try:
                deploy.bootstrap(connection)
                deploy.deploy(connection)
            except deploy.SchemaChanged as error:
                raise WrongVersion("Il database locale è di un'altra versione del programma: aggiorna il programma e riprova.") from error
    return dataclasses.replace(profile, hosts=f"{address.host}:{address.port}")
