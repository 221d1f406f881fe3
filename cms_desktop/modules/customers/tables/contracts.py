"""Tables of contracts: types of service, prices, suspensions, renewals, takeovers, price runs."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow


class PriceIndex(EditableRow, Base):
    """A month of an index that the company entered itself."""

    __tablename__ = "price_index"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "index_code", "month_on"),
        {"schema": "customers"},
    )
    price_index_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    index_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'FOI'::text"))
    month_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    base_year: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    value: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(8, 2))


class ServiceType(EditableRow, Base):
    """What the company sells: how it is counted, its list price and its usual VAT."""

    __tablename__ = "service_type"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "customers"},
    )
    service_type_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'recurring'::text"))
    unit: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    list_price: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(14, 4))
    vat_code_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    account_key: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'revenue'::text"))
    night_starts_at: orm.Mapped[datetime.time] = orm.mapped_column(sa.Time, server_default=sa.text("'22:00:00'::time without time zone"))
    night_ends_at: orm.Mapped[datetime.time] = orm.mapped_column(sa.Time, server_default=sa.text("'06:00:00'::time without time zone"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    invoice_text: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class ServicePrice(CompanyRow, Base):
    """What a line costs from a day on. Written by the server."""

    __tablename__ = "service_price"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["company_id", "price_run_id"], ["customers.price_run.company_id", "customers.price_run.price_run_id"]),
        sa.UniqueConstraint("company_id", "service_id", "band", "valid_from"),
        {"schema": "customers"},
    )
    service_price_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    service_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    band: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 4))
    origin: orm.Mapped[str] = orm.mapped_column(sa.Text)
    price_run_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    is_applied: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class ServiceSuspension(EditableRow, Base):
    """Days in which a line is not billed."""

    __tablename__ = "service_suspension"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"], ondelete="CASCADE"
        ),
        {"schema": "customers"},
    )
    service_suspension_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    service_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    starts_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    ends_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    mode: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'days'::text"))
    is_yearly: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))


class ServiceBilling(CompanyRow, Base):
    """How far a line is in invoices and previews. Filled by billing."""

    __tablename__ = "service_billing"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"], ondelete="CASCADE"
        ),
        {"schema": "customers"},
    )
    service_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    first_billed_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    billed_until: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class ContractRenewal(EditableRow, Base):
    """An agreed renewal: the contract goes on until another day."""

    __tablename__ = "contract_renewal"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        {"schema": "customers"},
    )
    contract_renewal_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    old_end_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    new_end_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    agreed_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class ContractTransfer(CompanyRow, Base):
    """A takeover: which contract went on as which one of another customer. Written by the server."""

    __tablename__ = "contract_transfer"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "from_contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        sa.ForeignKeyConstraint(["company_id", "to_contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        sa.ForeignKeyConstraint(["company_id", "from_customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id", "to_customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.UniqueConstraint("company_id", "from_contract_id"),
        {"schema": "customers"},
    )
    contract_transfer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    from_contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    to_contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    from_customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    to_customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    deed: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class PriceRun(CompanyRow, Base):
    """A change of many prices at once. Written by the server."""

    __tablename__ = "price_run"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "number"),
        {"schema": "customers"},
    )
    price_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    effective_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    parameters: orm.Mapped[dict[str, Any]] = orm.mapped_column(postgresql.JSONB)
    index_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    line_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    contract_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    excluded_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    old_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2), server_default=sa.text("0"))
    new_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2), server_default=sa.text("0"))
    confirmed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    confirmed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    undone_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    undone_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    letters_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class PriceRunLine(CompanyRow, Base):
    """One price of one line in a run. Written by the server."""

    __tablename__ = "price_run_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "price_run_id"], ["customers.price_run.company_id", "customers.price_run.price_run_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        {"schema": "customers"},
    )
    price_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    service_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    band: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    contract_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    quantity: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(12, 3))
    old_price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 4))
    new_price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 4))
    percent: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(9, 4))
    base_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
