"""What holds at the door, who is in, who came and was refused."""

from __future__ import annotations

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries.settings import find_parameter
from cms_desktop.modules.base.records import ScreenLockRule

SCREEN_LOCK = "screen_lock"  # key of the parameter


def find_screen_lock(unit: UnitOfWork) -> ScreenLockRule:
    """The rule of this company; the usual one when it says nothing or something unreadable."""
    found = find_parameter(unit, SCREEN_LOCK, unit.value(sa.select(sa.func.current_date())))
    if not isinstance(found, dict):
        return ScreenLockRule()
    minutes, posts = found.get("minutes"), found.get("exempt_posts")
    return ScreenLockRule(
        minutes if isinstance(minutes, int) and 0 <= minutes <= 480 else 15,
        tuple(str(post) for post in posts) if isinstance(posts, list) else (),
    )
