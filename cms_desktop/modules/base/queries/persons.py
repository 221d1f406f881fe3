"""Persons of the company, their rights, their sessions."""

from __future__ import annotations

import dataclasses
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.listing import ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import rights_rules
from cms_desktop.modules.base.records import (
    ColleagueRow,
    Explanation,
    FunctionName,
    Holder,
    PermissionMatrix,
    PersonPlace,
    PersonRow,
    RightsFacts,
)
from cms_desktop.modules.base.tables import Company, Function, JobPreset, Permission, Person

_fold = sa.func.base.fold
_person: Any = Person
_place: Any = Permission


def _function_rows(call: Any, name: str, **columns: Any) -> Any:
    """A set-returning function as a table; its columns are those the function names itself."""
    return call.table_valued(*(sa.column(key, kind) for key, kind in columns.items()), name=name)


_seen: Any = _function_rows(
    sa.func.base.person_sessions(), "seen", company_id=sa.Integer, person_id=sa.Integer,
    last_opened_at=sa.DateTime(timezone=True), last_host=sa.Text, open_connections=sa.Integer,
)  # fmt: skip
_door: Any = _function_rows(
    sa.func.base.person_doors(), "door", company_id=sa.Integer, person_id=sa.Integer, door_locked_until=sa.DateTime(timezone=True),
    locked_addresses=sa.Integer, password_set_at=sa.DateTime(timezone=True), password_expires_at=sa.DateTime(timezone=True), is_temporary=sa.Boolean,
)  # fmt: skip
_locked_until: Any = sa.func.greatest(_person.locked_until, _door.c.door_locked_until, type_=sa.DateTime(timezone=True))

STATE: Any = sa.case(
    (sa.not_(_person.is_active), "suspended"),
    (_person.expires_on < sa.func.current_date(), "expired"),
    (_person.locked_until > sa.func.now(), "locked"),
    (_person.must_change_password, "must_change"),
    else_="active",
)
DOOR_STATE: Any = sa.case((sa.and_(STATE.in_(("active", "must_change")), _door.c.door_locked_until > sa.func.now()), "locked"), else_=STATE)
_held: Any = sa.orm.aliased(Permission)
_function_count: Any = (
    sa.select(sa.func.count()).where(_held.company_id == _place.company_id, _held.person_id == _place.person_id).scalar_subquery()
)


def local_day(moment: Any) -> Any:
    """The Italian day of a moment."""
    return sa.cast(sa.func.timezone("Europe/Rome", moment), sa.Date)


PERSONS = Listing(
    source=sa.join(_place, _person, _person.person_id == _place.person_id)
    .outerjoin(_seen, sa.and_(_seen.c.company_id == _place.company_id, _seen.c.person_id == _place.person_id))
    .outerjoin(_door, sa.and_(_door.c.company_id == _place.company_id, _door.c.person_id == _place.person_id)),
    company=_place.company_id,
    where=(_place.function == "base.read",),
    columns={
        "display_name": ListColumn(_person.display_name, folded=_fold(_person.display_name)),
        "login": ListColumn(_person.login, is_nullable=False),
        "job_title": ListColumn(_person.job_title, folded=_fold(_person.job_title)),
        "email": ListColumn(_person.email),
        "rank": ListColumn(_person.rank, is_nullable=False),
        "state": ListColumn(DOOR_STATE, is_nullable=False),
        "is_active": ListColumn(_person.is_active, is_nullable=False),
        "expires_on": ListColumn(_person.expires_on),
        "last_login_on": ListColumn(local_day(_seen.c.last_opened_at)),
        "has_logged_in": ListColumn(_seen.c.last_opened_at.is_not(None), is_nullable=False),
        "open_connections": ListColumn(_seen.c.open_connections),
        "function_count": ListColumn(_function_count),
        "locked_until": ListColumn(_locked_until),
        "password_expires_on": ListColumn(local_day(_door.c.password_expires_at)),
    },
    row_id=_person.person_id,
    default=Sort("display_name"),
    search=lambda _unit, text: sa.func.strpos(_fold(_person.display_name + " " + _person.login + " " + _person.job_title), _fold(text)) > 0,
    extra=(
        _person.person_id,
        _seen.c.last_opened_at,
        sa.func.coalesce(_seen.c.last_host, "").label("last_host"),
        _person.row_version,
        _door.c.password_set_at,
        sa.func.coalesce(_door.c.is_temporary, sa.false()).label("has_temporary_password"),
    ),
)


def _records(kind: Any, rows: Any) -> tuple[Any, ...]:
    names = [one.name for one in dataclasses.fields(kind)]
    return tuple(kind(**{name: getattr(row, name) for name in names}) for row in rows)


def list_persons(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[PersonRow]:
    page = PERSONS.page(unit, query, after)
    return Page(_records(PersonRow, page.rows), page.after)


def sum_persons(unit: UnitOfWork, query: ListQuery) -> Totals:
    return PERSONS.totals(unit, query)


def find_person(unit: UnitOfWork, person_id: int) -> PersonRow | None:
    rows = dataclasses.replace(PERSONS, where=(*PERSONS.where, _person.person_id == person_id)).page(unit, ListQuery(), None, 1).rows
    return _records(PersonRow, rows)[0] if rows else None


def list_admissible(unit: UnitOfWork) -> tuple[ColleagueRow, ...]:
    """Colleagues from other companies of mine without a place in this one: whom sec.admit_person lets in."""
    here = sa.select(_place.person_id).where(_place.company_id == unit.company_id)
    rows = unit.rows(
        sa.select(_person.person_id, _person.login, _person.display_name, _person.job_title)
        .where(_person.is_active, _person.person_id != unit.person_id, _person.person_id.not_in(here))
        .order_by(_fold(_person.display_name), _person.person_id)
    )
    return _records(ColleagueRow, rows)


def my_functions(unit: UnitOfWork) -> frozenset[str]:
    """The functions this person holds in the company now."""
    statement = sa.select(Permission.function).where(Permission.company_id == unit.company_id, Permission.person_id == unit.person_id)
    return frozenset(unit.session.scalars(statement))


def find_matrix(unit: UnitOfWork) -> PermissionMatrix:
    """Every person of the company with the functions they hold."""
    functions = tuple(
        FunctionName(one.function, one.module, one.title) for one in unit.session.scalars(sa.select(Function).order_by(Function.sort_order))
    )
    held: dict[int, set[str]] = {}
    for row in unit.rows(sa.select(Permission.person_id, Permission.function).where(Permission.company_id == unit.company_id)):
        held.setdefault(row.person_id, set()).add(row.function)
    persons = unit.rows(
        sa.select(Person.person_id, Person.login, Person.display_name, Person.job_title, STATE.label("state"))
        .where(Person.person_id.in_(list(held)))
        .order_by(_fold(Person.display_name), Person.person_id)
    )
    presets: dict[str, set[str]] = {}
    for row in unit.rows(sa.select(JobPreset.preset, JobPreset.function)):
        presets.setdefault(row.preset, set()).add(row.function)
    return PermissionMatrix(
        functions,
        tuple(Holder(p.person_id, p.login, p.display_name, p.job_title, p.state, frozenset(held[p.person_id])) for p in persons),
        {name: frozenset(presets[name]) for name in sorted(presets)},
    )


_FACTS = """
select p.display_name, p.person_id = sec.person_id() as is_me, coalesce(f.title, :function) as title,
       c.name as company_name, c.is_active as company_is_active,
       (select count(*) from base.permission as h where h.company_id = :company and h.person_id = p.person_id) as place_count,
       p.is_active, p.expires_on, p.locked_until, p.must_change_password, g.granted_at, coalesce(w.display_name, '') as granted_by,
       coalesce(s.last_client_version, '') as client_version, m.minimum_client_version,
       array(select distinct a.display_name from base.permission as h join base.person as a using (person_id)
             where h.company_id = :company and h.function = 'base.administer' and a.is_active and a.person_id <> p.person_id order by 1) as givers,
       array(select preset from base.job_preset where function = :function order by 1) as presets,
       now() as now, current_date as today
from base.person as p
join base.company as c on c.company_id = :company
cross join base.program as m
left join base.function as f on f.function = :function
left join base.permission as g on g.company_id = :company and g.person_id = p.person_id and g.function = :function
left join base.person as w on w.person_id = g.created_by
left join (select person_id, last_client_version from base.person_sessions() where company_id = :company) as s on s.person_id = p.person_id
where p.person_id = :person
"""


def explain(unit: UnitOfWork, person_id: int, function: str) -> Explanation:
    """Why the person can or cannot do this here: the same conditions as sec.companies, one by one, what would help and who may."""
    rows = unit.rows(sa.text(_FACTS), {"person": person_id, "function": function})
    if not rows:
        raise InvalidInput("Persona sconosciuta in questa azienda.")
    row = rows[0]
    facts = RightsFacts(
        row.display_name, bool(row.is_me), function, row.title, row.company_name, row.company_is_active, row.place_count, row.is_active,
        row.expires_on, row.locked_until, row.must_change_password, row.granted_at is not None, row.granted_at, row.granted_by,
        row.client_version, row.minimum_client_version, tuple(row.givers), tuple(row.presets), row.now, row.today,
    )  # fmt: skip
    return rights_rules.explanation_of(facts)


def list_places(unit: UnitOfWork, person_id: int) -> tuple[PersonPlace, ...]:
    """A person in all the companies I administer, by name; companies where they have no place are there with no rights."""
    place, company = Permission.__table__.c, Company.__table__.c
    held: dict[int, set[str]] = {}
    for row in unit.rows(sa.select(place.company_id, place.function).where(place.person_id == person_id)):
        held.setdefault(row.company_id, set()).add(row.function)
    mine = sa.select(place.company_id).where(place.person_id == unit.person_id, place.function == "base.administer")
    rows = unit.rows(sa.select(company.company_id, company.name).where(company.company_id.in_(mine)).order_by(company.name))
    return tuple(PersonPlace(row.company_id, row.name, frozenset(held.get(row.company_id, ()))) for row in rows)
