"""What version, audit and notification add: changes of one customer at a time as a person, beside the owner changing a bare copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from benchmarks import audit_cost
from benchmarks.measure import Measure, seconds_of
from benchmarks.place import COMPANY_VAT, Place, admit
from server_schema import setup

DATABASE = "audit"
ROWS = 1_000


def run(place: Place, quick: bool) -> Iterator[Measure]:
    many = 20 if quick else 2_000
    with place.new_database(DATABASE) as owner:
        company = setup.found_company(owner, "Vigilanza di Misura S.r.l.", COMPANY_VAT)
        admit(owner, "ada.audit", [company], "commerciale")
        owner.execute(
            "insert into registry.party (company_id, name) select %s, 'Cliente ' || g from generate_series(1, %s) as g", (company, ROWS)
        )
        owner.execute("create schema bare")
        owner.execute("create table bare.party (like registry.party including all)")
        owner.execute(
            "insert into bare.party (company_id, party_id, name) overriding system value select company_id, party_id, name from registry.party"
        )
        owner.execute("vacuum analyze")
        ids = [row[0] for row in owner.execute("select party_id from registry.party order by 1")]
        session = place.log_in(DATABASE, "ada.audit")
        with session.database.connect() as mine, place.owner(DATABASE) as bare:
            bare.autocommit = False
            took = seconds_of(lambda: _change_all(mine, "registry", company, ids, many))
            least = seconds_of(lambda: _change_all(bare, "bare", company, ids, many))
        session.close()
        written = owner.execute("select count(*) from base.audit_entry where table_name = 'registry.party' and operation = 'U'").fetchone()
        assert written == (many,), written
        bulk = audit_cost.measure(owner, rows=1_000 if quick else audit_cost.ROWS, times=1 if quick else 3, role=f"{DATABASE}_ada.audit")
        change = audit_cost.measure(owner, rows=1_000 if quick else audit_cost.ROWS, times=1, operation="update")
    place.drop_database(DATABASE)
    yield Measure("audit", many, took, least, {"what": "single changes, a transaction each"})
    yield Measure(
        "audit", int(bulk["rows"]), bulk["audited_seconds"], bulk["plain_seconds"], {"what": "one insert of many rows, as a person"}
    )
    yield Measure("audit", int(change["rows"]), change["audited_seconds"], change["plain_seconds"], {"what": "one change of many rows"})


def _change_all(connection: psycopg.Connection[Any], schema: str, company: int, parties: list[int], many: int) -> None:
    order = sql.SQL("update {}.party set phone = %s, row_version = row_version + 1 where company_id = %s and party_id = %s").format(
        sql.Identifier(schema)
    )
    for number in range(many):
        connection.execute(order, (f"011 {number}", company, parties[number % ROWS]))
        connection.commit()
