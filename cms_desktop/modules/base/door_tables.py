"""Tables of the door of the installation: its rules, who was refused, who is locked. A test holds them equal to the database."""

from __future__ import annotations

import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base


class SecurityRule(Base):
    __tablename__ = "security_rule"
    __table_args__ = (sa.ForeignKeyConstraint(["changed_by"], ["base.person.person_id"]), {"schema": "base"})
    only_row: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, primary_key=True, server_default=sa.text("true"))
    attempts: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("5"))
    window_minutes: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("15"))
    lock_minutes: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("15"))
    everywhere_attempts: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("30"))
    password_length: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("12"))
    password_days: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    password_reuse: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("8"))
    temporary_days: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("7"))
    keep_log_days: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("400"))
    changed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    changed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))


class LoginRefusal(Base):
    __tablename__ = "login_refusal"
    __table_args__ = (sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]), {"schema": "base"})
    refusal_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    person_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    minute: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    address: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text)
    application: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    attempts: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    is_spent: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))


class DoorLock(Base):
    __tablename__ = "door_lock"
    __table_args__ = (sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]), {"schema": "base"})
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    address: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    step: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    attempts: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    locked_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    locked_until: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True))
