"""Tables of notices. A test holds them equal to the database."""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow

_EMPTY = sa.text("''::text")
_NOW = sa.text("now()")
_FALSE = sa.text("false")


def _of_company() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"])


def _of_person(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["base.person.person_id"])


def _of_kind() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["kind"], ["base.notice_kind.kind"])


class NoticeKind(Base):
    __tablename__ = "notice_kind"
    __table_args__ = {"schema": "base"}
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    module: orm.Mapped[str] = orm.mapped_column(sa.Text)
    may_wait: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class NoticeChoice(CompanyRow, Base):
    __tablename__ = "notice_choice"
    __table_args__ = (_of_company(), _of_person("person_id"), _of_kind(), {"schema": "base"})
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    choice: orm.Mapped[str] = orm.mapped_column(sa.Text)


class Notice(CompanyRow, Base):
    __tablename__ = "notice"
    __table_args__ = (_of_company(), _of_person("person_id"), _of_person("author_id"), _of_kind(), {"schema": "base"})
    notice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    author_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    body: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    read_function: orm.Mapped[str] = orm.mapped_column(sa.Text)
    min_rank: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    party_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    subject_table: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    subject_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    source_table: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    source_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=_NOW)
    due_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=_NOW)
    is_digest: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=_FALSE)
    is_kept: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=_FALSE)
    read_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    done_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
