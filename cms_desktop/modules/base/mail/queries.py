"""What the outbox holds and who may carry it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.mail import tables
from cms_desktop.modules.base.mail.records import Attachment, MailAccount, OutboxFigures, OutboxRow, Parcel
from cms_desktop.modules.base.records import StoredRecord

TO_DO = ListQuery((Filter("state", "in", ("failed", "uncertain")),))
WAITING = ListQuery((Filter("state", "in", ("queued", "sending", "held")),))
SENT = ListQuery((Filter("state", "=", ("sent",)),))
FAILED = ListQuery((Filter("state", "=", ("failed",)),))
UNCERTAIN = ListQuery((Filter("state", "=", ("uncertain",)),))
_STAMPS = frozenset({"company_id", "created_at", "created_by", "changed_at", "changed_by", "row_version"})
_m = tables.OutboxMessage.__table__.c
OUTBOX = Listing(
    source=tables.OutboxMessage.__table__,
    company=_m.company_id,
    columns={
        "message_id": ListColumn(_m.outbox_message_id, is_nullable=False),
        "kind": ListColumn(_m.kind, is_nullable=False),
        "state": ListColumn(_m.state, is_nullable=False),
        "recipient": ListColumn(_m.recipient, folded=sa.func.lower(_m.recipient), is_nullable=False),
        "recipient_name": ListColumn(_m.recipient_name, folded=sa.func.base.fold(_m.recipient_name), is_nullable=False),
        "subject": ListColumn(_m.subject, folded=sa.func.base.fold(_m.subject), is_nullable=False),
        "attempts": ListColumn(_m.attempts, is_nullable=False),
        "created_at": ListColumn(_m.created_at, is_nullable=False),
        "next_attempt_at": ListColumn(_m.next_attempt_at, is_nullable=False),
        "sent_at": ListColumn(_m.sent_at),
        "delivered_at": ListColumn(_m.delivered_at),
        "source_table": ListColumn(_m.source_table, is_nullable=False),
        "source_id": ListColumn(_m.source_id, is_nullable=False),
        "reply": ListColumn(_m.reply, folded=sa.func.base.fold(_m.reply), is_nullable=False),
        "language": ListColumn(_m.language, is_nullable=False),
    },
    row_id=_m.outbox_message_id,
    default=Sort("created_at", descending=True),
    search=lambda unit, text: sa.or_(
        sa.func.strpos(sa.func.lower(_m.recipient), sa.func.lower(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_m.recipient_name), sa.func.base.fold(text)) > 0,
        sa.func.strpos(sa.func.base.fold(_m.subject), sa.func.base.fold(text)) > 0,
    ),
    extra=(
        _m.handed_over_at.label("handed_over_at"),
        _m.accepted_at.label("accepted_at"),
        _m.copy_number.label("copy_number"),
    ),
)


def list_outbox(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[OutboxRow]:
    """Messages, the last queued first."""
    page = OUTBOX.page(unit, query, after)
    return Page(tuple(OutboxRow(**{name: getattr(row, name) for name in OutboxRow.__dataclass_fields__}) for row in page.rows), page.after)


def sum_outbox(unit: UnitOfWork, query: ListQuery) -> Totals:
    return OUTBOX.totals(unit, query)


def find_figures(unit: UnitOfWork) -> OutboxFigures:
    """Counts of what needs somebody, each on the index of its state; sent since midnight in Italy."""
    counts = {
        row.state: row.count
        for row in unit.rows(
            sa.select(_m.state, sa.func.count().label("count"))
            .where(_m.company_id == unit.company_id, _m.state.in_(("queued", "sending", "failed", "uncertain", "held")))
            .group_by(_m.state)
        )
    }
    midnight = sa.text("date_trunc('day', now() at time zone 'Europe/Rome') at time zone 'Europe/Rome'")
    today = unit.value(sa.select(sa.func.count()).where(_m.company_id == unit.company_id, _m.state == "sent", _m.sent_at >= midnight))
    waiting = counts.get("queued", 0) + counts.get("sending", 0)
    return OutboxFigures(waiting, counts.get("failed", 0), counts.get("uncertain", 0), counts.get("held", 0), int(today or 0))


def count_due(unit: UnitOfWork, purpose: str) -> int:
    """Messages that may leave now."""
    statement = sa.select(sa.func.count()).where(
        _m.company_id == unit.company_id, _m.purpose == purpose, _m.state == "queued", _m.next_attempt_at <= sa.func.now()
    )
    return int(unit.value(statement) or 0)


def find_parcel(unit: UnitOfWork, message_id: int) -> Parcel:
    """All that is needed to send a message."""
    a = tables.OutboxAttachment.__table__.c
    (row,) = unit.rows(
        sa.select(
            _m.header_id, _m.recipient, _m.recipient_name, _m.subject, _m.body, _m.language, _m.created_at
        ).where(_m.company_id == unit.company_id, _m.outbox_message_id == message_id)
    )  # fmt: skip
    files = unit.rows(
        sa.select(a.name, a.media_type, a.content)
        .where(a.company_id == unit.company_id, a.outbox_message_id == message_id)
        .order_by(a.outbox_attachment_id)
    )
    return Parcel(message_id=message_id, attachments=tuple(Attachment(*one) for one in files), **row._mapping)


def find_attachments(unit: UnitOfWork, message_id: int) -> tuple[Attachment, ...]:
    """The documents that go with a message."""
    return find_parcel(unit, message_id).attachments


def find_body(unit: UnitOfWork, message_id: int) -> str:
    return str(unit.value(sa.select(_m.body).where(_m.company_id == unit.company_id, _m.outbox_message_id == message_id)) or "")


# ---- accounts ---------------------------------------------------------------------------------------------------------


def find_account(unit: UnitOfWork, purpose: str) -> MailAccount | None:
    """The account that sends: the default one of its purpose, else the first in use."""
    rows = _accounts(unit, tables.MailAccount.__table__.c.purpose == purpose)
    return rows[0] if rows else None


def list_read_accounts(unit: UnitOfWork) -> Sequence[MailAccount]:
    """Accounts of certified mail whose mailbox is read."""
    a = tables.MailAccount.__table__.c
    return _accounts(unit, a.imap_host != "", a.purpose == "pec")


def _accounts(unit: UnitOfWork, *where: Any) -> list[MailAccount]:
    a = tables.MailAccount.__table__.c
    names = list(MailAccount.__dataclass_fields__)
    rows = unit.rows(
        sa.select(*(a[name] for name in names))
        .where(a.company_id == unit.company_id, a.is_active, *where)
        .order_by(a.is_default.desc(), a.mail_account_id)
    )
    return [MailAccount(**row._mapping) for row in rows]


def list_mail_accounts(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """Every account, as stored."""
    model = tables.MailAccount
    rows = unit.session.scalars(
        sa.select(model)
        .where(model.company_id == unit.company_id)
        .order_by(model.is_active.desc(), model.purpose, model.is_default.desc(), model.name)
    )
    keys = [column.key for column in model.__table__.columns if column.key not in _STAMPS and column.key != "mail_account_id"]
    return tuple(StoredRecord(row.mail_account_id, row.row_version, {key: getattr(row, key) for key in keys}) for row in rows)


def find_mailbox_position(unit: UnitOfWork, account_id: int, folder: str) -> tuple[int, int]:
    """(numbering, last number read) of a mailbox; zeros before the first reading."""
    p = tables.MailboxPosition.__table__.c
    rows = unit.rows(
        sa.select(p.uid_validity, p.last_uid).where(p.company_id == unit.company_id, p.mail_account_id == account_id, p.folder == folder)
    )
    return (rows[0].uid_validity, rows[0].last_uid) if rows else (0, 0)
