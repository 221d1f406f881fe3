"""Tables of Base. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow
from cms_desktop.modules.base.list_tables import MassChange, MassChangeRow, SharedView
from cms_desktop.modules.base.mail.tables import MailAccount, MailboxPosition, OutboxAttachment, OutboxKind, OutboxMessage
from cms_desktop.modules.base.master_tables import (
    AuditSeal,
    CalendarDay,
    CompanyImage,
    IntegrityCheck,
    IntegrityFinding,
    IntegrityRun,
    LawValue,
    LetterText,
    NationalHoliday,
    ParameterKind,
    SeriesKind,
    TownPatron,
)

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "BankAccount",
    "CalendarDay",
    "Company",
    "CompanyImage",
    "Counter",
    "DocumentCounter",
    "DocumentSeries",
    "Function",
    "IntegrityCheck",
    "IntegrityFinding",
    "IntegrityRun",
    "JobPreset",
    "LawValue",
    "LetterText",
    "MailAccount",
    "MailboxPosition",
    "MassChange",
    "MassChangeRow",
    "NationalHoliday",
    "OutboxAttachment",
    "OutboxKind",
    "OutboxMessage",
    "Parameter",
    "ParameterKind",
    "PasswordHistory",
    "PaymentInstallment",
    "PaymentTerm",
    "Permission",
    "Person",
    "PostalCode",
    "Preference",
    "Program",
    "Province",
    "SeriesKind",
    "Session",
    "SharedView",
    "Town",
    "TownPatron",
    "VatCode",
]


class AuditEntry(CompanyRow, Base):
    __tablename__ = "audit_entry"
    __table_args__ = {"schema": "base"}
    audit_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"))
    person_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    login: orm.Mapped[str] = orm.mapped_column(sa.Text)
    table_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    operation: orm.Mapped[str] = orm.mapped_column(sa.CHAR(1))
    row_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    record_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    row_before: orm.Mapped[Any | None] = orm.mapped_column(postgresql.JSONB)


class Province(Base):
    __tablename__ = "province"
    __table_args__ = {"schema": "base"}
    province_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    region: orm.Mapped[str] = orm.mapped_column(sa.Text)


class Town(Base):
    __tablename__ = "town"
    __table_args__ = (sa.ForeignKeyConstraint(["province_code"], ["base.province.province_code"]), {"schema": "base"})
    istat_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    cadastral_code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    search_key: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"))
    province_code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    valid_from: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    valid_to: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class PostalCode(Base):
    __tablename__ = "postal_code"
    __table_args__ = (sa.ForeignKeyConstraint(["istat_code"], ["base.town.istat_code"]), {"schema": "base"})
    postal_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    istat_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)


class Function(Base):
    __tablename__ = "function"
    __table_args__ = {"schema": "base"}
    function: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    module: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class JobPreset(Base):
    __tablename__ = "job_preset"
    __table_args__ = (sa.ForeignKeyConstraint(["function"], ["base.function.function"]), {"schema": "base"})
    preset: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    function: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)


class PriceIndexBase(Base):
    __tablename__ = "price_index_base"
    __table_args__ = {"schema": "base"}
    index_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    base_year: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    coefficient: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(10, 4))
    source: orm.Mapped[str] = orm.mapped_column(sa.Text)


class PriceIndex(Base):
    __tablename__ = "price_index"
    __table_args__ = (
        sa.ForeignKeyConstraint(["index_code", "base_year"], ["base.price_index_base.index_code", "base.price_index_base.base_year"]),
        {"schema": "base"},
    )
    index_code: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    month_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, primary_key=True)
    base_year: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    value: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(8, 2))
    source: orm.Mapped[str] = orm.mapped_column(sa.Text)


class Program(Base):
    __tablename__ = "program"
    __table_args__ = {"schema": "base"}
    only_row: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, primary_key=True, server_default=sa.text("true"))
    minimum_client_version: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'0.1.0'::text"))


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        sa.ForeignKeyConstraint(["created_by"], ["base.person.person_id"]),
        sa.UniqueConstraint("login"),
        sa.UniqueConstraint("role_name"),
        {"schema": "base"},
    )
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, sa.Identity(always=True), primary_key=True)
    login: orm.Mapped[str] = orm.mapped_column(sa.Text)
    role_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    display_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    job_title: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    email: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    rank: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'User'::text"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    must_change_password: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    password_changed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    expires_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    locked_until: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    __mapper_args__ = {"version_id_col": row_version}


class PasswordHistory(Base):
    __tablename__ = "password_history"
    __table_args__ = (sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]), {"schema": "base"})
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    set_at: orm.Mapped[datetime.datetime] = orm.mapped_column(
        sa.DateTime(timezone=True), primary_key=True, server_default=sa.text("clock_timestamp()")
    )
    hash: orm.Mapped[str] = orm.mapped_column(sa.Text)
    verifier_digest: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_temporary: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    change_wanted: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))


class Session(Base):
    __tablename__ = "session"
    __table_args__ = (
        sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["base.person.person_id"]),
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        {"schema": "base"},
    )
    session_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    opened_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    backend_pid: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    host: orm.Mapped[str] = orm.mapped_column(sa.Text)
    address: orm.Mapped[Any | None] = orm.mapped_column(postgresql.INET)
    client_version: orm.Mapped[str] = orm.mapped_column(sa.Text)
    token_digest: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    company_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    last_seen_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    idle_since: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    is_locked: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    ended_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    end_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    ended_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    end_note: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Preference(Base):
    __tablename__ = "preference"
    __table_args__ = (sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]), {"schema": "base"})
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    post: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    key: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    value: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)


class Company(CompanyRow, Base):
    __tablename__ = "company"
    __table_args__ = (sa.UniqueConstraint("company_id", "vat_number"), {"schema": "base"})
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    vat_number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    tax_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    fiscal_regime: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'RF01'::text"))
    street: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    street_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    postal_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    town: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    province_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    rea_office: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    rea_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    share_capital: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    is_sole_holder: orm.Mapped[bool | None] = orm.mapped_column(sa.Boolean)
    is_in_liquidation: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    phone: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    email: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    pec: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    website: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    istat_code: orm.Mapped[str | None] = orm.mapped_column(sa.Text, sa.ForeignKey("base.town.istat_code"))
    is_capital_paid_up: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    letterhead_lines: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    letterhead_foot: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    changed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    changed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    __mapper_args__ = {"version_id_col": row_version}


class Permission(CompanyRow, Base):
    __tablename__ = "permission"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["function"], ["base.function.function"]),
        sa.ForeignKeyConstraint(["person_id"], ["base.person.person_id"]),
        {"schema": "base"},
    )
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    function: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    granted_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Parameter(EditableRow, Base):
    __tablename__ = "parameter"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "key", "valid_from"),
        {"schema": "base"},
    )
    parameter_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    key: orm.Mapped[str] = orm.mapped_column(sa.Text)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("'1900-01-01'::date"))
    value: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    note: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class VatCode(EditableRow, Base):
    __tablename__ = "vat_code"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "replaced_by"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "base"},
    )
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    rate: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2))
    nature: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    legal_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    exigibility: orm.Mapped[str] = orm.mapped_column(sa.CHAR(1), server_default=sa.text("'I'::bpchar"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    valid_from: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    valid_to: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    replaced_by: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)


class PaymentTerm(EditableRow, Base):
    __tablename__ = "payment_term"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "base"},
    )
    payment_term_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    method: orm.Mapped[str] = orm.mapped_column(sa.Text)
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    skipped_months: orm.Mapped[list[int]] = orm.mapped_column(postgresql.ARRAY(sa.Integer), server_default=sa.text("'{}'::integer[]"))
    skipped_to_day: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("10"))


class PaymentInstallment(EditableRow, Base):
    __tablename__ = "payment_installment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "payment_term_id"], ["base.payment_term.company_id", "base.payment_term.payment_term_id"]),
        sa.UniqueConstraint("company_id", "payment_term_id", "position"),
        {"schema": "base"},
    )
    installment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    payment_term_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    position: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    share: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(7, 4))
    days: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    rule: orm.Mapped[str] = orm.mapped_column(sa.Text)
    fixed_day: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class DocumentSeries(EditableRow, Base):
    __tablename__ = "document_series"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "base"},
    )
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class DocumentCounter(CompanyRow, Base):
    __tablename__ = "document_counter"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        {"schema": "base"},
    )
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    year: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    last_number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, server_default=sa.text("0"))
    last_document_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))


class Counter(CompanyRow, Base):
    __tablename__ = "counter"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "base"})
    name: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    year: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)
    last_number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, server_default=sa.text("0"))


class BankAccount(EditableRow, Base):
    __tablename__ = "bank_account"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "iban"),
        {"schema": "base"},
    )
    bank_account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    iban: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sia_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cuc_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    creditor_identifier: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    credit_line_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    is_default: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    branch: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    bic: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
