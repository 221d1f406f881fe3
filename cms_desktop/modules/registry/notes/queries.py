"""Questions about notes and tasks. What a person may not see, row-level security leaves out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry.notes.records import Colleague, Contact, NoteEvent, Subject, TaskCounts
from cms_desktop.modules.registry.notes.records import Note as NoteRecord
from cms_desktop.modules.registry.notes.tables import Note, SubjectKind
from cms_desktop.modules.registry.notes.tables import NoteEvent as NoteEventTable
from cms_desktop.modules.registry.tables import ContactPerson, Party

PAGE = 50
_note: Any = Note.__table__.c
_party: Any = Party.__table__.c
_author: Any = sa.alias(Person.__table__, "author")
_executor: Any = sa.alias(Person.__table__, "executor")
_assigner: Any = sa.alias(Person.__table__, "assigner")
_fold = sa.func.base.fold

IS_OPEN: Any = _note.task_state.in_(("open", "taken"))
IS_OVERDUE: Any = sa.func.coalesce(sa.and_(IS_OPEN, _note.due_on < sa.func.current_date()), sa.false())
_SOURCE = (
    sa.outerjoin(
        Note.__table__, Party.__table__, sa.and_(_party.company_id == _note.company_id, _party.party_id == _note.party_id)
    )
    .outerjoin(_author, _author.c.person_id == _note.created_by)
    .outerjoin(_executor, _executor.c.person_id == _note.executor_id)
    .outerjoin(_assigner, _assigner.c.person_id == _note.assigned_by)
)  # fmt: skip


def _name(of: Any) -> Any:
    return sa.func.coalesce(of, "")


_COLUMNS = (
    _note.note_id, _note.row_version, _note.party_id, _name(_party.name).label("party_name"), _note.subject_table, _note.subject_id,
    _note.words, _note.spoken_to, _note.contact_person_id, _note.happened_on, _note.is_private, _note.remind_at,
    _note.created_by.label("author_id"), _name(_author.c.display_name).label("author"), _note.created_at, _note.executor_id,
    _name(_executor.c.display_name).label("executor"), _note.assigned_by, _name(_assigner.c.display_name).label("assigner"),
    _note.assigned_at, _note.due_on, _note.task_state, IS_OVERDUE.label("is_overdue"), _note.done_at, _note.outcome, _note.minutes,
)  # fmt: skip
_FIELDS = tuple(NoteRecord.__dataclass_fields__)


def _record(row: Any) -> NoteRecord:
    return NoteRecord(**{key: getattr(row, key) for key in _FIELDS})


def about(columns: Any, subject: Subject) -> Any:
    """The condition for rows about a record: for a party all that is known of it, for another record its own. `columns` are a table's."""
    if subject.is_party:
        return columns.party_id == subject.record_id
    return sa.and_(columns.subject_table == subject.table, columns.subject_id == subject.record_id)


def list_notes(
    unit: UnitOfWork, subject: Subject, *, before: int | None = None, open_tasks: bool = False, most: int = PAGE
) -> list[NoteRecord]:
    """The newest first; `before` goes on after the last note of the page before."""
    where = [_note.company_id == unit.company_id, about(_note, subject)]
    if before is not None:
        where.append(_note.note_id < before)
    if open_tasks:
        where.append(IS_OPEN)
    statement = sa.select(*_COLUMNS).select_from(_SOURCE).where(*where).order_by(_note.note_id.desc()).limit(most)
    return [_record(row) for row in unit.rows(statement)]


def count_notes(unit: UnitOfWork, subject: Subject) -> int:
    """How many notes there are about a record, as far as this person sees them."""
    return int(unit.value(sa.select(sa.func.count()).where(_note.company_id == unit.company_id, about(_note, subject))))


def find_note(unit: UnitOfWork, note_id: int) -> NoteRecord | None:
    """None when it is not there or not visible."""
    rows = unit.rows(
        sa.select(*_COLUMNS).select_from(_SOURCE).where(_note.company_id == unit.company_id, _note.note_id == note_id)
    )  # fmt: skip
    return _record(rows[0]) if rows else None


def list_events(unit: UnitOfWork, note_id: int) -> list[NoteEvent]:
    """What happened to a note, the newest first."""
    event: Any = NoteEventTable.__table__.c
    statement = (
        sa.select(event.kind, event.at, _name(_author.c.display_name).label("author"), _name(_executor.c.display_name).label("to_person"),
                  event.words, event.minutes)
        .select_from(
            sa.outerjoin(NoteEventTable.__table__, _author, _author.c.person_id == event.created_by)
            .outerjoin(_executor, _executor.c.person_id == event.to_person_id)
        )
        .where(event.company_id == unit.company_id, event.note_id == note_id)
        .order_by(event.note_event_id.desc())
    )  # fmt: skip
    return [NoteEvent(row.kind, row.at, row.author, row.to_person, row.words, row.minutes) for row in unit.rows(statement)]


def list_colleagues(unit: UnitOfWork) -> list[Colleague]:
    """Whom a task can be given to."""
    rows = unit.rows(sa.text("select * from registry.executors(:company)"))
    return [Colleague(row.person_id, row.display_name, row.job_title, row.rank_level) for row in rows]


def list_contacts(unit: UnitOfWork, party_id: int) -> list[Contact]:
    """The people of a party, as somebody one has spoken to."""
    statement = (
        sa.select(ContactPerson.contact_person_id, ContactPerson.name, ContactPerson.job)
        .where(ContactPerson.company_id == unit.company_id, ContactPerson.party_id == party_id)
        .order_by(ContactPerson.search_key)
    )
    return [Contact(row.contact_person_id, row.name, row.job) for row in unit.rows(statement)]


def my_rank(unit: UnitOfWork) -> int:
    """Of this person, User 0 to Admin 3."""
    return int(unit.value(sa.select(sa.func.sec.my_rank())))


def list_subject_tables(unit: UnitOfWork) -> list[str]:
    """The tables whose records may have notes and attachments."""
    return [row.subject_table for row in unit.rows(sa.select(SubjectKind.subject_table).order_by(SubjectKind.subject_table))]


# ---- tasks ----------------------------------------------------------------------------------------------------------------


def _exact(expression: Any) -> ListColumn:
    return ListColumn(expression, is_nullable=False)


TASKS = Listing(
    source=_SOURCE,
    company=_note.company_id,
    where=(_note.executor_id.is_not(None),),
    columns={
        "due_on": ListColumn(_note.due_on),
        "words": ListColumn(_note.words, folded=_fold(_note.words)),
        "party_name": ListColumn(_party.name, folded=_party.search_key),
        "executor": ListColumn(_executor.c.display_name, folded=_fold(_executor.c.display_name)),
        "assigner": ListColumn(_assigner.c.display_name, folded=_fold(_assigner.c.display_name)),
        "task_state": _exact(_note.task_state),
        "assigned_on": ListColumn(sa.cast(sa.func.timezone("Europe/Rome", _note.assigned_at), sa.Date)),
        "done_on": ListColumn(sa.cast(sa.func.timezone("Europe/Rome", _note.done_at), sa.Date)),
        "minutes": ListColumn(_note.minutes, is_summed=True, is_nullable=False),
        "executor_id": _exact(_note.executor_id),
        "assigned_by": _exact(_note.assigned_by),
        "is_open": _exact(IS_OPEN),
        "is_overdue": _exact(IS_OVERDUE),
        "is_mine_to_give": _exact(_note.executor_id != _note.assigned_by),
    },
    row_id=_note.note_id,
    default=Sort("due_on"),
    search=lambda _unit, words: sa.func.strpos(_fold(_note.words), _fold(words)) > 0,
    extra=tuple(one for one in _COLUMNS if one.key not in {"due_on", "words", "party_name", "executor", "assigner", "task_state", "minutes",
                                                            "executor_id", "assigned_by", "is_overdue"}),
)  # fmt: skip


def list_tasks(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[NoteRecord]:
    page = TASKS.page(unit, query, after)
    return Page(tuple(_record(row) for row in page.rows), page.after)


def sum_tasks(unit: UnitOfWork, query: ListQuery) -> Totals:
    return TASKS.totals(unit, query)


def my_tasks(person_id: int) -> ListQuery:
    """Open tasks of this person."""
    return ListQuery((Filter("executor_id", "=", (person_id,)), Filter("is_open", "=", (True,))))


def my_overdue_tasks(person_id: int) -> ListQuery:
    return my_tasks(person_id).with_filter(Filter("is_overdue", "=", (True,)))


def given_tasks(person_id: int) -> ListQuery:
    """Open tasks that this person gave to others."""
    return ListQuery(
        (Filter("assigned_by", "=", (person_id,)), Filter("is_mine_to_give", "=", (True,)), Filter("is_open", "=", (True,)))
    )  # fmt: skip


def count_tasks(unit: UnitOfWork) -> TaskCounts:
    """For the tiles: each is the total of the list behind it."""
    counts = (sum_tasks(unit, query(unit.person_id)).count for query in (my_tasks, my_overdue_tasks, given_tasks))
    return TaskCounts(*counts)
