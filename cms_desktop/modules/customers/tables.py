"""Tables of Customers. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow


class Customer(EditableRow, Base):
    __tablename__ = "customer"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["registry.party.company_id", "registry.party.party_id"]),
        sa.ForeignKeyConstraint(["company_id", "payment_term_id"], ["base.payment_term.company_id", "base.payment_term.payment_term_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "customers"},
    )
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'active'::text"))
    since_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    recipient_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_split_payment: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    is_withholding: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    is_stamp_charged: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    vat_code_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    payment_term_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    iban: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    bank_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Balance(CompanyRow, Base):
    __tablename__ = "balance"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        {"schema": "customers"},
    )
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    open_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    oldest_due_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class Contract(EditableRow, Base):
    __tablename__ = "contract"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id", "payment_term_id"], ["base.payment_term.company_id", "base.payment_term.payment_term_id"]),
        sa.UniqueConstraint("company_id", "number"),
        {"schema": "customers"},
    )
    contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'active'::text"))
    starts_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    ends_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    payment_term_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    order_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cig_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cup_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Service(EditableRow, Base):
    __tablename__ = "service"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        {"schema": "customers"},
    )
    service_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    quantity: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(12, 3), server_default=sa.text("1"))
    monthly_price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 4))
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    frequency_months: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    anchor_month: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    is_in_advance: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    starts_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    ends_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    is_suspended: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
