"""A private note never reaches a lower rank: not by any table, function, notice, log, count or error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.access.arranged import add_customer, outcome, tables
from tests.access.arranged_notes import attach, value
from tests.house import House

SECRET = "licenziamento imminente"
RANKS = {"anna.admin": "Power", "marta.bellini": "Resp", "carlo.conti": "User", "dora.doppia": "Admin", "rita.revisore": "Resp"}


@pytest.fixture
def ranked(house: House) -> Iterator[House]:
    """Carlo User; Marta and Rita Resp; Anna Power; Dora Admin."""
    with house.owner() as owner:
        for login, rank in RANKS.items():
            owner.execute("update base.person set rank = %s where login = %s", (rank, login))
        add_customer(owner, "100")
    return house


def write(connection: psycopg.Connection[Any], words: str, **more: object) -> int:
    named = sql.SQL("").join(sql.SQL(", {} => {}").format(sql.Identifier(key), sql.Literal(what)) for key, what in more.items())
    query = sql.SQL("select registry.write_note(1, 'customers.customer', 1, {}{})").format(sql.Literal(words), named)
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def told(house: House, kind: str = "registry.note") -> set[str]:
    with house.owner() as owner:
        rows = owner.execute("select login from base.notice join base.person using (person_id) where kind = %s", (kind,)).fetchall()
    return {login for (login,) in rows}


# ── who is told ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_tells_colleagues_of_the_same_or_a_higher_rank(ranked: House) -> None:
    with ranked.person("marta.bellini") as marta:
        write(marta, "Vuole un preventivo")
    assert told(ranked) == {"rita.revisore", "anna.admin", "dora.doppia"}


def test_a_note_of_a_user_tells_nobody_unless_everybody_is_to_be_told(ranked: House) -> None:
    with ranked.person("carlo.conti") as carlo:
        write(carlo, "Ha pagato")
        assert told(ranked) == set()
        write(carlo, "Il cancello è rotto", told="everybody")
    assert told(ranked) == {"rita.revisore", "anna.admin", "dora.doppia", "marta.bellini"}


def test_everybody_does_not_mean_lower_ranks_when_the_note_is_private(ranked: House) -> None:
    with ranked.person("anna.admin") as anna:
        write(anna, SECRET, private=True, told="everybody")
    assert told(ranked) == {"dora.doppia"}


def test_whoever_may_not_read_the_record_is_not_told(ranked: House) -> None:
    with ranked.owner() as owner, ranked.person("marta.bellini") as marta:
        owner.execute("delete from base.permission where person_id = 1 and function = 'customers.read'")
        write(marta, "Vuole un preventivo", told="everybody")
        assert "anna.admin" not in told(ranked) and "bruno.estraneo" not in told(ranked)


# ── who reads a private one ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("login", "sees"), [("anna.admin", True), ("dora.doppia", True), ("marta.bellini", False), ("carlo.conti", False), ("rita.revisore", False), ("bruno.estraneo", False)])  # fmt: skip
def test_no_table_holds_the_words_for_a_lower_rank(ranked: House, login: str, sees: bool) -> None:
    """Rita reads the log of changes; Marta writes notes herself: neither finds the words anywhere."""
    with ranked.person("anna.admin") as anna:
        note = write(anna, SECRET, private=True, told="everybody", remind="2020-01-01")
        anna.execute("select registry.change_note(1, %s, 1, %s, private => true)", (note, SECRET + " e altro"))
        attach(anna, SECRET.encode(), "registry.note", note, f"{SECRET}.txt")
        anna.execute("select registry.assign_task(1, %s, 1)", (note,))
        anna.execute("select registry.complete_task(1, %s, %s, 30)", (note, SECRET))
    found = set()
    with ranked.owner() as owner, ranked.person(login) as person:
        for table in tables(owner):
            columns = "company_id, attachment_id, name" if table.name == "registry.attachment" else "t"
            query = sql.SQL(f"select 1 from (select {columns} from {{}} as t) as seen where seen::text like {{}}")
            came = outcome(person, query.format(table.identifier, sql.Literal(f"%{SECRET}%")))
            if came not in ("0 rows", "42501"):
                found.add(table.name)
    assert found - {"base.notice"} == ({"registry.note", "registry.note_event", "registry.attachment"} if sees else set())
    assert sees or "base.notice" not in found


def test_a_hidden_note_is_refused_exactly_like_one_that_does_not_exist(ranked: House) -> None:
    with ranked.person("anna.admin") as anna, ranked.person("marta.bellini") as marta:
        hidden = write(anna, SECRET, private=True, executor=5)
        for call in (
            "select registry.change_note(1, {n}, 1, 'x')", "select registry.remove_note(1, {n})", "select registry.take_task(1, {n})",
            "select registry.assign_task(1, {n}, 2)", "select registry.complete_task(1, {n}, 'x', 5)", "select registry.reopen_task(1, {n})",
            "select registry.write_note(1, 'registry.note', {n}, 'x')", "select registry.attach(1, 1, 'registry.note', {n}, 'x')",
        ):  # fmt: skip
            errors = []
            for number in (hidden, 999_999):
                with pytest.raises(psycopg.Error) as caught:
                    marta.execute(call.format(n=number))
                errors.append((caught.value.sqlstate, caught.value.diag.message_primary, caught.value.diag.message_detail))
            assert errors[0] == errors[1] and errors[0][0] in ("CM070", "CM071"), call


def test_a_condition_that_fails_on_hidden_rows_tells_nothing(ranked: House) -> None:
    with ranked.person("anna.admin") as anna, ranked.person("marta.bellini") as marta:
        write(anna, SECRET, private=True)
        assert outcome(marta, "select 1 from registry.note where 1 / (length(words) - length(words)) = 1") == "0 rows"
        assert outcome(marta, "select 1 from registry.note where words::int > 0") == "0 rows"


def test_the_keys_of_other_tables_cannot_feel_for_a_hidden_note(ranked: House) -> None:
    with ranked.person("anna.admin") as anna, ranked.person("marta.bellini") as marta:
        hidden = write(anna, SECRET, private=True)
        for number in (hidden, 999_999):
            assert (
                outcome(marta, "insert into registry.note_event (company_id, note_id, kind) values (1, %s, 'taken')", (number,)) == "42501"
            )
            assert (
                outcome(
                    marta,
                    "insert into registry.time_cost (company_id, note_id, person_id, minutes, hourly_cost, amount) values (1, %s, 2, 1, 1, 1)",
                    (number,),
                )
                == "42501"
            )
            assert outcome(marta, "update registry.note set words = 'x' where note_id = %s", (number,)) == "42501"


def test_a_private_task_is_not_given_to_a_lower_rank(ranked: House) -> None:
    with ranked.person("anna.admin") as anna:
        with pytest.raises(psycopg.Error, match="executor_rank"):
            write(anna, SECRET, private=True, executor=2)
        open_note = write(anna, "Si può leggere", executor=2)
        with pytest.raises(psycopg.Error, match="executor_rank"):
            anna.execute("select registry.change_note(1, %s, 1, 'x', private => true)", (open_note,))
        hidden = write(anna, SECRET, private=True, executor=5)
        with pytest.raises(psycopg.Error, match="executor_rank"):
            anna.execute("select registry.assign_task(1, %s, 2)", (hidden,))


def test_a_note_made_private_leaves_the_notices_of_lower_ranks(ranked: House) -> None:
    with ranked.person("marta.bellini") as marta, ranked.person("carlo.conti") as carlo:
        note = write(marta, SECRET, told="everybody")
        assert outcome(carlo, "select 1 from base.notice") == "1 rows"
        marta.execute("select registry.change_note(1, %s, 1, %s, private => true)", (note, SECRET))
        assert outcome(carlo, "select 1 from base.notice") == "0 rows"
        assert told(ranked) == {"rita.revisore", "anna.admin", "dora.doppia"}


def test_whoever_loses_rank_or_the_record_loses_notices_and_notes_at_once(ranked: House) -> None:
    with ranked.owner() as owner, ranked.person("anna.admin") as anna, ranked.person("dora.doppia") as dora:
        write(anna, SECRET, private=True)
        assert outcome(dora, "select 1 from base.notice") == outcome(dora, "select 1 from registry.note") == "1 rows"
        owner.execute("update base.person set rank = 'User' where person_id = 5")
        assert outcome(dora, "select 1 from base.notice") == outcome(dora, "select 1 from registry.note") == "0 rows"
        owner.execute("update base.person set rank = 'Admin' where person_id = 5")
        for function in ("customers.read", "registry.read"):
            owner.execute("delete from base.permission where person_id = 5 and company_id = 1 and function = %s", (function,))
            assert outcome(dora, "select 1 from base.notice") == outcome(dora, "select 1 from registry.note") == "0 rows"
            owner.execute("insert into base.permission (company_id, person_id, function) values (1, 5, %s)", (function,))


def test_the_cost_of_private_work_does_not_name_the_note(ranked: House) -> None:
    with ranked.owner() as owner, ranked.person("anna.admin") as anna:
        hidden = write(anna, SECRET, private=True, executor=1)
        anna.execute("select registry.complete_task(1, %s, '', 30)", (hidden,))
        assert owner.execute("select party_id, note_id, minutes from registry.time_cost").fetchall() == [(1, None, 30)]


def test_the_policy_and_the_functions_see_the_same_notes(ranked: House) -> None:
    with ranked.owner() as owner:
        for login in ("anna.admin", "marta.bellini", "carlo.conti", "dora.doppia"):
            with ranked.person(login) as person:
                write(person, "aperta")
                write(person, SECRET, private=True)
        with ranked.person("dora.doppia") as dora:
            for rank in ("User", "Resp", "Power", "Admin"):
                owner.execute("update base.person set rank = %s where person_id = 5", (rank,))
                seen = {number for (number,) in dora.execute("select note_id from registry.note")}
                by_function = set()
                for number in range(1, 9):  # a step that is refused in both cases, but for another reason
                    came = outcome(dora, "select registry.take_task(1, %s)", (number,))
                    by_function |= {number} if came == "CM076" else set()
                assert by_function == seen and len(seen) >= 5


# ── notices are their reader's own ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_notice_is_seen_and_tidied_by_its_reader_alone(ranked: House) -> None:
    with ranked.person("marta.bellini") as marta, ranked.person("carlo.conti") as carlo:
        write(marta, "Chiamalo", executor=3)
        assert outcome(carlo, "select 1 from base.notice") == "1 rows"
        assert outcome(carlo, "update base.notice set done_at = now()") == "1 rows"
        assert outcome(marta, "update base.notice set done_at = null where person_id <> 2") == "0 rows"
        for column in (
            "title = 'x'",
            "body = 'x'",
            "person_id = 2",
            "author_id = 1",
            "company_id = 2",
            "min_rank = 0",
            "kind = 'registry.note'",
        ):
            assert outcome(carlo, f"update base.notice set {column}") == "42501"
        assert (
            outcome(
                carlo, "insert into base.notice (company_id, person_id, kind, read_function) values (1, 2, 'registry.note', 'base.read')"
            )
            == "42501"
        )
        assert outcome(carlo, "delete from base.notice") == "42501"
        assert (
            outcome(carlo, "select base.deliver(1, array[2], 'registry.note', 'x', 'x', 'base.read', 0, null, '', null, '', null)")
            == "42501"
        )
        assert outcome(marta, "insert into base.notice_choice values (1, 3, 'registry.note', 'mute')") == "42501"
        assert outcome(marta, "insert into base.notice_choice values (2, 2, 'registry.note', 'mute')") == "42501"


def test_what_one_was_given_to_do_cannot_be_muted(ranked: House) -> None:
    with ranked.person("marta.bellini") as marta, ranked.person("carlo.conti") as carlo:
        for kind in ("registry.note", "registry.task"):
            carlo.execute("insert into base.notice_choice values (1, 3, %s, 'mute')", (kind,))
        write(marta, "Chiamalo", told="everybody", executor=3)
        write(marta, "Solo per conoscenza", told="everybody")
        assert [value(carlo, "select string_agg(kind, ',') from base.notice")] == ["registry.task"]
