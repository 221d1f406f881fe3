"""Tables of attachments. A test holds them equal to the database."""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow

_EMPTY = sa.text("''::text")
_NOW = sa.text("now()")
_ME = sa.text("sec.person_id()")


def _of_content() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id", "content_id"], ["registry.content.company_id", "registry.content.content_id"])


class Content(CompanyRow, Base):
    __tablename__ = "content"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "registry"})
    content_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'arriving'::text"))
    digest: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary)
    byte_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, server_default=sa.text("0"))
    chunk_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=_NOW)
    created_by: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class ContentChunk(CompanyRow, Base):
    __tablename__ = "content_chunk"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "content_id"], ["registry.content.company_id", "registry.content.content_id"], ondelete="CASCADE"
        ),
        {"schema": "registry"},
    )
    content_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    position: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    digest: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary, sa.Computed("sha256(bytes)", persisted=True))
    part: orm.Mapped[bytes] = orm.mapped_column("bytes", sa.LargeBinary)


class Attachment(CompanyRow, Base):
    """People may read every column but `content_id`: select columns, never the whole entity."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "party_id"], ["registry.party.company_id", "registry.party.party_id"]),
        _of_content(),
        sa.ForeignKeyConstraint(["removed_by"], ["base.person.person_id"]),
        {"schema": "registry"},
    )
    attachment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    document_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    version: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    party_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    subject_table: orm.Mapped[str] = orm.mapped_column(sa.Text)
    subject_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    read_function: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    media_type: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'application/octet-stream'::text"))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    byte_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    content_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    removed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    removed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=_NOW)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=_ME)
