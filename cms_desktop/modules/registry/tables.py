"""Tables of Registry. A test holds them equal to the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, EditableRow


class Party(EditableRow, Base):
    __tablename__ = "party"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["istat_code"], ["base.town.istat_code"]),
        {"schema": "registry"},
    )
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'company'::text"))
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    search_key: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"), sa.Computed("base.fold(name)", persisted=True))
    search_text: orm.Mapped[str] = orm.mapped_column(
        sa.Text,
        sa.Computed(
            "((((((base.fold(name) || ' '::text) || COALESCE(vat_number, ''::text)) || ' '::text) || lower(COALESCE(tax_code, ''::text))) || ' '::text) || base.fold(town))",
            persisted=True,
        ),
    )
    first_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    last_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    vat_country: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'IT'::text"))
    vat_number: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    tax_code: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    street: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    street_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    postal_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    town: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    istat_code: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    province_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    country: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'IT'::text"))
    phone: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    email: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    pec: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    website: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
