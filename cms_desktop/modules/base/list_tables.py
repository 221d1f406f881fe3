"""Tables of lists: views shared with colleagues, changes of many records at once. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, EditableRow


class SharedView(EditableRow, Base):
    __tablename__ = "shared_view"
    __table_args__ = (sa.UniqueConstraint("company_id", "list", "name"), {"schema": "base"})
    shared_view_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    list: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    view: orm.Mapped[dict[str, Any]] = orm.mapped_column(postgresql.JSONB)


class MassChange(EditableRow, Base):
    __tablename__ = "mass_change"
    __table_args__ = ({"schema": "base"},)
    mass_change_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    list: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    row_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    undone_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))


class MassChangeRow(EditableRow, Base):
    __tablename__ = "mass_change_row"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "mass_change_id"], ["base.mass_change.company_id", "base.mass_change.mass_change_id"]),
        {"schema": "base"},
    )
    mass_change_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    table_name: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    record_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    version: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    before: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(postgresql.JSONB)
