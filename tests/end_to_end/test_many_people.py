"""Twenty people bill and collect at once while clients and connections are killed: books balance, nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from server_schema import deploy, setup
from tests.house import PASSWORD, House
from tests.modules.billing.world import World

ROOT = Path(__file__).parents[2]
SECONDS, KILLS, PROCESSES, PEOPLE_EACH = 14.0, 12, 4, 5
EXPECTED_REFUSALS = {"nothing_to_issue", "run_state", "run_cannot_be_undone", "item_not_open", "payment_state", "invalid_input"}


class Office:
    """Processes with five people each; who is killed comes back."""

    def __init__(self, house: House, people: list[dict[str, str]]) -> None:
        self._house, self._people = house, people
        self.told: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self._threads: list[threading.Thread] = []
        self._ends_at = time.monotonic() + SECONDS
        self._seed = 0
        self._clients: list[subprocess.Popen[str]] = []
        for place in range(PROCESSES):
            self._clients.append(self._start(place))

    def _start(self, place: int) -> subprocess.Popen[str]:
        self._seed += 1
        profile = self._house.profile
        facts = {
            "hosts": profile.hosts, "database": profile.database, "people": self._people[place], "seed": self._seed,
            "seconds": self._ends_at - time.monotonic(),
        }  # fmt: skip
        client = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.people_at_work", json.dumps(facts)],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        for read in (self._read_told, self._read_errors):
            thread = threading.Thread(target=read, args=(client,))
            thread.start()
            self._threads.append(thread)
        return client

    def _read_told(self, client: subprocess.Popen[str]) -> None:
        assert client.stdout is not None
        for line in client.stdout:
            if line.endswith("\n"):  # a line cut by the kill was not told
                self.told.append(json.loads(line))

    def _read_errors(self, client: subprocess.Popen[str]) -> None:
        assert client.stderr is not None
        self.errors.extend(client.stderr)

    def kill_client(self, place: int) -> None:
        self._clients[place].send_signal(signal.SIGKILL)
        self._clients[place].wait()
        self._clients[place] = self._start(place)

    def is_open(self) -> bool:
        return time.monotonic() < self._ends_at - 2

    def wait(self) -> None:
        for client in self._clients:
            assert client.wait(timeout=60) == 0
        for thread in self._threads:
            thread.join(timeout=10)


def employ(world: World, house: House) -> list[dict[str, str]]:
    """Twenty people, half of them billing, half collecting; a group for each process."""
    groups: list[dict[str, str]] = []
    for process in range(PROCESSES):
        group = {}
        for seat in range(PEOPLE_EACH):
            job = "bill" if (process + seat) % 2 else "collect"
            login = f"p{process}{seat}.{job}"
            person = setup.create_person(world.owner, 1, login, login, PASSWORD, must_change=False)
            setup.grant_preset(world.owner, 1, person, "fatturista" if job == "bill" else "contabile")
            group[login] = job
        groups.append(group)
    return groups


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_twenty_people_bill_and_collect_at_once_while_some_are_killed(house: House) -> None:
    world = World(house)
    world.many(60)
    office, chance = Office(house, employ(world, house)), random.Random(7)
    while office.is_open():
        time.sleep(SECONDS / KILLS)
        if chance.random() < 0.4:
            office.kill_client(chance.randrange(PROCESSES))
        else:
            world.owner.execute(
                "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = current_database() "
                "and usename like '%%.%%' and state <> 'idle' order by random() limit 2) as t"
            )
    office.wait()
    told = Counter(key for one in office.told for key in one)
    refusals = Counter(one["key"] for one in office.told if "refused" in one)
    assert [one["unexpected"] for one in office.told if "unexpected" in one] == []
    assert office.errors == []
    assert set(refusals) <= EXPECTED_REFUSALS  # two people at the same thing: the second is told
    assert told["issued"] and told["undone"] and told["collected"] > 30 and told["bounced"], "nobody got to work"
    check_books(world, office)
    world.close()


def check_books(world: World, office: Office) -> None:
    assert deploy.check(world.owner) == []
    assert world.value("select count(*) - max(number) from billing.invoice where company_id = 1 and state = 'issued'") == 0
    twice = "select count(*) from (select from billing.invoice_line where company_id = 1 group by service_id, period_start having count(*) > 1) as t"
    assert world.value(twice) == 0
    for one in office.told:  # what the server said is done is there
        if "collected" in one:
            amount = world.value("select amount from ledger.payment where company_id = 1 and payment_id = %s", one["collected"])
            assert str(amount) == one["amount"]
    over = (
        "select count(*) from ledger.open_item as o left join lateral (select sum(a.amount) as amount from ledger.allocation as a "
        "where a.company_id = 1 and a.open_item_id = o.open_item_id) as a on true where o.settled_amount <> coalesce(a.amount, 0)"
    )
    assert world.value(over) == 0
    assert world.value("select sum(debit_amount) - sum(credit_amount) from ledger.journal_line where company_id = 1") == 0
