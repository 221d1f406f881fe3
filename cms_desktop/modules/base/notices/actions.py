"""What a person does with their own notices."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.notices.records import Choice
from cms_desktop.modules.base.notices.tables import Notice, NoticeChoice

_notice: Any = Notice.__table__.c


def _change(unit: UnitOfWork, notice_ids: Sequence[int], **values: Any) -> None:
    if notice_ids:
        unit.session.execute(
            sa.update(Notice.__table__)  # type: ignore[arg-type]
            .where(_notice.company_id == unit.company_id, _notice.person_id == unit.person_id, _notice.notice_id.in_(notice_ids))
            .values(**values)
        )


def mark_read(unit: UnitOfWork, notice_ids: Sequence[int]) -> None:
    """Seen: it stays in the list and leaves the count."""
    _change(unit, notice_ids, read_at=sa.func.coalesce(_notice.read_at, sa.func.now()))


def finish_notices(unit: UnitOfWork, notice_ids: Sequence[int]) -> None:
    """Done: it leaves the list."""
    _change(unit, notice_ids, done_at=sa.func.now(), read_at=sa.func.coalesce(_notice.read_at, sa.func.now()))


def recall_notices(unit: UnitOfWork, notice_ids: Sequence[int]) -> None:
    """Back into the list."""
    _change(unit, notice_ids, done_at=None)


def keep_notices(unit: UnitOfWork, notice_ids: Sequence[int], *, kept: bool = True) -> None:
    """Kept ones stand first and are never cleared away."""
    _change(unit, notice_ids, is_kept=kept)


def snooze_notices(unit: UnitOfWork, notice_ids: Sequence[int], *, until: datetime.datetime | None = None, minutes: int = 0) -> None:
    """Out of sight until a moment, or for some minutes of the server's clock; then it is unread again."""
    due = until if until is not None else sa.func.now() + sa.func.make_interval(0, 0, 0, 0, 0, minutes)
    _change(unit, notice_ids, due_at=due, read_at=None)


def choose_for_kind(unit: UnitOfWork, kind: str, choice: Choice) -> None:
    """How notices of a kind reach this person from now on."""
    values = {"company_id": unit.company_id, "person_id": unit.person_id, "kind": kind, "choice": choice}
    statement = postgresql.insert(NoticeChoice.__table__).values(**values)  # type: ignore[arg-type]
    unit.session.execute(statement.on_conflict_do_update(index_elements=["company_id", "person_id", "kind"], set_={"choice": choice}))
