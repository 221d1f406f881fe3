"""Records of the traffic with the exchange system."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

MessageKind = Literal["RC", "NS", "MC", "NE", "DT", "AT"]
Channel = Literal["pa", "b2b"]


@dataclass(frozen=True)
class SdiError:
    """Why the exchange system refused a file: its code, its words, its advice (often empty)."""

    code: str
    text: str
    advice: str = ""


@dataclass(frozen=True)
class SdiMessage:
    """One receipt or notification about a file we sent.

    `file_name` is the invoice file it speaks of; `archive_name` the zip it travelled in, if any. `state` is what the transmission
    becomes by it.
    """

    kind: MessageKind
    channel: Channel
    sdi_identifier: str
    file_name: str
    state: str
    archive_name: str = ""
    message_id: str = ""
    received_at: datetime.datetime | None = None
    delivered_at: datetime.datetime | None = None
    recipient_code: str = ""
    recipient_name: str = ""
    note: str = ""
    errors: tuple[SdiError, ...] = ()


@dataclass(frozen=True)
class IncomingFile:
    """A file found in the folder or mailbox of the exchange: its name there and what it holds."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt in the list. `file_state`: where the transmission stands now; None when it speaks of no file of ours."""

    message_id: int
    created_at: datetime.datetime
    received_at: datetime.datetime | None
    delivered_at: datetime.datetime | None
    kind: MessageKind
    channel: Channel
    state: str
    about_file: str
    sdi_identifier: str
    recipient_code: str
    number: str
    customer: str
    invoice_id: int | None
    words: str
    note: str
    is_matched: bool
    file_state: str | None
    errors: tuple[SdiError, ...]
