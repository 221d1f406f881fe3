"""Attempts to become somebody else, or more than one is."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from cms_desktop.core.errors import LoginRefused
from cms_desktop.db.passwords import hash_password
from tests.access.arranged import add_person, connect_as, fingerprint, log_in_as, outcome, protected
from tests.house import PASSWORD, House, copied_house

NOT_ALLOWED = {
    "42501", "0LP01", "3F000", "22023", "58P01", "0A000", "42883", "42704",  # privilege, membership, no schema, parameter, no such thing
}  # fmt: skip

ATTEMPTS = [
    # roles
    *(f"set role {role}" for role in ("cms_people", "cms_owner", "cms_bookkeeper", "cms_role_keeper", "cms_search", "cms_deployer", "postgres")),
    'set role "house_rita.revisore"', "set session authorization postgres", 'set session authorization "house_rita.revisore"',
    "grant cms_bookkeeper to current_user", "grant cms_people to cms_receiver", 'grant "house_rita.revisore" to current_user',
    "create role intruso login", "create role intruso superuser", "drop role \"house_rita.revisore\"",
    "alter role current_user bypassrls", "alter role current_user createrole", "alter role current_user superuser",
    "alter role current_user connection limit -1", "alter role current_user rename to x", "alter role \"house_rita.revisore\" password 'x'",
    "alter role \"house_rita.revisore\" nologin", "alter role cms_people login password 'x'", "alter role cms_people set row_security = off",
    "alter role all set role = 'cms_owner'", "alter default privileges for role cms_owner grant all on tables to public",
    "reassign owned by cms_owner to current_user", "drop owned by cms_owner cascade",
    "grant pg_read_all_data to current_user", "grant create on schema base to public", "grant select on base.password_history to public",
    # objects
    "create schema mine", "create table public.t (a int)", "create table base.t (a int)", "create temp table person (a int)",
    "create temp view v as select 1", "create view base.v as select 1", "create materialized view base.v as select 1",
    "select 1 as a into temp t", "create table ext.t (a int)", "create table sec.t as select 1",
    "create function pg_temp.f() returns int language sql as 'select 1'", "create function public.f() returns int language sql as 'select 1'",
    "create function ext.f() returns int language sql as 'select 1'", "create or replace function sec.person_id() returns int language sql as 'select 1'",
    "create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_catalog.texteq)",
    "create operator ext.~~~ (leftarg = text, rightarg = text, function = pg_catalog.texteq)",
    "create operator public.= (leftarg = text, rightarg = text, function = pg_catalog.texteq)",
    "create cast (text as int) with inout as implicit", "create domain ext.d as int", "create type ext.t as (a int)", "create type pg_temp.t as (a int)",
    "create sequence ext.s", "create temp sequence s", "alter function sec.person_id() security invoker", "drop function sec.person_id() cascade",
    "alter function sec.person_id() set search_path = public", "alter schema sec rename to x",
    # settings
    "set session_replication_role = replica", "set log_statement = 'all'", "alter system set log_statement = 'all'",
    "set session_preload_libraries = 'x'", "load 'dblink'",
    # outside
    "create extension dblink schema ext", "create extension postgres_fdw schema ext", "create extension file_fdw schema ext",
    "create extension plpython3u", "create server s foreign data wrapper postgres_fdw", "create foreign data wrapper w",
    "create language plperlu", "copy (select 1) to '/nowhere/x'", "copy (select 1) to program 'id'", "select pg_read_file('postgresql.conf')",
    "select pg_ls_dir('.')", "select pg_stat_file('base')", "select pg_read_binary_file('x')", "select lo_import('/etc/passwd')",
    "select lo_export(1, '/nowhere/x')", "select lo_create(0)", "select lo_creat(-1)", "select lo_from_bytea(0, 'x')",
    "create publication p for all tables", "create subscription s connection '' publication p", "create event trigger e on ddl_command_start execute function sec.refuse()",
    "select pg_create_logical_replication_slot('x', 'pgoutput')", "create tablespace t location '/tmp'", "create database x",
    "select pg_reload_conf()", "select pg_rotate_logfile()", "select pg_switch_wal()", "checkpoint", "select pg_stat_reset()",
    "select rolpassword from pg_authid", "select passwd from pg_shadow", "select * from pg_hba_file_rules", "select * from pg_file_settings",
    "select stavalues1 from pg_statistic", "select * from pg_user_mapping", "select subconninfo from pg_subscription",
    "select hash from base.password_history", "select * from base.session",
    "comment on role cms_people is 'x'", "comment on table base.person is 'x'", "security label on table base.person is 'x'",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid()",
    "reindex table base.person", "cluster base.person using person_pkey",
]  # fmt: skip


@pytest.mark.parametrize("login", ["bruno.estraneo", "anna.admin"])
def test_nobody_becomes_more_than_they_are(full_house: House, login: str) -> None:
    rights = "select oid, rolname, rolsuper, rolcreaterole, rolbypassrls, rolcanlogin, rolpassword from pg_authid where rolname !~ '^t[0-9a-f]{12}_' order by 1"
    with full_house.owner() as owner, full_house.person(login) as person:
        before = fingerprint(owner), owner.execute(rights).fetchall()
        succeeded = {}
        for attempt in ATTEMPTS:
            came = outcome(person, attempt.replace("current_user", f'"house_{login}"') if "role current_user" in attempt else attempt)
            if came not in NOT_ALLOWED and not (attempt.startswith("grant") and came == "-1 rows"):
                succeeded[attempt] = came
            person.execute("reset role")
        assert succeeded == {}
        assert (fingerprint(owner), owner.execute(rights).fetchall()) == before


def test_row_security_off_is_an_error_and_no_key(full_house: House) -> None:
    with full_house.person("bruno.estraneo") as bruno:
        bruno.execute("set row_security = off")
        assert outcome(bruno, "select 1 from billing.invoice") == "42501"


def test_a_search_path_shadows_nothing(full_house: House) -> None:
    with full_house.person("bruno.estraneo") as bruno:
        bruno.execute("set search_path = pg_temp, public, ext, base")
        assert bruno.execute("select sec.person_id(), sec.companies('billing.read')").fetchone() == (6, [2])
        bruno.execute(
            "select set_config('role', 'none', false), set_config('cms.person_id', '1', false), set_config('cms.company_id', '1', false)"
        )
        bruno.execute("set application_name = 'house_anna.admin'")
        assert bruno.execute("select count(*) from billing.invoice").fetchone() == (0,)


def test_what_others_are_doing_is_not_readable(full_house: House) -> None:
    with full_house.person("marta.bellini") as marta, full_house.person("bruno.estraneo") as bruno:
        marta.execute("select 'segreto di marta'")
        pid = marta.info.backend_pid
        seen = bruno.execute("select query, client_addr, state from pg_stat_activity where pid = %s", (pid,)).fetchone()
        assert seen == ("<insufficient privilege>", None, None)
        for function in ("pg_cancel_backend", "pg_terminate_backend"):
            assert outcome(bruno, f"select {function}(%s)", (pid,)) == "42501"


def test_notices_carry_no_row_and_change_none(full_house: House) -> None:
    with full_house.owner() as owner, full_house.person("bruno.estraneo") as bruno:
        before = fingerprint(owner)
        for _ in range(200):
            bruno.execute("select pg_notify('cms_1', repeat('x', 7000))")
        assert fingerprint(owner) == before
        assert outcome(bruno, "select pg_notify('cms_1', repeat('x', 9000))") == "22023"


# ── other persons ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _verifier(connection: psycopg.Connection, role: str, password: str) -> str:
    return connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()


@pytest.fixture(scope="module")
def admin_of_b() -> Iterator[House]:
    """An administrator of company 2 with a login of this copy, and a colleague who works in both companies."""
    with copied_house() as house:
        add_person(house, "capo.bi", (2, ("base.administer",)))
        add_person(house, "due.aziende", (2, ("billing.read",)), (1, ("billing.read", "base.administer")))
        add_person(house, "solo.bi", (2, ("billing.read",)))
        yield house


def _person_id(house: House, login: str) -> int:
    with house.owner() as owner:
        row = owner.execute("select person_id from base.person where login = %s", (login,)).fetchone()
    assert row is not None
    return int(row[0])


def test_an_administrator_cannot_take_the_login_of_who_also_works_elsewhere(admin_of_b: House) -> None:
    house, target = admin_of_b, _person_id(admin_of_b, "due.aziende")
    stolen = "una password rubata 12"
    with house.owner() as owner, connect_as(house, "capo.bi") as capo:
        secret = _verifier(capo, f"{house.name}_due.aziende", stolen), hash_password(stolen)
        before = fingerprint(owner)
        assert outcome(capo, "select sec.reset_password(2, %s, %s, %s)", (target, *secret)) == "CM009"
        assert outcome(capo, "select sec.update_person(2, %s, 1, 'x', '', '', 'User', false, null)", (target,)) == "CM009"
        assert outcome(capo, "select sec.grant_functions(1, %s, '{}')", (target,)) == "CM001"
        assert outcome(capo, "select sec.dismiss_person(1, %s)", (target,)) == "CM001"
        assert fingerprint(owner) == before
    log_in_as(house, "due.aziende").close()
    with pytest.raises(LoginRefused):
        log_in_as(house, "due.aziende", stolen)


def test_an_administrator_reaches_no_person_of_another_company(admin_of_b: House) -> None:
    with admin_of_b.owner() as owner, connect_as(admin_of_b, "capo.bi") as capo:
        secret = _verifier(capo, "house_marta.bellini", PASSWORD), hash_password(PASSWORD)
        before = fingerprint(owner)
        for target in (1, 2, 3, 4):
            assert outcome(capo, "select sec.reset_password(2, %s, %s, %s)", (target, *secret)) == "CM005"
            assert outcome(capo, "select sec.update_person(2, %s, 1, 'x', '', '', 'User', false, null)", (target,)) == "CM005"
            assert outcome(capo, "select sec.grant_functions(2, %s, array['base.read'])", (target,)) == "CM005"
        for login in ("marta.bellini", "nessuno.ha", None):
            assert outcome(capo, "select sec.admit_person(2, %s)", (login,)) == "CM005"
        assert fingerprint(owner) == before


def test_nobody_gives_themselves_a_right(admin_of_b: House) -> None:
    me = _person_id(admin_of_b, "capo.bi")
    with admin_of_b.owner() as owner, connect_as(admin_of_b, "capo.bi") as capo:
        before = fingerprint(owner)
        assert outcome(capo, "select sec.grant_functions(2, %s, array['billing.issue'])", (me,)) == "CM006"
        assert outcome(capo, "select sec.admit_person(2, 'capo.bi')") == "CM005"
        assert outcome(capo, "select sec.dismiss_person(2, %s)", (me,)) == "CM006"
        assert fingerprint(owner) == before


@pytest.mark.parametrize(
    "verifier",
    [
        None, "", "una password in chiaro", "md5" + "0" * 32, "SCRAM-SHA-256$4096:x$y:z", "SCRAM-SHA-256$1:{salt}${key}:{key}",
        "SCRAM-SHA-256$4096:{salt}${key}:{key}' superuser --", "SCRAM-SHA-256$4096:{salt}${key}:{key}\n' superuser createrole --",
        "SCRAM-SHA-256$4096:{salt}${key}:{key}\\' bypassrls --", "x' superuser password 'SCRAM-SHA-256$4096:{salt}${key}:{key}",
    ],
)  # fmt: skip
def test_a_forged_secret_is_refused(admin_of_b: House, verifier: str | None) -> None:
    forged = verifier and verifier.format(salt="c" * 22 + "==", key="k" * 43 + "=")
    good = hash_password("una frase qualunque")
    target = _person_id(admin_of_b, "solo.bi")
    with connect_as(admin_of_b, "capo.bi") as capo:
        assert outcome(capo, "select sec.change_my_password(%s, %s)", (forged, good)) == "CM007"
        assert outcome(capo, "select sec.reset_password(2, %s, %s, %s)", (target, forged, good)) == "CM007"
        assert outcome(capo, "select sec.create_person(2, 'nuovo.bi', 'N', '', '', %s, %s)", (forged, good)) == "CM007"
        honest = _verifier(capo, "x", PASSWORD)
        for wrong_hash in (None, "", "in chiaro", "$2b$10$" + "'" * 53):
            assert outcome(capo, "select sec.change_my_password(%s, %s)", (honest, wrong_hash)) == "CM007"
    log_in_as(admin_of_b, "capo.bi").close()


@pytest.mark.parametrize("login", ["x' superuser --", 'a" superuser', "A", "a", "", None, "cms owner", "x" * 60, "ab;cd"])
def test_a_login_that_is_a_trick_makes_no_role(admin_of_b: House, login: str | None) -> None:
    with admin_of_b.owner() as owner, connect_as(admin_of_b, "capo.bi") as capo:
        roles = "select count(*) from pg_authid where starts_with(rolname, current_database()) or rolsuper"  # neighbours make theirs, too
        before = fingerprint(owner), owner.execute(roles).fetchone()
        secret = _verifier(capo, "x", PASSWORD), hash_password(PASSWORD)
        assert outcome(capo, "select sec.create_person(2, %s, 'N', '', '', %s, %s)", (login, *secret)) in ("23514", "23502", "CM008")
        assert (fingerprint(owner), owner.execute(roles).fetchone()) == before


def test_a_new_person_has_no_attribute_and_cannot_become_the_group(admin_of_b: House) -> None:
    with admin_of_b.owner() as owner, connect_as(admin_of_b, "capo.bi") as capo:
        secret = _verifier(capo, f"{admin_of_b.name}_nuovo.bi", PASSWORD), hash_password(PASSWORD)
        capo.execute("select sec.create_person(2, 'nuovo.bi', 'Nuovo', '', '', %s, %s)", secret)
        role = f"{admin_of_b.name}_nuovo.bi"
        query = "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication from pg_roles where rolname = %s"
        assert owner.execute(query, (role,)).fetchone() == (False,)
        given = "select roleid::regrole::text, admin_option, inherit_option, set_option from pg_auth_members where member = %s::regrole"
        assert owner.execute(given, (f'"{role}"',)).fetchall() == [("cms_people", False, True, False)]


# ── who may not work any more, with a connection already open ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "state",
    ["is_active = false", "expires_on = current_date - 1", "locked_until = now() + interval '1 hour'", "must_change_password = true"],
)
def test_who_may_not_work_any_more_reads_and_writes_nothing_at_once(house: House, state: str) -> None:
    everything = ("base.administer", "base.audit", "billing.read", "billing.prepare", "customers.read", "customers.write", "registry.read",
                  "registry.write", "ledger.read", "bank_effects.read")  # fmt: skip
    person = add_person(house, "uscente", (1, everything))
    with house.owner() as owner, connect_as(house, "uscente") as leaving:
        leaving.execute("insert into base.preference (person_id, post, key, value) values (sec.person_id(), 'p', 'k', '1')")
        assert outcome(leaving, "select 1 from base.company") == "1 rows"
        owner.execute(sql.SQL("update base.person set {} where person_id = %s").format(sql.SQL(state)), (person,))  # type: ignore[arg-type]
        readable = [
            t.name
            for t in protected(owner)
            if outcome(leaving, sql.SQL("select 1 from {}").format(t.identifier)) not in ("0 rows", "42501")
        ]
        assert readable == []
        assert outcome(leaving, "insert into registry.party (company_id, name) values (1, 'x')") == "42501"
        assert (
            outcome(leaving, "insert into base.preference (person_id, post, key, value) values (%s, 'p', 'z', '1')", (person,)) == "42501"
        )
        assert outcome(leaving, "select billing.discard_run(1, 1)") == "CM001"
        assert outcome(leaving, "select sec.create_person(1, 'altro.io', 'x', '', '', 'x', 'x')") == "CM001"
        if "must_change" not in state:
            secret = _verifier(leaving, f"{house.name}_uscente", "una frase nuova 99"), hash_password("una frase nuova 99")
            assert outcome(leaving, "select sec.change_my_password(%s, %s)", secret) == "CM010"
            assert outcome(leaving, "select sec.my_password_hashes()") == "0 rows"


def test_suspending_closes_the_connections_and_the_door(house: House) -> None:
    add_person(house, "capo.a", (1, ("base.administer",)))
    target = add_person(house, "uscente", (1, ("billing.read",)))
    with connect_as(house, "capo.a") as capo, connect_as(house, "uscente") as leaving:
        leaving.execute("begin isolation level repeatable read; select count(*) from base.company")
        capo.execute("select sec.update_person(1, %s, 1, 'Uscente', '', '', 'User', false, null)", (target,))
        for _ in range(50):
            with contextlib.suppress(psycopg.OperationalError):
                leaving.execute("select 1")
                time.sleep(0.02)
                continue
            break
        assert leaving.closed
        with pytest.raises(LoginRefused) as refused:
            log_in_as(house, "uscente")
        assert refused.value.key == "disabled"
        capo.execute("select sec.update_person(1, %s, 2, 'Uscente', '', '', 'User', true, null)", (target,))
    log_in_as(house, "uscente").close()


def test_dismissing_takes_the_rights_at_once(house: House) -> None:
    add_person(house, "capo.a", (1, ("base.administer",)))
    target = add_person(house, "uscente", (1, ("customers.read",)))
    with connect_as(house, "capo.a") as capo, connect_as(house, "uscente") as leaving:
        capo.execute("select sec.dismiss_person(1, %s)", (target,))
        assert outcome(leaving, "select 1 from base.company") == "0 rows"
        assert leaving.execute("select sec.companies('base.read')").fetchone() == ([],)


def test_a_role_of_another_database_is_nobody_here(house: House) -> None:
    add_person(house, "vicino", (1, ("customers.read",)))
    with house.owner() as owner:
        owner.execute("update base.person set role_name = 'altrove_vicino' where login = 'vicino'")
    with connect_as(house, "vicino") as neighbour:
        assert neighbour.execute("select sec.person_id()").fetchone() == (None,)
        assert outcome(neighbour, "select 1 from base.company") == "0 rows"
        assert outcome(neighbour, "select sec.open_session('9.9', 'x')") == "CM010"
