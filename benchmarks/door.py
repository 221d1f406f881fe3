"""What the watch on wrong passwords adds to a login: processor time of whole connections, with it and without, in turns."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import psycopg

from benchmarks.measure import Measure
from benchmarks.place import COMPANY_VAT, PASSWORD, Place, admit
from server_schema import setup

DATABASE = "door"


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many, rounds = (5, 1) if quick else (50, 5)
    with place.new_database(DATABASE) as owner:
        company = setup.found_company(owner, "Vigilanza di Misura S.r.l.", COMPANY_VAT)
        admit(owner, "ada.porta", [company], "commerciale")
        server = psutil.Process(int((place.server.data / "postmaster.pid").read_text().splitlines()[0]))
        best = {"enable": float("inf"), "disable": float("inf")}
        for _ in range(rounds):
            for word in best:
                owner.execute(f"alter event trigger cms_watch_login {word}")
                best[word] = min(best[word], _spent(place, server, many))
        owner.execute("alter event trigger cms_watch_login enable")
    place.drop_database(DATABASE)
    added = (best["enable"] - best["disable"]) / many * 1000
    yield Measure("door", many, best["enable"], best["disable"], {"what": "processor time of logins with the watch", "added_ms": added})


def _spent(place: Place, server: psutil.Process, many: int) -> float:
    """Processor seconds of the server for so many connections, opened and closed."""
    at, before = place.server.ensure_running(), _children(server)
    for _ in range(many):
        psycopg.connect(host=at.host, port=at.port, user=f"{DATABASE}_ada.porta", password=PASSWORD, dbname=DATABASE).close()
    time.sleep(0.3)  # those that end are counted when they are gone
    return max(_children(server) - before, 0.001)


def _children(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.children_user + times.children_system)
