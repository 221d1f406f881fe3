"""A large document into the database and out again, as a person through the guarded functions; beside the owner writing and reading the
same chunks of a bare table on the same connection settings: no rights, no hashes, no limits, no integrity check."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measure import Measure, seconds_of
from benchmarks.place import COMPANY_VAT, Place, admit
from cms_desktop.db.login import LoginSession
from cms_desktop.modules.registry.attachments import actions, transfer
from cms_desktop.modules.registry.attachments.records import CHUNK, Outgoing
from cms_desktop.modules.registry.notes.records import Subject
from server_schema import setup

DATABASE = "attachments"
MEGABYTE = 1024 * 1024


def run(place: Place, quick: bool) -> Iterator[Measure]:
    megabytes = 2 if quick else 100
    with place.new_database(DATABASE) as owner, tempfile.TemporaryDirectory() as folder:
        company = setup.found_company(owner, "Vigilanza di Misura S.r.l.", COMPANY_VAT)
        admit(owner, "alba.allegati", [company], "commerciale")
        owner.execute("insert into registry.party (company_id, name) values (%s, 'Cliente')", (company,))
        owner.execute("create table public.bare (position int primary key, bytes bytea not null)")
        owner.execute("alter table public.bare alter column bytes set storage external")
        source = Path(folder) / "documento.bin"
        with source.open("wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(MEGABYTE))
        session = place.log_in(DATABASE, "alba.allegati")
        with place.owner(DATABASE) as bare:
            bare.autocommit = False
            least_in = seconds_of(lambda: _write_bare(bare, source))
            took_in = seconds_of(lambda: _attach(session, company, source))
            least_out = seconds_of(lambda: _read_bare(bare, Path(folder) / "nudo.bin"))
            took_out = seconds_of(lambda: _fetch(session, company, Path(folder) / "letto.bin"))
        session.close()
        assert (Path(folder) / "letto.bin").read_bytes() == source.read_bytes() == (Path(folder) / "nudo.bin").read_bytes()
    place.drop_database(DATABASE)
    yield Measure("attachments", megabytes, took_in, least_in, {"what": "MB attached"})
    yield Measure("attachments", megabytes, took_out, least_out, {"what": "MB read and checked"})


def _attach(session: LoginSession, company: int, source: Path) -> None:
    with session.database.unit_of_work(company) as unit:
        actions.attach(unit, Subject("registry.party", 1), Outgoing(source.name, source))


def _fetch(session: LoginSession, company: int, target: Path) -> None:
    with session.database.unit_of_work(company) as unit:
        transfer.fetch_to(unit, 1, target)


def _write_bare(connection: psycopg.Connection[Any], source: Path) -> None:
    with source.open("rb") as file, connection.cursor() as cursor:
        place = 0
        while part := file.read(CHUNK):
            cursor.execute("insert into public.bare values (%s, %b)", (place, part))
            place += 1
    connection.commit()


def _read_bare(connection: psycopg.Connection[Any], target: Path) -> None:
    with target.open("wb") as file, connection.cursor("reading", binary=True) as cursor:
        cursor.itersize = 8
        cursor.execute("select bytes from public.bare order by position")
        for (part,) in cursor:
            file.write(part)
    connection.commit()
