"""Many at once, and what a kill in the middle of a run leaves: all or nothing, never a gap."""

from __future__ import annotations

import calendar
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from cms_desktop.core.errors import ConnectionLost
from cms_desktop.core.listing import ListQuery
from cms_desktop.db.local_server import LocalServer
from cms_desktop.db.login import LoginSession
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.records import IssuedNumbers
from cms_desktop.modules.ledger import queries as ledger
from server_schema import deploy
from tests import cluster
from tests.house import PASSWORD, House, copied_house
from tests.modules.billing.conftest import Desk
from tests.modules.billing.world import World

D = datetime.date
ALL = ListQuery()
ROOT = Path(__file__).parents[3]
CLIENT = """
import json, os, signal, sys
from cms_desktop.db.login import log_in
from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.modules.billing import actions
facts = json.loads(sys.argv[1])
session = log_in(ConnectionProfile(**facts["profile"]), "marta.bellini", facts["password"])
def die(done, total, phase):
    print(phase, flush=True)
    if phase == facts["phase"]:
        os.kill(os.getpid(), signal.SIGKILL)
with session.database.unit_of_work(1) as unit:
    unit.on_progress = die
    actions.issue_run(unit, facts["run"])
"""


PEOPLE = ("anna.admin", "dora.doppia")  # a login role has a limited number of connections


def together(house: House, works: Sequence[Callable[[UnitOfWork], object]]) -> list[object]:
    """Do all of it at the same moment, each from a session of its own; results and errors, as they come."""
    sessions = [house.log_in(PEOPLE[place % 2]) for place in range(len(works))]
    start, outcomes = threading.Barrier(len(works), timeout=20), list[object]()

    def do(session: LoginSession, work: Callable[[UnitOfWork], object]) -> None:
        try:
            with session.database.unit_of_work(1) as unit:
                start.wait()
                outcomes.append(work(unit))
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=do, args=pair) for pair in zip(sessions, works, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for session in sessions:
        session.close()
    return outcomes


def test_eight_clients_issue_at_once_without_gap_double_or_error(desk: Desk, world: World, house: House) -> None:
    world.many(25)
    runs = [
        desk.prepare(D(2024, month, 1), D(2024, month, calendar.monthrange(2024, month)[1]), document_on=D(2024, 12, 31))
        for month in range(1, 9)
    ]
    outcomes = together(house, [partial(actions.issue_run, run_id=run) for run in runs])
    assert [one for one in outcomes if not isinstance(one, IssuedNumbers)] == []
    got = [one for one in outcomes if isinstance(one, IssuedNumbers)]
    assert sorted((one.first, one.last) for one in got) == [(n * 25 + 1, n * 25 + 25) for n in range(8)]
    numbers = [row[0] for row in world.owner.execute("select number from billing.invoice where company_id = 1 order by number")]
    assert numbers == list(range(1, 201))


def test_a_run_is_issued_once_even_when_two_press_together(desk: Desk, world: World, house: House) -> None:
    world.many(10)
    run = desk.prepare()
    outcomes = together(house, [partial(actions.issue_run, run_id=run)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDone", "IssuedNumbers"]
    assert desk.ask(queries.sum_invoices, ALL).count == 10


def wait_until_alone(world: World) -> None:
    """Until the server has given up the transactions of whoever died."""
    question = "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()"
    for _ in range(200):
        if not world.value(question):
            return
        time.sleep(0.05)
    raise AssertionError("a transaction of a dead client still runs")


@pytest.mark.parametrize("phase", ["numbers", "items"])
def test_a_client_killed_in_the_middle_of_a_run_leaves_nothing(desk: Desk, world: World, house: House, phase: str) -> None:
    world.many(200)
    run, profile = desk.prepare(), house.profile
    facts = {
        "profile": {"name": profile.name, "hosts": profile.hosts, "database": profile.database, "is_local": True, "role_prefix": "house"},
        "password": PASSWORD, "phase": phase, "run": run,
    }  # fmt: skip
    died = subprocess.run(
        [sys.executable, "-c", CLIENT, json.dumps(facts)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    wait_until_alone(world)
    assert desk.ask(queries.find_run, run).state == "preview"
    assert (
        desk.ask(queries.sum_invoices, ALL).count
        == desk.ask(ledger.sum_open_items, ALL).count
        == desk.ask(ledger.sum_entries, ALL).count
        == 0
    )
    assert desk.ask(actions.issue_run, run).first == 1


@pytest.fixture
def house_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house in a cluster of its own: killing a backend throws out everybody on the cluster."""
    server = LocalServer(cluster.throw_away_place() / f"{cluster.PREFIX}own{os.getpid()}", throw_away=True)
    monkeypatch.setattr(cluster, "_server", server)
    try:
        with copied_house() as house:
            yield house
    finally:
        server.release()
        server.remove()


def test_a_killed_server_process_leaves_nothing_of_the_run(house_of_its_own: House) -> None:
    world = World(house_of_its_own)
    world.many(200)
    session = house_of_its_own.log_in("marta.bellini")
    desk = Desk(session, world)
    run = desk.prepare()
    world.owner.execute("checkpoint")  # a throw-away cluster does not wait for the disk at each commit

    def kill(_done: int, _total: int, phase: str) -> None:
        if phase == "items":
            os.kill(backend, signal.SIGKILL)

    with pytest.raises(ConnectionLost), desk.unit() as unit:
        backend = unit.driver.info.backend_pid
        unit.on_progress = kill
        actions.issue_run(unit, run)
    session.close()
    world = reopened(house_of_its_own)
    session = house_of_its_own.log_in("marta.bellini")
    desk = Desk(session, world)
    assert desk.ask(queries.find_run, run).state == "preview"
    assert desk.ask(queries.sum_invoices, ALL).count == desk.ask(ledger.sum_open_items, ALL).count == 0
    assert desk.ask(actions.issue_run, run).first == 1
    assert deploy.check(world.owner) == []
    session.close()
    world.close()


def reopened(house: House) -> World:
    """Once the server has recovered."""
    for _ in range(100):
        try:
            return World(house)
        except Exception:
            time.sleep(0.1)
    return World(house)
