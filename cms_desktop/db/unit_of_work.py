"""A unit of work: one transaction of one person in one company. The only door of queries and actions to the database.

    with database.unit_of_work(company_id) as unit:
        customers.queries.list_customers(unit, query)

Every ORM statement inside also says ``company_id = …`` (routing and convenience; the barrier is row-level security). An ORM
statement outside a unit of work raises NoCompanyChosen.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.core.errors import NoCompanyChosen
from cms_desktop.core.listing import PAGE_ROWS
from cms_desktop.db.errors import translated

_company: ContextVar[int | None] = ContextVar("company", default=None)


class Base(orm.DeclarativeBase):
    """Base of every mapped table."""

    type_annotation_map: ClassVar = {str: sa.Text}


class CompanyRow:
    """Mixin of tables whose rows belong to a company."""

    company_id: orm.Mapped[int] = orm.mapped_column(sa.Integer, primary_key=True)


class EditableRow(CompanyRow):
    """Mixin of tables that people write under row-level security: who and when, and the version that refuses a lost update."""

    created_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.text("now()"))
    created_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer, server_default=sa.text("sec.person_id()"))
    changed_at: orm.Mapped[datetime.datetime | None] = orm.mapped_column(sa.DateTime(timezone=True))
    changed_by: orm.Mapped[int | None] = orm.mapped_column(sa.Integer)
    row_version: orm.Mapped[int] = orm.mapped_column(sa.Integer, server_default=sa.text("1"))

    @orm.declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}


class UnitOfWork:
    """What a piece of work gets. Not shared between threads, except `cancel`."""

    def __init__(self, session: orm.Session, company_id: int, person_id: int) -> None:
        self.session, self.company_id, self.person_id = session, company_id, person_id
        self.page_rows = PAGE_ROWS  # rows a list fetches at once in this piece of work; an export takes more
        self.on_progress: Callable[[int, int, str], None] = lambda done, total, phase: None
        self.another: Callable[[], AbstractContextManager[UnitOfWork]] = self._no_other
        """Opens a further unit of work of the same person, committed on its own: for work whose every step must last."""
        self._driver: psycopg.Connection[Any] | None = None
        self.is_cancelled = False
        self._lock = threading.Lock()

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The psycopg connection of this transaction, for COPY and streaming."""
        assert self._driver is not None
        return self._driver

    def rows(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> list[Any]:
        """All rows of a SELECT. `:company` is filled in textual statements."""
        return list(self.session.execute(statement, self._bound(statement, values)))

    def value(self, statement: sa.Executable, values: Mapping[str, Any] | None = None) -> Any:
        """The single value of a statement, None without a row."""
        return self.session.execute(statement, self._bound(statement, values)).scalar()

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a guarded function of the database; the company is its first argument.

        >>> unit.call("billing.issue_run", run_id)
        """
        schema, name = function.split(".")
        return self.session.execute(sa.select(getattr(getattr(sa.func, schema), name)(self.company_id, *arguments))).scalar()

    def _bound(self, statement: sa.Executable, values: Mapping[str, Any] | None) -> dict[str, Any]:
        given = dict(values or {})
        if isinstance(statement, sa.TextClause) and "company" in statement._bindparams:
            given.setdefault("company", self.company_id)
        return given

    def _no_other(self) -> AbstractContextManager[UnitOfWork]:
        raise NoCompanyChosen("this unit of work stands alone")

    def cancel(self) -> None:
        """Stop the statement that is running now. Safe from another thread."""
        with self._lock:
            self.is_cancelled = True
            if self._driver is not None and not self._driver.closed:
                self._driver.cancel_safe(timeout=5)

    def _attach(self, driver: psycopg.Connection[Any]) -> None:
        with self._lock:
            self._driver = driver
        driver.add_notice_handler(self._on_notice)

    def _detach(self) -> None:
        with self._lock:
            driver, self._driver = self._driver, None
        if driver is not None and not driver.closed:
            driver.remove_notice_handler(self._on_notice)

    def _on_notice(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        match = re.match(r"progress (\d+)/(\d+) (\w+)", diagnostic.message_primary or "")
        if match:
            self.on_progress(int(match[1]), int(match[2]), match[3])


@contextmanager
def unit_of_work(engine: sa.Engine, company_id: int, person_id: int) -> Iterator[UnitOfWork]:
    """Begin, do, commit; any error rolls everything back and comes out as an AppError."""
    token = _company.set(company_id)
    try:
        with translated(), orm.Session(engine, expire_on_commit=False) as session:
            unit = UnitOfWork(session, company_id, person_id)
            unit.another = lambda: unit_of_work(engine, company_id, person_id)
            unit._attach(session.connection().connection.driver_connection)  # type: ignore[arg-type]
            try:
                yield unit
                session.commit()
            finally:
                unit._detach()
                if unit.is_cancelled:  # the cancel may still be on its way: it must not meet the next statement of this connection
                    session.invalidate()
    finally:
        _company.reset(token)


@sa.event.listens_for(orm.Session, "do_orm_execute")
def _state_the_company(state: orm.ORMExecuteState) -> None:
    company_id = _company.get()
    if company_id is None:
        raise NoCompanyChosen("a query ran outside a unit of work")
    if state.is_select and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(
            orm.with_loader_criteria(CompanyRow, lambda cls: cls.company_id == company_id, include_aliases=True)
        )
