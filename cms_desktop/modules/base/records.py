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
    locked_until: datetime.datetime | None = None
    password_set_at: datetime.datetime | None = None
    password_expires_on: datetime.date | None = None
    has_temporary_password: bool = False


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
    company: str = ""
    by: str = ""
    valid_days: int = 7


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
    """One link of the chain. `kind`: company, place, active, expiry, lock, password, client, granted; `facts` fill its sentence."""

    kind: str
    is_met: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Explanation:
    """Why a person can or cannot do something here: the chain, link by link; `remedies`: what would give it, and who may."""

    person_name: str
    function: str
    title: str
    steps: tuple[ExplainStep, ...]
    remedies: tuple[ExplainStep, ...] = ()

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
    sessions_open: int
    refusals_last_day: int
    locked: int
    passwords_expiring: int
    hours: tuple[HourCount, ...]
    tables: tuple[TableCount, ...]
    findings: int | None = None  # of the last check of the books; None before the first, and for who may not read them
    checked_on: datetime.date | None = None
    missing_values: int = 0  # parameters of the law without a value of their period


@dataclass(frozen=True)
class Letterhead:
    """What the company prints on its paper: name, lines below it, foot lines (register, capital …), logo (PNG or JPEG), its colour."""

    name: str
    lines: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    logo: bytes = b""
    accent: str = "#1B5BB5"


@dataclass(frozen=True)
class TownChoice:
    """A town to choose: ISTAT code and "Torino (TO)"."""

    istat_code: str
    name: str


@dataclass(frozen=True)
class ParameterTitle:
    """What a parameter is. `value_kind`: percent, amount, whole, days, text, flag, choice, stamp_duty. `period`: year, half_year or ''."""

    key: str
    title: str
    note: str
    value_kind: str
    choices: tuple[str, ...]
    lowest: Decimal | None
    highest: Decimal | None
    is_law: bool
    law: str
    period: str


@dataclass(frozen=True)
class ParameterValue:
    """A value from a day on. `parameter_id` None: it comes with the program (the law); `source` is then the law, else the note."""

    valid_from: datetime.date
    value: Any
    source: str
    parameter_id: int | None
    row_version: int


@dataclass(frozen=True)
class ParameterHistory:
    """A parameter and its values, the newest first."""

    title: ParameterTitle
    values: tuple[ParameterValue, ...]

    def on(self, day: datetime.date) -> ParameterValue | None:
        """The value in force on a day."""
        return next((value for value in self.values if value.valid_from <= day), None)

    def planned(self, day: datetime.date) -> ParameterValue | None:
        """The next value after a day."""
        return next((value for value in reversed(self.values) if value.valid_from > day), None)


@dataclass(frozen=True)
class CheckTitle:
    """A check of the books: what a finding of it is called, what it means, what to do."""

    key: str
    title: str
    meaning: str
    remedy: str


@dataclass(frozen=True)
class CheckRun:
    """One run of all checks. `origin`: nightly or person; `finding_count`: how many checks found something."""

    run_id: int
    origin: str
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    check_count: int
    finding_count: int
    person_name: str


@dataclass(frozen=True)
class IntegrityFinding:
    """What one check found: how many rows, and the first of them by column."""

    check: CheckTitle
    row_count: int
    samples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class IntegrityReport:
    """A run with what it found, and what it found in order."""

    company_name: str
    run: CheckRun
    findings: tuple[IntegrityFinding, ...]
    sound: tuple[CheckTitle, ...]


@dataclass(frozen=True)
class RightsFacts:
    """All that decides whether a person may do something in the company, as one query found it."""

    person_name: str
    is_me: bool
    function: str
    title: str
    company_name: str
    company_is_active: bool
    place_count: int
    is_active: bool
    expires_on: datetime.date | None
    locked_until: datetime.datetime | None
    must_change_password: bool
    is_granted: bool
    granted_at: datetime.datetime | None
    granted_by: str
    client_version: str
    minimum_client: str
    givers: tuple[str, ...]
    presets: tuple[str, ...]
    now: datetime.datetime
    today: datetime.date


@dataclass(frozen=True)
class PersonPlace:
    """A person in one of the companies I administer, and what they hold there."""

    company_id: int
    company_name: str
    functions: frozenset[str]


@dataclass(frozen=True)
class RightsDifference:
    """What changes when a person gets the rights of another (or of a preset)."""

    given: tuple[str, ...]
    taken: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class SeriesUse:
    """A document a series takes: FatturaPA type, for public bodies or everybody else, and whether the series is proposed for it."""

    document_type: str
    is_public_body: bool
    is_default: bool


@dataclass(frozen=True)
class SeriesRecord(StoredRecord):
    uses: tuple[SeriesUse, ...] = ()
