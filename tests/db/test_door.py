"""The door: wrong passwords are counted from the log of the server, locks come and go by themselves, and nobody locks a colleague out."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms_desktop.core.errors import LoginRefused
from cms_desktop.db.local_server.settings import settings_text
from cms_desktop.db.login import change_password, reopen, verify_password
from server_schema import watch
from tests import cluster
from tests.access.arranged import add_person, connect_as, log_in_as, outcome
from tests.house import PASSWORD, House

NEW = "collina marea lampione 9"
WRONG = "una frase sbagliata"


def refusal_of(attempt: Callable[[], Any]) -> LoginRefused:
    with pytest.raises(LoginRefused) as refused:
        attempt()
    return refused.value


def fail(house: House, login: str, times: int) -> None:
    for _ in range(times):
        assert refusal_of(lambda: log_in_as(house, login, WRONG)).key == "wrong_password"
    time.sleep(0.05)  # the log is written by a process of its own


def value(house: House, query: str, *values: object) -> Any:
    with house.owner() as owner:
        row = owner.execute(query, values).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def log_line(
    house: House, role: str, address: str = "10.0.0.7", *, code: str = "28P01", ago: float = 0, database: str = "", **more: Any
) -> str:
    at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=ago)
    facts = {"timestamp": at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC", "user": role, "dbname": database or house.name,
             "remote_host": address, "error_severity": "FATAL", "state_code": code, "message": "password authentication failed"}  # fmt: skip
    return json.dumps(facts | more, separators=(",", ":"))


def tell(house: House, *lines: str) -> None:
    """As if the server had written these lines."""
    with house.owner() as owner:
        owner.execute("set role cms_gatekeeper")
        owner.execute("select sec.lock_doors(sec.store_refusals(%s))", ("\n".join(lines) + "\n",))


@pytest.fixture
def pippo(house: House) -> int:
    person = add_person(house, "pippo.prova", (1, ()))
    log_in_as(house, "pippo.prova").close()
    return person


def test_five_wrong_passwords_lock_the_address_and_the_right_one_is_told_until_when(house: House, pippo: int) -> None:
    fail(house, "pippo.prova", 4)
    log_in_as(house, "pippo.prova").close()
    fail(house, "pippo.prova", 4)
    log_in_as(house, "pippo.prova").close()  # a good login begins the count anew
    fail(house, "pippo.prova", 5)
    refused = refusal_of(lambda: log_in_as(house, "pippo.prova"))
    assert refused.key == "locked"
    until = (datetime.datetime.now() + datetime.timedelta(minutes=15)).strftime("%H:")
    assert f"fino alle {until}" in str(refused) or ":0" in str(refused)
    house.log_in("marta.bellini").close()  # nobody else is concerned
    locked = value(house, "select locked_until - locked_at from base.door_lock where person_id = %s and address = '127.0.0.1'", pippo)
    assert locked == datetime.timedelta(minutes=15)


def test_a_login_with_psql_meets_the_same_lock(house: House, pippo: int) -> None:
    fail(house, "pippo.prova", 5)
    with pytest.raises(psycopg.OperationalError, match="locked"):
        connect_as(house, "pippo.prova")


def test_a_lock_ends_by_itself_and_the_next_one_lasts_twice_as_long(house: House, pippo: int) -> None:
    tell(house, *[log_line(house, f"{house.name}_pippo.prova", "127.0.0.1") for _ in range(5)])
    assert refusal_of(lambda: log_in_as(house, "pippo.prova")).key == "locked"
    with house.owner() as owner:
        owner.execute(
            "update base.door_lock set locked_at = locked_at - interval '16 min', locked_until = locked_until - interval '16 min'"
        )
        owner.execute("update base.login_refusal set at = at - interval '16 min', minute = minute - interval '16 min'")
    tell(house, *[log_line(house, f"{house.name}_pippo.prova", "127.0.0.1") for _ in range(5)])
    assert value(house, "select locked_until - locked_at from base.door_lock") == datetime.timedelta(minutes=30)
    with house.owner() as owner:
        owner.execute("update base.door_lock set locked_until = now() - interval '1 second'")
    log_in_as(house, "pippo.prova").close()
    assert value(house, "select count(*) from base.door_lock") == 0


def test_a_stranger_at_another_address_does_not_lock_the_person_out(house: House, pippo: int) -> None:
    tell(house, *[log_line(house, f"{house.name}_pippo.prova", "10.9.9.9") for _ in range(500)])
    log_in_as(house, "pippo.prova").close()
    assert value(house, "select sec.door_locked_until(%s, '10.9.9.9') > now()", pippo)


def test_many_addresses_together_lock_strange_addresses_and_never_the_own_post(house: House, pippo: int) -> None:
    role = f"{house.name}_pippo.prova"
    tell(house, *[log_line(house, role, f"10.0.0.{number % 15}") for number in range(45)])
    assert value(house, "select attempts from base.door_lock where person_id = %s and address = ''", pippo) == 45
    assert value(house, "select sec.door_locked_until(%s, '192.168.7.7') > now()", pippo)  # never seen there: refused
    log_in_as(house, "pippo.prova").close()  # at home: let in


def test_who_is_inside_stays_inside(house: House, pippo: int) -> None:
    session = log_in_as(house, "pippo.prova")
    fail(house, "pippo.prova", 6)
    assert refusal_of(lambda: log_in_as(house, "pippo.prova")).key == "locked"
    with session.database.connect() as connection:
        assert connection.execute("select sec.person_id()").fetchone() == (pippo,)
    session.close()


def test_a_flood_is_stored_in_few_rows_and_keeps_nobody_waiting(house: House, pippo: int) -> None:
    lines = [log_line(house, f"{house.name}_pippo.prova", ago=0) for _ in range(5000)]
    began = time.perf_counter()
    tell(house, *lines)
    assert time.perf_counter() - began < 3
    assert value(house, "select sum(attempts) from base.login_refusal") == 5000
    assert value(house, "select count(*) from base.login_refusal") <= 2
    house.log_in("marta.bellini").close()


def test_hostile_and_broken_lines_change_nothing(house: House, pippo: int) -> None:
    role = f"{house.name}_pippo.prova"
    good = log_line(house, role)
    tell(
        house, good[:60], "{", '"state_code":"28P01"', "[" + good + "]x", good[:-1], '{"state_code":"28P01"}', '{"state_code":"28P01","user":null}',
        '{"message":"x \\"state_code\\":\\"28P01\\"","user":"' + role + '","dbname":"' + house.name + '","state_code":"42601"}',
        log_line(house, role, database="altro", user="altrove_pippo.prova"), log_line(house, "x" * 10_000), log_line(house, "caff\u00e8"),
        log_line(house, role, timestamp="ieri verso sera"), log_line(house, role, timestamp="2999-01-01 00:00:00 UTC"),
    )  # fmt: skip
    assert value(house, "select count(*) from base.door_lock") == 0
    assert value(house, "select max(at) <= now() + interval '1 second' from base.login_refusal")


def test_attempts_at_another_database_of_the_server_count_for_our_roles(house: House, pippo: int) -> None:
    tell(house, *[log_line(house, f"{house.name}_pippo.prova", "127.0.0.1", database="postgres") for _ in range(5)])
    assert refusal_of(lambda: log_in_as(house, "pippo.prova")).key == "locked"


def test_names_that_are_nobodys_are_counted_but_not_kept(house: House, pippo: int) -> None:
    tell(house, log_line(house, f"{house.name}_la mia password segreta"))
    assert value(house, "select to_jsonb(r)::text from base.login_refusal as r where person_id is null")
    assert value(house, "select count(*) from base.login_refusal as r where to_jsonb(r)::text like '%%segreta%%'") == 0


# ── the log itself ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def old_log(house: House, pippo: int) -> Iterator[Path]:
    """A log of yesterday, which was read up to its tenth byte, one minute older than today's."""
    assert cluster._server is not None
    file = Path(cluster._server.log) / f"{house.name}.json"
    file.write_text("x" * 200 + "\n")
    with house.owner() as owner:
        owner.execute("update sec.log_position set file = %s, head = '', byte_offset = 10", (file.as_posix(),))
    yield file
    file.unlink(missing_ok=True)


def read(house: House) -> Any:
    with house.owner() as owner:
        owner.execute("set role cms_gatekeeper")
        row = owner.execute("select sec.read_refusals()").fetchone()
    return row[0] if row else None


def test_after_a_rotation_the_old_log_is_read_to_its_end_first(house: House, pippo: int, old_log: Path) -> None:
    with old_log.open("a") as log:
        log.write("\n".join(log_line(house, f"{house.name}_pippo.prova") for _ in range(3)) + "\n")
    for _ in range(20):
        read(house)
    assert value(house, "select sum(attempts) from base.login_refusal where person_id = %s", pippo) == 3
    assert value(house, "select file = pg_current_logfile('jsonlog') from sec.log_position")


def test_half_a_line_is_read_when_it_is_whole(house: House, pippo: int) -> None:
    newest = Path(str(value(house, "select pg_current_logfile('jsonlog')")))
    line = log_line(house, f"{house.name}_pippo.prova")
    for _ in range(5):  # again when the server itself wrote in between
        read(house)
        with newest.open("a") as log:
            log.write(line[:80])
            log.flush()
            read(house)
            log.write(line[80:] + "\n")
        read(house)
        if found := value(house, "select sum(attempts) from base.login_refusal where person_id = %s", pippo):
            break
    assert found == 1


def test_a_log_that_is_gone_or_begins_anew_stops_nothing(house: House, pippo: int, old_log: Path) -> None:
    old_log.unlink()
    fail(house, "pippo.prova", 5)
    for _ in range(20):
        read(house)
    assert value(house, "select file = pg_current_logfile('jsonlog') from sec.log_position")
    with house.owner() as owner:
        owner.execute("update sec.log_position set head = 'another beginning', byte_offset = 999999999999")
    read(house)
    fail(house, "pippo.prova", 5)
    assert refusal_of(lambda: log_in_as(house, "pippo.prova")).key == "locked"


def test_a_huge_gap_is_skipped_and_said(house: House, pippo: int, old_log: Path) -> None:
    with old_log.open("a") as log:
        log.write(("y" * 999 + "\n") * 12_000)
    began = time.perf_counter()
    read(house)
    assert time.perf_counter() - began < 2
    assert value(house, "select skipped_bytes from sec.log_position") > 9_000_000


def test_a_broken_watch_lets_everybody_in(house: House, pippo: int) -> None:
    with house.owner() as owner:
        owner.execute(
            "drop table sec.log_position; drop table base.door_lock cascade; revoke all on base.security_rule from cms_gatekeeper"
        )
    with connect_as(house, "pippo.prova") as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    with house.owner() as owner:
        assert owner.execute("select 1").fetchone() == (1,)


def test_the_gatekeeper_reads_logs_and_nothing_else_of_the_server(house: House) -> None:
    with house.owner() as owner:
        owner.execute("set role cms_gatekeeper")
        assert outcome(owner, "select pg_read_binary_file('/etc/passwd', 0, 10, true)") == "42501"
        assert outcome(owner, "select pg_read_file('postgresql.conf')") == "42501"
        assert outcome(owner, "select * from base.preference") == "42501"
        assert outcome(owner, "alter role cms_gatekeeper superuser") == "42501"


# ── passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_old_password_opens_the_door_only_to_be_changed(house: House, pippo: int) -> None:
    with house.owner() as owner:
        owner.execute("update base.security_rule set password_days = 90")
        owner.execute("update base.person set password_changed_at = now() - interval '91 days' where person_id = %s", (pippo,))
    session = log_in_as(house, "pippo.prova")
    assert session.person.must_change_password
    session = change_password(session, NEW)
    assert not session.person.must_change_password
    assert session.password_expires_at is not None and (session.password_expires_at - datetime.datetime.now(datetime.UTC)).days in (89, 90)
    session.close()


def test_a_password_set_by_hand_on_the_server_must_be_changed(house: House, pippo: int) -> None:
    with connect_as(house, "pippo.prova") as connection:
        connection.execute(f"alter role \"{house.name}_pippo.prova\" password 'ciao'")  # type: ignore[arg-type]
        assert connection.execute("select sec.person_id()").fetchone() == (pippo,)
    with connect_as(house, "pippo.prova", "ciao") as connection:
        assert connection.execute("select sec.person_id()").fetchone() == (None,)
    assert log_in_as(house, "pippo.prova", "ciao").person.must_change_password


def test_a_temporary_password_ends_after_its_days(house: House) -> None:
    person = add_person(house, "nuovo.arrivo", (1, ()), must_change=True)
    with house.owner() as owner:
        owner.execute("update base.password_history set set_at = set_at - interval '8 days' where person_id = %s", (person,))
    assert refusal_of(lambda: log_in_as(house, "nuovo.arrivo")).key == "temporary_expired"


# ── a session that goes on ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_password_of_a_locked_screen_is_asked_of_the_server_and_counts(house: House, pippo: int) -> None:
    session = log_in_as(house, "pippo.prova")
    verify_password(session, PASSWORD)
    for _ in range(5):
        assert refusal_of(lambda: verify_password(session, WRONG)).key == "wrong_password"
    time.sleep(0.05)
    assert refusal_of(lambda: verify_password(session, PASSWORD)).key == "locked"
    session.close()


def test_a_session_that_was_ended_goes_on_with_a_new_login(house: House, pippo: int) -> None:
    session = log_in_as(house, "pippo.prova")
    first = session.session_id
    with house.owner() as owner:
        owner.execute("update base.session set ended_at = now(), end_reason = 'forced', ended_by = 1 where session_id = %s", (first,))
    for _ in range(2):
        assert refusal_of(session.database.connect).key == "session_ended"
    reopen(session, PASSWORD)
    assert session.session_id > first
    with session.database.unit_of_work(1) as unit:
        assert unit.driver.info.get_parameters()["application_name"].endswith(f"#{session.session_id}")
    session.close()


# ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_administrator_of_the_server_is_told_what_is_missing(house: House, pippo: int) -> None:
    with house.owner() as owner:
        points = {point.text: point for point in watch.look(owner)}
        assert [point.is_well for point in points.values()] == [True, True, True, False, True]  # a server for tests does not make one wait
        owner.execute("alter event trigger cms_watch_login disable; update sec.log_position set skipped_bytes = 5")
        wrong = [point.remedy for point in watch.look(owner) if not point.is_well]
    assert any("cms-admin init" in remedy for remedy in wrong) and any("5 byte" in remedy for remedy in wrong)


def test_a_server_of_our_own_makes_guessing_slow_where_it_can(tmp_path: Path) -> None:
    text = settings_text(5432, tmp_path, modules=frozenset({"auth_delay"}))
    assert "shared_preload_libraries = 'auth_delay'" in text and "auth_delay.milliseconds = 500" in text and "jsonlog" in text
    assert "auth_delay" not in settings_text(5432, tmp_path)
    assert cluster._server is not None or cluster.test_cluster()
    assert "auth_delay" in cluster._server._binaries().modules()  # type: ignore[union-attr]
