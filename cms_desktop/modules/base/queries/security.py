"""What holds at the door, who is in, who came and was refused."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.door_records import OpenSessionRow, ScreenLockRule, SessionRow
from cms_desktop.modules.base.door_tables import SecurityRule
from cms_desktop.modules.base.queries.persons import _function_rows, _records, local_day
from cms_desktop.modules.base.queries.settings import find_parameter
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.modules.base.tables import (
    Company,
    Person,
)

SCREEN_LOCK = "screen_lock"  # key of the parameter
REFUSALS = (
    "wrong_password", "locked", "disabled", "expired", "temporary_expired", "session_ended", "client_too_old", "not_a_person",
    "not_from_here", "unknown",
)  # fmt: skip
_fold = sa.func.base.fold
_person: Any = Person
_moment = sa.DateTime(timezone=True)


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


def sessions_listing(since: datetime.datetime | None = None) -> Listing:
    """Who came in and who was refused; with `since` the server looks at nothing older."""
    call = sa.func.base.login_log(since) if since is not None else sa.func.base.login_log()
    log: Any = _function_rows(
        call, "log", company_id=sa.Integer, entry_id=sa.BigInteger, person_id=sa.Integer, at=_moment, host=sa.Text, address=sa.Text,
        client_version=sa.Text, outcome=sa.Text, attempts=sa.Integer, ended_at=_moment, end_reason=sa.Text,
    )  # fmt: skip
    name: Any = sa.func.coalesce(_person.display_name, "", type_=sa.Text)
    login: Any = sa.func.coalesce(_person.login, "", type_=sa.Text)
    return Listing(
        source=sa.outerjoin(log, _person, _person.person_id == log.c.person_id),
        company=log.c.company_id,
        columns={
            "opened_at": ListColumn(log.c.at, is_nullable=False),
            "opened_on": ListColumn(local_day(log.c.at), is_nullable=False),
            "person_name": ListColumn(name, folded=_fold(name), is_nullable=False),
            "login": ListColumn(login, is_nullable=False),
            "outcome": ListColumn(log.c.outcome, is_nullable=False),
            "attempts": ListColumn(log.c.attempts, is_summed=True, is_nullable=False),
            "host": ListColumn(log.c.host, is_nullable=False),
            "address": ListColumn(log.c.address, is_nullable=False),
            "client_version": ListColumn(log.c.client_version, is_nullable=False),
            "ended_at": ListColumn(log.c.ended_at),
        },
        row_id=log.c.entry_id,
        default=Sort("opened_at", descending=True),
        search=lambda _unit, text: sa.func.strpos(_fold(name + " " + log.c.host + " " + log.c.address), _fold(text)) > 0,
        extra=(log.c.entry_id.label("session_id"), log.c.end_reason),
    )


def _since(query: ListQuery) -> datetime.datetime | None:
    """The earliest moment the filters let through, None without such a filter."""
    for one in query.filters:
        first = one.values[0] if one.values else None
        if one.key == "opened_at" and one.operator in ("between", ">", ">=", "=") and isinstance(first, datetime.datetime):
            return first
        if one.key == "opened_on" and one.operator in ("between", ">", ">=", "=") and isinstance(first, datetime.date):
            return datetime.datetime.combine(first, datetime.time(), datetime.UTC) - datetime.timedelta(days=1)
    return None


def list_sessions(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[SessionRow]:
    page = sessions_listing(_since(query)).page(unit, query, after)
    return Page(_records(SessionRow, page.rows), page.after)


def sum_sessions(unit: UnitOfWork, query: ListQuery) -> Totals:
    return sessions_listing(_since(query)).totals(unit, query)


_open: Any = _function_rows(
    sa.func.base.open_sessions(), "open_now", company_id=sa.Integer, entry_id=sa.BigInteger, session_id=sa.BigInteger, person_id=sa.Integer,
    opened_at=_moment, host=sa.Text, address=sa.Text, client_version=sa.Text, working_in=sa.Integer, idle_since=_moment, is_locked=sa.Boolean,
    connections=sa.Integer, process=sa.Integer,
)  # fmt: skip
_place: Any = Company.__table__.alias("place")  # not the entity: a session may stand in another company, or in none
_working_in: Any = sa.func.coalesce(_place.c.name, "", type_=sa.Text)
_activity: Any = sa.case(
    (_open.c.session_id.is_(None), "outside"), (_open.c.is_locked, "locked"), (_open.c.idle_since.is_not(None), "idle"), else_="working"
)  # fmt: skip
OPEN_SESSIONS = Listing(
    source=sa.join(_open, _person, _person.person_id == _open.c.person_id).outerjoin(_place, _place.c.company_id == _open.c.working_in),
    company=_open.c.company_id,
    columns={
        "person_name": ListColumn(_person.display_name, folded=_fold(_person.display_name), is_nullable=False),
        "login": ListColumn(_person.login, is_nullable=False),
        "activity": ListColumn(_activity, is_nullable=False),
        "opened_at": ListColumn(_open.c.opened_at, is_nullable=False),
        "idle_since": ListColumn(_open.c.idle_since),
        "company_name": ListColumn(_working_in, folded=_fold(_working_in), is_nullable=False),
        "host": ListColumn(_open.c.host, is_nullable=False),
        "address": ListColumn(_open.c.address, is_nullable=False),
        "client_version": ListColumn(_open.c.client_version, is_nullable=False),
        "connections": ListColumn(_open.c.connections, is_summed=True, is_nullable=False),
    },
    row_id=_open.c.entry_id,
    default=Sort("person_name"),
    search=lambda _unit, text: sa.func.strpos(_fold(_person.display_name + " " + _open.c.host), _fold(text)) > 0,
    extra=(_open.c.entry_id, _open.c.session_id, _open.c.person_id, _open.c.process),
)


def list_open_sessions(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[OpenSessionRow]:
    page = OPEN_SESSIONS.page(unit, query, after)
    return Page(_records(OpenSessionRow, page.rows), page.after)


def sum_open_sessions(unit: UnitOfWork, query: ListQuery) -> Totals:
    return OPEN_SESSIONS.totals(unit, query)


def find_security_rules(unit: UnitOfWork) -> StoredRecord:
    """The rules of the installation."""
    row = unit.session.scalars(sa.select(SecurityRule)).one()
    left_out = {"only_row", "changed_at", "changed_by", "row_version"}
    return StoredRecord(0, row.row_version, {c.key: getattr(row, c.key) for c in SecurityRule.__table__.columns if c.key not in left_out})


def may_set_rules(unit: UnitOfWork) -> bool:
    """Whether this person administers every company of the installation."""
    return bool(unit.value(sa.select(sa.func.sec.administers_installation())))
