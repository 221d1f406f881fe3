"""Items charged by use, as the screen and other modules see them. Moments are aware; hours and counts are Decimal."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

KINDS = ("hourly", "passage", "intervention")
BANDS = ("", "night", "holiday", "overtime")
LINE_KIND = {"hourly": "hourly", "passage": "passages", "intervention": "interventions"}
STATES = ("open", "unassigned", "billed", "void")


@dataclass(frozen=True)
class ItemRow:
    """An item in the list. `state`: open (to bill), unassigned (no contract line yet), billed (in a preview or an invoice), void."""

    item_id: int
    kind: str
    on_date: datetime.date
    starts_at: datetime.datetime | None
    ends_at: datetime.datetime | None
    quantity: Decimal
    charged_quantity: Decimal | None
    band: str
    description: str
    customer: str
    contract: str
    service: str
    service_id: int | None
    site: str
    site_id: int | None
    state: str
    document: str
    invoice_id: int | None
    source: str
    source_id: str
    void_reason: str
    row_version: int


@dataclass(frozen=True)
class LineChoice:
    """A contract line that items can be charged to."""

    service_id: int
    kind: str
    customer: str
    contract: str
    description: str
    site_id: int | None


@dataclass(frozen=True)
class Item:
    """An item to enter. Hours have a beginning and an end, or a day and a quantity."""

    kind: str
    service_id: int | None = None
    site_id: int | None = None
    on_date: datetime.date | None = None
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime | None = None
    quantity: Decimal | None = None
    band: str = ""
    description: str = ""
    source: str = "manual"
    source_id: str = ""

    def as_json(self) -> dict[str, Any]:
        text = lambda value: None if value is None else str(value)
        moment = lambda value: None if value is None else value.isoformat()
        return {
            "kind": self.kind, "service_id": self.service_id, "site_id": self.site_id, "on_date": moment(self.on_date),
            "starts_at": moment(self.starts_at), "ends_at": moment(self.ends_at), "quantity": text(self.quantity), "band": self.band,
            "description": self.description, "source": self.source, "source_id": self.source_id,
        }  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """What became of items that were handed over: new, corrected, left as they were (the same already, billed or voided)."""

    added: int
    changed: int
    kept: int
