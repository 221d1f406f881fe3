"""What Gestione Clienti hands to the screens."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class CustomerRow:
    """A row of the list of customers. Amounts in euro; `monthly_fee` is that of the services in force today."""

    customer_id: int
    code: str
    name: str
    kind: str
    vat_number: str
    tax_code: str
    town: str
    province_code: str
    state: str
    monthly_fee: Decimal
    contract_count: int
    open_amount: Decimal
    oldest_due_on: datetime.date | None
    is_overdue: bool
    since_on: datetime.date
    payment_term: str
    classes: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Customer:
    """A whole customer: `values` are the fields of party and customer by name; the two versions guard against lost updates."""

    customer_id: int
    values: Mapping[str, Any]
    party_version: int
    customer_version: int
    changed_by: str
    contract_count: int
    monthly_fee: Decimal
    open_amount: Decimal = Decimal(0)
    counts: Mapping[str, int] = field(default_factory=dict)  # sites, mandates, letters, people


@dataclass(frozen=True)
class ContractRow:
    """A row of the list of contracts."""

    contract_id: int
    number: str
    title: str
    customer_id: int
    customer_name: str
    state: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    service_count: int
    monthly_fee: Decimal


@dataclass(frozen=True)
class Service:
    """A recurring service (canone). `monthly_price` euro a month without VAT; `anchor_month` starts a period. New ones have id 0."""

    service_id: int
    description: str
    quantity: Decimal
    monthly_price: Decimal
    vat_code_id: int
    frequency_months: int
    anchor_month: int
    is_in_advance: bool
    starts_on: datetime.date
    ends_on: datetime.date | None
    is_suspended: bool = False
    row_version: int = 0
    service_type_id: int | None = None
    kind: str = "recurring"
    site_id: int | None = None
    unit_price: Decimal = Decimal(0)  # of the other kinds: an hour, a passage, an intervention, the whole
    minimum_quantity: Decimal | None = None  # hours billed at the least
    planned_quantity: Decimal | None = None  # passages a month
    free_quota: int | None = None  # interventions without charge in `quota_months`
    quota_months: int = 12
    pro_rata: str = "actual"
    agent_share: Decimal | None = None
    is_index_excluded: bool = False
    is_advance: bool = False  # a one-off line invoiced before the balance, and taken off it
    price_locked_until: datetime.date | None = None
    replaces_service_id: int | None = None
    bands: tuple[tuple[str, Decimal], ...] = ()  # prices of night, holiday, overtime today
    billed_until: datetime.date | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Contract:
    """A contract with its services."""

    contract_id: int
    customer_id: int
    number: str
    title: str
    state: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    payment_term_id: int | None
    order_reference: str
    cig_code: str
    cup_code: str
    row_version: int
    services: tuple[Service, ...] = ()
    profile: str = "business"
    signed_on: datetime.date | None = None
    duration_months: int | None = None
    renewal_months: int | None = None
    notice_count: int = 0
    notice_unit: str = "days"
    notice_channel: str = "registered"
    deposit_amount: Decimal = Decimal(0)
    deposit_received_on: datetime.date | None = None
    deposit_returned_on: datetime.date | None = None
    is_indexed: bool = False
    index_share: Decimal = Decimal(100)
    index_base_on: datetime.date | None = None
    index_month: int | None = None
    index_cap: Decimal | None = None
    index_floor: Decimal = Decimal(0)
    replaces_contract_id: int | None = None
    end_reason: str = ""


@dataclass(frozen=True)
class Choice:
    """An entry of a drop list: id, code and words."""

    choice_id: int
    code: str
    text: str
    rate: Decimal | None = None


@dataclass(frozen=True)
class ServiceTypeChoice:
    """A type of service as a line takes it over."""

    service_type_id: int
    code: str
    text: str
    kind: str
    list_price: Decimal | None
    vat_code_id: int | None
    unit: str


@dataclass(frozen=True)
class FormChoices:
    """What the forms of customers and contracts offer."""

    vat_codes: tuple[Choice, ...]
    payment_terms: tuple[Choice, ...]
    service_types: tuple[ServiceTypeChoice, ...] = ()


@dataclass(frozen=True)
class RecordFound:
    """A hit of the global search: `kind` is customer or contract."""

    kind: str
    record_id: int
    customer_id: int
    text: str
    detail: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class DashboardFigures:
    """The figures of the dashboard; every one equals the count or sum of a list with the filter behind it."""

    active: int
    new_this_month: int
    new_last_month: int
    monthly_fee: Decimal
    ending_contracts: int
    incomplete: int
    overdue: int
    overdue_amount: Decimal
    started_this_year: tuple[int, ...]
    started_last_year: tuple[int, ...]
    provinces: tuple[tuple[str, int], ...] = field(default=())
