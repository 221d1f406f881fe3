"""What attachments hand to the screens."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import dataclass

CHUNK = 262_144  # bytes of a chunk; the database holds all but the last to it


@dataclass(frozen=True)
class Attachment:
    """One version of a document on a record. `versions`: how many there are, removed ones included."""

    attachment_id: int
    document_id: int
    version: int
    versions: int
    subject_table: str
    name: str
    media_type: str
    description: str
    byte_count: int
    created_at: datetime.datetime
    author_id: int | None
    author: str
    removed_at: datetime.datetime | None
    remover: str

    @property
    def suffix(self) -> str:
        """Small letters, with the dot."""
        return pathlib.PurePath(self.name).suffix.lower()


@dataclass(frozen=True)
class Outgoing:
    """Something to be attached: a file, or bytes that came from the clipboard."""

    name: str
    path: pathlib.Path | None = None
    content: bytes = b""

    def byte_count(self) -> int:
        return self.path.stat().st_size if self.path is not None else len(self.content)
