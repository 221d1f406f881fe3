"""Tables of Customers. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow
from cms_desktop.modules.customers.tables.contracts import (
    ContractRenewal,
    ContractTransfer,
    PriceIndex,
    PriceRun,
    PriceRunLine,
    ServiceBilling,
    ServicePrice,
    ServiceSuspension,
    ServiceType,
)


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
    withholding_kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    withholding_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    withholding_rate: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("0"))
    withholding_share: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("100"))
    exemption_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    exemption_ends_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    ipa_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    administration_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    order_reference: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cig_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    cup_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    skipped_months: orm.Mapped[list[int]] = orm.mapped_column(postgresql.ARRAY(sa.Integer), server_default=sa.text("'{}'::integer[]"))
    skipped_to_day: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("10"))
    bank_branch: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    riba_fee_policy: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'none'::text"))
    riba_fee_amount: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    dunning_class: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'standard'::text"))
    credit_limit_amount: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(14, 2))
    invoice_grouping: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    invoice_delivery: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'none'::text"))
    delivery_email: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    state_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    state_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Balance(CompanyRow, Base):
    __tablename__ = "balance"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        {"schema": "customers"},
    )
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, primary_key=True)
    open_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    oldest_due_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class LifeCycleEvent(CompanyRow, Base):
    __tablename__ = "life_cycle_event"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"], ondelete="CASCADE"
        ),
        {"schema": "customers"},
    )
    life_cycle_event_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    from_state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    to_state: orm.Mapped[str] = orm.mapped_column(sa.Text)
    on_date: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class IntentLetter(EditableRow, Base):
    __tablename__ = "intent_letter"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        {"schema": "customers"},
    )
    intent_letter_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    issued_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    protocol: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    plafond_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    consumed_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    valid_to: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date)
    vat_code_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    revoked_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    received_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class Mandate(EditableRow, Base):
    __tablename__ = "mandate"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.UniqueConstraint("company_id", "reference"),
        {"schema": "customers"},
    )
    mandate_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    reference: orm.Mapped[str] = orm.mapped_column(sa.Text)
    scheme: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'CORE'::text"))
    is_one_off: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    creditor_identifier: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    holder_name: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    holder_tax_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    iban: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    signed_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'draft'::text"))
    state_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    state_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    sequence_state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'FRST'::text"))
    last_collected_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)


class MandateAmendment(CompanyRow, Base):
    __tablename__ = "mandate_amendment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "mandate_id"], ["customers.mandate.company_id", "customers.mandate.mandate_id"]),
        {"schema": "customers"},
    )
    mandate_amendment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    mandate_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    old_value: orm.Mapped[str] = orm.mapped_column(sa.Text)
    new_value: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'pending'::text"))
    sent_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    refused_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    accepted_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)


class Appointment(EditableRow, Base):
    __tablename__ = "appointment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id", "party_id"], ["registry.party.company_id", "registry.party.party_id"]),
        {"schema": "customers"},
    )
    appointment_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    role: orm.Mapped[str] = orm.mapped_column(sa.Text)
    party_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    share: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("100"))
    starts_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    ends_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Site(EditableRow, Base):
    __tablename__ = "site"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["istat_code"], ["base.town.istat_code"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "customers"},
    )
    site_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    search_key: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"), sa.Computed("base.fold(name)", persisted=True))
    search_text: orm.Mapped[str] = orm.mapped_column(
        sa.Text, sa.Computed("((((base.fold(name) || ' '::text) || base.fold(street)) || ' '::text) || base.fold(town))", persisted=True)
    )
    street: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    street_number: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    postal_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    town: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    istat_code: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    province_code: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    country: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'IT'::text"))
    latitude: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(9, 6))
    longitude: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(9, 6))
    phone: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    instructions: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_active: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("true"))


class SiteContact(EditableRow, Base):
    __tablename__ = "site_contact"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_person_id"], ["registry.contact_person.company_id", "registry.contact_person.contact_person_id"]
        ),
        sa.UniqueConstraint("company_id", "site_id", "contact_person_id"),
        {"schema": "customers"},
    )
    site_contact_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    site_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    contact_person_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    call_order: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    holds_keys: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Plant(EditableRow, Base):
    __tablename__ = "plant"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.UniqueConstraint("company_id", "code"),
        {"schema": "customers"},
    )
    plant_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    site_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    code: orm.Mapped[str] = orm.mapped_column(sa.Text(collation="C"))
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'intrusion'::text"))
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    maker: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    installed_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    removed_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class HeldKey(EditableRow, Base):
    __tablename__ = "held_key"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.ForeignKeyConstraint(["company_id", "plant_id"], ["customers.plant.company_id", "customers.plant.plant_id"]),
        {"schema": "customers"},
    )
    held_key_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    site_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    plant_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    number: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    piece_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))
    seal: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    kept_at: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    received_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=sa.text("CURRENT_DATE"))
    received_from: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))
    is_receipt_signed: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    returned_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    returned_to: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Contract(EditableRow, Base):
    __tablename__ = "contract"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "customer_id"], ["customers.customer.company_id", "customers.customer.customer_id"]),
        sa.ForeignKeyConstraint(["company_id", "payment_term_id"], ["base.payment_term.company_id", "base.payment_term.payment_term_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "replaces_contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]
        ),
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
    profile: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'business'::text"))
    signed_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    duration_months: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    renewal_months: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    notice_count: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    notice_unit: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'days'::text"))
    notice_channel: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'registered'::text"))
    deposit_amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2), server_default=sa.text("0"))
    deposit_received_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    deposit_returned_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    is_indexed: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    index_share: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(5, 2), server_default=sa.text("100"))
    index_base_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    index_month: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    index_cap: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(6, 3))
    index_floor: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(6, 3), server_default=sa.text("0"))
    replaces_contract_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    end_reason: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("''::text"))


class Service(EditableRow, Base):
    __tablename__ = "service"
    __table_args__ = (
        sa.ForeignKeyConstraint(["company_id", "contract_id"], ["customers.contract.company_id", "customers.contract.contract_id"]),
        sa.ForeignKeyConstraint(["company_id", "vat_code_id"], ["base.vat_code.company_id", "base.vat_code.vat_code_id"]),
        sa.ForeignKeyConstraint(
            ["company_id", "service_type_id"], ["customers.service_type.company_id", "customers.service_type.service_type_id"]
        ),
        sa.ForeignKeyConstraint(["company_id", "site_id"], ["customers.site.company_id", "customers.site.site_id"]),
        sa.ForeignKeyConstraint(["company_id", "replaces_service_id"], ["customers.service.company_id", "customers.service.service_id"]),
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
    service_type_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'recurring'::text"))
    site_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    unit_price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 4), server_default=sa.text("0"))
    minimum_quantity: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(12, 3))
    planned_quantity: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(12, 3))
    free_quota: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    quota_months: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("12"))
    pro_rata: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'actual'::text"))
    agent_share: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(5, 2))
    is_index_excluded: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    price_locked_until: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    replaces_service_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    is_advance: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))


__all__ = [
    "Appointment",
    "Balance",
    "Contract",
    "ContractRenewal",
    "ContractTransfer",
    "Customer",
    "HeldKey",
    "IntentLetter",
    "LifeCycleEvent",
    "Mandate",
    "MandateAmendment",
    "Plant",
    "PriceIndex",
    "PriceRun",
    "PriceRunLine",
    "Service",
    "ServiceBilling",
    "ServicePrice",
    "ServiceSuspension",
    "ServiceType",
    "Site",
]
