"""Is the door watched on this server? What must be set so that refused logins are counted, and how to set it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True)
class Point:
    """One condition: what it is, whether it is met, what to do when it is not."""

    text: str
    is_well: bool
    remedy: str = ""


def look(connection: psycopg.Connection[Any]) -> list[Point]:
    """The conditions in order of importance. Settings that this login may not read count as not met."""
    shown = {
        name: _setting(connection, name) for name in ("logging_collector", "log_destination", "log_hostname", "shared_preload_libraries")
    }
    version = connection.info.server_version
    return [
        Point(
            "Gli accessi rifiutati si leggono dal registro del server",
            shown["logging_collector"] == "on" and "jsonlog" in shown["log_destination"],
            "in postgresql.conf metti logging_collector = on e log_destination = 'stderr,jsonlog', poi riavvia PostgreSQL",
        ),
        Point("Gli indirizzi si scrivono come numeri", shown["log_hostname"] == "off", "in postgresql.conf metti log_hostname = off"),
        Point(
            "Anche gli accessi con psql rispettano il blocco",
            _is_watching(connection),
            "serve PostgreSQL 17 o successivo" if version < 170000 else "esegui «cms-admin init» come amministratore del server",
        ),
        Point(
            "Dopo una password sbagliata il server aspetta prima di rispondere",
            "auth_delay" in shown["shared_preload_libraries"],
            "in postgresql.conf metti shared_preload_libraries = 'auth_delay' e auth_delay.milliseconds = 500, poi riavvia PostgreSQL",
        ),
        _reading(connection),
    ]


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("select setting from pg_settings where name = %s", (name,)).fetchone()
    return str(row[0]) if row else ""


def _is_watching(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "select exists (select from pg_event_trigger where evtname = 'cms_watch_login' and evtenabled <> 'D')"
    ).fetchone()
    return bool(row and row[0])


def _reading(connection: psycopg.Connection[Any]) -> Point:
    """Reads what the log grew by, as every login does, and says whether anything had to be skipped."""
    text = "Il registro si legge per intero"
    try:
        with connection.transaction():
            connection.execute("set local role cms_gatekeeper")
            connection.execute("select sec.read_refusals()")
            row = connection.execute("select skipped_bytes from sec.log_position").fetchone()
    except psycopg.Error as error:
        return Point(text, False, str(error.diag.message_primary or error))
    skipped = int(row[0]) if row else 0
    return Point(text, skipped == 0, f"{skipped} byte saltati perché troppi in una volta: forse un attacco, guarda il registro del server")
