"""The dashboard of base. Each figure names the query that lists its rows."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import rules
from cms_desktop.modules.base.queries.audit import changes_on, sum_audit
from cms_desktop.modules.base.queries.integrity import list_check_runs
from cms_desktop.modules.base.queries.parameters import list_parameter_histories
from cms_desktop.modules.base.queries.persons import local_day, my_functions, sum_persons
from cms_desktop.modules.base.queries.security import REFUSALS, sessions_listing, sum_open_sessions, sum_sessions
from cms_desktop.modules.base.records import BaseFigures, HourCount, TableCount
from cms_desktop.modules.base.tables import AuditEntry

ENTERING = ("active", "must_change")


def persons_in_state(*states: str) -> ListQuery:
    return ListQuery((Filter("state", "in", states),))


def persons_online() -> ListQuery:
    return ListQuery((Filter("open_connections", ">", (0,)),))


def persons_expiring(today: datetime.date) -> ListQuery:
    until = today + datetime.timedelta(days=rules.EXPIRING_DAYS)
    return ListQuery((Filter("state", "in", ENTERING), Filter("expires_on", "between", (today, until))))


def persons_never_in() -> ListQuery:
    return ListQuery((Filter("has_logged_in", "=", (False,)), Filter("is_active", "=", (True,))))


def opened_between(first: datetime.datetime, last: datetime.datetime) -> ListQuery:
    """Sessions opened from `first` (included) to `last` (excluded)."""
    return ListQuery(
        (Filter("opened_at", "between", (first, last - datetime.timedelta(microseconds=1))), Filter("outcome", "in", ("entered",)))
    )


def refused_between(first: datetime.datetime, last: datetime.datetime) -> ListQuery:
    """Refusals from `first` (included) to `last` (excluded)."""
    return ListQuery(
        (Filter("opened_at", "between", (first, last - datetime.timedelta(microseconds=1))), Filter("outcome", "in", REFUSALS))
    )


def refused_ever() -> ListQuery:
    return ListQuery((Filter("outcome", "in", REFUSALS),))


def passwords_expiring(today: datetime.date) -> ListQuery:
    """Of persons who may come in: passwords that must be changed within EXPIRING_DAYS, or should have been."""
    until = today + datetime.timedelta(days=rules.EXPIRING_DAYS)
    return ListQuery((Filter("state", "in", (*ENTERING, "locked")), Filter("password_expires_on", "<=", (until,))))


def find_figures(unit: UnitOfWork) -> BaseFigures:
    """Everything the dashboard shows, in one transaction."""
    moment = unit.rows(sa.select(sa.func.now().label("now"), local_day(sa.func.now()).label("today")))[0]
    hours = _sum_by_hour(unit, moment.now)
    mine = my_functions(unit)
    may_audit = "base.audit" in mine
    checks = list_check_runs(unit, 1) if "base.check" in mine else ()
    return BaseFigures(
        today=moment.today,
        active_persons=sum_persons(unit, persons_in_state(*ENTERING)).count,
        persons=sum_persons(unit, ListQuery()).count,
        persons_online=sum_persons(unit, persons_online()).count,
        sessions_last_day=sum(hour.count for hour in hours),
        changes_today=sum_audit(unit, changes_on(moment.today)).count if may_audit else None,
        expiring=sum_persons(unit, persons_expiring(moment.today)).count,
        never_logged_in=sum_persons(unit, persons_never_in()).count,
        locked_or_expired=sum_persons(unit, persons_in_state("locked", "expired")).count,
        sessions_open=sum_open_sessions(unit, ListQuery()).count,
        refusals_last_day=int(sum_sessions(unit, refused_between(*_day_of(hours))).sums["attempts"]),
        locked=sum_persons(unit, persons_in_state("locked")).count,
        passwords_expiring=sum_persons(unit, passwords_expiring(moment.today)).count,
        hours=hours,
        tables=_sum_by_table(unit, moment.today) if may_audit else (),
        findings=checks[0].finding_count if checks else None,
        checked_on=checks[0].started_at.astimezone().date() if checks else None,
        missing_values=sum(rules.missing_since(one, moment.today) is not None for one in list_parameter_histories(unit)),
    )


def _day_of(hours: tuple[HourCount, ...]) -> tuple[datetime.datetime, datetime.datetime]:
    return hours[0].starts_at, hours[-1].starts_at + datetime.timedelta(hours=1)


def _sum_by_hour(unit: UnitOfWork, now: datetime.datetime) -> tuple[HourCount, ...]:
    """Sessions opened in the running hour and the 23 before, empty ones too."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    first = this_hour - datetime.timedelta(hours=23)
    log = sessions_listing(first)
    opened, outcome = (log.columns[key].expression for key in ("opened_at", "outcome"))
    hour = sa.func.date_trunc("hour", opened)
    rows = unit.rows(
        sa.select(hour.label("hour"), sa.func.count().label("count"))
        .select_from(log.source)
        .where(log.company == unit.company_id, opened >= first, outcome == "entered")
        .group_by(hour)
    )
    found = {row.hour.astimezone(datetime.UTC): row.count for row in rows}
    starts = [first + datetime.timedelta(hours=number) for number in range(24)]
    return tuple(HourCount(start, found.get(start.astimezone(datetime.UTC), 0)) for start in starts)


def _sum_by_table(unit: UnitOfWork, today: datetime.date) -> tuple[TableCount, ...]:
    count = sa.func.count()
    rows = unit.rows(
        sa.select(AuditEntry.table_name, count.label("count"))
        .where(AuditEntry.company_id == unit.company_id, local_day(AuditEntry.at) == today)
        .group_by(AuditEntry.table_name)
        .order_by(count.desc(), AuditEntry.table_name)
        .limit(6)
    )
    return tuple(TableCount(row.table_name, row.count) for row in rows)
