"""The work of the night: what it does, that it does it once, and that one step that fails stops no other."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from rich.console import Console

from cms_desktop import admin_nightly
from server_schema import nightly
from tests.access.arranged import add_customer
from tests.house import House

Connection = psycopg.Connection[Any]
SOON = "current_date + 10"


@pytest.fixture
def owner(house: House) -> Iterator[Connection]:
    """Customers 100 and 101, each with a contract with one line."""
    with house.owner() as connection:
        add_customer(connection, "100")
        add_customer(connection, "101")
        yield connection


def _change(owner: Connection, table: str, values: str, where: str = "true") -> None:
    owner.execute(f"update {table} set {values}, row_version = row_version + 1 where company_id = 1 and {where}")


def _counts(owner: Connection) -> dict[str, int]:
    """step → count, of the first company; no step may fail."""
    found = list(nightly.run(owner))
    assert [one.error for one in found if one.error] == []
    return {one.step: one.count for one in found if one.company.startswith("Vigilanza Aurora")}


def _rows(owner: Connection, query: str) -> list[tuple[Any, ...]]:
    return owner.execute(query).fetchall()


def _notices(owner: Connection, kind: str) -> list[tuple[Any, ...]]:
    return _rows(owner, "select p.login, n.title, n.body, n.source_id from base.notice as n join base.person as p using (person_id) "
                        f"where n.kind = '{kind}' and n.done_at is null order by 1, 3")  # fmt: skip


def test_a_price_of_the_future_is_in_force_from_its_day(owner: Connection) -> None:
    owner.execute(
        "insert into customers.service_price (company_id, service_id, valid_from, price, origin, is_applied) "
        "select company_id, service_id, current_date, 77, 'manual', false from customers.service where service_id = 1"
    )
    assert _counts(owner)["prices"] == 1
    assert _rows(owner, "select monthly_price from customers.service where service_id = 1") == [(77,)]
    assert _counts(owner)["prices"] == 0


def test_a_mandate_of_three_years_ago_is_expired(owner: Connection) -> None:
    owner.execute(
        "insert into customers.mandate (company_id, customer_id, reference, iban, signed_on, state) "
        "values (1, 1, 'SDD-000001', 'IT60X0542811101000000123456', '2020-01-10', 'active')"
    )
    assert _counts(owner)["mandates"] == 1
    assert _rows(owner, "select state, state_on from customers.mandate") == [("expired", datetime.date(2023, 1, 10))]
    assert _counts(owner)["mandates"] == 0


def test_twins_are_found_and_contents_nobody_holds_go(owner: Connection) -> None:
    owner.execute(
        "insert into registry.party (company_id, name, tax_code) select 1, 'Rossi ' || n, 'RSSMRA80A01H501U' from generate_series(1, 2) as n"
    )
    owner.execute(
        "insert into registry.content (company_id, created_by, created_at) select 1, 1, now() - interval '2 days' from generate_series(1, 3)"
    )
    first, again = _counts(owner), _counts(owner)
    assert (first["attachments"], again["attachments"], again["twins"]) == (3, 0, 0)
    assert first["twins"] >= 1


def test_deadlines_are_told_once_to_those_who_write_contracts(owner: Connection) -> None:
    _change(owner, "customers.contract", f"ends_on = {SOON}, renewal_months = null", "customer_id = 1")
    assert _counts(owner)["deadlines"] == 3
    [number, day, name] = _rows(owner, f"select c.number, to_char({SOON}, 'DD/MM/YYYY'), p.name from customers.contract as c "
                                       "join registry.party as p on p.party_id = c.customer_id where customer_id = 1")[0]  # fmt: skip
    told = _notices(owner, "customers.expiry")
    assert [one[0] for one in told] == ["anna.admin", "dora.doppia", "marta.bellini"]
    assert all(one[1] == name and one[2].startswith(f"{day} · {number}") for one in told)
    assert _counts(owner)["deadlines"] == 0
    owner.execute("update base.notice set done_at = now()")
    assert _counts(owner)["deadlines"] == 0


def test_many_deadlines_are_one_notice_that_says_how_many(owner: Connection) -> None:
    for n in range(102, 115):
        add_customer(owner, str(n))
    _change(owner, "customers.contract", f"ends_on = {SOON}, renewal_months = null")
    assert _counts(owner)["deadlines"] == 3
    assert [(one[1], one[3]) for one in _notices(owner, "customers.expiry")] == [("15", 0)] * 3
    assert _counts(owner)["deadlines"] == 0


def test_administrators_hear_of_what_the_checks_find_until_it_is_mended(owner: Connection) -> None:
    assert _counts(owner)["checks"] == 0
    assert _notices(owner, "base.integrity") == []
    owner.execute("set session_replication_role = replica")
    owner.execute("update base.person set role_name = 'gone_away' where login = 'rita.revisore'")
    assert _counts(owner)["checks"] == 1
    [told] = _notices(owner, "base.integrity")
    assert told[:2] == ("anna.admin", "1")
    assert _counts(owner)["checks"] == 1
    assert _notices(owner, "base.integrity") == [told]
    owner.execute("update base.person set role_name = 'house_rita.revisore' where login = 'rita.revisore'")
    assert _counts(owner)["checks"] == 0
    assert _notices(owner, "base.integrity") == []
    assert _rows(owner, "select finding_count from base.integrity_run where company_id = 1 order by integrity_run_id") == [
        (0,),
        (1,),
        (1,),
        (0,),
    ]


def test_a_step_that_fails_stops_no_other_and_the_exit_code_says_so(owner: Connection) -> None:
    paper = Console(file=io.StringIO(), width=160)
    assert admin_nightly.show(paper, owner) == admin_nightly.ALL_WELL
    owner.execute("alter function customers.lapse_mandates(int) rename to gone")
    _change(owner, "customers.contract", f"ends_on = {SOON}, renewal_months = null", "customer_id = 1")
    shown = Console(file=io.StringIO(), width=160)
    assert admin_nightly.show(shown, owner) == admin_nightly.FAILED
    words = shown.file.getvalue()  # type: ignore[attr-defined]
    assert "mandati SDD scaduti: non riuscito" in words and "avvisi di scadenza dei contratti: 3" in words and "Istituto San Marco" in words
    owner.execute("alter function customers.gone(int) rename to lapse_mandates")
    owner.execute("update base.person set role_name = 'gone_away' where login = 'rita.revisore'")
    assert admin_nightly.show(paper, owner) == admin_nightly.ANOMALIES


def test_two_nights_do_not_run_at_once(house: House, owner: Connection) -> None:
    with house.owner() as other:
        other.execute("select pg_advisory_lock(%s)", (nightly.LOCK,))
        with pytest.raises(nightly.AlreadyRunning):
            next(iter(nightly.run(owner)))
