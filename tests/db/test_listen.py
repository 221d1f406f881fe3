"""A change made by anybody reaches the screens that watch the company, and only those."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from cms_desktop.db.listen import Listener
from cms_desktop.db.login import LoginSession
from tests.house import House


class Heard:
    """What a listener told, in order, with the moment."""

    def __init__(self) -> None:
        self.changes: queue.Queue[tuple[int, str]] = queue.Queue()
        self.connections: queue.Queue[None] = queue.Queue()
        self.losses: queue.Queue[float] = queue.Queue()

    def listener(self, connect: Callable[[], psycopg.Connection]) -> Listener:
        return Listener(
            connect, changed=lambda company, table: self.changes.put((company, table)),
            reconnected=lambda: self.connections.put(None), lost=self.losses.put,
        )  # fmt: skip

    def rest(self, seconds: float = 0.4) -> list[tuple[int, str]]:
        """Everything heard until it has been quiet for a while."""
        found = []
        while True:
            try:
                found.append(self.changes.get(timeout=seconds))
            except queue.Empty:
                return found


@pytest.fixture
def session(house: House) -> Iterator[LoginSession]:
    session = house.log_in("dora.doppia")
    yield session
    session.close()


@pytest.fixture
def heard(session: LoginSession) -> Iterator[Heard]:
    """Listening for company 1."""
    heard = Heard()
    listener = heard.listener(session.database.connect)
    listener.start(1)
    heard.connections.get(timeout=5)
    heard.choose = listener.choose  # type: ignore[attr-defined]
    yield heard
    listener.close()


ADD = "insert into registry.party (company_id, name) values (%s, 'Nuova')"


def test_a_change_by_psql_is_heard_within_half_a_second(house: House, heard: Heard) -> None:
    with house.person("marta.bellini") as psql:
        psql.execute(ADD, (1,))
        begun = time.monotonic()
        assert heard.changes.get(timeout=2) == (1, "registry.party")
        assert time.monotonic() - begun < 0.5


@pytest.mark.parametrize("statement", ["update registry.party set name = 'y', row_version = row_version + 1", "delete from registry.party"])
def test_changing_and_removing_are_heard_and_touching_nothing_is_not(house: House, heard: Heard, statement: str) -> None:
    with house.person("marta.bellini") as psql:
        psql.execute(statement)  # there is no row yet
        assert heard.rest() == []
        psql.execute(ADD, (1,))
        psql.execute(statement)
    assert heard.rest() == [(1, "registry.party")] * 2


def test_another_company_is_not_heard(house: House, heard: Heard) -> None:
    with house.owner() as owner:
        owner.execute(ADD, (2,))
    assert heard.rest() == []


def test_what_is_rolled_back_is_not_heard(house: House, heard: Heard) -> None:
    with house.person("marta.bellini") as psql, psql.transaction(force_rollback=True):
        psql.execute(ADD, (1,))
    assert heard.rest() == []


def test_equal_changes_of_one_transaction_are_heard_once(house: House, heard: Heard) -> None:
    with house.person("marta.bellini") as psql, psql.transaction():
        for _ in range(20):
            psql.execute(ADD, (1,))
    assert heard.rest() == [(1, "registry.party")]


def test_a_bulk_insert_for_two_companies_tells_each_once(house: House, heard: Heard) -> None:
    with house.owner() as owner:
        owner.execute("insert into registry.party (company_id, name) select 1 + n % 2, 'x' from generate_series(1, 100) n")
    assert heard.rest() == [(1, "registry.party")]


def test_after_choosing_another_company_only_that_one_is_heard(house: House, heard: Heard) -> None:
    heard.choose(2)  # type: ignore[attr-defined]
    heard.connections.get(timeout=2)  # everything on the screen is stale
    with house.owner() as owner:
        owner.execute(ADD, (1,))
        owner.execute(ADD, (2,))
    assert heard.rest() == [(2, "registry.party")]


def test_a_killed_connection_comes_back_and_says_so(house: House, heard: Heard) -> None:
    with house.owner() as owner:
        owner.execute(
            "select pg_terminate_backend(pid, 2000) from pg_stat_activity where query like 'listen %' and datname = current_database()"
        )
        assert heard.losses.get(timeout=3) == 0.5
        heard.connections.get(timeout=5)
        owner.execute(ADD, (1,))
    assert heard.rest() == [(1, "registry.party")]


def test_a_server_that_stays_away_is_tried_less_and_less_often() -> None:
    heard = Heard()

    def connect() -> psycopg.Connection:
        raise psycopg.OperationalError("nobody there")

    listener = heard.listener(connect)
    listener.start(1)
    assert [heard.losses.get(timeout=4) for _ in range(3)] == [0.5, 1, 2]
    begun = time.monotonic()
    listener.close()
    assert time.monotonic() - begun < 1, "closing does not wait for the next try"


def test_closing_gives_the_connection_back(house: House, session: LoginSession) -> None:
    heard = Heard()
    listener = heard.listener(session.database.connect)
    listener.start(1)
    heard.connections.get(timeout=5)
    listener.close()
    with house.owner() as owner:
        query = "select count(*) from pg_stat_activity where query like 'listen %' and datname = current_database()"
        assert owner.execute(query).fetchone() == (0,)


def test_a_forged_notice_does_not_end_the_listening(house: House, heard: Heard) -> None:
    with house.person("bruno.estraneo") as bruno, house.person("marta.bellini") as marta:
        bruno.execute("select pg_notify('cms_1', %s)", ("'; drop table x; -- " + "z" * 5000,))
        bruno.execute("select pg_notify('cms_1', '')")
        marta.execute(ADD, (1,))
    assert heard.rest()[-1] == (1, "registry.party")


def test_a_notice_carries_the_name_of_a_table_and_nothing_else(house: House) -> None:
    with house.owner() as owner, house.person("marta.bellini") as marta, house.person("rita.revisore") as rita:
        rita.execute("listen cms_1")
        marta.execute(ADD, (1,))
        marta.execute("update registry.party set name = 'segreto', row_version = row_version + 1")
        tables = {f"{row[0]}" for row in owner.execute("select schemaname || '.' || tablename from pg_tables")}
        payloads = [notice.payload for notice in rita.notifies(timeout=0.3)]
        assert payloads and set(payloads) <= tables
        assert rita.execute(sql.SQL("select count(*) from registry.party where name = 'segreto'")).fetchone() == (1,)
