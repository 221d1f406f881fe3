"""Tables of Base, second part: calendar, parameters of the law, letters, images, checks of the books. Import them from tables."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow

_COMPANY = ("company_id",), ("base.company.company_id",)


class CompanyImage(EditableRow, Base):
    __tablename__ = "company_image"
    __table_args__ = (sa.ForeignKeyConstraint(*_COMPANY), sa.UniqueConstraint("company_id", "kind"), {"schema": "base"})
    company_image_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'logo'::text"))
    media_type: orm.Mapped[str] = orm.mapped_column(sa.Text)
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    pixel_width: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    pixel_height: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class SeriesKind(EditableRow, Base):
    __tablename__ = "series_kind"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        sa.UniqueConstraint("company_id", "document_series_id", "document_type", "is_public_body"),
        {"schema": "base"},
    )
    series_kind_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    document_type: orm.Mapped[str] = orm.mapped_column(sa.Text)
    is_public_body: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    is_default: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))


class NationalHoliday(Base):
    __tablename__ = "national_holiday"
    __table_args__ = {"schema": "base"}
    holiday: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    month: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    day: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    easter_offset: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    valid_to: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    law: orm.Mapped[str] = orm.mapped_column(sa.Text)


class TownPatron(Base):
    __tablename__ = "town_patron"
    __table_args__ = {"schema": "base"}
    istat_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    month: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    day: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    easter_offset: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class CalendarDay(EditableRow, Base):
    __tablename__ = "calendar_day"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_COMPANY),
        sa.ForeignKeyConstraint(["istat_code"], ["base.town.istat_code"]),
        {"schema": "base"},
    )
    calendar_day_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    istat_code: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    starts_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    ends_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    is_yearly: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    easter_offset: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class ParameterKind(Base):
    __tablename__ = "parameter_kind"
    __table_args__ = {"schema": "base"}
    key: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    note: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    value_kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    choices: orm.Mapped[list[str]] = orm.mapped_column(postgresql.ARRAY(sa.Text), server_default=sa.text("'{}'::text[]"))
    lowest: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric)
    highest: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric)
    is_law: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    law: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    period: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class LawValue(Base):
    __tablename__ = "law_value"
    __table_args__ = (sa.ForeignKeyConstraint(["key"], ["base.parameter_kind.key"]), {"schema": "base"})
    key: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, primary_key=True)
    value: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    source: orm.Mapped[str] = orm.mapped_column(sa.Text)


class LetterText(EditableRow, Base):
    __tablename__ = "letter_text"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_COMPANY),
        sa.UniqueConstraint("company_id", "kind", "language", "valid_from"),
        {"schema": "base"},
    )
    letter_text_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    language: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'it'::text"))
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("'1900-01-01'::date"))
    subject: orm.Mapped[str] = orm.mapped_column(sa.Text)
    body: orm.Mapped[str] = orm.mapped_column(sa.Text)


class IntegrityCheck(Base):
    __tablename__ = "integrity_check"
    __table_args__ = {"schema": "base"}
    check_key: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    meaning: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    remedy: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    query: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class IntegrityRun(CompanyRow, Base):
    __tablename__ = "integrity_run"
    __table_args__ = (sa.ForeignKeyConstraint(*_COMPANY), {"schema": "base"})
    integrity_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    origin: orm.Mapped[str] = orm.mapped_column(sa.Text)
    started_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"))
    finished_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    check_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    finding_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class IntegrityFinding(CompanyRow, Base):
    __tablename__ = "integrity_finding"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "integrity_run_id"], ["base.integrity_run.company_id", "base.integrity_run.integrity_run_id"]
        ),
        sa.UniqueConstraint("company_id", "integrity_run_id", "check_key"),
        {"schema": "base"},
    )
    integrity_finding_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    integrity_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    check_key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    row_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    samples: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class AuditSeal(CompanyRow, Base):
    __tablename__ = "audit_seal"
    __table_args__ = (sa.ForeignKeyConstraint(*_COMPANY), sa.UniqueConstraint("company_id", "last_audit_id"), {"schema": "base"})
    audit_seal_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    sealed_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"))
    first_audit_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    last_audit_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    entry_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    digest: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
