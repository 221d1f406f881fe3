"""What Registry hands to the screens."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cms_desktop.core.errors import AppError


@dataclass(frozen=True)
class Town:
    """A municipality with its postal codes (several for a large one); `abolished_on` when it is one no more."""

    istat_code: str
    name: str
    province_code: str
    postal_codes: tuple[str, ...] = ()
    abolished_on: datetime.date | None = None


@dataclass(frozen=True)
class KnownParty:
    """A party that has the same partita IVA or codice fiscale."""

    party_id: int
    name: str
    town: str


@dataclass(frozen=True)
class Twin:
    """A party that may be the one being written. `reasons`: vat_number, tax_code, phone, name."""

    party_id: int
    name: str
    town: str
    reasons: tuple[str, ...]
    likeness: float


@dataclass(frozen=True)
class PartyRow:
    """A line of the list of parties. `classes` are ids of values, by field; `refused` the channels."""

    party_id: int
    name: str
    kind: str
    roles: tuple[str, ...]
    vat_number: str
    tax_code: str
    first_name: str
    last_name: str
    town: str
    province_code: str
    country: str
    phone: str
    email: str
    created_on: datetime.date
    classes: tuple[int | None, ...]
    refused: tuple[str, ...]
    is_incomplete: bool
    is_erased: bool


@dataclass(frozen=True)
class Role:
    """customer, supplier or prospect, since when; `until_on` when it ended."""

    party_role_id: int
    role: str
    since_on: datetime.date
    until_on: datetime.date | None
    row_version: int


@dataclass(frozen=True)
class Party:
    """A party with everything its form shows."""

    party_id: int
    values: Mapping[str, Any]
    row_version: int
    roles: tuple[Role, ...]
    created_on: datetime.date
    changed_by: str
    contact_count: int
    merged: tuple[KnownParty, ...]
    survivor: KnownParty | None
    erased_on: datetime.date | None


@dataclass(frozen=True)
class Contact:
    """A person of the rubrica. `party_name` is whom they belong to."""

    contact_person_id: int
    party_id: int
    party_name: str
    name: str
    job: str
    work_phone: str
    private_phone: str
    mobile: str
    email: str
    pec: str
    notes: str
    acts_for: tuple[str, ...]
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    is_active: bool
    row_version: int


@dataclass(frozen=True)
class Refusal:
    """Somebody does not want advertising by a channel; withdrawn when `withdrawn_on` is set."""

    refusal_id: int
    channel: str
    contact_person_id: int | None
    contact_name: str
    refused_on: datetime.date
    origin: str
    withdrawn_on: datetime.date | None
    withdrawn_origin: str
    row_version: int


@dataclass(frozen=True)
class ClassValue:
    value_id: int
    name: str
    is_active: bool
    row_version: int
    sort_order: int = 0


@dataclass(frozen=True)
class ClassField:
    """One of the seven fields of classification as the company named it, with its values in order."""

    position: int
    name: str
    is_active: bool
    row_version: int
    values: tuple[ClassValue, ...] = ()

    def choices(self) -> tuple[tuple[int, str], ...]:
        """(id, name) of the values that may be chosen."""
        return tuple((one.value_id, one.name) for one in self.values if one.is_active)


@dataclass(frozen=True)
class TwinPair:
    """Two parties suspected to be one."""

    twin_id: int
    party_id: int
    name: str
    town: str
    other_id: int
    other_name: str
    other_town: str
    reasons: tuple[str, ...]
    created_at: datetime.datetime
    row_version: int


@dataclass(frozen=True)
class TableMoves:
    """How many rows of a table a merge moves, and how many stay."""

    table: str
    moves: int
    stays: int


@dataclass(frozen=True)
class MergePreview:
    """What merging would do. `fields`: key → (survivor's value, merged party's value)."""

    survivor_id: int
    merged_id: int
    survivor_version: int
    merged_version: int
    obstacle: AppError | None
    tables: tuple[TableMoves, ...]
    open_amount: Decimal
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class MergeRow:
    merge_id: int
    survivor_id: int
    survivor_name: str
    merged_id: int
    merged_name: str
    moved_rows: int
    created_at: datetime.datetime
    author: str
    undone_at: datetime.datetime | None


@dataclass(frozen=True)
class ErasureLine:
    """One table in the report of an erasure: what happens (clear, shorten, delete, keep) and why it stays."""

    table: str
    rows: int
    what: str
    why: str


@dataclass(frozen=True)
class ErasureReport:
    obstacle: AppError | None
    until: datetime.date | None
    lines: tuple[ErasureLine, ...]


@dataclass(frozen=True)
class PrivacyRequest:
    """A line of the register of requests (export, erasure). `contact_name`: the person of the rubrica it is about; else the party itself."""

    privacy_request_id: int
    kind: str
    origin: str
    created_at: datetime.datetime
    author: str
    contact_name: str = ""


@dataclass(frozen=True)
class Reached:
    """Where advertising goes to, or why it does not: refused, no_address, erased, merged."""

    party_id: int
    address: str
    left_out: str


@dataclass(frozen=True)
class Extraction:
    """How many of a list can be reached by a channel, and how many not, by reason."""

    every: int
    reachable: int
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class DashboardFigures:
    """Counts by section; what needs work; new parties by month of this year and the last; refusals by channel."""

    sections: Mapping[str, int]
    new_this_month: int
    new_last_month: int
    twins: int
    incomplete: int
    new_this_year: tuple[int, ...]
    new_last_year: tuple[int, ...]
    refusals: tuple[tuple[str, int], ...] = field(default=())
