"""Contents to and from the database, chunk by chunk: neither side ever holds the whole.

Each way stops at the next chunk when the work is cancelled, and tells its progress in bytes. What is read is compared with the digest
that the database keeps: SHA-256 over the SHA-256 of the chunks.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import pathlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from cms_desktop.core.errors import AppError, Cancelled, InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.attachments.records import CHUNK, Outgoing

IN_FLIGHT = 8  # chunks sent or asked for at once: 2 MB under way hide the distance to the server
SEND = "select registry.add_chunk(%s, %s, %s, %b)"
EXPECT = "select byte_count, chunk_count, digest from registry.open_attachment(%s, %s)"
READ = "select part from registry.read_chunks(%s, %s, %s, %s) order by place"


class AttachmentDamaged(AppError):
    """What was read is not what was attached."""

    key = "attachment_damaged"


def send(unit: UnitOfWork, document: Outgoing) -> int:
    """Send a content; returns the number of the upload, to be attached in the same unit of work."""
    try:
        total = document.byte_count()
        source: BinaryIO = document.path.open("rb") if document.path is not None else io.BytesIO(document.content)
    except OSError as error:
        raise InvalidInput("«{name}» non si può leggere: {reason}.", name=document.name, reason=error.strerror or str(error)) from error
    with source:
        upload = int(unit.call("registry.begin_upload", total))
        connection, done = unit.driver, 0
        with connection.cursor() as cursor:
            for first, batch in _batches(source, document):
                _stop_if_cancelled(unit)
                with connection.pipeline():
                    for place, part in enumerate(batch, first):
                        cursor.execute(SEND, (unit.company_id, upload, place, part))
                        done += len(part)
                unit.on_progress(done, max(total, done), "attach")
    return upload


def _batches(source: BinaryIO, document: Outgoing) -> Iterator[tuple[int, list[bytes]]]:
    """(place of the first, chunks) of a few chunks each."""
    first = 0
    while True:
        try:
            batch = [part for part in (source.read(CHUNK) for _ in range(IN_FLIGHT)) if part]
        except OSError as error:
            raise InvalidInput("«{name}» non si può leggere: {reason}.", name=document.name, reason=error.strerror or str(error)) from error
        if not batch:
            return
        yield first, batch
        first += len(batch)


def fetch(unit: UnitOfWork, attachment_id: int, target: BinaryIO) -> int:
    """Write a content into `target`; returns its bytes. Raises AttachmentDamaged when it is not what was attached."""
    whole, done = hashlib.sha256(), 0
    with unit.driver.cursor(binary=True) as cursor:
        expected: Any = cursor.execute(EXPECT, (unit.company_id, attachment_id)).fetchone()
        total, chunks, digest = expected
        for first in range(0, chunks, IN_FLIGHT):
            _stop_if_cancelled(unit)
            for (part,) in cursor.execute(READ, (unit.company_id, attachment_id, first, IN_FLIGHT)):
                target.write(part)
                whole.update(hashlib.sha256(part).digest())
                done += len(part)
            unit.on_progress(done, total, "fetch")
    if done != total or whole.digest() != digest:
        raise AttachmentDamaged("L'allegato è danneggiato nel database: ripristinalo da una copia di sicurezza e avvisa l'amministratore.")
    return done


def fetch_to(unit: UnitOfWork, attachment_id: int, path: pathlib.Path) -> pathlib.Path:
    """Write a content into a file; nothing is left of one that could not be read to its end."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as target:
            fetch(unit, attachment_id, target)
        part.replace(path)
    except OSError as error:
        raise InvalidInput("«{name}» non si può scrivere: {reason}.", name=str(path), reason=error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return path


def _stop_if_cancelled(unit: UnitOfWork) -> None:
    if unit.is_cancelled:
        raise Cancelled
