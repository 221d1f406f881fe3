"""Tables of General invoicing. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow


class BillingRun(CompanyRow, Base):
    __tablename__ = "billing_run"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "number"),
        sa.ForeignKeyConstraint(["company_id", "credits_run_id"], ["billing.billing_run.company_id", "billing.billing_run.billing_run_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "run_template_id"], ["billing.run_template.company_id", "billing.run_template.run_template_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "retried_run_id"], ["billing.billing_run.company_id", "billing.billing_run.billing_run_id"]),
        {"schema": "billing"},
    )
    billing_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    period_start: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    period_end: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    document_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    grouping: orm.Mapped[str] = orm.mapped_column(sa.Text)
    invoice_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    total_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    payable_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    first_number: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    last_number: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    issued_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    issued_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    credits_run_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    parameters: orm.Mapped[dict[str, Any]] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    run_template_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    retried_run_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    refreshed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))


class RunExclusion(CompanyRow, Base):
    __tablename__ = "run_exclusion"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "billing_run_id"], ["billing.billing_run.company_id", "billing.billing_run.billing_run_id"]),
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        {"schema": "billing"},
    )
    run_exclusion_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    billing_run_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    contract_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    group_key: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)


class Invoice(CompanyRow, Base):
    __tablename__ = "invoice"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "billing_run_id"], ["billing.billing_run.company_id", "billing.billing_run.billing_run_id"]),
        sa.ForeignKeyConstraint(["company_id", "contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "payment_term_id"], ["base.payment_term.company_id", "base.payment_term.payment_term_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "intent_letter_id"], ["customers.intent_letter.company_id", "customers.intent_letter.intent_letter_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "supplier_id"], ["registry.party.company_id", "registry.party.party_id"]),
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    billing_run_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    document_type: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'TD01'::text"))
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    year: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    number: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    document_number: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    document_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    customer_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    contract_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    payment_term_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    buyer: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    total_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    payable_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    stamp_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    is_excluded: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    exclusion_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    issued_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    issued_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    withholding_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    fund_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    rounding_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    is_stamp_charged: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    intent_letter_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    intent_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    language: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'it'::text"))
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    is_vat_by_hand: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    pro_forma_number: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    pro_forma_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    compensates: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    releases_periods: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    supplier_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    supplier: orm.Mapped[Any | None] = orm.mapped_column(postgresql.JSONB)
    received_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    received_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    group_key: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    site_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)


class InvoiceLine(CompanyRow, Base):
    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.ForeignKeyConstraint(["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "service_type_id"], ["customers.service_type.company_id", "customers.service_type.service_type_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.ForeignKeyConstraint(["company_id", "account_id"], ["ledger.account.company_id", "ledger.account.account_id"]),
        sa.ForeignKeyConstraint(["company_id", "credited_invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    line_no: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    service_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    period_start: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    period_end: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    quantity: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(12, 3))
    unit_price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(18, 8))
    line_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    unit: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    discount_percent: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("0"))
    discount_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(18, 8), server_default=sa.text("0"))
    line_kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_withheld: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    service_type_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    site_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    account_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    credited_invoice_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    credited_line_no: orm.Mapped[int | None] = orm.mapped_column(sa.SmallInteger)
    holds_period: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class InvoiceVat(CompanyRow, Base):
    __tablename__ = "invoice_vat"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    rate: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2))
    nature: orm.Mapped[str] = orm.mapped_column(sa.Text)
    exigibility: orm.Mapped[str] = orm.mapped_column(sa.CHAR(1))
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class InvoiceWithholding(CompanyRow, Base):
    __tablename__ = "invoice_withholding"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    position: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text)
    rate: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2))
    share: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("100"))
    base_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class InvoiceFund(CompanyRow, Base):
    __tablename__ = "invoice_fund"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    position: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    rate: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2))
    base_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    is_withheld: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class InvoiceReference(CompanyRow, Base):
    __tablename__ = "invoice_reference"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.ForeignKeyConstraint(["company_id", "referred_invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    position: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    on_date: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    item: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    agreement_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cig_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cup_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    line_numbers: orm.Mapped[list[int]] = orm.mapped_column(sa.ARRAY(sa.SmallInteger), server_default=sa.text("'{}'::smallint[]"))
    referred_invoice_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Transmission(CompanyRow, Base):
    __tablename__ = "transmission"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "outbox_message_id"], ["base.outbox_message.company_id", "base.outbox_message.outbox_message_id"]
        ),
        sa.UniqueConstraint("company_id", "file_name"),
        {"schema": "billing"},
    )
    transmission_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    file_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'ready'::text"))
    sent_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    sdi_identifier: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    lot_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    answered_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    outbox_message_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)


class SdiMessage(CompanyRow, Base):
    __tablename__ = "sdi_message"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "transmission_id"], ["billing.transmission.company_id", "billing.transmission.transmission_id"]
        ),
        {"schema": "billing"},
    )
    sdi_message_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    transmission_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    channel: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    about_file: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sdi_identifier: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    message_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    received_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    delivered_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    recipient_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    recipient_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    note: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    errors: orm.Mapped[list[dict[str, str]]] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'[]'::jsonb"))
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    sha256: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class MonthTotal(CompanyRow, Base):
    __tablename__ = "month_total"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "billing"})
    month_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, primary_key=True)
    invoice_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, server_default=sa.text("0"))
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2), server_default=sa.text("0"))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2), server_default=sa.text("0"))
    total_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2), server_default=sa.text("0"))


class FileTotal(CompanyRow, Base):
    """Moves of files between states; their sums are what the dashboard shows."""

    __tablename__ = "file_total"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "billing"})
    file_total_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    file_count: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))
    total_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 2))


class UnpostedInvoice(CompanyRow, Base):
    """Issued, not posted yet: only in companies that review before they post."""

    __tablename__ = "unposted_invoice"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"], ondelete="CASCADE"
        ),
        {"schema": "billing"},
    )
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    document_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
