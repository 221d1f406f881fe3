"""Sessions, locks and rules in the hands of those who may not touch them; and a company that never loses its last administrator."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest

from tests.access.arranged import add_person, connect_as, log_in_as, outcome
from tests.house import House

ADMIN = ("base.administer",)


def person_id(house: House, login: str) -> int:
    with house.owner() as owner:
        row = owner.execute("select person_id from base.person where login = %s", (login,)).fetchone()
    assert row is not None
    return int(row[0])


def one(house: House, query: str, *values: object) -> Any:
    with house.owner() as owner:
        row = owner.execute(query, values).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


@pytest.fixture
def both(house: House) -> House:
    """capo.a administers company 1, capo.b company 2; chi.a works in 1, chi.ab in both."""
    add_person(house, "capo.a", (1, ADMIN))
    add_person(house, "capo.b", (2, ADMIN))
    add_person(house, "chi.a", (1, ("customers.read",)))
    add_person(house, "chi.ab", (1, ("customers.read",)), (2, ("customers.read",)))
    return house


def test_a_stranger_and_a_colleague_close_nobodys_session(both: House) -> None:
    session = log_in_as(both, "chi.a")
    with connect_as(both, "capo.b") as stranger, connect_as(both, "chi.ab") as colleague:
        for attacker, company, expected in ((stranger, 2, "CM018"), (stranger, 1, "CM001"), (colleague, 1, "CM001")):
            assert outcome(attacker, "select sec.close_session(%s, %s, 'x')", (company, session.session_id)) == expected
        pid = one(both, "select pid from pg_stat_activity where usename like '%%_capo.a' limit 1") or 1
        assert outcome(stranger, "select sec.close_connection(2, %s, %s)", (person_id(both, "chi.a"), pid)) == "CM005"
        assert outcome(stranger, "select sec.release_person(2, %s)", (person_id(both, "chi.a"),)) == "CM005"
        assert outcome(stranger, "select sec.require_change(2, %s)", (person_id(both, "chi.a"),)) == "CM005"
    with session.database.connect() as connection:
        assert outcome(connection, "select 1") == "1 rows"
    session.close()


def test_a_person_of_two_companies_is_closed_only_where_they_work(both: House) -> None:
    session = log_in_as(both, "chi.ab")
    with connect_as(both, "capo.a") as capo:
        with session.database.connect() as mine:
            mine.execute("select sec.report_session(%s, 2, 0, false)", (session.token,))
        assert outcome(capo, "select sec.close_session(1, %s, '')", (session.session_id,)) == "CM009"
        with session.database.connect() as mine:
            mine.execute("select sec.report_session(%s, 1, 0, false)", (session.token,))
        assert outcome(capo, "select sec.close_session(1, %s, '')", (session.session_id,)) == "1 rows"
        assert outcome(capo, "select sec.close_session(1, %s, '')", (session.session_id,)) == "CM018"
        for function in ("release_person(1, %s)", "require_change(1, %s)", "close_connection(1, %s, 1)"):
            assert outcome(capo, f"select sec.{function}", (person_id(both, "chi.ab"),)) == "CM009"
    session.close()


def test_nobody_closes_releases_or_spares_themselves(both: House) -> None:
    session = log_in_as(both, "capo.a")
    me = person_id(both, "capo.a")
    with connect_as(both, "capo.a") as capo:
        assert outcome(capo, "select sec.close_session(1, %s, '')", (session.session_id,)) == "CM006"
        assert outcome(capo, "select sec.release_person(1, %s)", (me,)) == "CM006"
    session.close()


def test_a_session_is_reported_and_left_only_with_its_secret_by_its_person(both: House) -> None:
    session = log_in_as(both, "chi.a")
    with connect_as(both, "chi.ab") as other:
        for token in (session.token, "", "x", None):
            other.execute("select sec.report_session(%s, 1, 999999, true)", (token,))
            other.execute("select sec.leave_session(%s)", (token,))
    assert one(both, "select ended_at is null and not is_locked from base.session where session_id = %s", session.session_id)
    assert one(both, "select count(*) from base.session where token_digest = %s", session.token) == 0  # kept as a digest only
    with connect_as(both, "chi.a") as mine:  # a company of others is not written down
        mine.execute("select sec.report_session(%s, 2, -5, null)", (session.token,))
    assert one(both, "select company_id from base.session where session_id = %s", session.session_id) is None
    session.close()


def test_a_borrowed_number_closes_no_connection_of_another_person(both: House) -> None:
    session = log_in_as(both, "chi.a")
    with connect_as(both, "chi.ab") as other, connect_as(both, "capo.a") as capo:
        other.execute(f"set application_name = 'CMS Desktop #{session.session_id}'")
        capo.execute("select sec.close_session(1, %s, '')", (session.session_id,))
        assert outcome(other, "select 1") == "1 rows"
    session.close()


def test_lists_of_the_door_show_nothing_to_who_does_not_administer(both: House) -> None:
    log_in_as(both, "chi.a").close()
    lists = ("base.open_sessions()", "base.login_log()", "base.person_doors()")
    with connect_as(both, "chi.ab") as nobody, connect_as(both, "capo.b") as stranger, connect_as(both, "capo.a") as capo:
        for name in lists:
            assert outcome(nobody, f"select 1 from {name}") == "0 rows"
            seen = {row[0] for row in stranger.execute(f"select person_id from {name}")}  # type: ignore[arg-type]
            assert person_id(both, "chi.a") not in seen
        assert capo.execute("select count(*) from base.login_log() where person_id is null").fetchone() == (0,)


def test_rules_are_set_by_who_administers_everything_and_never_below_the_floor(both: House) -> None:
    everything = add_person(both, "capo.tutto", (1, ADMIN), (2, ADMIN))
    assert everything
    change = "select sec.set_security_rules(1, %s, %s)"
    with connect_as(both, "capo.a") as capo, connect_as(both, "chi.a") as clerk, connect_as(both, "capo.tutto") as all_of_it:
        assert outcome(capo, change, (1, '{"attempts": 4}')) == "CM019"
        assert outcome(clerk, change, (1, '{"attempts": 4}')) == "CM001"
        for below in ('{"attempts": 100}', '{"lock_minutes": 0}', '{"password_length": 4}', '{"keep_log_days": 1}', '{"password_reuse": 0}',
                      '{"window_minutes": 1}', '{"attempts": null}', '{"password_days": 5}'):  # fmt: skip
            assert outcome(all_of_it, change, (1, below)) in ("23514", "23502"), below
        assert outcome(all_of_it, change, (7, '{"attempts": 4}')) == "CM002"
        assert outcome(all_of_it, change, (1, '{"attempts": 4, "row_version": 99, "only_row": false}')) == "1 rows"
        for table in ("base.security_rule", "base.door_lock", "base.login_refusal", "sec.log_position", "base.session"):
            assert outcome(all_of_it, f"delete from {table}") == "42501"
    assert one(both, "select (attempts, row_version) = (4, 2) from base.security_rule")
    assert one(both, "select count(*) from base.audit_entry where table_name = 'base.security_rule' and row_before is not null") == 2


def test_a_lock_holds_against_sql_and_forged_secrets(both: House) -> None:
    who = person_id(both, "chi.a")
    with both.owner() as owner:
        owner.execute("insert into base.door_lock values (%s, '127.0.0.1', 1, 5, now(), now() + interval '10 min')", (who,))
    for options in ("", "-c cms.session=", "-c cms.session=x", "-c event_triggers=off", "-c session_replication_role=replica"):
        with pytest.raises(psycopg.OperationalError):
            _connect(both, "chi.a", options).close()
    with both.owner() as owner:  # the administrator of the server is never kept out
        assert outcome(owner, "select 1") == "1 rows"


def _connect(house: House, login: str, options: str) -> psycopg.Connection[Any]:
    from tests.access.arranged import own_profile
    from tests.house import PASSWORD

    words = own_profile(house).connection_words() | {"user": f"{house.name}_{login}", "password": PASSWORD, "options": options}
    return psycopg.connect(**words)  # type: ignore[arg-type]


def test_the_secret_of_one_person_opens_no_lock_of_another(both: House) -> None:
    session = log_in_as(both, "chi.ab")
    with both.owner() as owner:
        owner.execute(
            "insert into base.door_lock select person_id, '127.0.0.1', 1, 5, now(), now() + interval '10 min' from base.person where login = 'chi.a'"
        )
    with pytest.raises(psycopg.OperationalError, match="locked"):
        _connect(both, "chi.a", f"-c cms.session={session.token}").close()
    session.close()


def test_holding_locks_of_ones_own_does_not_stop_the_watch(both: House) -> None:
    with connect_as(both, "chi.ab") as hostile:
        hostile.execute("begin")
        assert outcome(hostile, "select 1 from sec.log_position for update") == "42501"
        hostile.execute("rollback")
        began = time.perf_counter()
        log_in_as(both, "chi.a").close()
        assert time.perf_counter() - began < 3


# ── the last administrator ──────────────────────────────────────────────────────────────────────────────────────────────────


def _only_these(house: House, *logins: str) -> None:
    with house.owner() as owner:
        owner.execute(
            "delete from base.permission using base.person where person.person_id = permission.person_id and company_id = 1 "
            "and function = 'base.administer' and login <> all (%s)",
            (list(logins),),
        )


def test_two_administrators_who_remove_each_other_leave_one(both: House) -> None:
    add_person(both, "altro.capo", (1, ADMIN))
    _only_these(both, "capo.a", "altro.capo")
    came: dict[str, str] = {}

    def remove(who: str, whom: str) -> None:
        with connect_as(both, who) as connection:
            connection.execute("begin")
            came[who] = outcome(connection, "select sec.grant_functions(1, %s, '{base.read}')", (person_id(both, whom),))
            time.sleep(0.3)
            connection.execute("commit" if came[who] == "1 rows" else "rollback")

    pair = [threading.Thread(target=remove, args=names) for names in (("capo.a", "altro.capo"), ("altro.capo", "capo.a"))]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    assert sorted(came.values()) in (["1 rows", "40P01"], ["1 rows", "CM017"]), came
    assert one(both, "select count(*) from base.permission where company_id = 1 and function = 'base.administer'") == 1


@pytest.mark.parametrize("how", [
    "select sec.dismiss_person(1, {who})", "select sec.grant_functions(1, {who}, '{{base.read}}')",
    "select sec.update_person(1, {who}, 1, 'X', '', '', 'User', false, null)",
    "select sec.update_person(1, {who}, 1, 'X', '', '', 'User', true, current_date - 1)",
])  # fmt: skip
def test_the_only_administrator_who_can_work_is_not_removed(both: House, how: str) -> None:
    """The one who asks has an access that ends today; tomorrow nobody would be left. Asked as if it were tomorrow."""
    add_person(both, "ultimo.capo", (1, ADMIN))
    _only_these(both, "capo.a", "ultimo.capo")
    who = person_id(both, "ultimo.capo")
    with both.owner() as owner:
        owner.execute("set role cms_role_keeper")
        owner.execute("update base.person set is_active = false where login = 'capo.a'")
        assert outcome(owner, "select sec.keep_an_administrator(%s)", (who,)) == "1 rows"
        owner.execute("update base.person set is_active = false where person_id = %s", (who,))
        assert outcome(owner, "select sec.keep_an_administrator(%s)", (who,)) == "CM017"
        owner.execute("update base.person set is_active = true where login in ('capo.a', 'ultimo.capo')")
    with connect_as(both, "capo.a") as capo:
        assert outcome(capo, how.format(who=who)) == "1 rows"  # another one is left: the one who asks
    assert one(both, "select count(*) from base.permission join base.person using (person_id) where company_id = 1 and function = 'base.administer' "
                     "and is_active and coalesce(expires_on >= current_date, true)") == 1  # fmt: skip


def test_a_rank_is_given_by_an_administrator_only(both: House) -> None:
    call = "select sec.update_person(1, %s, 1, 'X', '', '', 'Admin', true, null)"
    with connect_as(both, "chi.a") as clerk, connect_as(both, "capo.b") as stranger, connect_as(both, "capo.a") as capo:
        assert outcome(clerk, call, (person_id(both, "chi.a"),)) == "CM001"
        assert outcome(clerk, "update base.person set rank = 'Admin'") == "42501"
        assert outcome(stranger, call, (person_id(both, "chi.a"),)) == "CM001"
        assert outcome(capo, call, (person_id(both, "capo.a"),)) == "CM006"  # not to oneself
        assert outcome(capo, call, (person_id(both, "chi.ab"),)) == "CM009"  # whose rank holds in a company of others, too
        assert outcome(capo, call, (person_id(both, "chi.a"),)) == "1 rows"


def test_a_verifier_that_is_quick_to_guess_is_refused(both: House) -> None:
    weak = "SCRAM-SHA-256$1000:" + "c" * 22 + "==$" + "k" * 43 + "=:" + "k" * 43 + "="
    with connect_as(both, "chi.a") as connection:
        assert outcome(connection, "select sec.change_my_password(%s, %s)", (weak, "$2b$10$" + "a" * 53)) == "CM007"
