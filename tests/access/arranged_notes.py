"""Rows of notes, tasks, notices and attachments in company 1, made the way the program makes them."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.house import House


def attach(
    connection: psycopg.Connection[Any], content: bytes, table: str, record: int, name: str = "documento.pdf", *, company: int = 1
) -> int:
    """An attachment made by whoever the connection belongs to; returns its id."""
    with connection.transaction():
        upload = value(connection, "select registry.begin_upload(%s, %s)", company, len(content))
        for place, start in enumerate(range(0, len(content), 262_144)):
            connection.execute(
                "select registry.add_chunk(%s, %s, %s, %s)", (company, upload, place, content[start : start + 262_144])
            )  # fmt: skip
        return int(value(connection, "select registry.attach(%s, %s, %s, %s, %s)", company, upload, table, record, name))


def value(connection: psycopg.Connection[Any], query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def arrange_notes(house: House) -> None:
    with house.owner() as owner:
        owner.execute("update base.person set rank = 'Resp' where login in ('marta.bellini', 'anna.admin')")
        owner.execute(
            "insert into registry.hourly_cost (company_id, valid_from, amount) values (1, '2020-01-01', 30)"
        )  # fmt: skip
        party = value(owner, "select min(party_id) from registry.party where company_id = 1")
    with house.person("anna.admin") as anna, house.person("marta.bellini") as marta, house.person("carlo.conti") as carlo:
        marta.execute(
            "insert into base.notice_choice (company_id, person_id, kind, choice) values (1, sec.person_id(), 'registry.task_done', 'digest')"
        )  # fmt: skip
        note = value(
            marta, "select registry.write_note(1, 'registry.party', %s, 'Richiamare', executor => 3)", party
        )  # fmt: skip
        carlo.execute("select registry.take_task(1, %s)", (note,))
        carlo.execute("select registry.complete_task(1, %s, 'Fatto', 15)", (note,))
        anna.execute("select registry.write_note(1, 'registry.party', %s, 'Riservata', private => true)", (party,))
        attach(marta, b"un contratto", "customers.customer", party)
