"""Tables of Bank effects. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow


class EffectBatch(CompanyRow, Base):
    __tablename__ = "effect_batch"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "bank_account_id"], ["base.bank_account.company_id", "base.bank_account.bank_account_id"]),
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.UniqueConstraint("company_id", "number"),
        {"schema": "bank_effects"},
    )
    effect_batch_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'riba'::text"))
    state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    bank_account_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    due_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    due_to: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    effect_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    total_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    file_name: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    file_content: orm.Mapped[bytes | None] = orm.mapped_column(sa.LargeBinary)
    presented_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    presented_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Effect(CompanyRow, Base):
    __tablename__ = "effect"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "effect_batch_id"], ["bank_effects.effect_batch.company_id", "bank_effects.effect_batch.effect_batch_id"]
        ),
        sa.UniqueConstraint("company_id", "receipt_number"),
        {"schema": "bank_effects"},
    )
    effect_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    effect_batch_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    receipt_number: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    due_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    debtor: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    debtor_abi: orm.Mapped[str] = orm.mapped_column(sa.Text)
    debtor_cab: orm.Mapped[str] = orm.mapped_column(sa.Text)
    reference: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'presented'::text"))
    outcome_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class EffectItem(CompanyRow, Base):
    __tablename__ = "effect_item"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "effect_id"], ["bank_effects.effect.company_id", "bank_effects.effect.effect_id"]),
        sa.ForeignKeyConstraint(["company_id", "open_item_id"], ["ledger.open_item.company_id", "ledger.open_item.open_item_id"]),
        {"schema": "bank_effects"},
    )
    effect_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    open_item_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    is_living: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
