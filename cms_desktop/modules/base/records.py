"""What crosses to the screens of base."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class StoredRecord:
    """A record of a fiscal table: its id, the version that was read, its fields by column name."""

    record_id: int
    row_version: int
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


@dataclass(frozen=True)
class PersonRow:
    """A person with a place in the company. `state`: active, must_change, locked, expired, suspended."""

    person_id: int
    login: str
    display_name: str
    job_title: str
    email: str
    rank: str
    state: str
    is_active: bool
    expires_on: datetime.date | None
    last_opened_at: datetime.datetime | None
    last_host: str
    open_connections: int
    function_count: int
    row_version: int


@dataclass(frozen=True)
class ColleagueRow:
    """A person of another company of mine who has no place in this one."""

    person_id: int
    login: str
    display_name: str
    job_title: str


@dataclass(frozen=True)
class CreatedPerson:
    """A person just created, or whose password was set anew; the clear password is shown once and kept nowhere."""

    person_id: int
    login: str
    display_name: str
    temporary_password: str


@dataclass(frozen=True)
class FunctionName:
    """A function (right) and what it is called: `billing.issue`, "Emettere fatture"."""

    function: str
    module: str
    title: str


@dataclass(frozen=True)
class Holder:
    """A row of the permission matrix."""

    person_id: int
    login: str
    display_name: str
    job_title: str
    state: str
    functions: frozenset[str]


@dataclass(frozen=True)
class PermissionMatrix:
    """Who holds what in the company, the functions in order, and the presets of the trade's jobs."""

    functions: tuple[FunctionName, ...]
    holders: tuple[Holder, ...]
    presets: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class ExplainStep:
    """One link of the chain. `kind`: place, active, expiry, lock, password, granted; `facts` fill its sentence."""

    kind: str
    is_met: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Explanation:
    """Why a person can or cannot do something here: the chain, link by link."""

    person_name: str
    function: str
    title: str
    steps: tuple[ExplainStep, ...]

    @property
    def is_allowed(self) -> bool:
        return all(step.is_met for step in self.steps)


@dataclass(frozen=True)
class InstallmentRecord:
    """One instalment of a payment term: share in percent, days, NET, EOM (end of month) or DAY, and a day of the month (core.due_dates)."""

    share: Decimal
    days: int
    rule: str
    fixed_day: int | None = None


@dataclass(frozen=True)
class PaymentTermRecord(StoredRecord):
    installments: tuple[InstallmentRecord, ...] = ()


@dataclass(frozen=True)
class SessionRow:
    """A session somebody opened."""

    session_id: int
    person_name: str
    login: str
    opened_at: datetime.datetime
    host: str
    address: str
    client_version: str


@dataclass(frozen=True)
class AuditRow:
    """One entry of the register of changes. `operation`: I, U, D."""

    audit_id: int
    at: datetime.datetime
    person_name: str
    table_name: str
    operation: str
    record_id: int | None
    row_count: int
    has_image: bool


@dataclass(frozen=True)
class FieldChange:
    """A field before and after; None where it is not known or there was nothing."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class HistoryEntry:
    """What happened to one record once."""

    audit_id: int
    at: datetime.datetime
    person_name: str
    operation: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class TableCount:
    table_name: str
    count: int


@dataclass(frozen=True)
class HourCount:
    starts_at: datetime.datetime
    count: int


@dataclass(frozen=True)
class BaseFigures:
    """The dashboard. What the person may not see is None."""

    today: datetime.date
    active_persons: int
    persons: int
    persons_online: int
    sessions_last_day: int
    changes_today: int | None
    expiring: int
    never_logged_in: int
    locked_or_expired: int
    hours: tuple[HourCount, ...]
    tables: tuple[TableCount, ...]
