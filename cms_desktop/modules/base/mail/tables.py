"""Tables of mail and of the outbox. A test holds them equal to the database."""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow

_NOW = sa.text("now()")
_Moment = sa.DateTime(timezone=True)


def _text(default: str = "") -> orm.Mapped[str]:
    return orm.mapped_column(sa.Text, server_default=sa.text(f"'{default}'::text"))


def _moment() -> orm.Mapped[datetime.datetime | None]:
    return orm.mapped_column(_Moment)


def _identity() -> orm.Mapped[int]:
    return orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _of_account(ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "mail_account_id"], ["base.mail_account.company_id", "base.mail_account.mail_account_id"], ondelete=ondelete
    )


def _of_company() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"])


class OutboxKind(Base):
    __tablename__ = "outbox_kind"
    __table_args__ = {"schema": "base"}
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    function: orm.Mapped[str] = _text()
    purpose: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class MailAccount(EditableRow, Base):
    __tablename__ = "mail_account"
    __table_args__ = (_of_company(), sa.UniqueConstraint("company_id", "name"), {"schema": "base"})
    mail_account_id: orm.Mapped[int] = _identity()
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    purpose: orm.Mapped[str] = _text("ordinary")
    from_address: orm.Mapped[str] = orm.mapped_column(sa.Text)
    from_name: orm.Mapped[str] = _text()
    user_name: orm.Mapped[str] = _text()
    smtp_host: orm.Mapped[str] = orm.mapped_column(sa.Text)
    smtp_port: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("465"))
    smtp_security: orm.Mapped[str] = _text("tls")
    imap_host: orm.Mapped[str] = _text()
    imap_port: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("993"))
    imap_folder: orm.Mapped[str] = _text("INBOX")
    most_per_minute: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("30"))
    is_default: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class MailboxPosition(CompanyRow, Base):
    __tablename__ = "mailbox_position"
    __table_args__ = (
        _of_account(ondelete="CASCADE"),
        sa.UniqueConstraint("company_id", "mail_account_id", "folder"),
        {"schema": "base"},
    )
    mailbox_position_id: orm.Mapped[int] = _identity()
    mail_account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    folder: orm.Mapped[str] = orm.mapped_column(sa.Text)
    uid_validity: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    last_uid: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    read_at: orm.Mapped[datetime.datetime] = orm.mapped_column(_Moment, server_default=_NOW)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(_Moment, server_default=_NOW)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class OutboxMessage(CompanyRow, Base):
    __tablename__ = "outbox_message"
    __table_args__ = (
        _of_company(),
        _of_account(),
        sa.ForeignKeyConstraint(["kind"], ["base.outbox_kind.kind"]),
        sa.UniqueConstraint("company_id", "header_id"),
        {"schema": "base"},
    )
    outbox_message_id: orm.Mapped[int] = _identity()
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    purpose: orm.Mapped[str] = orm.mapped_column(sa.Text)
    recipient: orm.Mapped[str] = orm.mapped_column(sa.Text)
    recipient_name: orm.Mapped[str] = _text()
    subject: orm.Mapped[str] = orm.mapped_column(sa.Text)
    body: orm.Mapped[str] = orm.mapped_column(sa.Text)
    language: orm.Mapped[str] = _text("it")
    source_table: orm.Mapped[str] = _text()
    source_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, server_default=sa.text("0"))
    copy_number: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    header_id: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = _text("queued")
    attempts: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    next_attempt_at: orm.Mapped[datetime.datetime] = orm.mapped_column(_Moment, server_default=_NOW)
    lease_until: orm.Mapped[datetime.datetime | None] = _moment()
    leased_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    token_digest: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary)
    handed_over_at: orm.Mapped[datetime.datetime | None] = _moment()
    mail_account_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    sent_at: orm.Mapped[datetime.datetime | None] = _moment()
    accepted_at: orm.Mapped[datetime.datetime | None] = _moment()
    delivered_at: orm.Mapped[datetime.datetime | None] = _moment()
    reply: orm.Mapped[str] = _text()
    decided_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    decided_at: orm.Mapped[datetime.datetime | None] = _moment()
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(_Moment, server_default=_NOW)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class OutboxAttachment(CompanyRow, Base):
    __tablename__ = "outbox_attachment"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "outbox_message_id"],
            ["base.outbox_message.company_id", "base.outbox_message.outbox_message_id"],
            ondelete="CASCADE",
        ),
        {"schema": "base"},
    )
    outbox_attachment_id: orm.Mapped[int] = _identity()
    outbox_message_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    media_type: orm.Mapped[str] = _text("application/octet-stream")
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(_Moment, server_default=_NOW)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
