"""Tables of Base: imports. Import them from tables."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow


class ImportRun(CompanyRow, Base):
    __tablename__ = "import_run"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "base"})
    import_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    target: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'done'::text"))
    file_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    sha256: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    mapping: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    row_count: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    created_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    changed_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    duplicate_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    error_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    undone_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    undone_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class ImportRow(CompanyRow, Base):
    __tablename__ = "import_row"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "import_run_id"], ["base.import_run.company_id", "base.import_run.import_run_id"]),
        {"schema": "base"},
    )
    import_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    table_name: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    record_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    line_no: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    operation: orm.Mapped[str] = orm.mapped_column(sa.CHAR(1))
    name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    row_before: orm.Mapped[Any | None] = orm.mapped_column(postgresql.JSONB)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
