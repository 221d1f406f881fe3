"""Tables of notes and of the time spent. A test holds them equal to the database."""

from __future__ import annotations

import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.db.unit_of_work import Base, CompanyRow, EditableRow

_EMPTY = sa.text("''::text")
_TODAY = sa.text("CURRENT_DATE")


def _identity() -> orm.Mapped[int]:
    return orm.mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _of_company() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id"], ["base.company.company_id"])


def _of_person(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["base.person.person_id"])


def _of_party() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id", "party_id"], ["registry.party.company_id", "registry.party.party_id"])


def _of_note() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["company_id", "note_id"], ["registry.note.company_id", "registry.note.note_id"])


class SubjectKind(Base):
    __tablename__ = "subject_kind"
    __table_args__ = {"schema": "registry"}
    subject_table: orm.Mapped[str] = orm.mapped_column(sa.Text, primary_key=True)
    key_column: orm.Mapped[str] = orm.mapped_column(sa.Text)
    party_column: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    read_function: orm.Mapped[str] = orm.mapped_column(sa.Text)


class Note(EditableRow, Base):
    __tablename__ = "note"
    __table_args__ = (
        _of_company(), _of_party(), _of_person("executor_id"), _of_person("assigned_by"), _of_person("done_by"),
        sa.ForeignKeyConstraint(
            ["company_id", "contact_person_id"], ["registry.contact_person.company_id", "registry.contact_person.contact_person_id"]
        ),
        {"schema": "registry"},
    )  # fmt: skip
    note_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    subject_table: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'registry.party'::text"))
    subject_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    read_function: orm.Mapped[str] = orm.mapped_column(sa.Text)
    words: orm.Mapped[str] = orm.mapped_column(sa.Text)
    spoken_to: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    contact_person_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    happened_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=_TODAY)
    is_private: orm.Mapped[bool] = orm.mapped_column(sa.Boolean, server_default=sa.text("false"))
    min_rank: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    audience: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=sa.text("'rank'::text"))
    remind_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    executor_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    assigned_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    assigned_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    due_on: orm.Mapped[datetime.date | None] = orm.mapped_column(sa.Date)
    task_state: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    done_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    done_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    outcome: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    minutes: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))


class NoteEvent(CompanyRow, Base):
    __tablename__ = "note_event"
    __table_args__ = (_of_note(), _of_person("to_person_id"), {"schema": "registry"})
    note_event_id: orm.Mapped[int] = _identity()
    note_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
    at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"))
    kind: orm.Mapped[str] = orm.mapped_column(sa.Text)
    to_person_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    words: orm.Mapped[str] = orm.mapped_column(sa.Text, server_default=_EMPTY)
    minutes: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("0"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))


class HourlyCost(EditableRow, Base):
    __tablename__ = "hourly_cost"
    __table_args__ = (_of_company(), _of_person("person_id"), {"schema": "registry"})
    hourly_cost_id: orm.Mapped[int] = _identity()
    person_id: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    valid_from: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=_TODAY)
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))


class TimeCost(CompanyRow, Base):
    __tablename__ = "time_cost"
    __table_args__ = (_of_company(), _of_party(), _of_note(), _of_person("person_id"), {"schema": "registry"})
    time_cost_id: orm.Mapped[int] = _identity()
    party_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    note_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    project_id: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger)
    person_id: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    worked_on: orm.Mapped[datetime.date] = orm.mapped_column(sa.Date, server_default=_TODAY)
    minutes: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    hourly_cost: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    amount: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(14, 2))
    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))
