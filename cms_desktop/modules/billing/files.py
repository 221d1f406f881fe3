"""Files of invoices between the database and a folder."""

from __future__ import annotations

import os
import pathlib

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.tables import Transmission


def sent_contents(unit: UnitOfWork, transmission_ids: list[int]) -> list[tuple[str, bytes]]:
    """Names and contents of files marked sent, in order of name."""
    return _contents(unit, transmission_ids, "sent")


def ready_contents(unit: UnitOfWork, transmission_ids: list[int]) -> list[tuple[str, bytes]]:
    """Names and contents of files that wait to be sent, in order of name."""
    return _contents(unit, transmission_ids, "ready")


def _contents(unit: UnitOfWork, transmission_ids: list[int], state: str) -> list[tuple[str, bytes]]:
    c = Transmission.__table__.c
    wanted = sa.bindparam("ids", transmission_ids, sa.ARRAY(sa.BigInteger))
    where = (c.company_id == unit.company_id, c.transmission_id == sa.any_(wanted), c.state == state)
    return [(row.file_name, row.content) for row in unit.rows(sa.select(c.file_name, c.content).where(*where).order_by(c.file_name))]


def write_whole(path: pathlib.Path, content: bytes) -> pathlib.Path:
    """A file appears under its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    return path
