"""What is done with the outbox: put in, take, hand over, finish, decide. All through guarded functions of the database."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.mail.records import Handed, NewMessage, Notice

LEASE_SECONDS = 300  # longer than any transfer that still goes on: the server of the provider is waited for a minute
Decision = Literal["hold", "release", "retry", "cancel", "was_sent"]


def _array(values: Sequence[Any], kind: Any) -> Any:
    return sa.cast(list(values), sa.ARRAY(kind))


def queue_messages(unit: UnitOfWork, messages: Sequence[NewMessage]) -> list[int | None]:
    """Put messages into the outbox; None for one whose document is there already. The person needs the right of each kind."""
    facts = [{k: v for k, v in dataclasses.asdict(one).items() if k != "attachments"} for one in messages]
    files = [(place, file) for place, one in enumerate(messages, start=1) for file in one.attachments]
    found: list[int | None] = unit.call(
        "base.queue_messages",
        sa.cast(facts, JSONB),
        _array([file.name for _, file in files], sa.Text),
        _array([file.media_type for _, file in files], sa.Text),
        _array([file.content for _, file in files], sa.LargeBinary),
        _array([place for place, _ in files], sa.Integer),
    )
    return found


def claim_message(unit: UnitOfWork, purpose: str) -> tuple[int, str] | None:
    """Take the next message that is due, for this sender alone: (message, token). The unit must be committed before anything is sent."""
    taken = unit.call("base.claim_messages", purpose, 1, LEASE_SECONDS)
    return (taken[0]["id"], taken[0]["token"]) if taken else None


def hand_over(unit: UnitOfWork, message_id: int, token: str, account_id: int) -> None:
    """Say that the text goes over now. Raises AlreadyDone when the message is no longer ours: then it must not be sent."""
    unit.call("base.hand_over", message_id, token, account_id, LEASE_SECONDS)


def finish_message(unit: UnitOfWork, message_id: int, token: str, handed: Handed) -> str:
    """Keep what came of it; returns the state the message is in now."""
    state: str = unit.call("base.finish_message", message_id, token, handed.outcome, handed.answer)
    return state


def settle_leases(unit: UnitOfWork) -> int:
    """Give back, or call uncertain, what a sender that died had in its hands."""
    settled: int = unit.call("base.settle_leases")
    return settled


def decide_messages(unit: UnitOfWork, message_ids: Sequence[int], decision: Decision) -> int:
    """Hold, release, try again now, give up, or state that an uncertain message was sent. Returns how many it concerned."""
    moved: int = unit.call("base.decide_messages", _array(message_ids, sa.BigInteger), decision)
    return moved


def resend_message(unit: UnitOfWork, message_id: int) -> int:
    """Queue a further copy of a message that was sent."""
    made: int = unit.call("base.resend_message", message_id)
    return made


def keep_notices(unit: UnitOfWork, notices: Sequence[Notice]) -> int:
    """Keep what the provider of certified mail says about our messages; returns how many were ours."""
    if not notices:
        return 0
    ours: int = unit.call(
        "base.note_notices",
        _array([one.header_id for one in notices], sa.Text),
        _array([one.kind for one in notices], sa.Text),
        _array([one.moment for one in notices], sa.DateTime(timezone=True)),
        _array([one.text for one in notices], sa.Text),
    )
    return ours


def keep_mailbox_position(unit: UnitOfWork, account_id: int, folder: str, validity: int, uid: int) -> None:
    unit.call("base.keep_mailbox_position", account_id, folder, validity, uid)
