"""Tables of Registry. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow

EMPTY = sa.text("''::text")
TODAY = sa.text("CURRENT_DATE")


def _of_party(column: str = "party_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id", column], ["registry.party.company_id", "registry.party.party_id"])


def _of_contact() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "contact_person_id"], ["registry.contact_person.company_id", "registry.contact_person.contact_person_id"]
    )


def _classified(column: str) -> sa.ForeignKeyConstraint:
    value = "registry.classification_value"
    return sa.ForeignKeyConstraint(["company_id", column], [f"{value}.company_id", f"{value}.classification_value_id"])


def _identity() -> orm.Mapped[int]:
    return orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _text() -> orm.Mapped[str]:
    return orm.mapped_column(sa.Text, server_default=EMPTY)


class Party(EditableRow, Base):
    __tablename__ = "party"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]),
        sa.ForeignKeyConstraint(["istat_code"], ["base.town.istat_code"]),
        _of_party("survivor_id"),
        *(_classified(f"class_{position}") for position in range(1, 8)),
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
    fax: orm.Mapped[str] = _text()
    mobile: orm.Mapped[str] = _text()
    survivor_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    erased_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    class_1: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_2: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_3: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_4: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_5: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_6: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    class_7: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    language: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'it'::text"))
    created_on: orm.Mapped[datetime.date] = orm.mapped_column(
        sa.Date, sa.Computed("((created_at AT TIME ZONE 'Europe/Rome'::text))::date", persisted=True)
    )


class Classification(EditableRow, Base):
    __tablename__ = "classification"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "registry"})
    classification_id: orm.Mapped[int] = _identity()
    position: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class ClassificationValue(EditableRow, Base):
    __tablename__ = "classification_value"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "position"], ["registry.classification.company_id", "registry.classification.position"]),
        {"schema": "registry"},
    )
    classification_value_id: orm.Mapped[int] = _identity()
    position: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class PartyRole(EditableRow, Base):
    __tablename__ = "party_role"
    __table_args__ = (_of_party(), {"schema": "registry"})
    party_role_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text)
    since_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=TODAY)
    until_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    search_key: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"), sa.FetchedValue())


class SectionCount(CompanyRow, Base):
    __tablename__ = "section_count"
    __table_args__ = (sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"]), {"schema": "registry"})
    section_count_id: orm.Mapped[int] = _identity()
    section: orm.Mapped[str] = orm.mapped_column(sa.Text)
    month: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    parties: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)


class ContactPerson(EditableRow, Base):
    __tablename__ = "contact_person"
    __table_args__ = (_of_party(), {"schema": "registry"})
    contact_person_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    search_key: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"), sa.Computed("base.fold(name)", persisted=True))
    search_text: orm.Mapped[str] = orm.mapped_column(
        sa.Text,
        sa.Computed(
            "((((((((((((base.fold(name) || ' '::text) || base.fold(job)) || ' '::text) || lower(email)) || ' '::text) || lower(pec)) "
            "|| ' '::text) || registry.phone_key(work_phone)) || ' '::text) || registry.phone_key(private_phone)) || ' '::text) "
            "|| registry.phone_key(mobile))",
            persisted=True,
        ),
    )
    job: orm.Mapped[str] = _text()
    work_phone: orm.Mapped[str] = _text()
    private_phone: orm.Mapped[str] = _text()
    mobile: orm.Mapped[str] = _text()
    email: orm.Mapped[str] = _text()
    pec: orm.Mapped[str] = _text()
    notes: orm.Mapped[str] = _text()
    acts_for: orm.Mapped[list[str]] = orm.mapped_column(postgresql.ARRAY(sa.Text), server_default=sa.text("'{}'::text[]"))
    sort_order: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    valid_from: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    valid_to: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class Refusal(EditableRow, Base):
    __tablename__ = "refusal"
    __table_args__ = (
        _of_party(),
        _of_contact(),
        {"schema": "registry"},
    )
    refusal_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    contact_person_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    channel: orm.Mapped[str] = orm.mapped_column(sa.Text)
    refused_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=TODAY)
    origin: orm.Mapped[str] = _text()
    withdrawn_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    withdrawn_origin: orm.Mapped[str] = _text()


class WrittenRow(CompanyRow):
    """Mixin of tables that only functions write: who, and nothing to version."""

    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))


class PrivacyRequest(WrittenRow, Base):
    __tablename__ = "privacy_request"
    __table_args__ = (_of_party(), _of_contact(), {"schema": "registry"})
    privacy_request_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    contact_person_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    origin: orm.Mapped[str] = orm.mapped_column(sa.Text)
    report: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))


class Twin(EditableRow, Base):
    __tablename__ = "twin"
    __table_args__ = (_of_party(), _of_party("other_id"), {"schema": "registry"})
    twin_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    other_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    reasons: orm.Mapped[list[str]] = orm.mapped_column(postgresql.ARRAY(sa.Text))
    verdict: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'open'::text"))


class Merge(WrittenRow, Base):
    __tablename__ = "merge"
    __table_args__ = (_of_party("survivor_id"), _of_party("merged_id"), {"schema": "registry"})
    merge_id: orm.Mapped[int] = _identity()
    survivor_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    merged_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    taken: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    report: orm.Mapped[Any] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'::jsonb"))
    undone_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    undone_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))


class MergeRow(WrittenRow, Base):
    __tablename__ = "merge_row"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "merge_id"], ["registry.merge.company_id", "registry.merge.merge_id"]),
        {"schema": "registry"},
    )
    merge_row_id: orm.Mapped[int] = _identity()
    merge_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    table_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    column_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    record_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    version_now: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    value_before: orm.Mapped[Any | None] = orm.mapped_column(postgresql.JSONB)
