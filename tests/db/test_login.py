"""Every way the server lets a person in or not, and the sentence that comes with it."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

import cms_desktop.db.login as login_module
from cms_desktop.core.errors import AppError, InvalidInput, LoginRefused, ServerUnreachable, WrongVersion
from cms_desktop.db.login import change_password, log_in
from cms_desktop.db.profile import ConnectionProfile
from tests import cluster
from tests.access.arranged import add_person, connect_as, log_in_as, own_profile
from tests.house import PASSWORD, House

NEW = "collina marea lampione 9"


def test_a_person_enters_and_chooses_among_the_authorised_companies_only(shared_house: House) -> None:
    session = shared_house.log_in("  Marta.Bellini ")
    try:
        assert (session.person.display_name, session.person.initials, session.person.must_change_password) == ("Marta Bellini", "MB", False)
        assert [company.name for company in session.companies] == ["Vigilanza Aurora S.r.l."]
        assert "billing.issue" in session.company(1).functions and "base.administer" not in session.company(1).functions
        assert session.server_time.tzinfo is not None and session.server_version.startswith("18")
    finally:
        session.close()
    both = shared_house.log_in("dora.doppia")
    assert [company.company_id for company in both.companies] == [2, 1]  # by name
    both.close()


def test_a_closed_company_is_not_offered(house: House) -> None:
    with house.owner() as owner:
        owner.execute("update base.company set is_active = false, row_version = row_version + 1 where company_id = 2")
    session = house.log_in("dora.doppia")
    assert [company.company_id for company in session.companies] == [1]
    session.close()


def test_the_last_session_is_told(house: House) -> None:
    first = house.log_in("carlo.conti")
    first.close()
    second = house.log_in("carlo.conti")
    assert first.last_session is None
    assert second.last_session is not None and second.last_session["host"] == socket.gethostname()
    second.close()


@pytest.mark.parametrize("login, password", [
    ("marta.bellini", "sbagliata"), ("marta.bellini", ""), ("nessuno.cosi", PASSWORD), ("postgres", PASSWORD), ("x", PASSWORD), ("", ""),
    ("marta'; drop", PASSWORD), ("marta bellini", PASSWORD), ("MARTA.BELLINI\0", PASSWORD),
])  # fmt: skip
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(shared_house: House, login: str, password: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        log_in(shared_house.profile, login, password)
    assert (refused.value.key, str(refused.value)) == ("wrong_password", "Nome utente o password non corretti.")


@pytest.mark.parametrize("change, key, words", [
    ("is_active = false", "disabled", "sospeso"),
    ("expires_on = date '2020-02-29'", "expired", "29/02/2020"),
    ("locked_until = now() + interval '10 minutes'", "locked", ":"),
    ("role_name = 'altro'", "not_a_person", "non appartiene"),
])  # fmt: skip
def test_each_refusal_has_its_own_sentence(house: House, change: str, key: str, words: str) -> None:
    person = add_person(house, "uscente", (1, ()))
    with house.owner() as owner:
        owner.execute(f"update base.person set {change} where person_id = {person}")  # type: ignore[arg-type]
    with pytest.raises(LoginRefused) as refused:
        log_in_as(house, "uscente")
    assert refused.value.key == key
    assert words in str(refused.value)
    with house.owner() as owner:
        assert owner.execute("select count(*) from base.session").fetchone() == (0,)


def test_a_suspended_role_is_told_so_only_with_the_right_password(house: House) -> None:
    add_person(house, "sospesa", (1, ()))
    with house.owner() as owner:
        owner.execute(f'alter role "{house.name}_sospesa" nologin')  # type: ignore[arg-type]
    for password, key in ((PASSWORD, "disabled"), ("sbagliata", "wrong_password")):
        with pytest.raises(LoginRefused) as refused:
            log_in_as(house, "sospesa", password)
        assert refused.value.key == key


def test_who_expires_today_still_works_today(house: House) -> None:
    person = add_person(house, "ultimo.giorno", (1, ()))
    with house.owner() as owner:
        owner.execute(f"update base.person set expires_on = current_date, locked_until = now() - interval '1 s' where person_id = {person}")  # type: ignore[arg-type]
    session = log_in_as(house, "ultimo.giorno")
    with session.database.unit_of_work(1) as unit:
        assert unit.value(sa.text("select count(*) from base.company")) == 1
    session.close()


# ── the wrong program, the wrong server ─────────────────────────────────────────────────────────────────────────────────────


def test_an_old_program_is_told_which_version_it_needs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.owner() as owner:
        owner.execute("update base.program set minimum_client_version = '2.10.0'")
    for version, is_let_in in (("2.9.9", False), ("2.10.0", True), ("10.0", True), ("sciocchezze", False)):
        monkeypatch.setattr(login_module, "__version__", version)
        if is_let_in:
            house.log_in("marta.bellini").close()
        else:
            with pytest.raises(WrongVersion, match=r"2\.10\.0"):
                house.log_in("marta.bellini")


@pytest.mark.parametrize("needed, words", [("9999_later", "cms-admin upgrade"), ("0000_earlier", "più vecchio del database")])
def test_client_and_database_of_different_ages_do_not_work_together(
    shared_house: House, monkeypatch: pytest.MonkeyPatch, needed: str, words: str
) -> None:
    monkeypatch.setattr("server_schema.deploy.newest_change", lambda: needed)
    with pytest.raises(WrongVersion, match=words):
        shared_house.log_in("marta.bellini")


def test_a_database_without_the_program_is_named_as_such(shared_house: House) -> None:
    empty = cluster.create_database(f"{shared_house.name}_vuoto")
    try:
        with pytest.raises(WrongVersion, match="cms-admin init"):
            log_in(dataclasses.replace(shared_house.profile, database=empty), "marta.bellini", PASSWORD)
    finally:
        cluster.drop_database(empty)


def test_a_missing_database_is_named(shared_house: House) -> None:
    with pytest.raises(ServerUnreachable, match="non_esiste"):
        log_in(dataclasses.replace(shared_house.profile, database="non_esiste"), "marta.bellini", PASSWORD)


def test_a_closed_port_is_an_unreachable_server(shared_house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers
        hosts = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ServerUnreachable, match=hosts):
            log_in(dataclasses.replace(shared_house.profile, hosts=hosts), "marta.bellini", PASSWORD)


def test_the_second_host_is_used_when_the_first_is_down(shared_house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        hosts = f"127.0.0.1:{taken.getsockname()[1]},{shared_house.profile.hosts}"
        log_in(dataclasses.replace(shared_house.profile, hosts=hosts), "marta.bellini", PASSWORD).close()


@pytest.mark.parametrize("hosts", ["", "server:porta", "server:0", "server:70000", ":5432", "a,,b"])
def test_a_server_written_badly_is_an_input_error(shared_house: House, hosts: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        log_in(dataclasses.replace(shared_house.profile, hosts=hosts), "marta.bellini", PASSWORD)
    assert refused.value.field == "hosts"


def test_a_server_without_tls_is_refused_by_a_remote_profile(shared_house: House) -> None:
    remote = dataclasses.replace(shared_house.profile, is_local=False)
    with pytest.raises(ServerUnreachable, match="certificato"):
        log_in(remote, "marta.bellini", PASSWORD)


def test_too_many_connections_of_one_person_are_explained(house: House) -> None:
    add_person(house, "tante.finestre", (1, ()))
    held = [connect_as(house, "tante.finestre") for _ in range(16)]
    try:
        with pytest.raises(ServerUnreachable, match="Troppi collegamenti"):
            log_in_as(house, "tante.finestre")
    finally:
        for connection in held:
            connection.close()


# ── the forced and the free change of a password ────────────────────────────────────────────────────────────────────────────


def test_who_must_change_the_password_sees_nothing_before(house: House) -> None:
    add_person(house, "nuova.assunta", (1, ("customers.read",)), must_change=True)
    session = log_in_as(house, "nuova.assunta")
    assert session.person.must_change_password
    assert [company.company_id for company in session.companies] == [1]
    with session.database.unit_of_work(1) as unit:
        for table in ("base.company", "base.person", "base.vat_code", "base.permission", "registry.party"):
            assert unit.value(sa.text(f"select count(*) from {table}")) == 0, table
    session = change_password(session, NEW)
    assert not session.person.must_change_password
    with session.database.unit_of_work(1) as unit:
        assert unit.value(sa.text("select count(*) from base.company")) == 1
    session.close()


def test_after_a_change_the_new_password_opens_and_the_old_does_not(house: House) -> None:
    add_person(house, "cambia.spesso", (1, ()))
    change_password(log_in_as(house, "cambia.spesso"), NEW).close()
    log_in_as(house, "cambia.spesso", NEW).close()
    with pytest.raises(LoginRefused):
        log_in_as(house, "cambia.spesso", PASSWORD)


@pytest.mark.parametrize("new, words", [
    ("corta", "almeno 12"), ("aaaaaaaaaaaaaaaa", "stessi caratteri"), ("ababababababab", "stessi caratteri"), ("password123456", "più usate"),
    ("Vigilanza-2025!", "più usate"), ("la mia cambia spesso", "ti riguarda"), ("Cambia.Spesso!2025", "ti riguarda"), (PASSWORD, "già usato"),
])  # fmt: skip
def test_a_weak_password_is_refused_and_the_old_one_still_works(house: House, new: str, words: str) -> None:
    add_person(house, "cambia.spesso", (1, ()))
    session = log_in_as(house, "cambia.spesso")
    with pytest.raises(InvalidInput, match=words) as refused:
        change_password(session, new)
    assert refused.value.field == "new"
    session.close()
    log_in_as(house, "cambia.spesso").close()


def test_a_password_does_not_come_back_within_eight(house: House) -> None:
    add_person(house, "gira.gira", (1, ()))
    session = log_in_as(house, "gira.gira")
    for number in range(1, 8):
        session = change_password(session, f"{NEW} volta {number}")
    with pytest.raises(InvalidInput, match="già usato"):
        change_password(session, PASSWORD)
    session = change_password(session, f"{NEW} volta 8")
    session = change_password(session, PASSWORD)
    session.close()


def test_letters_with_accents_open_the_same_door_however_they_are_typed(house: House) -> None:
    add_person(house, "accenti", (1, ()))
    change_password(log_in_as(house, "accenti"), "perch\u00e9 no, pi\u00f9 tardi").close()
    log_in_as(house, "accenti", "perche\u0301 no, piu\u0300 tardi").close()


def test_no_password_ever_reaches_the_log_of_the_server(house: House) -> None:
    add_person(house, "segreta", (1, ()))
    with house.owner() as owner:
        for setting in ("log_statement = 'all'", "log_parameter_max_length = -1", "log_parameter_max_length_on_error = -1"):
            owner.execute(f'alter database "{house.name}" set {setting}')  # type: ignore[arg-type]
    session = log_in_as(house, "segreta")
    with pytest.raises(InvalidInput):
        change_password(session, "corta e no")
    session = change_password(session, NEW)
    with pytest.raises(AppError):
        log_in_as(house, "segreta", "un'altra ma sbagliata")
    session.close()
    assert cluster._server is not None
    log = "".join(file.read_text(errors="replace") for file in Path(cluster._server.log).glob("*.log"))
    assert "sec.change_my_password" in log and "SCRAM-SHA-256$" in log, "the log must show what is sent, or this test proves nothing"
    for secret in (PASSWORD, NEW, "corta e no", "un'altra ma sbagliata"):
        assert secret not in log


def test_a_profile_asks_for_scram_and_verified_certificates(shared_house: House) -> None:
    remote = ConnectionProfile("sede", "db.example.it:5432").connection_words()
    assert (remote["sslmode"], remote["channel_binding"], remote["require_auth"]) == ("verify-full", "require", "scram-sha-256")
    assert own_profile(shared_house).connection_words()["require_auth"] == "scram-sha-256"
    with psycopg.connect(
        **own_profile(shared_house).connection_words() | {"user": "house_marta.bellini", "password": PASSWORD}
    ) as connection:  # type: ignore[arg-type]
        assert connection.pgconn.used_password
