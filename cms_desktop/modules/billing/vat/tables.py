"""Tables of the VAT books. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow

NOTHING = sa.text("0")


class VatCollection(CompanyRow, Base):
    __tablename__ = "vat_collection"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id", "vat_code_id"],
            ["billing.invoice_vat.company_id", "billing.invoice_vat.invoice_id", "billing.invoice_vat.vat_code_id"],
        ),
        sa.ForeignKeyConstraint(["company_id", "payment_id"], ["ledger.payment.company_id", "ledger.payment.payment_id"]),
        {"schema": "billing"},
    )
    vat_collection_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    vat_code_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    payment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    due_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class VatSettlement(CompanyRow, Base):
    __tablename__ = "vat_settlement"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "billing"})
    vat_settlement_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    period_start: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    period_end: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'draft'::text"))
    purchases_net: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    purchases_vat: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    year_credit: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    tax_credits: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    advance_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    active_net: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    passive_net: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    due_vat: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    deducted_vat: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    carried_debt: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    carried_credit: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    interest_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    result_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=NOTHING)
    is_carried: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    payable_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    snapshot: orm.Mapped[dict[str, Any]] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    confirmed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    confirmed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class RegisterPrint(CompanyRow, Base):
    __tablename__ = "register_print"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        {"schema": "billing"},
    )
    register_print_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    register: orm.Mapped[str] = orm.mapped_column(sa.Text)
    document_series_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    month_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    first_page: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    page_count: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    row_count: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    net_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    vat_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    sha256: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
