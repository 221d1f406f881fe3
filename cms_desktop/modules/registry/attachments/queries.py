"""Questions about attachments. The content itself comes through `transfer`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry.attachments.records import Attachment as AttachmentRecord
from cms_desktop.modules.registry.attachments.tables import Attachment
from cms_desktop.modules.registry.notes.queries import about
from cms_desktop.modules.registry.notes.records import Subject

MOST = 500
_attachment: Any = Attachment.__table__.c
_author: Any = sa.alias(Person.__table__, "author")
_remover: Any = sa.alias(Person.__table__, "remover")
_other: Any = sa.alias(Attachment.__table__, "other")
_OF_DOCUMENT = sa.and_(_other.c.company_id == _attachment.company_id, _other.c.document_id == _attachment.document_id)
_VERSIONS = sa.select(sa.func.count(_other.c.attachment_id)).where(_OF_DOCUMENT).correlate(Attachment.__table__).scalar_subquery()
_NEWER = sa.select(_other.c.attachment_id).where(_OF_DOCUMENT, _other.c.version > _attachment.version, _other.c.removed_at.is_(None))
_COLUMNS = (
    _attachment.attachment_id, _attachment.document_id, _attachment.version, _VERSIONS.label("versions"), _attachment.subject_table,
    _attachment.name, _attachment.media_type, _attachment.description, _attachment.byte_count, _attachment.created_at,
    _attachment.created_by.label("author_id"), sa.func.coalesce(_author.c.display_name, "").label("author"), _attachment.removed_at,
    sa.func.coalesce(_remover.c.display_name, "").label("remover"),
)  # fmt: skip
_SOURCE = sa.outerjoin(Attachment.__table__, _author, _author.c.person_id == _attachment.created_by).outerjoin(
    _remover, _remover.c.person_id == _attachment.removed_by
)


def _record(row: Any) -> AttachmentRecord:
    return AttachmentRecord(**{key: getattr(row, key) for key in AttachmentRecord.__dataclass_fields__})


def list_attachments(unit: UnitOfWork, subject: Subject, *, most: int = MOST) -> list[AttachmentRecord]:
    """Of a record, the newest version of each document that was not removed; for a party of all its records that this person may read."""
    statement = (
        sa.select(*_COLUMNS)
        .select_from(_SOURCE)
        .where(
            _attachment.company_id == unit.company_id,
            about(_attachment, subject),
            _attachment.removed_at.is_(None),
            sa.not_(sa.exists(_NEWER.correlate(Attachment.__table__))),
        )
        .order_by(_attachment.attachment_id.desc())
        .limit(most)
    )
    return [_record(row) for row in unit.rows(statement)]


def count_attachments(unit: UnitOfWork, subject: Subject) -> int:
    """How many documents a record has."""
    documents = sa.func.count(sa.distinct(_attachment.document_id))
    where = (_attachment.company_id == unit.company_id, about(_attachment, subject), _attachment.removed_at.is_(None))
    return int(unit.value(sa.select(documents).where(*where)))


def list_versions(unit: UnitOfWork, document_id: int) -> list[AttachmentRecord]:
    """All versions of a document, the newest first; removed ones have no content any more."""
    statement = (
        sa.select(*_COLUMNS)
        .select_from(_SOURCE)
        .where(_attachment.company_id == unit.company_id, _attachment.document_id == document_id)
        .order_by(_attachment.version.desc())
    )
    return [_record(row) for row in unit.rows(statement)]


def attachment_limit(unit: UnitOfWork) -> int:
    """Bytes of one attachment at the most."""
    return int(unit.call("registry.attachment_limit"))
