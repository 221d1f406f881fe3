"""Questions about the notices of this person. Row-level security gives nobody else's."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.notices.records import KindChoice, NoticeState
from cms_desktop.modules.base.notices.records import Notice as NoticeRecord
from cms_desktop.modules.base.notices.tables import Notice, NoticeChoice, NoticeKind
from cms_desktop.modules.base.tables import Person

MOST = 300
_notice: Any = Notice.__table__.c
_author: Any = Person.__table__.c
_IS_DUE = _notice.due_at <= sa.func.now()


def list_notices(unit: UnitOfWork, *, done: bool = False) -> list[NoticeRecord]:
    """What is due and not done, kept ones first, then the newest; or what was done of late."""
    where = [_notice.company_id == unit.company_id, _notice.person_id == unit.person_id]
    where += [_notice.done_at.is_not(None)] if done else [_notice.done_at.is_(None), _IS_DUE]
    order = [_notice.done_at.desc()] if done else [_notice.is_kept.desc(), _notice.due_at.desc(), _notice.notice_id.desc()]
    statement = (
        sa.select(Notice.__table__, sa.func.coalesce(_author.display_name, "").label("author"))
        .select_from(sa.outerjoin(Notice.__table__, Person.__table__, _author.person_id == _notice.author_id))
        .where(*where)
        .order_by(*order)
        .limit(MOST)
    )
    return [_record(row) for row in unit.rows(statement)]


def _record(row: Any) -> NoticeRecord:
    return NoticeRecord(
        row.notice_id, row.kind, row.author, row.title, row.body, row.party_id, row.subject_table, row.subject_id, row.source_table,
        row.source_id, row.created_at, row.due_at, row.is_digest, row.is_kept, row.read_at is not None, row.done_at is not None,
    )  # fmt: skip


def count_notices(unit: UnitOfWork) -> NoticeState:
    """For the bell."""
    unread = sa.and_(_IS_DUE, _notice.read_at.is_(None))
    seconds = sa.extract("epoch", sa.func.min(_notice.due_at).filter(sa.not_(_IS_DUE)) - sa.func.now())
    statement = sa.select(
        sa.func.count().filter(unread, sa.not_(_notice.is_digest)).label("single"),
        sa.func.count(sa.distinct(sa.cast(_notice.due_at, sa.Date))).filter(unread, _notice.is_digest).label("summaries"),
        seconds.label("seconds"),
    ).where(_notice.company_id == unit.company_id, _notice.person_id == unit.person_id, _notice.done_at.is_(None))
    row = unit.rows(statement)[0]
    return NoticeState(row.single + row.summaries, None if row.seconds is None else float(row.seconds))


def list_choices(unit: UnitOfWork) -> list[KindChoice]:
    """Every kind with what this person chose for it."""
    kind, mine = NoticeKind.__table__.c, NoticeChoice.__table__.c
    is_mine = sa.and_(mine.kind == kind.kind, mine.company_id == unit.company_id, mine.person_id == unit.person_id)
    statement = (
        sa.select(kind.kind, kind.may_wait, sa.func.coalesce(mine.choice, "now").label("choice"))
        .select_from(sa.outerjoin(NoticeKind.__table__, NoticeChoice.__table__, is_mine))
        .order_by(kind.sort_order)
    )
    return [KindChoice(row.kind, row.may_wait, row.choice) for row in unit.rows(statement)]


def server_now(unit: UnitOfWork) -> datetime.datetime:
    """The server's clock, by which reminders become due."""
    found: datetime.datetime = unit.value(sa.select(sa.func.now()))
    return found
