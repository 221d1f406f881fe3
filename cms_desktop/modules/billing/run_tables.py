"""Tables of billing runs besides the documents: templates, and what is charged by use. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow


class RunTemplate(EditableRow, Base):
    __tablename__ = "run_template"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "document_series_id"], ["base.document_series.company_id", "base.document_series.document_series_id"]
        ),
        sa.UniqueConstraint("company_id", "name"),
        {"schema": "billing"},
    )
    run_template_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    months: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    document_day: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'start'::text"))
    document_series_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    grouping: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'contract'::text"))
    parameters: orm.Mapped[dict[str, Any]] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class ChargeableItem(EditableRow, Base):
    __tablename__ = "chargeable_item"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["company_id", "service_id"], ["customers.service.company_id", "customers.service.service_id"]),
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], ["billing.invoice.company_id", "billing.invoice.invoice_id"]),
        sa.UniqueConstraint("company_id", "source", "source_id"),
        {"schema": "billing"},
    )
    chargeable_item_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    service_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    site_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    starts_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    ends_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    quantity: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(12, 3))
    band: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    source: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'manual'::text"))
    source_id: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("(gen_random_uuid())::text"))
    voided_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    voided_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    void_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    invoice_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    charged_quantity: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(16, 6))


class ChargedPart(CompanyRow, Base):
    __tablename__ = "charged_part"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "chargeable_item_id"], ["billing.chargeable_item.company_id", "billing.chargeable_item.chargeable_item_id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_id", "line_no"],
            ["billing.invoice_line.company_id", "billing.invoice_line.invoice_id", "billing.invoice_line.line_no"],
        ),
        {"schema": "billing"},
    )
    chargeable_item_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    part: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    invoice_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    line_no: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger)
    quantity: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(16, 6))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
