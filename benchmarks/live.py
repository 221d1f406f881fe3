"""From the commit of a change until every one of 20 listening clients has heard of it and read it again, beside a bare NOTIFY heard by one."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.measure import Measure, percentile, seconds_of
from benchmarks.place import COMPANY_VAT, Place, admit
from cms_desktop.db.listen import Listener
from cms_desktop.db.login import LoginSession
from server_schema import setup

DATABASE = "live"
CLIENTS = 20
WAIT = 10  # seconds after which a client that has not heard counts as deaf
NAME = sa.text("select name from registry.party where company_id = :company")


class _Client:
    """A workstation: hears of a change and reads it again."""

    def __init__(self, session: LoginSession, company: int) -> None:
        self.session, self.company = session, company
        self.ready, self.seen, self.seen_at, self.expected = threading.Event(), threading.Event(), 0.0, ""
        self.listener = Listener(session.database.connect, changed=self._on_changed, reconnected=self.ready.set, lost=lambda _seconds: None)
        self.listener.start(company)

    def _on_changed(self, _company: int, table: str) -> None:
        if table != "registry.party":
            return
        with self.session.database.unit_of_work(self.company) as unit:
            if unit.value(NAME) == self.expected:
                self.seen_at = time.perf_counter()
                self.seen.set()

    def close(self) -> None:
        self.listener.close()
        self.session.close()


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many, rounds = (3, 2) if quick else (CLIENTS, 40)
    with place.new_database(DATABASE) as owner:
        company = setup.found_company(owner, "Vigilanza di Misura S.r.l.", COMPANY_VAT)
        for number in range(many):
            admit(owner, f"posto.{number:02}", [company], "commerciale")
        owner.execute("insert into registry.party (company_id, name) values (%s, 'prima')", (company,))
        clients = [_Client(place.log_in(DATABASE, f"posto.{number:02}"), company) for number in range(many)]
        for client in clients:
            assert client.ready.wait(WAIT), "a client could not listen"
        took = [_change(clients, f"nome {number}") for number in range(rounds)]
        for client in clients:
            client.close()
        least = _floor(place, rounds)
    place.drop_database(DATABASE)
    figures: dict[str, float | int | str] = {
        "p50_ms": percentile(took, 50) * 1000, "p95_ms": percentile(took, 95) * 1000, "clients": many,
    }  # fmt: skip
    yield Measure("live", 1, statistics.median(took), least, figures | {"times": rounds})


def _change(clients: list[_Client], name: str) -> float:
    """Seconds from just before the commit until the last client has read the new name."""
    for client in clients:
        client.seen.clear()
        client.expected = name
    change = sa.text("update registry.party set name = :name, row_version = row_version + 1 where company_id = :company")
    with clients[0].session.database.unit_of_work(clients[0].company) as unit:
        unit.session.execute(change, {"name": name, "company": unit.company_id})
        began = time.perf_counter()
    for client in clients:
        assert client.seen.wait(WAIT), "a client did not hear of the change"
    return max(client.seen_at for client in clients) - began


def _floor(place: Place, rounds: int) -> float:
    with place.owner(DATABASE) as speaker, place.owner(DATABASE) as hearer:
        hearer.execute("listen bare")
        return statistics.median(seconds_of(lambda: _one_word(speaker, hearer)) for _ in range(rounds))


def _one_word(speaker: psycopg.Connection[Any], hearer: psycopg.Connection[Any]) -> None:
    speaker.execute("notify bare")
    next(hearer.notifies(timeout=WAIT, stop_after=1))
