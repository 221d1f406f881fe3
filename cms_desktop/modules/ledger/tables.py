"""Tables of the books. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow


class Account(EditableRow, Base):
    __tablename__ = "account"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "parent_id"], ["ledger.account.company_id", "ledger.account.account_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "ledger"},
    )
    account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    parent_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    is_postable: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class JournalEntry(CompanyRow, Base):
    __tablename__ = "journal_entry"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "reverses_id"], ["ledger.journal_entry.company_id", "ledger.journal_entry.journal_entry_id"]
        ),
        sa.UniqueConstraint("company_id", "source", "source_id"),
        {"schema": "ledger"},
    )
    journal_entry_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    source: orm.Mapped[str] = orm.mapped_column(sa.Text)
    source_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    number: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    reverses_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class JournalLine(CompanyRow, Base):
    __tablename__ = "journal_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "account_id"], ["ledger.account.company_id", "ledger.account.account_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "journal_entry_id"], ["ledger.journal_entry.company_id", "ledger.journal_entry.journal_entry_id"]
        ),
        {"schema": "ledger"},
    )
    journal_entry_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    line_no: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    customer_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    debit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    credit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class OpenItem(CompanyRow, Base):
    __tablename__ = "open_item"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.UniqueConstraint("company_id", "source", "source_id", "installment"),
        {"schema": "ledger"},
    )
    open_item_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    source: orm.Mapped[str] = orm.mapped_column(sa.Text)
    source_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    installment: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger)
    document_number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    document_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    due_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    method: orm.Mapped[str] = orm.mapped_column(sa.Text)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    settled_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    open_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), sa.Computed("(amount - settled_amount)", persisted=True))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Payment(CompanyRow, Base):
    __tablename__ = "payment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "bank_account_id"], ["base.bank_account.company_id", "base.bank_account.bank_account_id"]),
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "refunds_id"], ["ledger.payment.company_id", "ledger.payment.payment_id"]),
        {"schema": "ledger"},
    )
    payment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    method: orm.Mapped[str] = orm.mapped_column(sa.Text)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    bank_account_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'receipt'::text"))
    reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    unallocated_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    bounced_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    bounce_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    refunds_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    bank_line_key: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Allocation(CompanyRow, Base):
    __tablename__ = "allocation"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "open_item_id"], ["ledger.open_item.company_id", "ledger.open_item.open_item_id"]),
        sa.ForeignKeyConstraint(["company_id", "payment_id"], ["ledger.payment.company_id", "ledger.payment.payment_id"]),
        {"schema": "ledger"},
    )
    allocation_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    payment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    open_item_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
