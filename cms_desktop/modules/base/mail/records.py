"""Records of mail: accounts, messages on their way, what came of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

Purpose = Literal["ordinary", "pec"]
Outcome = Literal["sent", "refused", "later", "uncertain"]


@dataclass(frozen=True)
class MailAccount:
    """Where mail is handed over (SMTP) and read (IMAP; no host: not read). Its password is not part of it."""

    mail_account_id: int
    name: str
    purpose: Purpose
    from_address: str
    from_name: str
    user_name: str
    smtp_host: str
    smtp_port: int
    smtp_security: Literal["tls", "starttls"]
    imap_host: str = ""
    imap_port: int = 993
    imap_folder: str = "INBOX"
    most_per_minute: int = 30


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class NewMessage:
    """A message to put into the outbox. A document (`source_table`, `source_id`) goes in once, unless `again`."""

    kind: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    language: str = "it"
    source_table: str = ""
    source_id: int = 0
    again: bool = False
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Parcel:
    """A message with all that is needed to send it."""

    message_id: int
    header_id: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    language: str
    created_at: datetime.datetime
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True)
class Handed:
    """What the server of the provider said: `answer` in its own words."""

    outcome: Outcome
    answer: str = ""


@dataclass(frozen=True)
class Unusable:
    """An account that cannot be used now, and why (Italian with names for `values`)."""

    account: str
    text: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Sent:
    """What a round of sending did."""

    sent: int = 0
    refused: int = 0
    later: int = 0
    uncertain: int = 0
    unusable: list[Unusable] = field(default_factory=list)

    @property
    def handled(self) -> int:
        return self.sent + self.refused + self.later + self.uncertain


@dataclass(frozen=True)
class OutboxRow:
    """A message in the list of the outbox."""

    message_id: int
    kind: str
    state: str
    recipient: str
    recipient_name: str
    subject: str
    source_table: str
    source_id: int
    attempts: int
    created_at: datetime.datetime
    next_attempt_at: datetime.datetime
    handed_over_at: datetime.datetime | None
    sent_at: datetime.datetime | None
    accepted_at: datetime.datetime | None
    delivered_at: datetime.datetime | None
    reply: str
    copy_number: int
    language: str


@dataclass(frozen=True)
class OutboxFigures:
    """How many messages wait, failed, are uncertain, are held; sent today."""

    queued: int
    failed: int
    uncertain: int
    held: int
    sent_today: int


@dataclass(frozen=True)
class Notice:
    """A notice of the certified-mail provider about a message of ours. `kind`: accettazione, avvenuta-consegna, errore-consegna …"""

    header_id: str
    kind: str
    moment: datetime.datetime
    text: str = ""
