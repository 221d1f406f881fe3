"""Records of what leaves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cms_desktop.modules.billing.fatturapa.records import SdiProblem

Channel = Literal["folder", "pec"]


@dataclass(frozen=True)
class CheckedDocument:
    """A document that could leave: its file (none yet: `transmission_id` None) and everything for which it would be refused."""

    invoice_id: int
    transmission_id: int | None
    number: str
    customer: str
    customer_id: int
    document_on: datetime.date
    total_amount: Decimal
    file_name: str
    recipient_code: str
    problems: tuple[SdiProblem, ...]

    @property
    def state(self) -> str:
        return "wrong" if self.problems else "ready" if self.transmission_id is not None else "no_file"


@dataclass(frozen=True)
class SendCheck:
    """What the check before sending found. `rows`: all that would be refused first, then the others, at most `MOST_ROWS` of them."""

    channel: Channel
    ready: int
    no_file: int
    wrong: int
    late: int
    rows: tuple[CheckedDocument, ...]


@dataclass(frozen=True)
class Leaving:
    """What left, and what stayed because it would be refused."""

    count: int
    messages: int = 0
    refused: tuple[CheckedDocument, ...] = ()


@dataclass
class CourtesyMade:
    """Copies put into the outbox; why others were not: obstacle → how many."""

    queued: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class MailRead:
    """What a reading of a mailbox brought. `unknown`: mail that is none of ours, left as it was."""

    receipts: int = 0
    known: int = 0
    unmatched: int = 0
    notices: int = 0
    unknown: int = 0
    sdi_address: str = ""
