"""Records that hang on a customer: letters of intent, mandates, appointments, sites, plants, keys; and what happened to the customer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class StoredRecord:
    """A record as its form shows it: `values` by field. New ones have id 0 and version 0."""

    record_id: int
    values: Mapping[str, Any]
    row_version: int = 0

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(frozen=True)
class Amendment:
    """What the bank knows otherwise of a mandate. `state`: pending, sent, accepted."""

    amendment_id: int
    kind: str
    old_value: str
    new_value: str
    state: str
    refused_count: int
    changed_on: datetime.date
    changed_by: str
    accepted_on: datetime.date | None


@dataclass(frozen=True)
class Mandate(StoredRecord):
    """`state` in the values is the stored one; `lapses_on` the day 36 months after the last collection (or signature)."""

    lapses_on: datetime.date | None = None
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True)
class LifeCycleEvent:
    """A state the customer entered. `from_state` is empty for the first."""

    from_state: str
    to_state: str
    on_date: datetime.date
    reason: str
    at: datetime.datetime
    person: str


@dataclass(frozen=True)
class SiteRow:
    """A row of the list of sites."""

    site_id: int
    code: str
    name: str
    customer_id: int
    customer_name: str
    street: str
    town: str
    province_code: str
    plant_count: int
    key_count: int
    is_active: bool


@dataclass(frozen=True)
class PlantRow:
    """A row of the list of plants."""

    plant_id: int
    code: str
    kind: str
    description: str
    site_id: int
    site_name: str
    customer_id: int
    customer_name: str
    town: str
    installed_on: datetime.date | None
    removed_on: datetime.date | None


@dataclass(frozen=True)
class Site(StoredRecord):
    """A site with what is on it."""

    plants: tuple[StoredRecord, ...] = ()
    keys: tuple[StoredRecord, ...] = ()


@dataclass(frozen=True)
class CreditStanding:
    """What a customer owes against what was granted. Euro; no limit is None."""

    open_amount: Decimal
    limit_amount: Decimal | None

    @property
    def is_exceeded(self) -> bool:
        return self.limit_amount is not None and self.open_amount > self.limit_amount


@dataclass(frozen=True)
class PartyChoice:
    """A party offered by a look-up."""

    party_id: int
    name: str
    detail: str = field(default="")
