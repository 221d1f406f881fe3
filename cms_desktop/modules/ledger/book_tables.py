"""Tables of the books besides accounts, journal and payments: posting rules, templates, closed periods, prints, exports."""

from __future__ import annotations

import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow

_EMPTY = sa.text("''::text")


def _author() -> orm.Mapped[int | None]:
    return orm.mapped_column(sa.Integer)


def _moment() -> orm.Mapped[datetime.datetime]:
    return orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))


def _of_account(column: str = "account_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id", column], ["ledger.account.company_id", "ledger.account.account_id"])


class AccountRole(Base):
    """What postings look for; deployed with the program."""

    __tablename__ = "account_role"
    __table_args__ = ({"schema": "ledger"},)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer)


class PostingRule(EditableRow, Base):
    __tablename__ = "posting_rule"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "service_type_id"], ["customers.service_type.company_id", "customers.service_type.service_type_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        _of_account(),
        sa.UniqueConstraint("company_id", "service_type_id", "vat_code_id", "customer_kind", "document_series_id", "valid_from"),
        {"schema": "ledger"},
    )
    posting_rule_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    service_type_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    vat_code_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    customer_kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    document_series_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("'2000-01-01'::date"))
    valid_to: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class JournalTemplate(CompanyRow, Base):
    __tablename__ = "journal_template"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "name"),
        {"schema": "ledger"},
    )
    journal_template_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    every_months: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    next_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    created_at: orm.Mapped[datetime.datetime] = _moment()
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))
    changed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    changed_by: orm.Mapped[int | None] = _author()
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))


class JournalTemplateLine(CompanyRow, Base):
    __tablename__ = "journal_template_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "journal_template_id"], ["ledger.journal_template.company_id", "ledger.journal_template.journal_template_id"]
        ),
        _of_account(),
        {"schema": "ledger"},
    )
    journal_template_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    line_no: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    is_debit: orm.Mapped[bool] = orm.mapped_column(sa.Boolean)
    amount: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    created_by: orm.Mapped[int | None] = _author()


class PeriodLock(CompanyRow, Base):
    __tablename__ = "period_lock"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "ledger"})
    period_lock_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    closed_until: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    created_at: orm.Mapped[datetime.datetime] = _moment()
    created_by: orm.Mapped[int | None] = _author()


class AccountBalance(CompanyRow, Base):
    __tablename__ = "account_balance"
    __table_args__ = (_of_account(), {"schema": "ledger"})
    account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    balance_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, primary_key=True)
    debit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))
    credit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))
    created_by: orm.Mapped[int | None] = _author()


class JournalPrint(CompanyRow, Base):
    __tablename__ = "journal_print"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "year", "first_number"),
        {"schema": "ledger"},
    )
    journal_print_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    year: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    first_number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    last_number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    until_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    debit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))
    created_at: orm.Mapped[datetime.datetime] = _moment()
    created_by: orm.Mapped[int | None] = _author()


class JournalExport(CompanyRow, Base):
    __tablename__ = "journal_export"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "number"),
        {"schema": "ledger"},
    )
    journal_export_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    from_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    until_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    is_repeat: orm.Mapped[bool] = orm.mapped_column(sa.Boolean)
    file_format: orm.Mapped[str] = orm.mapped_column(sa.Text)
    entry_count: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    debit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))
    file_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    content: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary)
    created_at: orm.Mapped[datetime.datetime] = _moment()
    created_by: orm.Mapped[int | None] = _author()


class JournalExportEntry(CompanyRow, Base):
    __tablename__ = "journal_export_entry"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "journal_entry_id"], ["ledger.journal_entry.company_id", "ledger.journal_entry.journal_entry_id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "journal_export_id"], ["ledger.journal_export.company_id", "ledger.journal_export.journal_export_id"]
        ),
        {"schema": "ledger"},
    )
    journal_entry_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    journal_export_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    created_by: orm.Mapped[int | None] = _author()
