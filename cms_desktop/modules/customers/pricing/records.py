"""What prices hand to the screens."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ServiceTypeRow:
    """A type of service of the company. Its fields are those of the form; `used` lines have it."""

    service_type_id: int
    code: str
    description: str
    kind: str
    unit: str
    list_price: Decimal | None
    vat_code_id: int | None
    vat: str
    is_active: bool
    used: int
    row_version: int
    invoice_text: str = ""
    night_starts_at: str = "22:00"
    night_ends_at: str = "06:00"


@dataclass(frozen=True)
class IndexRow:
    """A month of the index. `variation`: percent on the year before; `is_own`: entered by the company, and then with id and version."""

    month_on: datetime.date
    value: Decimal
    base_year: int
    variation: Decimal | None
    source: str
    is_own: bool
    price_index_id: int = 0
    row_version: int = 0


@dataclass(frozen=True)
class PriceRunParameters:
    """What a run does to which lines. Empty filters: all lines. `classes`: position of the field of classification → values of it."""

    kind: str
    title: str
    effective_on: datetime.date
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    index_on: datetime.date | None = None
    step: Decimal = Decimal("0.01")
    service_types: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    contracts: tuple[int, ...] = ()
    profile: str = ""
    classes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The parameters as the server takes them: what is empty is left out."""
        found: dict[str, Any] = {"step": str(self.step)}
        if self.kind == "indexation":
            found["index_on"] = self.index_on.isoformat() if self.index_on else None
        elif self.percent:
            found["percent"] = str(self.percent)
        else:
            found["amount"] = str(self.amount)
        for name in ("service_types", "kinds", "provinces", "contracts", "profile"):
            value = getattr(self, name)
            if value:
                found[name] = list(value) if isinstance(value, tuple) else value
        if self.classes:
            found["classes"] = {str(position): list(values) for position, values in self.classes.items()}
        return found


@dataclass(frozen=True)
class PriceRun:
    """A run. Amounts: euro a month of its recurring lines, before and after."""

    run_id: int
    number: str
    title: str
    kind: str
    state: str
    effective_on: datetime.date
    index_on: datetime.date | None
    line_count: int
    contract_count: int
    excluded_count: int
    old_amount: Decimal
    new_amount: Decimal
    created_at: datetime.datetime
    created_by: str
    confirmed_at: datetime.datetime | None
    confirmed_by: str
    letters_at: datetime.datetime | None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PriceRunRow:
    """A price of a line in a run. `reason`: why it stays out; `is_billed`: billed at the new price already."""

    row_id: str
    service_id: int
    contract_id: int
    customer_id: int
    customer: str
    contract: str
    description: str
    band: str
    old_price: Decimal
    new_price: Decimal
    difference: Decimal
    percent: Decimal | None
    valid_from: datetime.date
    reason: str
    is_in: bool
    is_billed: bool


@dataclass(frozen=True)
class ReasonCount:
    """How many lines stay out of a run for a reason."""

    reason: str
    count: int


@dataclass(frozen=True)
class LetterLine:
    description: str
    old_price: Decimal
    new_price: Decimal
    quantity: Decimal
    is_monthly: bool
    unit: str


@dataclass(frozen=True)
class PriceLetter:
    """What a customer is told of a contract. `channel`: pec, email or post, as the customer can be reached; `values` fill the placeholders."""

    contract_id: int
    channel: str
    recipient: tuple[str, ...]
    values: Mapping[str, str]
    valid_from: datetime.date
    lines: tuple[LetterLine, ...]
